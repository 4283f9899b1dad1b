package proxy_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"linnet/account/servertest/proxy"
)

// patience is far more than anything here takes.
const patience = 30 * time.Second

// echo is a server that sends back what it gets; it tells of each connection
// how that ended.
func echo(t *testing.T) (address string, ended <-chan error) {
	t.Helper()
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ends := make(chan error, 16)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				_, err := io.Copy(struct{ io.Writer }{c}, struct{ io.Reader }{c})
				ends <- err
			})
		}
	})
	t.Cleanup(func() { ln.Close(); all.Wait() })
	return ln.Addr().String(), ends
}

func newLine(t *testing.T, server string) *proxy.Line {
	t.Helper()
	l, err := proxy.New(server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

func dial(t *testing.T, l *proxy.Line) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", l.Port()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return c
}

// says sends a text and wants it back.
func says(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	hears(t, c, text)
}

func hears(t *testing.T, c net.Conn, text string) {
	t.Helper()
	got := make([]byte, len(text))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != text {
		t.Fatalf("got %q (%v), want %q", got, err, text)
	}
}

// silent wants nothing to be heard for a moment.
func silent(t *testing.T, c net.Conn) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("heard %d bytes (%v)", n, err)
	}
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
}

func TestBytesComeThrough(t *testing.T) {
	for name, is := range map[string]proxy.Conditions{
		"good": {},
		"slow": {Rate: 1 << 20},
		"late": {Delay: 20 * time.Millisecond},
		"both": {Delay: 5 * time.Millisecond, Rate: 4 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, _ := echo(t)
			l := newLine(t, server)
			l.Set(is)
			c := dial(t, l)
			sent := make([]byte, 300_000)
			for i := range sent {
				sent[i] = byte(i * i >> 7)
			}
			var writer sync.WaitGroup
			writer.Go(func() {
				if _, err := c.Write(sent); err != nil {
					t.Error(err)
				}
			})
			got := make([]byte, len(sent))
			_, err := io.ReadFull(c, got)
			writer.Wait()
			if err != nil || !bytes.Equal(got, sent) {
				t.Errorf("something else came back (%v)", err)
			}
		})
	}
}

func TestSlowAndLateLinesTakeTime(t *testing.T) {
	for name, c := range map[string]struct {
		is    proxy.Conditions
		least time.Duration
	}{
		"slow": {proxy.Conditions{Rate: 40_000}, 100 * time.Millisecond}, // 4,000 bytes each way
		"late": {proxy.Conditions{Delay: 100 * time.Millisecond}, 200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, _ := echo(t)
			l := newLine(t, server)
			l.Set(c.is)
			conn := dial(t, l)
			start := time.Now()
			says(t, conn, string(make([]byte, 4000)))
			if took := time.Since(start); took < c.least {
				t.Errorf("there and back in %v, less than %v", took, c.least)
			}
		})
	}
}

func TestCuts(t *testing.T) {
	for name, c := range map[string]struct {
		cut  func(*proxy.Line)
		want error // at the client
	}{
		"clean": {(*proxy.Line).Cut, io.EOF},
		"reset": {(*proxy.Line).Reset, syscall.ECONNRESET},
	} {
		t.Run(name, func(t *testing.T) {
			server, ended := echo(t)
			l := newLine(t, server)
			conn := dial(t, l)
			says(t, conn, "hello")
			c.cut(l)
			if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, c.want) {
				t.Errorf("the client sees %v, not %v", err, c.want)
			}
			select {
			case <-ended:
			case <-time.After(patience):
				t.Error("the server still has the connection")
			}
			says(t, dial(t, l), "another")
		})
	}
}

func TestCutAfter(t *testing.T) {
	server, _ := echo(t)
	l := newLine(t, server)
	c := dial(t, l)
	says(t, c, "hello")
	l.CutAfter(10 + 4) // up, and down
	if _, err := io.WriteString(c, "0123456789"); err != nil {
		t.Fatal(err)
	}
	got, _ := io.ReadAll(c) // however it ends
	if string(got) != "0123" {
		t.Errorf("%q came through", got)
	}
}

func TestStall(t *testing.T) {
	server, _ := echo(t)
	l := newLine(t, server)
	before := dial(t, l)
	says(t, before, "hello")
	l.Set(proxy.Conditions{Stall: true})
	after := dial(t, l)
	for _, c := range []net.Conn{before, after} {
		if _, err := io.WriteString(c, "late"); err != nil {
			t.Fatal(err)
		}
		silent(t, c)
	}
	l.Set(proxy.Conditions{})
	hears(t, before, "late")
	hears(t, after, "late")
}

func TestLose(t *testing.T) {
	for _, way := range []proxy.Direction{proxy.Up, proxy.Down} {
		t.Run(fmt.Sprint(way), func(t *testing.T) {
			server, _ := echo(t)
			l := newLine(t, server)
			c, idle := dial(t, l), dial(t, l)
			says(t, c, "hello")
			says(t, idle, "hello")
			l.Set(proxy.Conditions{Lose: way})
			if _, err := io.WriteString(c, "gone"); err != nil {
				t.Fatal(err)
			}
			silent(t, c)
			l.Set(proxy.Conditions{Lose: way, Delay: time.Millisecond})
			silent(t, c) // it has not ended yet
			l.Set(proxy.Conditions{})
			if _, err := c.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("a connection that lost something went on: %v", err)
			}
			says(t, idle, "still here")
		})
	}
}

func TestServerIsGone(t *testing.T) {
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	l := newLine(t, ln.Addr().String())
	if _, err := dial(t, l).Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("connected to nothing: %v", err)
	}
}

// TestCloseWhileStalled is about goroutines: Close waits for all.
func TestCloseWhileStalled(t *testing.T) {
	server, _ := echo(t)
	l := newLine(t, server)
	c := dial(t, l)
	says(t, c, "hello")
	l.Set(proxy.Conditions{Stall: true})
	if _, err := c.Write(make([]byte, 1<<20)); err != nil { // more than fits: its reader waits, too
		t.Fatal(err)
	}
	l.Close()
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("the connection outlived the line")
	}
}
