package storage

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeFile keeps a file of a conversation.
func writeFile(t *testing.T, s *Store, chat ChatID, data []byte) string {
	t.Helper()
	w, err := s.NewFile(chat)
	if err != nil {
		t.Fatal(err)
	}
	for part := range bytes.SplitSeq(data, []byte("x")) { // in odd steps
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
		if int(w.Size()) < len(data) {
			if _, err := w.Write([]byte("x")); err != nil {
				t.Fatal(err)
			}
		}
	}
	name, err := w.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return b
}

func TestFiles(t *testing.T) {
	s := newStore(t)
	for _, size := range []int{0, 1, filePiece - 1, filePiece, filePiece + 1, 3*filePiece + 7} {
		data := randomBytes(size)
		name := writeFile(t, s, 7, data)
		f, err := s.OpenFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f)
		if err != nil || !bytes.Equal(got, data) || f.Size() != int64(size) {
			t.Errorf("%d bytes come back as %d (%d), %v", size, len(got), f.Size(), err)
		}
		for range min(20, size) {
			from := rand.IntN(size)
			part := make([]byte, rand.IntN(size-from+1))
			if n, err := f.ReadAt(part, int64(from)); err != nil || !bytes.Equal(part, data[from:from+n]) {
				t.Fatalf("%d bytes from %d of %d: %v", len(part), from, size, err)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		raw, err := os.ReadFile(filepath.Join(s.filesDir(), name))
		if err != nil || size > 64 && bytes.Contains(raw, data[:64]) {
			t.Errorf("the file is not sealed (%v)", err)
		}
		if err := s.RemoveFile(name); err != nil {
			t.Error(err)
		}
		if err := s.RemoveFile(name); err != nil {
			t.Errorf("removed twice: %v", err)
		}
		if _, err := s.OpenFile(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a file that was removed: %v", err)
		}
	}
}

// TestFilesNotice holds that a file that was changed does not open, or not
// there.
func TestFilesNotice(t *testing.T) {
	s := newStore(t)
	data := randomBytes(3*filePiece + 100)
	path := func(name string) string { return filepath.Join(s.filesDir(), name) }
	good := writeFile(t, s, 7, data)
	raw, err := os.ReadFile(path(good))
	if err != nil {
		t.Fatal(err)
	}
	piece := func(i int) []byte { return raw[fileHead+i*fileSealed : min(fileHead+(i+1)*fileSealed, len(raw))] }
	flipped := bytes.Clone(raw)
	flipped[fileHead+fileSealed+9] ^= 1
	for what, changed := range map[string][]byte{
		"empty":          nil,
		"a head alone":   raw[:fileHead],
		"cut":            raw[:len(raw)-1],
		"a piece less":   raw[:fileHead+3*fileSealed],
		"a byte more":    append(bytes.Clone(raw), 0),
		"another byte":   flipped,
		"pieces changed": bytes.Join([][]byte{raw[:fileHead], piece(1), piece(0), piece(2), piece(3)}, nil),
		"another salt":   append([]byte{fileVersion, ^raw[1]}, raw[2:]...),
		"a version more": append([]byte{fileVersion + 1}, raw[1:]...),
	} {
		if err := os.WriteFile(path(good), changed, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := s.OpenFile(good)
		if err == nil {
			_, err = io.Copy(io.Discard, f)
			f.Close()
		}
		if err == nil {
			t.Errorf("%s: is read", what)
		}
	}
	if err := os.WriteFile(path("7/ANOTHERNAME"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	var damaged *DamagedError
	if _, err := s.OpenFile("7/ANOTHERNAME"); !errors.As(err, &damaged) {
		t.Errorf("under another name: %v", err)
	}
	for _, name := range []string{"", "7", "7/", "/x", "../archive", "7/../../x", "7/a/b", `7/a\b`, "x/y", "7/a.part"} {
		if _, err := s.OpenFile(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestSweepFiles holds what is left after a crash.
func TestSweepFiles(t *testing.T) {
	s := newStore(t)
	if err := s.SweepFiles(); err != nil {
		t.Fatalf("before the first file: %v", err)
	}
	chat := Chat{JID: "a@b.example"}
	update(t, s, func(tx *Tx) error {
		acc := Account{Address: "me@b.example"}
		if err := tx.PutAccount(&acc); err != nil {
			return err
		}
		chat.Account = acc.ID
		return tx.PutChat(&chat)
	})
	kept, lost := writeFile(t, s, chat.ID, []byte("kept")), writeFile(t, s, chat.ID+1, []byte("lost"))
	for range 2 {
		if _, err := s.NewFile(chat.ID); err != nil { // and then a crash
			t.Fatal(err)
		}
	}
	gone, err := s.NewFile(chat.ID)
	if err != nil {
		t.Fatal(err)
	}
	gone.Discard()
	if err := s.SweepFiles(); err != nil {
		t.Fatal(err)
	}
	var left []string
	err = filepath.WalkDir(s.filesDir(), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			left = append(left, strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(s.filesDir())+"/"))
		}
		return err
	})
	if err != nil || len(left) != 1 || left[0] != kept {
		t.Errorf("left are %q, %v; not %q", left, err, lost)
	}
}

// TestFilesGoWithMessages holds when the files of messages are removed.
func TestFilesGoWithMessages(t *testing.T) {
	s := newStore(t)
	chat := Chat{JID: "a@b.example"}
	var all []Message
	update(t, s, func(tx *Tx) error {
		acc := Account{Address: "me@b.example"}
		if err := tx.PutAccount(&acc); err != nil {
			return err
		}
		chat.Account = acc.ID
		return tx.PutChat(&chat)
	})
	for i := range 4 {
		name := writeFile(t, s, chat.ID, []byte("data"))
		m := Message{Chat: chat.ID, Pos: Pos{Time: int64(i)}, Files: []File{{Path: name}, {Path: filepath.Join(t.TempDir(), "x")}}}
		update(t, s, func(tx *Tx) error { return tx.AddMessage(&m) })
		all = append(all, m)
	}
	left := func() (n int) {
		for _, m := range all {
			if f, err := s.OpenFile(m.Files[0].Path); err == nil {
				f.Close()
				n++
			}
		}
		return n
	}
	failed := errors.New("no")
	if err := s.Update(func(tx *Tx) error { return errors.Join(tx.DeleteMessage(chat.ID, all[0].Pos), failed) }); !errors.Is(err, failed) || left() != 4 {
		t.Errorf("nothing was changed, and %d are left (%v)", left(), err)
	}
	update(t, s, func(tx *Tx) error { return tx.DeleteMessage(chat.ID, all[0].Pos) })
	if left() != 3 {
		t.Errorf("deleted: %d are left", left())
	}
	changed := all[1]
	changed.Body = "x"
	update(t, s, func(tx *Tx) error { return tx.PutMessage(&changed) })
	if left() != 3 {
		t.Errorf("changed: %d are left", left())
	}
	changed.Files = nil
	update(t, s, func(tx *Tx) error { return tx.PutMessage(&changed) })
	if left() != 2 {
		t.Errorf("taken back: %d are left", left())
	}
	update(t, s, func(tx *Tx) error { return tx.DeleteChat(chat.ID) })
	if left() != 0 {
		t.Errorf("the conversation deleted: %d are left", left())
	}
}
