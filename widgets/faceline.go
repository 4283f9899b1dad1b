package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// FaceLine is a face with a name, a line about it and a time at the end, which
// cannot be pressed.
type FaceLine struct {
	widget.BaseWidget
	avatar *Avatar
	name   *Label
	note   *Label
	time   *Label
}

// NewFaceLine makes an empty line.
func NewFaceLine() *FaceLine {
	l := &FaceLine{
		avatar: NewAvatar(AvatarCardSize, ColorBackground), name: NewBoldLabel("", TextBody, ColorText),
		note: NewLabel("", TextSecondary, ColorSecondary), time: NewLabel("", TextTime, ColorSecondary),
	}
	l.ExtendBaseWidget(l)
	return l
}

// Set changes what the line shows; the note may be empty.
func (l *FaceLine) Set(f Face, name, note, time string) {
	l.avatar.Set(f)
	l.name.set(name)
	l.note.set(note)
	l.time.set(time)
	l.Refresh()
}

// CreateRenderer is Fyne's.
func (l *FaceLine) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{l.avatar, l.name, l.note, l.time}, min: fixed(160, AvatarCardSize), refresh: func() {}}
	p.layout = func(s fyne.Size) {
		put(l.avatar, 0, (s.Height-AvatarCardSize)/2, AvatarCardSize, AvatarCardSize)
		const x = AvatarCardSize + 12
		w := l.time.Width()
		putLabel(l.time, s.Width-w, 0, w, 20)
		y := s.Height/2 - 20
		if l.note.Text() == "" {
			y += 10
		}
		putLabel(l.name, x, y, s.Width-w-10-x, 20)
		putLabel(l.note, x, s.Height/2, s.Width-x, 20)
	}
	return p
}
