package account

import (
	"slices"

	"linnet/storage"
)

// unknownPeers stands in the place of an address for people who are neither
// contacts nor have a conversation here. What is kept of all of them together has
// the room of one conversation (storage.MaxNotes): anybody can leave what he likes
// in our archive, under as many addresses as he makes up.
const unknownPeers = ""

// waitsFor gives by what name a message is waited for in a home of notes: that of
// its conversation, or unknownPeers.
func waitsFor(home, peer, id string) string {
	if home == unknownPeers {
		return peer + " " + id
	}
	return id
}

// keepNote keeps what was said about a message that is not here; chat is nil
// where there is no conversation.
func (m *merging) keepNote(chat *merged, n *noted) error {
	a, home := m.in.a, n.peer
	if chat == nil && !n.Out && !a.isContact(n.peer) {
		home = unknownPeers
	}
	kept := n.Note
	kept.Target = waitsFor(home, n.peer, n.Target)
	before, err := m.tx.Notes(a.id, home, n.Out, kept.Target)
	if err != nil {
		return err
	}
	for i := range before {
		b := &before[i]
		if b.Kind != n.Kind {
			continue
		}
		// Of what one author says the same way only one counts.
		if b.ID == n.ID && (!n.kept || b.At == n.At) || b.ID != n.ID && !newer(n, b) {
			return nil
		}
		if err := m.tx.DropNote(a.id, home, b); err != nil {
			return err
		}
	}
	m.done.changed = true
	return m.tx.PutNote(a.id, home, &kept)
}

// newer tells whether a note is to be kept in place of another. The first
// retraction counts, and the last reactions.
func newer(n *noted, b *storage.Note) bool {
	later := n.At > b.At || n.At == b.At && n.ID > b.ID
	return later == (n.Kind == storage.ActReact)
}

// applyWaiting changes a message by what was said about it before it came.
func (m *merging) applyWaiting(peer string, msg *storage.Message) error {
	for _, home := range []string{peer, unknownPeers} {
		if !m.tx.HasNotes(m.in.a.id, home) {
			continue
		}
		for _, id := range slices.Compact([]string{msg.ID, msg.OriginID}) {
			for _, out := range []bool{false, true} {
				if err := m.applyNotes(home, waitsFor(home, peer, id), out, msg); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (m *merging) applyNotes(home, target string, out bool, msg *storage.Message) error {
	notes, err := m.tx.Notes(m.in.a.id, home, out, target)
	if err != nil {
		return err
	}
	for i := range notes {
		n := &notes[i]
		if !mayNote(msg, n) {
			continue
		}
		if _, err := applyNote(m.tx, msg, n, false); err != nil {
			return err
		}
		if err := m.tx.DropNote(m.in.a.id, home, n); err != nil {
			return err
		}
	}
	return nil
}
