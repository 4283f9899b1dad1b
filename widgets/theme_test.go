package widgets

import (
	"image/color"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"linnet/assets"
)

// testTheme is the theme of the application without its settings: the same
// colours, sizes and fonts.
type testTheme struct{ variant fyne.ThemeVariant }

func (t testTheme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := Palette(n, t.variant); ok {
		return c
	}
	return theme.DefaultTheme().Color(n, t.variant)
}

func (t testTheme) Size(n fyne.ThemeSizeName) float32 {
	if s, ok := Size(n); ok {
		return s
	}
	return theme.DefaultTheme().Size(n)
}

func (t testTheme) Font(s fyne.TextStyle) fyne.Resource {
	switch {
	case s.Symbol:
		return theme.DefaultTheme().Font(s)
	case s.Monospace:
		return monoFont
	case s.Bold && s.Italic:
		return boldItalicFont
	case s.Bold:
		return boldFont
	case s.Italic:
		return italicFont
	}
	return regularFont
}

func (t testTheme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

var (
	regularFont    = fyne.NewStaticResource("LinnetSans-Regular.ttf", assets.FontRegular)
	boldFont       = fyne.NewStaticResource("LinnetSans-SemiBold.ttf", assets.FontBold)
	italicFont     = fyne.NewStaticResource("LinnetSans-Italic.ttf", assets.FontItalic)
	boldItalicFont = fyne.NewStaticResource("LinnetSans-SemiBoldItalic.ttf", assets.FontBoldItalic)
	monoFont       = fyne.NewStaticResource("LinnetMono-Regular.ttf", assets.FontMono)

	lightTheme = testTheme{theme.VariantLight}
	darkTheme  = testTheme{theme.VariantDark}
)

func TestMain(m *testing.M) {
	test.NewApp()
	startColouring = func(func()) {} // see colourNow
	useTheme(lightTheme)
	os.Exit(m.Run())
}

// useTheme has the toolkit take a theme, unless it has it: each time it parses all
// fonts anew, and its shaper never lets go of those of before.
func useTheme(look fyne.Theme) {
	if s := fyne.CurrentApp().Settings(); s.Theme() != look {
		s.SetTheme(look)
	}
}

// window shows an object in a window of a size, in the light theme.
func window(t testing.TB, o fyne.CanvasObject, w, h float32) fyne.Window {
	t.Helper()
	useTheme(lightTheme)
	win := test.NewTempWindow(t, NewRoot(o))
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	return win
}
