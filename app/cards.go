package app

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/widgets"
)

// cardStack holds the cards that are open over the window, the topmost last.
type cardStack struct {
	a     *App
	cards []*card
	later []func() // run when none is open any more
}

// card is one open card.
type card struct {
	stack   *cardStack
	overlay *widgets.Overlay
	content fyne.CanvasObject
	// update brings the card up to date after the model changed; nil for a
	// card that shows nothing of it.
	update func(changes)
	// closed is told when the card goes; nil for nobody.
	closed func()
}

func newCardStack(a *App) *cardStack { return &cardStack{a: a} }

// cardWidth is the width of a card with fields in dp.
const cardWidth = 440

// show opens a card. The caller then puts the focus into it.
func (s *cardStack) show(content fyne.CanvasObject, o widgets.OverlayOptions) *card {
	if o.Width == 0 {
		o.Width = cardWidth
	}
	c := &card{stack: s, content: content}
	s.cards = append(s.cards, c)
	c.overlay = widgets.ShowOverlay(s.a.win.Canvas(), content, o)
	c.overlay.OnClosed = func() { s.closed(c) }
	return c
}

func (s *cardStack) closed(c *card) {
	for i, o := range s.cards {
		if o == c {
			s.cards = append(s.cards[:i:i], s.cards[i+1:]...)
		}
	}
	if c.closed != nil {
		c.closed()
	}
	if len(s.later) > 0 && !s.open() {
		s.a.post(s.turn) // after what the press that has closed it is for
	}
}

// whenClosed runs a function once no card is open, or at once if it goes beside
// what is.
func (s *cardStack) whenClosed(beside func() bool, run func()) {
	if !s.open() || beside() {
		run()
		return
	}
	s.later = append(s.later, func() { s.whenClosed(beside, run) })
}

// turn runs what has waited for the cards to be closed.
func (s *cardStack) turn() {
	later := s.later
	s.later = nil
	for _, run := range later {
		run()
	}
}

func (s *cardStack) open() bool { return len(s.cards) > 0 }

// has reports whether a card is open.
func (s *cardStack) has(c *card) bool { return slices.Contains(s.cards, c) }

// back closes the topmost card and reports whether there was one.
func (s *cardStack) back() bool {
	if !s.open() {
		return false
	}
	s.cards[len(s.cards)-1].close()
	return true
}

// closeAll closes every card.
func (s *cardStack) closeAll() {
	for s.back() {
	}
}

// refresh passes changes of the model to the cards that show it.
func (s *cardStack) refresh(c changes) {
	for _, open := range append([]*card(nil), s.cards...) {
		if open.update != nil {
			open.update(c)
		}
	}
}

func (c *card) close() { c.overlay.Close() }

// fit makes room after the content changed its height.
func (c *card) fit() {
	c.overlay.Fit()
	c.content.Refresh() // what scrolls keeps its size and has to be laid out all the same
}

// question is a card that asks before something that cannot be undone. The
// filled button is the safe answer and has the keyboard.
type question struct {
	title, text string
	yes, no     string // what happens and what does not, as words on buttons
	run         func()
	also        string // something else that may be meant; empty for none
	runAlso     func()
}

// ask opens a question.
func (a *App) ask(q question) {
	var c *card
	no := widgets.NewButton(q.no, widgets.ButtonFilled, func() { c.close() })
	yes := widgets.NewButton(q.yes, widgets.ButtonOutlined, func() {
		c.close()
		q.run()
	})
	content := widgets.NewColumn(12,
		widgets.NewHeading(q.title, titleSize),
		widgets.NewParagraph(q.text, widgets.TextBody, widgets.ColorSecondary),
	)
	if q.also != "" {
		content.Add(leading(widgets.NewButton(q.also, widgets.ButtonLink, func() {
			c.close()
			q.runAlso()
		})))
	}
	content.Add(widgets.NewGap(2))
	content.Add(widgets.NewButtonRow(yes, no))
	c = a.cards.show(content, widgets.OverlayOptions{})
	a.win.Canvas().Focus(no)
}

// titleSize is the size of a card's title in dp.
const titleSize = 17

// cancelButton closes the card that c will point to.
func cancelButton(c **card) *widgets.Button {
	return widgets.NewButton(lang.L("Cancel"), widgets.ButtonOutlined, func() { (*c).close() })
}

// showShortcuts opens the sheet of keyboard shortcuts.
func (a *App) showShortcuts() {
	if a.pages.top() == page(a.opening) {
		return // the page to come takes the keyboard
	}
	rows := widgets.NewColumn(2)
	group := ""
	for _, c := range a.commands {
		if len(c.keys) == 0 || c.unlisted {
			continue
		}
		if c.group != group {
			group = c.group
			rows.Add(widgets.NewGap(6))
			rows.Add(widgets.NewSectionLabel(group))
		}
		rows.Add(widgets.NewValueRow(c.title, chordList(c)))
	}
	var c *card
	done := widgets.NewButton(lang.L("Close"), widgets.ButtonFilled, func() { c.close() })
	c = a.cards.show(widgets.NewColumn(12,
		widgets.NewHeading(lang.L("Keyboard shortcuts"), titleSize), newScrolled(a.win, rows, sheetHeight, cardRest), widgets.NewButtonRow(done),
	), widgets.OverlayOptions{Width: 520})
	a.win.Canvas().Focus(done)
}

// chordList shows the ways to reach a command.
func chordList(c command) string {
	if c.keysText != "" {
		return c.keysText
	}
	var parts []string
	for _, k := range c.keys {
		parts = append(parts, k.String())
	}
	return strings.Join(parts, ", ")
}

const (
	// sheetHeight is the most the sheet of shortcuts grows before it scrolls.
	sheetHeight = 560
	// cardRest is what a card needs besides what scrolls in it: title, buttons
	// and margins.
	cardRest = 172
)
