package account

import (
	"context"
	"errors"
	"io"
	"time"

	"linnet/account/sound"
	"linnet/storage"
)

// Measuring a sound means decoding it. What takes longer than this, on the way in
// and on the way out, is shown without its loudness.
const (
	measureIn  = 20 * time.Second
	measureOut = 2 * time.Second
)

// measure fills in how long a sound is and how loud over time, which nobody else
// tells, and whether it is a voice message. A file that is none stays as it is.
func measure(ctx context.Context, most time.Duration, r io.ReadSeeker, f *storage.File) error {
	if !sound.Playable(f.Type) {
		return nil
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	s, err := sound.Measure(ctx, r)
	if err != nil {
		return nil // it shows when somebody plays it
	}
	f.Duration, f.Wave, f.Voice = s.Length.Milliseconds(), s.Wave, s.Speech
	return nil
}

// KeepRecording keeps a voice message that was not sent, sealed, with its
// conversation, in place of the one before. It gives the name to forget it by and
// to open it with, in a storage.File.
func (m *Manager) KeepRecording(chat storage.ChatID, data []byte) (name string, err error) {
	if name, err = m.cfg.Store.KeepFile(chat, data); err != nil {
		return "", err
	}
	var before string
	err = m.editChat(chat, func(_ *storage.Tx, c *storage.Chat) (bool, error) {
		before, c.Recording = c.Recording, name
		return true, nil
	})
	if err != nil {
		before = name // nothing is to be left
	}
	return name, errors.Join(err, m.removeRecording(before))
}

// ForgetRecording removes a recording that was sent or is not wanted. Another that
// is kept meanwhile stays.
func (m *Manager) ForgetRecording(chat storage.ChatID, name string) error {
	err := m.editChat(chat, func(_ *storage.Tx, c *storage.Chat) (bool, error) {
		if c.Recording != name {
			return false, nil
		}
		c.Recording = ""
		return true, nil
	})
	return errors.Join(err, m.removeRecording(name))
}

func (m *Manager) removeRecording(name string) error {
	if name == "" {
		return nil
	}
	return m.cfg.Store.RemoveFile(name)
}
