package stream

import (
	"strings"
	"time"
)

// limits bound what one element read from a server may cost. They are
// enforced while reading, before anything is parsed.
type limits struct {
	bytes int // length of one element, or of the stream header
	depth int // nesting inside one element, itself included
	attrs int // attributes and namespace declarations of one tag
	tags  int // start tags in one element, its own included
	// skip is how long an element beyond the others may be and still be passed
	// over without ending the stream; 0 means that it ends the stream.
	skip int
}

// beforeBind holds until a resource is bound. Feature lists and SASL
// challenges take a few kilobytes at most.
var beforeBind = limits{bytes: 64 << 10, depth: 16, attrs: 32, tags: 1000}

// afterBind holds for stanzas. The largest element of the server's own is a
// roster, which comes in one piece and takes about 150 bytes and two or three
// tags a contact. Nesting and attributes are far above what any extension
// uses. Anybody can send a stanza beyond the limits: servers cap what users
// send each other at 256 or 512 KiB, but writing it again they repeat
// namespaces and escape characters, which makes it many times longer.
var afterBind = limits{bytes: 2 << 20, depth: 128, attrs: 128, tags: 64 << 10, skip: 64 << 20}

const (
	// connectTimeout bounds one call of connect: every target, lookup and
	// step together.
	connectTimeout = 90 * time.Second
	// lookupTimeout bounds each of the two rounds of DNS questions. Resolvers
	// give up after 5 s per server by default; a user does not wait longer.
	lookupTimeout = 5 * time.Second
	// targetTimeout bounds reaching one host and port over all its addresses.
	targetTimeout = 10 * time.Second
	// stepTimeout bounds each exchange with a server that has accepted a
	// connection. Password checks against a slow directory take seconds.
	stepTimeout = 15 * time.Second
	// attemptDelay is the pause before the next address is tried beside one
	// that has not answered yet (RFC 8305, section 5).
	attemptDelay = 250 * time.Millisecond

	// maxQuote bounds, in bytes, what errors and the log repeat of what servers
	// and strangers say.
	maxQuote = 500
	// maxAddress is the length in bytes of the longest JID (RFC 7622).
	maxAddress = 3*1023 + 2

	// maxTargets bounds how many hosts of a domain are tried: a DNS answer is
	// not to be trusted with our time.
	maxTargets = 8
	// maxAddresses bounds how many addresses of one host are tried.
	maxAddresses = 8
	// maxRedirects bounds how often see-other-host is followed.
	maxRedirects = 3
)

// short cuts what others say to maxQuote.
func short(s string) string {
	if len(s) <= maxQuote {
		return s
	}
	return strings.ToValidUTF8(s[:maxQuote], "")
}
