package stream

import (
	"bytes"
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
}

// What a framer refuses. Each ends the stream: the place where the next
// element starts is no longer known, or must not be believed.
var (
	errTooLong    = errors.New("element is too long")
	errTooDeep    = errors.New("element is nested too deep")
	errTooMany    = errors.New("tag has too many attributes")
	errRestricted = errors.New("comment, processing instruction or document type in a stream") // RFC 6120, section 11.1
	errMalformed  = errors.New("not well-formed XML")
	errNotStream  = errors.New("not an XML stream")
)

// scanState is where in the XML syntax the scan of a framer stands.
type scanState uint8

const (
	inText      scanState = iota
	afterLess             // <
	inBang                // <! and a part of [CDATA[
	inCDATA               // <![CDATA[
	inDecl                // <?xml
	inStart               // in a start tag, outside quotes
	inQuote               // in an attribute value
	inStartDone           // after the / of a start tag
	inEnd                 // in an end tag
)

const cdataOpen = "[CDATA["

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
	attrs  int
	depth  int
	opened bool // the stream header was seen
	decl   bool // an XML declaration was seen
}

const (
	readSize = 8 << 10  // the least room given to a read; TLS records hold up to 16 KiB
	keepSize = 64 << 10 // a larger buffer is let go once its element is done
)

func newFramer(r io.Reader, l limits) *framer {
	return &framer{r: r, lim: l}
}

// restart makes the framer expect a new stream header on the same
// connection, under other limits.
func (f *framer) restart(l limits) {
	f.lim = l
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
			if errors.Is(err, io.EOF) && f.pos > f.start {
				err = io.ErrUnexpectedEOF
			}
			return frame{}, err
		}
	}
}

// take returns what was scanned since the last frame.
func (f *framer) take() frame {
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
			err = errTooLong
		}
		if done || err != nil {
			return done, err
		}
	}
	return false, nil
}

// text goes to the next tag.
func (f *framer) text() error {
	rest := f.buf[f.pos:]
	i := bytes.IndexByte(rest, '<')
	if i >= 0 {
		rest = rest[:i]
	}
	f.pos += len(rest)
	if f.depth == 0 {
		for _, c := range rest {
			if !isSpace(c) {
				if !f.opened {
					return errNotStream
				}
				return errMalformed
			}
		}
		f.start = f.pos
	}
	if i >= 0 {
		f.pos++
		f.state = afterLess
	}
	return nil
}

// step takes one byte in the states that are left soon.
func (f *framer) step(c byte) (bool, error) {
	f.pos++
	switch f.state {
	case afterLess:
		return false, f.afterLess(c)
	case inBang:
		if c != cdataOpen[f.match] {
			return false, errRestricted
		}
		if f.match++; f.match == len(cdataOpen) {
			f.state, f.match = inCDATA, 0
		}
	case inCDATA:
		switch {
		case c == ']':
			f.match = min(f.match+1, 2)
		case c == '>' && f.match == 2:
			f.state = inText
		default:
			f.match = 0
			if i := bytes.IndexByte(f.buf[f.pos:], ']'); i > 0 {
				f.pos += i
			}
		}
	case inDecl:
		return false, f.declaration(c)
	case inStartDone:
		if c != '>' {
			return false, errMalformed
		}
		f.state = inText
		if !f.opened {
			return false, errNotStream
		}
		return f.depth == 0, nil
	}
	return false, nil
}

func (f *framer) afterLess(c byte) error {
	switch {
	case c == '/':
		if !f.opened {
			return errNotStream
		}
		f.state = inEnd
	case c == '!' && f.depth > 0:
		f.state, f.match = inBang, 0
	case c == '?' && !f.opened && !f.decl:
		f.state, f.decl = inDecl, true
	case c == '!' || c == '?':
		return errRestricted
	case 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c == ':' || c >= 0x80:
		if f.depth >= f.lim.depth {
			return errTooDeep
		}
		f.state, f.attrs = inStart, 0
	case !f.opened:
		return errNotStream
	default:
		return errMalformed
	}
	return nil
}

// declaration skips <?xml ...?>.
func (f *framer) declaration(c byte) error {
	const open = "<?xml"
	seen := f.buf[f.start:f.pos]
	if len(seen) <= len(open) && open[len(seen)-1] != c {
		return errRestricted
	}
	if len(seen) == len(open)+1 && !isSpace(c) {
		return errRestricted
	}
	if c == '>' && seen[len(seen)-2] == '?' {
		f.state = inText
		f.start = f.pos
	}
	return nil
}

// startTag goes to the end of a start tag or the next quote in it.
func (f *framer) startTag() (bool, error) {
	for i, c := range f.buf[f.pos:] {
		switch c {
		case '"', '\'':
			f.pos += i + 1
			f.quote, f.state = c, inQuote
			if f.attrs++; f.attrs > f.lim.attrs {
				return false, errTooMany
			}
			return false, nil
		case '/':
			f.pos += i + 1
			f.state = inStartDone
			return false, nil
		case '<':
			return false, errMalformed
		case '>':
			f.pos += i + 1
			f.state = inText
			if !f.opened {
				if localName(f.buf[f.start+1:f.pos]) != "stream" {
					return false, errNotStream
				}
				return true, nil
			}
			f.depth++
			return false, nil
		}
	}
	f.pos = len(f.buf)
	return false, nil
}

// value goes to the end of an attribute value.
func (f *framer) value() error {
	rest := f.buf[f.pos:]
	i := bytes.IndexByte(rest, f.quote)
	if i >= 0 {
		rest = rest[:i]
		f.pos++
		f.state = inStart
	}
	f.pos += len(rest)
	if bytes.IndexByte(rest, '<') >= 0 {
		return errMalformed
	}
	return nil
}

// endTag goes to the end of an end tag.
func (f *framer) endTag() (bool, error) {
	rest := f.buf[f.pos:]
	i := bytes.IndexByte(rest, '>')
	if i < 0 {
		f.pos = len(f.buf)
	} else {
		f.pos += i + 1
		rest = rest[:i]
	}
	if bytes.IndexByte(rest, '<') >= 0 {
		return false, errMalformed
	}
	if i < 0 {
		return false, nil
	}
	f.state = inText
	if f.depth == 0 {
		return true, nil
	}
	f.depth--
	return f.depth == 0, nil
}

// localName returns the local part of the name a tag begins with. The names
// every stream is made of cost no allocation.
func localName(tag []byte) string {
	for i, c := range tag {
		if isSpace(c) || c == '/' || c == '>' {
			tag = tag[:i]
			break
		}
	}
	if i := bytes.IndexByte(tag, ':'); i >= 0 {
		tag = tag[i+1:]
	}
	switch string(tag) {
	case "message":
		return "message"
	case "presence":
		return "presence"
	case "iq":
		return "iq"
	case "r":
		return "r"
	case "a":
		return "a"
	}
	return string(tag)
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
