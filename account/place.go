package account

import (
	"math"
	"slices"
	"time"

	"linnet/storage"
)

// timeError is by how much the time of what came may differ from that in the
// archive: more means that it was held up on the way, or that our clock is wrong.
const timeError = 5 * time.Second

// wholeSecond is what the times of an archive that tells whole seconds may be
// too early by.
const wholeSecond = 999 * time.Millisecond

// archived is one message of a page of the archive.
type archived struct {
	msg   *incoming
	have  storage.Message // what is here already
	known bool
	// loose messages have no part in the order: what this device sent stays
	// where it was typed, and a second copy is where the first is.
	loose bool
}

// addPage takes in a page of the archive, which comes in the archive's order.
// That order is the truth: what is here in another is moved.
func (m *merging) addPage() error {
	pages := make(map[*merged][]archived)
	for i := range m.in.messages {
		msg := &m.in.messages[i]
		if erased, err := m.isErased(msg.peer, msg.at); err != nil {
			return err
		} else if erased {
			continue
		}
		chat, err := m.chat(msg.peer, msg.own)
		if err != nil {
			return err
		}
		if chat == nil || repeats(pages[chat], &msg.m) {
			continue
		}
		x := archived{msg: msg}
		if x.have, x.known, err = find(m.tx, chat.ID, &msg.m); err != nil {
			return err
		}
		if !x.known {
			if deleted, err := m.isDeleted(msg); err != nil {
				return err
			} else if deleted {
				continue
			}
		} else {
			stoodIn := x.have.Partial
			if err := m.merge(&x.have, msg); err != nil {
				return err
			}
			waits := x.have.State == storage.StateWaiting || !x.have.Act.IsZero() || !x.have.Reacted.IsZero() // and is known by its place
			x.loose = waits || !stoodIn && (x.have.From == m.in.a.fullName() || x.have.StanzaID != msg.stanzaID)
		}
		pages[chat] = append(pages[chat], x)
	}
	for chat, page := range pages {
		err := m.place(chat, page)
		if err != nil {
			return err
		}
		for i := range page {
			if page[i].known {
				continue
			}
			if err := m.add(chat, page[i].msg); err != nil {
				return err
			}
		}
		if m.done.hasMoved(chat.ID) {
			chat.Unread, err = m.tx.CountAfter(chat.ID, chat.ReadUpTo, maxUnread)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// repeats tells whether a page has a message already: an archive has two of
// what was sent twice.
func repeats(page []archived, msg *storage.Message) bool {
	for i := range page {
		have := &page[i].msg.m
		if !page[i].known && isSame(have, msg) {
			return true
		}
	}
	return false
}

// place gives the new messages of a page their times, and moves those that are
// not in its order. It goes from the end where the page meets what the sweep
// has placed before.
func (m *merging) place(chat *merged, page []archived) error {
	was := chat.ReadUpTo
	last, err := m.edge(chat, page)
	if err != nil {
		return err
	}
	lost, err := m.lostEdge(chat, page)
	if err != nil {
		return err
	}
	for i := range page {
		if !m.in.sweep.up {
			i = len(page) - 1 - i
		}
		x := &page[i]
		if x.loose {
			continue
		}
		if i == lost.at && (last.IsZero() || last.Before(lost.pos) == m.in.sweep.up) {
			last = lost.pos
		}
		pos := m.byTime(x)
		switch {
		case last.IsZero():
		case m.in.sweep.up && !last.Before(pos):
			pos.Time = last.Time + 1
		case !m.in.sweep.up && !pos.Before(last):
			pos.Time = last.Time - 1
		}
		if x.known && pos != x.have.Pos {
			if err := m.carry(chat, page, x.have.Pos, pos, last); err != nil {
				return err
			}
			if err := m.move(chat, &x.have, pos.Time); err != nil {
				return err
			}
		}
		x.msg.m.Pos.Time = pos.Time
		last = pos
	}
	if !m.in.sweep.up && last.Seq == math.MaxUint64 {
		last.Seq = 0 // what came meanwhile is stored behind it, and must not be
	}
	m.done.edges[chat.ID] = last
	return m.readWritten(chat, was)
}

// byTime gives the place of a message by nothing but times: its own, if that is
// about what the archive says.
func (m *merging) byTime(x *archived) storage.Pos {
	at := x.msg.at.UnixMilli()
	if !m.in.sweep.up && x.msg.at.Nanosecond() == 0 {
		at += wholeSecond.Milliseconds()
	}
	if !x.known {
		return storage.Pos{Time: at, Seq: math.MaxUint64} // what is new is stored last
	}
	pos, wrong := x.have.Pos, timeError.Milliseconds()
	if !m.in.sweep.up && (pos.Time > at+wrong || pos.Time < at-wrong) {
		pos.Time = at
	}
	return pos
}

// move gives a message that is here another time.
func (m *merging) move(chat *merged, have *storage.Message, time int64) error {
	from := have.Pos
	if err := m.tx.MoveMessage(have, time); err != nil {
		return err
	}
	m.done.moved = append(m.done.moved, *have)
	m.readMoved(chat, have, from)
	return nil
}

// carry takes along what came live behind a message that moves ahead, since our
// clock was slow: it may be newer than all the sweep gives. What is not will be
// met in it.
func (m *merging) carry(chat *merged, page []archived, from, to, end storage.Pos) error {
	by := to.Time - from.Time
	if by <= timeError.Milliseconds() {
		return nil
	}
	list, err := m.tx.MessagesAfter(chat.ID, from, maxRecent)
	for i := range list {
		x := &list[i]
		if !x.Pos.Before(to) {
			break
		}
		_, live := m.in.a.archive.live.get(x.Pos.Seq)
		inPage := func(o archived) bool { return o.known && o.have.Pos.Seq == x.Pos.Seq }
		if !live || x.Pos.Seq < from.Seq || slices.ContainsFunc(page, inPage) {
			continue
		}
		at := x.Pos.Time + by
		if !end.IsZero() && !m.in.sweep.up {
			at = min(at, end.Time-1)
		}
		if err := m.move(chat, x, at); err != nil {
			return err
		}
	}
	return err
}

// readMoved has the place up to which was read follow its message, but for what
// the sweep has met that was read.
func (m *merging) readMoved(chat *merged, have *storage.Message, from storage.Pos) {
	if chat.ReadUpTo == from {
		chat.ReadUpTo = have.Pos
		if met := m.in.sweep.read[chat.ID]; chat.ReadUpTo.Before(met) {
			chat.ReadUpTo = met
		}
	}
	if m.elsewhere(have) && chat.wrote.Before(have.Pos) {
		chat.wrote = have.Pos
	}
}

// readWritten makes read, when messages have moved, what is before those that
// another device of ours wrote; was is up to where was read before.
func (m *merging) readWritten(chat *merged, was storage.Pos) error {
	if chat.ReadUpTo.Before(chat.wrote) {
		chat.ReadUpTo = chat.wrote
	}
	chat.wrote = storage.Pos{}
	if !chat.ReadUpTo.Before(was) {
		return nil
	}
	list, err := m.tx.MessagesBefore(chat.ID, was, earlierPage)
	for _, x := range slices.Backward(list) {
		if m.elsewhere(&x) && chat.ReadUpTo.Before(x.Pos) {
			// The next page may move this one to before what was read.
			m.in.sweep.read[chat.ID] = chat.ReadUpTo
			chat.ReadUpTo = x.Pos
			break
		}
	}
	return err
}

// elsewhere tells whether another device of ours wrote a message.
func (m *merging) elsewhere(x *storage.Message) bool {
	return x.Out && x.From != m.in.a.fullName()
}

// lostEdge is a message at which a gap ends, and which the archive has lost, with
// the index in the page of what comes next to it; -1 for none.
type lostEdge struct {
	pos storage.Pos
	at  int
}

// lostEdge gives where a page that was asked for by time goes past the end of
// what is here: what is new there is beyond the message at that end.
func (m *merging) lostEdge(chat *merged, page []archived) (lostEdge, error) {
	s := m.in.sweep
	none := lostEdge{at: -1}
	if s.lostID == "" {
		return none, nil
	}
	have, ok, err := m.tx.FindMessage(chat.ID, storage.ByStanza, s.lostID)
	if !ok || err != nil || have.From == m.in.a.fullName() {
		return none, ignoreLost(err)
	}
	at := -1
	for i := range page {
		if !s.up {
			i = len(page) - 1 - i
		}
		x := &page[i]
		switch {
		case x.loose:
		case !x.known && at < 0:
			at = i
		case x.known && x.have.Pos == have.Pos:
			return none, nil
		case x.known && x.have.Pos.Before(have.Pos) == s.up:
			at = -1 // what came before it in the page is on this side, too
		}
	}
	return lostEdge{have.Pos, at}, nil
}

// edge gives the message of a conversation next to which a page begins: the one
// the sweep has placed last, or what is on disk; the zero Pos for none.
func (m *merging) edge(chat *merged, page []archived) (storage.Pos, error) {
	s := m.in.sweep
	if last, ok := s.edges[chat.ID]; ok || s.edge.IsZero() {
		return last, nil
	}
	have, ok, err := m.tx.FindMessage(chat.ID, storage.ByStanza, s.edge.ID)
	if ok && err == nil && have.From != m.in.a.fullName() {
		return have.Pos, nil
	}
	if ignoreLost(err) != nil {
		return storage.Pos{}, err
	}
	return m.nearEdge(chat, page)
}

// nearEdge is edge where only times tell. What is a little on the wrong side by
// its time was put there for want of a better one, unless it is in the page, or
// beyond it.
func (m *merging) nearEdge(chat *merged, page []archived) (storage.Pos, error) {
	up, wrong := m.in.sweep.up, timeError.Milliseconds()
	next := m.tx.MessagesAfter
	edge := storage.Pos{Time: m.in.sweep.edge.Time - 1, Seq: math.MaxUint64}
	far := page[0].msg.at.Add(-edgeError).UnixMilli()
	at := storage.Pos{Time: min(max(edge.Time-wrong, far), edge.Time)}
	if up {
		next = m.tx.MessagesBefore
		edge.Time += 1 + edgeError.Milliseconds()
		far = page[len(page)-1].msg.at.Add(edgeError).UnixMilli()
		at = storage.Pos{Time: max(min(edge.Time+wrong, far), edge.Time)}
	}
	for {
		list, err := next(chat.ID, at, earlierPage)
		if err != nil || len(list) == 0 {
			return storage.Pos{}, err
		}
		for i := range list {
			if up {
				i = len(list) - 1 - i
			}
			x := &list[i]
			inPage := func(o archived) bool { return o.known && o.have.Pos == x.Pos }
			beyond := edge.Before(x.Pos) != up
			if beyond || x.StanzaID != "" && x.From != m.in.a.fullName() && !slices.ContainsFunc(page, inPage) {
				return x.Pos, nil
			}
			at = x.Pos
		}
	}
}
