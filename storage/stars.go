package storage

import "bytes"

// SetStarred puts a star on a message, which must be there (ErrNotFound), or
// takes it off.
func (t *Tx) SetStarred(chat ChatID, p Pos, on bool) error {
	m, err := t.Message(chat, p)
	if err != nil || m.Starred == on {
		return err
	}
	m.Starred = on
	if err := t.put(bucketMessages, messageKey(chat, p), recordOfMessage(&m)); err != nil {
		return err
	}
	if on {
		return t.putRaw(bucketStars, starKey(chat, p), []byte{})
	}
	return t.delete(bucketStars, starKey(chat, p))
}

// Starred returns up to n messages with a star of all conversations that come
// before a place, the newest first; the zero place means the end.
func (t *Tx) Starred(before Pos, n int) ([]Message, error) {
	end := posKey(before)
	if before.IsZero() {
		end = bytes.Repeat([]byte{0xff}, posSize+4)
	}
	var out []Message
	err := t.back(bucketStars, nil, end, func(k, _ []byte) error {
		if len(out) >= n {
			return errStop
		}
		chat, p := starOf(k)
		m, err := t.Message(chat, p)
		if err == ErrNotFound {
			err = t.damaged(errIndex)
		}
		if t.skip(err) {
			return nil
		}
		out = append(out, m)
		return err
	})
	return out, err
}

// moveStar has the star of a message follow it.
func (t *Tx) moveStar(m *Message, to Pos) error {
	if !m.Starred {
		return nil
	}
	if err := t.delete(bucketStars, starKey(m.Chat, m.Pos)); err != nil {
		return err
	}
	return t.putRaw(bucketStars, starKey(m.Chat, to), []byte{})
}

// dropStars removes the stars of a conversation. It walks all there are, which
// are as many as somebody has set by hand.
func (t *Tx) dropStars(id ChatID) error {
	var keys [][]byte
	err := t.each(bucketStars, nil, func(k, _ []byte) error {
		if chat, _ := starOf(k); chat == id {
			keys = append(keys, append([]byte(nil), k...))
		}
		return nil
	})
	for i := 0; err == nil && i < len(keys); i++ {
		err = t.delete(bucketStars, keys[i])
	}
	return err
}

func starKey(chat ChatID, p Pos) []byte { return append(posKey(p), key4(uint32(chat))...) }

// starOf is the inverse of starKey; bytes of another length name nothing.
func starOf(k []byte) (ChatID, Pos) {
	if len(k) != posSize+4 {
		return 0, Pos{}
	}
	return ChatID(number(k[posSize:])), posOf(k[:posSize])
}
