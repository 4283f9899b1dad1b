//go:build unix

package main

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/storage"
)

// past writes what the profile knows from before the demo.
type past struct {
	tx       *storage.Tx
	accounts map[string]storage.AccountID // by address
	keepFile func(storage.ChatID, []byte) (name string, err error)
	depot    *depot
	last     time.Time // the day the history ends on
}

func (p *past) write() error {
	for _, o := range ours {
		a, err := p.tx.Account(p.accounts[o.name+"@"+domain])
		if err != nil {
			return err
		}
		a.Name = o.full
		if err := p.tx.PutAccount(&a); err != nil {
			return err
		}
		if err := p.face(o.name, o.name, o.face); err != nil {
			return err
		}
	}
	for _, c := range people {
		if err := p.face(c.owner, c.name, c.face); err != nil {
			return err
		}
	}
	for name, wish := range wishes {
		r := storage.Request{JID: name + "@" + domain, Message: wish.text, Time: at(p.last, 0, wish.clock).UnixMilli()}
		if err := p.tx.PutRequest(p.accounts[role(name).owner+"@"+domain], r); err != nil {
			return err
		}
	}
	for i := range history {
		if err := p.talk(&history[i]); err != nil {
			return err
		}
	}
	return nil
}

// face has an account know the avatar of somebody.
func (p *past) face(owner, name string, face scene) error {
	if face == nil {
		return nil
	}
	const side = 176 // as large as it is shown where the scale is 2
	picture := asPNG(paint(side, side, face))
	sum := sha1.Sum(picture)
	hash := hex.EncodeToString(sum[:])
	if err := p.tx.PutAvatar(hash, picture); err != nil {
		return err
	}
	return p.tx.PutPerson(p.accounts[owner+"@"+domain], storage.Person{JID: name + "@" + domain, Avatar: hash})
}

// talk writes a conversation.
func (p *past) talk(t *talk) error {
	contact := role(t.with)
	own := contact.owner + "@" + domain
	chat := storage.Chat{Account: p.accounts[own], JID: t.with + "@" + domain, Request: contact.stranger}
	if err := p.tx.PutChat(&chat); err != nil {
		return err
	}
	var said []storage.Message
	var readUpTo storage.Pos
	for i, l := range t.lines {
		m := storage.Message{
			Chat: chat.ID, From: chat.JID + "/stage", Body: l.text, ID: fmt.Sprintf("past-%s-%d", t.with, i+1),
			Pos: storage.Pos{Time: at(p.last, l.day, l.clock).UnixMilli()},
		}
		if l.out {
			m.Out, m.From = true, own
			t.sent(&m, contact, i)
		}
		if err := p.happen(&m, l.with, said); err != nil {
			return err
		}
		said = append(said, m)
		if i < len(t.lines)-t.unread {
			readUpTo = m.Pos
		}
	}
	// The messages changed the row since it was written.
	chat, err := p.tx.Chat(chat.ID)
	if err != nil {
		return err
	}
	chat.ReadUpTo, chat.Unread = readUpTo, t.unread
	return p.tx.PutChat(&chat)
}

// sent says what became of line i, which is ours: it was read when there is an
// answer, and not even delivered to who is never there.
func (t *talk) sent(m *storage.Message, contact person, i int) {
	m.State, m.SentAt = storage.StateSent, m.Pos.Time
	if contact.moods[0].show == offline {
		return
	}
	m.State, m.DeliveredAt = storage.StateDelivered, m.Pos.Time
	for _, later := range t.lines[i+1:] {
		if !later.out {
			m.State, m.ReadAt = storage.StateRead, m.Pos.Time+time.Minute.Milliseconds()
		}
	}
}

// happen stores a message with what there is to it; said are those before it.
func (p *past) happen(m *storage.Message, w what, said []storage.Message) error {
	chat, err := p.tx.Chat(m.Chat)
	if err != nil {
		return err
	}
	soon := m.Pos.Time + time.Minute.Milliseconds()
	if w.answers > 0 {
		asked := said[w.answers-1]
		m.Reply = storage.Reply{ID: asked.ID, From: jid.MustParse(asked.From).Bare().String(), Quote: asked.Body}
	}
	if w.gone {
		m.RetractedAt = soon
	}
	if w.hearts != nil {
		m.Reactions = append(m.Reactions, storage.Reaction{From: chat.JID, Emoji: w.hearts, At: soon})
	}
	if w.own != nil {
		m.Reactions = append(m.Reactions, storage.Reaction{Out: true, Emoji: w.own, At: soon})
	}
	if w.link != nil {
		m.Links = []storage.Link{*w.link}
	}
	if w.file != nil {
		f, err := p.file(chat.ID, w.file)
		if err != nil {
			return err
		}
		m.Files = []storage.File{f}
		switch f.State {
		case storage.FileFailed:
			m.State, m.Reason, m.SentAt = storage.StateFailed, f.Reason, 0
		case storage.FileWaiting:
			m.State, m.SentAt, m.OriginID = storage.StateWaiting, 0, m.ID
		}
	}
	if w.was != "" {
		m.EditedAt, m.EditID = soon, m.ID+"-again"
	}
	if err := p.tx.AddMessage(m); err != nil {
		return err
	}
	if w.was != "" {
		if err := p.tx.PutEdits(m.Chat, m.Pos, []storage.Edit{{Body: w.was}}); err != nil {
			return err
		}
	}
	if m.State == storage.StateWaiting {
		if err := p.tx.Enqueue(chat.Account, m.Chat, m.Pos); err != nil {
			return err
		}
	}
	if w.starred {
		return p.tx.SetStarred(m.Chat, m.Pos, true)
	}
	return nil
}
