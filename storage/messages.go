package storage

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// messageRecord is a Message as stored; conversation and place are in the key.
type messageRecord struct {
	Out      bool         `json:"o,omitempty"`
	From     string       `json:"f,omitempty"`
	Body     string       `json:"b,omitempty"`
	State    MessageState `json:"s,omitempty"`
	Reason   string       `json:"r,omitempty"`
	ID       string       `json:"i,omitempty"`
	OriginID string       `json:"oi,omitempty"`
	StanzaID string       `json:"si,omitempty"`

	SentAt      int64 `json:"st,omitempty"`
	DeliveredAt int64 `json:"dt,omitempty"`
	ReadAt      int64 `json:"rt,omitempty"`
	Markable    bool  `json:"m,omitempty"`
	Unstyled    bool  `json:"us,omitempty"`

	Encryption string `json:"en,omitempty"`

	Reply       Reply      `json:"re,omitzero"`
	EditedAt    int64      `json:"et,omitempty"`
	EditID      string     `json:"ei,omitempty"`
	RetractedAt int64      `json:"xt,omitempty"`
	Partial     bool       `json:"pa,omitempty"`
	Reactions   []Reaction `json:"rs,omitempty"`
	Files       []File     `json:"fs,omitempty"`
	Links       []Link     `json:"ls,omitempty"`
	Starred     bool       `json:"sd,omitempty"`
	Act         Act        `json:"a,omitzero"`
	Reacted     Act        `json:"ra,omitzero"`
}

func (r messageRecord) message(chat ChatID, p Pos) Message {
	return Message{
		Pos: p, Chat: chat, Out: r.Out, From: r.From, Body: r.Body, State: r.State,
		Reason: r.Reason, ID: r.ID, OriginID: r.OriginID, StanzaID: r.StanzaID,
		SentAt: r.SentAt, DeliveredAt: r.DeliveredAt, ReadAt: r.ReadAt, Markable: r.Markable, Unstyled: r.Unstyled, Encryption: r.Encryption,
		Reply: r.Reply, EditedAt: r.EditedAt, EditID: r.EditID, RetractedAt: r.RetractedAt, Partial: r.Partial,
		Reactions: r.Reactions, Files: r.Files, Links: r.Links, Starred: r.Starred, Act: r.Act, Reacted: r.Reacted,
	}
}

func recordOfMessage(m *Message) messageRecord {
	return messageRecord{
		Out: m.Out, From: m.From, Body: m.Body, State: m.State,
		Reason: m.Reason, ID: m.ID, OriginID: m.OriginID, StanzaID: m.StanzaID,
		SentAt: m.SentAt, DeliveredAt: m.DeliveredAt, ReadAt: m.ReadAt, Markable: m.Markable, Unstyled: m.Unstyled, Encryption: m.Encryption,
		Reply: m.Reply, EditedAt: m.EditedAt, EditID: m.EditID, RetractedAt: m.RetractedAt, Partial: m.Partial,
		Reactions: m.Reactions, Files: m.Files, Links: m.Links, Starred: m.Starred, Act: m.Act, Reacted: m.Reacted,
	}
}

// AddMessage stores a new message at m.Pos.Time and sets m.Pos.Seq. The
// conversation must exist (ErrNotFound); its Last follows when m is the
// newest. A message that is there already is stored a second time: ask
// FindMessage first, in the same Update. The strings must be valid UTF-8, as
// they are when they came out of a stanza. It gets no star.
//
// Of several messages with the same id FindMessage knows the newest stored;
// but an incoming message never hides an outgoing one, so that a contact who
// repeats an id of ours cannot draw receipts and errors away from our message.
func (t *Tx) AddMessage(m *Message) error {
	if err := t.mustHave(bucketChats, key4(uint32(m.Chat))); err != nil {
		return err
	}
	seq, err := t.next(bucketMessages)
	if err != nil {
		return err
	}
	m.Pos.Seq, m.Starred = seq, false
	if err := t.put(bucketMessages, messageKey(m.Chat, m.Pos), recordOfMessage(m)); err != nil {
		return err
	}
	for _, x := range append(m.ids(), idOf{ByEdit, m.EditID}) {
		if err := t.addID(m, x.kind, x.id); err != nil {
			return err
		}
	}
	last, ok, err := t.last(m.Chat)
	if err != nil || ok && m.Pos.Before(last.Pos) {
		return err
	}
	return t.putLast(m)
}

// PutMessage replaces the message at m.Pos in m.Chat, which must be there
// (ErrNotFound), for changes of state and for ids learnt later. Whether it has a
// star stays as it is. The Last of the conversation follows when it is this
// message.
func (t *Tx) PutMessage(m *Message) error {
	old, err := t.Message(m.Chat, m.Pos)
	if err != nil {
		return err
	}
	t.dropFiles(old.Files, m.Files)
	r := recordOfMessage(m)
	r.Starred = old.Starred
	if err := t.put(bucketMessages, messageKey(m.Chat, m.Pos), r); err != nil {
		return err
	}
	before := old.ids()
	for i, x := range m.ids() {
		was := before[i].id
		if was == x.id {
			continue
		}
		if err := t.dropID(m, x.kind, was); err != nil {
			return err
		}
		if err := t.addID(m, x.kind, x.id); err != nil {
			return err
		}
	}
	if err := t.addID(m, ByEdit, m.EditID); err != nil {
		return err
	}
	last, ok, err := t.last(m.Chat)
	if err != nil || !ok || last.Pos != m.Pos {
		return err
	}
	return t.putLast(m)
}

// MoveMessage puts the message at m.Pos in m.Chat under another time, and sets
// m.Pos. The rest of what is stored stays as it was; a message that waits in
// the outbox must not be moved. The Last of the conversation follows.
func (t *Tx) MoveMessage(m *Message, time int64) error {
	old, err := t.Message(m.Chat, m.Pos)
	if err != nil {
		return err
	}
	to := Pos{Time: time, Seq: m.Pos.Seq}
	if to == m.Pos {
		return nil
	}
	if err := t.delete(bucketMessages, messageKey(m.Chat, m.Pos)); err != nil {
		return err
	}
	if err := t.put(bucketMessages, messageKey(m.Chat, to), recordOfMessage(&old)); err != nil {
		return err
	}
	if err := t.moveStar(&old, to); err != nil {
		return err
	}
	ids, err := t.allIDs(&old)
	if err != nil {
		return err
	}
	for _, x := range ids {
		key := t.idKey(m.Chat, x.kind, x.id)
		if x.id == "" || !bytes.Equal(t.get(bucketMessageIDs, key), posKey(m.Pos)) {
			continue
		}
		if err := t.putRaw(bucketMessageIDs, key, posKey(to)); err != nil {
			return err
		}
	}
	m.Pos = to
	return t.followLast(m.Chat)
}

// DeleteMessage removes a message with everything that belongs to it but what
// waits in the outbox. The Last of the conversation follows. One that is gone
// already is ErrNotFound.
func (t *Tx) DeleteMessage(chat ChatID, p Pos) error {
	m, err := t.Message(chat, p)
	if err != nil {
		return err
	}
	t.dropFiles(m.Files, nil)
	if m.Starred {
		if err := t.delete(bucketStars, starKey(chat, p)); err != nil {
			return err
		}
	}
	ids, err := t.allIDs(&m)
	if err != nil {
		return err
	}
	for _, x := range ids {
		if err := t.dropID(&m, x.kind, x.id); err != nil {
			return err
		}
	}
	if err := t.deleteAll(bucketEdits, editsKey(chat, p)); err != nil {
		return err
	}
	if err := t.delete(bucketMessages, messageKey(chat, p)); err != nil {
		return err
	}
	return t.followLast(chat)
}

// followLast makes the newest message of a conversation its Last.
func (t *Tx) followLast(chat ChatID) error {
	newest, err := t.MessagesBefore(chat, Pos{}, 1)
	if err != nil {
		return err
	}
	if len(newest) == 0 {
		return t.delete(bucketLast, key4(uint32(chat)))
	}
	return t.putLast(&newest[0])
}

// Message returns the message at a place, or ErrNotFound.
func (t *Tx) Message(chat ChatID, p Pos) (Message, error) {
	var r messageRecord
	if err := t.need(bucketMessages, messageKey(chat, p), &r); err != nil {
		return Message{}, err
	}
	return r.message(chat, p), nil
}

// MessagesBefore returns up to n messages of a conversation that come before a
// place, oldest first; the zero place means the end.
func (t *Tx) MessagesBefore(chat ChatID, before Pos, n int) ([]Message, error) {
	end := messageKey(chat, before)
	if before.IsZero() {
		end = append(key4(uint32(chat)), bytes.Repeat([]byte{0xff}, messageKeySize-4)...)
	}
	var out []Message
	err := t.back(bucketMessages, end[:4], end, func(k, v []byte) error {
		if len(out) >= n {
			return errStop
		}
		m, err := t.message(k, v)
		if t.skip(err) {
			return nil
		}
		out = append(out, m)
		return err
	})
	slices.Reverse(out)
	return out, err
}

// MessagesAfter returns up to n messages of a conversation that come after a
// place, oldest first; the zero place means the beginning.
func (t *Tx) MessagesAfter(chat ChatID, after Pos, n int) ([]Message, error) {
	var out []Message
	if n <= 0 {
		return nil, nil
	}
	err := t.after(chat, after, func(m Message) bool {
		out = append(out, m)
		return len(out) < n
	})
	return out, err
}

// CountAfter counts the incoming messages of a conversation after a place that
// were not taken back, and stops at max, so that its cost has a bound where a window shows "99+".
func (t *Tx) CountAfter(chat ChatID, after Pos, max int) (int, error) {
	n := 0
	if max <= 0 {
		return 0, nil
	}
	err := t.after(chat, after, func(m Message) bool {
		if !m.Out && m.RetractedAt == 0 {
			n++
		}
		return n < max
	})
	return n, err
}

// after walks the messages of a conversation behind a place until fn is false.
func (t *Tx) after(chat ChatID, after Pos, fn func(Message) bool) error {
	start := messageKey(chat, after)
	if after.IsZero() {
		start = key4(uint32(chat))
	}
	c := t.cursor(bucketMessages)
	k, v := c.Seek(start)
	if bytes.Equal(k, start) {
		k, v = c.Next()
	}
	for ; bytes.HasPrefix(k, start[:4]); k, v = c.Next() {
		m, err := t.message(k, v)
		if t.skip(err) {
			continue
		} else if err != nil {
			return err
		}
		if !fn(m) {
			return nil
		}
	}
	return nil
}

// HasBetween reports whether a conversation has messages from a time up to, and
// not with, another, in Unix milliseconds. It looks at one key.
func (t *Tx) HasBetween(chat ChatID, from, to int64) bool {
	k, _ := t.cursor(bucketMessages).Seek(messageKey(chat, Pos{Time: from}))
	return len(k) == messageKeySize && bytes.HasPrefix(k, key4(uint32(chat))) && posOf(k[4:]).Time < to
}

func (t *Tx) message(k, v []byte) (Message, error) {
	if len(k) != messageKeySize {
		return Message{}, t.damaged(errIndex)
	}
	var r messageRecord
	if err := t.decode(bucketMessages, k, v, &r); err != nil {
		return Message{}, err
	}
	return r.message(ChatID(number(k[:4])), posOf(k[4:])), nil
}

const (
	posSize        = 16
	messageKeySize = 4 + posSize
)

// posKey makes bytes that sort as positions do; the sign bit of the time is
// turned over so that times before 1970 come first.
func posKey(p Pos) []byte {
	k := make([]byte, posSize)
	binary.BigEndian.PutUint64(k, uint64(p.Time)^1<<63)
	binary.BigEndian.PutUint64(k[8:], p.Seq)
	return k
}

// posOf is the inverse of posKey; bytes of another length give the zero Pos,
// where no message is.
func posOf(k []byte) Pos {
	if len(k) != posSize {
		return Pos{}
	}
	return Pos{
		Time: int64(binary.BigEndian.Uint64(k) ^ 1<<63),
		Seq:  binary.BigEndian.Uint64(k[8:]),
	}
}

func messageKey(chat ChatID, p Pos) []byte { return append(key4(uint32(chat)), posKey(p)...) }
