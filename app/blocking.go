package app

import (
	"context"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// askBlock asks before an address is kept away, and offers to undo it after.
func (a *App) askBlock(id storage.AccountID, jid string) {
	name := map[string]any{"Name": a.model.name(id, jid)}
	a.ask(question{
		title: lang.L("Block {{.Name}}?", name),
		text:  lang.L("Nothing they send reaches you, and to them you are offline. They are not told. The settings of the account list whom you have blocked."),
		yes:   lang.L("Block"), no: lang.L("Do not block"),
		run: func() {
			a.on(laneNet, func(ctx context.Context) func() {
				if err := a.backend.Block(ctx, id, jid); err != nil {
					return func() { a.fail(err) }
				}
				return func() {
					a.offer(lang.L("{{.Name}} is blocked", name), lang.L("Undo"), func() { a.unblock(id, jid, nil) })
				}
			})
		},
	})
}

// unblock lets an address through again, and then runs done unless that is nil.
func (a *App) unblock(id storage.AccountID, jid string, done func()) {
	a.on(laneNet, func(ctx context.Context) func() {
		if err := a.backend.Unblock(ctx, id, jid); err != nil {
			return func() { a.fail(err) }
		}
		return done
	})
}

// Sizes of the list of blocked addresses.
const (
	blockedWidth = 480
	blockedMost  = 400 // dp, before it scrolls
)

// showBlocked lists whom an account has blocked.
func (a *App) showBlocked(id storage.AccountID) {
	a.on(laneNet, func(ctx context.Context) func() {
		addresses, err := a.backend.Blocked(ctx, id)
		return func() {
			if err != nil {
				a.fail(err)
				return
			}
			a.listBlocked(id, addresses)
		}
	})
}

func (a *App) listBlocked(id storage.AccountID, addresses []string) {
	var c *card
	rows := widgets.NewColumn(4)
	nobody := widgets.NewParagraph(lang.L("Nobody is blocked"), widgets.TextBody, widgets.ColorSecondary)
	nobody.Hide()
	rows.Add(nobody)
	left := len(addresses)
	for _, jid := range addresses {
		var row *widgets.SettingRow
		row = widgets.NewSettingRow(widgets.Harmless(jid), "", widgets.NewButton(lang.L("Unblock"), widgets.ButtonOutlined, func() {
			a.unblock(id, jid, func() {
				row.Hide()
				left--
				show(nobody, left == 0)
				c.fit()
			})
		}))
		rows.Add(row)
	}
	show(nobody, left == 0)
	done := widgets.NewButton(lang.L("Close"), widgets.ButtonFilled, func() { c.close() })
	c = a.cards.show(widgets.NewColumn(12,
		widgets.NewHeading(lang.L("Blocked addresses"), titleSize),
		newScrolled(a.win, container.New(barRoom{}, rows), blockedMost, cardRest),
		widgets.NewGap(2),
		widgets.NewButtonRow(done),
	), widgets.OverlayOptions{Width: blockedWidth})
	a.win.Canvas().Focus(done)
}
