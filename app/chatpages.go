package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// This file gets the messages of the open chat: pages of the archive on disk as
// the user scrolls, and from the server what is missing in between.

// load reads the end of the chat and shows it in place of what is shown.
func (p *chatPane) load(n int) {
	p.readPage(func(b Backend, id storage.ChatID) (account.Page, error) {
		return b.Before(id, storage.Pos{}, n)
	}, func(page account.Page) {
		p.setPage(page, len(page.Messages) >= n, false, p.view.SetRows)
	}, func() { p.load(n) })
}

// reload reads the chat again when it is the open one, and keeps the place.
func (p *chatPane) reload(id storage.ChatID) {
	if p.open() && p.chat.ID == id {
		p.reread()
	}
}

// reread reads again what is around the place the user is at.
func (p *chatPane) reread() {
	p.hist.wait()
	at := posOf(p.view.Place())
	if at.IsZero() {
		p.readPage(func(b Backend, id storage.ChatID) (account.Page, error) {
			return b.Before(id, storage.Pos{}, historyPage)
		}, func(page account.Page) {
			p.setPage(page, len(page.Messages) >= historyPage, false, p.view.Replace)
		}, p.reread)
		return
	}
	var older, newer bool
	p.readPage(func(b Backend, id storage.ChatID) (page account.Page, err error) {
		page, older, newer, err = readAround(b, id, at)
		return page, err
	}, func(page account.Page) {
		p.setPage(page, older, newer, p.view.Replace)
	}, p.reread)
}

// setPage shows a page in place of what is shown.
func (p *chatPane) setPage(page account.Page, older, newer bool, show func([]widgets.Row, bool, bool)) {
	p.hist.gaps = nil
	p.hist.cover(page, storage.Pos{}, storage.Pos{})
	rows := p.rows(p.hist.fill(page.Messages, older, newer))
	p.view.Together(func() {
		show(rows, older, newer)
		p.showAsides()
	})
	p.lookAtNew()
}

// needOlder reads the page above a row, and the row again, because a gap may be
// between.
func (p *chatPane) needOlder(before widgets.RowID) {
	const n = historyPage + 1
	p.readPage(func(b Backend, id storage.ChatID) (account.Page, error) {
		return b.Before(id, past(posOf(before)), n)
	}, func(page account.Page) {
		p.putPage(page, len(page.Messages) >= n, posOf(before), p.view.Prepend)
	}, func() { p.view.Prepend(nil, true) }) // which has it asked again
}

// needNewer reads the page below a row.
func (p *chatPane) needNewer(after widgets.RowID) {
	p.readPage(func(b Backend, id storage.ChatID) (account.Page, error) {
		return b.After(id, posOf(after), historyPage)
	}, func(page account.Page) {
		var upTo storage.Pos
		newer := len(page.Messages) >= historyPage
		if newer {
			upTo = page.Messages[len(page.Messages)-1].Pos
		}
		p.hist.cover(page, posOf(after), upTo)
		p.view.Together(func() {
			p.view.AppendPage(p.rows(page.Messages), newer)
			p.showAsides()
		})
	}, func() { p.view.AppendPage(nil, true) })
}

// putPage adds a page of messages up to upTo to those that are shown. older says
// that there are more before it.
func (p *chatPane) putPage(page account.Page, older bool, upTo storage.Pos, put func([]widgets.Row, bool)) {
	p.coverBack(page, older, upTo)
	p.view.Together(func() {
		put(p.rows(page.Messages), older)
		p.showAsides()
	})
}

// coverBack takes where a page of messages up to upTo says that some are missing.
func (p *chatPane) coverBack(page account.Page, older bool, upTo storage.Pos) {
	var from storage.Pos
	if older && len(page.Messages) > 0 {
		from = upon(page.Messages[0].Pos)
	}
	p.hist.cover(page, from, upTo)
}

// readPage reads a page and shows it, if the same chat is still open. What could
// not be read is tried again after a while.
func (p *chatPane) readPage(read func(Backend, storage.ChatID) (account.Page, error), show func(account.Page), again func()) {
	h, id := p.hist, p.chat.ID
	p.a.read(func(context.Context) func() {
		page, err := read(p.a.backend, id)
		var quoted map[storage.Pos]storage.Message
		if err == nil {
			quoted, err = p.a.quotedBy(id, page.Messages)
		}
		return func() {
			switch {
			case p.hist != h: // another chat is open by now
			case err != nil:
				p.a.fail(err)
				p.later(h, again)
			default:
				maps.Copy(p.hist.quoted, quoted)
				show(page)
			}
		}
	})
}

// readAgainAfter is how long after a failed read the same is read again: often
// enough for somebody who waits, and slower than the sentence about it goes.
const readAgainAfter = 10 * time.Second

// later runs something for a chat that could not be read, if it is still open.
func (p *chatPane) later(h *history, again func()) {
	p.a.after(readAgainAfter, func() {
		if p.hist == h {
			again()
		}
	})
}

// found takes messages that came from the server's archive. They are read from
// disk, with the places where others are still missing.
func (p *chatPane) found(messages []storage.Message) {
	from, upTo := messages[0].Pos, messages[0].Pos
	for _, m := range messages {
		if m.Pos.Before(from) {
			from = m.Pos
		}
		if upTo.Before(m.Pos) {
			upTo = m.Pos
		}
	}
	for _, gap := range p.hist.gaps {
		if gap.IsZero() { // there was nothing on disk
			p.reread()
			return
		}
		if upTo.Before(gap) {
			upTo = gap // which they may have closed
			break
		}
	}
	p.hist.came(from, upTo)
	p.lookAtNew()
}

// lookBefore asks the disk whether messages are missing before one that came
// live: what was missed meanwhile may not be here yet.
func (p *chatPane) lookBefore(first storage.Pos) {
	const n = 2 // it and the one before
	p.readPage(func(b Backend, id storage.ChatID) (account.Page, error) {
		return b.Before(id, past(first), n)
	}, func(page account.Page) {
		p.coverBack(page, len(page.Messages) >= n, first)
		p.showAsides()
	}, func() { p.lookBefore(first) })
}

// lookAtNew reads what is new on disk, a page at a time, the newest first. What
// is above the rows held, where the disk has others in between, comes by
// scrolling.
func (p *chatPane) lookAtNew() {
	upTo, ok := p.hist.look()
	if !ok {
		return
	}
	if first := posOf(p.view.First()); p.view.Older() && upTo.Before(first) {
		p.hist.looked(first, upTo, false, true)
		return
	}
	p.readPage(func(b Backend, id storage.ChatID) (account.Page, error) {
		return b.Before(id, past(upTo), historyLook)
	}, func(page account.Page) {
		p.showNew(page, upTo)
	}, func() {
		p.hist.looked(storage.Pos{}, storage.Pos{}, false, true)
		p.lookAtNew()
	})
}

// showNew shows what came from the server's archive where it belongs.
func (p *chatPane) showNew(page account.Page, upTo storage.Pos) {
	older := len(page.Messages) >= historyLook
	first, joined := storage.Pos{}, true
	if len(page.Messages) > 0 {
		first = page.Messages[0].Pos
		joined = p.view.Above(rowID(first)) == (widgets.RowID{}) || p.view.Has(rowID(first)) || slices.Contains(page.Gaps, first)
	}
	p.coverBack(page, older, upTo)
	p.hist.looked(first, upTo, older, joined)
	read := p.hist.marked
	if read.Before(p.chat.ReadUpTo) { // on another device
		read = p.chat.ReadUpTo
	}
	p.view.Together(func() {
		p.view.Insert(p.rows(page.Messages), rowID(read))
		p.showAsides()
	})
	p.markRead()
	p.lookAtNew()
}

// errNotGiven says that the server has messages and does not hand them out.
var errNotGiven = errors.New("the server does not give the messages it has")

// gap asks the server for what is missing at a gap that is in view.
func (p *chatPane) gap(row widgets.RowID, below, pressed bool) {
	h, id := p.hist, p.chat.ID
	gap := gapOf(row)
	phase := p.a.model.phase(p.chat.Account)
	switch {
	case h == nil, h.fetching, h.failed[gap] != nil && !pressed:
		return
	case phase == stream.Connecting && !pressed:
		return // followPhase asks again
	case phase != stream.Online:
		h.failed[gap] = stream.ErrOffline
		p.showAsides()
		return
	}
	above := posOf(p.view.Above(row))
	below = below && !above.IsZero()
	if h.fetch != gap || pressed {
		h.inVain = 0
	}
	h.fetching, h.fetch = true, gap
	h.inVain++
	delete(h.failed, gap)
	p.showAsides()
	p.a.on(laneHistory, func(ctx context.Context) func() {
		var err error
		if below {
			_, err = p.a.backend.FetchGapAfter(ctx, id, above)
		} else {
			_, err = p.a.backend.FetchGap(ctx, id, gap)
		}
		return func() {
			if p.hist == h {
				p.fetched(gap, above, err)
			}
		}
	})
}

// fetched shows what became of the messages that were missing between two
// others.
func (p *chatPane) fetched(gap, above storage.Pos, err error) {
	h := p.hist
	h.fetching = false
	switch {
	case err == nil && h.inVain > historyTries:
		err = errNotGiven
		fallthrough
	case err != nil:
		p.a.log.Info("history was not fetched", "error", err)
		h.failed[gap] = err
		p.showAsides()
	case gap.IsZero():
		p.reread()
	default:
		from := gap
		if !above.IsZero() {
			from = above
		}
		h.came(from, gap)
		p.lookAtNew()
	}
}

// followPhase has gaps in view asked for anew when the connection of the account
// has changed, also those that could not be filled before it was online.
func (p *chatPane) followPhase() {
	phase := p.a.model.phase(p.chat.Account)
	if phase == p.hist.phase {
		return
	}
	p.hist.phase = phase
	if phase == stream.Online {
		clear(p.hist.failed)
	}
	p.view.Together(p.showAsides)
}

// showAsides shows where messages are missing, and where the chat begins.
func (p *chatPane) showAsides() {
	h := p.hist
	asides := make([]widgets.Row, 0, len(h.gaps)+1)
	for _, gap := range h.gaps {
		asides = append(asides, p.gapRow(gap))
	}
	if first := posOf(p.view.First()); !first.IsZero() && (len(h.gaps) == 0 || h.gaps[0] != first) {
		text := lang.L("This is the beginning of your notes")
		if !p.a.model.isOwn(contactKey{p.chat.Account, p.chat.JID}) {
			name := p.a.model.shortName(p.chat.Account, p.chat.JID)
			text = lang.L("This is the beginning of your conversation with {{.Name}}", map[string]any{"Name": name})
		}
		asides = append(asides, widgets.Row{ID: widgets.AtTop, Kind: widgets.RowStart, Text: text})
	}
	p.view.SetAsides(asides)
	show(p.blank, h.loaded && len(h.gaps) == 0 && p.view.First() == widgets.RowID{})
}

// gapRow is the line where messages are missing.
func (p *chatPane) gapRow(gap storage.Pos) widgets.Row {
	h := p.hist
	row := widgets.Row{ID: widgets.AtBottom, Kind: widgets.RowGap}
	if !gap.IsZero() {
		row.ID = widgets.AsideOf(rowID(gap))
	}
	err := h.failed[gap]
	switch {
	case h.fetching && h.fetch == gap:
		row.Busy = true
		row.Text = lang.L("Loading earlier messages")
		if !gap.IsZero() && posOf(p.view.First()).Before(gap) {
			row.Text = lang.L("Loading messages")
		}
	case err != nil:
		row.Text = lang.L("Some messages are missing here") + ". " + failureText(err)
		row.Act = lang.L("Load")
	default:
		row.Text = lang.L("There are more messages on the server")
	}
	return row
}

// gapOf is the place of a gap: the message below it, or the end.
func gapOf(row widgets.RowID) storage.Pos {
	if row == widgets.AtBottom {
		return storage.Pos{}
	}
	return posOf(row)
}
