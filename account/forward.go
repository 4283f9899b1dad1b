package account

import (
	"context"
	"io"

	"linnet/storage"
)

// maxForwarded bounds the messages of one Forward.
const maxForwarded = 100

// Forward sends what messages of one conversation say, and their files, to
// another, in the order they are given, as messages of our own: who said it
// first is not told. Those that were taken back or are gone are left out; with
// nothing left the error is ErrEmpty, with more than 100 it is ErrTooLong.
func (m *Manager) Forward(ctx context.Context, from storage.ChatID, pos []storage.Pos, to storage.ChatID) error {
	if len(pos) > maxForwarded {
		return ErrTooLong
	}
	var list []storage.Message
	err := m.cfg.Store.View(func(tx *storage.Tx) error {
		for _, p := range pos {
			msg, err := tx.Message(from, p)
			if isLost(err) {
				continue
			} else if err != nil {
				return err
			}
			if copied, ok := forwarded(&msg); ok {
				list = append(list, copied)
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(list) == 0:
		return ErrEmpty
	}
	copies, err := m.copyFiles(ctx, to, list)
	if err == nil {
		err = m.doChat(ctx, to, func(a *Account) error { return a.sendAll(to, list, "", storage.Pos{}) })
	}
	if err != nil {
		m.dropFiles(copies)
	}
	return err
}

// copyFiles copies the files in the profile that messages are to have for
// themselves: those here go with the message, or the conversation, they are of.
func (m *Manager) copyFiles(ctx context.Context, to storage.ChatID, list []storage.Message) (copies []storage.File, err error) {
	for i := range list {
		for j := range list[i].Files {
			f := &list[i].Files[j]
			if f.Path == "" || isPlain(f) {
				continue
			}
			if f.Path, err = m.copyFile(ctx, to, f); err != nil {
				return copies, err
			}
			copies = append(copies, *f)
		}
	}
	return copies, nil
}

func (m *Manager) copyFile(ctx context.Context, to storage.ChatID, f *storage.File) (path string, err error) {
	src, err := m.OpenFile(f)
	if err != nil {
		return "", err
	}
	defer src.Close()
	w, err := m.cfg.Store.NewFile(to)
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(w, &untilDone{ctx, src}); err != nil {
		w.Discard()
		return "", err
	}
	return w.Finish()
}

// forwarded gives what is sent of a message.
func forwarded(m *storage.Message) (out storage.Message, ok bool) {
	if m.RetractedAt != 0 || len(m.Body) > maxSent {
		return out, false
	}
	out = storage.Message{Body: m.Body, Unstyled: m.Unstyled, Links: toldAlong(m.Links)}
	for _, f := range m.Files {
		f.Reason = ""
		switch {
		case f.URL == "" && f.Path == "":
			continue
		case f.URL == "":
			f.State = storage.FileWaiting // to be uploaded, as it is for the other
		case !isPlain(&f) || f.State != storage.FileHere: // a copy here goes with its conversation
			f.State, f.Path = storage.FileRemote, ""
		}
		out.Files = append(out.Files, f)
	}
	return out, out.Body != "" || len(out.Files) > 0
}
