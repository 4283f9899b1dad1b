package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/widgets"
)

// still is a section that shows nothing of the model.
type still struct{ box fyne.CanvasObject }

func (s still) object() fyne.CanvasObject { return s.box }
func (s still) refresh(changes)           {}

// newAppearanceSection chooses between light and dark.
func newAppearanceSection(a *App) section {
	themes := []string{themeSystem, themeLight, themeDark}
	names := []string{lang.L("As the system"), lang.L("Light"), lang.L("Dark")}
	row := widgets.NewFlow(8)
	var buttons []*widgets.Button
	mark := func() {
		for i, b := range buttons {
			b.SetActive(themes[i] == a.prefs.Theme)
		}
	}
	for i, name := range names {
		b := widgets.NewButton(name, widgets.ButtonOutlined, func() {
			a.changePrefs(func(p *prefs) { p.Theme = themes[i] })
			mark()
		})
		buttons = append(buttons, b)
		row.Add(b)
	}
	mark()
	return still{widgets.NewColumn(14, widgets.NewHeading(lang.L("Colours"), 15), row, widgets.NewLine(), a.emojiSettings())}
}

// newNotificationsSection chooses what a notification shows.
func newNotificationsSection(a *App) section {
	toggle := func(name, hint string, on bool, set func(*prefs, bool)) fyne.CanvasObject {
		return widgets.NewSettingRow(name, hint, widgets.NewSwitch(name, on, func(on bool) {
			a.changePrefs(func(p *prefs) { set(p, on) })
		}))
	}
	return still{widgets.NewColumn(14,
		toggle(lang.L("Notify about new messages"), lang.L("While another window is in front"), !a.prefs.Silent,
			func(p *prefs, on bool) { p.Silent = !on }),
		toggle(lang.L("Show the text of messages"), lang.L("Otherwise only who wrote"), !a.prefs.HideBodies,
			func(p *prefs, on bool) { p.HideBodies = !on }),
	)}
}

// newAboutSection says what this is.
func newAboutSection(a *App) section {
	return still{widgets.NewColumn(12,
		container.NewBorder(nil, nil,
			widgets.NewInline(12, widgets.NewIcon(assets.IconBird, birdSize, widgets.ColorAccentFill), widgets.NewGap(0)), nil,
			widgets.NewBoldLabel("Linnet "+a.cfg.Version, widgets.TextTitle, widgets.ColorText)),
		widgets.NewParagraph(lang.L("A messenger for XMPP, the open network of chat servers."), widgets.TextBody, widgets.ColorText),
		widgets.NewParagraph(lang.L("Free software under the GNU General Public License, version 3 or later. It comes without any warranty."), widgets.TextBody, widgets.ColorSecondary),
		widgets.NewParagraph(lang.L("Text is set in a version of Inter by the Inter Project, under the SIL Open Font License."), widgets.TextBody, widgets.ColorSecondary),
		widgets.NewParagraph(lang.L("Emoji are pictures of Twemoji by Twitter, Inc and other contributors, under the licence CC-BY 4.0."), widgets.TextBody, widgets.ColorSecondary),
		widgets.NewInline(0, widgets.NewButton(lang.L("Keyboard shortcuts"), widgets.ButtonOutlined, a.showShortcuts)),
	)}
}
