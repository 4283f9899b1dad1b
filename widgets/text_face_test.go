package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// TestTextNamesItsFont holds that no text leaves it to Fyne to find a font, which
// reads many for each style.
func TestTextNamesItsFont(t *testing.T) {
	newTestTranscript(t, 100, 100)
	for _, style := range []fyne.TextStyle{{}, {Bold: true}, {Italic: true}, {Bold: true, Italic: true}, {Monospace: true}} {
		f := typefaceOf(TextBody, LineBody, style)
		for k, want := range map[faceKind]fyne.Resource{faceText: theme.Current().Font(style), faceStrut: sharedFonts.strut} {
			o := canvas.NewText("", nil)
			placeRun(o, "x", f, k, 0, 0, 1, theme.Color(ColorText))
			if o.FontSource == nil || o.FontSource != want {
				t.Errorf("%+v, kind %d: drawn by %v, want %v", style, k, o.FontSource, want)
			}
		}
	}
}
