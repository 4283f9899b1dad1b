package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// lineFactor is the height of a line of a Paragraph in parts of its size.
const lineFactor = float32(20) / 14

// Paragraph is text of the interface that wraps at words: sentences of pages,
// errors, help. Names of others may stand in them: it makes the text harmless.
type Paragraph struct {
	widget.BaseWidget
	text  string
	size  float32
	color fyne.ThemeColorName
	bold  bool
	align fyne.TextAlign
	mono  bool
	named bool

	runs  runPool
	rend  *painter
	block *textBlock // the text broken for the width wrapped, nil when it changed
	// wrapped is the width the lines were made for.
	wrapped float32
}

// NewParagraph makes a paragraph of a size in dp and a colour of the theme.
// Its height follows from the width it is given.
func NewParagraph(text string, size float32, color fyne.ThemeColorName) *Paragraph {
	p := &Paragraph{text: text, size: size, color: color}
	p.rend = &painter{layout: p.place, min: p.least, refresh: func() { canvas.Refresh(p) }}
	p.ExtendBaseWidget(p)
	return p
}

// NewHeading makes a bold paragraph in the text colour.
func NewHeading(text string, size float32) *Paragraph {
	p := NewParagraph(text, size, ColorText)
	p.bold = true
	return p
}

// Centered makes its lines stand in the middle and gives the paragraph back.
func (p *Paragraph) Centered() *Paragraph {
	p.align = fyne.TextAlignCenter
	return p
}

// Named gives the lines the direction they begin with, as names and other
// whole texts of people have, and gives the paragraph back. Without it a text
// counts as a sentence of the interface.
func (p *Paragraph) Named() *Paragraph {
	p.named = true
	return p
}

// Monospaced uses the fixed-width font, for fingerprints, and gives the
// paragraph back.
func (p *Paragraph) Monospaced() *Paragraph {
	p.mono = true
	return p
}

// SetText changes the text.
func (p *Paragraph) SetText(text string) {
	if p.text != text {
		p.text = text
		p.block = nil
		p.Refresh()
	}
}

// SetColor changes the colour.
func (p *Paragraph) SetColor(c fyne.ThemeColorName) {
	if p.color != c {
		p.color = c
		p.Refresh()
	}
}

// Text gives the text.
func (p *Paragraph) Text() string { return p.text }

// AccessibilityLabel gives the text.
func (p *Paragraph) AccessibilityLabel() string { return p.text }

// AccessibilityRole says that this is text.
func (p *Paragraph) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

func (p *Paragraph) face() *typeface {
	return typefaceOf(p.size, p.lineHeight(), fyne.TextStyle{Bold: p.bold, Monospace: p.mono})
}

func (p *Paragraph) lineHeight() float32 { return p.size * lineFactor }

// wrap breaks the text into lines of a width; a width of 0, before the first
// layout, leaves each line of the text whole.
func (p *Paragraph) wrap(width float32) {
	if width <= 0 {
		width = unlimited
	}
	f := p.face()
	if p.block == nil || width != p.wrapped || f != p.block.face {
		p.wrapped = width
		p.block = f.wrap(sanitise(p.text), width, 0)
		for i := range p.block.pars {
			par := &p.block.pars[i]
			if !p.named {
				par.base = sentenceLevel(p.block.text[par.from:par.to])
			}
			par.plain = par.plain && par.base == 0
		}
	}
}

// place draws the lines in a width.
func (p *Paragraph) place(s fyne.Size) {
	p.wrap(s.Width)
	ink, scale := theme.Color(p.color), scaleOf(p)
	p.rend.objects = p.rend.objects[:0]
	p.runs.reset()
	for i, l := range p.block.lines {
		x := p.block.lineX(i, s.Width)
		if p.align == fyne.TextAlignCenter {
			x = (s.Width - l.w) / 2
		}
		base := float32(i)*p.lineHeight() + p.block.face.base
		for _, r := range p.block.linePieces(i) {
			if r.draw == "" {
				continue
			}
			p.rend.objects = append(p.rend.objects, p.runs.draw(r.draw, p.block.face, r.face, x+r.x, base, scale, ink))
		}
	}
	p.runs.trim()
}

// CreateRenderer is Fyne's.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer { return p.rend }

func (p *Paragraph) least() fyne.Size {
	p.wrap(p.Size().Width)
	return fyne.NewSize(1, float32(len(p.block.lines))*p.lineHeight())
}
