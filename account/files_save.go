package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"linnet/account/media"
	"linnet/storage"
)

// maxNames is how many files of one name a directory gets.
const maxNames = 1000

// SaveFile writes a file of a message, which is here, into a directory under a
// name that is safe and not taken, with the mark that the system has for what
// came from elsewhere, and gives where it is. Nothing is written over.
func (m *Manager) SaveFile(ctx context.Context, f *storage.File, dir string) (string, error) {
	dst, err := newIn(dir, media.SafeName(f.Name))
	if err != nil {
		return "", err
	}
	if err := m.writeOut(ctx, f, dst); err != nil {
		return "", err
	}
	return dst.Name(), nil
}

// SaveFileAs is SaveFile under a name the user has chosen. What has that name
// already is replaced, once the file is written as a whole.
func (m *Manager) SaveFileAs(ctx context.Context, f *storage.File, path string) error {
	dst, err := os.CreateTemp(filepath.Dir(path), ".linnet-*")
	if err != nil {
		return err
	}
	if err := m.writeOut(ctx, f, dst); err != nil {
		return err
	}
	if err := os.Rename(dst.Name(), path); err != nil {
		return errors.Join(err, os.Remove(dst.Name()))
	}
	return nil
}

// writeOut writes a file of a message into one of the user's, which it closes,
// and marks that. On an error nothing is left of it.
func (m *Manager) writeOut(ctx context.Context, f *storage.File, dst *os.File) error {
	src, err := m.OpenFile(f)
	if err == nil {
		_, err = io.Copy(dst, &untilDone{ctx, src})
		src.Close()
	}
	if cerr := dst.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return errors.Join(err, os.Remove(dst.Name()))
	}
	if f.URL != "" {
		if err := markForeign(dst.Name(), f.URL); err != nil {
			m.log.Info("could not mark a file as one from elsewhere", "err", err)
		}
	}
	return nil
}

// newIn makes a file in a directory, with a number if the name is taken.
func newIn(dir, name string) (*os.File, error) {
	ending := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ending)
	for n := 1; ; n++ {
		try := name
		if n > 1 {
			try = fmt.Sprintf("%s (%d)%s", stem, n, ending)
		}
		f, err := os.OpenFile(filepath.Join(dir, try), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if !errors.Is(err, fs.ErrExist) || n == maxNames {
			return f, err
		}
	}
}
