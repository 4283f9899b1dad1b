package app

import (
	"image/color"
	"math"
	"testing"
)

// luminance is the relative luminance of WCAG 2.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func TestFaceColorsCarryWhite(t *testing.T) {
	for i := range 360 {
		c := hueColor(float64(i) / 360)
		if contrast := 1.05 / (luminance(c) + 0.05); contrast < 4.5 {
			t.Errorf("hue %d: %v has a contrast of %.2f with white", i, c, contrast)
		}
	}
}

func TestColorOfIsStable(t *testing.T) {
	if a, b := colorOf("juliet@capulet.example"), colorOf("juliet@capulet.example"); a != b {
		t.Errorf("%v and %v", a, b)
	}
	if colorOf("juliet@capulet.example") == colorOf("romeo@montague.example") {
		t.Error("two addresses share a colour")
	}
}

func TestLetterOf(t *testing.T) {
	for name, want := range map[string]string{
		"juliet": "J", "  \"Benvolio\"": "B", "#verona": "V", "": "?", "李 Wei": "李", "élan": "É",
		"👩\u200d👧 family": "👩\u200d👧",
	} {
		if got := letterOf(name); got != want {
			t.Errorf("letterOf(%q) = %q, want %q", name, got, want)
		}
	}
}
