package app

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"linnet/widgets"
)

// press gives a key to the window as the desktop driver does: with a modifier
// other than Shift it is a shortcut of the focused object, or of the canvas
// when that takes none; without, a key of the focused object.
func (h *harness) press(key fyne.KeyName, mod fyne.KeyModifier) {
	h.Helper()
	c := h.a.win.Canvas()
	focused := c.Focused()
	if mod&^fyne.KeyModifierShift != 0 {
		var s fyne.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: mod}
		if taker, ok := focused.(fyne.Shortcutable); ok {
			taker.TypedShortcut(s)
		} else {
			h.a.typedShortcut(s) // what the canvas was given for it
		}
		h.settle()
		return
	}
	if key == fyne.KeyTab {
		if mod&fyne.KeyModifierShift != 0 {
			c.FocusPrevious()
		} else {
			c.FocusNext()
		}
		return
	}
	e := &fyne.KeyEvent{Name: key}
	if focused != nil {
		focused.TypedKey(e)
	} else if f := c.OnTypedKey(); f != nil {
		f(e)
	}
	h.settle()
}

// write types a text into what has the keyboard.
func (h *harness) write(text string) {
	h.Helper()
	for _, r := range text {
		if f := h.a.win.Canvas().Focused(); f != nil {
			if k, ok := f.(desktop.Keyable); ok {
				k.KeyDown(&fyne.KeyEvent{}) // as the desktop driver does first
			}
			f.TypedRune(r)
		}
	}
	h.settle()
}

// visible calls visit for every visible object of the window, what is below an
// overlay left out, with its place on the canvas and its parent's.
func visible(c fyne.Canvas, visit func(o fyne.CanvasObject, at fyne.Position, path string)) {
	root := c.Overlays().Top()
	if root == nil {
		root = c.Content()
	}
	walk(root, fyne.Position{}, "", visit)
}

func walk(o fyne.CanvasObject, at fyne.Position, path string, visit func(fyne.CanvasObject, fyne.Position, string)) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	path += "/" + typeName(o)
	visit(o, at, path)
	for _, child := range children(o) {
		walk(child, at, path, visit)
	}
}

func children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *widgets.Run:
		return nil // a text, however it is drawn
	case *fyne.Container:
		return o.Objects
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects()
	}
	return nil
}

// textIn gives what an object shows that is a text, of ours or of Fyne's, and the
// size it needs.
func textIn(o fyne.CanvasObject) (text string, need fyne.Size) {
	switch o := o.(type) {
	case *widgets.Run:
		return o.Text(), o.MinSize()
	case *canvas.Text:
		return o.Text, o.MinSize()
	}
	return "", fyne.Size{}
}

func typeName(o fyne.CanvasObject) string {
	name := fmt.Sprintf("%T", o)
	return name[strings.LastIndex(name, ".")+1:]
}

// texts are the texts that can be read in the window, in no order that matters.
func (h *harness) texts() string {
	var out []string
	visible(h.a.win.Canvas(), func(o fyne.CanvasObject, _ fyne.Position, _ string) {
		if text, _ := textIn(o); text != "" {
			out = append(out, text)
		}
	})
	return strings.Join(out, "\n")
}

// wantText fails unless the window shows all these texts.
func (h *harness) wantText(texts ...string) {
	h.Helper()
	shown := h.texts()
	flat := strings.Join(strings.Fields(shown), " ")
	for _, text := range texts {
		if !strings.Contains(shown, text) && !strings.Contains(flat, text) {
			h.Errorf("%q is not shown; shown is:\n%s", text, shown)
		}
	}
}

// wantNoText fails when the window shows a text.
func (h *harness) wantNoText(text string) {
	h.Helper()
	if shown := h.texts(); strings.Contains(shown, text) {
		h.Errorf("%q is shown", text)
	}
}

// tap presses the object whose accessible name is this.
func (h *harness) tap(name string) {
	h.Helper()
	var found fyne.Tappable
	visible(h.a.win.Canvas(), func(o fyne.CanvasObject, _ fyne.Position, _ string) {
		named, ok := o.(fyne.Accessible)
		if !ok || named.AccessibilityLabel() != name {
			return
		}
		if t, ok := o.(fyne.Tappable); ok {
			found = t
		}
	})
	if found == nil {
		h.Fatalf("there is nothing called %q to press; shown is:\n%s", name, h.texts())
	}
	test.Tap(found)
	h.settle()
}

// checkLayout fails when something visible has a negative size, lies outside
// the window or its parent, or is a text that is cut off or covers another. What
// scrolls is cut off by its parent and left out; it reaches into a margin.
func (h *harness) checkLayout(what string) {
	h.Helper()
	c := h.a.win.Canvas()
	size := c.Size()
	var texts []placedText
	visible(c, func(o fyne.CanvasObject, at fyne.Position, path string) {
		s := o.Size()
		if s.Width < 0 || s.Height < 0 {
			h.Errorf("%s: %s has the size %v", what, path, s)
		}
		if f, ok := o.(*widgets.Field); ok && f.OnShortcut == nil {
			h.Errorf("%s: the field %q keeps the shortcuts of the window to itself", what, f.AccessibilityLabel())
		}
		if clipped(path) || s.Width == 0 || s.Height == 0 {
			return
		}
		const slack = 5 // badges and focus rings hang over their edge
		if at.X < -slack || at.Y < -slack || at.X+s.Width > size.Width+slack || at.Y+s.Height > size.Height+slack {
			h.Errorf("%s: %s at %v of size %v is outside the window %v", what, path, at, s, size)
		}
		_, words := o.(*widgets.Paragraph)
		left, right := float32(slack+linkInset), float32(slack)
		if c, ok := o.(*fyne.Container); ok {
			if r, ok := c.Layout.(reach); ok {
				left, right = slack+r.left, slack+r.right
			}
		}
		for _, child := range children(o) {
			p, cs := child.Position(), child.Size()
			if _, empty := child.(*widgets.Paragraph); empty || words {
				continue // its texts are looked at, and an empty one has no room of its own
			}
			if child.Visible() && cs.Width > 0 && cs.Height > 0 &&
				(p.X < -left || p.Y < -slack || p.X+cs.Width > s.Width+right || p.Y+cs.Height > s.Height+slack) {
				h.Errorf("%s: %s/%s at %v of size %v is outside its parent of size %v", what, path, typeName(child), p, cs, s)
			}
		}
		if text, need := textIn(o); text != "" {
			if need.Width > s.Width+slack {
				h.Errorf("%s: the text %q needs %v and has %v", what, text, need.Width, s.Width)
			}
			texts = append(texts, placedText{text, at, fyne.NewSize(fyne.Min(need.Width, s.Width), s.Height)})
		}
	})
	for i, t := range texts {
		for _, u := range texts[i+1:] {
			if t.covers(u) {
				h.Errorf("%s: the texts %q and %q lie over each other", what, t.text, u.text)
			}
		}
	}
}

// placedText is a text with where it is on the canvas.
type placedText struct {
	text string
	at   fyne.Position
	size fyne.Size
}

// covers leaves out what lines touch by their line spacing.
func (t placedText) covers(u placedText) bool {
	const touch = 5
	return t.at.X+t.size.Width > u.at.X+touch && u.at.X+u.size.Width > t.at.X+touch &&
		t.at.Y+t.size.Height > u.at.Y+touch && u.at.Y+u.size.Height > t.at.Y+touch
}

func clipped(path string) bool {
	for _, part := range []string{"Scroll", "ConversationList", "RosterList", "emojiGrid", "Transcript", "Entry", "input"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	return false
}

// shoot writes a picture of the window when a directory for them is given in
// the environment, for people to look at.
func (h *harness) shoot(name string) {
	h.Helper()
	dir := os.Getenv("LINNET_SHOTS")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		h.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, h.a.win.Canvas().Capture()); err != nil {
		h.Fatal(err)
	}
}

// sizes are the windows every page is looked at in.
var sizes = map[string]fyne.Size{
	"wide":   fyne.NewSize(1200, 800),
	"small":  fyne.NewSize(800, 600),
	"narrow": fyne.NewSize(400, 700),
	"least":  fyne.NewSize(windowMinWidth, windowMinHeight),
}

// everywhere runs a test at every size, in light and dark.
func everywhere(t *testing.T, run func(t *testing.T, h *harness, name string)) {
	for size, dp := range sizes {
		for _, variant := range []string{themeLight, themeDark} {
			name := size + "-" + variant
			t.Run(name, func(t *testing.T) {
				h := open(t, verona(), dp)
				h.a.changePrefs(func(p *prefs) { p.Theme = variant })
				run(t, h, name)
			})
		}
	}
}

// shownText is what an object that is a text shows.
func shownText(o fyne.CanvasObject) string {
	text, _ := textIn(o)
	if !o.Visible() {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, text)
}
