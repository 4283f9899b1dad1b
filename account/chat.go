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
	// maxRecent is how many received messages are remembered to know one that
	// comes twice.
	maxRecent = 1024
	// maxUnread is where counting stops; nobody reads a higher number.
	maxUnread = 9999
)

// chatState is what is remembered of messages on this run.
type chatState struct {
	recent map[fingerprint]struct{}
	ring   []fingerprint // in order of arrival, overwritten at next
	next   int
}

// fingerprint tells a message that comes a second time from a new one: sender,
// id and body.
type fingerprint [sha256.Size]byte

func (s *chatState) init() { s.recent = make(map[fingerprint]struct{}) }

func (s *chatState) remember(f fingerprint) {
	if len(s.ring) < maxRecent {
		s.ring = append(s.ring, f)
	} else {
		delete(s.recent, s.ring[s.next])
		s.ring[s.next] = f
		s.next = (s.next + 1) % maxRecent
	}
	s.recent[f] = struct{}{}
}

// messageIn is all that is read of a message; extensions have their fields
// here, so that a message is decoded once.
type messageIn struct {
	Bodies    []langText          `xml:"jabber:client body"`
	Delay     []delay.Delay       `xml:"urn:xmpp:delay delay"`
	OriginID  stanzaid.OriginID   `xml:"urn:xmpp:sid:0 origin-id"`
	StanzaIDs []stanzaid.StanzaID `xml:"urn:xmpp:sid:0 stanza-id"`

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
	print fingerprint
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
		a.log.Warn("ignored a message from an address that cannot be read")
		return
	}
	var x messageIn
	if err := st.Decode(&x); err != nil {
		a.log.Warn("ignored a message that cannot be decoded", "err", err)
		return
	}
	if x.CarbonReceived != nil || x.CarbonSent != nil || x.ArchiveResult != nil {
		return
	}
	body := normalize(pick(x.Bodies))
	if strings.TrimSpace(body) == "" {
		return
	}
	if short := cut(body, maxReceived); len(short) < len(body) {
		body = short + cutMark
	}
	msg := incoming{peer: from.Bare().String(), slack: maxClockStep}
	at := in.now
	for _, d := range x.Delay {
		if t, ok := a.heldSince(d, in.now); ok {
			at, msg.slack = t, stampStep
			break
		}
	}
	msg.m = storage.Message{
		Pos:      storage.Pos{Time: at.UnixMilli()},
		From:     from.String(),
		Body:     body,
		State:    storage.StateReceived,
		ID:       usableID(st.ID),
		OriginID: usableID(x.OriginID.ID),
		StanzaID: a.archiveID(x.StanzaIDs),
	}
	if msg.m.ID != "" {
		msg.print = sha256.Sum256([]byte(msg.peer + "\x00" + msg.m.ID + "\x00" + body))
	}
	in.messages = append(in.messages, msg)
}

// heldSince gives the time of a delay element if our own server set it and it
// can be true.
func (a *Account) heldSince(d delay.Delay, now time.Time) (time.Time, bool) {
	if d.From != a.own.Domainpart() && d.From != a.own.String() {
		return time.Time{}, false
	}
	t, ok := d.Time()
	return t, ok && !t.After(now) && now.Sub(t) <= maxOffline
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
	seen  []fingerprint
}

// store writes the messages of the batch and counts them as unread.
func (in *intake) store(tx *storage.Tx) (chatChanges, error) {
	done := chatChanges{added: make(map[storage.ChatID][]storage.Message)}
	chats := make(map[string]*storage.Chat)
	fresh := make(map[fingerprint]struct{})
	unread := make(map[storage.ChatID]int)
	var order []*storage.Chat
	for _, msg := range in.messages {
		if msg.print != (fingerprint{}) {
			_, before := in.a.chats.recent[msg.print]
			if _, now := fresh[msg.print]; before || now {
				continue
			}
		}
		chat := chats[msg.peer]
		if chat == nil {
			c, err := findOrAddChat(tx, in.a.id, msg.peer)
			if err != nil {
				return done, err
			}
			chat = &c
			chats[msg.peer] = chat
			order = append(order, chat)
		}
		known, err := isKnown(tx, in.a, chat.ID, &msg)
		if err != nil {
			return done, err
		}
		if known {
			continue
		}
		m := msg.m
		m.Chat = chat.ID
		m.Pos.Time = placeAfter(chat.Last.Pos, m.Pos.At(), msg.slack)
		if err := tx.AddMessage(&m); err != nil {
			return done, err
		}
		if chat.Last.Pos.Before(m.Pos) {
			chat.Last.Pos = m.Pos
		}
		if msg.print != (fingerprint{}) {
			fresh[msg.print] = struct{}{}
			done.seen = append(done.seen, msg.print)
		}
		done.added[chat.ID] = append(done.added[chat.ID], m)
		unread[chat.ID]++
	}
	for _, chat := range order {
		if n := unread[chat.ID]; n > 0 {
			chat.Unread = min(chat.Unread+n, maxUnread)
			if err := tx.PutChat(chat); err != nil {
				return done, err
			}
		}
	}
	if err := in.storeFailures(tx, &done); err != nil {
		return done, err
	}
	return done, done.readRows(tx)
}

// readRows reads the rows of all conversations that were changed, when
// everything is written.
func (d *chatChanges) readRows(tx *storage.Tx) error {
	ids := slices.Collect(maps.Keys(d.added))
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
	if _, ok, err := tx.FindMessage(chat, storage.ByStanza, msg.m.StanzaID); ok || err != nil {
		return ok, err
	}
	if msg.peer != a.own.String() {
		return false, nil
	}
	own, ok, err := tx.FindMessage(chat, storage.ByID, msg.m.ID)
	return ok && own.Out, err
}

// findOrAddChat gives the conversation with a bare JID.
func findOrAddChat(tx *storage.Tx, id storage.AccountID, address string) (storage.Chat, error) {
	c, ok, err := tx.FindChat(id, address)
	if ok || err != nil {
		return c, err
	}
	c = storage.Chat{Account: id, JID: address}
	return c, tx.PutChat(&c)
}

// tellChats tells of changes once they are on disk.
func (a *Account) tellChats(done chatChanges) {
	for _, f := range done.seen {
		a.chats.remember(f)
	}
	for _, c := range done.rows {
		a.note(ChatChanged{c})
		if list := done.added[c.ID]; len(list) > 0 {
			a.note(MessagesAdded{Chat: c.ID, Messages: list})
		}
	}
	for _, m := range done.again {
		a.note(MessageChanged{m})
	}
}
