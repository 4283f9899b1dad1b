package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// TestTextNamesItsFont holds that no text leaves it to Fyne to find a font, which
// reads many for each style.
func TestTextNamesItsFont(t *testing.T) {
	newTestTranscript(t, 100, 100)
	for _, style := range []fyne.TextStyle{{}, {Bold: true}, {Italic: true}, {Bold: true, Italic: true}, {Monospace: true}} {
		f := typefaceOf(TextBody, LineBody, style)
		if f.outlines == nil {
			t.Fatalf("%+v: the font cannot be read", style)
		}
		r := newRun()
		r.place(runState{"x", f, faceText, 1, theme.Color(ColorText)}, nil, 0, 0)
		if r.text != nil {
			t.Errorf("%+v: left to Fyne", style)
		}
		r.place(runState{"x", f, faceStrut, 1, theme.Color(ColorText)}, nil, 0, 0)
		if got := r.text.FontSource; got == nil || got != sharedFonts.strut {
			t.Errorf("%+v: drawn by %v, want the strut", style, got)
		}
	}
}
