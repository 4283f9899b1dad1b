package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// VoiceState is what a VoiceBar is for.
type VoiceState uint8

const (
	VoiceStarting  VoiceState = iota // the microphone is being opened
	VoiceRecording                   // it is heard
	VoiceReady                       // there is a recording to hear and to send
	VoiceTrouble                     // there is none; the text says why
)

// VoiceView is what a VoiceBar shows.
type VoiceView struct {
	State   VoiceState
	Time    string  // how long it is, or how far it was heard
	Text    string  // a sentence, in the place of the wave
	Wave    string  // peaks, 0 to 255; while it is recorded those of the last moments
	Heard   float32 // the part that was heard, 0 to 1
	Playing bool
}

// VoiceBar stands in the place of the composer while a voice message is recorded
// and until it is sent. All callbacks must be set.
type VoiceBar struct {
	widget.BaseWidget
	OnDrop func() // give the recording up, or leave the sentence
	OnStop func() // end recording
	OnSend func()
	OnPlay func() // hear it, or pause
	OnSeek func(part float32)

	view VoiceView
	line *canvas.Rectangle
	box  *canvas.Rectangle
	dot  *canvas.Circle
	drop *IconButton
	play *IconButton
	wave *waveStrip
	time *Label
	text *Label
	end  *sendButton
	rend *painter
}

// NewVoiceBar makes one.
func NewVoiceBar() *VoiceBar {
	b := &VoiceBar{
		line: canvas.NewRectangle(theme.Color(ColorLine)), box: rounded(10), dot: canvas.NewCircle(theme.Color(ColorDangerFill)),
		time: NewLabel("", TextSecondary, ColorText), text: NewLabel("", TextSecondary, ColorSecondary),
	}
	b.drop = NewIconButton(assets.IconClose, lang.L("Cancel"), func() { b.OnDrop() })
	b.play = NewIconButton(assets.IconTriangleRight, lang.L("Play"), func() { b.OnPlay() })
	b.wave = newWaveStrip(func(part float32) { b.OnSeek(part) })
	b.end = newSendButton(b.pressEnd)
	b.ExtendBaseWidget(b)
	return b
}

func (b *VoiceBar) pressEnd() {
	switch b.view.State {
	case VoiceRecording:
		b.OnStop()
	case VoiceReady:
		b.OnSend()
	}
}

// Set changes what it shows.
func (b *VoiceBar) Set(v VoiceView) {
	if v == b.view {
		return
	}
	b.view = v
	icon, name := assets.IconClose, lang.L("Cancel")
	switch v.State {
	case VoiceReady:
		icon, name = assets.IconTrash, lang.L("Delete the recording")
	case VoiceTrouble:
		name = lang.L("Close")
	}
	if b.drop.icon != icon || b.drop.tip.text != name {
		b.drop.SetIcon(icon, name)
	}
	icon, name = assets.IconTriangleRight, lang.L("Play")
	if v.Playing {
		icon, name = assets.IconPause, lang.L("Pause")
	}
	if b.play.icon != icon {
		b.play.SetIcon(icon, name)
	}
	mode := sendStops
	if v.State == VoiceReady {
		mode = sendSends
	}
	b.end.set(mode, v.State == VoiceRecording || v.State == VoiceReady)
	b.time.SetText(v.Time)
	b.text.SetText(v.Text)
	b.wave.set(v.Wave, v.Heard, v.State != VoiceReady)
	b.Refresh()
}

// View gives what it shows.
func (b *VoiceBar) View() VoiceView { return b.view }

// Focus puts the keyboard onto the button that goes on: to stop, or to send.
func (b *VoiceBar) Focus() { focusOn(b.end) }

// AccessibilityLabel says what is going on.
func (b *VoiceBar) AccessibilityLabel() string {
	switch b.view.State {
	case VoiceRecording:
		return lang.L("Recording a voice message")
	case VoiceReady:
		return lang.L("Voice message")
	}
	return b.view.Text
}

// AccessibilityRole says that this is text.
func (b *VoiceBar) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer is Fyne's.
func (b *VoiceBar) CreateRenderer() fyne.WidgetRenderer {
	b.rend = &painter{layout: b.layout, refresh: b.update, min: fixed(200, composerMinBox+2*composerMargin)}
	// The order is that of Tab.
	b.rend.objects = []fyne.CanvasObject{b.line, b.box, b.dot, b.drop, b.play, b.wave, b.time, b.text, b.end}
	b.update()
	return b.rend
}

func (b *VoiceBar) layout(s fyne.Size) {
	put(b.line, 0, 0, s.Width, LineWidth)
	y := (s.Height-composerMinBox)/2 + 0.5
	by := y + (composerMinBox-IconButtonSize)/2
	put(b.drop, composerSide, by, IconButtonSize, IconButtonSize)
	x := float32(composerSide + IconButtonSize + composerGap)
	end := s.Width - composerSide - IconButtonSize
	put(b.end, end, by, IconButtonSize, IconButtonSize)
	if b.view.State != VoiceTrouble {
		end -= composerGap
	} else {
		end += IconButtonSize
	}
	put(b.box, x, y, end-x, composerMinBox)
	const pad = 12
	right := end - pad
	switch b.view.State {
	case VoiceRecording:
		const dot = 10
		put(b.dot, x+pad, y+(composerMinBox-dot)/2, dot, dot)
		x += pad + dot + pad
	case VoiceReady:
		put(b.play, x+1, by, IconButtonSize, IconButtonSize)
		x += 1 + IconButtonSize + 6
	default:
		x += pad
	}
	if b.view.Time != "" {
		w := b.time.Width() + 1
		putLabel(b.time, right-w, y, w, composerMinBox)
		right -= w + pad
	}
	putLabel(b.text, x, y, right-x, composerMinBox)
	put(b.wave, x, y+4, max(0, right-x), composerMinBox-8)
}

func (b *VoiceBar) update() {
	b.line.FillColor = theme.Color(ColorLine)
	b.box.FillColor, b.box.StrokeWidth = theme.Color(ColorField), LineWidth
	b.box.StrokeColor = theme.Color(ColorField)
	b.dot.FillColor = theme.Color(ColorDangerFill)
	b.text.color = ColorSecondary
	if b.view.State == VoiceTrouble {
		b.text.color = ColorDanger
	}
	show(b.dot, b.view.State == VoiceRecording)
	show(b.play, b.view.State == VoiceReady)
	show(b.end, b.view.State != VoiceTrouble)
	show(b.text, b.view.Text != "")
	show(b.wave, b.view.Text == "" && b.view.Wave != "")
}
