package widgets

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func newTestComposer(t *testing.T) (*Composer, fyne.Canvas, *[]string) {
	c := NewComposer()
	sent := &[]string{}
	c.OnSend = func(s string) { *sent = append(*sent, s) }
	w := window(t, c, 800, 400)
	c.Focus()
	return c, w.Canvas(), sent
}

func shift(c fyne.Canvas, down bool) {
	k := c.Focused().(desktop.Keyable)
	if down {
		k.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	} else {
		k.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	}
}

// TestComposerHandsOver wants what is written to be handed over before it is
// cleared, and what is set meanwhile to stay.
func TestComposerHandsOver(t *testing.T) {
	c, cv, _ := newTestComposer(t)
	for _, next := range []string{"", "Good morrow", "Good night"} {
		c.OnSend = func(s string) {
			if c.Text() != s {
				t.Errorf("%q was cleared before %q was handed over", c.Text(), s)
			}
			if next != "" {
				c.SetText(next)
			}
		}
		c.SetText("Good night")
		typed(cv, fyne.KeyReturn)
		if c.Text() != next {
			t.Errorf("left %q, not %q", c.Text(), next)
		}
	}
}

func TestComposerSends(t *testing.T) {
	c, cv, sent := newTestComposer(t)
	write(cv, "Good night")
	typed(cv, fyne.KeyReturn)
	if fmt.Sprint(*sent) != "[Good night]" || c.Text() != "" {
		t.Errorf("sent %q, left %q", *sent, c.Text())
	}
	typed(cv, fyne.KeyReturn)
	write(cv, "  ")
	typed(cv, fyne.KeyReturn)
	if len(*sent) != 1 {
		t.Errorf("sent blank messages: %q", *sent)
	}
}

func TestComposerBreaksTheLine(t *testing.T) {
	c, cv, sent := newTestComposer(t)
	write(cv, "one")
	shift(cv, true)
	typed(cv, fyne.KeyReturn)
	shift(cv, false)
	write(cv, "two")
	cv.Focused().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault})
	write(cv, "three")
	if c.Text() != "one\ntwo\nthree" || len(*sent) != 0 {
		t.Fatalf("text %q, sent %q", c.Text(), *sent)
	}
	typed(cv, fyne.KeyEnter)
	if fmt.Sprint(*sent) != "[one\ntwo\nthree]" {
		t.Errorf("sent %q", *sent)
	}
}

func TestComposerGrowsAndShrinks(t *testing.T) {
	c, _, _ := newTestComposer(t)
	resized := 0
	c.OnResize = func() { resized++ }
	one := c.MinSize().Height
	if one != 56 {
		t.Errorf("one line is %v high, want 56", one)
	}
	heights := map[int]float32{}
	for _, n := range []int{2, 8, 30} {
		c.SetText(strings.Repeat("line\n", n-1) + "line")
		heights[n] = c.MinSize().Height
	}
	if heights[2] <= one || heights[8] <= heights[2] || heights[30] != heights[8] {
		t.Errorf("heights %v from %v for one line", heights, one)
	}
	c.SetText("")
	if c.MinSize().Height != one || resized != 3 {
		t.Errorf("emptied it is %v high, told %d times", c.MinSize().Height, resized)
	}
	c.SetText(strings.Repeat("word ", 60))
	if c.rows < 2 || c.rows > 4 {
		t.Errorf("a wrapped line of 300 letters takes %d rows", c.rows)
	}
}

func TestComposerKeys(t *testing.T) {
	c, cv, _ := newTestComposer(t)
	var log []string
	c.OnEditLast = func() { log = append(log, "up") }
	c.OnEscape = func() { log = append(log, "esc") }
	c.OnShortcut = func(s fyne.Shortcut) { log = append(log, s.ShortcutName()) }
	c.OnChanged = func(s string) { log = append(log, "="+s) }
	typed(cv, fyne.KeyUp)
	write(cv, "a")
	typed(cv, fyne.KeyUp, fyne.KeyEscape)
	f := cv.Focused().(fyne.Shortcutable)
	f.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierControl})
	f.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyLeft, Modifier: fyne.KeyModifierAlt})
	f.TypedShortcut(&fyne.ShortcutSelectAll{})
	f.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyLeft, Modifier: fyne.KeyModifierControl})
	c.SetText("draft")
	want := "[up =a esc CustomDesktop:Control+K CustomDesktop:Alt+Left]"
	if fmt.Sprint(log) != want {
		t.Errorf("callbacks %v, want %s", log, want)
	}
}

func TestComposerSetTextPutsTheCursorAtTheEnd(t *testing.T) {
	c, cv, _ := newTestComposer(t)
	c.SetText("first\nsecond")
	write(cv, "!")
	if c.Text() != "first\nsecond!" {
		t.Errorf("text %q", c.Text())
	}
}

func TestComposerLimit(t *testing.T) {
	c, cv, _ := newTestComposer(t)
	var said string
	c.OnTooLong = func(s string) { said = s }
	c.SetText(strings.Repeat("x", MessageLimit-1))
	write(cv, "ä")
	if said == "" || len(c.Text()) != MessageLimit-1 {
		t.Errorf("said %q, %d bytes", said, len(c.Text()))
	}
	said = ""
	write(cv, "y")
	if said != "" || len(c.Text()) != MessageLimit {
		t.Errorf("said %q at the limit, %d bytes", said, len(c.Text()))
	}
	clip := test.NewClipboard()
	clip.SetContent("more")
	cv.Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	shift(cv, true)
	typed(cv, fyne.KeyReturn)
	if said == "" || len(c.Text()) != MessageLimit {
		t.Errorf("pasting over the limit said %q, %d bytes", said, len(c.Text()))
	}
}

func TestComposerSendButton(t *testing.T) {
	c, cv, sent := newTestComposer(t)
	if c.send.ready {
		t.Error("the send button looks ready while nothing is written")
	}
	write(cv, "hello")
	if !c.send.ready {
		t.Error("the send button does not look ready")
	}
	test.Tap(c.send)
	if fmt.Sprint(*sent) != "[hello]" {
		t.Errorf("sent %q", *sent)
	}
	c.Disable()
	c.SetText("x")
	test.Tap(c.send)
	if len(*sent) != 1 {
		t.Error("a disabled composer sent")
	}
}

func TestComposerContext(t *testing.T) {
	c, cv, sent := newTestComposer(t)
	cancelled, resized := 0, 0
	c.OnCancelContext = func() { cancelled++; c.ClearContext() }
	c.OnResize = func() { resized++ }
	c.OnEditLast = func() { t.Error("Up asked for the last message while one is answered") }
	plain := c.MinSize().Height
	c.SetContext(ContextReply, "Juliet", "\nWherefore art thou\nRomeo?")
	if c.MinSize().Height != plain+contextHeight+contextGap || resized != 1 {
		t.Errorf("height %v after %v, resized %d times", c.MinSize().Height, plain, resized)
	}
	if c.context.title.Text() != "Juliet" || c.context.text.Text() != "Wherefore art thou" {
		t.Errorf("shows %q, %q", c.context.title.Text(), c.context.text.Text())
	}
	typed(cv, fyne.KeyUp)
	write(cv, "Deny")
	typed(cv, fyne.KeyReturn)
	if fmt.Sprint(*sent) != "[Deny]" || c.Context() != ContextReply {
		t.Errorf("sent %q, context %d: sending is not the end of a context", *sent, c.Context())
	}
	typed(cv, fyne.KeyEscape)
	if cancelled != 1 || c.Context() != ContextNone || c.MinSize().Height != plain {
		t.Errorf("after Escape: cancelled %d, context %d, height %v", cancelled, c.Context(), c.MinSize().Height)
	}
	c.SetContext(ContextEdit, "Change a message", "old")
	if c.send.mode != sendSaves {
		t.Error("the button does not say that it saves")
	}
	test.Tap(c.context.leave)
	if cancelled != 2 || c.send.mode != sendSends || !c.Focused() {
		t.Errorf("after the button: cancelled %d, mode %d, focused %v", cancelled, c.send.mode, c.Focused())
	}
}

func TestComposerButtons(t *testing.T) {
	c := NewComposer()
	log := ""
	c.OnAttach = func() { log += "attach " }
	c.OnEmoji = func(at fyne.CanvasObject) { log += fmt.Sprintf("emoji %v ", at.Size().Width > 0) }
	c.OnRecord = func() { log += "record " }
	w := window(t, c, 800, 400)
	for _, b := range []fyne.Tappable{c.attach, c.emoji, c.send} {
		test.Tap(b)
	}
	c.Focus()
	write(w.Canvas(), "x")
	test.Tap(c.send)
	if want := "attach emoji true record "; log != want {
		t.Errorf("pressed %q, want %q", log, want)
	}
	if c.Text() != "" {
		t.Errorf("left %q: the button did not send", c.Text())
	}
	c.Disable()
	test.Tap(c.attach)
	test.Tap(c.send)
	if want := "attach emoji true record "; log != want {
		t.Errorf("a disabled composer did %q", log)
	}
}

func TestComposerPastesAnImageFirst(t *testing.T) {
	c, cv, _ := newTestComposer(t)
	clip := test.NewClipboard()
	clip.SetContent("words")
	image := true
	c.OnPasteImage = func() bool { return image }
	paste := func() { cv.Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip}) }
	paste()
	if c.Text() != "" {
		t.Errorf("an image pasted %q", c.Text())
	}
	image = false
	paste()
	if c.Text() != "words" {
		t.Errorf("pasted %q", c.Text())
	}
}

func TestComposerInsert(t *testing.T) {
	c, cv, _ := newTestComposer(t)
	write(cv, "ab")
	typed(cv, fyne.KeyLeft)
	c.Insert("👩‍🚀")
	if c.Text() != "a👩‍🚀b" {
		t.Errorf("text %q", c.Text())
	}
	c.SetText(strings.Repeat("x", MessageLimit-4))
	c.Insert("👩‍🚀")
	if len(c.Text()) != MessageLimit-4 {
		t.Error("a part of an emoji was added at the limit")
	}
}
