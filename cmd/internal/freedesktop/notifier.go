//go:build unix && !darwin

// Package freedesktop speaks to the desktop over D-Bus: it shows notifications
// that can be replaced, pressed and taken away again, and tells when nobody is
// at the machine. Fyne has neither.
package freedesktop

import (
	"context"
	"errors"
	"html"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	// callTime bounds one call: a daemon that is started by it needs a moment,
	// and one that hangs must not gather calls.
	callTime = 5 * time.Second
	// closeTime is how long the end of the program waits to take away what is
	// shown.
	closeTime = time.Second
	// signalRoom is for what the user does while a call is under way.
	signalRoom = 32
)

// The Desktop Notifications Specification, version 1.2.
const (
	service   = "org.freedesktop.Notifications"
	path      = "/org/freedesktop/Notifications"
	actionKey = "default" // pressing the notification itself
)

// Notifier shows notifications. Its methods never wait, and any goroutine may
// call them.
type Notifier struct {
	app     string // name of the desktop file
	icon    []byte
	log     *slog.Logger
	connect func(context.Context) (*dbus.Conn, error)

	cancel context.CancelFunc
	done   chan struct{}
	wake   chan struct{} // holds one signal

	mu   sync.Mutex
	tags []string        // with something to do, in order
	todo map[string]note // by tag
}

// note is a notification to show, or with gone one to take away.
type note struct {
	title, body string
	action      string // what pressing does, for desktops that show a button
	open        func()
	gone        bool
}

// NewNotifier makes a Notifier for the program with this desktop file, without
// ".desktop", which need not be installed, with an icon as a square PNG. Where no
// session bus or no daemon answers, nothing is shown.
func NewNotifier(app string, icon []byte, log *slog.Logger) *Notifier {
	return newNotifier(app, icon, log, sessionBus)
}

func newNotifier(app string, icon []byte, log *slog.Logger, connect func(context.Context) (*dbus.Conn, error)) *Notifier {
	ctx, cancel := context.WithCancel(context.Background())
	n := &Notifier{
		app: app, icon: icon, log: log, connect: connect,
		cancel: cancel, done: make(chan struct{}), wake: make(chan struct{}, 1),
		todo: make(map[string]note),
	}
	go n.run(ctx)
	return n
}

// Notify shows a notification in place of the one with the same tag. The texts
// are plain. open runs on a goroutine of the Notifier when the user presses it;
// action says what that does, for desktops that show a button for it.
func (n *Notifier) Notify(tag, title, body, action string, open func()) {
	n.add(tag, note{title: title, body: body, action: action, open: open})
}

// Withdraw takes a notification away, if it is still shown.
func (n *Notifier) Withdraw(tag string) { n.add(tag, note{gone: true}) }

// Close takes away what is shown, since nobody would answer when it is pressed,
// and ends the Notifier. It waits a second at most.
func (n *Notifier) Close() {
	n.cancel()
	select {
	case <-n.done:
	case <-time.After(closeTime):
	}
}

// add keeps the last thing to do for each tag, so that a daemon that is slow
// holds up no memory.
func (n *Notifier) add(tag string, w note) {
	n.mu.Lock()
	if _, ok := n.todo[tag]; !ok {
		n.tags = append(n.tags, tag)
	}
	n.todo[tag] = w
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// next takes the first thing to do.
func (n *Notifier) next() (tag string, w note, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.tags) == 0 {
		return "", note{}, false
	}
	tag = n.tags[0]
	n.tags = n.tags[1:]
	w = n.todo[tag]
	delete(n.todo, tag)
	return tag, w, true
}

func (n *Notifier) run(ctx context.Context) {
	defer close(n.done)
	var d daemon
	defer func() { d.close() }()
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.wake:
			for ctx.Err() == nil {
				tag, w, ok := n.next()
				if !ok {
					break
				}
				if err := n.do(ctx, &d, tag, w); err != nil {
					n.log.Debug("no notification", "err", err)
				}
			}
		case s, ok := <-d.signals:
			if !ok {
				d = daemon{} // the bus is gone; the next notification looks for it again
				continue
			}
			d.take(s)
		}
	}
}

// do shows or takes away one notification.
func (n *Notifier) do(ctx context.Context, d *daemon, tag string, w note) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	if w.gone {
		return d.withdraw(ctx, tag)
	}
	if d.conn == nil {
		conn, err := n.connect(ctx)
		if err != nil {
			return err
		}
		*d = newDaemon(conn, hints(n.app, n.icon))
	}
	err := n.show(ctx, d, tag, w)
	if e := new(dbus.Error); errors.As(err, e) && e.Name == "org.freedesktop.DBus.Error.ServiceUnknown" {
		d.owner, d.shown = "", nil // it has ended; another may be there
		err = n.show(ctx, d, tag, w)
	}
	return err
}

func (n *Notifier) show(ctx context.Context, d *daemon, tag string, w note) error {
	if d.owner == "" {
		if err := d.find(ctx); err != nil {
			return err
		}
	}
	return d.notify(ctx, n.app, tag, w)
}

// daemon is what shows the notifications, as the goroutine of a Notifier knows
// it. The zero daemon is one that nothing was said to yet.
type daemon struct {
	conn    *dbus.Conn
	hints   map[string]dbus.Variant // that go with each notification
	signals chan *dbus.Signal
	// owner is the daemon's own name on the bus. Another daemon, which gives
	// the same numbers to the notifications of others, has another.
	owner   string
	markup  bool // reads the body as markup
	presses bool // says when a notification is pressed
	shown   []shownNote
}

// shownNote is a notification the daemon knows of.
type shownNote struct {
	tag  string
	id   uint32
	open func()
}

func newDaemon(conn *dbus.Conn, hints map[string]dbus.Variant) daemon {
	d := daemon{conn: conn, hints: hints, signals: make(chan *dbus.Signal, signalRoom)}
	conn.Signal(d.signals)
	return d
}

// find has the bus start the daemon where it does not run, and asks it what it
// can.
func (d *daemon) find(ctx context.Context) error {
	var owner string
	var can []string
	err := errors.Join(
		d.conn.AddMatchSignalContext(ctx, dbus.WithMatchSender(service), dbus.WithMatchInterface(service)),
		d.conn.Object(service, path).CallWithContext(ctx, service+".GetCapabilities", 0).Store(&can),
		d.conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetNameOwner", 0, service).Store(&owner),
	)
	if err != nil {
		return err
	}
	d.owner = owner
	d.markup, d.presses = slices.Contains(can, "body-markup"), slices.Contains(can, "actions")
	return nil
}

func (d *daemon) call(ctx context.Context, method string, args ...any) *dbus.Call {
	return d.conn.Object(d.owner, path).CallWithContext(ctx, service+"."+method, 0, args...)
}

// notify shows a notification, in place of the one with the same tag.
func (d *daemon) notify(ctx context.Context, app, tag string, w note) error {
	body := w.body
	if d.markup {
		body = html.EscapeString(body)
	}
	actions := []string{}
	if d.presses {
		actions = []string{actionKey, w.action}
	}
	const asUsual = int32(-1) // how long it stays is for the desktop to say
	i := d.byTag(tag)
	var replaces uint32
	if i >= 0 {
		replaces = d.shown[i].id
	}
	s := shownNote{tag: tag, open: w.open}
	err := d.call(ctx, "Notify", "Linnet", replaces, app, w.title, body, actions, d.hints, asUsual).Store(&s.id)
	if err != nil {
		return err
	}
	if i >= 0 {
		d.shown[i] = s
	} else {
		d.shown = append(d.shown, s)
	}
	return nil
}

// withdraw takes a notification away.
func (d *daemon) withdraw(ctx context.Context, tag string) error {
	i := d.byTag(tag)
	if i < 0 {
		return nil
	}
	id := d.shown[i].id
	d.shown = slices.Delete(d.shown, i, i+1)
	return d.call(ctx, "CloseNotification", id).Err
}

// close takes away everything and leaves the bus.
func (d *daemon) close() {
	if d.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	for len(d.shown) > 0 && ctx.Err() == nil {
		d.withdraw(ctx, d.shown[0].tag) // the daemon may be gone, too
	}
	d.conn.Close()
}

func (d *daemon) byTag(tag string) int {
	return slices.IndexFunc(d.shown, func(s shownNote) bool { return s.tag == tag })
}

// take follows what the user and the daemon do.
func (d *daemon) take(s *dbus.Signal) {
	if s.Sender != d.owner || len(s.Body) < 2 {
		return
	}
	id, ok := s.Body[0].(uint32)
	i := slices.IndexFunc(d.shown, func(s shownNote) bool { return s.id == id })
	if !ok || i < 0 {
		return // of another program
	}
	switch s.Name {
	case service + ".ActionInvoked":
		if s.Body[1] == actionKey && d.shown[i].open != nil {
			d.shown[i].open()
		}
	case service + ".NotificationClosed":
		d.shown = slices.Delete(d.shown, i, i+1)
	}
}

// sessionBus connects to the bus of the user's session without starting one.
func sessionBus(ctx context.Context) (*dbus.Conn, error) {
	conn, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return nil, err
	}
	return greet(ctx, conn)
}

// greet signs in to a bus. Nothing of it takes a deadline, but all of it ends
// with the connection.
func greet(ctx context.Context, conn *dbus.Conn) (*dbus.Conn, error) {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	err := conn.Auth(nil)
	if err == nil {
		err = conn.Hello()
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}
