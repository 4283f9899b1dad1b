//go:build unix

package desktop

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
)

// Screen speaks to the X server itself, for what has to be measured in less
// time than it takes to start xdotool: when a pixel changes, and when a key
// goes down. It is for one goroutine.
type Screen struct {
	conn  net.Conn
	root  uint32
	xtest byte // major opcode of the XTEST extension
}

// KeyReturn is the number of the Return key on the keyboard Xvfb has.
const KeyReturn = 36

// Requests of the X protocol we use.
const (
	requestGetImage       = 73
	requestQueryExtension = 98
	xtestFakeInput        = 2
)

// Screen connects to the desktop's X server.
func (d *Desktop) Screen() (*Screen, error) {
	at := slices.IndexFunc(d.Env, func(v string) bool { return strings.HasPrefix(v, "DISPLAY=:") })
	if at < 0 {
		return nil, errors.New("no display")
	}
	conn, err := net.Dial("unix", "/tmp/.X11-unix/X"+strings.TrimPrefix(d.Env[at], "DISPLAY=:"))
	if err != nil {
		return nil, err
	}
	s := &Screen{conn: conn}
	if err := s.setUp(); err != nil {
		conn.Close()
		return nil, fmt.Errorf("speaking to the X server: %w", err)
	}
	return s, nil
}

// Close ends the connection.
func (s *Screen) Close() error { return s.conn.Close() }

func (s *Screen) setUp() error {
	// Little endian, protocol 11.0, no authorization.
	if _, err := s.conn.Write([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(s.conn, head); err != nil {
		return err
	}
	body := make([]byte, 4*int(binary.LittleEndian.Uint16(head[6:])))
	if _, err := io.ReadFull(s.conn, body); err != nil {
		return err
	}
	if head[0] != 1 || len(body) < 32 {
		return errors.New("connection refused")
	}
	vendor, formats := int(binary.LittleEndian.Uint16(body[16:])), int(body[21])
	roots := 32 + (vendor+3)/4*4 + 8*formats
	if len(body) < roots+4 {
		return errors.New("short answer")
	}
	s.root = binary.LittleEndian.Uint32(body[roots:])
	reply, err := s.ask(append([]byte{requestQueryExtension, 0, 4, 0, 5, 0, 0, 0}, "XTEST\x00\x00\x00"...))
	if err != nil {
		return err
	}
	if reply[8] == 0 {
		return errors.New("no XTEST")
	}
	s.xtest = reply[9]
	return nil
}

// ask sends a request and returns its reply: 32 bytes and what follows.
func (s *Screen) ask(request []byte) ([]byte, error) {
	if _, err := s.conn.Write(request); err != nil {
		return nil, err
	}
	for {
		head := make([]byte, 32)
		if _, err := io.ReadFull(s.conn, head); err != nil {
			return nil, err
		}
		switch head[0] {
		case 0:
			return nil, fmt.Errorf("error %d of the X server", head[1])
		case 1:
			more := make([]byte, 4*int(binary.LittleEndian.Uint32(head[4:])))
			_, err := io.ReadFull(s.conn, more)
			return append(head, more...), err
		}
		// An event, which we did not ask for.
	}
}

// Pixel is the colour at a place of the screen, as 0xRRGGBB.
func (s *Screen) Pixel(x, y int) (uint32, error) {
	const zPixmap = 2
	b := []byte{requestGetImage, zPixmap, 5, 0}
	b = binary.LittleEndian.AppendUint32(b, s.root)
	for _, v := range []int{x, y, 1, 1} {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	reply, err := s.ask(binary.LittleEndian.AppendUint32(b, 0xffffffff))
	if err != nil {
		return 0, err
	}
	if len(reply) < 36 {
		return 0, errors.New("no pixel in the answer")
	}
	return binary.LittleEndian.Uint32(reply[32:]) & 0xffffff, nil
}

// Press presses and releases a key, given by its number on the keyboard.
func (s *Screen) Press(key byte) error {
	const down, up = 2, 3
	for _, kind := range []byte{down, up} {
		request := make([]byte, 36)
		copy(request, []byte{s.xtest, xtestFakeInput, 9, 0, kind, key})
		if _, err := s.conn.Write(request); err != nil {
			return err
		}
	}
	return nil
}
