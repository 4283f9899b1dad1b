package storage

import (
	"bytes"
	"slices"
)

// IDKind says which of the ids of a message a search means.
type IDKind uint8

// The kinds of id; the numbers are stored.
const (
	ByID     IDKind = 1 // Message.ID
	ByOrigin IDKind = 2 // Message.OriginID
	ByStanza IDKind = 3 // Message.StanzaID
	ByEdit   IDKind = 4 // Message.EditID, and the ids of what Edits returns
	ByReact  IDKind = 5 // Reaction.ID of our own
)

type idOf struct {
	kind IDKind
	id   string
}

// ids returns the ids of m by kind, always in the same order; an empty one is
// not indexed.
func (m *Message) ids() []idOf {
	own := ""
	if i := slices.IndexFunc(m.Reactions, func(r Reaction) bool { return r.Out }); i >= 0 {
		own = m.Reactions[i].ID
	}
	return []idOf{{ByID, m.ID}, {ByOrigin, m.OriginID}, {ByStanza, m.StanzaID}, {ByReact, own}}
}

// FindMessage returns the message of a conversation that has an id. It costs
// two reads by key, however long the conversation is. An empty id is never
// found.
func (t *Tx) FindMessage(chat ChatID, kind IDKind, id string) (Message, bool, error) {
	if id == "" {
		return Message{}, false, nil
	}
	p := t.get(bucketMessageIDs, t.idKey(chat, kind, id))
	if p == nil {
		return Message{}, false, nil
	}
	m, err := t.Message(chat, posOf(p))
	if err == ErrNotFound && kind == ByEdit {
		return Message{}, false, nil
	} else if err != nil {
		return Message{}, false, err
	}
	if kind == ByEdit {
		ids, err := t.allIDs(&m)
		if err != nil || !slices.Contains(ids, idOf{kind, id}) {
			return Message{}, false, err // it was undone
		}
		return m, true, nil
	}
	if !slices.Contains(m.ids(), idOf{kind, id}) {
		return Message{}, false, t.damaged(errIndex)
	}
	return m, true, nil
}

func (t *Tx) idKey(chat ChatID, kind IDKind, id string) []byte {
	return t.name(bucketMessageIDs, append(key4(uint32(chat)), byte(kind)), id)
}

// addID makes m the message FindMessage gives for an id, with the exception
// that AddMessage documents.
func (t *Tx) addID(m *Message, kind IDKind, id string) error {
	if id == "" {
		return nil
	}
	key := t.idKey(m.Chat, kind, id)
	if held := t.get(bucketMessageIDs, key); held != nil && !m.Out {
		holder, err := t.Message(m.Chat, posOf(held))
		if err != nil && err != ErrNotFound && !t.skip(err) {
			return err
		}
		if holder.Out {
			return nil
		}
	}
	return t.putRaw(bucketMessageIDs, key, posKey(m.Pos))
}

// dropID undoes addID where it is m that FindMessage gives for the id.
func (t *Tx) dropID(m *Message, kind IDKind, id string) error {
	if id == "" {
		return nil
	}
	key := t.idKey(m.Chat, kind, id)
	if !bytes.Equal(t.get(bucketMessageIDs, key), posKey(m.Pos)) {
		return nil
	}
	return t.delete(bucketMessageIDs, key)
}

// allIDs gives what a message is found by, and what it was. It has none of the
// ids of corrections that were dropped: those lead nowhere.
func (t *Tx) allIDs(m *Message) ([]idOf, error) {
	ids := append(m.ids(), idOf{ByEdit, m.EditID})
	edits, err := t.Edits(m.Chat, m.Pos)
	for _, e := range edits {
		ids = append(ids, idOf{ByEdit, e.ID})
	}
	return ids, err
}
