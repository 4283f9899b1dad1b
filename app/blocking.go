package app

import (
	"context"

	"fyne.io/fyne/v2/lang"

	"linnet/storage"
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
