package media

import (
	"image"
	"image/draw"
)

// shrunk makes a picture smaller: each pixel is the average of what it stands for.
// Scaling by a library takes 32 bytes for each row and column in between, 5 MB for
// a photo, which is garbage at once; this takes two rows.
func shrunk(m image.Image, w, h int) *image.RGBA {
	b := m.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	row := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	narrow, sum := make([]float32, 4*w), make([]float32, 4*w)
	across := shares(b.Dx(), w)
	area := float32(b.Dx()) / float32(w) * float32(b.Dy()) / float32(h)
	for y, down := range shares(b.Dy(), h) {
		draw.Draw(row, row.Rect, m, image.Pt(b.Min.X, b.Min.Y+y), draw.Src)
		clear(narrow)
		for x, s := range across {
			px := row.Pix[4*x : 4*x+4 : 4*x+4]
			for i, v := range px {
				narrow[4*s.on+i] += float32(v) * s.part
			}
			if s.part < 1 && s.on+1 < w {
				for i, v := range px {
					narrow[4*s.on+4+i] += float32(v) * (1 - s.part)
				}
			}
		}
		for i, v := range narrow {
			sum[i] += v * down.part
		}
		if !down.last {
			continue
		}
		for i, v := range sum {
			out.Pix[down.on*out.Stride+i] = uint8(min(255, v/area+0.5))
			sum[i] = narrow[i] * (1 - down.part)
		}
	}
	return out
}

// share tells on which of fewer rows one of many falls, and how much of it; the
// rest falls on the next. The last one is the last that falls on it.
type share struct {
	on   int
	part float32
	last bool
}

// shares divides n rows or columns among fewer.
func shares(n, fewer int) []share {
	all := make([]share, n)
	for i := range all {
		on := i * fewer / n
		end := float32((on+1)*n) / float32(fewer)
		all[i] = share{on, min(1, end-float32(i)), i == n-1 || (i+1)*fewer/n > on}
	}
	return all
}
