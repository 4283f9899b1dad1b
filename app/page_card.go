package app

import (
	"fyne.io/fyne/v2"

	"linnet/widgets"
)

// cardPage is a page with one card in its middle: signing in, a certificate,
// a passphrase.
type cardPage struct {
	box     fyne.CanvasObject
	first   func()      // puts the cursor where typing goes; nil for nowhere
	leave   func() bool // answers back; nil leaves the page
	left    func()      // ends what runs when the page is gone; nil for nothing
	rootage bool        // cannot be left with Esc
}

// Widths of the cards in dp, from the drawings of the pages.
const (
	formWidth   = 400
	notionWidth = 480
)

// newCardPage makes a page of the parts of a card, one below the other.
func newCardPage(width float32, parts ...fyne.CanvasObject) *cardPage {
	card := widgets.NewCard(widgets.NewColumn(pageGap, parts...))
	return &cardPage{box: widgets.NewPage(card, width)}
}

// pageGap is what lies between two parts of a card in dp.
const pageGap = 12

func (p *cardPage) object() fyne.CanvasObject { return p.box }
func (p *cardPage) back() bool                { return p.leave != nil && p.leave() }
func (p *cardPage) refresh(changes)           {}
func (p *cardPage) stays() bool               { return p.rootage }

func (p *cardPage) focus() {
	if p.first != nil {
		p.first()
	}
}

func (p *cardPage) closed() {
	if p.left != nil {
		p.left()
	}
}
