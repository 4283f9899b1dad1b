//go:build unix && !darwin

package xclipboard

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// dialTime bounds how long the X server may take to let us in.
const dialTime = 5 * time.Second

// maxReply bounds one reply in bytes. None is larger than the part of a property
// that was asked for.
const maxReply = 4 << 20

// Requests of the X protocol, version 11.
const (
	reqCreateWindow     = 1
	reqChangeAttributes = 2
	reqInternAtom       = 16
	reqChangeProperty   = 18
	reqDeleteProperty   = 19
	reqGetProperty      = 20
	reqSetOwner         = 22
	reqGetOwner         = 23
	reqConvert          = 24
	reqSendEvent        = 25
	reqQueryExtension   = 98
)

var order = binary.LittleEndian

var errGone = errors.New("the X server is gone")

// conn speaks to an X server. Requests may be made on any goroutine; one
// goroutine reads what comes.
type conn struct {
	net    net.Conn
	in     *bufio.Reader
	root   uint32
	idBase uint32 // of what this connection makes
	most   int    // the longest request in bytes

	mu      sync.Mutex // for what follows, and writing
	seq     uint16     // of the last request
	pending map[uint16]chan []byte
	err     error // why nothing can be asked any more
}

// address splits a display, as $DISPLAY names it, into where its server listens.
func address(display string) (network, at, number string, err error) {
	host, rest, ok := cutLast(display, ":")
	number, _, _ = strings.Cut(rest, ".")
	n, nerr := strconv.ParseUint(number, 10, 16)
	switch {
	case !ok || nerr != nil || n > 59535:
		return "", "", "", fmt.Errorf("no display: %q", display)
	case host == "" || host == "unix":
		return "unix", "/tmp/.X11-unix/X" + number, number, nil
	}
	return "tcp", net.JoinHostPort(strings.Trim(host, "[]"), strconv.FormatUint(6000+n, 10)), number, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// dial connects to a display.
func dial(display string) (*conn, error) {
	network, at, number, err := address(display)
	if err != nil {
		return nil, err
	}
	c, err := net.DialTimeout(network, at, dialTime)
	if err != nil && network == "unix" {
		c, err = net.DialTimeout(network, "@"+at, dialTime) // without a name in the file system
	}
	if err != nil {
		return nil, err
	}
	x := &conn{net: c, in: bufio.NewReaderSize(c, 64<<10), pending: map[uint16]chan []byte{}}
	if err := x.setUp(cookie(number)); err != nil {
		c.Close()
		return nil, fmt.Errorf("speaking to the X server: %w", err)
	}
	return x, nil
}

// cookieName is the one way of showing that the screen is ours.
const cookieName = "MIT-MAGIC-COOKIE-1"

// cookie reads what shows a server that the screen is ours; nil for nothing.
func cookie(display string) []byte {
	path := os.Getenv("XAUTHORITY")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		path = filepath.Join(home, ".Xauthority")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	host, _ := os.Hostname()
	return findCookie(data, host, display)
}

// findCookie looks for the cookie of a display of this machine in a file of
// xauth.
func findCookie(data []byte, host, display string) []byte {
	const local, wild = 256, 65535
	field := func() (s []byte, ok bool) {
		if len(data) < 2 {
			return nil, false
		}
		n := int(binary.BigEndian.Uint16(data))
		if data = data[2:]; len(data) < n {
			return nil, false
		}
		s, data = data[:n], data[n:]
		return s, true
	}
	for len(data) >= 2 {
		family := binary.BigEndian.Uint16(data)
		data = data[2:]
		var f [4][]byte // address, number of the display, name, cookie
		for i := range f {
			var ok bool
			if f[i], ok = field(); !ok {
				return nil
			}
		}
		ours := family == wild || family == local && string(f[0]) == host
		if ours && (len(f[1]) == 0 || string(f[1]) == display) && string(f[2]) == cookieName {
			return f[3]
		}
	}
	return nil
}

// setUp signs in.
func (x *conn) setUp(cookie []byte) error {
	if err := x.net.SetDeadline(time.Now().Add(dialTime)); err != nil {
		return err
	}
	name := ""
	if cookie != nil {
		name = cookieName
	}
	hello := []byte{'l', 0, 11, 0, 0, 0} // little endian, version 11.0
	hello = order.AppendUint16(hello, uint16(len(name)))
	hello = order.AppendUint16(hello, uint16(len(cookie)))
	hello = append(hello, 0, 0)
	hello = filled(append(hello, name...))
	hello = filled(append(hello, cookie...))
	if _, err := x.net.Write(hello); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(x.in, head); err != nil {
		return err
	}
	body := make([]byte, 4*int(order.Uint16(head[6:])))
	if _, err := io.ReadFull(x.in, body); err != nil {
		return err
	}
	if head[0] != 1 || len(body) < 32 {
		return errors.New("connection refused")
	}
	vendor, formats := int(order.Uint16(body[16:])), int(body[21])
	roots := 32 + (vendor+3)/4*4 + 8*formats
	if len(body) < roots+4 {
		return errors.New("short answer")
	}
	x.idBase, x.most = order.Uint32(body[4:]), 4*int(order.Uint16(body[18:]))
	x.root = order.Uint32(body[roots:])
	return x.net.SetDeadline(time.Time{})
}

// filled adds zeros up to a whole number of words.
func filled(b []byte) []byte { return append(b, make([]byte, (4-len(b)%4)%4)...) }

// request is a request of 32-bit values, and of bytes behind them.
func request(opcode, detail byte, values []uint32, more ...byte) []byte {
	b := []byte{opcode, detail, 0, 0}
	for _, v := range values {
		b = order.AppendUint32(b, v)
	}
	b = filled(append(b, more...))
	order.PutUint16(b[2:], uint16(len(b)/4))
	return b
}

// send makes a request without waiting for anything.
func (x *conn) send(b []byte) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.write(b)
}

// write sends a request. The server reads at once; that it does not is its end.
func (x *conn) write(b []byte) error {
	if x.err != nil {
		return x.err
	}
	x.seq++
	if err := x.net.SetWriteDeadline(time.Now().Add(dialTime)); err != nil {
		return err
	}
	_, err := x.net.Write(b)
	return err
}

// ask makes a request and waits for its reply: 32 bytes and what follows. It is
// not for the goroutine that reads.
func (x *conn) ask(ctx context.Context, b []byte) ([]byte, error) {
	got := make(chan []byte, 1)
	x.mu.Lock()
	err := x.write(b)
	seq := x.seq
	if err == nil {
		x.pending[seq] = got
	}
	x.mu.Unlock()
	if err != nil {
		return nil, err
	}
	defer func() {
		x.mu.Lock()
		delete(x.pending, seq)
		x.mu.Unlock()
	}()
	select {
	case reply, ok := <-got:
		switch {
		case !ok:
			return nil, errGone
		case reply[0] == 0:
			return nil, fmt.Errorf("error %d of the X server", reply[1])
		}
		return reply, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// read hands on what comes, until the connection ends: replies to who asked, and
// events to event, which must not wait.
func (x *conn) read(event func([]byte)) {
	for {
		b := make([]byte, 32)
		if _, err := io.ReadFull(x.in, b); err != nil {
			break
		}
		if b[0] > 1 {
			event(b)
			continue
		}
		if b[0] == 1 {
			n := 4 * int64(order.Uint32(b[4:]))
			if n > maxReply {
				break
			}
			b = append(b, make([]byte, n)...)
			if _, err := io.ReadFull(x.in, b[32:]); err != nil {
				break
			}
		}
		x.mu.Lock()
		if to := x.pending[order.Uint16(b[2:])]; to != nil {
			to <- b // has room for one
			delete(x.pending, order.Uint16(b[2:]))
		}
		x.mu.Unlock()
	}
	x.net.Close()
	x.mu.Lock()
	x.err = errGone
	for _, to := range x.pending {
		close(to)
	}
	x.pending = nil
	x.mu.Unlock()
}

// atom gives the number of a name.
func (x *conn) atom(ctx context.Context, name string) (uint32, error) {
	reply, err := x.ask(ctx, request(reqInternAtom, 0, []uint32{uint32(len(name))}, []byte(name)...))
	if err != nil {
		return 0, err
	}
	return order.Uint32(reply[8:]), nil
}
