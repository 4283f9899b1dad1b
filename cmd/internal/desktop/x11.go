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
	conn   net.Conn
	root   uint32
	idBase uint32 // of what this connection makes
	xtest  byte   // major opcode of the XTEST extension
}

// Numbers of keys on the keyboard Xvfb has.
const (
	Key1      = 10
	Key2      = 11
	KeyReturn = 36
	KeyAlt    = 64
)

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
	s.idBase = binary.LittleEndian.Uint32(body[4:])
	var err error
	s.xtest, _, err = s.extension("XTEST")
	return err
}

// extension gives the major opcode of an extension and the number of its first
// event.
func (s *Screen) extension(name string) (opcode, event byte, err error) {
	reply, err := s.ask(named(requestQueryExtension, 0, name))
	if err != nil {
		return 0, 0, err
	}
	if reply[8] == 0 {
		return 0, 0, fmt.Errorf("no %s", name)
	}
	return reply[9], reply[10], nil
}

// named is a request that consists of a name.
func named(opcode, detail byte, name string) []byte {
	words := (len(name) + 3) / 4
	b := []byte{opcode, detail, byte(2 + words), 0, byte(len(name)), 0, 0, 0}
	b = append(b, name...)
	return append(b, make([]byte, 4*words-len(name))...)
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

// Image is the colours of a part of the screen, row by row, four bytes each:
// blue, green, red and one without meaning.
func (s *Screen) Image(x, y, width, height int) ([]byte, error) {
	const zPixmap = 2
	b := []byte{requestGetImage, zPixmap, 5, 0}
	b = binary.LittleEndian.AppendUint32(b, s.root)
	for _, v := range []int{x, y, width, height} {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	reply, err := s.ask(binary.LittleEndian.AppendUint32(b, 0xffffffff))
	if err != nil {
		return nil, err
	}
	if len(reply) < 32+4*width*height {
		return nil, errors.New("no image in the answer")
	}
	return reply[32:], nil
}

// Pixel is the colour at a place of the screen, as 0xRRGGBB.
func (s *Screen) Pixel(x, y int) (uint32, error) {
	image, err := s.Image(x, y, 1, 1)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(image) & 0xffffff, nil
}

// Press presses keys one after the other, each given by its number on the
// keyboard, and then releases them.
func (s *Screen) Press(keys ...byte) error {
	const down, up = 2, 3
	for _, key := range keys {
		if err := s.fake(down, key, 0, 0); err != nil {
			return err
		}
	}
	for _, key := range slices.Backward(keys) {
		if err := s.fake(up, key, 0, 0); err != nil {
			return err
		}
	}
	return nil
}

// Point moves the pointer.
func (s *Screen) Point(x, y int) error {
	const motion = 6
	return s.fake(motion, 0, x, y)
}

// WheelUp is the number of the button that stands for a notch of the wheel.
const WheelUp = 4

// Click presses and releases a button of the mouse.
func (s *Screen) Click(button byte) error {
	const down, up = 4, 5
	if err := s.fake(down, button, 0, 0); err != nil {
		return err
	}
	return s.fake(up, button, 0, 0)
}

// fake makes one event of keyboard or mouse.
func (s *Screen) fake(kind, detail byte, x, y int) error {
	request := make([]byte, 36)
	copy(request, []byte{s.xtest, xtestFakeInput, 9, 0, kind, detail})
	binary.LittleEndian.PutUint16(request[24:], uint16(x))
	binary.LittleEndian.PutUint16(request[26:], uint16(y))
	_, err := s.conn.Write(request)
	return err
}
