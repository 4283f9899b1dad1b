package app

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/widgets"
)

// openingWordsAfter is how long the opening page says nothing: most profiles
// are open before a word could be read.
const openingWordsAfter = time.Second

// openingPage covers the chats until they are known, so that no key and no
// click reaches what has nothing to show yet. There is nothing to press on it.
type openingPage struct {
	box   *fyne.Container
	words *widgets.Paragraph
	stop  func() // keeps the words from coming
}

func (a *App) newOpeningPage() *openingPage {
	p := &openingPage{words: widgets.NewParagraph(lang.L("Opening"), widgets.TextBody, widgets.ColorSecondary).Centered()}
	p.words.Hide()
	bird := widgets.NewIcon(assets.IconBird, birdSize, widgets.ColorAccentFill)
	p.box = container.New(free(func(o []fyne.CanvasObject, size fyne.Size) {
		place(o[0], 0, 0, size.Width, size.Height)
		place(bird, (size.Width-birdSize)/2, (size.Height-birdSize)/2, birdSize, birdSize)
		place(p.words, 0, (size.Height+birdSize)/2+pageGap, size.Width, p.words.MinSize().Height)
	}), widgets.NewGround(widgets.ColorSide), bird, p.words)
	p.stop = a.after(openingWordsAfter, func() {
		p.words.Show()
		p.box.Refresh()
	})
	return p
}

func (p *openingPage) object() fyne.CanvasObject { return p.box }
func (p *openingPage) focus()                    {}
func (p *openingPage) back() bool                { return false }
func (p *openingPage) refresh(changes)           {}
func (p *openingPage) stays() bool               { return true }
func (p *openingPage) closed()                   { p.stop() }
