package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"linnet/storage"
)

const (
	// maxDownloads is how many files are fetched at once for an account, of those
	// the user asked for, and of the others.
	maxDownloads = 3
	// maxWanted bounds those that wait for it. What is dropped is fetched when
	// somebody looks at it.
	maxWanted = 256
	// usualAutomatic is up to which size in bytes files are fetched unasked when
	// the user has not chosen.
	usualAutomatic = 5 << 20
	// maxUnasked bounds the bytes that one conversation has us fetch unasked in
	// unaskedDay: a message may name many files, and a contact may write many.
	maxUnasked = 256 << 20
	unaskedDay = 24 * time.Hour
	// unaskedTime is how long a fetch may take that nobody asked for: a host
	// that gives a byte now and then would keep the others waiting.
	unaskedTime = 5 * time.Minute
)

// fileAt names a file of a message, also when the message has moved.
type fileAt struct {
	chat storage.ChatID
	seq  uint64 // of its Pos
	i    int
}

// downloadState is what goes on with files on their way here.
type downloadState struct {
	running map[fileAt]*download
	wanted  []*download // in their order

	unasked map[storage.ChatID]int64 // bytes that came unasked since
	since   time.Time
}

func (s *downloadState) init() {
	s.running = make(map[fileAt]*download)
	s.unasked = make(map[storage.ChatID]int64)
}

// isSpent tells whether a conversation has had us fetch all that it may.
func (s *downloadState) isSpent(chat storage.ChatID, now time.Time) bool {
	if now.Sub(s.since).Abs() > unaskedDay {
		clear(s.unasked)
		s.since = now
	}
	return s.unasked[chat] >= maxUnasked
}

// next takes out of the queue what may begin; nil for nothing. Those the user
// asked for do not wait for those nobody did.
func (s *downloadState) next(now time.Time) *download {
	s.wanted = slices.DeleteFunc(s.wanted, func(d *download) bool { return !d.asked && s.isSpent(d.at.chat, now) })
	busy := make(map[bool]int)
	for _, d := range s.running {
		busy[d.asked]++
	}
	i := slices.IndexFunc(s.wanted, func(d *download) bool { return busy[d.asked] < maxDownloads })
	if i < 0 {
		return nil
	}
	d := s.wanted[i]
	s.wanted = slices.Delete(s.wanted, i, i+1)
	return d
}

func automaticSetting(id storage.AccountID) string {
	return fmt.Sprintf("account/%d/automatic", id)
}

// Download fetches a file of a message. It does not wait for it: FileProgress
// and MessageChanged tell. One that is here or on its way is left alone.
func (m *Manager) Download(ctx context.Context, chat storage.ChatID, pos storage.Pos, file int) error {
	return m.doChat(ctx, chat, func(a *Account) error {
		msg, err := a.messageAt(chat, pos)
		if err != nil {
			return err
		}
		if file < 0 || file >= len(msg.Files) || msg.Files[file].URL == "" {
			return storage.ErrNotFound
		}
		f := &msg.Files[file]
		if f.State == storage.FileHere {
			r, err := m.OpenFile(f)
			if err == nil {
				return r.Close()
			}
		}
		a.want(&download{at: fileAt{chat, pos.Seq, file}, m: msg, asked: true})
		return nil
	})
}

// WantFiles tells that messages of a conversation are looked at: of their files
// those are fetched that may be without being asked for. It does not wait for
// them.
func (m *Manager) WantFiles(chat storage.ChatID, pos []storage.Pos) error {
	return m.doChat(context.Background(), chat, func(a *Account) error {
		var list []storage.Message
		err := m.cfg.Store.View(func(tx *storage.Tx) error {
			for _, p := range pos {
				msg, err := tx.Message(chat, p)
				if ignoreLost(err) != nil {
					return err
				}
				if err == nil {
					list = append(list, msg)
				}
			}
			return nil
		})
		if err == nil {
			a.fetchUnasked(list)
		}
		return err
	})
}

// CancelFile ends the transfer of a file. A message that waits for it to be
// uploaded is taken away with it.
func (m *Manager) CancelFile(ctx context.Context, chat storage.ChatID, pos storage.Pos, file int) error {
	return m.doChat(ctx, chat, func(a *Account) error {
		at := fileAt{chat, pos.Seq, file}
		if d := a.downloads.running[at]; d != nil {
			d.cancel(nil)
			return nil
		}
		n := len(a.downloads.wanted)
		a.downloads.wanted = slices.DeleteFunc(a.downloads.wanted, func(d *download) bool { return d.at == at })
		if len(a.downloads.wanted) < n { // which was told of as FileQueued
			m, err := a.messageAt(chat, pos)
			if err == nil {
				a.note(MessageChanged{m})
			}
			return ignoreLost(err)
		}
		return a.cancelUpload(place{chat, pos})
	})
}

// cancelUpload takes back a message that could not go out without its file.
func (a *Account) cancelUpload(at place) error {
	var m storage.Message
	var done chatChanges
	var row storage.Chat
	err := a.m.update(func(tx *storage.Tx) (err error) {
		done = chatChanges{}
		if m, err = tx.Message(at.chat, at.pos); err != nil {
			return err
		}
		if m.State != storage.StateWaiting || toUpload(&m) < 0 {
			return errUnchanged
		}
		if err := done.dequeue(tx, a.id, at); err != nil {
			return err
		}
		if err := tx.DeleteMessage(at.chat, at.pos); err != nil {
			return err
		}
		row, err = tx.Chat(at.chat)
		return err
	})
	if err != nil {
		return ignoreUnchanged(err)
	}
	a.dropUpload(at)
	a.note(ChatChanged{row}, ChatReload{at.chat})
	a.flushOutbox()
	return nil
}

// dropUpload ends the upload for a message that is gone.
func (a *Account) dropUpload(at place) {
	if job := a.uploads.job; job != nil && job.place == at {
		a.uploads.job = nil
		job.cancel()
	}
}

// messageAt reads a message.
func (a *Account) messageAt(chat storage.ChatID, pos storage.Pos) (m storage.Message, err error) {
	err = a.m.cfg.Store.View(func(tx *storage.Tx) error {
		m, err = tx.Message(chat, pos)
		return err
	})
	return m, err
}

// fetchUnasked has files fetched that nobody asked for: of contacts and our own
// devices, up to a size, of kinds that are shown where they stand.
func (a *Account) fetchUnasked(list []storage.Message) {
	limits := make(map[storage.ChatID]int64)
	for _, m := range list {
		for i := range m.Files {
			f := &m.Files[i]
			if f.State != storage.FileRemote || f.URL == "" || !isAutomatic(f.Type) {
				continue
			}
			limit, known := limits[m.Chat]
			if !known {
				limit = a.automaticFor(m.Chat)
				limits[m.Chat] = limit
			}
			if limit > 0 && f.Size <= limit {
				a.want(&download{at: fileAt{m.Chat, m.Pos.Seq, i}, m: m, limit: limit})
			}
		}
	}
}

// automaticFor gives up to which size files of a conversation are fetched
// unasked. A stranger could have us tell them where we are.
func (a *Account) automaticFor(chat storage.ChatID) (limit int64) {
	err := a.m.cfg.Store.View(func(tx *storage.Tx) error {
		c, err := tx.Chat(chat)
		if err != nil || c.AutoDownload == storage.ChoiceNo || !a.isContact(c.JID) {
			return err
		}
		limit, err = automatic(tx, a.id)
		if c.AutoDownload == storage.ChoiceYes && limit == 0 {
			limit = usualAutomatic
		}
		return err
	})
	if err != nil {
		a.log.Warn("could not read whether files are fetched", "err", err)
	}
	return limit
}

func automatic(tx *storage.Tx, id storage.AccountID) (int64, error) {
	raw, ok, err := tx.Setting(automaticSetting(id))
	if !ok || err != nil {
		return usualAutomatic, err
	}
	return strconv.ParseInt(string(raw), 10, 64)
}

// AutoDownload gives the size in bytes up to which files of contacts are fetched
// unasked; 0 means never.
func (m *Manager) AutoDownload(id storage.AccountID) (limit int64, err error) {
	err = m.cfg.Store.View(func(tx *storage.Tx) error {
		limit, err = automatic(tx, id)
		return err
	})
	return limit, err
}

// SetAutoDownload changes it.
func (m *Manager) SetAutoDownload(id storage.AccountID, limit int64) error {
	return m.update(func(tx *storage.Tx) error {
		return tx.PutSetting(automaticSetting(id), strconv.AppendInt(nil, max(limit, 0), 10))
	})
}

// SetChatAutoDownload chooses for one conversation.
func (m *Manager) SetChatAutoDownload(chat storage.ChatID, choice storage.Choice) error {
	return m.editChat(chat, func(_ *storage.Tx, c *storage.Chat) (bool, error) {
		changed := c.AutoDownload != choice
		c.AutoDownload = choice
		return changed, nil
	})
}

// want puts a download in the queue. What the user asks for comes first; if it is
// on its way unasked, that goes on and is bounded no more.
func (a *Account) want(d *download) {
	if now := a.downloads.running[d.at]; now != nil {
		if d.asked {
			now.lifted.Store(true)
		}
		return
	}
	same := func(o *download) bool { return o.at == d.at }
	if d.asked {
		a.downloads.wanted = slices.Insert(slices.DeleteFunc(a.downloads.wanted, same), 0, d)
	} else if !slices.ContainsFunc(a.downloads.wanted, same) && len(a.downloads.wanted) < maxWanted {
		a.downloads.wanted = append(a.downloads.wanted, d)
	}
	a.startDownloads()
	if d.asked && a.downloads.running[d.at] == nil {
		a.note(FileProgress{Chat: d.at.chat, Pos: d.m.Pos, File: d.at.i, Total: d.m.Files[d.at.i].Size, Wait: FileQueued})
	}
}

func (a *Account) startDownloads() {
	for a.ctx.Err() == nil {
		d := a.downloads.next(a.now())
		if d == nil {
			return
		}
		d.ctx, d.cancel = context.WithCancelCause(a.ctx)
		if !d.asked {
			timer := time.AfterFunc(a.m.unaskedTime, d.late)
			context.AfterFunc(d.ctx, func() { timer.Stop() })
		}
		a.downloads.running[d.at] = d
		stored := a.stored
		a.m.emit(FileProgress{Chat: d.at.chat, Pos: d.m.Pos, File: d.at.i, Total: d.m.Files[d.at.i].Size})
		a.tasks.Go(func() {
			defer d.cancel(nil)
			f, err := a.fetch(d, &stored)
			a.post(func() { a.downloadEnded(d, f, err) })
		})
	}
}

// downloadEnded takes the outcome.
func (a *Account) downloadEnded(d *download, f storage.File, err error) {
	delete(a.downloads.running, d.at)
	defer a.startDownloads()
	if !d.wanted() {
		a.downloads.unasked[d.at.chat] += d.moved
	} else if errors.Is(err, errUnasked) { // it came to a bound before the user asked
		a.want(&download{at: d.at, m: d.m, asked: true})
		return
	}
	answer := (*httpError)(nil)
	switch {
	case err == nil:
	case errors.Is(err, context.Canceled), errors.Is(err, errUnasked):
		f.State = storage.FileRemote
	case errors.As(err, &answer) && answer.gone():
		f.State, f.Path = storage.FileGone, ""
	default:
		a.log.Info("could not fetch a file", "err", err)
		f.State, f.Reason = storage.FileFailed, fileReason(err)
	}
	var m storage.Message
	kept := false
	serr := a.m.update(func(tx *storage.Tx) (err error) {
		if m, kept, err = sameMessage(tx, &d.m, d.at); err != nil || !kept {
			return err
		}
		m.Files[d.at.i] = f
		return tx.PutMessage(&m)
	})
	if serr != nil {
		a.log.Error("could not store what became of a file", "err", serr)
	}
	if serr != nil || !kept {
		if err == nil {
			a.m.dropFiles([]storage.File{f})
		}
		return
	}
	a.note(MessageChanged{m})
}

// sameMessage is messageAgain for a message with a file. It is not there if it was
// taken back meanwhile.
func sameMessage(tx *storage.Tx, was *storage.Message, at fileAt) (m storage.Message, ok bool, err error) {
	m, ok, err = messageAgain(tx, was)
	return m, ok && at.i < len(m.Files) && m.Files[at.i].URL == was.Files[at.i].URL, err
}

// messageAgain finds a message again that may have moved.
func messageAgain(tx *storage.Tx, was *storage.Message) (m storage.Message, ok bool, err error) {
	m, err = tx.Message(was.Chat, was.Pos)
	for _, by := range []struct {
		kind storage.IDKind
		id   string
	}{{storage.ByStanza, was.StanzaID}, {storage.ByOrigin, was.OriginID}, {storage.ByID, was.ID}} {
		if !isLost(err) {
			break
		}
		if m, ok, err = tx.FindMessage(was.Chat, by.kind, by.id); err == nil && !ok {
			err = storage.ErrNotFound
		}
	}
	if err != nil {
		return m, false, ignoreLost(err)
	}
	return m, m.Pos.Seq == was.Pos.Seq, nil
}
