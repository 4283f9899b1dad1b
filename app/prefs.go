package app

import (
	"context"
	"encoding/json"
	"log/slog"

	"fyne.io/fyne/v2"

	"linnet/assets"
	"linnet/widgets"
)

// settingWindow is the name of the setting that holds prefs.
const settingWindow = "window"

// Theme choices of prefs.
const (
	themeSystem = ""
	themeLight  = "light"
	themeDark   = "dark"
)

// prefs is what the window remembers from one start to the next.
type prefs struct {
	Side    float32 // width of the side pane
	Details bool    // the details pane is open where there is room
	Theme   string
	// HideBodies leaves the text of messages out of notifications.
	HideBodies bool
	// Silent turns notifications off.
	Silent bool
	// Folded are the groups of the contact list that show their heading only.
	Folded []string
	// Emoji are those used last, the newest first.
	Emoji []string
	// SaveTo is the folder for what is saved; empty for the desktop's own.
	SaveTo string
	// EmojiTone is the skin tone emoji are offered in.
	EmojiTone assets.EmojiTone
}

func defaultPrefs() prefs {
	return prefs{Side: widgets.SideWidth, Folded: []string{groupOffline}}
}

// loadPrefs reads what was kept; what cannot be read is as on the first start.
// Any goroutine but the UI's.
func loadPrefs(s Settings, log *slog.Logger) prefs {
	p := defaultPrefs()
	kept, ok, err := s.Setting(settingWindow)
	if err == nil && ok {
		p.Folded = nil
		err = json.Unmarshal(kept, &p)
	}
	if err != nil {
		log.Warn("window settings", "error", err)
		return defaultPrefs()
	}
	p.Side = min(max(p.Side, widgets.SideMinWidth), widgets.SideMaxWidth)
	return p
}

// usePrefs puts the preferences into effect.
func (a *App) usePrefs(p prefs) {
	a.prefs = p
	a.applyTheme()
	a.shell.usePrefs(p)
	a.shell.chat.composer.SetEmojiTone(p.EmojiTone)
}

// changePrefs changes a preference, puts it into effect and keeps it.
func (a *App) changePrefs(change func(*prefs)) {
	change(&a.prefs)
	a.applyTheme()
	a.savePrefs()
}

// savePrefs keeps the preferences.
func (a *App) savePrefs() {
	if a.backend == nil {
		return
	}
	kept, err := json.Marshal(a.prefs)
	if err != nil {
		a.fail(err)
		return
	}
	a.act(laneWrite, func(context.Context) error { return a.backend.PutSetting(settingWindow, kept) })
}

// firstLook gives the window the size and the colours it was left with.
func (a *App) firstLook(p Profile) {
	size := fyne.NewSize(windowWidth, windowHeight)
	if p != nil {
		if look, ok := p.Window(); ok {
			size = fyne.NewSize(max(look.Width, windowMinWidth), max(look.Height, windowMinHeight))
			a.prefs.Theme = look.Theme
			a.applyTheme()
		}
	}
	a.win.Resize(size)
}

// keepLook remembers how the window looks, once there is a profile.
func (a *App) keepLook() {
	if a.cfg.Profile == nil || a.backend == nil {
		return
	}
	size := a.win.Canvas().Size()
	look := WindowLook{Width: size.Width, Height: size.Height, Theme: a.prefs.Theme}
	a.act(laneWrite, func(context.Context) error { return a.cfg.Profile.KeepWindow(look) })
}
