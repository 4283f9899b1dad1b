package account

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"linnet/storage"
)

// sealed keeps a file in the profile.
func (r *running) sealed(data string) string {
	r.t.Helper()
	path, err := r.cfg.Store.KeepFile(1, []byte(data))
	if err != nil {
		r.t.Fatal(err)
	}
	return path
}

func TestSaveFile(t *testing.T) {
	r := newProfile(t).run()
	f := storage.File{Name: "../a\u202Eb.tar.gz", Path: r.sealed("abc"), URL: "https://example.com/x"}
	dir := t.TempDir()
	for _, want := range []string{"ab.tar.gz", "ab.tar (2).gz", "ab.tar (3).gz"} {
		got, err := r.SaveFile(t.Context(), &f, dir)
		if err != nil || got != filepath.Join(dir, want) {
			t.Fatalf("%q, %v", got, err)
		}
		if data, err := os.ReadFile(got); err != nil || !bytes.Equal(data, []byte("abc")) {
			t.Errorf("%q, %v", data, err)
		}
		var mark [64]byte
		n, err := unix.Getxattr(got, "user.xdg.origin.url", mark[:])
		if err != nil && err != unix.ENOTSUP || err == nil && string(mark[:n]) != f.URL {
			t.Errorf("the mark is %q, %v", mark[:max(n, 0)], err)
		}
	}
	if _, err := r.SaveFile(t.Context(), &f, filepath.Join(dir, "nowhere")); err == nil {
		t.Error("saved nowhere")
	}
}

// TestSaveFileAs writes over a file the user has chosen, and nothing when that
// cannot be done as a whole.
func TestSaveFileAs(t *testing.T) {
	r := newProfile(t).run()
	path := r.sealed("new")
	dir := t.TempDir()
	chosen := filepath.Join(dir, "as I like.txt")
	if err := os.WriteFile(chosen, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	gone := storage.File{Name: "x", Path: "1/nothing"}
	if err := r.SaveFileAs(t.Context(), &gone, chosen); err == nil {
		t.Error("saved nothing")
	}
	if data, err := os.ReadFile(chosen); err != nil || string(data) != "old" {
		t.Errorf("it became %q, %v", data, err)
	}
	f := storage.File{Name: "x", Path: path, URL: "https://example.com/x"}
	if err := r.SaveFileAs(t.Context(), &f, chosen); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(chosen); err != nil || string(data) != "new" {
		t.Errorf("it became %q, %v", data, err)
	}
	if all, err := os.ReadDir(dir); err != nil || len(all) != 1 {
		t.Errorf("beside it lie %v, %v", all, err)
	}
}
