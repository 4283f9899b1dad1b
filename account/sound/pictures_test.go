//go:build cgo

package sound

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
	"time"
)

// TestPictures has comments with a picture, which are larger than any packet of
// sound.
func TestPictures(t *testing.T) {
	f := Format{44100, 1}
	const frames = 3000
	for name, x := range map[string]struct {
		file   []byte
		packet []byte // that it has for comments
		frames int
	}{
		"Vorbis": {vorbisOf(t, f, frames, vorbisSetup(1), vorbisComments), vorbisComments, frames},
		"Opus":   {record(t, tone(Speech, 440, time.Second)), nil, opusRate},
	} {
		first, rest := oggPage(t, x.file)
		second, sound := oggPage(t, rest)
		after := second[27+int(second[26])+len(x.packet):]
		if x.packet == nil { // they are the page
			after = nil
		}
		large := bigPacket(1, second[14:18], make([]byte, 200_000), after)
		d, err := Open(bytes.NewReader(slices.Concat(first, large, sound)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := len(all(t, d)); got != x.frames {
			t.Errorf("%s: %d frames", name, got)
		}
	}
}

// oggPage cuts the first page off.
func oggPage(t *testing.T, data []byte) (page, rest []byte) {
	t.Helper()
	if !bytes.HasPrefix(data, []byte("OggS")) {
		t.Fatal("no page")
	}
	n := 27 + int(data[26])
	for _, s := range data[27:n] {
		n += int(s)
	}
	return data[:n], data[n:]
}

// bigPacket makes pages of a packet, and of one that follows unless it is nil.
func bigPacket(number byte, serial, packet, after []byte) (pages []byte) {
	for flags := byte(0); ; flags, number = 1, number+1 {
		n := min(len(packet), 255*255)
		lacing := bytes.Repeat([]byte{255}, n/255)
		body := packet[:n/255*255]
		if n < 255*255 { // the last
			lacing, body = append(lacing, byte(n%255)), packet
			if after != nil {
				for rest := len(after); rest >= 0; rest -= 255 {
					lacing = append(lacing, byte(min(rest, 255)))
				}
				body = slices.Concat(body, after)
			}
		}
		page := slices.Concat([]byte{'O', 'g', 'g', 'S', 0, flags}, make([]byte, 8), serial, []byte{number, 0, 0, 0}, make([]byte, 4), []byte{byte(len(lacing))}, lacing, body)
		sum := uint32(0)
		for _, x := range page {
			sum ^= uint32(x) << 24
			for range 8 {
				over := sum>>31 != 0
				if sum <<= 1; over {
					sum ^= 0x04c11db7
				}
			}
		}
		binary.LittleEndian.PutUint32(page[22:], sum)
		pages = append(pages, page...)
		if n < 255*255 {
			return pages
		}
		packet = packet[n/255*255:]
	}
}
