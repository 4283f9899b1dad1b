package widgets

import (
	"image"
	"image/color"
	"testing"
)

func TestFillCorners(t *testing.T) {
	ink := color.NRGBA{R: 0xD6, G: 0xE7, B: 0xFF, A: 0xFF}
	for _, h := range []float32{34, 300} {
		for _, scale := range []float32{1, 1.5, 2} {
			f := &fill{}
			s := fillShape{w: 200, h: h, radius: 14, tail: 2, color: ink, scale: scale}
			parts := f.place(s, 10, 20)
			if want := map[bool]int{true: 1, false: 3}[h <= fillWholeMax]; len(parts) != want {
				t.Fatalf("%v high: %d pictures, want %d", h, len(parts), want)
			}
			last := parts[min(1, len(parts)-1)]
			if end := last.Position().Y + last.Size().Height; end != 20+h {
				t.Errorf("%v high: ends at %v, want %v", h, end, 20+h)
			}
			top, bottom := parts[0].Image.(*image.RGBA), last.Image.(*image.RGBA)
			w, b := top.Rect.Dx(), bottom.Rect.Dy()
			if top.RGBAAt(0, 0).A != 0 || top.RGBAAt(w-1, 0).A != 0 || bottom.RGBAAt(0, b-1).A != 0 {
				t.Error("a corner is not round")
			}
			if top.RGBAAt(w/2, 0) != (color.RGBA{0xD6, 0xE7, 0xFF, 0xFF}) {
				t.Errorf("the edge has %v", top.RGBAAt(w/2, 0))
			}
			in := int(4 * scale) // inside of the small corner, outside of a large one
			if bottom.RGBAAt(w-1-in, b-1-in).A != 0xFF || bottom.RGBAAt(in/2, b-1-in/2).A == 0xFF {
				t.Error("the corner of the speaker is not the small one")
			}
			before := parts[0].Image
			was := &before.(*image.RGBA).Pix[0]
			if f.place(s, 30, 40); f.pictures[0].Image != before {
				t.Error("a fill that only moved was made anew")
			}
			s.w = 190
			if f.place(s, 30, 40); &f.pictures[0].Image.(*image.RGBA).Pix[0] != was {
				t.Error("the memory of a picture was not used again")
			}
		}
	}
}
