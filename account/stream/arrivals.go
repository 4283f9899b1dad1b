package stream

import "sync"

// progress is how far one received stanza has come.
type progress uint8

const (
	unseen  progress = iota // to be taken when it comes, for the first time or again
	waiting                 // for the Handler, or with it
	settled                 // nothing more is to be done for it
)

// arrivals counts the stanzas of a managed stream (XEP-0198, section 4) as
// they are handled, whatever the number of links they come over. The numbers
// begin at 1 and wrap. What the server sends again because it was not handled
// yet when a link was lost is recognised by its number: it is the same stanza,
// and may well be waiting for the Handler already.
type arrivals struct {
	mu      sync.Mutex
	handled uint32     // everything up to this number is
	behind  []progress // of the stanzas that follow
	next    uint32     // the number of the next one to come
	turn    uint       // counts the links
	valid   uint       // what came in an earlier turn is not to be handled; it comes again

	asked uint32 // the last one that had come when the server asked for an answer
	owed  bool   // not everything up to asked was handled at that time
}

// maxBehind bounds behind. What waits for the Handler is bounded already; the
// rest are answers nobody waits for, and the like.
const maxBehind = 1 << 20

func newArrivals() *arrivals { return &arrivals{next: 1} }

// rewind is for a new link: it gives the count the server is told, which then
// sends everything behind it.
func (a *arrivals) rewind() uint32 {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next = a.handled + 1
	return a.handled
}

// begin starts a turn.
func (a *arrivals) begin() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn++
	a.owed = false
}

// come counts one stanza. It is new unless an earlier link has brought it.
func (a *arrivals) come() (number uint32, isNew bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	number = a.next
	a.next++
	i := int32(number - a.handled - 1)
	switch {
	case i < 0:
		return number, false, nil
	case i >= maxBehind:
		return 0, false, errTooMany
	case int(i) == len(a.behind):
		a.behind = append(a.behind, unseen)
	}
	return number, a.behind[i] == unseen, nil
}

// wait notes that a stanza is about to be given to the Handler, in the turn
// that is returned. It is false when the Handler has refused an earlier one:
// then this one has to come again behind it.
func (a *arrivals) wait(number uint32) (turn uint, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.turn < a.valid {
		return 0, false
	}
	a.set(number, waiting)
	return a.turn, true
}

// missed notes that a stanza could not be given to the Handler after all.
func (a *arrivals) missed(number uint32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.set(number, unseen)
}

func (a *arrivals) set(number uint32, p progress) {
	if i := int32(number - a.handled - 1); i >= 0 {
		a.behind[i] = p
	}
}

// settle notes that nothing more is to be done for a stanza. It is true when
// the server is to be told, since it has asked before.
func (a *arrivals) settle(number uint32) (tell bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.set(number, settled)
	for len(a.behind) > 0 && a.behind[0] == settled {
		a.behind = a.behind[1:]
		a.handled++
	}
	if len(a.behind) == 0 {
		a.behind = nil
	}
	tell = a.owed && int32(a.handled-a.asked) >= 0
	a.owed = a.owed && !tell
	return tell
}

// current gives the turn.
func (a *arrivals) current() uint {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.turn
}

// stale tells whether a stanza of a turn comes again.
func (a *arrivals) stale(turn uint) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return turn < a.valid
}

// refuse is for a stanza the Handler did not take: this one and everything
// that waits behind it have to come again.
func (a *arrivals) refuse() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.valid = a.turn + 1
	for i, p := range a.behind {
		if p == waiting {
			a.behind[i] = unseen
		}
	}
}

// ask is for a server that wants to know how far we are.
func (a *arrivals) ask() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = a.next - 1
	a.owed = int32(a.handled-a.asked) < 0
}

// count is how many stanzas are handled.
func (a *arrivals) count() uint32 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.handled
}
