package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"linnet/storage"
)

// NewFile is a file the user wants to send: one on the disk, or what was pasted
// or recorded.
type NewFile struct {
	Path string // absolute
	Data []byte // in place of Path
	Name string // shown to the other side; empty: that of Path

	// Of a voice message: how long it lasts, and its peaks, 0 to 255.
	Voice    bool
	Duration time.Duration
	Wave     []byte
}

// Errors of SendFiles.
var (
	ErrNoUpload  = errors.New("the server takes no files")
	ErrNotFile   = errors.New("this is not a file")
	ErrEmptyFile = errors.New("the file is empty")
	ErrTooMany   = errors.New("too many files at once")
)

// TooLargeError says that a file is larger than the server takes.
type TooLargeError struct {
	Name string
	Size int64
	Max  int64 // bytes
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the file has %d bytes, and the server takes %d", e.Size, e.Max)
}

const (
	// maxTogether is how many files are sent at once.
	maxTogether = 64
	// maxKeptData is the largest file that is copied into the profile when it is
	// sent, so that what becomes of the original does not matter. Larger ones
	// are read where they are.
	maxKeptData = 16 << 20
	// fileStep is how often the progress of a transfer is told.
	fileStep = 100 * time.Millisecond
)

// SendFiles stores messages with a file each, after one with the caption if
// there is one, and returns once they are on disk: they go out by themselves, as
// with Send, when they have been uploaded. The first of the messages is the
// answer to reply. Of small files and of photos a copy is made, of photos
// without what they tell of place and camera; a larger file has to stay as it is
// until it was uploaded. It takes time: the files are read. Errors are those of
// Send, of reading, those above, media.ErrBroken, and *TooLargeError as far as the limit of the
// server is known.
func (m *Manager) SendFiles(ctx context.Context, chat storage.ChatID, files []NewFile, caption string, reply storage.Pos) error {
	text := clean(caption)
	switch {
	case len(files) == 0:
		return ErrEmpty
	case len(files) > maxTogether:
		return ErrTooMany
	case len(text) > maxSent:
		return ErrTooLong
	}
	limit, err := m.UploadLimit(ctx, chat)
	if err != nil {
		return err
	}
	var ready []storage.File
	for i := range files {
		f, err := m.prepare(ctx, chat, &files[i], limit)
		if err != nil {
			m.dropFiles(ready)
			return err
		}
		ready = append(ready, f)
	}
	err = m.doChat(ctx, chat, func(a *Account) error { return a.sendFiles(chat, ready, text, caption, reply) })
	if err != nil {
		m.dropFiles(ready)
	}
	return err
}

// sendFiles is SendFiles in the account's goroutine, when the files are ready.
func (a *Account) sendFiles(id storage.ChatID, files []storage.File, text, draft string, reply storage.Pos) error {
	var list []storage.Message
	if strings.TrimSpace(text) != "" {
		list = append(list, storage.Message{Body: text})
	}
	for _, f := range files {
		list = append(list, storage.Message{Files: []storage.File{f}})
	}
	return a.sendAll(id, list, draft, reply)
}

// isPlain tells whether a file lies open on the disk, where the user has it,
// and not sealed in the profile.
func isPlain(f *storage.File) bool { return filepath.IsAbs(f.Path) }

// OpenFile opens a file of a message that is here. It may be read at any place;
// the caller closes it. fs.ErrNotExist says that it is gone.
func (m *Manager) OpenFile(f *storage.File) (FileReader, error) {
	if f.Path == "" {
		return nil, fmt.Errorf("open a file that is not here: %w", os.ErrNotExist)
	}
	if isPlain(f) {
		return openPlain(f.Path)
	}
	return m.cfg.Store.OpenFile(f.Path)
}

// FileReader reads a file.
type FileReader interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// openPlain opens a file of the user, which must be one: opening a pipe would
// wait for ever.
func openPlain(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, ErrNotFile
	}
	return os.Open(path)
}

// dropFiles takes away the copies in the profile.
func (m *Manager) dropFiles(files []storage.File) {
	for i := range files {
		if files[i].Path == "" || isPlain(&files[i]) {
			continue
		}
		if err := m.cfg.Store.RemoveFile(files[i].Path); err != nil {
			m.log.Warn("could not remove a file", "err", err)
		}
	}
}
