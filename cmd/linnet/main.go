// Command linnet is a desktop messenger for XMPP.
//
// This package only wires: it reads the flags, finds the profile, makes sure
// that one copy runs on it, and hands the window what it needs. What the
// program does is in the packages below.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
)

// version is set by the release build with -ldflags "-X main.version=1.2.3".
var version = "0.1.0-dev"

// usage is printed for --help and after a mistake in the flags.
const usage = `Linnet is a desktop messenger for XMPP.

Usage:
  linnet [--profile DIR] [--passphrase-file FILE] [--debug] [xmpp:address]
  linnet account add [--profile DIR] [--server HOST:PORT] [--passphrase-file FILE] user@host
  linnet --version

  --profile DIR           keep everything of this user under DIR
  --passphrase-file FILE  open sealed secrets with the passphrase in FILE
  --server HOST:PORT      connect here instead of looking the server up
  --debug                 log to standard error, without secrets and messages
  --version               print the version

"account add" reads the password from standard input.
`

// Exit codes.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

// errUsage marks a mistake in the command line.
var errUsage = errors.New("see linnet --help")

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "linnet: %v\n", err)
		return exitUsage
	case o.version:
		fmt.Fprintf(stdout, "linnet %s\n", version)
		return exitOK
	}
	level := slog.LevelWarn
	if o.debug {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
	if o.addAccount {
		err = addAccount(o, log, stdin, stdout)
	} else {
		err = window(o, log)
	}
	if err != nil {
		fmt.Fprintf(stderr, "linnet: %v\n", err)
		return exitError
	}
	return exitOK
}

// options is the command line, checked.
type options struct {
	profile        string
	passphraseFile string
	server         string // for account add
	address        string // the account to add, or the xmpp: address to open
	addAccount     bool
	debug          bool
	version        bool
}

// parse reads the command line. Its errors are sentences for the user.
func parse(args []string) (options, error) {
	var o options
	if len(args) >= 2 && args[0] == "account" && args[1] == "add" {
		o.addAccount = true
		args = args[2:]
	}
	flags := flag.NewFlagSet("linnet", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.profile, "profile", "", "")
	flags.StringVar(&o.passphraseFile, "passphrase-file", "", "")
	flags.BoolVar(&o.debug, "debug", false, "")
	if o.addAccount {
		flags.StringVar(&o.server, "server", "", "")
	} else {
		flags.BoolVar(&o.version, "version", false, "")
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, fmt.Errorf("%w; %w", err, errUsage)
	}
	rest := flags.Args()
	switch {
	case o.addAccount && len(rest) != 1:
		return o, fmt.Errorf("account add takes one address, like romeo@montague.example; %w", errUsage)
	case len(rest) > 1:
		return o, fmt.Errorf("one xmpp: address can be opened at a time; %w", errUsage)
	case !o.addAccount && len(rest) == 1 && !strings.HasPrefix(strings.ToLower(rest[0]), "xmpp:"):
		return o, fmt.Errorf("%q is not an xmpp: address; %w", rest[0], errUsage)
	}
	if len(rest) == 1 {
		o.address = rest[0]
	}
	if o.profile == "" {
		dir, err := defaultProfile()
		if err != nil {
			return o, err
		}
		o.profile = dir
	}
	return o, nil
}
