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
type requestsPage struct {
	*plainPage
	shown []inquiry
	words map[storage.ChatID]*widgets.Paragraph // where the words of a chat go
}

// showRequests opens the page.
func (a *App) showRequests() {
	a.leavePages()
	p := &requestsPage{}
	p.plainPage = newPlainPage(a, lang.L("Requests"), func() { a.pages.remove(p) })
	p.fill()
	a.pages.push(p)
}

func (p *requestsPage) refresh(c changes) {
	if c.requests || c.chats || c.accounts || c.roster {
		p.fill()
	}
}

// fill shows the requests there are, if they are others than before.
func (p *requestsPage) fill() {
	all := inquiries(p.a.model)
	if len(all) == 0 {
		p.shown = nil
		p.setEmpty(widgets.NewEmptyState(assets.IconInbox, lang.L("No requests"),
			lang.L("People who are not in your contacts and write to you are listed here first"), nil))
		return
	}
	if p.shown != nil && slices.EqualFunc(all, p.shown, sameInquiry) {
		return
	}
	p.shown, p.words = all, map[storage.ChatID]*widgets.Paragraph{}
	p.column.RemoveAll()
	p.column.Add(widgets.NewParagraph(
		lang.L("They do not see that you are online or have read this until you accept, and nothing they sent is loaded."),
		widgets.TextBody, widgets.ColorSecondary))
	for _, q := range all[:min(len(all), requestsShown)] {
		p.column.Add(p.card(q))
	}
	if more := len(all) - requestsShown; more > 0 {
		p.column.Add(widgets.NewParagraph(lang.L("{{.N}} more come into view when these are answered", count(more)), widgets.TextSecondary, widgets.ColorSecondary))
	}
	p.setEmpty(nil)
	p.read()
}

// sameInquiry reports whether two look the same.
func sameInquiry(a, b inquiry) bool {
	return a.key == b.key && a.request == b.request && a.chat.ID == b.chat.ID && a.chat.Last == b.chat.Last
}

// card is one request with its answers.
func (p *requestsPage) card(q inquiry) fyne.CanvasObject {
	a, m := p.a, p.a.model
	who := widgets.NewFaceLine()
	note := ""
	if m.stripe(q.key.account) != 0 {
		note = lang.L("to {{.Account}}", map[string]any{"Account": m.accountLabel(q.key.account)})
	}
	who.Set(m.faceOf(q.key, false, 0), widgets.Harmless(q.key.jid), note, rowTime(q.at(), a.now()))
	parts := widgets.NewColumn(10, who)
	if q.wrote() {
		words := widgets.NewParagraph(q.chat.Last.Text, widgets.TextBody, widgets.ColorText).Named()
		p.words[q.chat.ID] = words
		parts.Add(widgets.NewInset(words))
	}
	if q.asks() {
		parts.Add(widgets.NewParagraph(wishText(q.request), widgets.TextSecondary, widgets.ColorSecondary))
	}
	answers := widgets.NewFlow(8)
	for i, answer := range a.answers(q) {
		kind := widgets.ButtonOutlined
		if i == 0 {
			kind = widgets.ButtonFilled
		}
		answers.Add(widgets.NewButton(answer.text, kind, answer.run))
	}
	if a.backend.CanReport(q.key.account) {
		answers.Add(widgets.NewButton(lang.L("Report…"), widgets.ButtonOutlined, func() { a.blockInquiry(q, true) }))
	}
	parts.Add(answers)
	return widgets.NewFrame(parts)
}

// read fills in the words of those who wrote.
func (p *requestsPage) read() {
	a := p.a
	for id := range p.words {
		a.read(func(context.Context) func() {
			page, err := a.backend.Before(id, storage.Pos{}, requestMessages)
			return func() {
				if words := p.words[id]; err == nil && words != nil {
					words.SetText(requestWords(page.Messages))
					p.fit()
				}
			}
		})
	}
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
