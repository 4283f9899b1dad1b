package ogg

import "io"

// pagePackets is how many packets a page has at most: a second of sound in parts
// of 20 ms, so that a reader can begin near any place.
const pagePackets = 50

// Writer writes one stream.
type Writer struct {
	w       io.Writer
	page    page
	number  uint32
	packets int
}

// NewWriter begins a stream with a number of its own.
func NewWriter(w io.Writer, serial uint32) *Writer {
	return &Writer{w: w, page: page{flags: flagFirst, granule: -1, serial: serial}}
}

// Packet writes a packet that ends at a position, as the codec counts. It may
// be kept for a while.
func (w *Writer) Packet(data []byte, granule int64) error {
	if len(data) > MaxPacket {
		return ErrLarge
	}
	need := len(data)/255 + 1
	if w.packets == pagePackets || len(w.page.segments)+need > maxSegments {
		if err := w.Flush(); err != nil {
			return err
		}
	}
	rest := len(data)
	for ; rest >= 255; rest -= 255 {
		w.page.segments = append(w.page.segments, 255)
	}
	w.page.segments = append(w.page.segments, byte(rest))
	w.page.body = append(w.page.body, data...)
	w.page.granule = granule
	w.packets++
	return nil
}

// Flush ends the page, as after the packets of a header.
func (w *Writer) Flush() error {
	_, err := w.w.Write(w.page.format(w.number))
	w.number++
	w.packets = 0
	w.page = page{granule: -1, serial: w.page.serial, segments: w.page.segments[:0], body: w.page.body[:0]}
	return err
}

// Close writes what is left and the end of the stream.
func (w *Writer) Close() error {
	w.page.flags |= flagLast
	return w.Flush()
}
