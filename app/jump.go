package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

// lightFor is how long the message that was jumped to stands on another ground:
// until the eye has found it.
const lightFor = 2 * time.Second

// jumpTo shows a message of the open chat, reading what is around it when it is
// not shown yet.
func (p *chatPane) jumpTo(pos storage.Pos) {
	row := rowID(pos)
	if p.view.ScrollTo(row) {
		p.light(row)
		return
	}
	var older, newer bool
	p.hist.wait()
	p.readPage(func(b Backend, id storage.ChatID) (page account.Page, err error) {
		page, older, newer, err = readAround(b, id, pos)
		return page, err
	}, func(page account.Page) {
		p.setPage(page, older, newer, p.view.SetRows)
		if p.view.ScrollTo(row) {
			p.light(row)
		}
	}, func() { p.jumpTo(pos) })
}

// readAround reads what is before and after a place, the message there with
// them, and whether there is more on either side.
func readAround(b Backend, id storage.ChatID, at storage.Pos) (page account.Page, older, newer bool, err error) {
	if page, err = b.Before(id, past(at), historyPage); err != nil {
		return page, false, false, err
	}
	after, err := b.After(id, at, historyPage)
	older, newer = len(page.Messages) >= historyPage, len(after.Messages) >= historyPage
	page.Messages = append(page.Messages, after.Messages...)
	page.Gaps = append(page.Gaps, after.Gaps...)
	return page, older, newer, err
}

// light shows for a moment which message was jumped to.
func (p *chatPane) light(row widgets.RowID) {
	p.dim()
	p.view.Light(row)
	p.dim = p.a.after(lightFor, func() { p.view.Light(widgets.RowID{}) })
}

// jumpToQuoted shows the message that another one answers.
func (p *chatPane) jumpToQuoted(id widgets.RowID) {
	m, ok := p.hist.quoted[posOf(id)]
	if !ok {
		p.a.toast(lang.L("That message is not on this computer"))
		return
	}
	p.jumpTo(m.Pos)
}

// jumpToDay shows the first message of a day, or the next one after it.
func (p *chatPane) jumpToDay(day time.Time) {
	from := storage.Pos{Time: day.UnixMilli() - 1}
	h, id := p.hist, p.chat.ID
	p.a.read(func(context.Context) func() {
		page, err := p.a.backend.After(id, from, 1)
		return func() {
			switch {
			case p.hist != h:
			case err != nil:
				p.a.fail(err)
			case len(page.Messages) == 0:
				p.view.ScrollToEnd()
				p.a.toast(lang.L("There are no messages since that day"))
			default:
				p.jumpTo(page.Messages[0].Pos)
			}
		}
	})
}

// showAt opens a chat at one of its messages.
func (a *App) showAt(id storage.ChatID, pos storage.Pos) {
	a.leavePages()
	a.withChat(id, func(c chatAct) {
		a.shell.openChat(c.chat, "")
		a.shell.chat.focusTranscript()
		a.shell.chat.jumpTo(pos)
	})
}
