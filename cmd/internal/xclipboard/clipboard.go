//go:build unix && !darwin

// Package xclipboard puts pictures onto the clipboard of an X server and gets
// pictures and files from it, beside the toolkit, which knows text only. Whoever
// owns the clipboard can take as long as it likes: nothing here waits without an
// end, and nothing large is taken whole before its size is known. On Wayland the
// compositor keeps the clipboard of its X server the same as its own.
package xclipboard

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"linnet/app"
)

const (
	// maxCopied is the most that is taken from the clipboard, in bytes: as much as
	// is decoded of a picture.
	maxCopied = 64 << 20
	// maxTargets bounds how many kinds of what was copied are looked at.
	maxTargets = 512
	// maxPart is how much is asked for or handed over at once, in bytes.
	maxPart = 256 << 10
	// lookTime is how long the owner may take to say what it has, until it is asked
	// again, and lookTries how often it is.
	lookTime  = 2 * time.Second
	lookTries = 5
	// maxTransfers bounds how many programs are handed a picture at once. One
	// that never takes the rest loses its place to others.
	maxTransfers = 8
)

// Events of the X protocol.
const (
	eventProperty  = 28
	eventClear     = 29
	eventRequest   = 30
	eventNotify    = 31
	propertyChange = 1 << 22 // event mask
)

// names are the atoms that are needed, in the order of the fields of atoms.
var names = []string{
	"CLIPBOARD", "TARGETS", "INCR", "ATOM", "UTF8_STRING", "STRING", "text/plain", "text/plain;charset=utf-8", "text/uri-list",
	"x-special/gnome-copied-files", "image/png", "image/jpeg", "image/webp", "image/gif", "LINNET_COPIED", "TIMESTAMP", "INTEGER",
}

// atoms are names by their numbers.
type atoms struct {
	clipboard, targets, incr, atom, utf8, str, plain, plainUTF8, uris, gnome, png, jpeg, webp, gif, property, timestamp, integer uint32
}

// fields are the places for the numbers of names.
func (a *atoms) fields() []*uint32 {
	return []*uint32{
		&a.clipboard, &a.targets, &a.incr, &a.atom, &a.utf8, &a.str, &a.plain, &a.plainUTF8, &a.uris,
		&a.gnome, &a.png, &a.jpeg, &a.webp, &a.gif, &a.property, &a.timestamp, &a.integer,
	}
}

// Clipboard is the clipboard of a screen. Its methods may be called on any
// goroutine.
type Clipboard struct {
	x      *conn
	log    *slog.Logger
	atoms  atoms
	window uint32
	fixes  byte // the event that the clipboard has another owner

	cancel context.CancelFunc
	all    sync.WaitGroup
	holds  atomic.Uint32 // what was copied, an app.Copied
	target atomic.Uint32 // in which form it is to be had
	change chan struct{} // holds one signal: there is another owner

	// reading is held by who reads; the two others then get what comes.
	reading  chan struct{}
	notified chan []byte // SelectionNotify
	property chan []byte // PropertyNotify of our window

	mu   sync.Mutex
	own  []byte // the picture we have put there; nil for none
	outs []*transfer
}

// Open connects to the screen of this program. The error says that there is none,
// or none that can tell of changes.
func Open(log *slog.Logger) (*Clipboard, error) { return open(os.Getenv("DISPLAY"), log) }

func open(display string, log *slog.Logger) (*Clipboard, error) {
	x, err := dial(display)
	if err != nil {
		return nil, err
	}
	c := &Clipboard{
		x: x, log: log, change: make(chan struct{}, 1), reading: make(chan struct{}, 1),
		notified: make(chan []byte, 16), property: make(chan []byte, 64),
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	c.all.Go(func() { x.read(c.event) })
	soon, end := context.WithTimeout(ctx, dialTime)
	defer end()
	if err := c.setUp(soon); err != nil {
		c.Close()
		return nil, err
	}
	c.all.Go(func() { c.watch(ctx) })
	return c, nil
}

// Close ends it. What was copied from here is gone then.
func (c *Clipboard) Close() {
	c.cancel()
	c.x.net.Close()
	c.all.Wait()
}

// setUp makes a window, which never shows, and has it told of other owners.
func (c *Clipboard) setUp(ctx context.Context) error {
	for i, to := range c.atoms.fields() {
		var err error
		if *to, err = c.x.atom(ctx, names[i]); err != nil {
			return err
		}
	}
	c.window = c.x.idBase | 1
	const inputOnly, eventMask = 2, 1 << 11
	// Place, size and border of 16 bits each, the class, the visual of the parent.
	window := request(reqCreateWindow, 0, []uint32{c.window, c.x.root, 0, 1 | 1<<16, inputOnly << 16, 0, eventMask, propertyChange})
	if err := c.x.send(window); err != nil {
		return err
	}
	const name = "XFIXES"
	reply, err := c.x.ask(ctx, request(reqQueryExtension, 0, []uint32{uint32(len(name))}, []byte(name)...))
	if err != nil {
		return err
	}
	if reply[8] == 0 {
		return errors.New("the X server does not tell of changes")
	}
	opcode := reply[9]
	c.fixes = reply[10]
	const queryVersion, selectInput, allChanges = 0, 2, 7
	if _, err := c.x.ask(ctx, request(opcode, queryVersion, []uint32{1, 0})); err != nil {
		return err
	}
	c.changed() // what is there already
	return c.x.send(request(opcode, selectInput, []uint32{c.window, c.atoms.clipboard, allChanges}))
}

func (c *Clipboard) changed() {
	c.holds.Store(uint32(app.CopiedOther))
	select {
	case c.change <- struct{}{}:
	default:
	}
}

// Holds tells what was copied last. It is found out when it is copied, not when
// it is asked for.
func (c *Clipboard) Holds() app.Copied { return app.Copied(c.holds.Load()) }

// watch finds out what was copied, whenever something is.
func (c *Clipboard) watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.change:
		}
		targets, err := c.look(ctx)
		if err != nil {
			c.log.Debug("what was copied does not tell what it is", "err", err)
			continue
		}
		var all []uint32
		for ; len(targets) >= 4; targets = targets[4:] {
			all = append(all, order.Uint32(targets))
		}
		holds, target := c.judge(all)
		c.target.Store(target)
		c.holds.Store(uint32(holds))
	}
}

// look asks the owner in which forms it has what was copied: again, when it is
// busy, unless there is another owner by then.
func (c *Clipboard) look(ctx context.Context) (targets []byte, err error) {
	for range lookTries {
		soon, cancel := context.WithTimeout(ctx, lookTime)
		_, targets, err = c.get(soon, c.atoms.targets, 4*maxTargets)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || len(c.change) > 0 {
			break
		}
	}
	return targets, err
}

// judge tells what can be had in these forms, and in which it is to be had.
func (c *Clipboard) judge(all []uint32) (app.Copied, uint32) {
	a := &c.atoms
	for _, t := range []uint32{a.gnome, a.uris} {
		if slices.Contains(all, t) {
			return app.CopiedFiles, t
		}
	}
	for _, t := range []uint32{a.utf8, a.str, a.plain, a.plainUTF8} {
		if slices.Contains(all, t) {
			return app.CopiedOther, 0
		}
	}
	for _, t := range []uint32{a.png, a.jpeg, a.webp, a.gif} {
		if slices.Contains(all, t) {
			return app.CopiedPicture, t
		}
	}
	return app.CopiedOther, 0
}

// Read gets what Holds tells of.
func (c *Clipboard) Read(ctx context.Context) (picture []byte, files []string, err error) {
	c.mu.Lock()
	own := c.own
	c.mu.Unlock()
	if own != nil {
		return own, nil, nil
	}
	holds, target := c.Holds(), c.target.Load()
	switch holds {
	case app.CopiedPicture:
		_, picture, err = c.get(ctx, target, maxCopied)
	case app.CopiedFiles:
		var list []byte
		if _, list, err = c.get(ctx, target, maxList); err == nil {
			files = parseList(string(list))
		}
	}
	return picture, files, err
}
