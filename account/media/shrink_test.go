package media

import (
	"image"
	"image/color"
	"math"
	"testing"
)

// TestShrunk compares averages with what is worked out pixel by pixel.
func TestShrunk(t *testing.T) {
	at := func(x, y int) float64 { return 100 + 60*math.Sin(float64(x)/3) + 60*math.Cos(float64(y)/5) }
	for _, c := range []struct{ w, h, toW, toH int }{{10, 10, 10, 10}, {9, 7, 3, 7}, {7, 5, 3, 2}, {50, 31, 49, 30}, {640, 3, 1, 1}, {101, 67, 10, 6}} {
		m := image.NewRGBA(image.Rect(5, 6, 5+c.w, 6+c.h))
		for y := range c.h {
			for x := range c.w {
				m.SetRGBA(5+x, 6+y, color.RGBA{uint8(at(x, y)), uint8(at(x, y) / 2), 7, 0xFF})
			}
		}
		got := shrunk(m, c.toW, c.toH)
		overlap := func(i, n, to, j int) float64 { // of source i with goal j
			lo, hi := float64(j)*float64(n)/float64(to), float64(j+1)*float64(n)/float64(to)
			return max(0, min(hi, float64(i+1))-max(lo, float64(i)))
		}
		for v := range c.toH {
			for u := range c.toW {
				var red, all float64
				for y := range c.h {
					for x := range c.w {
						part := overlap(x, c.w, c.toW, u) * overlap(y, c.h, c.toH, v)
						red += part * float64(m.RGBAAt(5+x, 6+y).R)
						all += part
					}
				}
				p := got.RGBAAt(u, v)
				if math.Abs(red/all-float64(p.R)) > 1 || p.B != 7 || p.A != 0xFF {
					t.Fatalf("%+v: %v at %d, %d, want %.1f of red", c, p, u, v, red/all)
				}
			}
		}
	}
}

func BenchmarkShrunk(b *testing.B) {
	m := image.NewYCbCr(image.Rect(0, 0, 2048, 1536), image.YCbCrSubsampleRatio420)
	b.ReportAllocs()
	for b.Loop() {
		shrunk(m, 480, 360)
	}
}
