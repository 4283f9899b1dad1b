package app

import (
	"context"
	"maps"
	"slices"

	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// askDelete asks before messages are erased on this device. Own ones can be taken
// back instead.
func (p *chatPane) askDelete(ids []widgets.RowID) {
	if len(ids) == 0 {
		return
	}
	title := lang.L("Delete this message here?")
	if len(ids) > 1 {
		title = lang.L("Delete {{.N}} messages here?", count(len(ids)))
	}
	text := lang.L("Only on this device. Others keep it.")
	switch {
	case !slices.ContainsFunc(ids, func(id widgets.RowID) bool { row, _ := p.view.Row(id); return !row.Unsent }):
		text = lang.L("Only this device has it.")
		if len(ids) > 1 {
			text = lang.L("Only this device has them.")
		}
	case len(ids) > 1:
		text = lang.L("Only on this device. Others keep them.")
	}
	waits := func(id widgets.RowID) bool {
		row, _ := p.view.Row(id)
		return row.Out && row.State == widgets.StateWaiting
	}
	if slices.ContainsFunc(ids, waits) {
		text += " " + lang.L("What waits is not sent any more, unless it was on its way already.")
	}
	chat := p.chat.ID
	q := question{
		title: title, text: text,
		yes: lang.L("Delete here"), no: lang.L("Keep"),
		run: func() { p.deleteHere(chat, ids) },
	}
	own := slices.DeleteFunc(slices.Clone(ids), func(id widgets.RowID) bool {
		row, ok := p.view.Row(id)
		return !ok || !canRetract(row)
	})
	if len(own) > 0 {
		q.also, q.runAlso = lang.L("Take back instead…"), func() { p.askRetract(own) }
	}
	p.a.ask(q)
}

// deleteHere erases messages of a chat on this device, if it is still open: it may
// have gone while the user was asked.
func (p *chatPane) deleteHere(chat storage.ChatID, ids []widgets.RowID) {
	if p.chat.ID != chat {
		return
	}
	p.view.StopPicking()
	var at []storage.Pos
	for _, id := range ids {
		at = append(at, posOf(id))
	}
	if p.writing.kind != widgets.ContextNone && slices.Contains(at, p.writing.pos) {
		p.endWriting()
	}
	maps.DeleteFunc(p.hist.quoted, func(_ storage.Pos, m storage.Message) bool { return slices.Contains(at, m.Pos) })
	p.a.act(laneWrite, func(ctx context.Context) error { return p.a.backend.DeleteMessages(ctx, chat, at) })
}
