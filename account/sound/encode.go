package sound

import (
	"encoding/binary"
	"io"
	"math/rand/v2"

	"linnet/account/sound/ogg"
)

// Speech is how voice messages are recorded.
var Speech = Format{Rate: opusRate, Channels: 1}

const (
	// packetFrames is what one packet holds: 20 ms, as Opus is made for.
	packetFrames = opusRate / 50
	// speechBits is the bit rate of speech: hardly told from the original.
	speechBits = 28_000
	// encoderDelay is how many frames later the encoder gives what it got; they
	// are left out at the beginning.
	encoderDelay = 312
	// packetBytes is more than a packet of that rate takes.
	packetBytes = 1275
)

// encoder makes packets of Opus out of packetFrames frames each.
type encoder interface {
	Encode(samples []int16, packet []byte) (n int, err error)
}

// Writer makes an Ogg file of speech.
type Writer struct {
	enc     encoder
	out     *ogg.Writer
	pending []int16
	packet  []byte
	frames  int64 // that came
	done    int64 // that were encoded
}

// NewWriter begins a file in the format Speech. An error says that there is no
// encoder in this build, or is one of writing.
func NewWriter(w io.Writer) (*Writer, error) {
	enc, err := newEncoder()
	if err != nil {
		return nil, err
	}
	s := &Writer{enc: enc, out: ogg.NewWriter(w, rand.Uint32()), packet: make([]byte, packetBytes)}
	head := append([]byte("OpusHead"), 1, 1)
	head = binary.LittleEndian.AppendUint16(head, encoderDelay)
	head = binary.LittleEndian.AppendUint32(head, opusRate)
	head = append(head, 0, 0, 0) // no gain, one stream
	tags := append([]byte("OpusTags"), 6, 0, 0, 0)
	tags = append(tags, "Linnet\x00\x00\x00\x00"...)
	for _, p := range [][]byte{head, tags} {
		if err := s.out.Packet(p, 0); err != nil {
			return nil, err
		}
		if err := s.out.Flush(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Write takes samples.
func (w *Writer) Write(samples []int16) error {
	w.frames += int64(len(samples))
	w.pending = append(w.pending, samples...)
	for len(w.pending) >= packetFrames {
		if err := w.encode(w.done + packetFrames); err != nil {
			return err
		}
	}
	return nil
}

// encode makes a packet of what is pending, which ends at a position.
func (w *Writer) encode(granule int64) error {
	n, err := w.enc.Encode(w.pending[:packetFrames], w.packet)
	if err != nil {
		return err
	}
	w.pending = append(w.pending[:0], w.pending[packetFrames:]...)
	w.done += packetFrames
	return w.out.Packet(w.packet[:n], granule)
}

// Close writes what is left. The last packet says where the sound ends in it.
func (w *Writer) Close() error {
	end := w.frames + encoderDelay
	for w.done < end {
		w.pending = append(w.pending, make([]int16, packetFrames-len(w.pending))...)
		if err := w.encode(min(end, w.done+packetFrames)); err != nil {
			return err
		}
	}
	return w.out.Close()
}
