package storage

import (
	"bytes"
	"strings"
	"time"
	"unicode"
)

// chatRecord is a Chat as stored; the ID is in the key, Last in a bucket of
// its own, because every message changes it and nothing else.
type chatRecord struct {
	Account    AccountID `json:"a"`
	JID        string    `json:"j"`
	Kind       ChatKind  `json:"k,omitempty"`
	Unread     int       `json:"u,omitempty"`
	ReadTime   int64     `json:"rt,omitempty"`
	ReadSeq    uint64    `json:"rs,omitempty"`
	Draft      string    `json:"d,omitempty"`
	Pinned     bool      `json:"p,omitempty"`
	MutedUntil int64     `json:"m,omitempty"` // Unix milliseconds
	Receipts   Choice    `json:"re,omitempty"`
	Markers    Choice    `json:"ma,omitempty"`

	ReplyTime    int64  `json:"dt,omitempty"`
	ReplySeq     uint64 `json:"ds,omitempty"`
	Recording    string `json:"rc,omitempty"`
	Archived     bool   `json:"ar,omitempty"`
	MarkedUnread bool   `json:"mu,omitempty"`
	Request      bool   `json:"rq,omitempty"`
	Typing       Choice `json:"ty,omitempty"`
	AutoDownload Choice `json:"ad,omitempty"`
}

// summaryRecord is a Summary as stored, under the key of its conversation.
type summaryRecord struct {
	Time  int64        `json:"t"`
	Seq   uint64       `json:"q"`
	From  string       `json:"f,omitempty"`
	Out   bool         `json:"o,omitempty"`
	Text  string       `json:"x,omitempty"`
	State MessageState `json:"s,omitempty"`

	Unstyled  bool   `json:"us,omitempty"`
	Encrypted bool   `json:"e,omitempty"`
	Retracted bool   `json:"r,omitempty"`
	Files     int    `json:"n,omitempty"`
	FileType  string `json:"y,omitempty"`
	Voice     bool   `json:"v,omitempty"`
}

func (r chatRecord) chat(id ChatID) Chat {
	c := Chat{
		ID: id, Account: r.Account, JID: r.JID, Kind: r.Kind,
		Unread: r.Unread, ReadUpTo: Pos{Time: r.ReadTime, Seq: r.ReadSeq},
		Draft: r.Draft, Pinned: r.Pinned, Receipts: r.Receipts, Markers: r.Markers,
		DraftReply: Pos{Time: r.ReplyTime, Seq: r.ReplySeq}, Recording: r.Recording,
		Archived: r.Archived, MarkedUnread: r.MarkedUnread, Request: r.Request,
		Typing: r.Typing, AutoDownload: r.AutoDownload,
	}
	if r.MutedUntil != 0 {
		c.MutedUntil = time.UnixMilli(r.MutedUntil)
	}
	return c
}

func recordOfChat(c *Chat) chatRecord {
	r := chatRecord{
		Account: c.Account, JID: c.JID, Kind: c.Kind,
		Unread: c.Unread, ReadTime: c.ReadUpTo.Time, ReadSeq: c.ReadUpTo.Seq,
		Draft: c.Draft, Pinned: c.Pinned, Receipts: c.Receipts, Markers: c.Markers,
		ReplyTime: c.DraftReply.Time, ReplySeq: c.DraftReply.Seq, Recording: c.Recording,
		Archived: c.Archived, MarkedUnread: c.MarkedUnread, Request: c.Request,
		Typing: c.Typing, AutoDownload: c.AutoDownload,
	}
	if !c.MutedUntil.IsZero() {
		r.MutedUntil = c.MutedUntil.UnixMilli()
	}
	return r
}

// Chat returns one conversation, or ErrNotFound. It reads no messages.
func (t *Tx) Chat(id ChatID) (Chat, error) {
	var r chatRecord
	if err := t.need(bucketChats, key4(uint32(id)), &r); err != nil {
		return Chat{}, err
	}
	c := r.chat(id)
	var err error
	c.Last, _, err = t.last(id)
	return c, err
}

// FindChat returns the conversation of an account with a bare JID. The JID is
// compared byte by byte: the caller normalizes it.
func (t *Tx) FindChat(acc AccountID, jid string) (Chat, bool, error) {
	id := t.get(bucketChatNames, t.name(bucketChatNames, key4(uint32(acc)), jid))
	if id == nil {
		return Chat{}, false, nil
	}
	c, err := t.Chat(ChatID(number(id)))
	if err != nil {
		return Chat{}, false, err
	}
	if c.Account != acc || c.JID != jid {
		return Chat{}, false, t.damaged(errIndex)
	}
	return c, true, nil
}

// PutChat stores everything of c but Last, which AddMessage and PutMessage
// keep. With ID 0 it is a new conversation and gets its ID; another ID must be
// there already (ErrNotFound). The account must exist (ErrNotFound) and may
// have one conversation for a JID (ErrExists). To change a conversation, read
// it in the same Update. Unread is the caller's to count (see CountAfter).
func (t *Tx) PutChat(c *Chat) error {
	if err := t.needAccount(c.Account); err != nil {
		return err
	}
	name := t.name(bucketChatNames, key4(uint32(c.Account)), c.JID)
	id := uint32(c.ID)
	if holder := t.get(bucketChatNames, name); holder != nil && ChatID(number(holder)) != c.ID {
		return ErrExists
	}
	if id == 0 {
		var err error
		if id, err = t.nextID(bucketChats); err != nil {
			return err
		}
	} else if err := t.rename(c.ID, name); err != nil {
		return err
	}
	if err := t.put(bucketChats, key4(id), recordOfChat(c)); err != nil {
		return err
	}
	if err := t.putRaw(bucketChatNames, name, key4(id)); err != nil {
		return err
	}
	c.ID = ChatID(id)
	return nil
}

// rename removes the name a stored conversation has unless it is the new one.
func (t *Tx) rename(id ChatID, name []byte) error {
	old, err := t.Chat(id)
	if err != nil {
		return err
	}
	was := t.name(bucketChatNames, key4(uint32(old.Account)), old.JID)
	if bytes.Equal(was, name) {
		return nil
	}
	return t.delete(bucketChatNames, was)
}

// Chats returns the conversations of an account in no particular order. It
// reads no messages: Last has what a list shows.
func (t *Tx) Chats(acc AccountID) ([]Chat, error) {
	ids, err := t.chatIDs(acc)
	if err != nil {
		return nil, err
	}
	out := make([]Chat, 0, len(ids))
	for _, id := range ids {
		c, err := t.Chat(id)
		if t.skip(err) {
			continue
		} else if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func (t *Tx) chatIDs(acc AccountID) ([]ChatID, error) {
	var ids []ChatID
	err := t.each(bucketChatNames, key4(uint32(acc)), func(_, v []byte) error {
		ids = append(ids, ChatID(number(v)))
		return nil
	})
	return ids, err
}

// DeleteChat removes a conversation with its messages and everything that
// points to them, and what of it waits in the outbox.
func (t *Tx) DeleteChat(id ChatID) error {
	c, err := t.Chat(id)
	if err != nil {
		return err
	}
	if err := t.delete(bucketChatNames, t.name(bucketChatNames, key4(uint32(c.Account)), c.JID)); err != nil {
		return err
	}
	if err := t.dequeueChat(c.Account, id); err != nil {
		return err
	}
	if err := t.dropNotes(c.Account, c.JID); err != nil {
		return err
	}
	t.chats = append(t.chats, id)
	return t.eraseChat(id)
}

// eraseChat removes what is kept under the id of a conversation.
func (t *Tx) eraseChat(id ChatID) error {
	for _, b := range []bucket{bucketMessages, bucketMessageIDs, bucketLast, bucketChatGaps, bucketEdits, bucketChats} {
		if err := t.deleteAll(b, key4(uint32(id))); err != nil {
			return err
		}
	}
	return t.dropStars(id)
}

// last returns the newest message; a damaged entry counts as none, so that the
// next message replaces it.
func (t *Tx) last(id ChatID) (Summary, bool, error) {
	var r summaryRecord
	ok, err := t.find(bucketLast, key4(uint32(id)), &r)
	if t.skip(err) {
		return Summary{}, false, nil
	} else if err != nil || !ok {
		return Summary{}, false, err
	}
	return Summary{
		Pos: Pos{Time: r.Time, Seq: r.Seq}, From: r.From, Out: r.Out, Text: r.Text, State: r.State,
		Unstyled: r.Unstyled, Encrypted: r.Encrypted, Retracted: r.Retracted,
		Files: r.Files, FileType: r.FileType, Voice: r.Voice,
	}, true, nil
}

func (t *Tx) putLast(m *Message) error {
	r := summaryRecord{
		Time: m.Pos.Time, Seq: m.Pos.Seq, From: m.From, Out: m.Out, Text: summarize(m.Body), State: m.State,
		Unstyled: m.Unstyled, Encrypted: m.Encryption != "", Retracted: m.RetractedAt != 0, Files: len(m.Files),
	}
	if len(m.Files) > 0 {
		r.FileType, r.Voice = m.Files[0].Type, m.Files[0].Voice
	}
	return t.put(bucketLast, key4(uint32(m.Chat)), r)
}

// summarize gives the beginning of a text: white space of any length becomes one
// space, or one line feed if it ends a line, since a line may have a meaning of
// its own; SummaryRunes runes are kept.
func summarize(body string) string {
	var b strings.Builder
	runes, gap := 0, rune(0)
	for _, r := range body {
		if unicode.IsSpace(r) {
			switch {
			case runes == 0:
			case r == '\n':
				gap = '\n'
			case gap == 0:
				gap = ' '
			}
			continue
		}
		if gap != 0 {
			if runes+2 > SummaryRunes {
				break
			}
			b.WriteRune(gap)
			runes++
			gap = 0
		}
		if runes == SummaryRunes {
			break
		}
		b.WriteRune(r)
		runes++
	}
	return b.String()
}
