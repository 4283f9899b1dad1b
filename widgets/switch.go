package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Size of a switch in dp.
const (
	switchWidth  = 34
	switchHeight = 20
)

// Switch turns one thing on or off at once.
type Switch struct {
	widget.BaseWidget
	press
	on    bool
	name  string
	track *canvas.Rectangle
	knob  *canvas.Circle
	ring  *canvas.Rectangle
}

// NewSwitch makes a switch. The name says what it switches, for assistive
// tools; changed runs when the user switches, not at Set.
func NewSwitch(name string, on bool, changed func(bool)) *Switch {
	s := &Switch{
		on: on, name: name,
		track: rounded(switchHeight / 2),
		knob:  canvas.NewCircle(theme.Color(ColorOnAccent)),
		ring:  newRing(switchHeight/2 + FocusRing + 1),
	}
	s.press.init(s, func() {
		s.Set(!s.on)
		if changed != nil {
			changed(s.on)
		}
	})
	s.ExtendBaseWidget(s)
	return s
}

// On says how the switch stands.
func (s *Switch) On() bool { return s.on }

// Set moves the switch without telling anybody.
func (s *Switch) Set(on bool) {
	if s.on != on {
		s.on = on
		s.Refresh()
	}
}

// AccessibilityLabel gives the name.
func (s *Switch) AccessibilityLabel() string { return s.name }

// CreateRenderer is Fyne's.
func (s *Switch) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{
		objects: []fyne.CanvasObject{s.ring, s.track, s.knob},
		min:     fixed(switchWidth, switchHeight),
	}
	p.layout = func(size fyne.Size) {
		x, y := (size.Width-switchWidth)/2, (size.Height-switchHeight)/2
		const out = FocusRing + 1
		put(s.ring, x-out, y-out, switchWidth+2*out, switchHeight+2*out)
		put(s.track, x, y, switchWidth, switchHeight)
		k := x + 2
		if s.on {
			k = x + switchWidth - 18
		}
		put(s.knob, k, y+2, 16, 16)
	}
	p.refresh = func() {
		ground := ColorSwitchOff
		if s.on {
			ground = ColorAccentFill
		}
		if s.disabled {
			ground = ColorLine
		}
		s.track.FillColor = theme.Color(ground)
		s.ring.StrokeColor = theme.Color(ColorAccentText)
		show(s.ring, s.focused && !s.disabled)
	}
	p.refresh()
	return p
}

var (
	_ fyne.Tappable  = (*Switch)(nil)
	_ fyne.Focusable = (*Switch)(nil)
)
