package account

import (
	"maps"
	"slices"

	"linnet/storage"
)

// chatChanges is what a transaction did to conversations.
type chatChanges struct {
	rows   []storage.Chat
	source Source
	added  map[storage.ChatID][]storage.Message
	again  []storage.Message // whose state changed
	moved  []storage.Message // that are at another place now
	read   []storage.ChatID  // whose read state changed

	begun int // conversations that strangers began

	elsewhere []storage.ChatID // those that another device of ours has read

	edges map[storage.ChatID]storage.Pos // the places that were given last; see sweep

	notes int64 // the time that was given a note last; see spreadNotes

	files []storage.File // that nothing leads to any more

	asked   []storage.Message // for a receipt
	unknown []mark            // about messages that are not here

	outbox  map[place]uint64            // what waits, by where it is stored; nil: not read yet
	acts    map[string]storage.Outgoing // what waits to be done to messages, by its id
	changed bool                        // something was written that no row shows
}

func newChatChanges(source Source) chatChanges {
	return chatChanges{
		source: source,
		added:  make(map[storage.ChatID][]storage.Message),
		edges:  make(map[storage.ChatID]storage.Pos),
	}
}

// hasMoved tells whether messages of a conversation are in another order now.
func (d *chatChanges) hasMoved(chat storage.ChatID) bool {
	return slices.ContainsFunc(d.moved, func(m storage.Message) bool { return m.Chat == chat })
}

// readRows reads the rows of all conversations that were changed, when
// everything is written.
func (d *chatChanges) readRows(tx *storage.Tx) error {
	ids := slices.Collect(maps.Keys(d.added))
	ids = append(ids, d.read...)
	for _, m := range slices.Concat(d.moved, d.again) {
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

// tellChats tells of changes once they are on disk.
func (a *Account) tellChats(done chatChanges) {
	a.m.dropFiles(done.files)
	a.chats.strangers.n += done.begun
	a.chats.strangers.all += done.begun
	for _, c := range done.rows {
		a.note(ChatChanged{c})
		if done.hasMoved(c.ID) {
			a.note(ChatReload{c.ID})
		} else if list := done.added[c.ID]; len(list) > 0 {
			a.note(MessagesAdded{Chat: c.ID, Messages: list, Source: done.source})
		}
	}
	for i := range done.again {
		m := &done.again[i]
		if m.State == storage.StateFailed {
			a.outbox.forgetRefused(m)
		}
		a.note(MessageChanged{*m})
	}
	if done.source == Live {
		for _, list := range done.added {
			for i := range list {
				a.archive.live.put(list[i].Pos.Seq, struct{}{})
			}
		}
	}
	if done.source != FromHistory {
		for _, list := range done.added {
			a.fetchUnasked(list)
		}
	}
	a.toldMarks(&done)
}
