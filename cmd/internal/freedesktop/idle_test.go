//go:build unix && !darwin

package freedesktop

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/godbus/dbus/v5"
)

// fakeLogin is a session that is idle or locked when the test says so.
type fakeLogin struct{ idle, locked atomic.Bool }

func (l *fakeLogin) GetAll(iface string) (map[string]dbus.Variant, *dbus.Error) {
	if iface != loginSession {
		return nil, dbus.MakeFailedError(errors.New(iface))
	}
	return map[string]dbus.Variant{
		"IdleHint": dbus.MakeVariant(l.idle.Load()), "LockedHint": dbus.MakeVariant(l.locked.Load()),
		"Id": dbus.MakeVariant("2"),
	}, nil
}

func TestWatchIdle(t *testing.T) {
	connect, bus := testBus(t)
	l := &fakeLogin{}
	conn := serve(t, connect, login, ownSession, "org.freedesktop.DBus.Properties", l)
	l.idle.Store(true)
	told, ended := make(chan bool, 10), make(chan error, 1)
	go func() { ended <- watchIdle(t.Context(), connect, func(idle bool) { told <- idle }) }()
	if !get(t, told, "an idle session") {
		t.Error("the session is idle from the start")
	}
	change := func() {
		t.Helper()
		err := conn.Emit("/org/freedesktop/login1/session/_32", "org.freedesktop.DBus.Properties.PropertiesChanged",
			loginSession, map[string]dbus.Variant{}, []string{})
		if err != nil {
			t.Fatal(err)
		}
	}
	l.locked.Store(true) // nothing new
	change()
	l.idle.Store(false)
	change()
	l.locked.Store(false)
	change()
	if get(t, told, "somebody") {
		t.Error("told twice of the same")
	}
	l.locked.Store(true)
	change()
	if !get(t, told, "a locked session") {
		t.Error("nothing new was told")
	}
	bus.Stop()
	if get(t, told, "somebody again") {
		t.Error("nobody is there for good")
	}
	if err := get(t, ended, "the end"); err == nil {
		t.Error("no error though the bus is gone")
	}
}

func TestNothingTellsOfIdle(t *testing.T) {
	connect, _ := testBus(t)
	if err := watchIdle(t.Context(), connect, func(bool) { t.Error("told") }); err == nil {
		t.Error("no error though nobody answers")
	}
	none := func(context.Context) (*dbus.Conn, error) { return nil, errors.New("no bus") }
	if err := watchIdle(t.Context(), none, func(bool) { t.Error("told") }); err == nil {
		t.Error("no error without a bus")
	}
}
