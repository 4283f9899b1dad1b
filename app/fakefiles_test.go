package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"linnet/account"
	"linnet/storage"
)

// memoryFile is a file of the fake profile.
type memoryFile struct{ *bytes.Reader }

func (memoryFile) Close() error { return nil }

func (f *fakeBackend) UploadLimit(context.Context, storage.ChatID) (int64, error) { return 0, nil }

func (f *fakeBackend) SendFiles(_ context.Context, chat storage.ChatID, files []account.NewFile, caption string, _ storage.Pos) error {
	names := ""
	for _, n := range files {
		names += " " + n.Name
	}
	return f.note(fmt.Sprintf("files %d%s: %s", chat, names, caption))
}

func (f *fakeBackend) Download(_ context.Context, chat storage.ChatID, _ storage.Pos, file int) error {
	return f.note(fmt.Sprintf("download %d %d", chat, file))
}

func (f *fakeBackend) WantFiles(chat storage.ChatID, pos []storage.Pos) error {
	return f.note(fmt.Sprintf("want %d %d", chat, len(pos)))
}

func (f *fakeBackend) CancelFile(_ context.Context, chat storage.ChatID, _ storage.Pos, file int) error {
	return f.note(fmt.Sprintf("cancel %d %d", chat, file))
}

func (f *fakeBackend) OpenFile(file *storage.File) (account.FileReader, error) {
	data, ok := f.files[file.Path]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return memoryFile{bytes.NewReader(data)}, nil
}

func (f *fakeBackend) Preview(_ context.Context, chat storage.ChatID, pos storage.Pos, link string) error {
	if err := f.note("preview " + link); err != nil {
		return err
	}
	f.edit(chat, pos, func(m *storage.Message) {
		m.Links = append(m.Links, storage.Link{URL: link, Title: "Title of " + link, Fetched: true})
	})
	return nil
}

func (f *fakeBackend) LookUp(_ context.Context, _ storage.AccountID, link string) (storage.Link, error) {
	return storage.Link{URL: link, Title: "Title of " + link, Fetched: true}, f.note("look up " + link)
}

func (f *fakeBackend) WantPreview(_ context.Context, _ storage.ChatID, _ storage.Pos, link string) error {
	return f.note("want preview " + link)
}

func (f *fakeBackend) SetPreviews(_ context.Context, id storage.AccountID, on bool) error {
	f.accounts[id-1].Previews = on
	f.events <- []account.Event{account.AccountsChanged{}}
	return f.note(fmt.Sprint("previews ", on))
}

func (f *fakeBackend) SaveFile(_ context.Context, file *storage.File, dir string) (string, error) {
	return dir + "/" + file.Name, f.note("save " + file.Name)
}

func (f *fakeBackend) SaveFileAs(_ context.Context, file *storage.File, path string) error {
	return f.note("save " + file.Name + " as " + path)
}

func (f *fakeBackend) AutoDownload(id storage.AccountID) (int64, error) {
	limit, ok := f.automatic[id]
	if !ok {
		limit = 5 << 20
	}
	return limit, nil
}

func (f *fakeBackend) SetAutoDownload(id storage.AccountID, limit int64) error {
	err := f.note(fmt.Sprintf("automatic %d %d", id, limit))
	if err == nil {
		f.automatic[id] = limit
	}
	return err
}

func (f *fakeBackend) SetChatAutoDownload(chat storage.ChatID, choice storage.Choice) error {
	f.change(chat, func(c *storage.Chat) { c.AutoDownload = choice })
	return f.note(fmt.Sprintf("automatic in %d: %d", chat, choice))
}

// chosenFiles is a desktop on which the user answers each dialog at once.
type chosenFiles func(FileQuestion) []string

func (c chosenFiles) AskFiles(_ context.Context, q FileQuestion) ([]string, error) { return c(q), nil }

func (chosenFiles) ShowFile(context.Context, string) error { return errors.ErrUnsupported }

// fakeClipboard holds what was copied.
type fakeClipboard struct {
	holds   Copied
	picture []byte
	files   []string
	err     error
	set     []byte
}

func (c *fakeClipboard) Holds() Copied { return c.holds }

func (c *fakeClipboard) Read(context.Context) ([]byte, []string, error) {
	return c.picture, c.files, c.err
}

func (c *fakeClipboard) SetPicture(_ context.Context, png []byte) error {
	c.set = png
	return c.err
}
