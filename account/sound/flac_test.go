package sound

import (
	"bytes"
	"errors"
	"log"
	"testing"
	"time"
)

// logged gives what is written to the log of the program meanwhile.
func logged(do func()) string {
	var b bytes.Buffer
	was := log.Writer()
	defer log.SetOutput(was)
	log.SetOutput(&b)
	do()
	return b.String()
}

// TestChattyFLAC holds that no file has lines written to the log of the program,
// for each of its frames.
func TestChattyFLAC(t *testing.T) {
	const head = 8 + flacInfo
	for _, rate := range []int{24_000, 176_400} {
		f := Format{rate, 1}
		chatty := flacOf(t, f, tone(f, 440, 100*time.Millisecond))
		quiet := flacOf(t, Speech, tone(Speech, 440, 100*time.Millisecond))
		if lines := logged(func() {
			if _, err := Open(bytes.NewReader(chatty)); !errors.Is(err, ErrKind) {
				t.Errorf("%d a second: %v", rate, err)
			}
			// A file may say one rate, and have frames of another.
			d, err := Open(bytes.NewReader(append(quiet, chatty[head:]...)))
			if err != nil {
				t.Fatal(err)
			}
			buf := make([]int16, 4096)
			for err == nil {
				_, err = d.Read(buf)
			}
			if !errors.Is(err, ErrBroken) {
				t.Errorf("frames of another rate: %v", err)
			}
		}); lines != "" {
			t.Errorf("%d a second: logged %q", rate, lines)
		}
	}
}

// TestFLACTries holds that what only looks like frames is not looked at for long.
func TestFLACTries(t *testing.T) {
	data := flacOf(t, Speech, tone(Speech, 440, 10*time.Millisecond))
	for tries, want := range map[int]bool{flacTries - 1: true, flacTries: false} {
		like := bytes.Repeat([]byte{0xFF, 0xF8, 0, 0}, tries)
		file := bytes.NewReader(append(like, data[8+flacInfo:]...))
		d := &flacDecoder{src: file}
		at, _, ok := d.frameAfter(0)
		if ok != want || ok && at != int64(len(like)) {
			t.Errorf("behind %d: %v at %d", tries, ok, at)
		}
	}
}

// TestEmptyFLAC holds that frames without a sound are not read one after the
// other, as many as a file has.
func TestEmptyFLAC(t *testing.T) {
	data := flacOf(t, Speech, tone(Speech, 440, 10*time.Millisecond))
	// A block of 65536 samples is one more than there may be.
	empty := []byte{0xFF, 0xF8, 0x70, 0x08, 0, 0xFF, 0xFF}
	empty = append(empty, crc8(empty), 0, 0, 0) // one channel: a constant of 16 bits
	sum := crc16(empty)
	empty = append(empty, byte(sum>>8), byte(sum))
	d, err := Open(bytes.NewReader(append(data[:8+flacInfo:8+flacInfo], append(empty, data[8+flacInfo:]...)...)))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := d.Read(make([]int16, 4096)); !errors.Is(err, ErrBroken) {
		t.Errorf("read %d, %v", n, err)
	}
}

// crc8 and crc16 are the sums of frames of FLAC (RFC 9639, section 9.1.8 and 9.3).
func crc8(b []byte) (sum byte) {
	for _, x := range b {
		sum ^= x
		for range 8 {
			over := sum&0x80 != 0
			if sum <<= 1; over {
				sum ^= 0x07
			}
		}
	}
	return sum
}

func crc16(b []byte) (sum uint16) {
	for _, x := range b {
		sum ^= uint16(x) << 8
		for range 8 {
			over := sum&0x8000 != 0
			if sum <<= 1; over {
				sum ^= 0x8005
			}
		}
	}
	return sum
}
