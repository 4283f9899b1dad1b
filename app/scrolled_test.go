package app

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"linnet/storage"
)

// TestScrolledCards opens cards whose middle scrolls in a low window and not in a
// high one: it is as wide as what stands above and below it in both, and the bar
// beside it lies on the card.
func TestScrolledCards(t *testing.T) {
	both := map[bool]int{}
	everywhere(t, func(t *testing.T, h *harness, name string) {
		for card, open := range map[string]func(){
			"shortcuts": h.a.showShortcuts,
			"contact":   func() { h.a.showAddContact(addContact{address: "tybalt"}) },
		} {
			open()
			h.checkLayout(card)
			h.shoot("scrolled-" + card + "-" + name)
			shown := h.a.cards.cards[0]
			driver := h.app.Driver()
			outer := shown.content.(*fyne.Container)
			for _, o := range outer.Objects[1:] {
				scroll := scrollIn(o)
				if scroll == nil {
					continue
				}
				inner := scroll.Content.(*fyne.Container).Objects[0]
				got, want := driver.AbsolutePositionForObject(inner), driver.AbsolutePositionForObject(outer)
				if got.X != want.X || inner.Size().Width != outer.Size().Width {
					t.Errorf("%s: what scrolls begins at %v and is %v wide; the card begins at %v and is %v wide",
						card, got.X, inner.Size().Width, want.X, outer.Size().Width)
				}
				scrolls := inner.MinSize().Height > scroll.Size().Height
				both[scrolls]++
				if free := scroll.Size().Width - inner.Position().X - inner.Size().Width; free < h.app.Settings().Theme().Size("scrollBar") {
					t.Errorf("%s: the bar has %v dp", card, free)
				}
			}
			shown.close()
		}
	})
	if both[true] == 0 || both[false] == 0 {
		t.Errorf("%d cards scroll, %d do not", both[true], both[false])
	}
}

// TestTabScrolls goes through pages and cards that are higher than the window: what
// has the keyboard is in view, and nothing moves for what does not scroll.
func TestTabScrolls(t *testing.T) {
	for name, show := range map[string]func(h *harness){
		"profile":  func(h *harness) { h.a.settings().openProfile(1) },
		"account":  func(h *harness) { h.a.showAccount(1) },
		"contact":  func(h *harness) { h.a.showAddContact(addContact{address: "tybalt"}) },
		"sign in":  func(h *harness) { h.a.showAddAccount() },
		"requests": func(h *harness) { h.a.showRequests() },
		"details":  func(h *harness) { h.a.shell.openKey("1"); h.a.shell.showDetails(true) },
	} {
		t.Run(name, func(t *testing.T) {
			back := verona()
			for i := range 4 {
				back.stranger(storage.ChatID(20+i), fmt.Sprintf("abram%d@montague.example", i), testNow, "Do you bite your thumb at us, sir?")
			}
			h := open(t, back, fyne.NewSize(1000, 420))
			show(h)
			h.settle()
			c, driver := h.a.win.Canvas(), h.app.Driver()
			c.Unfocus()
			moved, offset := 0, map[*container.Scroll]float32{}
			for range 40 {
				h.press(fyne.KeyTab, 0)
				focused := c.Focused().(fyne.CanvasObject)
				at := driver.AbsolutePositionForObject(focused)
				visible(c, func(o fyne.CanvasObject, from fyne.Position, _ string) {
					s, ok := o.(*container.Scroll)
					if !ok {
						return
					}
					if is := scrolled(s, focused); is && (at.Y < from.Y || at.Y+focused.Size().Height > from.Y+s.Size().Height) {
						t.Errorf("%T at %v is out of view, which begins at %v and is %v high", focused, at, from, s.Size().Height)
					} else if !is && s.Offset.Y != offset[s] {
						t.Errorf("%T does not scroll, and something moved by %v", focused, s.Offset.Y-offset[s])
					}
					if s.Offset.Y != offset[s] {
						moved++
					}
					offset[s] = s.Offset.Y
				})
			}
			if moved == 0 {
				t.Error("nothing scrolled")
			}
			h.checkLayout(name)
		})
	}
}

// scrolled reports whether an object is in a scroll.
func scrolled(s *container.Scroll, o fyne.CanvasObject) (in bool) {
	walk(s, fyne.Position{}, "", func(child fyne.CanvasObject, _ fyne.Position, _ string) { in = in || child == o })
	return in
}

// TestFocusComesBack has the window lose the keyboard and get it back, and a press
// into a field that is partly in view: nothing moves.
func TestFocusComesBack(t *testing.T) {
	h := open(t, verona(), fyne.NewSize(1000, 420))
	h.a.settings().openProfile(1)
	c := h.a.win.Canvas()
	for range 9 {
		h.press(fyne.KeyTab, 0)
	}
	scroll := h.a.pages.top().(*settingsPage).scroll
	if scroll.Offset.Y == 0 {
		t.Fatal("nothing scrolled")
	}
	scroll.ScrollToTop()
	focused := c.Focused()
	focused.FocusLost()
	focused.FocusGained()
	if scroll.Offset.Y != 0 {
		t.Errorf("when the window gets the keyboard back it scrolls by %v", scroll.Offset.Y)
	}
	c.Unfocus()
	visible(c, func(o fyne.CanvasObject, at fyne.Position, path string) {
		if m, ok := o.(desktop.Mouseable); ok && strings.HasSuffix(path, "input") && at.Y > 420 && c.Focused() == nil {
			m.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
		}
	})
	if c.Focused() == nil || scroll.Offset.Y != 0 {
		t.Errorf("a press scrolls by %v; %v has the keyboard", scroll.Offset.Y, c.Focused())
	}
}

// scrollIn finds what scrolls in an object.
func scrollIn(o fyne.CanvasObject) *container.Scroll {
	if s, ok := o.(*container.Scroll); ok {
		return s
	}
	c, ok := o.(*fyne.Container)
	if !ok {
		return nil
	}
	for _, child := range c.Objects {
		if s := scrollIn(child); s != nil {
			return s
		}
	}
	return nil
}
