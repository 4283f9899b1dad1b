package app

import (
	"context"

	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// wholeMessage stands in history.tried for a message that is sent again.
const wholeMessage = -1

// retry sends a failed message again, or does again what failed with it.
func (p *chatPane) retry(row widgets.RowID) {
	chat, pos := p.chat.ID, posOf(row)
	if r, ok := p.view.Row(row); ok && r.State == widgets.StateFailed {
		p.hist.tried[pos] = wholeMessage
	}
	p.a.act(laneWrite, func(ctx context.Context) error { return p.a.backend.Retry(ctx, chat, pos) })
}

// tellTried says that what the user tried again has failed again: its row is as it
// was before, and may not have been another for as long as an eye takes to see.
func (p *chatPane) tellTried(m storage.Message) {
	file, ok := p.hist.tried[m.Pos]
	if !ok || m.State == storage.StateWaiting {
		return
	}
	delete(p.hist.tried, m.Pos)
	reason := ""
	switch {
	case file == wholeMessage && m.State == storage.StateFailed:
		reason = unsentText(m)
	case file >= 0 && file < len(m.Files) && m.Files[file].State == storage.FileFailed:
		reason = reasonText(m.Files[file].Reason)
	default:
		return
	}
	p.a.toast(lang.L("Failed again: {{.Reason}}", map[string]any{"Reason": reason}))
}
