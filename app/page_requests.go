package app

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// Bounds of the page of requests.
const (
	requestsShown    = 30  // at once; a flood of them is answered in portions
	requestMessages  = 3   // of each, the newest
	requestTextRunes = 300 // of each message
)

// requestsPage lists the people unknown who wait for an answer. Of what they
// wrote it shows the words alone: nothing is loaded, and they are told nothing.
// What is shown stays where it is, because its buttons cannot be taken back: others
// come after it, and what somebody shown has to say besides waits until the user
// asks for it.
type requestsPage struct {
	*plainPage
	rows        []*requestRow
	intro, more *widgets.Paragraph
	news        *widgets.Button // shows what has come since
}

// requestRow is one request on the page.
type requestRow struct {
	q       inquiry // as it is shown
	card    fyne.CanvasObject
	who     *widgets.FaceLine
	words   *widgets.Paragraph // what they wrote; nil for nothing
	buttons []*widgets.Button
	blocks  *widgets.Button // the one that asks first
}

// showRequests opens the page.
func (a *App) showRequests() {
	a.leavePages()
	p := &requestsPage{}
	p.plainPage = newPlainPage(a, lang.L("Requests"), func() { a.pages.remove(p) })
	p.intro = widgets.NewParagraph(
		lang.L("They do not see that you are online or have read this until you accept, and nothing they sent is loaded."),
		widgets.TextBody, widgets.ColorSecondary)
	p.more = widgets.NewParagraph("", widgets.TextSecondary, widgets.ColorSecondary)
	p.news = widgets.NewButton(lang.L("Show what is new"), widgets.ButtonLink, p.renew)
	p.news.Hide()
	p.aside.Add(p.news)
	p.fill()
	a.pages.push(p)
}

func (p *requestsPage) refresh(c changes) {
	if c.requests || c.chats || c.accounts || c.roster {
		p.fill()
	}
}

// renew shows what there is, the newest first.
func (p *requestsPage) renew() {
	p.rows = nil
	p.fill()
	p.focus()
}

// fill shows the requests there are. Those that were shown keep their order.
func (p *requestsPage) fill() {
	all := inquiries(p.a.model)
	waiting := map[contactKey]inquiry{}
	for _, q := range all {
		waiting[q.key] = q
	}
	rows, news, lost := make([]*requestRow, 0, len(all)), false, -1
	for _, row := range p.rows {
		q, here := waiting[row.q.key]
		delete(waiting, row.q.key)
		if !here {
			if p.hasKeyboard(row) {
				lost = len(rows)
			}
			continue
		}
		switch {
		case !row.q.outdated(q):
			p.present(row, q)
		case row.passed(q):
			if p.hasKeyboard(row) {
				lost = len(rows)
			}
			row = p.newRow(q)
		default:
			p.present(row, q)
			news = true
		}
		rows = append(rows, row)
	}
	for _, q := range all {
		if _, fresh := waiting[q.key]; fresh && len(rows) < requestsShown {
			rows = append(rows, p.newRow(q))
		}
	}
	p.rows = rows
	if show(p.news, news) {
		p.place()
	}
	p.arrange(len(all) - len(rows))
	if lost >= 0 {
		p.refocus(lost)
	}
}

// outdated reports whether somebody has more to say than what was shown of them.
func (q inquiry) outdated(now inquiry) bool {
	return now.wrote() && now.chat.Last != q.chat.Last || now.asks() && now.request != q.request
}

// passed reports whether what could be answered is gone, and something else is
// there, or whether there was nothing to read yet.
func (r *requestRow) passed(now inquiry) bool {
	return r.q.wrote() && (!now.wrote() || r.q.chat.Last == storage.Summary{}) || r.q.asks() && !now.asks()
}

// arrange puts the rows onto the page; of some there is no room.
func (p *requestsPage) arrange(more int) {
	if len(p.rows) == 0 {
		p.column.RemoveAll()
		p.setEmpty(widgets.NewEmptyState(assets.IconInbox, lang.L("No requests"),
			lang.L("People who are not in your contacts and write to you are listed here first"), nil))
		return
	}
	objects := []fyne.CanvasObject{p.intro}
	for _, row := range p.rows {
		objects = append(objects, row.card)
	}
	if more > 0 {
		p.more.SetText(lang.L("{{.N}} more come into view when these are answered", count(more)))
		objects = append(objects, p.more)
	}
	if !slices.Equal(objects, p.column.Objects) {
		p.column.Objects = objects
		p.setEmpty(nil)
	}
}

// hasKeyboard reports whether one of the buttons of a row has the keyboard.
func (p *requestsPage) hasKeyboard(row *requestRow) bool {
	b, ok := p.a.win.Canvas().Focused().(*widgets.Button)
	return ok && slices.Contains(row.buttons, b)
}

// refocus puts the keyboard into the row that has come to the place of an answered
// one, at the button that asks first: the other may be pressed once more.
func (p *requestsPage) refocus(i int) {
	if len(p.rows) == 0 {
		p.focus()
		return
	}
	p.a.win.Canvas().Focus(p.rows[min(i, len(p.rows)-1)].blocks)
}

// newRow makes the row of one request with its answers.
func (p *requestsPage) newRow(q inquiry) *requestRow {
	a, row := p.a, &requestRow{q: q, who: widgets.NewFaceLine()}
	p.present(row, q)
	parts := widgets.NewColumn(10, row.who)
	if q.wrote() {
		row.words = widgets.NewParagraph(q.chat.Last.Text, widgets.TextBody, widgets.ColorText).Named()
		parts.Add(widgets.NewInset(row.words))
		p.read(row)
	}
	if q.asks() {
		parts.Add(widgets.NewParagraph(wishText(q.request), widgets.TextSecondary, widgets.ColorSecondary))
	}
	answers := widgets.NewFlow(8)
	add := func(text string, kind widgets.ButtonKind, run func()) *widgets.Button {
		b := widgets.NewButton(text, kind, run)
		row.buttons = append(row.buttons, b)
		answers.Add(b)
		return b
	}
	for i, answer := range a.answers(q) {
		kind := widgets.ButtonOutlined
		if i == 0 {
			kind = widgets.ButtonFilled
		}
		row.blocks = add(answer.text, kind, answer.run) // the last
	}
	if a.backend.CanReport(q.key.account) {
		add(lang.L("Report…"), widgets.ButtonOutlined, func() { a.blockInquiry(q, true) })
	}
	parts.Add(answers)
	row.card = widgets.NewFrame(parts)
	return row
}

// present says who waits, and since when.
func (p *requestsPage) present(row *requestRow, q inquiry) {
	a, m := p.a, p.a.model
	note := ""
	if m.stripe(q.key.account) != 0 {
		note = lang.L("to {{.Account}}", map[string]any{"Account": m.accountLabel(q.key.account)})
	}
	row.who.Set(m.faceOf(q.key, false, 0), widgets.Harmless(q.key.jid), note, rowTime(q.at(), a.now()))
}

// read fills in the words of somebody who wrote.
func (p *requestsPage) read(row *requestRow) {
	a, id := p.a, row.q.chat.ID
	a.read(func(context.Context) func() {
		page, err := a.backend.Before(id, storage.Pos{}, requestMessages)
		return func() {
			if err == nil {
				row.words.SetText(requestWords(page.Messages))
				p.fit()
			}
		}
	})
}

// requestWords are the first words of some messages, each on its line.
func requestWords(messages []storage.Message) string {
	text := ""
	for _, m := range messages {
		line := []rune(widgets.Harmless(m.Body))
		if len(line) == 0 {
			line = []rune(lang.L("A message without text"))
		}
		if len(line) > requestTextRunes {
			line = append(line[:requestTextRunes], '…')
		}
		if text != "" {
			text += "\n"
		}
		text += string(line)
	}
	return text
}

// requestsRow is the line over the lists that leads to the page.
type requestsRow struct {
	box *fyne.Container
	row *widgets.LinkRow
}

func newRequestsRow(a *App) *requestsRow {
	r := &requestsRow{row: widgets.NewLinkRow("", "", a.showRequests)}
	r.row.SetIcon(assets.IconInbox)
	r.box = container.New(free(func(o []fyne.CanvasObject, size fyne.Size) {
		const side = sideMargin + 8
		place(o[0], side, 2, size.Width-2*side, size.Height-4)
	}), r.row)
	return r
}

// requestsRowHeight is the height of the line with what is free round it, in dp.
const requestsRowHeight = 44

// set shows how many requests there are; the line hides when there are none.
func (r *requestsRow) set(n int) {
	r.row.SetName(requestsText(n))
	show(r.box, n > 0)
}
