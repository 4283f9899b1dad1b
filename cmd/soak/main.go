//go:build unix

// Command soak talks through servers and networks that keep failing, and looks
// afterwards whether everybody has every message: two accounts, one of them on
// two devices, each a process of its own that is killed now and then.
//
//	go run ./cmd/soak                             20,000 messages each way, on each server
//	go run ./cmd/soak -server prosody -seed 7     one server, with the faults of another run
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

func main() {
	if os.Getenv(roleVariable) != "" {
		beDevice()
	}
	messages := flag.Int("messages", 20_000, "how many messages each side writes")
	seed := flag.Uint64("seed", 0, "of the faults; 0 chooses one")
	list := flag.String("server", "prosody,ejabberd", "the servers, one after the other")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if *seed == 0 {
		*seed = rand.Uint64N(1_000_000)
	}
	dir, err := os.MkdirTemp("", "linnet-soak-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
	fmt.Printf("%d messages each way, seed %d\n", *messages, *seed)
	good := true
	for server := range strings.SplitSeq(*list, ",") {
		if _, ok := servers[server]; !ok {
			fmt.Fprintf(os.Stderr, "soak: there is no server %q\n", server)
			good = false
			continue
		}
		result := run(ctx, options{
			server: server, messages: *messages, seed: *seed, dir: filepath.Join(dir, server),
			tell: func(line string) { fmt.Println(line) },
		})
		fmt.Print(result.table())
		good = good && len(result.violations) == 0
	}
	if !good {
		fmt.Printf("\nThe profiles and logs are kept in %s\n", dir)
		stop()
		os.Exit(1)
	}
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
	}
}

// beDevice is all this process does when it was started as a device.
func beDevice() {
	if err := runDevice(os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "device:", err)
		os.Exit(1)
	}
	os.Exit(0)
}
