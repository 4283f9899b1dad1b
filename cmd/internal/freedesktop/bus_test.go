//go:build unix && !darwin

package freedesktop

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"linnet/account/servertest/child"
)

// patience is how long anything may take on a busy machine.
const patience = 30 * time.Second

const busConfig = `<busconfig>
<type>session</type>
<listen>unix:tmpdir=%s</listen>
<auth>EXTERNAL</auth>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/>
<allow own="*"/>
</policy>
</busconfig>
`

// testBus starts a bus of the test's own and gives a way to it.
func testBus(t *testing.T) (connect func(context.Context) (*dbus.Conn, error), bus *child.Process) {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, dir), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("dbus-daemon", "--config-file="+config, "--nofork", "--nopidfile", "--print-address=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	bus, err = child.Start(cmd)
	if err != nil {
		t.Fatalf("run 'make deps': %v", err)
	}
	t.Cleanup(func() { bus.Stop(patience) })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context) (*dbus.Conn, error) {
		conn, err := dbus.Dial(strings.TrimSpace(address))
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
