package widgets

import (
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
)

// TestRunLooksLikeFyne compares what is drawn here with what Fyne draws.
func TestRunLooksLikeFyne(t *testing.T) {
	newTestTranscript(t, 100, 100)
	for _, style := range []fyne.TextStyle{{}, {Bold: true}, {Italic: true}, {Monospace: true}} {
		f := typefaceOf(TextBody, LineBody, style)
		for _, text := range []string{"x", "Good night, good night! 12:47 -> AVATAR", "Größe Ärger e\u0301 ñ", "Привет, Ромео", "Γειά σου", "  two  spaces "} {
			for _, scale := range []float32{1, 1.5, 2} {
				run := newRun()
				run.place(runState{text, f, faceText, scale, color.Black}, nil, 10, 20)
				text := canvas.NewText(text, color.Black)
				text.TextSize, text.TextStyle, text.FontSource = f.size, f.faceStyle(faceText), f.font
				text.Resize(text.MinSize())
				text.Move(run.Position())
				ours, theirs := ink(run, scale), ink(text, scale)
				if d := abs(run.MinSize().Width - text.MinSize().Width); d > 0.5 {
					t.Errorf("%q in %+v is %v wider or narrower", text.Text, style, d)
				}
				if ours.total < 0.96*theirs.total || ours.total > 1.04*theirs.total {
					t.Errorf("%q in %+v at %v: %v of ink, Fyne has %v", text.Text, style, scale, ours.total, theirs.total)
				}
				if a, b := ours.box, theirs.box; !a.In(b.Inset(-1)) || !b.In(a.Inset(-1)) {
					t.Errorf("%q in %+v at %v: covers %v, Fyne's %v", text.Text, style, scale, a, b)
				}
			}
		}
	}
}

// inked is what an object leaves on a white page.
type inked struct {
	total float64
	box   image.Rectangle
}

func ink(o fyne.CanvasObject, scale float32) (i inked) {
	c := software.NewCanvas()
	c.SetScale(scale)
	c.SetPadded(false)
	ground := canvas.NewRectangle(color.White)
	ground.Resize(fyne.NewSize(400, 60))
	c.SetContent(&fyne.Container{Objects: []fyne.CanvasObject{ground, o}})
	c.Resize(fyne.NewSize(400, 60))
	page := c.Capture()
	for y := page.Bounds().Min.Y; y < page.Bounds().Max.Y; y++ {
		for x := page.Bounds().Min.X; x < page.Bounds().Max.X; x++ {
			if v := color.GrayModel.Convert(page.At(x, y)).(color.Gray).Y; v < 0xF0 {
				i.total += float64(0xFF - v)
				i.box = i.box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return i
}

// TestRunFollowsScale draws a run that was placed before the scale of the window
// was known.
func TestRunFollowsScale(t *testing.T) {
	newTestTranscript(t, 100, 100)
	f := typefaceFor(TextBody, false)
	before, after := newRun(), newRun()
	before.place(runState{"Parting is such sweet sorrow", f, faceText, 1, color.Black}, nil, 10, 20)
	after.place(runState{"Parting is such sweet sorrow", f, faceText, 1.5, color.Black}, nil, 10, 20)
	a, b := ink(before, 1.5), ink(after, 1.5)
	if a.total < 0.98*b.total || a.total > 1.02*b.total || !a.box.In(b.box.Inset(-1)) || !b.box.In(a.box.Inset(-1)) {
		t.Errorf("%v of ink in %v, want %v in %v", a.total, a.box, b.total, b.box)
	}
}

// TestRunsShareLetters draws runs of many widths in a size that is no whole number
// of pixels.
func TestRunsShareLetters(t *testing.T) {
	newTestTranscript(t, 100, 100)
	f := typefaceFor(TextBody, false)
	clear(f.outlines.masks)
	const scale = 1.3
	for n := range 200 {
		r := newRun()
		r.place(runState{strings.Repeat("i", n+1), f, faceText, scale, color.Black}, nil, 0, 20)
		size := r.picture.Size()
		r.paint(int(math.Round(float64(size.Width*scale))), int(math.Round(float64(size.Height*scale))))
	}
	if n := len(f.outlines.masks); n != maskSteps {
		t.Errorf("the letter was filled %d times, want once for each of %d places", n, maskSteps)
	}
}

// TestRunTints draws a run in two colours.
func TestRunTints(t *testing.T) {
	newTestTranscript(t, 100, 100)
	f := typefaceFor(TextBody, false)
	red := color.NRGBA{R: 0xFF, A: 0xFF}
	r := newRun()
	r.place(runState{"Hi there", f, faceText, 1, color.Black}, []tint{{3, red}}, 10, 20)
	p := r.paint(int(r.picture.Size().Width), int(r.picture.Size().Height)).(*image.RGBA)
	seam := int(-r.picture.Position().X + f.width("Hi ", faceText))
	for y := range p.Rect.Dy() {
		for x := range p.Rect.Dx() {
			if c := p.RGBAAt(x, y); c.A != 0 && (c.R != 0) != (x < seam) {
				t.Fatalf("%v at %d, %d, the second colour begins at %d", c, x, y, seam)
			}
		}
	}
	whole := newRun()
	whole.place(runState{"Hi there", f, faceText, 1, color.Black}, nil, 10, 20)
	if a, b := ink(r, 1), ink(whole, 1); a.box != b.box || r.Size() != whole.Size() {
		t.Errorf("covers %v, in one colour %v", a.box, b.box)
	}
	if r.place(runState{"Hi there", f, faceText, 1, color.Black}, []tint{{2, red}}, 10, 20); r.tints[0].to != 2 {
		t.Error("other tints were not taken")
	}
}

// TestRunKeepsLittle holds that what was drawn is kept within bounds.
func TestRunKeepsLittle(t *testing.T) {
	newTestTranscript(t, 100, 100)
	f := typefaceFor(TextBody, false)
	r := newRun()
	r.place(runState{"QWZ", f, faceText, 1, color.Black}, nil, 0, 20)
	one := r.paint(50, 20).(*image.RGBA)
	two := r.paint(40, 20).(*image.RGBA)
	if &one.Pix[0] != &two.Pix[0] {
		t.Error("each run has memory of its own")
	}
	if page := blankPage(4<<10, 1<<10); len(page.Pix) != 16<<20 || cap(page.Pix) == len(one.Pix) {
		t.Errorf("a large page has %d bytes", len(page.Pix))
	}
	var pool runPool
	pool.draw("QWZ", f, faceText, 0, 20, 1, color.Black)
	pool.reset()
	pool.trim()
	if pool.texts[0].Text() != "" {
		t.Error("what is not drawn any more is kept")
	}
	clear(f.outlines.masks)
	f.outlines.bytes = maxMasks + 1
	r.paint(50, 20)
	if f.outlines.bytes > maxMasks || len(f.outlines.masks) != 3 || f.outlines.bytes < 3*maskAlone {
		t.Errorf("%d letters of %d bytes are kept", len(f.outlines.masks), f.outlines.bytes)
	}
	for i := range maxShapes + 10 {
		f.shape(string(rune('a'+i%26)) + strings.Repeat("b", i/26%40) + string(rune('a'+i/1040)))
	}
	f.shape(strings.Repeat("c", maxCachedWord+1))
	if len(f.shapes) > maxShapes || f.shapes[strings.Repeat("c", maxCachedWord+1)] != nil {
		t.Errorf("%d words are kept", len(f.shapes))
	}
}

// TestRunIsMeasuredOnce holds that the size of a run costs nothing: the toolkit asks
// for it at each frame.
func TestRunIsMeasuredOnce(t *testing.T) {
	newTestTranscript(t, 100, 100)
	f := typefaceFor(TextBody, false)
	text := "https://verona.example/" + strings.Repeat("balcony", 10)
	r := newRun()
	r.place(runState{text, f, faceText, 1, color.Black}, nil, 0, 20)
	if got, want := r.MinSize().Width, f.width(text, faceText); got != want {
		t.Errorf("%v wide, want %v", got, want)
	}
	if n := testing.AllocsPerRun(10, func() { r.MinSize() }); n > 0 {
		t.Errorf("asked for its size it makes %v objects", n)
	}
}
