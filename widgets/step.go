package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// Mark says how a Step went. The marks differ in shape.
type Mark uint8

// The marks.
const (
	MarkPending Mark = iota // its turn has not come
	MarkRunning
	MarkDone
	MarkFailed
	MarkMissing // it is not there, which is no failure
)

// word gives a mark in words.
func (m Mark) word() string {
	switch m {
	case MarkRunning:
		return lang.L("under way")
	case MarkDone:
		return lang.L("done")
	case MarkFailed:
		return lang.L("failed")
	case MarkMissing:
		return lang.L("missing")
	}
	return lang.L("not yet")
}

// Step is one line of a list of things that happened or are there.
type Step struct {
	Mark  Mark
	Title string
	End   string // a short word at the end of the line, such as how long it took
	Wrong string // what failed, in the colour of danger
	Text  string // what else is to be said, one fact a line
	Code  string // in the fixed-width font, such as a fingerprint
	Do    string // what can be done about it
	Chain bool   // a line leads on to the next one, below
}

// Sizes of a StepRow in dp.
const (
	stepMark  = 20
	stepGap   = 12 // between mark and text
	stepLine  = 24 // height of the title
	stepBelow = 12 // of the line that leads on, at the least
)

// StepRow shows a Step: a mark, what it is, and what is to be said about it.
type StepRow struct {
	widget.BaseWidget
	step  Step
	disc  *canvas.Circle
	bar   *canvas.Rectangle // in the disc, for what is missing or under way
	chain *canvas.Rectangle
	icon  *svgImage
	title *Label
	end   *Label
	wrong *Paragraph
	text  *Paragraph
	code  *Paragraph
	do    *Paragraph
}

// NewStepRow makes a row.
func NewStepRow(s Step) *StepRow {
	r := &StepRow{
		disc: canvas.NewCircle(nil), bar: rounded(1), chain: canvas.NewRectangle(nil), icon: newSVGImage(),
		title: NewBoldLabel("", TextBody, ColorText),
		end:   NewLabel("", TextSmall, ColorSecondary),
		wrong: NewParagraph("", TextSecondary, ColorDanger),
		text:  NewParagraph("", TextSecondary, ColorSecondary),
		code:  NewParagraph("", TextSmall, ColorSecondary).Monospaced(),
		do:    NewParagraph("", TextBody, ColorText),
	}
	r.fill(s)
	r.ExtendBaseWidget(r)
	return r
}

// Set changes what the row shows. Its height may be another one then.
func (r *StepRow) Set(s Step) {
	if r.step != s {
		r.fill(s)
		r.Refresh()
	}
}

func (r *StepRow) fill(s Step) {
	r.step = s
	r.title.set(s.Title)
	r.end.set(s.End)
	r.wrong.SetText(s.Wrong)
	r.text.SetText(s.Text)
	r.code.SetText(s.Code)
	r.do.SetText(s.Do)
}

// AccessibilityLabel gives all that the row says.
func (r *StepRow) AccessibilityLabel() string {
	parts := []string{r.step.Title + ", " + r.step.Mark.word()}
	for _, s := range []string{r.step.End, r.step.Wrong, r.step.Text, r.step.Do} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ". ")
}

// AccessibilityRole says that this is text.
func (r *StepRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer is Fyne's.
func (r *StepRow) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{layout: r.layout, refresh: r.update}
	p.objects = []fyne.CanvasObject{r.chain, r.disc, r.bar, r.icon.image, r.title, r.end, r.wrong, r.text, r.code, r.do}
	p.min = func() fyne.Size { return fyne.NewSize(160, r.height(r.Size().Width)) }
	r.update()
	return p
}

func (r *StepRow) height(width float32) float32 {
	h := float32(stepLine)
	for _, t := range r.texts() {
		h += heightAt(t, width-stepMark-stepGap) + 2
	}
	if r.step.Chain {
		h += stepBelow
	}
	return h
}

// texts are the paragraphs that say something.
func (r *StepRow) texts() []*Paragraph {
	var all []*Paragraph
	for _, t := range []*Paragraph{r.wrong, r.text, r.code, r.do} {
		if t.Text() != "" {
			all = append(all, t)
		}
	}
	return all
}

func (r *StepRow) layout(s fyne.Size) {
	const top = (stepLine - stepMark) / 2
	put(r.disc, 0, top, stepMark, stepMark)
	put(r.icon.image, 4, top+4, stepMark-8, stepMark-8)
	put(r.chain, stepMark/2-0.5, top+stepMark+4, LineWidth, max(0, s.Height-stepMark-8))
	bar := fyne.NewSize(8, 2)
	if r.step.Mark == MarkRunning {
		bar = fyne.NewSize(8, 8)
	}
	r.bar.CornerRadius = bar.Height / 2
	put(r.bar, (stepMark-bar.Width)/2, top+(stepMark-bar.Height)/2, bar.Width, bar.Height)
	const x = stepMark + stepGap
	end := min(r.end.Width(), s.Width/2)
	putLabel(r.end, s.Width-end, 0, end, stepLine)
	putLabel(r.title, x, 0, s.Width-x-end-8, stepLine)
	y := float32(stepLine)
	for _, t := range r.texts() {
		h := heightAt(t, s.Width-x)
		put(t, x, y, s.Width-x, h)
		y += h + 2
	}
}

func (r *StepRow) update() {
	fill, ring, ink := fyne.ThemeColorName(""), ColorLine, ColorOnAccent
	icon := ""
	switch r.step.Mark {
	case MarkDone:
		fill, ring, icon = ColorOnline, ColorOnline, assets.IconCheck
	case MarkFailed:
		fill, ring, icon = ColorDangerFill, ColorDangerFill, assets.IconClose
	case MarkRunning:
		ring, ink = ColorAccentText, ColorAccentText
	case MarkMissing:
		ring, ink = ColorSecondary, ColorSecondary
	}
	r.disc.FillColor, r.disc.StrokeWidth, r.disc.StrokeColor = nil, 1.5, theme.Color(ring)
	if fill != "" {
		r.disc.FillColor = theme.Color(fill)
	}
	show(r.icon.image, icon != "")
	if icon != "" {
		r.icon.set(icon, theme.Color(ink))
	}
	r.bar.FillColor = theme.Color(ink)
	show(r.bar, r.step.Mark == MarkMissing || r.step.Mark == MarkRunning)
	r.chain.FillColor = theme.Color(ColorLine)
	show(r.chain, r.step.Chain)
	r.title.color = ColorText
	switch r.step.Mark {
	case MarkPending:
		r.title.color = ColorDisabled
	case MarkFailed:
		r.title.color = ColorDanger
	}
	for _, t := range []*Paragraph{r.wrong, r.text, r.code, r.do} {
		show(t, t.Text() != "")
	}
}
