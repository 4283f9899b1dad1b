package widgets

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
)

// newCompleting gives a composer at the lower edge of a window that can show a
// list.
func newCompleting(t *testing.T) (*Composer, fyne.Canvas, *[]string) {
	c := NewComposer()
	sent := &[]string{}
	c.OnSend = func(s string) { *sent = append(*sent, s) }
	w := window(t, NewRoot(container.New(layout.NewBorderLayout(nil, c, nil, nil), c)), 600, 500)
	c.Focus()
	return c, w.Canvas(), sent
}

func TestEmojiToken(t *testing.T) {
	for before, want := range map[string]string{
		":ta": "0 ta", "so :tada": "3 tada", "(:he": "1 he", "😀:he": "1 he", ":+1": "0 +1", ":-1": "0 -1", "a\n:x_y": "2 x_y",
		":": "0 ", "": "", "tada": "", "10:30": "", "xmpp:juliet": "", "http://a": "", ":-D": "", ":--": "", ":a b": "",
		"::ab": "", ":)": "", "こ:he": "", "a://b": "", ":" + strings.Repeat("x", 60): "",
	} {
		start, word, ok := emojiToken([]rune(before))
		got := ""
		if ok {
			got = fmt.Sprint(start, " ", word)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", before, got, want)
		}
	}
}

func TestCompletionByKeys(t *testing.T) {
	c, cv, sent := newCompleting(t)
	var used []string
	c.OnEmojiUsed = func(s string) { used = append(used, s) }
	c.SetEmojiTone(2)
	write(cv, "Hi :t")
	if c.complete.list != nil {
		t.Error("one letter brought up a list")
	}
	write(cv, "ad")
	list := c.complete.list
	if list == nil || list.items[0].Text != "🎉" || len(list.items) > completionMost {
		t.Fatalf("the list is %+v", list)
	}
	at, size := list.Position(), list.Size()
	if at.Y < 0 || at.Y+size.Height > fyne.CurrentApp().Driver().AbsolutePositionForObject(c.entry).Y+composerMinBox {
		t.Errorf("the list is %v at %v", size, at)
	}
	if !c.entry.AcceptsTab() {
		t.Error("Tab would leave the composer")
	}
	typed(cv, fyne.KeyTab)
	if c.Text() != "Hi 🎉 " || c.complete.list != nil || c.entry.AcceptsTab() {
		t.Errorf("text %q, list %v", c.Text(), c.complete.list != nil)
	}
	write(cv, ":thumbs")
	typed(cv, fyne.KeyDown, fyne.KeyReturn)
	if c.Text() != "Hi 🎉 👎🏼 " || len(*sent) != 0 {
		t.Errorf("text %q, sent %q", c.Text(), *sent)
	}
	write(cv, ":thumbs")
	typed(cv, fyne.KeyUp, fyne.KeyDown, fyne.KeyEnter) // round the end and back
	if c.Text() != "Hi 🎉 👎🏼 👍🏼 " {
		t.Errorf("text %q", c.Text())
	}
	typed(cv, fyne.KeyReturn)
	if len(*sent) != 1 || len(used) != 3 {
		t.Errorf("sent %q, used %q", *sent, used)
	}
}

func TestCompletionLeaves(t *testing.T) {
	c, cv, sent := newCompleting(t)
	write(cv, ":tad")
	typed(cv, fyne.KeyEscape)
	write(cv, "a")
	if c.complete.list != nil {
		t.Error("the list came back for the same word")
	}
	write(cv, " :tad")
	if c.complete.list == nil {
		t.Error("no list for another word")
	}
	typed(cv, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyLeft)
	if c.complete.list != nil {
		t.Error("the list stayed when the cursor left the word")
	}
	typed(cv, fyne.KeyEnd)
	if c.complete.list == nil {
		t.Error("no list when the cursor came back")
	}
	shift(cv, true)
	typed(cv, fyne.KeyReturn)
	shift(cv, false)
	if c.complete.list != nil || !strings.HasSuffix(c.Text(), ":tad\n") {
		t.Errorf("Shift+Enter made %q", c.Text())
	}
	write(cv, ":tad")
	c.SetText("")
	if c.complete.list != nil {
		t.Error("the list stayed over another text")
	}
	write(cv, ":zzzz")
	typed(cv, fyne.KeyReturn)
	if fmt.Sprint(*sent) != "[:zzzz]" {
		t.Errorf("sent %q", *sent)
	}
	write(cv, ":tad")
	cv.Unfocus()
	if c.complete.list != nil {
		t.Error("the list stayed without the keyboard")
	}
}

func TestCompletionByPointer(t *testing.T) {
	c, cv, _ := newCompleting(t)
	write(cv, ":heart")
	list := c.complete.list
	second := fyne.NewPos(40, completionPad+completionRow*1.5)
	list.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: second}})
	cv.Unfocus() // as a press does
	list.Tapped(&fyne.PointEvent{Position: second})
	if c.Text() != list.items[1].Text+" " || !c.Focused() {
		t.Errorf("text %q, focused %v", c.Text(), c.Focused())
	}
}

func TestWholeCodeTurnsIntoEmoji(t *testing.T) {
	c, cv, _ := newCompleting(t)
	write(cv, "ok :+1: and :tada: but :nope: and 10:30: :)")
	if want := "ok 👍 and 🎉 but :nope: and 10:30: :)"; c.Text() != want {
		t.Errorf("text %q, want %q", c.Text(), want)
	}
}

func TestCompletionIsUndone(t *testing.T) {
	c, cv, _ := newCompleting(t)
	write(cv, "so :tad")
	typed(cv, fyne.KeyTab)
	entry := cv.Focused().(fyne.Shortcutable)
	entry.TypedShortcut(&fyne.ShortcutUndo{})
	entry.TypedShortcut(&fyne.ShortcutUndo{})
	if c.Text() != "so :tad" {
		t.Errorf("undone to %q", c.Text())
	}
	entry.TypedShortcut(&fyne.ShortcutRedo{})
	entry.TypedShortcut(&fyne.ShortcutRedo{})
	if c.Text() != "so 🎉 " {
		t.Errorf("done again to %q", c.Text())
	}
	c.Insert("👩🏽‍🚀")
	entry.TypedShortcut(&fyne.ShortcutUndo{})
	if c.Text() != "so 🎉 " {
		t.Errorf("one step back from an emoji is %q", c.Text())
	}
}
