package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Sizes of the composer in dp.
const (
	composerRows    = 8  // lines shown before the text scrolls
	composerMargin  = 10 // above and below the box
	composerMinBox  = 36
	composerTextPad = 8 // what Fyne's entry leaves around its text
	composerGap     = 8 // between the buttons
	composerSide    = 14
)

// CreateRenderer is Fyne's.
func (c *Composer) CreateRenderer() fyne.WidgetRenderer {
	c.rend = &painter{layout: c.layout, refresh: c.update}
	c.rend.min = func() fyne.Size { return fyne.NewSize(200, c.contextRoom()+c.boxHeight()+2*composerMargin) }
	// The order is that of Tab.
	c.rend.objects = []fyne.CanvasObject{c.line, c.box, c.context, c.link, c.attach, c.account, c.entry, c.cover.box, c.emoji, c.send}
	c.update()
	return c.rend
}

// boxHeight gives the height of the box round the text.
func (c *Composer) boxHeight() float32 {
	line := fyne.MeasureText("M", TextBody, fyne.TextStyle{}).Height
	return composerMinBox + float32(c.rows-1)*line
}

func (c *Composer) layout(s fyne.Size) {
	put(c.line, 0, 0, s.Width, LineWidth)
	h := c.boxHeight()
	room := c.contextRoom()
	y := room + (s.Height-room-h)/2 + 0.5
	put(c.context, composerSide, y-room, s.Width-2*composerSide, contextHeight)
	put(c.link, composerSide, y-contextHeight-contextGap, s.Width-2*composerSide, contextHeight)
	// Buttons stay beside the last line.
	by := y + h - composerMinBox + (composerMinBox-IconButtonSize)/2
	x := float32(composerSide)
	show(c.attach, c.OnAttach != nil)
	if c.attach.Visible() {
		put(c.attach, x, by, IconButtonSize, IconButtonSize)
		x += IconButtonSize + composerGap
	}
	if c.account.Visible() {
		side := c.account.MinSize().Width
		put(c.account, x, by+(IconButtonSize-side)/2, side, side)
		x += side + composerGap
	}
	x = max(x, PagePadding)
	end := s.Width - composerSide
	c.showSend()
	put(c.send, end-IconButtonSize, by, IconButtonSize, IconButtonSize)
	end -= IconButtonSize + composerGap
	put(c.box, x, y, end-x, h)
	text := end - x - 8
	show(c.emoji, c.OnEmoji != nil)
	if c.emoji.Visible() {
		put(c.emoji, end-IconButtonSize-2, by, IconButtonSize, IconButtonSize)
		text -= IconButtonSize
	}
	eh := max(h-2, c.entry.MinSize().Height)
	width := c.entry.Size().Width
	put(c.entry, x+4, y+(h-eh)/2, text, eh)
	c.cover.box.Move(c.entry.Position())
	if c.entry.Size().Width != width {
		c.grow()
	}
	c.cover.place()
}

func (c *Composer) update() {
	c.line.FillColor = theme.Color(ColorLine)
	c.box.FillColor = theme.Color(ColorField)
	c.box.StrokeWidth = LineWidth
	line := ColorField
	if c.focused {
		line = ColorAccentText
	}
	c.box.StrokeColor = theme.Color(line)
}
