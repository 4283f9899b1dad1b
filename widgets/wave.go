package widgets

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Measures of how a sound is drawn, in dp.
const (
	waveBar   = float32(2)
	waveGap   = float32(2)
	waveLeast = float32(3) // the height of silence
)

// waveLook is all that the picture of a sound depends on.
type waveLook struct {
	peaks       string // 0 to 255, from the beginning to the end; empty for not known
	heard       float32
	w, h        float32
	scale       float32
	done, ahead color.Color
}

// wavePicture draws how loud a sound is over time, in two colours: what was heard
// and what is ahead. It is one picture, because as many bars would slow down the
// window. The last one is kept.
type wavePicture struct {
	look  waveLook
	image *canvas.Image
}

func newWavePicture() *wavePicture { return &wavePicture{image: newPicture()} }

// set draws it if it looks different now.
func (p *wavePicture) set(look waveLook) {
	scale := look.scale
	look.heard = float32(int(look.heard*look.w*scale)) / max(1, look.w*scale) // whole pixels
	if p.look == look && p.image.Image != nil {
		return
	}
	p.look = look
	p.image.Image = look.draw()
	p.image.Refresh()
}

// draw makes the picture.
func (l *waveLook) draw() image.Image {
	w, h := max(1, int(l.w*l.scale)), max(1, int(l.h*l.scale))
	im := image.NewRGBA(image.Rect(0, 0, w, h))
	// Bars stand on whole pixels, all alike.
	bar, pitch := max(1, int(waveBar*l.scale)), max(2, int((waveBar+waveGap)*l.scale))
	n := max(1, (w+pitch-bar)/pitch)
	edge := int(l.heard * float32(w))
	done, ahead := rgba(l.done), rgba(l.ahead)
	for i := range n {
		from := i * pitch
		to := min(w, from+bar)
		high := waveLeast + (l.h-waveLeast)*float32(l.peak(i, n))/255
		half := int(high * l.scale / 2)
		for x := from; x < to; x++ {
			ink := ahead
			if x < edge {
				ink = done
			}
			for y := max(0, h/2-half); y < min(h, h/2+half); y++ {
				im.SetRGBA(x, y, ink)
			}
		}
	}
	return im
}

// peak gives the loudness of bar i of n. Where there are more bars than peaks,
// those between follow from their neighbours.
func (l *waveLook) peak(i, n int) (top byte) {
	last := len(l.peaks) - 1
	switch {
	case last < 0:
		return 0
	case n > last+1:
		at := float32(i*last) / float32(n-1)
		k := min(int(at), last-1)
		if k < 0 {
			return l.peaks[0]
		}
		a, b := float32(l.peaks[k]), float32(l.peaks[k+1])
		return byte(a + (b-a)*(at-float32(k)))
	}
	from := i * len(l.peaks) / n
	to := max(from+1, (i+1)*len(l.peaks)/n)
	for _, p := range []byte(l.peaks[from:to]) {
		top = max(top, p)
	}
	return top
}

func rgba(c color.Color) color.RGBA { return color.RGBAModel.Convert(c).(color.RGBA) }

// waveStrip is a wave of its own, in which a press goes to a place.
type waveStrip struct {
	widget.BaseWidget
	onSeek  func(part float32)
	peaks   string
	heard   float32
	live    bool // it grows at its end, and nothing is to be gone to
	picture *wavePicture
}

func newWaveStrip(onSeek func(part float32)) *waveStrip {
	s := &waveStrip{onSeek: onSeek, picture: newWavePicture()}
	s.ExtendBaseWidget(s)
	return s
}

func (s *waveStrip) set(peaks string, heard float32, live bool) {
	if s.peaks != peaks || s.heard != heard || s.live != live {
		s.peaks, s.heard, s.live = peaks, heard, live
		s.Refresh()
	}
}

// Tapped is Fyne's.
func (s *waveStrip) Tapped(e *fyne.PointEvent) { s.seek(e.Position.X) }

// Dragged is Fyne's.
func (s *waveStrip) Dragged(e *fyne.DragEvent) { s.seek(e.Position.X) }

// DragEnd is Fyne's; it does nothing.
func (s *waveStrip) DragEnd() {}

func (s *waveStrip) seek(x float32) {
	if !s.live && s.Size().Width > 0 {
		s.onSeek(min(1, max(0, x/s.Size().Width)))
	}
}

// Cursor is Fyne's.
func (s *waveStrip) Cursor() desktop.Cursor {
	if s.live {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// CreateRenderer is Fyne's.
func (s *waveStrip) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{s.picture.image}, min: fixed(40, composerMinBox-8)}
	p.layout = func(size fyne.Size) {
		put(s.picture.image, 0, 0, size.Width, size.Height)
		s.update()
	}
	p.refresh = s.update
	return p
}

func (s *waveStrip) update() {
	size := s.Size()
	if size.Width < 1 {
		return
	}
	s.picture.set(waveLook{
		peaks: s.peaks, heard: s.heard, w: size.Width, h: size.Height, scale: scaleOf(s),
		done: theme.Color(ColorAccentText), ahead: mix(theme.Color(ColorSecondary), theme.Color(ColorField), 0.45),
	})
}
