package app

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/storage"
	"linnet/widgets"
)

// palette is the card that finds people and commands as one types.
type palette struct {
	a      *App
	card   *card
	field  *widgets.SearchField
	list   *fyne.Container
	scroll *container.Scroll
	items  []paletteItem
	rows   []*paletteRow
	chosen int
}

const (
	paletteWidth = 580
	paletteTop   = 110
	// paletteMost is the most the results take before they scroll.
	paletteMost = 520
)

// showPalette opens the palette with a query.
func (a *App) showPalette(query string) {
	if r, ok := a.pages.top().(rooted); !a.begun || ok && r.stays() {
		return // there is nobody to find yet
	}
	a.cards.closeAll()
	p := &palette{a: a}
	p.field = widgets.NewPaletteField(lang.L("Search people and commands"))
	p.field.OnChanged = p.search
	p.field.OnSubmitted = func(string) { p.run(p.chosen) }
	p.field.OnEscape = a.back
	p.field.OnShortcut = a.typedShortcut
	p.field.OnKey = p.key
	p.list = widgets.NewColumn(0)
	p.scroll = container.NewVScroll(p.list)
	results := container.New(atMost{a.win, paletteMost, paletteTop}, p.scroll)
	p.card = a.cards.show(widgets.NewColumn(0, p.field, widgets.NewLine(), results),
		widgets.OverlayOptions{Width: paletteWidth, Top: paletteTop, Bare: true})
	p.field.SetText(query)
	p.search(query)
	p.field.Focus()
}

// search shows what fits a query.
func (p *palette) search(query string) {
	p.items, p.chosen, p.rows = p.a.paletteItems(query), 0, nil
	p.list.RemoveAll()
	section := ""
	for i, item := range p.items {
		if item.section != section {
			section = item.section
			p.list.Add(paletteHeading(section))
		}
		row := newPaletteRow(p.a.model, item, func() { p.run(i) }, func() { p.choose(i) })
		p.rows = append(p.rows, row)
		p.list.Add(row)
	}
	if len(p.items) == 0 {
		p.list.Add(p.nothing(query))
	}
	p.list.Add(widgets.NewGap(8))
	p.choose(0)
	p.scroll.ScrollToTop()
	p.card.fit()
}

// nothing says that nothing was found, and offers to write to an address.
func (p *palette) nothing(query string) fyne.CanvasObject {
	if query == "" {
		return container.New(margin(widgets.PagePadding), widgets.NewParagraph(
			lang.L("Type a name, an address or what you want to do"), widgets.TextSecondary, widgets.ColorSecondary))
	}
	return container.New(margin(widgets.PagePadding), widgets.NewColumn(8,
		widgets.NewParagraph(lang.L("Nothing found for “{{.Query}}”", map[string]any{"Query": widgets.Harmless(query)}), widgets.TextBody, widgets.ColorSecondary),
		widgets.NewInline(0, widgets.NewButton(lang.L("Start a new chat"), widgets.ButtonOutlined, func() { p.a.showNewChatWith(query, "") })),
	))
}

// key moves the choice.
func (p *palette) key(e *fyne.KeyEvent) bool {
	n := len(p.items)
	switch {
	case e.Name == fyne.KeyDown && n > 0:
		p.choose((p.chosen + 1) % n)
	case e.Name == fyne.KeyUp && n > 0:
		p.choose((p.chosen - 1 + n) % n)
	default:
		return false
	}
	return true
}

// choose marks one result and brings it into view.
func (p *palette) choose(i int) {
	p.chosen = i
	for j, row := range p.rows {
		row.setChosen(j == i)
	}
	if i < 0 || i >= len(p.rows) {
		return
	}
	top, height := p.rows[i].Position().Y, p.rows[i].Size().Height
	switch view := p.scroll.Size().Height; {
	case top < p.scroll.Offset.Y:
		p.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case top+height > p.scroll.Offset.Y+view:
		p.scroll.ScrollToOffset(fyne.NewPos(0, top+height-view))
	}
}

// run does what a result stands for; without one, it offers a new chat.
func (p *palette) run(i int) {
	query := p.field.Text()
	if i >= len(p.items) {
		if query != "" {
			p.a.showNewChatWith(query, "")
		}
		return
	}
	p.card.close()
	p.items[i].run()
}

func paletteHeading(text string) fyne.CanvasObject {
	label := widgets.NewSectionLabel(text)
	return container.New(headingLine{}, label)
}

// headingLine is the line of a heading of the palette.
type headingLine struct{}

// Layout implements fyne.Layout.
func (headingLine) Layout(o []fyne.CanvasObject, size fyne.Size) {
	place(o[0], widgets.PagePadding, size.Height-22, size.Width-2*widgets.PagePadding, 18)
}

// MinSize implements fyne.Layout.
func (headingLine) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, 36) }

// paletteRow draws one result.
type paletteRow struct {
	widget.BaseWidget
	tapped, over func()
	chosen       bool
	ground       *canvas.Rectangle
	content      *fyne.Container
	person       bool
}

func newPaletteRow(m *model, item paletteItem, tapped, over func()) *paletteRow {
	r := &paletteRow{tapped: tapped, over: over, person: item.person, ground: canvas.NewRectangle(color.Transparent)}
	title := widgets.NewLabel(item.title, widgets.TextBody, widgets.ColorText)
	title.Mark(item.spans)
	if item.person {
		title.SetBold(true)
		avatar := widgets.NewAvatar(widgets.AvatarSmallSize, widgets.ColorBackground)
		avatar.Set(m.faceOf(item.key, item.hasShow, item.show))
		account := widgets.NewLabel("", widgets.TextSmall, widgets.ColorSecondary).Trailing()
		if item.stripe != 0 {
			account.SetText(m.accountLabel(item.key.account))
		}
		r.content = container.New(free(func(o []fyne.CanvasObject, s fyne.Size) {
			const avatar, x = widgets.AvatarSmallSize, 16 + widgets.AvatarSmallSize + 12
			own := min(account.Width()+1, s.Width*0.4)
			place(o[0], 16, (s.Height-avatar)/2, avatar, avatar)
			place(o[1], x, 6, s.Width-x-own-30, 20)
			place(o[2], x, 24, s.Width-x-own-30, 18)
			place(o[3], s.Width-own-18, 0, own, s.Height)
		}), avatar, title, widgets.NewLabel(item.line, widgets.TextSmall, widgets.ColorSecondary), account)
	} else {
		keys := widgets.NewLabel(item.keys, widgets.TextSmall, widgets.ColorSecondary).Trailing()
		r.content = container.New(free(func(o []fyne.CanvasObject, s fyne.Size) {
			place(o[0], 18, 0, s.Width-36-110, s.Height)
			place(o[1], s.Width-18-110, 0, 110, s.Height)
		}), title, keys)
	}
	r.ExtendBaseWidget(r)
	return r
}

// accountLabel is an account's name beside one of its contacts.
func (m *model) accountLabel(id storage.AccountID) string {
	if info := m.account(id); info != nil {
		return accountName(*info)
	}
	return ""
}

// Heights of the rows in dp.
const (
	palettePersonHeight  = 48
	paletteCommandHeight = 40
)

// MinSize is Fyne's.
func (r *paletteRow) MinSize() fyne.Size {
	if r.person {
		return fyne.NewSize(120, palettePersonHeight)
	}
	return fyne.NewSize(120, paletteCommandHeight)
}

func (r *paletteRow) setChosen(on bool) {
	r.chosen = on
	r.Refresh()
}

// Refresh is Fyne's.
func (r *paletteRow) Refresh() {
	r.ground.FillColor = color.Transparent // a ground of its own would cover the outline of the card
	if r.chosen {
		r.ground.FillColor = theme.Color(widgets.ColorSelected)
	}
	r.ground.Refresh()
}

// CreateRenderer is Fyne's.
func (r *paletteRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(r.ground, r.content))
}

// Tapped implements fyne.Tappable.
func (r *paletteRow) Tapped(*fyne.PointEvent) { r.tapped() }

// MouseIn implements desktop.Hoverable.
func (r *paletteRow) MouseIn(*desktop.MouseEvent) { r.over() }

// MouseMoved implements desktop.Hoverable.
func (r *paletteRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *paletteRow) MouseOut() {}
