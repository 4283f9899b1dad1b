package account

import (
	"cmp"
	"slices"

	"linnet/storage"
)

// maxEdits bounds what is kept of what one message said. The first words and
// the newest stay: the first are what people answered, and what shows that an
// older copy is the same message; one who corrects so often that some have to go
// has said them between.
const maxEdits = 64

// maxEditBytes bounds the same in bytes: all of it is written anew with each
// correction.
const maxEditBytes = 512 << 10

// applyNote changes a stored message by what was said about it, and stores it;
// false when that says nothing new. Who says it was checked.
//
// The outcome is the same in whatever order, and however often, what was said
// comes: corrections are kept by their times, of reactions the newest of each
// author counts, and nothing counts after a retraction. kept means that the time
// is that of the archive, which is the true one.
func applyNote(tx *storage.Tx, m *storage.Message, n *storage.Note, kept bool) (changed bool, err error) {
	switch {
	case n.Kind == storage.ActRetract:
		return takeBack(tx, m, n, kept)
	case m.RetractedAt != 0:
		return false, nil
	case n.Kind == storage.ActCorrect:
		return reword(tx, m, n, kept)
	}
	return react(tx, m, n, kept)
}

// takeBack leaves of a message that it was there.
func takeBack(tx *storage.Tx, m *storage.Message, n *storage.Note, kept bool) (bool, error) {
	if m.RetractedAt != 0 {
		if !kept || n.At >= m.RetractedAt {
			return false, nil
		}
		m.RetractedAt = n.At
		return true, tx.PutMessage(m)
	}
	clearWords(m)
	m.RetractedAt = n.At
	if n.Out {
		m.EditID = n.ID // by which somebody may refuse it
	}
	if err := tx.PutEdits(m.Chat, m.Pos, nil); err != nil {
		return false, err
	}
	if err := tx.SetStarred(m.Chat, m.Pos, false); err != nil {
		return false, err
	}
	return true, tx.PutMessage(m)
}

// clearWords takes from a message what it said.
func clearWords(m *storage.Message) {
	m.Body, m.Reply, m.EditedAt, m.EditID, m.Starred = "", storage.Reply{}, 0, "", false
	m.Reactions, m.Files, m.Links, m.Act, m.Reacted = nil, nil, nil, storage.Act{}, storage.Act{}
}

// reword gives a message other words.
func reword(tx *storage.Tx, m *storage.Message, n *storage.Note, kept bool) (bool, error) {
	all, err := versions(tx, m)
	if err != nil {
		return false, err
	}
	if i := slices.IndexFunc(all, func(e storage.Edit) bool { return e.ID == n.ID }); i < 0 {
		all = append(all, storage.Edit{At: n.At, ID: n.ID, Body: n.Body, Links: n.Links, Unstyled: n.Unstyled})
	} else if kept && all[i].At != n.At {
		all[i].At = n.At
	} else {
		return false, nil
	}
	return true, putVersions(tx, m, all)
}

// versions gives all that a message said, and what it says now. Only the first
// words have no id.
func versions(tx *storage.Tx, m *storage.Message) ([]storage.Edit, error) {
	all, err := tx.Edits(m.Chat, m.Pos)
	return append(all, storage.Edit{At: m.EditedAt, ID: m.EditID, Body: m.Body, Links: toldAlong(m.Links), Unstyled: m.Unstyled}), err
}

// putVersions stores what a message said, of which the newest is what it says.
func putVersions(tx *storage.Tx, m *storage.Message, all []storage.Edit) error {
	slices.SortFunc(all, func(a, b storage.Edit) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID))
	})
	if over := len(all) - 1 - maxEdits; over > 0 {
		all = slices.Delete(all, 1, 1+over)
	}
	size := 0
	for i := range all {
		size += editSize(&all[i])
	}
	for len(all) > 2 && size > maxEditBytes {
		size -= editSize(&all[1])
		all = slices.Delete(all, 1, 2)
	}
	last := len(all) - 1
	m.Links = withFetched(all[last].Links, m.Links, all[last].Body)
	m.Body, m.EditedAt, m.EditID, m.Unstyled = all[last].Body, all[last].At, all[last].ID, all[last].Unstyled
	if err := tx.PutEdits(m.Chat, m.Pos, all[:last]); err != nil {
		return err
	}
	return tx.PutMessage(m)
}

// editSize gives about how much there is of what a message said.
func editSize(e *storage.Edit) int {
	n := len(e.Body)
	for i := range e.Links {
		l := &e.Links[i]
		n += len(l.URL) + len(l.Title) + len(l.Text) + len(l.Image)
	}
	return n
}

// react keeps what somebody thinks of a message. That reactions were taken back
// is kept, too: older ones may come later.
func react(tx *storage.Tx, m *storage.Message, n *storage.Note, kept bool) (bool, error) {
	said := storage.Reaction{From: bareOf(n.From), Out: n.Out, Emoji: n.Emoji, At: n.At, ID: n.ID}
	i := slices.IndexFunc(m.Reactions, func(r storage.Reaction) bool { return r.From == said.From && r.Out == said.Out })
	list := slices.Clone(m.Reactions)
	switch {
	case i < 0:
		list = append(list, said)
	case list[i].ID == said.ID:
		if !kept || list[i].At == said.At {
			return false, nil
		}
		list[i].At = said.At
	case said.At < list[i].At || said.At == list[i].At && said.ID < list[i].ID:
		return false, nil
	default:
		list[i] = said
	}
	sortReactions(list)
	m.Reactions = list
	return true, tx.PutMessage(m)
}

func sortReactions(list []storage.Reaction) {
	slices.SortFunc(list, func(a, b storage.Reaction) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID))
	})
}

// firstWords gives what a message said first, by which another copy of it is
// known.
func firstWords(tx *storage.Tx, m *storage.Message) (string, error) {
	if m.EditedAt == 0 || m.Partial {
		return m.Body, nil
	}
	edits, err := tx.Edits(m.Chat, m.Pos)
	if err != nil || len(edits) == 0 {
		return m.Body, err
	}
	return edits[0].Body, nil
}
