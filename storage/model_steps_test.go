package storage

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// words come with what is hard on an encoding.
var words = []string{"", "a", "<&>\u2028\u202e", "line\none\ttwo", "\x00\x01", "木漏れ日 😀", `"quoted\"`, "long " + string(make([]byte, 3000))}

func randomMessage(r *rand.Rand, chat ChatID) Message {
	word := func() string { return words[r.IntN(len(words))] }
	id := func() string {
		if r.IntN(3) == 0 {
			return ""
		}
		return fmt.Sprintf("id%d", r.IntN(40)) // meets others
	}
	m := Message{
		Pos: Pos{Time: int64(r.IntN(60)) - 20}, Chat: chat, Out: r.IntN(3) == 0, From: word(), Body: word(),
		State: MessageState(r.IntN(6)), Reason: word(), ID: id(), OriginID: id(), StanzaID: id(),
		SentAt: int64(r.IntN(3)), DeliveredAt: int64(r.IntN(3)), ReadAt: int64(r.IntN(3)), Markable: r.IntN(2) == 0, Unstyled: r.IntN(2) == 0, Encryption: word(),
	}
	if r.IntN(4) == 0 {
		m.Reply = Reply{ID: id(), From: word(), Quote: word()}
		m.Partial = r.IntN(2) == 0
		m.EditedAt, m.EditID, m.RetractedAt = int64(r.IntN(3)), id(), int64(r.IntN(2))
		m.Reactions = []Reaction{{From: word(), Out: true, Emoji: []string{"👍🏽", "❤️"}, At: 5, ID: id()}, {}}
		m.Files = []File{{
			Name: word(), Type: word(), Desc: word(), Size: 1 << 40, Width: 3, Height: 4, Duration: 5, Hash: []byte{1}, Thumb: []byte{2},
			URL: word(), Path: word(), State: FileState(r.IntN(7)), Voice: r.IntN(2) == 0, Wave: []byte{0, 255}, Reason: word(),
		}}
		m.Links = []Link{{URL: word(), Title: word(), Text: word(), Image: []byte{3}, Fetched: true}}
		m.Act = Act{Kind: ActCorrect, State: StateFailed, Reason: word(), ID: id(), Note: []byte{4}}
		m.Reacted = Act{Kind: ActReact, State: StateWaiting, ID: id(), Note: []byte{5}}
	}
	return m
}

// step makes one random change to both.
func (m *model) step(r *rand.Rand, t *Tx) error {
	acc, haveAcc := anyOf(r, m.accounts)
	chat, haveChat := anyOf(r, m.chats)
	switch n := r.IntN(100); {
	case n < 3 || !haveAcc:
		a := Account{Address: fmt.Sprintf("a%d@example.org", n), Trusted: []byte{1, 2}, Port: 5222, NoMarkers: true, NoTyping: true, Previews: true, Status: Status{Show: ShowAway, Message: "x"}}
		if err := t.PutAccount(&a); err != nil {
			return err
		}
		m.accounts[a.ID] = a
		m.roster[a.ID] = map[string]RosterItem{}
	case n < 4:
		m.deleteAccount(acc)
		return t.DeleteAccount(acc)
	case n < 10 || !haveChat:
		c := Chat{Account: acc, JID: fmt.Sprintf("c%d@example.org", len(m.chats)*100+n), Draft: "so", Recording: "1/voice", MutedUntil: time.UnixMilli(77)}
		if _, ok, err := t.FindChat(acc, c.JID); ok || err != nil {
			return err
		}
		if err := t.PutChat(&c); err != nil {
			return err
		}
		m.chats[c.ID] = c
	case n < 11:
		m.deleteChat(chat)
		return t.DeleteChat(chat)
	case n < 15:
		c := m.chats[chat]
		c.Receipts, c.Markers = Choice(r.IntN(3)), Choice(r.IntN(3))
		c.Typing, c.AutoDownload, c.DraftReply = Choice(r.IntN(3)), Choice(r.IntN(3)), Pos{Time: -5, Seq: uint64(n)}
		c.Archived, c.MarkedUnread, c.Request = r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0
		c.Unread, c.ReadUpTo, c.Pinned, c.Draft = n, Pos{Time: int64(n), Seq: 4}, !c.Pinned, words[r.IntN(len(words))]
		m.chats[chat] = c
		return t.PutChat(&c)
	case n < 18:
		if all := m.messages[chat]; len(all) > 0 && !all[len(all)-1].Out {
			x := all[len(all)-1]
			m.deleteMessage(x)
			return t.DeleteMessage(chat, x.Pos)
		}
	case n < 22:
		if all := m.messages[chat]; len(all) > 0 {
			x := &all[r.IntN(len(all))]
			x.Starred = !x.Starred
			return t.SetStarred(chat, x.Pos, x.Starred)
		}
	case n < 70:
		x := randomMessage(r, chat)
		if err := t.AddMessage(&x); err != nil {
			return err
		}
		m.add(x)
		if x.Out {
			acc := m.chats[chat].Account
			o := Outgoing{Chat: chat, Pos: x.Pos, Kind: ActCorrect, Note: []byte{7}}
			m.outbox[acc] = append(m.outbox[acc], Outgoing{Chat: chat, Pos: x.Pos}, o)
			if err := t.Enqueue(acc, chat, x.Pos); err != nil {
				return err
			}
			return t.EnqueueAct(acc, &o)
		}
	case n < 75:
		if all := m.messages[chat]; len(all) > 0 && !all[len(all)/2].Out {
			x := all[len(all)/2]
			time := int64(r.IntN(60)) - 20
			m.move(x, time)
			return t.MoveMessage(&x, time)
		}
	case n < 85:
		if all := m.messages[chat]; len(all) > 0 {
			x := randomMessage(r, chat)
			x.Pos = all[r.IntN(len(all))].Pos
			m.put(x)
			return t.PutMessage(&x)
		}
	case n < 90:
		out, err := t.Outbox(acc, 1)
		if err != nil || len(out) == 0 {
			return err
		}
		m.outbox[acc] = m.outbox[acc][1:]
		return t.Dequeue(acc, out[0].Seq)
	case n < 95:
		item := RosterItem{JID: fmt.Sprintf("r%d@example.org", n), Name: words[r.IntN(len(words))], Groups: []string{"g", "h"}, Ask: true, LastSeen: int64(n)}
		m.roster[acc][item.JID] = item
		return t.PutRosterItem(acc, item)
	case n < 97:
		jid := fmt.Sprintf("r%d@example.org", 90+r.IntN(5))
		delete(m.roster[acc], jid)
		return t.DeleteRosterItem(acc, jid)
	default:
		name := fmt.Sprint("s", n)
		m.settings[name] = words[r.IntN(len(words))]
		return t.PutSetting(name, []byte(m.settings[name]))
	}
	return nil
}
