package app

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"linnet/storage"
	"linnet/widgets"
)

func TestLinksOfAChat(t *testing.T) {
	everywhere(t, func(_ *testing.T, h *harness, name string) {
		h.a.shell.openKey("1")
		h.a.shell.showDetails(true)
		h.checkLayout("details")
		h.shoot("details-" + name)
		h.tap("Media, links and files")
		h.wantText("No pictures")
		h.checkLayout("no media")
		h.press(fyne.KeyRight, 0)
		h.a.win.Canvas().Focus(h.a.shell.details.list.(*sharedList).list)
		h.wantText("verona.example", "Juliet · verona.example/balcony")
		h.checkLayout("links")
		h.shoot("links-" + name)
		h.press(fyne.KeyHome, 0)
		h.press(desktop.KeyMenu, 0)
		h.wantText("Open link")
		h.press(fyne.KeyDown, 0)
		h.press(fyne.KeyDown, 0)
		h.press(fyne.KeyReturn, 0)
		if got := h.app.Clipboard().Content(); got != "https://verona.example/balcony" {
			h.Errorf("copied is %q", got)
		}
		h.press(fyne.KeyEscape, 0)
		h.wantText("Details", "This chat")
	})
}

func TestLinksAreReadInSteps(t *testing.T) {
	back := verona()
	day := testNow.AddDate(0, 0, -300)
	back.messages[2] = nil
	for i := range 2 * sharedPage * sharedPages {
		body := "no more than words"
		if i == 10 || i == sharedPage*sharedPages+10 {
			body = fmt.Sprintf("see https://verona.example/%d", i)
		}
		back.store(2, day.Add(time.Duration(i)*time.Minute), i%2 == 0, body)
	}
	h := open(t, back, wide)
	h.a.shell.openKey("2")
	h.a.shell.showDetails(true)
	h.tap("Media, links and files")
	h.press(fyne.KeyRight, 0)
	h.wantText(fmt.Sprintf("You · verona.example/%d", sharedPage*sharedPages+10), "Look further back")
	h.wantNoText("verona.example/10")
	h.tap("Look further back")
	h.wantText("verona.example/10")
	h.wantText("Look further back") // the last page was a full one
	h.tap("Look further back")
	h.wantNoText("Look further back")
}

func TestNoLinksIsSaid(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("3")
	h.a.runByID("chat.shared")
	h.settle()
	h.press(fyne.KeyRight, 0)
	h.wantText("No links", "What comes in messages on this computer is listed here")
	h.tap("Back to the details")
	h.wantText("This chat")
	h.tap("Media, links and files")
	h.press(fyne.KeyRight, 0)
	h.a.shell.openKey("1")
	h.wantText("This chat")
}

// TestSharedAsItIs holds that a tile shows the picture that is here, not the small
// one that came along, and that a link is called what its page is.
func TestSharedAsItIs(t *testing.T) {
	back := verona()
	back.files = map[string][]byte{"1/P": pngOf(t, 40, 40)}
	back.share(1, false, storage.File{Name: "a.png", Type: "image/png", Thumb: testPicture(t, 120, 80), State: storage.FileHere, Path: "1/P"})
	m := back.share(1, false, storage.File{Name: "b.pdf"})
	back.edit(1, m.Pos, func(m *storage.Message) {
		m.Body, m.Links = "https://verona.example/way", []storage.Link{{URL: "https://verona.example/way", Title: "The way"}}
	})
	h := open(t, back, wide)
	h.a.shell.openKey("1")
	h.a.runByID("chat.shared")
	h.settle()
	h.press(fyne.KeyRight, 0)
	h.wantText("The way", "Juliet · verona.example/way")
	item := h.a.shell.details.list.(*sharedList).found[sharedMedia][0]
	if r, g, b, _ := item.thumb.At(widgets.TilePixels/2, widgets.TilePixels/2).RGBA(); r != g || g != b {
		t.Errorf("the tile is of the colour %d, %d, %d, and the picture is grey", r>>8, g>>8, b>>8)
	}
}

func TestLinkText(t *testing.T) {
	for _, c := range []struct{ link, host, rest string }{
		{"https://www.verona.example/a?b", "verona.example", "www.verona.example/a?b"},
		{"http://verona.example", "verona.example", "verona.example"},
		{"xmpp:juliet@capulet.example", "juliet@capulet.example", "xmpp"},
		{"mailto:a@b.example", "a@b.example", "mailto"},
	} {
		if host, rest := linkText(c.link); host != c.host || rest != c.rest {
			t.Errorf("%s: %q and %q", c.link, host, rest)
		}
	}
}

func TestMediaAndFilesOfAChat(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		thumb := testPicture(t, 120, 80)
		for i := range 5 {
			h.back.store(1, testNow.Add(time.Duration(i)*time.Minute), i%2 == 0, "")
			last := len(h.back.messages[1]) - 1
			m := &h.back.messages[1][last]
			m.Files = []storage.File{{Name: "balcony.jpg", Type: "image/jpeg", Thumb: thumb}, {Name: "../sonnet.pdf", Type: "application/pdf"}}
			if i == 3 {
				m.Files = []storage.File{{Type: "video/mp4"}, {Type: "audio/ogg", Voice: true}}
			}
		}
		h.a.shell.openKey("1")
		h.a.shell.showDetails(true)
		h.tap("Media, links and files")
		h.checkLayout("media")
		h.shoot("media-" + name)
		s := h.a.shell.details.list.(*sharedList)
		if n := len(s.tiles.Objects); n != 5 {
			t.Fatalf("%d tiles", n)
		}
		h.press(fyne.KeyEnd, 0)
		h.wantText("sonnet.pdf", "Voice message")
		h.wantNoText("..")
		h.checkLayout("files")
		h.shoot("files-" + name)
		s.open(s.found[sharedMedia][0])
		h.settle()
		if h.a.pages.top() != page(h.a.shell) || h.a.openChatID() != 1 {
			t.Error("the message is not shown")
		}
	})
}
