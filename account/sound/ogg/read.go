package ogg

import (
	"bufio"
	"bytes"
	"io"
)

// Packet is one packet of a stream.
type Packet struct {
	Data    []byte // valid until the next packet is read
	Granule int64  // the position after it, as the codec counts; -1: not said
	Last    bool   // the stream ends with it
	Cut     bool   // it was larger than MaxPacket: Data is its beginning
}

// Reader gives the packets of the first stream of a file. Others that lie
// beside or behind it are passed over, and so is what is damaged.
type Reader struct {
	r       *bufio.Reader
	serial  uint32
	begun   bool
	ended   bool
	page    page
	at, off int    // the next lacing value of the page, and its byte
	open    bool   // data begins a packet that the next page goes on with
	data    []byte // of the packet being read
	cut     bool   // it has more
	wrong   int    // what looked like a page and was none
}

// NewReader reads from the beginning of a file.
func NewReader(r io.Reader) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, 2*maxPage)}
}

// Serial is the number of the stream, once a packet was read.
func (r *Reader) Serial() uint32 { return r.serial }

// Next gives the next packet; io.EOF at the end. Errors are those of reading.
func (r *Reader) Next() (Packet, error) {
	for {
		for r.at == len(r.page.segments) {
			if r.ended {
				return Packet{}, io.EOF
			}
			if err := r.nextPage(); err != nil {
				return Packet{}, err
			}
		}
		if p, ok := r.packet(); ok {
			return p, nil
		}
	}
}

// packet takes the next packet from the page; false if it goes on in the next.
func (r *Reader) packet() (Packet, bool) {
	if !r.open {
		r.data, r.cut = r.data[:0], false
	}
	segs := r.page.segments
	for r.at < len(segs) {
		n := int(segs[r.at])
		r.at++
		fits := min(n, MaxPacket-len(r.data))
		r.data = append(r.data, r.page.body[r.off:r.off+fits]...)
		r.cut = r.cut || fits < n
		r.off += n
		if n == 255 {
			continue
		}
		r.open = false
		p := Packet{Data: r.data, Granule: -1, Cut: r.cut}
		if !endsAnother(segs[r.at:]) {
			p.Granule, p.Last = r.page.granule, r.ended
		}
		return p, true
	}
	r.open = true
	return Packet{}, false
}

// endsAnother tells whether another packet ends in the lacing values.
func endsAnother(segments []byte) bool {
	for _, n := range segments {
		if n < 255 {
			return true
		}
	}
	return false
}

// nextPage reads the next page of the stream.
func (r *Reader) nextPage() error {
	for {
		p, err := r.readPage()
		if err != nil {
			return err
		}
		if !r.begun {
			if p.flags&flagFirst == 0 {
				continue
			}
			r.begun, r.serial = true, p.serial
		}
		if p.serial != r.serial {
			continue
		}
		r.page, r.at, r.off = p, 0, 0
		r.ended = p.flags&flagLast != 0
		if continued := p.flags&flagContinued != 0; continued != r.open {
			r.open = false
			if continued { // its beginning is lost
				r.skipRest()
			}
		}
		return nil
	}
}

// skipRest skips the end of a packet.
func (r *Reader) skipRest() {
	for r.at < len(r.page.segments) {
		n := r.page.segments[r.at]
		r.at++
		r.off += int(n)
		if n < 255 {
			return
		}
	}
}

// readPage reads the next page that is whole; it is valid until the next one. What
// only looks like a page is looked into for another, a few times in a file.
func (r *Reader) readPage() (page, error) {
	for ; r.wrong < maxTries; r.wrong++ {
		if err := r.sync(); err != nil {
			return page{}, err
		}
		b, err := r.r.Peek(maxPage) // fewer near the end
		if err != nil && err != io.EOF {
			return page{}, err
		}
		p, n := pageAt(b)
		if _, err := r.r.Discard(max(1, n)); err != nil || n > 0 {
			return p, err
		}
	}
	return page{}, io.EOF
}

// sync goes to where a page may begin.
func (r *Reader) sync() error {
	for {
		b, err := r.r.Peek(len(capture) + 1)
		if err != nil {
			return err
		}
		if [4]byte(b) == capture && b[4] == 0 {
			return nil
		}
		skip := max(1, bytes.IndexByte(b[1:], capture[0])+1)
		if _, err := r.r.Discard(skip); err != nil {
			return err
		}
	}
}

// LastGranule finds the position at the end of a stream without reading what is
// between; 0 if the end does not say.
func LastGranule(r io.ReadSeeker, serial uint32) (int64, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	const room = 2 * maxPage // so that a whole page is in it
	if _, err := r.Seek(max(0, size-room), io.SeekStart); err != nil {
		return 0, err
	}
	tail, err := io.ReadAll(io.LimitReader(r, room))
	if err != nil {
		return 0, err
	}
	end := len(tail)
	for range maxTries {
		at := bytes.LastIndex(tail[:end], capture[:])
		if at < 0 {
			break
		}
		if p, n := pageAt(tail[at:]); n > 0 && p.serial == serial && p.granule > 0 {
			return p.granule, nil
		}
		end = at
	}
	return 0, nil
}

// maxTries bounds the places that look like a page and are none which are looked
// at: each costs a checksum.
const maxTries = 64

// pageAt takes apart a page at the beginning of b, and says how many bytes it has;
// 0 if there is none that is whole.
func pageAt(b []byte) (p page, n int) {
	if len(b) < headSize || [4]byte(b) != capture || b[4] != 0 {
		return page{}, 0
	}
	body := headSize + int(b[26])
	if len(b) < body {
		return page{}, 0
	}
	n = body
	for _, s := range b[headSize:body] {
		n += int(s)
	}
	if len(b) < n {
		return page{}, 0
	}
	p, ok := parse([headSize]byte(b), b[headSize:body], b[body:n])
	if !ok {
		return page{}, 0
	}
	return p, n
}
