package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/widgets"
)

// pickBar stands in place of the header while messages are picked, and says
// what can be done with them.
type pickBar struct {
	p       *chatPane
	box     *fyne.Container
	close   *widgets.IconButton
	count   *widgets.Label
	buttons []*widgets.IconButton
	ids     []string // of the commands of the buttons
	ground  fyne.CanvasObject
	rule    fyne.CanvasObject
}

func newPickBar(p *chatPane) *pickBar {
	b := &pickBar{p: p, count: widgets.NewBoldLabel("", widgets.TextBody, widgets.ColorText)}
	b.close = widgets.NewIconButton(assets.IconClose, lang.L("Stop selecting"), p.view.StopPicking)
	b.ground, b.rule = widgets.NewGround(widgets.ColorBackground), widgets.NewLine()
	b.box = container.New(free(b.layout), b.ground, b.close, b.count)
	for _, k := range []struct{ id, icon, name string }{
		{"message.copy", assets.IconCopy, lang.L("Copy")},
		{"message.forward", assets.IconForward, lang.L("Forward")},
		{"message.star", assets.IconStar, lang.L("Star or unstar")},
		{"message.retract", assets.IconUndo, lang.L("Take back")},
		{"message.delete", assets.IconTrash, lang.L("Delete here")},
	} {
		button := widgets.NewIconButton(k.icon, k.name, func() { p.a.runByID(k.id) })
		b.buttons, b.ids = append(b.buttons, button), append(b.ids, k.id)
		b.box.Add(button)
	}
	b.box.Add(b.rule)
	b.box.Hide()
	return b
}

func (b *pickBar) layout(_ []fyne.CanvasObject, size fyne.Size) {
	const button, edge = widgets.IconButtonSize, 14
	y := (size.Height - button) / 2
	place(b.ground, 0, 0, size.Width, size.Height)
	place(b.close, edge, y, button, button)
	x := size.Width - edge - button
	for i := len(b.buttons) - 1; i >= 0; i-- {
		place(b.buttons[i], x, y, button, button)
		x -= button + 6
	}
	from := float32(edge + button + 10)
	place(b.count, from, (size.Height-20)/2, x+button-from, 20)
	place(b.rule, 0, size.Height-1, size.Width, 1)
}

// set shows how many messages are picked, and what can be done with them.
func (b *pickBar) set(n int) {
	picking := b.p.view.Picking()
	text := lang.L("{{.N}} selected", count(n))
	b.count.SetText(text)
	for i, button := range b.buttons {
		c, ok := b.p.a.commandByID(b.ids[i])
		enable(button, ok && n > 0 && c.can())
	}
	show(b.box, picking)
	show(b.p.header.box, b.p.open() && !picking)
}
