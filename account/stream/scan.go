package stream

import "bytes"

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
		f.state, f.attrs = inStart, 0
		f.tags++
		if f.depth >= f.lim.depth {
			return f.excess(errTooDeep)
		}
		if f.tags > f.lim.tags {
			return f.excess(errTooMany)
		}
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
				return false, f.excess(errTooMany)
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
