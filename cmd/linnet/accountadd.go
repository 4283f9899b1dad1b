package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"

	"linnet/account"
	"linnet/app"
)

// passwordLimit is far above any password and keeps a wrong file out.
const passwordLimit = 4 << 10

// addAccount stores an account and its password without going online.
func addAccount(o options, log *slog.Logger, stdin io.Reader, stdout io.Writer) error {
	add, err := newAccount(o)
	if err != nil {
		return err
	}
	line, err := bufio.NewReader(io.LimitReader(stdin, passwordLimit)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the password: %w", err)
	}
	add.Password = strings.TrimRight(line, "\r\n")
	if add.Password == "" {
		return errors.New("no password on standard input")
	}
	p, err := openProfile(o, log)
	if err != nil {
		return err
	}
	hold, err := holdProfile(p.dir)
	if errors.Is(err, errRunning) {
		return fmt.Errorf("%w; close it first", err)
	} else if err != nil {
		return err
	}
	defer hold.close()
	defer p.close()

	ctx := context.Background()
	switch p.Secrets(ctx) {
	case app.SecretsReady:
	case app.SecretsLocked:
		return errors.New("the secrets of this profile are sealed; give --passphrase-file FILE")
	default:
		return errors.New("no keyring answers; give --passphrase-file FILE to keep the password in a sealed file")
	}
	if p.passphrase == nil && p.has(forgetFile) {
		return errors.New("this profile keeps no secrets; start Linnet and sign in there")
	}
	secrets, err := p.open(ctx, app.WayDefault, nil)
	if err != nil {
		return err
	}
	if err := account.StoreAccount(p.store, secrets, add); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Added %s.\n", add.Address)
	return nil
}

// newAccount turns the command line into an account to add.
func newAccount(o options) (account.NewAccount, error) {
	add := account.NewAccount{Address: o.address}
	if o.server == "" {
		return add, nil
	}
	host, port, err := net.SplitHostPort(o.server)
	if err != nil || host == "" {
		return add, fmt.Errorf("--server takes HOST:PORT, like xmpp.example.org:5222, not %q", o.server)
	}
	n, err := account.ValidatePort(port)
	if err != nil || n == 0 {
		return add, fmt.Errorf("the port after --server is a number from 1 to 65535, not %q", port)
	}
	add.Host, add.Port = host, n
	return add, nil
}
