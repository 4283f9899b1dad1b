package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestInkContrast(t *testing.T) {
	defer useTheme(lightTheme)
	for _, th := range []testTheme{lightTheme, darkTheme} {
		useTheme(th)
		for _, ground := range []fyne.ThemeColorName{ColorBackground, ColorBubbleIn, ColorBubbleOut} {
			for _, ink := range []fyne.ThemeColorName{ColorText, ColorSecondary, ColorAccentText, ColorDanger, ColorOther} {
				a, b := relativeLuminance(inkOn(ink, ground)), luminance(t, ground, th.variant)
				if r := (max(a, b) + 0.05) / (min(a, b) + 0.05); r < 4.5 {
					t.Errorf("variant %d: %s on %s has a contrast of %.2f", th.variant, ink, ground, r)
				}
			}
		}
	}
}

func TestThemeChangeDrawsAnew(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 400)
	tr.SetRows([]Row{testRow(1, false, "hello")}, false, false)
	defer useTheme(lightTheme)
	useTheme(darkTheme)
	tr.Refresh()
	want, _ := Palette(ColorText, darkTheme.variant)
	v := tr.drawn.views[tr.rows.items[0]]
	if v.runs.texts[0].drawn.ink != want {
		t.Errorf("text is drawn in %v, want %v", v.runs.texts[0].drawn.ink, want)
	}
}
