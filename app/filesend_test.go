package app

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	files "fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"linnet/account"
	"linnet/account/media"
	"linnet/storage"
	"linnet/widgets"
)

// writeFiles puts files of these names into a directory of the test and gives
// their paths: a picture for names of pictures, else text.
func writeFiles(t testing.TB, names ...string) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for _, n := range names {
		data := []byte("words")
		if strings.HasSuffix(n, ".png") {
			data = pngOf(t, 4, 4)
		}
		path := filepath.Join(dir, n)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// TestSendCardKeepsTheKeyboard adds more files and writes on.
func TestSendCardKeepsTheKeyboard(t *testing.T) {
	h := open(t, verona(), wide)
	paths := writeFiles(t, "a.txt", "b.png", "c.txt")
	var asked []FileQuestion
	h.a.cfg.Files = chosenFiles(func(q FileQuestion) []string {
		asked = append(asked, q)
		if len(asked) == 1 {
			return paths[:1]
		}
		return paths[1:]
	})
	h.a.shell.openKey("1")
	h.settle()
	h.tap("Attach files")
	h.wantText("Send a file to Juliet")
	h.wantNoText("Place and camera are taken out of photos.")
	h.tap("Add more")
	h.wantText("Send 3 files to Juliet", "Place and camera are taken out of photos.")
	h.write("look")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("files 1 a.txt b.png c.txt: look") {
		t.Errorf("asked was %q", h.back.said)
	}
	if len(asked) != 2 || !asked[0].Several || !asked[1].Several || asked[0].Kind != AskOpen {
		t.Errorf("the dialogs were %+v", asked)
	}
}

// TestSendCardIsNotLost holds that a press beside the card drops nothing, and
// that what is dropped on the window joins what is there.
func TestSendCardIsNotLost(t *testing.T) {
	h := open(t, verona(), wide)
	paths := writeFiles(t, "a.txt", "b.txt")
	h.a.shell.openKey("1")
	h.settle()
	h.a.files.offer(h.a.shell.chat.chat, account.NewFile{Path: paths[0]})
	test.TapCanvas(h.a.win.Canvas(), fyne.NewPos(5, 5))
	if !h.a.cards.open() {
		t.Fatal("a press beside the card has closed it")
	}
	h.a.files.offer(h.a.shell.chat.chat, account.NewFile{Path: paths[1]})
	h.wantText("Send 2 files to Juliet")
	if len(h.a.cards.cards) != 1 {
		t.Errorf("%d cards", len(h.a.cards.cards))
	}
	h.press(fyne.KeyEscape, 0)
	if h.a.cards.open() || h.a.files.sending != nil {
		t.Error("Esc leaves the card")
	}
}

// TestSomeFilesCannotBeSent holds that they are told of, and the others offered.
func TestSomeFilesCannotBeSent(t *testing.T) {
	h := open(t, verona(), wide)
	paths := writeFiles(t, "a.txt", "empty.txt")
	if err := os.WriteFile(paths[1], nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h.a.shell.openKey("1")
	h.settle()
	h.a.files.offer(h.a.shell.chat.chat, filesAt([]string{paths[1]})...)
	if h.wantText("An empty file cannot be sent"); h.a.cards.open() {
		t.Error("an empty file is offered")
	}
	h.a.files.offer(h.a.shell.chat.chat, filesAt([]string{t.TempDir(), paths[0], paths[1]})...)
	h.wantText("Send a file to Juliet", "Only files can be sent, no folders")
}

// TestFilesWaitForWhatIsOpen holds that files are not lost because a question is
// open when they come.
func TestFilesWaitForWhatIsOpen(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.settle()
	h.a.askBlock(1, "juliet@capulet.example")
	h.a.files.dropped(fyne.Position{}, []fyne.URI{files.NewFileURI(writeFiles(t, "a.txt")[0])})
	h.wantText("Do not block")
	h.wantNoText("Send a file to Juliet")
	h.press(fyne.KeyEscape, 0)
	h.settle()
	h.wantText("Send a file to Juliet")
	h.wantNoText("Do not block")
}

// TestDropOnARow holds that what is dropped on the row of a chat is for that chat.
func TestDropOnARow(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.settle()
	side := h.a.shell.side.chats
	from := fyne.CurrentApp().Driver().AbsolutePositionForObject(side)
	uris := []fyne.URI{files.NewFileURI(writeFiles(t, "a.txt")[0])}
	for i := 0; side.ItemAt(i) != ""; i++ {
		chat := h.a.model.chats[chatOfKey(side.ItemAt(i))]
		h.a.files.dropped(from.AddXY(100, (float32(i)+0.5)*widgets.ChatRowHeight), uris)
		h.settle()
		h.wantText("Send a file to " + h.a.model.shortName(chat.Account, chat.JID))
		h.press(fyne.KeyEscape, 0)
		if h.a.openChatID() != chat.ID {
			t.Errorf("chat %d is open, want %d", h.a.openChatID(), chat.ID)
		}
	}
}

func TestPaste(t *testing.T) {
	h := open(t, verona(), wide)
	clip := &fakeClipboard{}
	h.a.cfg.Clipboard = clip
	h.app.Clipboard().SetContent("words")
	h.a.shell.openKey("1")
	h.settle()
	composer := h.a.shell.chat.composer
	paste := func() {
		h.a.win.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: h.app.Clipboard()})
	}
	composer.Focus()
	paste()
	if composer.Text() != "words" || h.a.cards.open() {
		t.Errorf("text became %q", composer.Text())
	}
	composer.SetText("")

	clip.holds, clip.picture = CopiedPicture, pngOf(t, 20, 10)
	paste()
	name := "Picture " + testNow.Format("2006-01-02 15.04") + ".png"
	h.wantText("Send a file to Juliet", name, "Place and camera are taken out of photos.")
	paste() // the caption has the keyboard
	h.wantText("Send 2 files to Juliet")
	h.tap("Send")
	if !h.back.asked("files 1 " + name + " " + name + ": ") {
		t.Errorf("asked was %q", h.back.said)
	}

	clip.holds, clip.picture, clip.files = CopiedFiles, nil, writeFiles(t, "a.txt")
	paste()
	h.wantText("a.txt")
	h.press(fyne.KeyEscape, 0)

	// What turns out to be of no use may still be text.
	clip.files = nil
	composer.Focus()
	paste()
	if composer.Text() != "words" {
		t.Errorf("text became %q", composer.Text())
	}
	clip.err = context.DeadlineExceeded
	paste()
	h.wantText("The program this was copied in did not hand it over")
	if h.a.cards.open() {
		t.Error("a card of nothing")
	}
}

func TestPastedName(t *testing.T) {
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 4, 4)), nil); err != nil {
		t.Fatal(err)
	}
	if got := pastedName(photo.Bytes(), testNow); !strings.HasSuffix(got, ".jpg") || media.SafeName(got) != got {
		t.Errorf("the name is %q", got)
	}
}

// TestSaveAndCopy does with a picture what can be done with it, in the viewer and
// by the menu of its message.
func TestSaveAndCopy(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
	back := verona()
	back.files = map[string][]byte{"1/A": pngOf(t, 30, 20)}
	m := back.share(1, false, storage.File{Name: "balcony.png", Type: "image/png", Width: 30, Height: 20, State: storage.FileHere, Path: "1/A"})
	h := open(t, back, wide)
	clip := &fakeClipboard{}
	h.a.cfg.Clipboard = clip
	var asked FileQuestion
	h.a.cfg.Files = chosenFiles(func(q FileQuestion) []string {
		asked = q
		return []string{"/chosen/x.png"}
	})
	h.a.shell.openKey("1")
	h.settle()
	h.a.files.act(rowID(m.Pos), 0, widgets.FileOpen)
	copied := func(how string) {
		t.Helper()
		if im, err := media.Decode(bytes.NewReader(clip.set), image.Point{}); err != nil || im.Rect.Dx() != 30 {
			t.Errorf("%s: copied %d bytes, %v", how, len(clip.set), err)
		}
		clip.set = nil
		h.wantText("The picture is copied")
	}
	h.a.win.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutCopy{})
	copied("Ctrl+C")
	h.tap("Copy picture")
	copied("button")
	h.press(fyne.KeyS, ctrl)
	if !back.asked("save balcony.png") {
		t.Errorf("asked was %q", back.said)
	}
	h.wantText("Saved as balcony.png", "Show in folder")
	if dir := filepath.Join(home, "Downloads"); !exists(dir) {
		t.Error("the folder is not there")
	}
	h.press(fyne.KeyS, ctrlShift)
	if !back.asked("save balcony.png as /chosen/x.png") || asked.Kind != AskSave || asked.Name != "balcony.png" {
		t.Errorf("asked was %q, %+v", back.said, asked)
	}
	h.press(fyne.KeyEscape, 0)
	h.a.prefs.SaveTo = filepath.Join(home, "elsewhere")
	for _, item := range []string{"Copy picture", "Save", "Save as…"} {
		h.a.shell.chat.menu(rowID(m.Pos), fyne.NewPos(300, 300), "", "")
		h.choose(item)
	}
	copied("menu")
	if !back.asked("save balcony.png") || !back.asked("save balcony.png as /chosen/x.png") || asked.Dir != h.a.prefs.SaveTo {
		t.Errorf("asked was %q, %+v", back.said, asked)
	}
}

// choose presses a line of the menu that is open.
func (h *harness) choose(item string) {
	h.Helper()
	found := false
	visible(h.a.win.Canvas(), func(o fyne.CanvasObject, at fyne.Position, _ string) {
		if text, _ := textIn(o); text == item && !found {
			found = true
			test.TapCanvas(h.a.win.Canvas(), at.AddXY(2, 2))
		}
	})
	if !found {
		h.Fatalf("there is no %q in the menu; shown is:\n%s", item, h.texts())
	}
	h.settle()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// shownFiles is a desktop that shows files.
type shownFiles struct {
	chosenFiles
	shown []string
	err   error
}

func (s *shownFiles) ShowFile(_ context.Context, path string) error {
	s.shown = append(s.shown, path)
	return s.err
}

func TestShowInFolder(t *testing.T) {
	h := open(t, verona(), wide)
	s := &shownFiles{}
	h.a.cfg.Files = s
	h.a.files.saved(storage.File{}, "/somewhere/x.pdf", nil)()
	h.tap("Show in folder")
	s.err = errors.ErrUnsupported
	h.a.showFile("/somewhere/y.pdf") // by the toolkit then
	if want := []string{"/somewhere/x.pdf", "/somewhere/y.pdf"}; !slices.Equal(s.shown, want) {
		t.Errorf("shown %q", s.shown)
	}
}

// TestFileSettings chooses where files go and which are fetched.
func TestFileSettings(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		dir := t.TempDir()
		h.a.cfg.Files = chosenFiles(func(q FileQuestion) []string {
			if q.Kind != AskFolder {
				t.Errorf("asked for %+v", q)
			}
			return []string{dir}
		})
		h.a.showSettings(sectionFiles)
		h.wantText("Save files to", "Fetching without being asked", "Romeo", "Up to 5 MB")
		h.checkLayout("files")
		h.shoot("settings-files-" + name)
		h.tap("Change")
		if h.a.prefs.SaveTo != dir {
			t.Errorf("saved to %q", h.a.prefs.SaveTo)
		}
		h.tap("Use the usual one")
		if h.a.prefs.SaveTo != "" {
			t.Errorf("saved to %q", h.a.prefs.SaveTo)
		}
		if b, ok := h.a.win.Canvas().Focused().(*widgets.Button); !ok || b.AccessibilityLabel() != "Change" {
			t.Errorf("the keyboard is in %T", h.a.win.Canvas().Focused())
		}
		h.back.fail = errors.New("no room")
		h.tap("Romeo, Up to 5 MB")
		h.choose("Never")
		h.wantText("Up to 5 MB") // as before
		h.back.fail = nil
		h.tap("Romeo, Up to 5 MB")
		h.choose("Up to 50 MB")
		if !h.back.asked("automatic 1 52428800") {
			t.Errorf("asked was %q", h.back.said)
		}
		h.wantText("Up to 50 MB")
		h.tap("Romeo, Up to 50 MB")
		h.choose("Never")
		h.a.back()
		h.a.back()
		h.a.shell.openKey("1")
		h.settle()
		h.a.shell.showDetails(true)
		h.wantText("Fetch without asking", "Default: no")
		h.tap("Fetch without asking, Default: no")
		h.choose("Yes")
		if !h.back.asked("automatic in 1: 1") {
			t.Errorf("asked was %q", h.back.said)
		}
	})
}
