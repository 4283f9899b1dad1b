package app

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/assets"
	"linnet/widgets"
)

// contactProfile tells what a contact says of themselves, in the details. Their
// server is asked when the user looks, not before.
type contactProfile struct {
	a    *App
	key  contactKey
	box  *fyne.Container
	gone bool
}

func newContactProfile(a *App, key contactKey) *contactProfile {
	v := &contactProfile{a: a, key: key, box: container.NewStack()}
	v.ask()
	return v
}

func (v *contactProfile) title() string             { return lang.L("Profile") }
func (v *contactProfile) object() fyne.CanvasObject { return v.box }
func (v *contactProfile) closed()                   { v.gone = true }
func (v *contactProfile) focus()                    { v.a.win.Canvas().Focus(v.a.shell.details.back) }

// ask asks their server.
func (v *contactProfile) ask() {
	v.set(container.NewCenter(widgets.NewParagraph(lang.L("Asking their server"), widgets.TextSecondary, widgets.ColorSecondary)))
	v.a.on(laneNet, func(ctx context.Context) func() {
		profile, err := v.a.backend.Profile(ctx, v.key.account, v.key.jid)
		return func() {
			switch {
			case v.gone:
			case err != nil:
				v.set(widgets.NewEmptyState(assets.IconWarning, lang.L("No profile"), failureText(err),
					widgets.NewButton(lang.L("Try again"), widgets.ButtonOutlined, v.ask)))
			default:
				v.fill(profile)
			}
		}
	})
}

func (v *contactProfile) set(content fyne.CanvasObject) {
	v.box.Objects = []fyne.CanvasObject{content}
	v.box.Refresh()
}

// fill shows what they say.
func (v *contactProfile) fill(profile account.Profile) {
	column := widgets.NewColumn(4)
	add := func(label, text string) {
		if text == "" {
			return
		}
		if len(column.Objects) > 0 {
			column.Add(widgets.NewGap(6))
		}
		column.Add(widgets.NewSectionLabel(label))
		column.Add(widgets.NewParagraph(text, widgets.TextBody, widgets.ColorText).Named())
	}
	for _, f := range profileFields() {
		add(f.label, *f.of(&profile))
		if links := widgets.LinksIn(profile.URL); f.of(&profile) == &profile.URL && len(links) > 0 {
			column.Add(leading(widgets.NewButton(lang.L("Open link"), widgets.ButtonLink, func() { v.a.openLink(links[0]) })))
		}
	}
	if len(column.Objects) == 0 {
		v.set(widgets.NewEmptyState(assets.IconPerson, lang.L("Nothing here"), lang.L("They say nothing about themselves, or not to you"), nil))
		return
	}
	column.Add(widgets.NewGap(10))
	column.Add(widgets.NewParagraph(lang.L("This is what they say about themselves. Nobody has checked it."), widgets.TextSecondary, widgets.ColorSecondary))
	v.set(container.NewVScroll(container.New(margin(widgets.PagePadding), column)))
}
