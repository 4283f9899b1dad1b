//go:build linux

package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linnet/account/servertest"
)

// TestPastedPicture pastes a picture and a file that were copied elsewhere, says
// something about each, and pastes text after that.
func TestPastedPicture(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a server and an X server")
	}
	r := newRun(t, servertest.Options{
		Users:   map[string]string{"romeo": "wherefore art thou", "juliet": "a rose"},
		Friends: true, UploadLimit: 10 << 20,
	})
	dir := t.TempDir()
	// Too much for one request of the X protocol, as most screenshots are.
	m := image.NewNRGBA(image.Rect(0, 0, 500, 400))
	for i := range m.Pix {
		m.Pix[i] = byte(rand.Uint32())
	}
	m.SetNRGBA(0, 0, color.NRGBA{1, 2, 3, 255})
	var picture bytes.Buffer
	r.must(png.Encode(&picture, m))
	file := filepath.Join(dir, "picture.png")
	r.must(os.WriteFile(file, picture.Bytes(), 0o600))
	list := filepath.Join(dir, "list")
	words := filepath.Join(dir, "some words.txt")
	r.must(os.WriteFile(words, []byte("some words"), 0o600))
	r.must(os.WriteFile(list, []byte("file://"+strings.ReplaceAll(words, " ", "%20")+"\r\n"), 0o600))

	r.start()
	r.signIn("romeo")
	juliet := startPeer(t, r.server, "juliet")
	juliet.wait("presence of ours", func(e event) bool { return e.Event == "presence" && e.Type == "available" })
	r.openChat("juliet@linnet.test")
	// The words go out; the files wait, since no name server knows their host.
	for _, x := range []struct{ mediaType, file, caption string }{
		{"image/png", file, "a picture"}, {"text/uri-list", list, "a file"},
	} {
		r.pastes(x.mediaType, x.file)
		r.write(x.caption)
		r.key("Return")
		juliet.message(x.caption)
	}
	r.transcript("a picture", "a file")
	r.must(r.desktop.SetClipboard(r.ctx, "words"))
	r.key("ctrl+v")
	r.settle()
	r.key("Return")
	juliet.message("words")
	r.quit()
}

// pastes copies a file as something of a media type, and pastes it until there
// is a card for it: that something was copied is known only after a moment.
func (r *run) pastes(mediaType, file string) {
	r.t.Helper()
	r.settle()
	r.must(r.desktop.CopyFile(r.ctx, mediaType, file))
	for deadline := time.Now().Add(patience); ; {
		before := r.shot()
		r.key("ctrl+v")
		if !bytes.Equal(r.shot(), before) {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatal("nothing was pasted")
		}
	}
}
