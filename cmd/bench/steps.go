//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"linnet/cmd/internal/desktop"
)

// The part of the screen that has the chats, with names and presence from the
// roster; the window stands in the middle of the screen.
const sideX, sideY, sideWidth, sideHeight = 40, 50, 360, 800

// starts measures starting. What the list of chats looks like when all is
// there is seen on a first start that does not count.
func (b *bench) starts(ctx context.Context) error {
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
	complete, err := b.screen.Image(sideX, sideY, sideWidth, sideHeight)
	if err != nil {
		return err
	}
	if err := b.quit(ctx, r); err != nil {
		return err
	}
	var paints, rosters, presences []time.Duration
	for range starts {
		r, err := b.start(ctx)
		if err != nil {
			return err
		}
		roster, err := b.rosterShown(r, complete)
		if err != nil {
			return err
		}
		if err := b.presence(ctx, r); err != nil {
			return err
		}
		paints, rosters, presences = append(paints, r.paint), append(rosters, roster), append(presences, r.there)
		if err := b.quit(ctx, r); err != nil {
			return err
		}
	}
	b.add("start to first frame", "0.35 s", "%.2f s", median(paints).Seconds())
	b.add("start to presence at the server", "0.50 s", "%.2f s", median(presences).Seconds())
	b.add("start to roster shown, with presence", "", "%.2f s", median(rosters).Seconds())
	return nil
}

// rosterShown waits until the list of chats looks as it does when all is there.
func (b *bench) rosterShown(r *run, complete []byte) (time.Duration, error) {
	for {
		now, err := b.screen.Image(sideX, sideY, sideWidth, sideHeight)
		switch {
		case err != nil:
			return 0, err
		case bytes.Equal(now, complete):
			return time.Since(r.begin), nil
		case time.Since(r.begin) > patience:
			return 0, fmt.Errorf("the list of chats was not complete within %v", patience)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// idle measures memory, and the processor time of doing nothing. That the
// composer has the focus is proven by the message the Return key sends.
func (b *bench) idle(ctx context.Context, r *run) error {
	if err := b.memory("PSS after the start", r); err != nil {
		return err
	}
	if err := b.idleCPU(ctx, "idle, of a core", "1.5 %", r); err != nil {
		return err
	}
	if err := b.openNth(ctx, r, desktop.Key1, "Juliet"); err != nil {
		return err
	}
	if _, err := b.sendByKey(ctx, r); err != nil {
		return err
	}
	// For a while after a key the program is ready for the next.
	time.Sleep(typingOver)
	return b.idleCPU(ctx, "idle with the composer focused, of a core", "2 %", r)
}

func (b *bench) openNth(ctx context.Context, r *run, key byte, title string) error {
	if err := b.screen.Press(desktop.KeyAlt, key); err != nil {
		return err
	}
	if err := r.window.WaitTitle(ctx, title, patience); err != nil {
		return err
	}
	return r.window.Settled(ctx, "", patience)
}

func (b *bench) idleCPU(ctx context.Context, name, target string, r *run) error {
	before, err := cpuTime(r.p.PID())
	if err != nil {
		return err
	}
	select {
	case <-time.After(idleTime):
	case <-ctx.Done():
		return ctx.Err()
	}
	after, err := cpuTime(r.p.PID())
	b.add(name, target, "%.1f %%", 100*(after-before).Seconds()/idleTime.Seconds())
	return err
}

func (b *bench) memory(name string, r *run) error {
	kib, err := pss(r.p.PID())
	b.add(name, "150 MiB", "%.0f MiB", float64(kib)/1024)
	return err
}

// sendByKey writes a word and gives the time from the Return key going down to
// the message at the receiver.
func (b *bench) sendByKey(ctx context.Context, r *run) (time.Duration, error) {
	if err := r.window.Type(ctx, "hello"); err != nil {
		return 0, err
	}
	time.Sleep(rest)
	begin := time.Now()
	if err := b.screen.Press(desktop.KeyReturn); err != nil {
		return 0, err
	}
	at, err := receive(ctx, b.juliet.heard, "the message")
	return at.Sub(begin), err
}

// returns measures sending by the Return key and, in turn with it, what the
// server takes of that: a message from one connection of ours to another.
func (b *bench) returns(ctx context.Context, r *run) error {
	var byKey, alone []time.Duration
	for range returns {
		took, err := b.sendByKey(ctx, r)
		if err != nil {
			return err
		}
		byKey = append(byKey, took)
		time.Sleep(rest)
		begin := time.Now()
		if err := b.mercutio.say(juliet, "hello"); err != nil {
			return err
		}
		at, err := receive(ctx, b.juliet.heard, "the message")
		if err != nil {
			return err
		}
		alone = append(alone, at.Sub(begin))
	}
	b.add("Return key to the receiver", "4 ms", "%.1f ms (%.1f to %.1f)", millis(median(byKey)), millis(slices.Min(byKey)), millis(slices.Max(byKey)))
	b.add("  the server's share of that", "", "%.1f ms", millis(median(alone)))
	return nil
}

// flood sends many messages into the open chat.
func (b *bench) flood(ctx context.Context, r *run) error {
	var f flooding
	for i := range floods {
		if err := b.floodOnce(ctx, r, b.juliet, received, &f); err != nil {
			return err
		}
		if i == 0 {
			if err := b.memory(fmt.Sprintf("PSS after %d received", received), r); err != nil {
				return err
			}
		}
		begin := time.Now()
		if err := b.juliet.flood(ctx, b.mercutio.jid, received); err != nil {
			return err
		}
		f.alone = append(f.alone, time.Since(begin))
		b.mercutio.forget()
	}
	b.add(fmt.Sprintf("%d received into the open chat, and a ping answered", received), "1.2 s", "%.2f s", median(f.answered).Seconds())
	b.add("  the server's share of that", "", "%.2f s", median(f.alone).Seconds())
	b.add("  the processor time of that, until all is shown", "1.5 s", "%.2f s", median(f.cpu).Seconds())
	b.add("  until all is shown", "", "%.2f s", median(f.shown).Seconds())
	b.add("  longest the window did not answer meanwhile", "", "%.0f ms", millis(slices.Max(f.pauses)))
	return nil
}

// flooding is what several floods took.
type flooding struct{ answered, shown, cpu, alone, pauses []time.Duration }

// floodOnce sends messages into the open chat, then a ping, and asks the window
// all the while whether it answers.
func (b *bench) floodOnce(ctx context.Context, r *run, from *person, n int, f *flooding) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	time.Sleep(rest)
	before, err := cpuTime(r.p.PID())
	if err != nil {
		return err
	}
	asking, stop := context.WithCancel(ctx)
	pause := make(chan time.Duration)
	go func() { pause <- longestPause(asking, r.watch) }()
	r.watch.Frames()
	begin := time.Now()
	err = from.flood(ctx, r.us, n)
	f.answered = append(f.answered, time.Since(begin))
	if err == nil {
		var last time.Time
		last, err = r.watch.Rest(ctx, rest, patience)
		f.shown = append(f.shown, last.Sub(begin))
	}
	stop()
	f.pauses = append(f.pauses, <-pause)
	if err != nil {
		return err
	}
	after, err := cpuTime(r.p.PID())
	f.cpu = append(f.cpu, after-before)
	return err
}

// askEvery is how soon the window is asked again: what asking costs is not to
// be measured.
const askEvery = 5 * time.Millisecond

// longestPause asks the window again and again, until ctx ends.
func longestPause(ctx context.Context, w *desktop.Watch) (longest time.Duration) {
	for ctx.Err() == nil {
		took, err := w.Ping(ctx)
		if err == nil {
			longest = max(longest, took)
		}
		time.Sleep(askEvery)
	}
	return longest
}

// open measures the opening of a long chat, in turn with another.
func (b *bench) open(ctx context.Context, r *run) error {
	var took []time.Duration
	for range openings {
		if err := b.openNth(ctx, r, desktop.Key1, "Juliet"); err != nil {
			return err
		}
		r.watch.Frames()
		begin := time.Now()
		if err := b.screen.Press(desktop.KeyAlt, desktop.Key2); err != nil {
			return err
		}
		last, err := r.watch.Rest(ctx, rest, patience)
		if err != nil {
			return err
		}
		took = append(took, last.Sub(begin))
		if err := r.window.WaitTitle(ctx, "Mercutio", patience); err != nil {
			return err
		}
	}
	b.add(fmt.Sprintf("opening a chat of %d messages, to its last frame", long), "100 ms", "%.0f ms (first %.0f)", millis(median(took)), millis(took[0]))
	return b.memory("PSS with that chat open", r)
}

const (
	scrollTime = 4 * time.Second
	// notchEvery is how fast the wheel is turned: faster than frames come, so
	// that each of them has something to scroll.
	notchEvery = 8 * time.Millisecond
)

// scrollText scrolls a chat of nothing but lines of text.
func (b *bench) scrollText(ctx context.Context, r *run) error {
	return b.scroll(ctx, r, "scrolling a chat of text alone, from frame to frame, p50 and p95")
}

// scrollRich scrolls the long chat, in which every tenth message is more.
func (b *bench) scrollRich(ctx context.Context, r *run) error {
	before, err := cpuTime(r.p.PID())
	if err != nil {
		return err
	}
	if err := b.scroll(ctx, r, "scrolling it, from frame to frame, p50 and p95"); err != nil {
		return err
	}
	after, err := cpuTime(r.p.PID())
	if err != nil {
		return err
	}
	b.add("  the processor time of that, of a core", "", "%.0f %%", 100*(after-before).Seconds()/scrollTime.Seconds())
	return b.memory("PSS after scrolling", r)
}

// scroll turns the wheel in the middle of the messages, back into the past.
func (b *bench) scroll(ctx context.Context, r *run, name string) error {
	if err := b.screen.Point(800, 450); err != nil {
		return err
	}
	if err := r.window.Settled(ctx, "", patience); err != nil {
		return err
	}
	r.watch.Frames()
	tick := time.NewTicker(notchEvery)
	defer tick.Stop()
	for begin := time.Now(); time.Since(begin) < scrollTime; <-tick.C {
		if err := b.screen.Click(desktop.WheelUp); err != nil {
			return err
		}
	}
	gaps := gaps(r.watch.Frames())
	if len(gaps) < 20 {
		return fmt.Errorf("only %d frames were painted while scrolling", len(gaps))
	}
	at := func(percent int) float64 { return millis(gaps[len(gaps)*percent/100]) }
	b.add(name, "p95 20 ms", "%.1f, %.1f ms", at(50), at(95))
	return nil
}

// append sends messages into the long chat while its end is in view.
func (b *bench) append(ctx context.Context, r *run) error {
	if err := b.openNth(ctx, r, desktop.Key1, "Juliet"); err != nil {
		return err
	}
	if err := b.openNth(ctx, r, desktop.Key2, "Mercutio"); err != nil {
		return err
	}
	var f flooding
	if err := b.floodOnce(ctx, r, b.mercutio, appended, &f); err != nil {
		return err
	}
	b.add(fmt.Sprintf("appending %d incoming messages to it, until shown", appended), "", "%.2f s", f.shown[0].Seconds())
	return b.memory("PSS after that", r)
}
