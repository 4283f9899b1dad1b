package app

import (
	"image/color"
	"log/slog"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"linnet/assets"
	"linnet/widgets"
)

// appTheme is Linnet's look in light and dark. It follows the system unless a
// variant was chosen.
type appTheme struct {
	choice string // one of the theme choices of prefs
}

var _ fyne.Theme = (*appTheme)(nil)

func newTheme() *appTheme { return &appTheme{} }

// Color implements fyne.Theme.
func (t *appTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch t.choice {
	case themeLight:
		variant = theme.VariantLight
	case themeDark:
		variant = theme.VariantDark
	}
	if c, ok := widgets.Palette(name, variant); ok {
		return c
	}
	return theme.DefaultTheme().Color(name, variant)
}

// Font implements fyne.Theme.
func (t *appTheme) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Symbol:
		return theme.DefaultTheme().Font(style)
	case style.Monospace:
		return fontMono
	case style.Bold && style.Italic:
		return fontBoldItalic
	case style.Bold:
		return fontBold
	case style.Italic:
		return fontItalic
	}
	return fontRegular
}

// The fonts go through the theme, so that Fyne's own entry has the coloured emoji
// behind them.
var (
	fontRegular    = fyne.NewStaticResource("LinnetSans-Regular.ttf", assets.FontRegular)
	fontBold       = fyne.NewStaticResource("LinnetSans-SemiBold.ttf", assets.FontBold)
	fontItalic     = fyne.NewStaticResource("LinnetSans-Italic.ttf", assets.FontItalic)
	fontBoldItalic = fyne.NewStaticResource("LinnetSans-SemiBoldItalic.ttf", assets.FontBoldItalic)
	fontMono       = fyne.NewStaticResource("LinnetMono-Regular.ttf", assets.FontMono)
)

// Icon implements fyne.Theme.
func (t *appTheme) Icon(name fyne.ThemeIconName) fyne.Resource {
	return theme.DefaultTheme().Icon(name)
}

// Size implements fyne.Theme.
func (t *appTheme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := widgets.Size(name); ok {
		return s
	}
	return theme.DefaultTheme().Size(name)
}

// loadTranslations makes the texts of the window known to Fyne.
func loadTranslations(log *slog.Logger) {
	if err := lang.AddTranslationsFS(assets.Translations, "translations"); err != nil {
		log.Error("translations", "error", err)
	}
}

// applyTheme puts the chosen variant into effect.
func (a *App) applyTheme() {
	if a.theme.choice != a.prefs.Theme {
		a.theme = &appTheme{choice: a.prefs.Theme}
		a.fyne.Settings().SetTheme(a.theme)
	}
}
