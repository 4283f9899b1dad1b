//go:build unix && !darwin

package freedesktop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"reflect"
	"testing"

	"github.com/godbus/dbus/v5"
)

// fakeDaemon shows notifications to the test. Its methods are those of the
// specification.
type fakeDaemon struct {
	can   []string
	said  chan string
	icons chan dbus.Variant // those that came
	notes uint32
}

func (d *fakeDaemon) GetCapabilities() ([]string, *dbus.Error) { return d.can, nil }

func (d *fakeDaemon) Notify(_ string, replaces uint32, icon, title, body string, actions []string, hints map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	id := replaces
	if id == 0 {
		d.notes++
		id = d.notes
	}
	if icon, ok := hints["image-data"]; ok {
		d.icons <- icon
	}
	d.said <- fmt.Sprintf("%d %d %s %s: %s %q %v", id, replaces, icon, title, body, actions, hints["desktop-entry"].Value())
	return id, nil
}

func (d *fakeDaemon) CloseNotification(id uint32) *dbus.Error {
	d.said <- fmt.Sprintf("close %d", id)
	return nil
}

func startDaemon(t *testing.T, connect func(context.Context) (*dbus.Conn, error), can ...string) (*fakeDaemon, *dbus.Conn) {
	t.Helper()
	d := &fakeDaemon{can: can, said: make(chan string, 100), icons: make(chan dbus.Variant, 1)}
	return d, serve(t, connect, service, path, service, d)
}

func (d *fakeDaemon) want(t *testing.T, line string) {
	t.Helper()
	if got := get(t, d.said, line); got != line {
		t.Errorf("the daemon was told %q, want %q", got, line)
	}
}

func startNotifier(t *testing.T, connect func(context.Context) (*dbus.Conn, error)) *Notifier {
	t.Helper()
	n := newNotifier("im.linnet.Linnet", nil, slog.New(slog.DiscardHandler), connect)
	t.Cleanup(n.Close)
	return n
}

func TestNotifications(t *testing.T) {
	connect, _ := testBus(t)
	d, conn := startDaemon(t, connect, "body", "body-markup", "actions")
	n := startNotifier(t, connect)
	opened := make(chan string, 10)
	open := func(what string) func() { return func() { opened <- what } }

	n.Notify("juliet", "Juliet", "<b>Good</b> night", "Open", open("juliet"))
	d.want(t, `1 0 im.linnet.Linnet Juliet: &lt;b&gt;Good&lt;/b&gt; night ["default" "Open"] im.linnet.Linnet`)
	n.Notify("nurse", "Nurse", "Madam", "Open", open("nurse"))
	d.want(t, `2 0 im.linnet.Linnet Nurse: Madam ["default" "Open"] im.linnet.Linnet`)
	n.Notify("juliet", "Juliet", "Good night", "Open", open("juliet again"))
	d.want(t, `1 1 im.linnet.Linnet Juliet: Good night ["default" "Open"] im.linnet.Linnet`)

	// Pressed ones open what they are about; those of others do nothing.
	for _, press := range []struct {
		id  uint32
		key string
	}{{7, actionKey}, {2, "reply"}, {2, actionKey}, {1, actionKey}} {
		if err := conn.Emit(path, service+".ActionInvoked", press.id, press.key); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"nurse", "juliet again"} {
		if got := get(t, opened, want); got != want {
			t.Errorf("opened %q, want %q", got, want)
		}
	}

	n.Withdraw("juliet")
	d.want(t, "close 1")
	n.Withdraw("juliet") // it is gone
	n.Withdraw("tybalt") // it never was
	n.Close()
	d.want(t, "close 2")
}

// TestClosedByTheUser takes a notification away behind our back: the next one
// replaces none, and there is nothing left to take away.
func TestClosedByTheUser(t *testing.T) {
	connect, _ := testBus(t)
	d, conn := startDaemon(t, connect)
	n := startNotifier(t, connect)
	gone := make(chan string, 1)
	n.Notify("juliet", "Juliet", "a < b", "Open", nil)
	d.want(t, `1 0 im.linnet.Linnet Juliet: a < b [] im.linnet.Linnet`)
	n.Notify("nurse", "Nurse", "Madam", "Open", func() { gone <- "" })
	d.want(t, `2 0 im.linnet.Linnet Nurse: Madam [] im.linnet.Linnet`)
	emit := func(signal string, id uint32, what any) {
		t.Helper()
		if err := conn.Emit(path, service+signal, id, what); err != nil {
			t.Fatal(err)
		}
	}
	emit(".NotificationClosed", 1, uint32(2))
	emit(".ActionInvoked", 2, actionKey)
	get(t, gone, "the end of the first") // signals come in order
	n.Notify("juliet", "Juliet", "again", "Open", nil)
	d.want(t, `3 0 im.linnet.Linnet Juliet: again [] im.linnet.Linnet`)
}

// TestDaemonStartsAgain gives the numbers of ours to others.
func TestDaemonStartsAgain(t *testing.T) {
	connect, _ := testBus(t)
	d, conn := startDaemon(t, connect)
	n := startNotifier(t, connect)
	n.Notify("juliet", "Juliet", "one", "Open", nil)
	d.want(t, `1 0 im.linnet.Linnet Juliet: one [] im.linnet.Linnet`)
	conn.Close()
	again, _ := startDaemon(t, connect)
	n.Notify("nurse", "Nurse", "two", "Open", nil)
	again.want(t, `1 0 im.linnet.Linnet Nurse: two [] im.linnet.Linnet`)
	n.Withdraw("juliet")
	n.Notify("mercutio", "Mercutio", "three", "Open", nil)
	again.want(t, `2 0 im.linnet.Linnet Mercutio: three [] im.linnet.Linnet`)
}

func TestBusComesBack(t *testing.T) {
	first, bus := testBus(t)
	d, _ := startDaemon(t, first)
	second, _ := testBus(t)
	again, _ := startDaemon(t, second)
	ways := make(chan func(context.Context) (*dbus.Conn, error), 2)
	ways <- first
	ways <- second
	n := startNotifier(t, func(ctx context.Context) (*dbus.Conn, error) {
		select {
		case connect := <-ways:
			return connect(ctx)
		default:
			return nil, errors.New("no bus")
		}
	})
	n.Notify("juliet", "Juliet", "one", "Open", nil)
	d.want(t, `1 0 im.linnet.Linnet Juliet: one [] im.linnet.Linnet`)
	bus.Stop()
	// Those in between are lost; the first after it was noticed is shown.
	tellUntil(t, n, again.said)
}

// tellUntil notifies until a daemon hears of it.
func tellUntil(t *testing.T, n *Notifier, heard <-chan string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil {
		n.Notify("juliet", "Juliet", "two", "Open", nil)
		done := make(chan struct{})
		go func() { // until the goroutine of the Notifier has looked at it
			defer close(done)
			for waiting(n) > 0 {
				select {
				case <-ctx.Done():
					return
				case n.wake <- struct{}{}:
				}
			}
		}()
		<-done
		select {
		case <-heard:
			return
		default:
		}
	}
	t.Fatal("the second bus hears nothing")
}

// waiting is how many notifications there is something to do with.
func waiting(n *Notifier) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.todo)
}

func TestNoBus(t *testing.T) {
	asked := make(chan string, 10)
	n := startNotifier(t, func(context.Context) (*dbus.Conn, error) {
		asked <- ""
		return nil, errors.New("no bus")
	})
	n.Withdraw("juliet")
	n.Notify("juliet", "Juliet", "one", "Open", nil)
	get(t, asked, "a look for the bus")
	n.Notify("juliet", "Juliet", "two", "Open", nil)
	get(t, asked, "another look for the bus")
}

// TestSlowDaemon keeps one notification for each tag while a daemon hangs.
func TestSlowDaemon(t *testing.T) {
	connect, _ := testBus(t)
	hold := make(chan struct{})
	n := startNotifier(t, func(ctx context.Context) (*dbus.Conn, error) {
		<-hold
		return connect(ctx)
	})
	d, _ := startDaemon(t, connect)
	n.Notify("first", "First", "", "Open", nil)
	for i := range 1000 {
		n.Notify("juliet", "Juliet", fmt.Sprint(i), "Open", nil)
	}
	n.Notify("nurse", "Nurse", "", "Open", nil)
	n.Withdraw("nurse")
	if kept := waiting(n); kept > 3 {
		t.Errorf("%d notifications are kept", kept)
	}
	close(hold)
	if got := get(t, d.said, "the first"); got == `1 0 im.linnet.Linnet First:  [] im.linnet.Linnet` {
		got = get(t, d.said, "the last of Juliet")
		if got != `2 0 im.linnet.Linnet Juliet: 999 [] im.linnet.Linnet` {
			t.Errorf("then came %q", got)
		}
	} else {
		t.Errorf("first came %q", got)
	}
}

// TestIcon sends a picture over the bus.
func TestIcon(t *testing.T) {
	full := image.NewNRGBA(image.Rect(0, 0, 256, 256))
	for i := range full.Pix {
		full.Pix[i] = []byte{0x11, 0x22, 0x33, 0xFF}[i%4]
	}
	var file bytes.Buffer
	if err := png.Encode(&file, full); err != nil {
		t.Fatal(err)
	}
	connect, _ := testBus(t)
	d, _ := startDaemon(t, connect)
	n := newNotifier("im.linnet.Linnet", file.Bytes(), slog.New(slog.DiscardHandler), connect)
	t.Cleanup(n.Close)
	n.Notify("juliet", "Juliet", "one", "Open", nil)
	d.want(t, `1 0 im.linnet.Linnet Juliet: one [] im.linnet.Linnet`)
	var got pixels
	if err := dbus.Store([]any{(<-d.icons).Value()}, &got); err != nil {
		t.Fatal(err)
	}
	want := pixels{Width: 64, Height: 64, Stride: 256, Alpha: true, Bits: 8, Channels: 4, Data: bytes.Repeat([]byte{0x11, 0x22, 0x33, 0xFF}, 64*64)}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %dx%d with %d bytes, the first %x", got.Width, got.Height, len(got.Data), got.Data[:4])
	}
}
