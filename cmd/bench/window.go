//go:build linux

package main

import (
	"context"
	"encoding/xml"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/servertest"
	"linnet/account/servertest/child"
	"linnet/account/stream"
	"linnet/cmd/internal/desktop"
	"linnet/cmd/internal/profile"
	"linnet/storage"
)

// The size of what is measured: that of somebody who has used it for a while.
const (
	contacts = 500
	archived = 2000
	received = 2000
	starts   = 5
	returns  = 30

	patience = time.Minute
	idleTime = 10 * time.Second
	// rest lets the window finish what it was doing before the next measurement.
	rest = 300 * time.Millisecond
)

const domain = servertest.DefaultDomain

// bench is the program with a server, and juliet at the other end.
type bench struct {
	dir, binary string
	server      *servertest.Server
	desktop     *desktop.Desktop
	screen      *desktop.Screen
	user        *profile.Profile
	juliet      *juliet
	leave       func()
	rows        []row
}

func (b *bench) setUp(ctx context.Context) error {
	o := servertest.Options{
		Users: map[string]string{"romeo": "one", "juliet": "two"},
		Rosters: map[string][]servertest.Contact{
			"romeo":  {{JID: "juliet@" + domain, Name: "Juliet", Groups: []string{"Friends"}}},
			"juliet": {{JID: "romeo@" + domain, Name: "Romeo"}},
		},
	}
	for i := 1; i < contacts; i++ {
		o.Rosters["romeo"] = append(o.Rosters["romeo"], servertest.Contact{
			JID: fmt.Sprintf("contact%03d@%s", i, domain), Name: fmt.Sprintf("Contact %03d", i), Groups: []string{fmt.Sprintf("Group %d", i%10)},
		})
	}
	for _, sub := range []string{"server", "desktop"} {
		if err := os.Mkdir(filepath.Join(b.dir, sub), 0o700); err != nil {
			return err
		}
	}
	var err error
	if b.server, err = servertest.StartProsody(filepath.Join(b.dir, "server"), o); err != nil {
		return err
	}
	if b.desktop, err = desktop.Start(ctx, filepath.Join(b.dir, "desktop"), desktop.Options{Width: 1280, Height: 900, Keyring: true}); err != nil {
		return err
	}
	if b.screen, err = b.desktop.Screen(); err != nil {
		return err
	}
	b.user, err = profile.New(ctx, profile.Options{
		Binary: b.binary, Dir: filepath.Join(b.dir, "profile"), Server: b.server, Users: []string{"romeo"}, Bus: b.desktop.Bus,
	})
	if err != nil {
		return err
	}
	if err := b.user.Update(writeArchive); err != nil {
		return err
	}
	return b.enter(ctx)
}

func writeArchive(tx *storage.Tx, accounts map[string]storage.AccountID) error {
	chat := storage.Chat{Account: accounts["romeo@"+domain], JID: "juliet@" + domain}
	if err := tx.PutChat(&chat); err != nil {
		return err
	}
	from := time.Now().Add(-archived * time.Minute)
	for i := range archived {
		m := storage.Message{
			Chat: chat.ID, From: chat.JID + "/bench", Body: fmt.Sprintf("Message %d of those that were there before, of a usual length", i),
			Pos: storage.Pos{Time: from.Add(time.Duration(i) * time.Minute).UnixMilli()},
		}
		if i%3 == 0 {
			m.Out, m.State, m.From = true, storage.StateSent, "romeo@"+domain
		}
		if err := tx.AddMessage(&m); err != nil {
			return err
		}
	}
	chat, err := tx.Chat(chat.ID)
	if err != nil {
		return err
	}
	chat.ReadUpTo = chat.Last.Pos
	return tx.PutChat(&chat)
}

// enter brings juliet online.
func (b *bench) enter(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	j := &juliet{online: make(chan struct{}, 1), came: make(chan visit, 16), heard: make(chan time.Time, 2*received)}
	j.client = stream.New(stream.Config{
		JID: jid.MustParse("juliet@" + domain), Resource: "bench", Password: b.server.Password("juliet"),
		Host: b.server.Host, Port: b.server.Port, Roots: b.server.Roots, Log: slog.New(slog.DiscardHandler),
	}, j)
	done := make(chan struct{})
	go func() {
		defer close(done)
		j.client.Run(ctx)
	}()
	b.juliet, b.leave = j, func() { cancel(); <-done }
	if _, err := receive(ctx, j.online, "juliet online"); err != nil {
		return err
	}
	return j.client.Send(presence{})
}

func (b *bench) stop() {
	if b.leave != nil {
		b.leave()
	}
	if b.screen != nil {
		b.screen.Close()
	}
	if b.desktop != nil {
		b.desktop.Stop()
	}
	if b.server != nil {
		b.server.Stop()
	}
}

func (b *bench) add(name, target, format string, args ...any) {
	b.rows = append(b.rows, row{name, fmt.Sprintf(format, args...), target})
}

// start starts the program and waits until it has drawn and is online.
func (b *bench) start(ctx context.Context) (p *child.Process, paint, there time.Duration, us jid.JID, err error) {
	log, err := os.OpenFile(filepath.Join(b.dir, "program.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, 0, 0, jid.JID{}, err
	}
	defer log.Close()
	begin := time.Now()
	p, err = b.desktop.Launch(log, append(b.user.Env(), "FYNE_THEME=light"), b.binary, b.user.Args()...)
	if err != nil {
		return nil, 0, 0, jid.JID{}, err
	}
	for paint == 0 {
		// The screen is black, and the middle of a light window is not.
		color, err := b.screen.Pixel(640, 450)
		switch {
		case err != nil:
			return p, 0, 0, jid.JID{}, err
		case color > 0x808080:
			paint = time.Since(begin)
		case time.Since(begin) > patience:
			return p, 0, 0, jid.JID{}, fmt.Errorf("nothing was painted within %v", patience)
		}
		time.Sleep(time.Millisecond)
	}
	for {
		v, err := receive(ctx, b.juliet.came, "presence at the server")
		if err != nil || v.available {
			return p, paint, v.at.Sub(begin), v.from, err
		}
	}
}

// quit ends the program, and waits until the server knows.
func (b *bench) quit(ctx context.Context, p *child.Process) error {
	p.Stop(patience)
	for {
		v, err := receive(ctx, b.juliet.came, "leaving")
		if err != nil || !v.available {
			return err
		}
	}
}

func (b *bench) measure(ctx context.Context) error {
	var paints, presences []time.Duration
	for range starts {
		p, paint, there, _, err := b.start(ctx)
		if err != nil {
			return err
		}
		paints, presences = append(paints, paint), append(presences, there)
		if err := b.quit(ctx, p); err != nil {
			return err
		}
	}
	b.add("start to first frame, median", "0.35 s", "%.2f s", median(paints).Seconds())
	b.add("start to presence at the server, median", "0.50 s", "%.2f s", median(presences).Seconds())

	p, _, _, us, err := b.start(ctx)
	if err != nil {
		return err
	}
	defer p.Stop(patience)
	w, err := b.desktop.Window(ctx, "Linnet", patience)
	if err != nil {
		return err
	}
	for _, step := range []func(context.Context, *desktop.Window, int, jid.JID) error{b.idle, b.returns, b.flood} {
		if err := step(ctx, w, p.PID(), us); err != nil {
			return err
		}
	}
	return nil
}

// idle measures memory, and the processor time of doing nothing.
func (b *bench) idle(ctx context.Context, w *desktop.Window, pid int, _ jid.JID) error {
	if err := w.Settled(ctx, "", patience); err != nil {
		return err
	}
	if err := b.memory("PSS after the start", pid); err != nil {
		return err
	}
	if err := b.idleCPU(ctx, "idle, of a core", "1.5 %", pid); err != nil {
		return err
	}
	if err := w.Focus(ctx); err != nil {
		return err
	}
	if err := w.Key(ctx, "alt+1"); err != nil {
		return err
	}
	if err := w.WaitTitle(ctx, "Juliet", patience); err != nil {
		return err
	}
	if err := w.Settled(ctx, "", patience); err != nil {
		return err
	}
	return b.idleCPU(ctx, "idle with the composer focused, of a core", "2 %", pid)
}

func (b *bench) idleCPU(ctx context.Context, name, target string, pid int) error {
	before, err := cpuTime(pid)
	if err != nil {
		return err
	}
	select {
	case <-time.After(idleTime):
	case <-ctx.Done():
		return ctx.Err()
	}
	after, err := cpuTime(pid)
	b.add(name, target, "%.1f %%", 100*(after-before).Seconds()/idleTime.Seconds())
	return err
}

func (b *bench) memory(name string, pid int) error {
	kib, err := pss(pid)
	b.add(name, "150 MiB", "%.0f MiB", float64(kib)/1024)
	return err
}

// returns measures from the Return key going down to the message at the receiver.
func (b *bench) returns(ctx context.Context, w *desktop.Window, _ int, _ jid.JID) error {
	var took []time.Duration
	for range returns {
		if err := w.Type(ctx, "hello"); err != nil {
			return err
		}
		time.Sleep(rest)
		begin := time.Now()
		if err := b.screen.Press(desktop.KeyReturn); err != nil {
			return err
		}
		at, err := receive(ctx, b.juliet.heard, "the message")
		if err != nil {
			return err
		}
		took = append(took, at.Sub(begin))
	}
	b.add("Return key to the receiver, median", "4 ms", "%.1f ms", float64(median(took).Microseconds())/1000)
	return nil
}

// flood sends many messages into the open chat, and then a ping.
func (b *bench) flood(ctx context.Context, w *desktop.Window, pid int, us jid.JID) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	time.Sleep(rest)
	before, err := cpuTime(pid)
	if err != nil {
		return err
	}
	begin := time.Now()
	for i := range received {
		m := message{To: us.String(), Type: "chat", Body: fmt.Sprintf("Message %d of many that come at once, of a usual length", i)}
		if err := b.juliet.send(ctx, m); err != nil {
			return err
		}
	}
	var answer struct{ XMLName xml.Name }
	ping := struct {
		XMLName xml.Name `xml:"urn:xmpp:ping ping"`
	}{}
	if err := b.juliet.client.IQ(ctx, us, "get", ping, &answer); err != nil {
		return err
	}
	took := time.Since(begin)
	after, err := cpuTime(pid)
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("%d received into the open chat, and a ping answered", received), "1.2 s", "%.2f s", took.Seconds())
	b.add("the processor time of that", "1.5 s", "%.2f s", (after - before).Seconds())
	if err := w.Settled(ctx, "", patience); err != nil {
		return err
	}
	settled, err := cpuTime(pid)
	if err != nil {
		return err
	}
	b.add("the same until the window is at rest", "", "%.2f s", (settled - before).Seconds())
	return b.memory("PSS after that", pid)
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}

// receive takes what comes next, within the patience.
func receive[T any](ctx context.Context, c <-chan T, what string) (T, error) {
	select {
	case v := <-c:
		return v, nil
	case <-ctx.Done():
		return *new(T), ctx.Err()
	case <-time.After(patience):
		return *new(T), fmt.Errorf("no %s within %v", what, patience)
	}
}

// cpuTime is the processor time a process has used.
func cpuTime(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The name of the program, in brackets, may hold spaces.
	_, rest, _ := strings.Cut(string(stat), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0, fmt.Errorf("unexpected /proc/%d/stat", pid)
	}
	var user, system int64
	if _, err := fmt.Sscan(f[11]+" "+f[12], &user, &system); err != nil {
		return 0, err
	}
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux we run on
	return time.Duration(user+system) * tick, nil
}

// pss is the memory of a process in KiB, what it shares counted in part.
func pss(pid int) (kib int, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
			_, err := fmt.Sscan(rest, &kib)
			return kib, err
		}
	}
	return 0, fmt.Errorf("no Pss in /proc/%d/smaps_rollup", pid)
}
