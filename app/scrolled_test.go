package app

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
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
