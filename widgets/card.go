package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Column is a layout that puts objects below one another, each as wide as
// there is room and as high as it needs at that width, so that paragraphs in it
// wrap. Hidden objects take no room.
type Column struct {
	Gap float32 // dp between two objects
}

// NewColumn makes a container with a Column layout.
func NewColumn(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&Column{Gap: gap}, objects...)
}

// NewGap makes room of some dp in a column or row, on top of its gaps.
func NewGap(dp float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSquareSize(dp))
	return r
}

// heightAt gives the height an object needs at a width.
func heightAt(o fyne.CanvasObject, width float32) float32 {
	if s := o.Size(); s.Width != width {
		o.Resize(fyne.NewSize(width, s.Height))
	}
	return o.MinSize().Height
}

// Layout is Fyne's.
func (c *Column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		h := heightAt(o, size.Width)
		put(o, 0, y, size.Width, h)
		y += h + c.Gap
	}
}

// MinSize is Fyne's; the height is for the width the objects have now.
func (c *Column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		s := o.MinSize()
		m.Width = max(m.Width, s.Width)
		m.Height += s.Height
		n++
	}
	if n > 1 {
		m.Height += float32(n-1) * c.Gap
	}
	return m
}

// Inline is a layout that puts objects beside one another at their least width,
// centred upright.
type Inline struct {
	Gap float32
	End bool // at the right end, as buttons under a question
	Mid bool // in the middle
}

// NewInline makes a container with an Inline layout from the left.
func NewInline(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&Inline{Gap: gap}, objects...)
}

// NewButtonRow makes a row at the right end, with the usual gap of buttons.
func NewButtonRow(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&Inline{Gap: 10, End: true}, objects...)
}

// NewCenterRow makes a row in the middle.
func NewCenterRow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&Inline{Gap: gap, Mid: true}, objects...)
}

// Layout is Fyne's.
func (r *Inline) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	switch rest := size.Width - r.MinSize(objects).Width; {
	case r.End:
		x = rest
	case r.Mid:
		x = rest / 2
	}
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		put(o, x, (size.Height-m.Height)/2, m.Width, m.Height)
		x += m.Width + r.Gap
	}
}

// MinSize is Fyne's.
func (r *Inline) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		s := o.MinSize()
		if m.Width > 0 {
			m.Width += r.Gap
		}
		m.Width += s.Width
		m.Height = max(m.Height, s.Height)
	}
	return m
}

// Card is a framed ground with content on it.
type Card struct {
	widget.BaseWidget
	content fyne.CanvasObject
	padX    float32
	padY    float32
	ground  *canvas.Rectangle
	fill    fyne.ThemeColorName
	line    bool
	raised  bool
}

// NewCard frames content as a page of its own shows it.
func NewCard(content fyne.CanvasObject) *Card {
	return newCard(content, 36, 36, CardRadius, ColorBackground, true)
}

// NewInset puts content on a tinted ground without a frame, as the figures of a
// certificate.
func NewInset(content fyne.CanvasObject) *Card {
	return newCard(content, 14, 12, 10, ColorField, false)
}

// NewFrame frames content that stands among others, as one request of several.
func NewFrame(content fyne.CanvasObject) *Card {
	return newCard(content, 16, 14, 12, ColorBackground, true)
}

func newCard(content fyne.CanvasObject, padX, padY, radius float32, fill fyne.ThemeColorName, line bool) *Card {
	c := &Card{content: content, padX: padX, padY: padY, ground: rounded(radius), fill: fill, line: line}
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer is Fyne's.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{c.ground, c.content}}
	p.min = func() fyne.Size {
		if w := c.Size().Width; w > 2*c.padX {
			heightAt(c.content, w-2*c.padX)
		}
		return c.content.MinSize().AddWidthHeight(2*c.padX, 2*c.padY)
	}
	p.layout = func(s fyne.Size) {
		put(c.ground, 0, 0, s.Width, s.Height)
		put(c.content, c.padX, c.padY, s.Width-2*c.padX, s.Height-2*c.padY)
	}
	p.refresh = func() {
		c.ground.FillColor = theme.Color(c.fill)
		c.ground.StrokeColor = theme.Color(ColorLine)
		c.ground.StrokeWidth = 0
		if c.line {
			c.ground.StrokeWidth = LineWidth
		}
		if c.raised {
			c.ground.Shadow = canvas.Shadow{Color: theme.Color(ColorShadow), BlurRadius: 28, Offset: fyne.NewPos(0, 10)}
		}
	}
	p.refresh()
	return p
}

// NewPage puts a card of a width in dp into the middle of an empty page; when
// the window is too low for it, the page scrolls.
func NewPage(card fyne.CanvasObject, width float32) fyne.CanvasObject {
	ground := newGround(ColorSide)
	inner := container.New(&pageLayout{width: width}, card)
	return container.NewStack(ground, container.NewVScroll(inner))
}

// pageMargin keeps a card off the edges of a small window, in dp.
const pageMargin = 16

type pageLayout struct{ width float32 }

func (l *pageLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := min(l.width, size.Width-2*pageMargin)
	for _, o := range objects {
		h := heightAt(o, w)
		put(o, (size.Width-w)/2, max(pageMargin, (size.Height-h)/2), w, h)
	}
}

func (l *pageLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, o := range objects {
		if o.Size().Width == 0 {
			o.Resize(fyne.NewSize(l.width, 0))
		}
		h = max(h, o.MinSize().Height)
	}
	return fyne.NewSize(0, h+2*pageMargin)
}
