package account

import (
	"crypto/sha256"
	"maps"
	"slices"
	"strings"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/delay"
	"linnet/account/xep/stanzaid"
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
	// repeatTime is how long the same words under the same id are the same
	// message, where the sender gives no id that is unique for good: a program
	// that counts from 1 at every start means each of its words.
	repeatTime = 10 * time.Minute
	// clockError is how far the clocks of the server and this machine may be
	// apart, and how long it may take to notice that a link is dead.
	clockError = 10 * time.Minute
	// maxUnread is where counting stops; nobody reads a higher number.
	maxUnread = 9999
)

// chatState is what is remembered of messages on this run.
type chatState struct {
	recent    recently[fingerprint, time.Time] // when it came last
	strangers strangerCount
}

// fingerprint tells a message that comes a second time from a new one: sender,
// ids and body.
type fingerprint [sha256.Size]byte

// messageIn is all that is read of a message; extensions have their fields
// here, so that a message is decoded once.
type messageIn struct {
	Bodies    []langText          `xml:"jabber:client body"`
	Delay     []delay.Delay       `xml:"urn:xmpp:delay delay"`
	OriginID  stanzaid.OriginID   `xml:"urn:xmpp:sid:0 origin-id"`
	StanzaIDs []stanzaid.StanzaID `xml:"urn:xmpp:sid:0 stanza-id"`
	marksIn

	// Wrapped messages of others: which of them can be believed is not for the
	// message to say, and none is until somebody checks it.
	CarbonReceived *struct{} `xml:"urn:xmpp:carbons:2 received"`
	CarbonSent     *struct{} `xml:"urn:xmpp:carbons:2 sent"`
	ArchiveResult  *struct{} `xml:"urn:xmpp:mam:2 result"`
}

// incoming is a message that is to be stored.
type incoming struct {
	peer  string // bare JID of the conversation
	m     storage.Message
	slack time.Duration // by how much its time may be too early
	print fingerprint   // zero: it has no id to be known by
	asked bool          // for a receipt
}

// takeMessage handles a received message. Rooms and headlines are not for
// conversations with people; a message without a type is a normal one.
func (in *intake) takeMessage(st *stream.Stanza) {
	a := in.a
	switch st.Type {
	case "groupchat", "headline":
		return
	case "error":
		in.takeError(st)
		return
	}
	from := st.From.JID
	if st.From.Raw == "" {
		from = a.own
	} else if from.Domainpart() == "" {
		a.log.Debug("ignored a message from an address that cannot be read")
		return
	}
	var x messageIn
	if err := st.Decode(&x); err != nil {
		a.log.Debug("ignored a message that cannot be decoded", "err", err)
		return
	}
	if x.CarbonReceived != nil || x.CarbonSent != nil || x.ArchiveResult != nil {
		return
	}
	at, slack := in.timeOf(x.Delay)
	peer := from.Bare().String()
	in.takeMarks(&x.marksIn, peer, false, at)
	body := x.body()
	if body == "" {
		return
	}
	msg := incoming{peer: peer, slack: slack, asked: x.Asked != nil, m: storage.Message{
		Pos:      storage.Pos{Time: at.UnixMilli()},
		From:     from.String(),
		Body:     body,
		State:    storage.StateReceived,
		ID:       usableID(st.ID),
		OriginID: usableID(x.OriginID.ID),
		StanzaID: a.archiveID(x.StanzaIDs),
		Markable: x.Markable != nil,
	}}
	if msg.m.ID != "" {
		msg.print = sha256.Sum256([]byte(msg.peer + "\x00" + msg.m.ID + "\x00" + msg.m.OriginID + "\x00" + body))
	}
	in.messages = append(in.messages, msg)
}

// body gives the text to store; empty for a message without one.
func (x *messageIn) body() string {
	body := normalize(pick(x.Bodies))
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

// chatChanges is what a transaction did to conversations.
type chatChanges struct {
	rows  []storage.Chat
	added map[storage.ChatID][]storage.Message
	again []storage.Message // whose state changed
	begun int               // conversations that strangers began
	seen  []fingerprint
	at    time.Time

	source  Source            // of the messages
	read    []storage.ChatID  // whose read state changed
	asked   []storage.Message // for a receipt
	unknown []mark            // about messages that are not here
	outbox  map[place]uint64  // what waits, by where it is stored; nil: not read yet
}

// store writes the messages of the batch and counts them as unread.
func (in *intake) store(tx *storage.Tx) (chatChanges, error) {
	done := chatChanges{added: make(map[storage.ChatID][]storage.Message), at: in.now}
	chats := make(map[string]*storage.Chat)
	fresh := make(map[fingerprint]struct{})
	for i := range in.messages {
		msg := &in.messages[i]
		if in.isRepeated(msg, fresh) {
			continue
		}
		chat, looked := chats[msg.peer]
		if !looked {
			var err error
			if chat, err = in.chatFor(tx, msg.peer, &done); err != nil {
				return done, err
			}
			chats[msg.peer] = chat
		}
		if chat == nil {
			continue
		}
		if err := in.add(tx, chat, msg, &done); err != nil {
			return done, err
		}
		fresh[msg.print] = struct{}{}
	}
	for _, chat := range chats {
		if chat == nil || len(done.added[chat.ID]) == 0 {
			continue
		}
		chat.Unread = min(chat.Unread+len(done.added[chat.ID]), maxUnread)
		if err := tx.PutChat(chat); err != nil {
			return done, err
		}
	}
	if err := in.storeFailures(tx, &done); err != nil {
		return done, err
	}
	if err := in.a.settle(tx, in.marks, &done); err != nil {
		return done, err
	}
	return done, done.readRows(tx)
}

// isRepeated tells whether a message came before on this run; fresh has those
// of this batch.
func (in *intake) isRepeated(msg *incoming, fresh map[fingerprint]struct{}) bool {
	if msg.print == (fingerprint{}) {
		return false
	}
	if _, ok := fresh[msg.print]; ok {
		return true
	}
	at, ok := in.a.chats.recent.get(msg.print)
	return ok && (msg.m.OriginID != "" || in.now.Sub(at) < repeatTime)
}

// add stores one message unless the archive has it.
func (in *intake) add(tx *storage.Tx, chat *storage.Chat, msg *incoming, done *chatChanges) error {
	known, err := isKnown(tx, in.a, chat.ID, msg)
	if known || err != nil {
		return err
	}
	m := msg.m
	m.Chat = chat.ID
	m.Pos.Time = placeAfter(chat.Last.Pos, m.Pos.At(), msg.slack)
	if err := tx.AddMessage(&m); err != nil {
		return err
	}
	if chat.Last.Pos.Before(m.Pos) {
		chat.Last.Pos = m.Pos
	}
	if msg.print != (fingerprint{}) {
		done.seen = append(done.seen, msg.print)
	}
	done.added[chat.ID] = append(done.added[chat.ID], m)
	if msg.asked {
		done.asked = append(done.asked, m)
	}
	return nil
}

// readRows reads the rows of all conversations that were changed, when
// everything is written.
func (d *chatChanges) readRows(tx *storage.Tx) error {
	ids := slices.AppendSeq(slices.Clone(d.read), maps.Keys(d.added))
	for _, m := range d.again {
		ids = append(ids, m.Chat)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		c, err := tx.Chat(id)
		if err != nil {
			return err
		}
		d.rows = append(d.rows, c)
	}
	return nil
}

// isKnown tells whether the archive has the message: our server gave it the
// same archive id, or it is what we sent to ourselves.
func isKnown(tx *storage.Tx, a *Account, chat storage.ChatID, msg *incoming) (bool, error) {
	_, ok, err := tx.FindMessage(chat, storage.ByStanza, msg.m.StanzaID)
	if ok || ignoreLost(err) != nil {
		return ok, err
	}
	if msg.peer != a.own.String() {
		return false, nil
	}
	own, ok, err := tx.FindMessage(chat, storage.ByID, msg.m.ID)
	return ok && own.Out, ignoreLost(err)
}

// tellChats tells of changes once they are on disk.
func (a *Account) tellChats(done chatChanges) {
	for _, f := range done.seen {
		a.chats.recent.put(f, done.at)
	}
	a.chats.strangers.n += done.begun
	a.toldMarks(&done)
	for _, c := range done.rows {
		a.note(ChatChanged{c})
		if list := done.added[c.ID]; len(list) > 0 {
			a.note(MessagesAdded{Chat: c.ID, Messages: list})
		}
	}
	for i := range done.again {
		m := &done.again[i]
		if m.State == storage.StateFailed {
			a.outbox.forgetRefused(m)
		}
		a.note(MessageChanged{*m})
	}
}
