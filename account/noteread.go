package account

import "linnet/storage"

// Edits gives what a message said before it was corrected, oldest first; a time
// of the first words is that of the message.
func (m *Manager) Edits(chat storage.ChatID, pos storage.Pos) (edits []storage.Edit, err error) {
	err = m.cfg.Store.View(func(tx *storage.Tx) error {
		if edits, err = tx.Edits(chat, pos); len(edits) > 0 && edits[0].At == 0 {
			edits[0].At = pos.Time
		}
		return err
	})
	return edits, err
}

// Quoted gives the messages that some of a conversation answer, by the places of
// the answers, as far as they are here. What a stranger to the conversation is
// said to have written is not looked for.
func (m *Manager) Quoted(chat storage.ChatID, answers []storage.Message) (map[storage.Pos]storage.Message, error) {
	found := make(map[storage.Pos]storage.Message)
	err := m.cfg.Store.View(func(tx *storage.Tx) error {
		for i := range answers {
			r := &answers[i].Reply
			if r.ID == "" {
				continue
			}
			for _, kind := range []storage.IDKind{storage.ByOrigin, storage.ByID, storage.ByEdit} {
				msg, ok, err := tx.FindMessage(chat, kind, r.ID)
				if ignoreLost(err) != nil {
					return err
				}
				if ok && err == nil && (r.From == "" || r.From == bareOf(msg.From)) {
					found[answers[i].Pos] = msg
					break
				}
			}
		}
		return nil
	})
	return found, err
}
