package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/widgets"
)

// plainPage is a page of its own with a title, a way back and a column that
// scrolls.
type plainPage struct {
	a      *App
	box    *fyne.Container
	back1  *widgets.IconButton
	title  *widgets.Label
	aside  *fyne.Container // what stands at the end of the line of the title
	scroll *container.Scroll
	empty  *fyne.Container // in place of the column, when there is something in it
	column *fyne.Container
}

// newPlainPage makes a page; leave is what its back button does.
func newPlainPage(a *App, title string, leave func()) *plainPage {
	p := &plainPage{a: a, column: widgets.NewColumn(pageGap), empty: container.NewStack()}
	p.back1 = widgets.NewIconButton(assets.IconBack, lang.L("Back"), leave)
	p.title = widgets.NewBoldLabel(title, widgets.TextTitle, widgets.ColorText)
	p.scroll = container.NewVScroll(container.New(&plainBody{p}, p.column))
	p.aside = widgets.NewInline(0)
	p.box = container.New(free(p.layout), p.back1, p.title, p.aside, p.scroll, p.empty)
	return p
}

func (p *plainPage) margin(size fyne.Size) float32 {
	if size.Width < widgets.OnePaneBelow {
		return settingsTight
	}
	return settingsMargin
}

func (p *plainPage) layout(_ []fyne.CanvasObject, size fyne.Size) {
	x := p.margin(size)
	if wide := (size.Width - settingsWidth) / 2; wide > x {
		x = wide
	}
	const button = widgets.IconButtonSize
	place(p.back1, x-8, 24, button, button)
	aside := p.aside.MinSize().Width
	place(p.title, x+button, 24, size.Width-2*x-button-aside, button)
	place(p.aside, size.Width-x-aside, 24, aside, button)
	place(p.scroll, 0, settingsHead, size.Width, size.Height-settingsHead)
	place(p.empty, 0, settingsHead, size.Width, size.Height-settingsHead)
}

// setEmpty shows why there is nothing; nil shows the column.
func (p *plainPage) setEmpty(why fyne.CanvasObject) {
	p.empty.RemoveAll()
	if why != nil {
		p.empty.Add(why)
	}
	show(p.scroll, why == nil)
	p.fit()
}

// place makes room after what stands beside the title came or went.
func (p *plainPage) place() { p.layout(nil, p.box.Size()) }

// fit makes room after the column changed its height.
func (p *plainPage) fit() {
	p.scroll.Content.Refresh()
	p.scroll.Refresh()
}

func (p *plainPage) object() fyne.CanvasObject { return p.box }
func (p *plainPage) focus()                    { p.a.win.Canvas().Focus(p.back1) }
func (p *plainPage) back() bool                { return false }

// plainBody gives the column its width, in the middle of the page.
type plainBody struct{ p *plainPage }

// Layout implements fyne.Layout.
func (l *plainBody) Layout(o []fyne.CanvasObject, size fyne.Size) {
	w := min(settingsWidth, size.Width-2*l.p.margin(size))
	for range 2 { // wrapped text knows its height only at its width
		place(o[0], (size.Width-w)/2, 0, w, o[0].MinSize().Height)
	}
}

// MinSize implements fyne.Layout.
func (l *plainBody) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, o[0].MinSize().Height+24)
}
