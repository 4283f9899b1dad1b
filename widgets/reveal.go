package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// revealGap is what is kept in view above and below what has the keyboard, in dp:
// its ring, and enough to see that there is more.
const revealGap = 16

// reveal scrolls what an object is in so that all of it is in view. What takes the
// keyboard calls it, since Tab goes through what is out of view, too. Fyne gives
// the focus again when the window gets it back: then nothing moves.
func reveal(o fyne.CanvasObject) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	if root, ok := c.Content().(*Root); ok {
		if root.revealed == o {
			return
		}
		root.revealed = o
	}
	top := c.Overlays().Top()
	if top == nil {
		top = c.Content()
	}
	eachScroll(top, func(s *container.Scroll) {
		if scrolls(s, o) {
			scrollTo(s, o)
		}
	})
}

// eachScroll visits what scrolls in a page or a card.
func eachScroll(o fyne.CanvasObject, visit func(*container.Scroll)) {
	if o == nil || !o.Visible() {
		return
	}
	switch o := o.(type) {
	case *container.Scroll:
		visit(o)
	case *fyne.Container:
		for _, child := range o.Objects {
			eachScroll(child, visit)
		}
	case *Split:
		eachScroll(o.side, visit)
		eachScroll(o.main, visit)
	case interface{ Content() fyne.CanvasObject }:
		eachScroll(o.Content(), visit)
	}
}

// scrolls reports whether an object is in what scrolls. Fyne knows no parents, so
// it is seen whether the one moves with the other.
func scrolls(s *container.Scroll, o fyne.CanvasObject) bool {
	at, place := fyne.CurrentApp().Driver().AbsolutePositionForObject, s.Content.Position()
	before := at(o)
	s.Content.Move(place.AddXY(0, 1))
	defer s.Content.Move(place)
	return at(o) != before
}

// scrollTo brings an object in a scroll into view; of one that is higher than that
// its upper end.
func scrollTo(s *container.Scroll, o fyne.CanvasObject) {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject
	s.Content.Resize(s.Size().Max(s.Content.MinSize())) // it may be more than when it was laid out
	above := at(o).Y - at(s).Y - revealGap
	below := above + o.Size().Height + 2*revealGap - s.Size().Height
	if by := min(above, max(0, below)); by != 0 {
		s.ScrollToOffset(s.Offset.AddXY(0, by))
	}
}
