package app

import (
	"slices"
	"sync"
	"testing"
	"time"
	_ "unsafe" // for go:linkname

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// toolkit is the one app of the toolkit that all tests share. A new one, and each
// new theme, would have the toolkit parse all fonts anew, and keep those of before
// for ever.
type toolkit struct {
	fyne.App
	theme *sharedTheme
}

// sharedTheme is the theme of the window under test.
type sharedTheme struct{ fyne.Theme }

// sharedSettings are the toolkit's but for the theme.
type sharedSettings struct {
	fyne.Settings
	of *toolkit
}

// Settings implements fyne.App.
func (k *toolkit) Settings() fyne.Settings { return sharedSettings{k.App.Settings(), k} }

// SetTheme implements fyne.Settings.
func (s sharedSettings) SetTheme(look fyne.Theme) {
	s.of.theme.Theme = look
	for _, w := range s.of.Driver().AllWindows() {
		for _, o := range append(w.Canvas().Overlays().List(), w.Content()) {
			if o != nil {
				o.Refresh()
			}
		}
	}
}

var theToolkit = sync.OnceValue(func() *toolkit {
	k := &toolkit{test.NewApp(), &sharedTheme{newTheme()}}
	k.App.Settings().SetTheme(k.theme)
	return k
})

// newToolkit gives the app of the toolkit as if it were new. What is made with it
// is let go of at the end of the test.
func newToolkit(t testing.TB) fyne.App {
	k := theToolkit()
	k.theme.Theme = newTheme()
	k.Clipboard().SetContent("")
	t.Cleanup(func() {
		for _, w := range slices.Clone(k.Driver().AllWindows())[1:] { // the first is the driver's own
			w.Close()
		}
		destroyExpiredRenderers(time.Now().Add(24 * time.Hour))
	})
	return k
}

// destroyExpiredRenderers has the toolkit forget how widgets are drawn that were
// not seen until a time. Its driver for tests never does, and so keeps all that was
// ever shown.
//
//go:linkname destroyExpiredRenderers fyne.io/fyne/v2/internal/cache.destroyExpiredRenderers
func destroyExpiredRenderers(now time.Time)
