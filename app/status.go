package app

import (
	"context"

	"fyne.io/fyne/v2/lang"

	"linnet/storage"
)

// statusCommands set the common status.
func (a *App) statusCommands() []command {
	group := lang.L("Status")
	var table []command
	for _, s := range shows {
		table = append(table, command{
			id: "status." + showText(s), group: group, enabled: a.hasAccount,
			title: lang.L("Set status: {{.Status}}", map[string]any{"Status": showText(s)}),
			run: func() {
				status := storage.Status{Show: s, Message: a.model.status.Message}
				a.act(laneNet, func(ctx context.Context) error { return a.backend.SetStatus(ctx, status) })
			},
		})
	}
	return table
}
