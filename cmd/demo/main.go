//go:build unix

// Command demo shows Linnet with a server, two accounts and contacts of its
// own, on this machine only. Everything is thrown away when the window closes.
//
//	go run ./cmd/demo                    opens the window
//	go run ./cmd/demo -screenshots DIR   takes its pictures on a screen nobody sees
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"linnet/account/servertest"
	"linnet/account/servertest/child"
	"linnet/cmd/internal/profile"
	"linnet/storage"
)

// program is what "make build" gives.
const program = "bin/linnet"

// closeTime is how long the program may take to end when we are told to.
const closeTime = 10 * time.Second

func main() {
	pictures := flag.String("screenshots", "", "take pictures and keep them in this directory")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := run(ctx, *pictures); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, pictures string) error {
	dir, err := os.MkdirTemp("", "linnet-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := startStage(ctx, dir, pictures == "")
	if err != nil {
		return err
	}
	defer s.stop()
	if pictures != "" {
		return s.takePictures(ctx, pictures)
	}
	fmt.Println("Opening Linnet; close its window, or press Ctrl+C here, to end the demo.")
	return s.open(ctx)
}

// stage is the server with the contacts, and the profile of the user.
type stage struct {
	dir    string
	binary string
	server *servertest.Server
	depot  *depot
	user   *profile.Profile
	zone   string // of the pictures
	cast   []*actor
	cancel context.CancelFunc
	done   chan struct{} // closed when all actors have left
}

// startStage starts the server and brings the contacts online. Live ones come
// late, speak first and change their moods; for pictures all keep still.
func startStage(ctx context.Context, dir string, live bool) (*stage, error) {
	binary, err := filepath.Abs(program)
	if err != nil {
		return nil, err
	}
	s := &stage{dir: dir, binary: binary, depot: openDepot(!live)}
	o := serverOptions()
	o.UploadLimit, o.UploadURL = depotMost, s.depot.URL+"/"
	if live { // pictures show none of it, and are to be the same each time
		o.Archives = map[string]iter.Seq[servertest.Archived]{ours[0].name: oldTalks(people[0].name, lastDay(time.Now()))}
	}
	s.server, err = servertest.StartProsody(mkdir(dir, "server"), o)
	if err != nil {
		s.depot.close()
		return nil, err
	}
	if err = s.depot.joins(s.server.CAFile); err == nil {
		err = s.makeUser(ctx, live)
	}
	if err != nil {
		s.server.Stop()
		s.depot.close()
		return nil, err
	}
	s.enter(ctx, live)
	return s, nil
}

// makeUser signs the accounts in and gives them a past. The clock of pictures
// always shows the same hour, of a zone that is chosen for it.
func (s *stage) makeUser(ctx context.Context, live bool) error {
	now := time.Now()
	if !live {
		s.zone = zone(now)
		loc, err := time.LoadLocation(s.zone)
		if err != nil {
			return err
		}
		now = now.In(loc)
	}
	var names []string
	for _, a := range ours {
		names = append(names, a.name)
	}
	var err error
	s.user, err = profile.New(ctx, profile.Options{Binary: s.binary, Dir: filepath.Join(s.dir, "profile"), Server: s.server, Users: names})
	if err != nil {
		return err
	}
	err = s.user.Update(func(tx *storage.Tx, accounts map[string]storage.AccountID) error {
		return (&past{tx: tx, accounts: accounts, keepFile: s.user.KeepFile, depot: s.depot, last: lastDay(now)}).write()
	})
	if err != nil {
		return err
	}
	return s.user.Keep()
}

// mkdir makes a directory; that it could not shows when it is used.
func mkdir(parts ...string) string {
	dir := filepath.Join(parts...)
	_ = os.MkdirAll(dir, 0o700)
	return dir
}

func (s *stage) stop() {
	s.cancel()
	<-s.done
	s.server.Stop()
	s.depot.close()
}

// open runs the program until its window is closed or ctx ends.
func (s *stage) open(ctx context.Context) error {
	cmd := exec.Command(s.binary, append(s.user.Args(), "xmpp:"+openingChat)...)
	cmd.Env = append(os.Environ(), s.user.Env()...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	p, err := child.Start(cmd)
	if err != nil {
		return err
	}
	select {
	case <-p.Done():
		return p.Err()
	case <-ctx.Done():
		p.Stop(closeTime)
		return ctx.Err()
	}
}

// enter brings the contacts online. They leave when the stage stops.
func (s *stage) enter(ctx context.Context, live bool) {
	ctx, s.cancel = context.WithCancel(ctx)
	s.done = make(chan struct{})
	ended := make(chan struct{})
	for _, p := range people {
		a := newActor(p, s.server, live)
		s.cast = append(s.cast, a)
		go func() {
			a.run(ctx)
			ended <- struct{}{}
		}()
	}
	go func() {
		defer close(s.done)
		for range s.cast {
			<-ended
		}
	}()
}
