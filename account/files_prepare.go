package account

import (
	"bytes"
	"context"
	"crypto/sha256"
	"hash"
	"image"
	"io"
	"path/filepath"

	"linnet/account/media"
	"linnet/storage"
)

// maxWave bounds the peaks of a voice message.
const maxWave = 256

// prepare looks at a file that is to be sent and makes a copy where there is to
// be one.
func (m *Manager) prepare(ctx context.Context, chat storage.ChatID, n *NewFile, limit int64) (storage.File, error) {
	name := n.Name
	if name == "" {
		name = filepath.Base(n.Path)
	}
	f := storage.File{
		Name: media.SafeName(name), State: storage.FileWaiting,
		Voice: n.Voice, Duration: n.Duration.Milliseconds(), Wave: n.Wave[:min(len(n.Wave), maxWave)],
	}
	var src interface {
		io.ReadSeeker
		io.ReaderAt
	}
	if n.Path == "" {
		src = bytes.NewReader(n.Data)
	} else {
		plain, err := openPlain(n.Path)
		if err != nil {
			return f, err
		}
		defer plain.Close()
		src, f.Path = plain, n.Path
	}
	size, err := src.Seek(0, io.SeekEnd)
	switch {
	case err != nil:
		return f, err
	case size == 0:
		return f, ErrEmptyFile
	case limit > 0 && size > limit:
		return f, &TooLargeError{Name: f.Name, Size: size, Max: limit}
	}
	info, err := m.probe(src, &f)
	if err != nil {
		return f, err
	}
	if f.Wave == nil {
		if err := measure(ctx, measureOut, src, &f); err != nil {
			return f, err
		}
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return f, err
	}
	sum := sha256.New()
	in := &untilDone{ctx, src}
	if n.Path == "" || size <= maxKeptData || media.CanClean(info.Type) {
		err = m.keepCopy(chat, in, &f, sum)
	} else {
		f.Size, err = io.Copy(sum, in)
	}
	f.Hash = sum.Sum(nil)
	return f, err
}

// probe fills in what the content of a file says.
func (m *Manager) probe(src io.ReadSeeker, f *storage.File) (media.Info, error) {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return media.Info{}, err
	}
	info, err := media.Probe(src, f.Name)
	if err != nil {
		return info, err
	}
	f.Type, f.Width, f.Height = info.Type, int32(info.Width), int32(info.Height)
	if !info.Picture {
		return info, nil
	}
	m.decoding.Lock() // one at a time: it takes memory
	defer m.decoding.Unlock()
	if small, err := media.Decode(src, image.Pt(media.ThumbSide, media.ThumbSide)); err == nil {
		f.Thumb, _, _ = media.Thumbnail(small)
	} else {
		f.Width, f.Height = 0, 0 // what cannot be decoded here is a file like others
	}
	return info, nil
}

// keepCopy makes a sealed copy, of a photo without what it tells beside the
// picture.
func (m *Manager) keepCopy(chat storage.ChatID, src io.Reader, f *storage.File, sum hash.Hash) error {
	w, err := m.cfg.Store.NewFile(chat)
	if err != nil {
		return err
	}
	out := io.MultiWriter(w, sum)
	if media.CanClean(f.Type) {
		err = media.Clean(out, src, f.Type)
	} else {
		_, err = io.Copy(out, src)
	}
	if err != nil {
		w.Discard()
		return err
	}
	f.Size = w.Size()
	f.Path, err = w.Finish()
	return err
}

// untilDone reads until its context ends.
type untilDone struct {
	ctx context.Context
	io.Reader
}

// Read implements io.Reader.
func (r *untilDone) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
