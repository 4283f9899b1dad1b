package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// NewSectionLabel makes the small heading of a group of settings or details.
func NewSectionLabel(text string) *Paragraph {
	p := NewParagraph(text, TextSmall, ColorSecondary)
	p.bold = true
	return p
}

// settingHeight is the least height of a SettingRow in dp.
const settingHeight = 30

// SettingRow is a line with a name, if wanted an explanation under it, and at
// its end what it is set by or a value.
type SettingRow struct {
	widget.BaseWidget
	name  *Paragraph
	hint  *Paragraph
	value *Label
	ctrl  fyne.CanvasObject
}

// NewSettingRow makes a row; hint may be empty and ctrl nil.
func NewSettingRow(name, hint string, ctrl fyne.CanvasObject) *SettingRow {
	r := &SettingRow{
		name:  NewParagraph(name, TextBody, ColorText),
		hint:  NewParagraph(hint, TextSecondary, ColorSecondary),
		value: NewLabel("", TextSecondary, ColorSecondary), ctrl: ctrl,
	}
	r.ExtendBaseWidget(r)
	return r
}

// NewValueRow makes a row that only tells, as "Phone: online".
func NewValueRow(name, value string) *SettingRow {
	r := NewSettingRow(name, "", nil)
	r.name.size = TextSecondary
	r.value.set(value)
	return r
}

// SetValue changes the value of a NewValueRow.
func (r *SettingRow) SetValue(s string) {
	r.value.set(s)
	r.Refresh()
}

// CreateRenderer is Fyne's.
func (r *SettingRow) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{r.name, r.hint, r.value}}
	if r.ctrl != nil {
		p.objects = append(p.objects, r.ctrl)
	}
	p.min = func() fyne.Size {
		h := r.name.MinSize().Height
		if r.hint.Text() != "" {
			h += r.hint.MinSize().Height + 2
		}
		if r.ctrl != nil {
			h = max(h, r.ctrl.MinSize().Height)
		}
		return fyne.NewSize(120, max(settingHeight, h+8))
	}
	p.layout = func(s fyne.Size) {
		end := s.Width
		if r.ctrl != nil {
			m := r.ctrl.MinSize()
			put(r.ctrl, end-m.Width, (s.Height-m.Height)/2, m.Width, m.Height)
			end -= m.Width + 12
		}
		show(r.value, r.value.Text() != "")
		if r.value.Text() != "" {
			// The name comes first; the value gets what is left.
			name := textWidth(r.name.Text(), r.name.size, false)
			w := min(r.value.Width(), end-min(name+1, end*0.6)-12)
			putLabel(r.value, end-w, 0, w, s.Height)
			end -= w + 12
		}
		h := heightAt(r.name, end)
		total := h
		if r.hint.Text() != "" {
			total += heightAt(r.hint, end) + 2
		}
		y := (s.Height - total) / 2
		put(r.name, 0, y, end, h)
		put(r.hint, 0, y+h+2, end, r.hint.MinSize().Height)
	}
	p.refresh = func() { show(r.hint, r.hint.Text() != "") }
	p.refresh()
	return p
}

// FaceCard is a framed line with a face, a name, a sentence about it and
// controls at its end, as an account in the settings. The whole can be pressed.
type FaceCard struct {
	widget.BaseWidget
	press
	ground  *canvas.Rectangle
	avatar  *Avatar
	name    *Label
	sub     *Label
	chevron *svgImage
	ctrl    fyne.CanvasObject
}

// NewFaceCard makes a card; ctrl, such as a Switch, may be nil, and so may
// tapped for a card that leads nowhere.
func NewFaceCard(ctrl fyne.CanvasObject, tapped func()) *FaceCard {
	c := &FaceCard{
		ground: rounded(12),
		avatar: NewAvatar(AvatarCardSize, ColorBackground),
		name:   NewBoldLabel("", TextBody, ColorText), sub: NewLabel("", TextSecondary, ColorSecondary),
		chevron: newSVGImage(), ctrl: ctrl,
	}
	c.press.init(c, tapped)
	c.disabled = tapped == nil
	show(c.chevron.image, !c.disabled)
	c.ExtendBaseWidget(c)
	return c
}

// Set changes what the card shows; wrong colours the note as an error.
func (c *FaceCard) Set(f Face, title, note string, wrong bool) {
	c.avatar.Set(f)
	c.name.set(title)
	c.sub.set(note)
	c.sub.color = ColorSecondary
	if wrong {
		c.sub.color = ColorDanger
	}
	c.Refresh()
}

// AccessibilityLabel gives the name and the note.
func (c *FaceCard) AccessibilityLabel() string { return c.name.Text() + ", " + c.sub.Text() }

// CreateRenderer is Fyne's.
func (c *FaceCard) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{min: fixed(200, 74)}
	p.objects = []fyne.CanvasObject{c.ground, c.avatar, c.name, c.sub, c.chevron.image}
	if c.ctrl != nil {
		p.objects = append(p.objects, c.ctrl)
	}
	p.layout = func(s fyne.Size) {
		put(c.ground, 0, 0, s.Width, s.Height)
		put(c.avatar, 16, (s.Height-AvatarCardSize)/2, AvatarCardSize, AvatarCardSize)
		end := s.Width - 14
		if c.chevron.image.Visible() {
			put(c.chevron.image, end-14, (s.Height-14)/2, 14, 14)
			end -= 14 + 12
		}
		if c.ctrl != nil {
			m := c.ctrl.MinSize()
			put(c.ctrl, end-m.Width, (s.Height-m.Height)/2, m.Width, m.Height)
			end -= m.Width + 12
		}
		const x = 16 + AvatarCardSize + 14
		putLabel(c.name, x, s.Height/2-20, end-x, 20)
		putLabel(c.sub, x, s.Height/2, end-x, 20)
	}
	p.refresh = func() {
		fill := ColorBackground
		if c.hovered && !c.disabled {
			fill = ColorHover
		}
		c.avatar.SetPane(fill)
		c.ground.FillColor = theme.Color(fill)
		c.ground.StrokeColor, c.ground.StrokeWidth = theme.Color(ColorLine), LineWidth
		if c.focused {
			c.ground.StrokeColor, c.ground.StrokeWidth = theme.Color(ColorAccentText), FocusRing
		}
		c.chevron.set(assets.IconChevronRight, theme.Color(ColorSecondary))
	}
	p.refresh()
	return p
}

// navHeight is the height of a line of a NavList in dp.
const navHeight = 38

// NavList is a short list of places to go to, of which one is open, as the
// sections of the settings. It is one stop for Tab; Up and Down select.
type NavList struct {
	widget.BaseWidget
	choice
	grounds []*canvas.Rectangle
	labels  []*Label
}

// NewNavList makes a list with the first selected; changed runs when the user
// selects another.
func NewNavList(names []string, changed func(int)) *NavList {
	n := &NavList{}
	n.choice.init(n, len(names), changed)
	for _, s := range names {
		n.grounds = append(n.grounds, rounded(FieldRadius))
		n.labels = append(n.labels, NewLabel(s, TextBody, ColorText))
	}
	n.choice.at = func(pos fyne.Position) int { return int(pos.Y / navHeight) }
	n.choice.back, n.choice.forth = fyne.KeyUp, fyne.KeyDown
	n.ExtendBaseWidget(n)
	return n
}

// CreateRenderer is Fyne's.
func (n *NavList) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{min: fixed(120, navHeight*float32(len(n.labels)))}
	for i := range n.labels {
		p.objects = append(p.objects, n.grounds[i], n.labels[i])
	}
	p.layout = func(s fyne.Size) {
		for i := range n.labels {
			y := float32(i) * navHeight
			put(n.grounds[i], 0, y, s.Width, navHeight)
			putLabel(n.labels[i], 14, y, s.Width-28, navHeight)
		}
	}
	p.refresh = func() {
		for i, g := range n.grounds {
			n.labels[i].bold = i == n.selected
			n.labels[i].color = n.paint(g, i, ColorHover, ColorText)
		}
	}
	p.refresh()
	return p
}
