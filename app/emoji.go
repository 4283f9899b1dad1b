package app

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/widgets"
)

// recentEmoji is how many of the emoji used last are kept: three rows of the
// picker.
const recentEmoji = 24

// pickEmoji opens the picker above a place of the window. pick runs for each
// emoji taken.
func (a *App) pickEmoji(at fyne.Position, closed func(), pick func(emoji string)) {
	widgets.ShowEmojiPicker(a.win.Canvas(), at, widgets.EmojiOptions{
		Recent: a.prefs.Emoji, Tone: a.prefs.EmojiTone, OnTone: a.setEmojiTone, OnShortcut: a.typedShortcut, OnClosed: closed,
	}, func(emoji string) {
		a.usedEmoji(emoji)
		pick(emoji)
	})
}

// usedEmoji puts an emoji first among those used last.
func (a *App) usedEmoji(emoji string) {
	list := slices.DeleteFunc(slices.Clone(a.prefs.Emoji), func(s string) bool { return s == emoji })
	list = slices.Insert(list, 0, emoji)
	a.prefs.Emoji = list[:min(len(list), recentEmoji)]
	a.savePrefs()
}

// setEmojiTone changes the skin tone emoji are offered in.
func (a *App) setEmojiTone(t assets.EmojiTone) {
	a.prefs.EmojiTone = t
	a.shell.chat.composer.SetEmojiTone(t)
	a.savePrefs()
}

// wireEmoji lets the composer offer emoji.
func (p *chatPane) wireEmoji() {
	p.composer.OnEmojiUsed = p.a.usedEmoji
	p.composer.OnEmoji = func(button fyne.CanvasObject) {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(button)
		window := p.a.win.Canvas()
		before := window.Focused() // the keyboard is in one place, and seen there
		window.Unfocus()
		back := func() {
			if before != nil {
				window.Focus(before)
			}
		}
		p.a.pickEmoji(at.AddXY(button.Size().Width/2, 0), back, func(emoji string) {
			p.composer.Insert(emoji)
			p.composer.Focus()
		})
	}
}

// emojiSettings chooses the skin tone.
func (a *App) emojiSettings() fyne.CanvasObject {
	return widgets.NewSettingRow(lang.L("Skin tone of emoji"), "",
		widgets.NewToneChoice(a.prefs.EmojiTone, a.setEmojiTone))
}
