package native

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"unicode/utf16"

	"linnet/app"
)

// copied puts something onto the clipboard, in the place of what is there.
func copied(t *testing.T, format uintptr, data []byte) {
	t.Helper()
	end, err := open(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	procEmpty.Call()
	if err := put(format, data); err != nil {
		t.Fatal(err)
	}
}

// TestClipboard takes the place of what is on the clipboard of who runs it.
func TestClipboard(t *testing.T) {
	c := NewClipboard()
	reads := func(holds app.Copied) (picture []byte, files []string) {
		t.Helper()
		if got := c.Holds(); got != holds {
			t.Fatalf("holds %d, want %d", got, holds)
		}
		picture, files, err := c.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return picture, files
	}

	want, err := asPNG(holed())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SetPicture(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if got, _ := reads(app.CopiedPicture); !bytes.Equal(got, want) {
		t.Errorf("%d bytes of %d", len(got), len(want))
	}
	if !available(formatDIB) {
		t.Error("no bitmap for other programs")
	}

	copied(t, formatDIB, dib{40, 32, uncompressed, 0, 2, 1, join(red4, blue4)}.bytes())
	got, _ := reads(app.CopiedPicture)
	if m, err := png.Decode(bytes.NewReader(got)); err != nil || m.Bounds().Dx() != 2 {
		t.Errorf("of a bitmap: %v, %v", m, err)
	}

	var words []byte
	for _, u := range utf16.Encode([]rune("words\x00")) {
		words = binary.LittleEndian.AppendUint16(words, u)
	}
	copied(t, formatUnicodeText, words)
	reads(app.CopiedOther)

	path := filepath.Join(t.TempDir(), "ä b.png")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	// DROPFILES: where the names begin, three fields of no use here, and that they
	// are of 16 bits. Two zeros end the names.
	drop := []byte{20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0}
	for _, u := range utf16.Encode([]rune(path + "\x00" + path + "\x00\x00")) {
		drop = binary.LittleEndian.AppendUint16(drop, u)
	}
	copied(t, formatFiles, drop)
	if _, files := reads(app.CopiedFiles); !slices.Equal(files, []string{path, path}) {
		t.Errorf("files %q", files)
	}
}

// A clipboard that somebody else has open is waited for, for as long as the caller
// likes.
func TestClipboardThatIsOpen(t *testing.T) {
	c := NewClipboard()
	copied(t, formatDIB, dib{40, 32, uncompressed, 0, 2, 1, join(red4, blue4)}.bytes())
	window, destroy, err := hidden()
	if err != nil {
		t.Fatal(err)
	}
	defer destroy()
	end, err := open(t.Context(), window)
	if err != nil {
		t.Fatal(err)
	}
	soon, cancel := context.WithTimeout(t.Context(), 5*openPause)
	defer cancel()
	if _, _, err := c.Read(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("read meanwhile: %v", err)
	}
	picture, err := asPNG(holed())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SetPicture(soon, picture); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("set meanwhile: %v", err)
	}
	end()
	if picture, _, err = c.Read(t.Context()); err != nil || len(picture) == 0 {
		t.Errorf("read later: %d bytes, %v", len(picture), err)
	}
}
