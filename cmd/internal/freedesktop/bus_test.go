//go:build unix && !darwin

package freedesktop

import (
	"context"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"linnet/cmd/internal/desktop"
)

// patience is how long anything may take on a busy machine.
const patience = 30 * time.Second

// testBus starts a bus of the test's own and gives a way to it.
func testBus(t *testing.T) (connect func(context.Context) (*dbus.Conn, error), bus *desktop.Desktop) {
	t.Helper()
	bus, err := desktop.StartBus(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Stop)
	return func(ctx context.Context) (*dbus.Conn, error) {
		conn, err := dbus.Dial(bus.Bus)
		if err != nil {
			return nil, err
		}
		return greet(ctx, conn)
	}, bus
}

// serve gives a name on the bus to an object of the test.
func serve(t *testing.T, connect func(context.Context) (*dbus.Conn, error), name, path, iface string, object any) *dbus.Conn {
	t.Helper()
	conn, err := connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.Export(object, dbus.ObjectPath(path), iface); err != nil {
		t.Fatal(err)
	}
	reply, err := conn.RequestName(name, dbus.NameFlagDoNotQueue)
	if err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("the name %s: %v, %v", name, reply, err)
	}
	return conn
}

// get waits for something.
func get[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatalf("waited for %s", what)
		panic("unreachable")
	}
}
