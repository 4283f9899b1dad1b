package media

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"testing"
	"time"
)

// moving makes a GIF of 4 by 4 pixels in which a dot goes along the first row.
func moving(t testing.TB, disposal byte, frames int) []byte {
	t.Helper()
	palette := color.Palette{color.Transparent, color.RGBA{255, 0, 0, 255}}
	g := gif.GIF{Config: image.Config{ColorModel: palette, Width: 4, Height: 4}}
	for i := range frames {
		m := image.NewPaletted(image.Rect(i, 0, i+1, 1), palette)
		m.SetColorIndex(i, 0, 1)
		g.Image, g.Delay, g.Disposal = append(g.Image, m), append(g.Delay, i*5), append(g.Disposal, disposal)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestMotion(t *testing.T) {
	for disposal, want := range map[byte][]string{
		gif.DisposalNone:       {"#...", "##..", "###.", "#..."},
		gif.DisposalBackground: {"#...", ".#..", "..#.", "#..."},
		gif.DisposalPrevious:   {"#...", ".#..", "..#.", "#..."},
	} {
		m, err := DecodeMotion(bytes.NewReader(moving(t, disposal, 3)))
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range want {
			frame, d := m.Next()
			row := ""
			for x := range 4 {
				row += string(".#"[min(int(frame.RGBAAt(x, 0).R), 1)])
			}
			if row != w {
				t.Errorf("disposal %d, frame %d: %s, want %s", disposal, i, row, w)
			}
			if wantTime := []time.Duration{usual, 50 * time.Millisecond, 100 * time.Millisecond, usual}[i]; d != wantTime {
				t.Errorf("frame %d is shown for %v", i, d)
			}
		}
	}
}

func TestMotionRefuses(t *testing.T) {
	if _, err := DecodeMotion(bytes.NewReader(moving(t, 0, 1))); !errors.Is(err, ErrUnknown) {
		t.Errorf("one frame: %v", err)
	}
	if _, err := DecodeMotion(bytes.NewReader(pngOf(t, corner(4, 4)))); !errors.Is(err, ErrUnknown) {
		t.Errorf("a PNG: %v", err)
	}
	// Many frames as large as the whole, each of a few bytes.
	frame := "\x2c\x00\x00\x00\x00\x10\x27\x10\x27\x00\x02\x01\x00\x00"
	bomb := "GIF89a\x00\x10\x00\x10\x00\x00\x00"
	for range 100 {
		bomb += frame
	}
	if _, err := DecodeMotion(bytes.NewReader([]byte(bomb + ";"))); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a bomb: %v", err)
	}
}
