package account

import (
	"strings"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/carbons"
	"linnet/account/xep/chatstates"
	"linnet/account/xep/delay"
	"linnet/account/xep/eme"
	"linnet/account/xep/mam"
	"linnet/account/xep/pubsub"
	"linnet/account/xep/retry"
	"linnet/account/xep/stanzaid"
	"linnet/account/xep/styling"
	"linnet/storage"
)

// Bounds of messages.
const (
	// maxReceived bounds a stored body in bytes: twice what we send. What is
	// cut off is shown as cutMark.
	maxReceived = 128 << 10
	cutMark     = "\n[…]"
	// maxIDSize bounds the ids of others; real ones have up to 64 bytes.
	maxIDSize = 256
	// maxOffline is how far back the server may date a message it held.
	maxOffline = 2 * 365 * 24 * time.Hour
	// maxClockStep is how far the clock may be set back without a live message
	// being put before those that came earlier.
	maxClockStep = time.Hour
	// stampStep is how coarse the time of a held message may be: some servers
	// cut it to seconds.
	stampStep = time.Second
	// clockError is how far the clocks of the server and this machine may be
	// apart, and how long it may take to notice that a link is dead.
	clockError = 10 * time.Minute
)

// content is all that is read of what a message holds; extensions have their
// fields here, so that a message is decoded once.
type content struct {
	Bodies    []langText          `xml:"jabber:client body"`
	Error     *stream.StanzaError `xml:"jabber:client error"`
	Delay     []delay.Delay       `xml:"urn:xmpp:delay delay"`
	OriginID  stanzaid.OriginID   `xml:"urn:xmpp:sid:0 origin-id"`
	StanzaIDs []stanzaid.StanzaID `xml:"urn:xmpp:sid:0 stanza-id"`
	Retry     *retry.Retry        `xml:"https://linnet.im/retry:0 retry"`
	Unstyled  *styling.Unstyled   `xml:"urn:xmpp:styling:0 unstyled"`
	Encrypted *eme.Encryption     `xml:"urn:xmpp:eme:0 encryption"`
	filesIn
	linksIn
	marksIn
	notesIn
	chatstates.Received
}

// messageIn is a received message: what it holds itself, or the one it wraps.
// Which of those can be believed is not for the message to say.
type messageIn struct {
	content
	Received *carbons.Received[copied] `xml:"urn:xmpp:carbons:2 received"`
	Sent     *carbons.Sent[copied]     `xml:"urn:xmpp:carbons:2 sent"`
	Result   *mam.Result[copied]       `xml:"urn:xmpp:mam:2 result"`
	Event    *pubsub.Event[pepItem]    `xml:"http://jabber.org/protocol/pubsub#event event"`

	stanza *stream.Stanza // all of it
}

// copied is a message inside another one.
type copied struct {
	From string `xml:"from,attr"`
	To   string `xml:"to,attr"`
	Type string `xml:"type,attr"`
	ID   string `xml:"id,attr"`
	content
}

// heard is a message whose addresses are checked, however it came.
type heard struct {
	from    jid.JID // who wrote it
	peer    string  // bare JID of the conversation
	own     bool    // our account wrote it
	typ, id string

	at       time.Time     // when, by the server's clock
	slack    time.Duration // by how much at may be too early
	stanzaID string        // in our own archive, if it is known
	copied   bool          // another device of ours has it, too

	*content
}

// takeMessage handles a received message.
func (in *intake) takeMessage(st *stream.Stanza) {
	a := in.a
	h := heard{from: st.From.JID, typ: st.Type, id: st.ID}
	if st.From.Raw == "" {
		h.from = a.own
	} else if h.from.Domainpart() == "" {
		a.log.Debug("ignored a message from an address that cannot be read")
		return
	}
	var x messageIn
	if err := st.Decode(&x); err != nil {
		a.log.Debug("ignored a message that cannot be decoded", "err", err)
		return
	}
	x.stanza = st
	in.takeRead(&h, &x)
}

// takeRead handles a message that was read, of which h has what its sender and
// its attributes say.
func (in *intake) takeRead(h *heard, x *messageIn) {
	a := in.a
	if x.Result != nil || x.Received != nil || x.Sent != nil {
		// What our server says comes from the bare address of the account. All
		// others, our other devices too, could make us believe anything.
		if h.from.Equal(a.own) {
			in.takeWrapped(x)
		}
		return
	}
	if x.Event != nil && (h.typ == "headline" || h.typ == "normal" || h.typ == "") && x.body() == "" {
		in.takeEvent(h.from, x.Event)
		return
	}
	h.content = &x.content
	h.own = h.from.Bare().Equal(a.own)
	h.peer = h.from.Bare().String()
	h.at, h.slack = in.timeOf(x.Delay)
	h.stanzaID = a.archiveID(x.StanzaIDs)
	in.takeState(h)
	in.hear(h)
}

// takeWrapped handles what our own server wrapped.
func (in *intake) takeWrapped(x *messageIn) {
	switch {
	case x.Result != nil:
		in.a.archive.collect(x.Result, x.stanza)
	case x.Sent != nil:
		in.takeCarbon(x.Sent.Forwarded.Message, true)
	case x.Received != nil:
		in.takeCarbon(x.Received.Forwarded.Message, false)
	}
}

// takeCarbon handles a copy of what another of our devices sent or received
// (XEP-0280). The copy has to fit what it is said to be.
func (in *intake) takeCarbon(c *copied, sent bool) {
	h, ok := in.a.unwrap(c)
	if !ok || h.own != sent {
		return
	}
	h.at, h.slack = in.timeOf(c.Delay)
	h.stanzaID = in.a.archiveID(c.StanzaIDs)
	h.copied = true
	in.hear(&h)
}

// unwrap checks the addresses of a message that our own server hands us a copy
// of.
func (a *Account) unwrap(c *copied) (h heard, ok bool) {
	if c == nil {
		return h, false
	}
	h = heard{typ: c.Type, id: c.ID, content: &c.content, from: a.own}
	if c.From != "" {
		h.from = stream.ParseAddress(c.From).JID
	}
	to := a.own
	if c.To != "" {
		to = stream.ParseAddress(c.To).JID
	}
	if h.from.Domainpart() == "" || to.Domainpart() == "" {
		return h, false
	}
	h.own = h.from.Bare().Equal(a.own)
	other := h.from
	if h.own {
		other = to
	} else if !to.Bare().Equal(a.own) {
		return h, false // neither from us nor to us
	}
	h.peer = other.Bare().String()
	return h, true
}

// hear takes from a message what is to be stored. Rooms and headlines are not
// for conversations with people; a message without a type is a normal one.
func (in *intake) hear(h *heard) {
	switch h.typ {
	case "groupchat", "headline":
		return
	case "error":
		in.takeError(h)
		return
	}
	in.takeMarks(&h.marksIn, h.peer, h.own, h.at)
	words, quote := h.words()
	files, body := h.files(words, h.Fallbacks)
	tombstone := in.sweep != nil && h.Retracted != nil
	if tombstone {
		files, body, quote = nil, "", ""
	} else if in.takeNote(h, body) || body == "" && len(files) == 0 {
		return
	}
	msg := incoming{heard: h, m: storage.Message{
		Pos:      storage.Pos{Time: h.at.UnixMilli()},
		Out:      h.own,
		From:     h.from.String(),
		Body:     body,
		Files:    files,
		Links:    h.links(body),
		ID:       usableID(h.id),
		OriginID: usableID(h.OriginID.ID),
		StanzaID: h.stanzaID,
		Unstyled: h.Unstyled != nil,
		Reply:    h.answered(in.a.own.String(), quote),

		Encryption: h.encryption(),
	}}
	if tombstone {
		msg.m.RetractedAt = h.retractedAt()
	}
	if h.own {
		msg.m.State, msg.m.SentAt = storage.StateSent, msg.m.Pos.Time
	} else {
		msg.m.Markable = h.Markable != nil
		msg.asked = h.Asked != nil && !h.copied
	}
	in.messages = append(in.messages, msg)
}

// body gives the text to store; empty for a message without one.
func (c *content) body() string {
	body, _ := c.words()
	return body
}

// encryption says how a message is encrypted, by which its words are for other
// programs.
func (c *content) encryption() string {
	if c.Encrypted == nil {
		return ""
	}
	return usableID(normalize(c.Encrypted.Namespace))
}

// usableBody makes a text fit to be stored; one that shows nothing is empty.
func usableBody(body string) string {
	body = normalize(body)
	if strings.TrimSpace(body) == "" {
		return ""
	}
	if short := cut(body, maxReceived); len(short) < len(body) {
		return short + cutMark
	}
	return body
}

// timeOf gives the time of a message, and by how much it may be too early.
func (in *intake) timeOf(delays []delay.Delay) (at time.Time, slack time.Duration) {
	for _, d := range delays {
		if t, ok := in.a.heldSince(d, in.now); ok {
			return t, stampStep
		}
	}
	return in.now, maxClockStep
}

// heldSince gives the time of a delay element if our own server can have set
// it. A contact can write one in its name, so it must not lie before the
// account was last online: then the message would not have been held, and
// nobody may put words into what was said long ago.
func (a *Account) heldSince(d delay.Delay, now time.Time) (time.Time, bool) {
	if d.From != a.own.Domainpart() && d.From != a.own.String() {
		return time.Time{}, false
	}
	t, ok := d.Time()
	return t, ok && !t.After(now) && now.Sub(t) <= maxOffline && !t.Before(a.server.held.Add(-clockError))
}

// archiveID gives the id our own archive gave a message. It is believed only
// from a server that says it removes what others forged (XEP-0359 section 5).
func (a *Account) archiveID(ids []stanzaid.StanzaID) string {
	if !a.server.accountHas(stanzaid.NS) {
		return ""
	}
	for _, id := range ids {
		if id.By == a.own.String() {
			return usableID(id.ID)
		}
	}
	return ""
}

func usableID(id string) string {
	if len(id) > maxIDSize {
		return ""
	}
	return id
}
