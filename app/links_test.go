package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

// TestSiteOf holds that the host shown is the one a link leads to.
func TestSiteOf(t *testing.T) {
	for link, want := range map[string]string{
		"https://www.Verona.example/balcony":                          "verona.example",
		"http://verona.example:8080/?a=b":                             "verona.example:8080",
		"https://[::1]:8080/":                                         "[::1]:8080",
		"https://bank.example@evil.example":                           "",
		"https://bank.example:x@evil.example/":                        "",
		"mailto:juliet@capulet.example":                               "",
		"xmpp:juliet@capulet.example":                                 "",
		"https://":                                                    "",
		"https://www.bank.example.login.account.verify.evil.example/": "…ogin.account.verify.evil.example",
	} {
		if got := siteOf(link); got != want {
			t.Errorf("%s: %q, want %q", link, got, want)
		}
	}
}

// TestLinksOfStrangers holds that nothing is shown of what a stranger tells.
func TestLinksOfStrangers(t *testing.T) {
	m := storage.Message{Body: "https://a.example", Links: []storage.Link{{URL: "https://a.example", Title: "T"}}}
	d := (*linkDesk)(nil)
	if got := d.views(storage.Chat{}, m); len(got) != 1 {
		t.Errorf("of a contact: %+v", got)
	}
	if got := d.views(storage.Chat{Request: true}, m); len(got) != 0 {
		t.Errorf("of a stranger: %+v", got)
	}
}

// said puts a message into the open chat.
func (h *harness) says(out bool, body string) storage.Message {
	h.Helper()
	h.a.apply(h.back.store(1, h.now, out, body))
	h.settle()
	all := h.back.messages[1]
	return all[len(all)-1]
}

// linksOf gives what the open chat shows of the links of a message.
func (h *harness) linksOf(m storage.Message) []widgets.LinkView {
	h.Helper()
	row, ok := h.a.shell.chat.view.Row(rowID(m.Pos))
	if !ok {
		h.Fatal("there is no such row")
	}
	return row.Links
}

// TestShowPreview asks for the preview of a link by its key and by the menu.
func TestShowPreview(t *testing.T) {
	back := verona()
	h := open(t, back, fyne.NewSize(1000, 700))
	h.a.shell.openKey("1")
	h.settle()
	p := h.a.shell.chat
	m := h.says(false, "see https://a.example and https://b.example")
	p.focusTranscript()
	p.stepMessage(-1)
	if !p.key(fyne.KeyL) {
		t.Fatal("the key does nothing")
	}
	h.settle()
	if got := h.linksOf(m); !back.asked("preview https://a.example") || len(got) != 1 || got[0].Title != "Title of https://a.example" || got[0].Site != "a.example" {
		t.Errorf("after the first: %+v", got)
	}

	// The other fails, and is tried again.
	back.fail = fmt.Errorf("wrapped: %w", account.ErrPageRefused)
	p.key(fyne.KeyL)
	h.settle()
	if got := h.linksOf(m); len(got) != 2 || !got[1].Failed || got[1].Note != "No preview: the site refused" {
		t.Errorf("refused: %+v", got)
	}
	back.fail = nil
	p.menu(rowID(m.Pos), fyne.NewPos(10, 10), "https://b.example", "")
	h.wantText("Show preview")
	h.press(fyne.KeyEscape, 0)
	p.key(fyne.KeyL)
	h.settle()
	if got := h.linksOf(m); len(got) != 2 || got[1].Title != "Title of https://b.example" {
		t.Errorf("tried again: %+v", got)
	}
	if p.key(fyne.KeyL) {
		t.Error("the key asks again")
	}
	p.menu(rowID(m.Pos), fyne.NewPos(10, 10), "https://b.example", "")
	h.wantNoText("Show preview")
	h.press(fyne.KeyEscape, 0)

	// Nothing can be asked for where there is no link, nor of a stranger.
	row := func(body string) widgets.Row { r, _ := p.view.Row(rowID(h.says(false, body).Pos)); return r }
	if p.canPreview(row("mailto:a@b.example")) {
		t.Error("an address of mail has a preview")
	}
	withLink := row("https://c.example")
	if !p.canPreview(withLink) {
		t.Error("a link has none")
	}
	p.chat.Request = true
	if p.canPreview(withLink) {
		t.Error("that of a stranger has one")
	}
}

func TestPreviewFailures(t *testing.T) {
	seen := map[string]bool{}
	for _, err := range []error{
		account.ErrNoPreview, account.ErrNotPage, account.ErrPageGone, account.ErrPageRefused, account.ErrPageCertificate, account.ErrPageUnsafe,
		storage.ErrDiskFull, context.DeadlineExceeded, errors.New("any"),
	} {
		if text := previewFailure(err); text == "" || seen[text] {
			t.Errorf("%v: %q", err, text)
		} else {
			seen[text] = true
		}
	}
}

// TestPreviewsUnasked holds for which messages pages are fetched unasked.
func TestPreviewsUnasked(t *testing.T) {
	back := verona()
	h := open(t, back, fyne.NewSize(1000, 700))
	wanted := func() (all []string) {
		for _, s := range back.said {
			if link, ok := strings.CutPrefix(s, "want preview "); ok {
				all = append(all, link)
			}
		}
		back.said = nil
		return all
	}
	h.says(false, "see https://a.example")
	if got := wanted(); got != nil {
		t.Errorf("without the setting: %q", got)
	}
	h.a.showAccount(1)
	h.tap("Show previews of links from contacts")
	h.settle()
	if !back.asked("previews true") || !back.accounts[0].Previews {
		t.Fatal("the switch does nothing")
	}
	h.says(false, "see https://a.example and https://b.example")
	h.says(false, "nothing")
	h.says(true, "see https://own.example")
	h.says(false, "?OTRv23? https://foreign.example")
	if got := wanted(); !slices.Equal(got, []string{"https://a.example"}) {
		t.Errorf("with the setting: %q", got)
	}
	e := back.store(1, h.now, false, "see https://old.example")[1].(account.MessagesAdded)
	e.Source = account.FromHistory
	h.a.apply([]account.Event{e})
	e.Source = account.FromCatchUp
	h.a.apply([]account.Event{e})
	h.settle()
	if got := wanted(); !slices.Equal(got, []string{"https://old.example"}) {
		t.Errorf("of the archive: %q", got)
	}
	c := back.chats[1]
	c.Request = true
	h.a.apply([]account.Event{account.ChatChanged{Chat: c}, e})
	if got := wanted(); got != nil {
		t.Errorf("of a stranger: %q", got)
	}
	if h.a.links.waiting != 0 {
		t.Errorf("%d wait", h.a.links.waiting)
	}
}

// TestPreviewOfWhatIsWritten adds a preview to a message.
func TestPreviewOfWhatIsWritten(t *testing.T) {
	back := verona()
	h := open(t, back, fyne.NewSize(1000, 700))
	h.a.shell.openKey("1")
	h.settle()
	p := h.a.shell.chat
	write := func(text string) {
		p.composer.SetText(text)
		p.typed(text)
		h.pass(linkAfter)
	}
	write("look at")
	h.wantNoText("Show preview")
	write("look at https://a.example/x")
	h.wantText("Show preview", "a.example")
	h.checkLayout("offer")
	h.shoot("links-offer")
	h.tap("No preview")
	write("look at https://a.example/x now")
	h.wantNoText("Show preview")
	write("look at https://b.example/x")
	if back.asked("look up https://b.example/x") {
		t.Fatal("fetched unasked")
	}
	back.fail = account.ErrNotPage
	h.tap("Show preview")
	h.wantText("No preview: this is not a web page", "Try again")
	h.wantNoText("Show preview")
	h.checkLayout("failure")
	h.shoot("links-failure")
	back.fail = nil
	h.tap("Try again")
	h.wantText("Title of https://b.example/x", "b.example")
	if !p.composer.Focused() {
		t.Error("the keyboard is not where it was")
	}
	h.wantNoText("Try again")
	h.checkLayout("preview")
	h.shoot("links-written")
	p.send(p.composer.Text())
	h.settle()
	if got := back.sent.Links; len(got) != 1 || got[0].URL != "https://b.example/x" {
		t.Errorf("sent with %+v", got)
	}
	h.wantNoText("Title of https://b.example/x")

	// Another chat, and a change, have none.
	write("look at https://c.example/x")
	h.tap("Show preview") // and no longer to try again
	h.a.shell.openKey("2")
	h.settle()
	h.wantNoText("Title of https://c.example/x")
	p.send("words")
	if got := back.sent.Links; len(got) != 0 {
		t.Errorf("in another chat: %+v", got)
	}
}

// TestSlowPageHoldsNobodyUp has one site not answer while another does.
func TestSlowPageHoldsNobodyUp(t *testing.T) {
	a, _, until := threaded(t, verona())
	defer a.Close()
	slow, had := make(chan struct{}), 0
	a.links.fetch(func(context.Context) func() {
		<-slow
		return func() { had++ }
	})
	for range pagesAtOnce {
		before := had
		a.links.fetch(func(context.Context) func() { return func() { had++ } })
		until("another page", func() bool { return had == before+1 })
	}
	close(slow)
	until("the slow one", func() bool { return had == pagesAtOnce+1 })
	if a.links.busy != [pagesAtOnce]int{} {
		t.Errorf("still busy: %v", a.links.busy)
	}
}
