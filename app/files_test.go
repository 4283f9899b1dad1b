package app

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	files "fyne.io/fyne/v2/storage"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = 200
	}
	m.SetRGBA(0, 0, color.RGBA{A: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// share puts a message with a file into a chat of a backend.
func (f *fakeBackend) share(id storage.ChatID, out bool, file storage.File) storage.Message {
	f.store(id, testNow, out, "")
	all := f.messages[id]
	m := &all[len(all)-1]
	m.Files = []storage.File{file}
	return *m
}

// TestFileViews holds what a row says of a file in each state.
func TestFileViews(t *testing.T) {
	h := open(t, verona(), fyne.NewSize(1000, 700))
	picture := storage.File{Name: "balcony.png", Type: "image/png", Size: 2_345_678, Width: 200, Height: 100, URL: "https://x.example/b"}
	with := func(f storage.File, change func(*storage.File)) storage.File { change(&f); return f }
	for name, x := range map[string]struct {
		file storage.File
		want widgets.FileView
	}{
		"not here": {picture, widgets.FileView{Kind: widgets.FilePicture, Name: "balcony.png", Note: "2.3 MB", Width: 200, Height: 100}},
		"here": {
			with(picture, func(f *storage.File) { f.State, f.Path = storage.FileHere, "1/X" }),
			widgets.FileView{Kind: widgets.FilePicture, Name: "balcony.png", Note: "2.3 MB", Width: 200, Height: 100, State: widgets.FileHere, Picture: "file 1/X"},
		},
		"gone": {
			with(picture, func(f *storage.File) { f.State = storage.FileGone }),
			widgets.FileView{Name: "balcony.png", Note: "No longer on the server", State: widgets.FileGone},
		},
		"gone, but for what came along": {
			with(picture, func(f *storage.File) { f.State, f.Thumb = storage.FileGone, []byte{1} }),
			widgets.FileView{
				Kind: widgets.FilePicture, Name: "balcony.png", Note: "No longer on the server", Width: 200, Height: 100, State: widgets.FileGone,
				Picture: "thumb 1 1 1 0",
			},
		},
		"too large": {
			with(picture, func(f *storage.File) {
				f.State, f.Reason, f.Type = storage.FileFailed, account.ReasonTooLarge+": 1000000", "text/plain"
			}),
			widgets.FileView{Name: "balcony.png", Note: "Too large: the server takes 1.0 MB", State: widgets.FileFailed},
		},
		"waiting": {
			with(picture, func(f *storage.File) { f.State, f.Width = storage.FileWaiting, 0 }),
			widgets.FileView{Name: "balcony.png", Note: "Waiting to be sent", State: widgets.FileMoving},
		},
		"of a bad name": {
			storage.File{Name: "a\u202Egnp.exe", Size: 12},
			widgets.FileView{Name: "agnp.exe", Note: "12 bytes"},
		},
	} {
		m := storage.Message{Chat: 1, Pos: storage.Pos{Time: 1, Seq: 1}, Files: []storage.File{x.file}}
		if got := h.a.files.views(m); len(got) != 1 || got[0] != x.want {
			t.Errorf("%s: %+v, want %+v", name, got, x.want)
		}
	}
	for _, reason := range []string{
		account.ReasonChanged, account.ReasonMissing, account.ReasonNoUpload, account.ReasonRefused, account.ReasonLost, account.ReasonCertificate,
		account.ReasonDiffers, account.ReasonUnsafe, account.ReasonDiskFull, account.ReasonUnreadable, account.ReasonTooLarge,
	} {
		if fileReasonText(reason) == "" {
			t.Errorf("no words for %s", reason)
		}
	}
}

// TestFileActs presses on files.
func TestFileActs(t *testing.T) {
	back := verona()
	remote := back.share(1, false, storage.File{Name: "herbs.pdf", Size: 3000, URL: "https://x.example/h"})
	failed := back.share(1, true, storage.File{Name: "x", State: storage.FileFailed})
	back.messages[1][len(back.messages[1])-1].State = storage.StateFailed
	failed.State = storage.StateFailed
	here := back.share(1, false, storage.File{Name: "y.pdf", State: storage.FileHere, Path: "1/Y"})
	h := open(t, back, fyne.NewSize(1000, 700))
	h.a.shell.openKey("1")
	h.settle()
	press := func(m storage.Message, act widgets.FileAct, want string) {
		t.Helper()
		h.a.files.act(rowID(m.Pos), 0, act)
		if !back.asked(want) {
			t.Errorf("not asked for %q: %q", want, back.said)
		}
	}
	press(remote, widgets.FileFetch, "download 1 0")
	press(remote, widgets.FileCancel, "cancel 1 0")
	back.said = nil
	press(remote, widgets.FileRetry, "download 1 0") // of one that was gone, too
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	press(here, widgets.FileOpen, "save y.pdf")

	h.a.apply([]account.Event{account.FileProgress{Chat: 1, Pos: remote.Pos, Total: 3000}})
	if v := h.a.files.views(remote)[0]; v.State != widgets.FileMoving || v.Done != 0 || v.Note != "3 kB" {
		t.Errorf("at the beginning: %+v", v)
	}
	h.a.apply([]account.Event{account.FileProgress{Chat: 1, Pos: remote.Pos, Done: 1500, Total: 3000}})
	v := h.a.files.views(remote)[0]
	if v.State != widgets.FileMoving || v.Done != 0.5 || v.Note != "2 kB of 3 kB" {
		t.Errorf("on its way: %+v", v)
	}
	for wait, note := range map[account.FileWait]string{account.FileCut: "Connection cut, trying again", account.FileQueued: "Waiting for other files"} {
		h.a.apply([]account.Event{account.FileProgress{Chat: 1, Pos: remote.Pos, Done: 1500, Total: 3000, Wait: wait}})
		if v := h.a.files.views(remote)[0]; v.State != widgets.FileMoving || v.Done != 0.5 || v.Note != note {
			t.Errorf("waiting: %+v, want %q", v, note)
		}
	}
	remote.Files[0].State, remote.Files[0].Path = storage.FileHere, "1/Z"
	h.a.apply([]account.Event{account.MessageChanged{Message: remote}})
	if v := h.a.files.views(remote)[0]; v.State != widgets.FileHere {
		t.Errorf("here: %+v", v)
	}
}

// TestPictures holds that a picture is decoded when it is looked at, and shown
// large with the others.
func TestPictures(t *testing.T) {
	back := verona()
	back.files = map[string][]byte{"1/A": pngOf(t, 300, 200), "1/B": pngOf(t, 100, 200), "1/C": []byte("no picture")}
	file := func(path string, w, h int32) storage.File {
		return storage.File{Name: path[2:] + ".png", Type: "image/png", Width: w, Height: h, State: storage.FileHere, Path: path}
	}
	first := back.share(1, false, file("1/A", 300, 200))
	back.share(1, true, file("1/B", 100, 200))
	back.share(1, false, storage.File{Name: "t.png", Type: "image/png", Width: 10, Height: 10, Thumb: pngOf(t, 8, 8), URL: "https://x.example/t"})
	h := open(t, back, fyne.NewSize(1000, 700))
	h.a.shell.openKey("1")
	h.settle()
	d := h.a.files
	if im := d.picture("file 1/A", 150, 150); im == nil || im.Bounds().Dx()*2 != im.Bounds().Dy()*3 {
		t.Error("there is no picture of the right shape")
	}
	if !slices.ContainsFunc(back.said, func(s string) bool { return s == "want 1 1" }) {
		t.Errorf("nobody wants what is looked at: %q", back.said)
	}
	if d.pics.get("file 1/nothing", 10, 10) != nil {
		t.Error("a picture of nothing")
	}
	d.act(rowID(first.Pos), 0, widgets.FileOpen)
	v, ok := h.a.pages.top().(*viewer)
	if !ok || len(v.all) != 2 || v.at != 0 || v.name.Text() != "A.png" {
		t.Fatalf("the viewer is %+v", v)
	}
	if !v.view.Showing() {
		t.Error("the viewer shows nothing")
	}
	v.step(1)
	v.step(1)
	if v.at != 1 || v.name.Text() != "B.png" {
		t.Errorf("the next is %d, %s", v.at, v.name.Text())
	}
	v.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if h.a.pages.top() == page(v) {
		t.Error("Esc does not leave the viewer")
	}
}

// TestPicturesAreBounded holds that old pictures go.
func TestPicturesAreBounded(t *testing.T) {
	h := open(t, verona(), fyne.NewSize(800, 600))
	p := h.a.files.pics
	for i := range 40 {
		key := string(rune('a' + i))
		pic := &picture{}
		p.have[key] = pic
		p.touch(key)
		p.loaded(key, pic, image.NewRGBA(image.Rect(0, 0, 1024, 1024)), nil)
	}
	if p.bytes > picturesMost || len(p.have) != picturesMost>>22 || len(p.order) != len(p.have) {
		t.Errorf("%d pictures, %d bytes", len(p.have), p.bytes)
	}
}

// TestPicturesScrolledPast holds that what was wanted last is decoded first, and
// what many others were wanted after not at all, until it is wanted again.
func TestPicturesScrolledPast(t *testing.T) {
	back := verona()
	back.files = map[string][]byte{}
	h := open(t, back, fyne.NewSize(800, 600))
	p := h.a.files.pics
	data := pngOf(t, 30, 20)
	key := func(i int) string { return fmt.Sprintf("file 1/%d", i) }
	p.busy = true
	for i := range picturesWaiting + 8 {
		path := key(i)[len("file "):]
		back.files[path] = data
		p.d.sources[key(i)] = storage.File{Type: "image/png", Path: path}
		p.get(key(i), 30, 20)
	}
	p.get(key(10), 31, 21)
	if p.waiting[len(p.waiting)-1] != key(10) {
		t.Errorf("%q is not the next", key(10))
	}
	p.busy = false
	p.next()
	for i := range picturesWaiting + 8 {
		if shown := p.have[key(i)].im != nil; shown != (i >= 8) {
			t.Errorf("picture %d decoded: %v", i, shown)
		}
	}
	if p.get(key(0), 30, 20) == nil {
		t.Error("wanted again, it is not decoded")
	}
}

// TestMovingPicture holds that a picture moves while it is looked at, and rests
// when it is not.
func TestMovingPicture(t *testing.T) {
	palette := color.Palette{color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}}
	g := gif.GIF{Delay: []int{5, 5}}
	for i := range 2 {
		m := image.NewPaletted(image.Rect(0, 0, 200, 200), palette)
		for j := range m.Pix {
			m.Pix[j] = uint8(i)
		}
		g.Image = append(g.Image, m)
	}
	var data bytes.Buffer
	if err := gif.EncodeAll(&data, &g); err != nil {
		t.Fatal(err)
	}
	back := verona()
	back.files = map[string][]byte{"1/G": data.Bytes()}
	back.share(1, false, storage.File{Name: "g.gif", Type: "image/gif", Width: 200, Height: 200, State: storage.FileHere, Path: "1/G"})
	h := open(t, back, fyne.NewSize(1000, 700))
	h.a.shell.openKey("1")
	h.settle()
	pic := h.a.files.pics.have["file 1/G"]
	if pic == nil || pic.motion == nil || !pic.ticks {
		t.Fatalf("it does not move: %+v", pic != nil)
	}
	blue := func() bool {
		r, _, _, _ := pic.im.At(1, 1).RGBA()
		return r == 0
	}
	was := blue()
	h.pass(60 * time.Millisecond)
	if blue() == was {
		t.Error("it stands still")
	}
	h.a.shell.openKey("2")
	h.settle()
	h.pass(time.Second)
	if pic.ticks {
		t.Error("it moves though nobody sees it")
	}
}

// TestSendCard drops files, takes one back and sends the other.
func TestSendCard(t *testing.T) {
	back := verona()
	h := open(t, back, fyne.NewSize(1000, 700))
	dir := t.TempDir()
	drop := func(names ...string) {
		var uris []fyne.URI
		for _, n := range names {
			uris = append(uris, files.NewFileURI(filepath.Join(dir, n)))
		}
		h.a.files.dropped(fyne.Position{}, uris)
		h.settle()
	}
	for _, n := range []string{"a.png", "b.txt"} {
		if err := os.WriteFile(filepath.Join(dir, n), pngOf(t, 4, 4), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	drop("a.png")
	if h.a.cards.open() {
		t.Error("dropped on no chat")
	}
	h.a.shell.openKey("1")
	h.settle()
	h.tap("Attach files")
	if over := h.a.win.Canvas().Overlays(); len(over.List()) != 2 {
		t.Error("no dialog for files over a dimmed window")
	}
	h.wantText("Choose files to send")
	h.a.back()
	if over := h.a.win.Canvas().Overlays(); over.Top() != nil || h.a.choosing != nil {
		t.Error("the window stays dimmed")
	}
	drop("nothing")
	if h.a.cards.open() {
		t.Error("a file that is not there is offered")
	}
	h.a.shell.chat.composer.SetText("look")
	drop("a.png", "b.txt")
	if !h.a.cards.open() {
		t.Fatal("no card")
	}
	h.tap("Leave out a.png")
	h.tap("Send")
	if !back.asked("files 1 b.txt: look") || h.a.cards.open() || h.a.shell.chat.composer.Text() != "" {
		t.Errorf("asked was %q; the composer says %q", back.said, h.a.shell.chat.composer.Text())
	}
}

func TestUserDir(t *testing.T) {
	path := filepath.Join(t.TempDir(), "user-dirs.dirs")
	for text, want := range map[string]string{
		"":                                       "",
		"XDG_DOWNLOAD_DIR=\"$HOME/Got\"":         "/home/x/Got",
		"# x\n XDG_DOWNLOAD_DIR=\"/srv/got/\"\n": "/srv/got",
		"XDG_DOWNLOAD_DIR=\"$HOME/\"":            "",
		"XDG_DOWNLOAD_DIR=\"relative\"":          "",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := userDir(path, "/home/x"); got != want {
			t.Errorf("%q gives %q", text, got)
		}
	}
	if got := userDir(path+"x", "/home/x"); got != "" {
		t.Errorf("no file gives %q", got)
	}
}
