package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// lineFactor is the height of a line of a Paragraph in parts of its size.
const lineFactor = float32(20) / 14

// Paragraph is text of the interface that wraps at words: sentences of pages,
// errors, help. What people write to each other is shown by the transcript,
// which knows about scripts and links.
type Paragraph struct {
	widget.BaseWidget
	text  string
	size  float32
	color fyne.ThemeColorName
	bold  bool
	align fyne.TextAlign
	mono  bool

	lines []*canvas.Text
	rend  *painter
	// wrapped is the width the lines were made for.
	wrapped float32
}

// NewParagraph makes a paragraph of a size in dp and a colour of the theme.
// Its height follows from the width it is given.
func NewParagraph(text string, size float32, color fyne.ThemeColorName) *Paragraph {
	p := &Paragraph{text: text, size: size, color: color}
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
		p.wrapped = -1
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

// Resize wraps the text anew when the width changes.
func (p *Paragraph) Resize(s fyne.Size) {
	p.BaseWidget.Resize(s)
	p.wrap(s.Width)
}

func (p *Paragraph) style() fyne.TextStyle {
	return fyne.TextStyle{Bold: p.bold, Monospace: p.mono}
}

func (p *Paragraph) lineHeight() float32 { return p.size * lineFactor }

// wrap breaks the text into lines of a width; a width of 0, before the first
// layout, leaves each line of the text whole.
func (p *Paragraph) wrap(width float32) {
	if width == p.wrapped && len(p.lines) > 0 {
		return
	}
	p.wrapped = width
	texts := wrapWords(p.text, width, func(s string) float32 {
		return fyne.MeasureText(s, p.size, p.style()).Width
	})
	p.lines = p.lines[:0]
	for _, s := range texts {
		t := newText(s, p.size, p.bold)
		t.TextStyle = p.style()
		t.Alignment = p.align
		t.Color = theme.Color(p.color)
		p.lines = append(p.lines, t)
	}
	if p.rend != nil {
		p.restack()
	}
}

func (p *Paragraph) restack() {
	p.rend.objects = p.rend.objects[:0]
	for _, l := range p.lines {
		p.rend.objects = append(p.rend.objects, l)
	}
	p.place(p.Size())
	canvas.Refresh(p)
}

func (p *Paragraph) place(s fyne.Size) {
	for i, l := range p.lines {
		placeText(l, 0, float32(i)*p.lineHeight(), s.Width, p.lineHeight())
	}
}

// CreateRenderer is Fyne's.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	p.rend = &painter{layout: p.place}
	p.rend.min = func() fyne.Size {
		p.wrap(p.Size().Width)
		return fyne.NewSize(1, float32(len(p.lines))*p.lineHeight())
	}
	p.rend.refresh = func() {
		p.wrap(p.Size().Width)
		for _, l := range p.lines {
			l.Color = theme.Color(p.color)
		}
	}
	p.wrap(p.Size().Width)
	p.restack()
	return p.rend
}

// wrapWords breaks a text at its line breaks and, where a line is wider than
// width, at spaces. A word wider than the line keeps a line of its own.
func wrapWords(text string, width float32, measure func(string) float32) []string {
	var lines []string
	for _, para := range strings.Split(text, "\n") {
		line := ""
		for _, w := range strings.Fields(para) {
			next := w
			if line != "" {
				next = line + " " + w
			}
			if line != "" && width > 0 && measure(next) > width {
				lines = append(lines, line)
				next = w
			}
			line = next
		}
		lines = append(lines, line)
	}
	return lines
}
