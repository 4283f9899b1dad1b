package stream

import (
	"errors"
	"io"
)

// frameKind tells the three things a stream consists of.
type frameKind uint8

const (
	frameHeader  frameKind = iota // the start tag of the stream, without an XML declaration
	frameElement                  // one whole element right below the stream
	frameEnd                      // the end tag of the stream
)

// frame is one piece of a stream.
type frame struct {
	kind frameKind
	raw  []byte // as received; valid until the next call of next
	name string // local name of the element's tag
	over bool   // the element was beyond the limits and is not in raw
}

// What a framer refuses. Each ends the stream: the place where the next
// element starts is no longer known, or must not be believed.
var (
	errTooLong    = errors.New("element is too long")
	errTooDeep    = errors.New("element is nested too deep")
	errTooMany    = errors.New("element has too many parts")
	errRestricted = errors.New("comment, processing instruction or document type in a stream") // RFC 6120, section 11.1
	errMalformed  = errors.New("not well-formed XML")
	errNotStream  = errors.New("not an XML stream")
)

// framer cuts the bytes of a stream into its header, the elements below it
// and its end. It looks only at what decides where these begin and end;
// whether names match and text is UTF-8 is for the parser of each frame to
// say. It is for one goroutine.
type framer struct {
	r   io.Reader
	lim limits

	buf        []byte
	start, pos int // of the piece being scanned; start <= pos <= len(buf)

	state  scanState
	quote  byte // that ends the attribute value
	match  int  // bytes matched of cdataOpen, ]]> or ?>
	attrs  int  // of the tag
	tags   int  // of the element
	depth  int
	opened bool // the stream header was seen
	decl   bool // an XML declaration was seen

	over    bool   // the element is beyond the limits: it is passed over
	name    string // of that element
	skipped int    // bytes of it that are gone
}

const (
	readSize = 8 << 10  // the least room given to a read; TLS records hold up to 16 KiB
	keepSize = 64 << 10 // a larger buffer is let go once its element is done
	keepName = 64       // bytes of a tag that hold the name of any stanza
)

func newFramer(r io.Reader, l limits) *framer {
	return &framer{r: r, lim: l}
}

// restart makes the framer expect a new stream header on the same connection.
func (f *framer) restart() {
	f.opened, f.decl, f.depth = false, false, 0
}

// buffered tells how many bytes were read beyond the last frame.
func (f *framer) buffered() int { return len(f.buf) - f.pos }

// next reads up to the end of the next frame. White space between elements is
// skipped. An error of the reader is returned as it is (io.EOF becomes
// io.ErrUnexpectedEOF inside an element) and next may be called again after
// it; what the framer itself refuses is final.
func (f *framer) next() (frame, error) {
	for {
		done, err := f.scan()
		if err != nil {
			return frame{}, err
		}
		if done {
			return f.take(), nil
		}
		if err := f.fill(); err != nil {
			if errors.Is(err, io.EOF) && (f.pos > f.start || f.over) {
				err = io.ErrUnexpectedEOF
			}
			return frame{}, err
		}
	}
}

// take returns what was scanned since the last frame.
func (f *framer) take() frame {
	f.tags = 0
	if f.over {
		over := frame{kind: frameElement, name: f.name, over: true}
		f.over, f.name, f.skipped = false, "", 0
		return over
	}
	raw := f.buf[f.start:f.pos:f.pos]
	f.start = f.pos
	switch {
	case !f.opened:
		f.opened = true
		return frame{kind: frameHeader, raw: raw, name: localName(raw[1:])}
	case raw[1] == '/':
		return frame{kind: frameEnd, raw: raw, name: localName(raw[2:])}
	}
	return frame{kind: frameElement, raw: raw, name: localName(raw[1:])}
}

// fill reads once, moving the unfinished piece to the front when there is
// little room behind it.
func (f *framer) fill() error {
	if f.start == len(f.buf) {
		f.start, f.pos = 0, 0
		f.buf = f.buf[:0]
		if cap(f.buf) > keepSize {
			f.buf = nil
		}
	}
	if cap(f.buf)-len(f.buf) < readSize {
		have := len(f.buf) - f.start
		to := f.buf[:0]
		if have+readSize > cap(f.buf) {
			to = make([]byte, 0, max(2*have, have+readSize))
		}
		f.buf = append(to, f.buf[f.start:]...)
		f.pos -= f.start
		f.start = 0
	}
	n, err := f.r.Read(f.buf[len(f.buf):cap(f.buf)])
	f.buf = f.buf[:len(f.buf)+n]
	if n > 0 {
		return nil
	}
	return err
}

// scan goes on to the end of a frame (true) or of the buffer (false).
func (f *framer) scan() (bool, error) {
	for f.pos < len(f.buf) {
		var done bool
		var err error
		switch f.state {
		case inText:
			err = f.text()
		case inQuote:
			err = f.value()
		case inStart:
			done, err = f.startTag()
		case inEnd:
			done, err = f.endTag()
		default:
			done, err = f.step(f.buf[f.pos])
		}
		if err == nil && f.pos-f.start > f.lim.bytes {
			err = f.excess(errTooLong)
		}
		if err == nil && f.over {
			err = f.discard()
		}
		if done || err != nil {
			return done, err
		}
	}
	return false, nil
}

// excess decides about an element that is beyond the limits: it is passed
// over, or the error is final.
func (f *framer) excess(err error) error {
	if f.over {
		return nil
	}
	begin := f.buf[f.start+1 : min(f.pos, f.start+keepName)]
	if f.lim.skip == 0 || !f.opened || begin[0] == '/' {
		return err
	}
	f.over = true
	f.name = localName(begin)
	return nil
}

// discard forgets what was scanned of an element that is passed over.
func (f *framer) discard() error {
	f.skipped += f.pos - f.start
	f.start = f.pos
	if f.skipped > f.lim.skip {
		return errTooLong
	}
	return nil
}
