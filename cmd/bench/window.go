//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/servertest"
	"linnet/account/servertest/child"
	"linnet/account/servertest/proxy"
	"linnet/cmd/internal/desktop"
	"linnet/cmd/internal/profile"
)

// The size of what is measured: that of somebody who has used it for a while.
const (
	contacts = 500
	archived = 2_000
	long     = 100_000
	received = 2_000
	appended = 1_000

	// How often a measurement is repeated; the table has the medians.
	starts   = 5
	returns  = 30
	floods   = 3
	openings = 5

	patience = time.Minute
	idleTime = 10 * time.Second
	// rest lets the window finish what it was doing before the next measurement.
	rest = 300 * time.Millisecond
	// typingOver is when nobody is typing any more.
	typingOver = 3 * time.Second
)

const (
	domain   = servertest.DefaultDomain
	romeo    = "romeo@" + domain
	juliet   = "juliet@" + domain
	mercutio = "mercutio@" + domain
)

// bench is the program of romeo with a server, and the others at the other end.
type bench struct {
	dir, binary string
	desktop     *desktop.Desktop
	screen      *desktop.Screen
	server      *servertest.Server
	line        *proxy.Line // from the program to the server; nil means straight
	user        *profile.Profile
	juliet      *person // has a chat of a usual length with romeo
	mercutio    *person // has a long one
	rows        []row
}

// people are those on the server, and romeo's contacts.
func people() servertest.Options {
	o := servertest.Options{
		Users: map[string]string{"romeo": "one", "juliet": "two", "mercutio": "three"},
		Rosters: map[string][]servertest.Contact{
			"romeo": {
				{JID: juliet, Name: "Juliet", Groups: []string{"Friends"}},
				{JID: mercutio, Name: "Mercutio", Groups: []string{"Friends"}},
			},
			"juliet":   {{JID: romeo, Name: "Romeo"}},
			"mercutio": {{JID: romeo, Name: "Romeo"}},
		},
	}
	for i := len(o.Rosters["romeo"]); i < contacts; i++ {
		o.Rosters["romeo"] = append(o.Rosters["romeo"], servertest.Contact{
			JID: fmt.Sprintf("contact%03d@%s", i, domain), Name: fmt.Sprintf("Contact %03d", i), Groups: []string{fmt.Sprintf("Group %d", i%10)},
		})
	}
	return o
}

// showUp starts the desktop.
func (b *bench) showUp(ctx context.Context) (err error) {
	dir := filepath.Join(b.dir, "desktop")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	if b.desktop, err = desktop.Start(ctx, dir, desktop.Options{Width: 1280, Height: 900, Keyring: true}); err != nil {
		return err
	}
	b.screen, err = b.desktop.Screen()
	return err
}

// setUp starts the server and makes the profile. With lines the program has a
// line to the server, which can be cut.
func (b *bench) setUp(ctx context.Context, o servertest.Options, lines bool) error {
	dir := filepath.Join(b.dir, "server")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	var err error
	if b.server, err = servertest.StartProsody(dir, o); err != nil {
		return err
	}
	var port uint16
	if lines {
		if b.line, err = proxy.New(fmt.Sprintf("%s:%d", b.server.Host, b.server.Port)); err != nil {
			return err
		}
		port = b.line.Port()
	}
	b.user, err = profile.New(ctx, profile.Options{
		Binary: b.binary, Dir: filepath.Join(b.dir, "profile"), Server: b.server, Users: []string{"romeo"}, Port: port, Bus: b.desktop.Bus,
	})
	if err != nil {
		return err
	}
	if err := b.writeChat(juliet, archived, time.Minute, false); err != nil {
		return err
	}
	if b.juliet, err = enter(ctx, b.server, "juliet"); err != nil {
		return err
	}
	b.mercutio, err = enter(ctx, b.server, "mercutio")
	return err
}

// tearDown ends what setUp began.
func (b *bench) tearDown() {
	for _, p := range []*person{b.juliet, b.mercutio} {
		if p != nil {
			p.leave()
		}
	}
	if b.line != nil {
		b.line.Close()
	}
	if b.server != nil {
		b.server.Stop()
	}
}

// goDark ends the desktop.
func (b *bench) goDark() {
	if b.screen != nil {
		b.screen.Close()
	}
	if b.desktop != nil {
		b.desktop.Stop()
	}
}

func (b *bench) add(name, target, format string, args ...any) {
	b.rows = append(b.rows, row{name, fmt.Sprintf(format, args...), target})
}

// run is the program while it runs.
type run struct {
	p     *child.Process
	us    jid.JID // of its connection
	begin time.Time
	paint time.Duration // from begin to the first frame
	there time.Duration // from begin to presence at the server

	window *desktop.Window
	watch  *desktop.Watch
}

// start starts the program and waits until it has drawn.
func (b *bench) start(ctx context.Context) (*run, error) {
	log, err := os.OpenFile(filepath.Join(b.dir, "program.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	r := &run{begin: time.Now()}
	r.p, err = b.desktop.Launch(log, append(b.user.Env(), "FYNE_THEME=light"), b.binary, b.user.Args()...)
	if err != nil {
		return nil, err
	}
	for r.paint == 0 {
		// The screen is black, and the middle of a light window is not.
		color, err := b.screen.Pixel(640, 450)
		switch {
		case err != nil:
			return nil, err
		case color > 0x808080:
			r.paint = time.Since(r.begin)
		case time.Since(r.begin) > patience:
			return nil, fmt.Errorf("nothing was painted within %v", patience)
		}
		time.Sleep(time.Millisecond)
	}
	return r, nil
}

// presence waits until the others see the program come.
func (b *bench) presence(ctx context.Context, r *run) error {
	for {
		v, err := receive(ctx, b.juliet.came, "presence at the server")
		if err != nil {
			return err
		}
		if v.available {
			r.there, r.us = v.at.Sub(r.begin), v.from
			return nil
		}
	}
}

// look waits for the window and watches it.
func (b *bench) look(ctx context.Context, r *run) (err error) {
	if r.window, err = b.desktop.Window(ctx, "Linnet", patience); err != nil {
		return err
	}
	if err := r.window.Focus(ctx); err != nil {
		return err
	}
	if r.watch, err = r.window.Watch(); err != nil {
		return err
	}
	return r.window.Settled(ctx, "", patience)
}

// quit ends the program, and waits until the server knows.
func (b *bench) quit(ctx context.Context, r *run) error {
	if r.watch != nil {
		r.watch.Close()
	}
	r.p.Stop(patience)
	for {
		v, err := receive(ctx, b.juliet.came, "leaving")
		if err != nil || !v.available {
			return err
		}
	}
}

// measure goes through all that is measured from outside.
func (b *bench) measure(ctx context.Context) error {
	if err := b.starts(ctx); err != nil {
		return err
	}
	if err := b.with(ctx, b.idle, b.returns, b.flood, b.scrollText); err != nil {
		return err
	}
	if err := b.writeChat(mercutio, long, 10*time.Second, true); err != nil {
		return err
	}
	return b.with(ctx, b.open, b.scrollRich, b.append)
}

// with runs steps one after the other on one run of the program.
func (b *bench) with(ctx context.Context, steps ...func(context.Context, *run) error) error {
	r, err := b.start(ctx)
	if err != nil {
		return err
	}
	if err := b.presence(ctx, r); err != nil {
		return err
	}
	if err := b.look(ctx, r); err != nil {
		return err
	}
	for _, step := range steps {
		if err := step(ctx, r); err != nil {
			return errors.Join(err, b.quit(ctx, r))
		}
	}
	return b.quit(ctx, r)
}
