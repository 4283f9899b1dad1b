package widgets

import (
	"image"
	"image/color"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Run is text of one font, size and colour on a line. All text but that in fields
// to write in is drawn by it: a picture of what the theme's font can draw, and
// Fyne's own text for what needs another font. It belongs to the UI goroutine.
type Run struct {
	widget.BaseWidget
	drawn   runState
	picture *canvas.Image
	text    *canvas.Text // nil until it is needed
	rend    *painter
}

// runState is all that what is drawn depends on.
type runState struct {
	text  string
	face  *typeface
	kind  faceKind
	scale float32
	ink   color.Color
}

func newRun() *Run {
	r := &Run{picture: newPicture()}
	r.rend = &painter{layout: func(fyne.Size) {}, refresh: func() {}, min: r.need}
	r.ExtendBaseWidget(r)
	return r
}

// Text gives what it shows.
func (r *Run) Text() string { return r.drawn.text }

// CreateRenderer is Fyne's.
func (r *Run) CreateRenderer() fyne.WidgetRenderer { return r.rend }

// need gives the size of the text.
func (r *Run) need() fyne.Size {
	d := &r.drawn
	if d.face == nil {
		return fyne.Size{}
	}
	return fyne.NewSize(d.face.width(d.text, d.kind), d.face.heights[d.kind])
}

// place draws a run with its base line at a place. Fyne puts pictures and texts on
// whole pixels.
func (r *Run) place(d runState, x, base float32) {
	if d != r.drawn {
		d.text = strings.Clone(d.text) // not a piece of a message, which would stay in memory
		r.drawn = d
		if d.kind == faceText && d.face.outlines != nil {
			r.draw()
		} else {
			r.leave()
		}
	}
	top := base - ceil(d.face.ascents[d.kind]*d.scale)/d.scale
	if p := fyne.NewPos(x, top); r.Position() != p {
		r.Move(p)
	}
}

// leave has Fyne draw it. The size must be that of the text: a higher one is
// centred, and one that is out of view by its size is not drawn.
func (r *Run) leave() {
	d := &r.drawn
	if r.text == nil {
		r.text = canvas.NewText("", d.ink)
	}
	o := r.text
	o.Text, o.Color = d.kind.drawn(d.text), d.ink
	o.TextSize, o.TextStyle, o.FontSource = d.face.size, d.face.faceStyle(d.kind), d.face.source(d.kind)
	o.Resize(o.MinSize())
	r.Resize(o.MinSize())
	r.rend.objects = []fyne.CanvasObject{o}
}

// draw makes the picture of the run. It is wider than the text, for letters that
// hang over; of the pixels of the picture before, the memory is used again.
func (r *Run) draw() {
	d := &r.drawn
	f := d.face
	pad := int(ceil(f.size*d.scale/8)) + 1
	base := int(ceil(f.ascents[faceText] * d.scale))
	width := f.width(d.text, faceText)
	w, h := int(ceil(width*d.scale))+2*pad, base+int(ceil((f.heights[faceText]-f.ascents[faceText])*d.scale))+1
	p := emptyPicture(memory(r.picture), w, h)
	f.write(p, d.text, d.scale, pad, base, d.ink)
	r.picture.Image = p
	r.Resize(fyne.NewSize(width, f.heights[faceText]))
	put(r.picture, -float32(pad)/d.scale, 0, float32(w)/d.scale, float32(h)/d.scale)
	r.picture.Refresh()
	r.rend.objects = []fyne.CanvasObject{r.picture}
}

// memory gives what a picture of ours shows; nil for nothing.
func memory(p *canvas.Image) *image.RGBA {
	before, _ := p.Image.(*image.RGBA)
	return before
}

// clear lets go of what was drawn.
func (r *Run) clear() {
	if r.drawn == (runState{}) {
		return
	}
	r.drawn = runState{}
	r.picture.Image = nil
	r.picture.Refresh()
}

// emptyPicture gives a picture with nothing on it, in the memory of another where
// that is enough and not far too much.
func emptyPicture(before *image.RGBA, w, h int) *image.RGBA {
	n := 4 * w * h
	if before == nil || cap(before.Pix) < n || cap(before.Pix) > 4*n {
		return image.NewRGBA(image.Rect(0, 0, w, h))
	}
	pix := before.Pix[:n]
	clear(pix)
	return &image.RGBA{Pix: pix, Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
}

// write writes a text from x on the base line.
func (f *typeface) write(p *image.RGBA, s string, scale float32, x, base int, ink color.Color) {
	c := color.RGBAModel.Convert(ink).(color.RGBA)
	at := float32(x)
	for s != "" {
		word, rest, spaced := strings.Cut(s, " ")
		if word != "" {
			k := f.shape(word)
			for _, g := range k.glyphs {
				f.outlines.stamp(p, g, at, base, f.size, scale, c)
			}
			at += k.w * scale
		}
		if spaced {
			at += f.space * scale
		}
		s = rest
	}
}

// stamp puts a letter onto a picture, in the word that begins at x.
func (o *outlineFont) stamp(p *image.RGBA, g placedGlyph, x float32, base int, size, scale float32, c color.RGBA) {
	x += g.x*scale + 0.5/maskSteps
	left := floor(x)
	m := o.mask(maskKey{g.id, size * scale, uint8((x - left) * maskSteps)})
	if m == nil {
		return
	}
	m.onto(p, int(left)+m.x, base+int(math.Round(float64(g.y*scale)))+m.y, c)
}

// onto puts a colour onto a picture where the mask is, over what is there.
func (m *glyphMask) onto(p *image.RGBA, x, y int, c color.RGBA) {
	to := image.Rect(x, y, x+m.Rect.Dx(), y+m.Rect.Dy()).Intersect(p.Rect)
	for v := to.Min.Y; v < to.Max.Y; v++ {
		from := m.Pix[(v-y)*m.Stride+to.Min.X-x:][:to.Dx()]
		row := p.Pix[v*p.Stride+4*to.Min.X:][:4*to.Dx()]
		for i, part := range from {
			if part == 0 {
				continue
			}
			px := row[4*i : 4*i+4 : 4*i+4]
			a := uint32(part)
			rest := 255 - a*uint32(c.A)/255
			px[0] = uint8((uint32(c.R)*a + uint32(px[0])*rest) / 255)
			px[1] = uint8((uint32(c.G)*a + uint32(px[1])*rest) / 255)
			px[2] = uint8((uint32(c.B)*a + uint32(px[2])*rest) / 255)
			px[3] = uint8((uint32(c.A)*a + uint32(px[3])*rest) / 255)
		}
	}
}
