package account

import (
	"strings"

	"linnet/account/xep/correct"
	"linnet/account/xep/fallback"
	"linnet/account/xep/reactions"
	"linnet/account/xep/reply"
	"linnet/account/xep/retract"
	"linnet/storage"
)

// maxQuote bounds in characters what is kept of the words an answer quotes.
const maxQuote = 400

// notesIn is what of a message is about one before it.
type notesIn struct {
	Replace   *correct.Replace     `xml:"urn:xmpp:message-correct:0 replace"`
	Retract   *retract.Retract     `xml:"urn:xmpp:message-retract:1 retract"`
	Retracted *retract.Retracted   `xml:"urn:xmpp:message-retract:1 retracted"`
	Reactions *reactions.Reactions `xml:"urn:xmpp:reactions:0 reactions"`
	Reply     *reply.Reply         `xml:"urn:xmpp:reply:0 reply"`
	Fallbacks []fallback.Fallback  `xml:"urn:xmpp:fallback:0 fallback"`
}

// noted is a message that says something about one before it.
type noted struct {
	*heard
	storage.Note
	kept  bool // as the archive has it: the time is the true one
	asked bool // for a receipt of this device
}

// takeNote notes what a message says about another; false when it is a message
// of its own, too. body is what it says beside.
func (in *intake) takeNote(h *heard, body string) bool {
	n := noted{heard: h, kept: in.sweep != nil, Note: storage.Note{
		Out: h.own, From: h.from.String(), At: h.at.UnixMilli(), ID: noteID(h),
	}}
	alone := true
	switch {
	case h.Retract != nil: // whatever else it says is for who does not know this
		n.Kind, n.Target = storage.ActRetract, usableID(h.Retract.ID)
	case h.Replace != nil && body != "":
		n.Kind, n.Target, n.Body = storage.ActCorrect, usableID(h.Replace.ID), body
		n.Links, n.Unstyled = h.links(body), h.Unstyled != nil
		n.asked = h.Asked != nil && !h.own && !h.copied
		alone = n.Target != "" && n.ID != ""
	case h.Reactions != nil:
		n.Kind, n.Target, n.Emoji = storage.ActReact, usableID(h.Reactions.ID), reactions.Clean(h.Reactions.Emoji)
		alone = body == ""
	default:
		return false
	}
	// What has no id cannot be told from itself when it comes again.
	if n.Target != "" && n.ID != "" {
		in.notes = append(in.notes, n)
	}
	return alone
}

// noteID gives what a message that says something about another is known by.
func noteID(h *heard) string {
	for _, id := range []string{h.id, h.OriginID.ID, h.stanzaID} {
		if id = usableID(id); id != "" {
			return id
		}
	}
	return ""
}

// words gives the text of a message without what stands in it for programs that
// do not know what we do, and of that the words an answer quotes.
func (c *content) words() (body, quote string) {
	raw := pick(c.Bodies)
	if c.Reactions != nil {
		raw, _ = fallback.Strip(raw, c.Fallbacks, reactions.NS)
	}
	if c.Reply != nil {
		// An answer that is nothing but a quote is shown as it is.
		if rest, cutOff := fallback.Strip(raw, c.Fallbacks, reply.NS); strings.TrimSpace(rest) != "" {
			raw, quote = rest, cutOff
		}
	}
	return usableBody(raw), unquote(normalize(quote))
}

// answered gives what a message answers, between two people.
func (h *heard) answered(own, quote string) storage.Reply {
	if h.Reply == nil || usableID(h.Reply.ID) == "" {
		return storage.Reply{}
	}
	r := storage.Reply{ID: usableID(h.Reply.ID), Quote: quote}
	if to := bareOf(h.Reply.To); to == own || to == h.peer {
		r.From = to
	}
	return r
}

// retractedAt gives when a message was taken back of which the archive has a
// tombstone.
func (h *heard) retractedAt() int64 {
	if at, ok := h.Retracted.Time(); ok && at.After(h.at) {
		return at.UnixMilli()
	}
	return h.at.UnixMilli()
}

// unquote takes the marks of a quote (XEP-0393) from its lines.
func unquote(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(line, ">"); ok {
			lines[i] = strings.TrimPrefix(rest, " ")
		}
	}
	return cutRunes(strings.TrimSpace(strings.Join(lines, "\n")), maxQuote)
}

// cutRunes shortens s to at most n characters.
func cutRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return strings.Clone(s[:i])
		}
	}
	return s
}

// annotate takes in what was said about messages, when those of the batch are
// stored.
func (m *merging) annotate() error {
	m.spreadNotes()
	for i := range m.in.notes {
		if err := m.note(&m.in.notes[i]); err != nil {
			return err
		}
	}
	return nil
}

// spreadNotes makes the times of a page of the archive tell its order, where
// they are the same: some archives tell whole seconds, and somebody who changes
// his mind about a reaction does it faster.
func (m *merging) spreadNotes() {
	s, notes := m.in.sweep, m.in.notes
	if s == nil || len(notes) == 0 {
		return
	}
	if s.up {
		before := s.notes
		for i := range notes {
			notes[i].At = max(notes[i].At, before+1)
			before = notes[i].At
		}
		m.done.notes = before
		return
	}
	for i := 1; i < len(notes); i++ {
		notes[i].At = max(notes[i].At, notes[i-1].At+1)
	}
	after := s.notes
	for i := len(notes) - 1; i >= 0 && after != 0 && notes[i].At >= after; i-- {
		notes[i].At = after - 1
		after = notes[i].At
	}
	m.done.notes = notes[0].At
}

// note takes in what was said about one message.
func (m *merging) note(n *noted) error {
	if erased, err := m.isErased(n.peer, n.at); err != nil || erased && n.kept {
		return err
	}
	if n.Out {
		if err := m.done.confirmAct(m.tx, m.in.a, n.ID); err != nil {
			return err
		}
	}
	chat, err := m.known(n.peer, n.Out)
	if err != nil {
		return err
	}
	if chat != nil {
		target, ok, err := findTarget(m.tx, chat.ID, &n.Note)
		if err != nil {
			return err
		}
		if ok {
			return m.apply(chat, &target, n)
		}
		if deleted, err := m.isDeletedTarget(n); err != nil || deleted {
			return err
		}
	}
	if n.Kind == storage.ActCorrect {
		return m.standIn(n)
	}
	if chat == nil && !n.kept && !n.Out && !m.in.a.isContact(n.peer) {
		return nil
	}
	return m.keepNote(chat, n)
}

// known gives a conversation that is there; nil for none.
func (m *merging) known(peer string, own bool) (*merged, error) {
	if c, looked := m.chats[peer]; looked {
		return c, nil
	}
	_, ok, err := m.tx.FindChat(m.in.a.id, peer)
	if !ok || err != nil {
		return nil, err
	}
	return m.chat(peer, own)
}

// findTarget gives the message of a conversation that somebody says something
// about. Only its author may change it or take it back; what came later than
// what was said is another one.
func findTarget(tx *storage.Tx, chat storage.ChatID, n *storage.Note) (storage.Message, bool, error) {
	for _, kind := range []storage.IDKind{storage.ByOrigin, storage.ByID, storage.ByEdit} {
		msg, ok, err := tx.FindMessage(chat, kind, n.Target)
		if ignoreLost(err) != nil {
			return msg, false, err
		}
		if ok && err == nil && mayNote(&msg, n) {
			return msg, true, nil
		}
	}
	return storage.Message{}, false, nil
}

func mayNote(m *storage.Message, n *storage.Note) bool {
	if m.Pos.Time > n.At+maxClockStep.Milliseconds() {
		return false
	}
	return n.Kind == storage.ActReact || m.Out == n.Out && bareOf(m.From) == bareOf(n.From)
}

// apply changes a message by what was said about it.
func (m *merging) apply(chat *merged, target *storage.Message, n *noted) error {
	was, files := target.RetractedAt, target.Files
	changed, err := applyNote(m.tx, target, &n.Note, n.kept)
	if err != nil {
		return err
	}
	if n.asked {
		m.done.asked = append(m.done.asked, storage.Message{Chat: chat.ID, From: n.From, ID: n.ID})
	}
	if !changed {
		return nil
	}
	m.done.again = append(m.done.again, *target)
	if was == 0 && target.RetractedAt != 0 {
		m.done.files = append(m.done.files, files...)
	}
	if was == 0 && target.RetractedAt != 0 && !target.Out && chat.ReadUpTo.Before(target.Pos) {
		chat.Unread, err = m.tx.CountAfter(chat.ID, chat.ReadUpTo, maxUnread)
	}
	return err
}

// standIn has a correction stand for a message that is not here, until that
// comes: who has just that is to see it, and so it is with programs that know
// nothing of corrections. It is the message, of which only the first words are
// missing.
func (m *merging) standIn(n *noted) error {
	chat, err := m.chat(n.peer, n.Out)
	if chat == nil || err != nil {
		return err
	}
	msg := incoming{heard: n.heard, asked: n.asked, m: storage.Message{
		Pos: storage.Pos{Time: n.At}, Out: n.Out, From: n.From, Body: n.Body, Links: n.Links, Unstyled: n.Unstyled,
		ID: n.Target, OriginID: n.Target, EditedAt: n.At, EditID: n.ID, Partial: true,
	}}
	if n.Out {
		msg.m.State, msg.m.SentAt = storage.StateSent, n.At
	}
	if !n.kept {
		msg.m.Pos.Time = placeAfter(chat.Last.Pos, n.at, n.slack)
	}
	return m.add(chat, &msg)
}

// complete gives a message that a correction stood for its first words.
func (m *merging) complete(have *storage.Message, msg *incoming) error {
	edits, err := m.tx.Edits(have.Chat, have.Pos)
	if err != nil {
		return err
	}
	x := &msg.m
	have.Partial, have.From, have.ID, have.OriginID, have.StanzaID = false, x.From, x.ID, x.OriginID, x.StanzaID
	have.Markable, have.SentAt, have.Encryption = x.Markable, x.SentAt, x.Encryption
	if have.RetractedAt == 0 {
		have.Reply, have.Files = x.Reply, x.Files
		edits = append([]storage.Edit{{Body: x.Body, Links: x.Links, Unstyled: x.Unstyled}}, edits...)
		if err := m.tx.PutEdits(have.Chat, have.Pos, edits); err != nil {
			return err
		}
	}
	if err := m.tx.PutMessage(have); err != nil {
		return err
	}
	m.done.again = append(m.done.again, *have)
	return m.applyWaiting(msg.peer, have)
}
