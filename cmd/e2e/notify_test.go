//go:build linux

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"linnet/account/servertest"
)

// The Desktop Notifications Specification, version 1.2.
const (
	notifications     = "org.freedesktop.Notifications"
	notificationsPath = "/org/freedesktop/Notifications"
)

// daemon shows notifications to the test.
type daemon struct {
	t    *testing.T
	conn *dbus.Conn
	said chan string
}

// GetCapabilities is of the specification.
func (d *daemon) GetCapabilities() ([]string, *dbus.Error) { return []string{"actions", "body"}, nil }

// Notify is of the specification.
func (d *daemon) Notify(_ string, replaces uint32, _, title, body string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	d.said <- title + ": " + body
	return 7, nil
}

// CloseNotification is of the specification.
func (d *daemon) CloseNotification(id uint32) *dbus.Error {
	d.said <- fmt.Sprint("close ", id)
	return nil
}

// startDaemon shows what is notified on the desktop.
func (r *run) startDaemon() *daemon {
	r.t.Helper()
	conn, err := dbus.Connect(r.desktop.Bus)
	r.must(err)
	r.t.Cleanup(func() { conn.Close() })
	d := &daemon{t: r.t, conn: conn, said: make(chan string, 1000)}
	r.must(conn.Export(d, notificationsPath, notifications))
	_, err = conn.RequestName(notifications, dbus.NameFlagDoNotQueue)
	r.must(err)
	return d
}

// wait takes what the daemon is told until it is this.
func (d *daemon) wait(want string) {
	d.t.Helper()
	if !d.hears(want, patience) {
		d.t.Fatalf("the desktop was not told %q", want)
	}
}

// hears reports whether the daemon is told something that begins so.
func (d *daemon) hears(want string, within time.Duration) bool {
	for timeout := time.After(within); ; {
		select {
		case got := <-d.said:
			if strings.HasPrefix(got, want) {
				return true
			}
		case <-timeout:
			return false
		}
	}
}

// notified has a contact write until the desktop is told of it: the program
// learns only after a moment that its window is not in front any more.
func (d *daemon) notified(write func()) {
	d.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		write()
		if d.hears("juliet@linnet.test", pause) {
			return
		}
		if time.Now().After(deadline) {
			d.t.Fatal("the desktop was not told of a message")
		}
	}
}

// pause lies between two messages of a contact who waits to be noticed.
const pause = 2 * time.Second

// TestNotification has a message come while the window is minimised, opens its
// chat from the notification, and reads the next one on another device.
func TestNotification(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a server and an X server")
	}
	r := newRun(t, servertest.Options{
		Users:   map[string]string{"romeo": "wherefore art thou", "juliet": "a rose"},
		Friends: true,
	})
	desktop := r.startDaemon()
	r.start()
	r.signIn("romeo")
	juliet := startPeer(t, r.server, "juliet")
	us := juliet.wait("presence of ours", func(e event) bool { return e.Event == "presence" && e.Type == "available" })
	r.settle()

	r.must(r.window.Minimize(r.ctx))
	desktop.notified(func() { juliet.do("send", us.JID, "It is the east") })
	r.must(desktop.conn.Emit(notificationsPath, notifications+".ActionInvoked", uint32(7), "default"))
	r.title("juliet")
	desktop.wait("close 7") // it is in view, and so read
	r.write("But soft")
	r.key("Return")
	juliet.message("But soft")

	r.must(r.window.Minimize(r.ctx))
	desktop.notified(func() { juliet.do("send", us.JID, "while you were away") })
	phone := startPeer(t, r.server, "romeo")
	phone.do("send", "juliet@linnet.test", "read on my phone")
	desktop.wait("close 7")

	r.must(r.window.Focus(r.ctx))
	r.quit()
}
