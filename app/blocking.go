package app

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

// askBlock asks before an address is kept away, and offers to undo it after.
func (a *App) askBlock(id storage.AccountID, jid string) {
	a.showBlock(blockCard{account: id, jid: jid})
}

// blockCard asks whether to block an address, and whether to tell the server
// why.
type blockCard struct {
	account storage.AccountID
	jid     string
	report  bool   // offered first
	erase   func() // runs when they are blocked, and there is no way back; nil for nothing
}

// reasons are why somebody can be reported, in the order they are offered after
// not doing so.
var reasons = []account.ReportReason{"", account.ReportSpam, account.ReportAbuse}

// showBlock opens the card.
func (a *App) showBlock(b blockCard) {
	var c *card
	reason := reasons[0]
	words := widgets.NewField(lang.L("What happened"))
	words.SetPlaceholder(lang.L("If you want to say more"))
	words.OnShortcut = a.typedShortcut
	no := widgets.NewButton(lang.L("Do not block"), widgets.ButtonFilled, func() { c.close() })
	yes := widgets.NewButton(lang.L("Block"), widgets.ButtonOutlined, func() {
		c.close()
		a.block(b, reason, words.Text())
	})
	choose := func(i int) {
		reason = reasons[i]
		show(words, i > 0)
		if i > 0 {
			yes.SetText(lang.L("Report and block"))
		} else {
			yes.SetText(lang.L("Block"))
		}
		if c != nil {
			c.fit()
		}
	}
	what := lang.L("Nothing they send reaches you, and to them you are offline. They are not told. The settings of the account list whom you have blocked.")
	if b.erase != nil {
		what = lang.L("What they wrote is deleted, no more reaches you, and to them you are offline. They are not told. The settings of the account list whom you have blocked.")
	}
	parts := widgets.NewColumn(12,
		widgets.NewHeading(lang.L("Block {{.Name}}?", a.nameOf(b)), titleSize),
		widgets.NewParagraph(what, widgets.TextBody, widgets.ColorSecondary))
	if a.backend.CanReport(b.account) {
		tabs := widgets.NewTabs([]string{lang.L("Do not report"), lang.L("As spam"), lang.L("As abuse")}, choose)
		choose(0)
		if b.report {
			tabs.Select(1)
			choose(1)
		}
		parts.Add(widgets.NewColumn(6,
			widgets.NewSectionLabel(lang.L("Report them to your server")), tabs,
			widgets.NewParagraph(lang.L("It is told which of their last messages to look at."), widgets.TextSecondary, widgets.ColorSecondary)))
		parts.Add(words)
	}
	for _, o := range []fyne.CanvasObject{widgets.NewGap(2), widgets.NewButtonRow(yes, no)} {
		parts.Add(o)
	}
	c = a.cards.show(parts, widgets.OverlayOptions{})
	a.win.Canvas().Focus(no)
}

func (a *App) nameOf(b blockCard) map[string]any {
	return map[string]any{"Name": a.model.name(b.account, b.jid)}
}

// reportedMessages is how many of somebody's last messages are looked through
// for a report.
const reportedMessages = 30

// block keeps an address away, and reports it when there is a reason.
func (a *App) block(b blockCard, reason account.ReportReason, words string) {
	name := a.nameOf(b)
	chat, _ := a.model.findChat(b.account, b.jid)
	a.on(laneNet, func(ctx context.Context) func() {
		var err error
		if reason == "" {
			err = a.backend.Block(ctx, b.account, b.jid)
		} else {
			var page account.Page
			if chat.ID != 0 { // a report without the messages is one, too
				page, _ = a.backend.Before(chat.ID, storage.Pos{}, reportedMessages)
			}
			err = a.backend.BlockAndReport(ctx, b.account, b.jid, reason, page.Messages, words)
		}
		if err != nil {
			return func() { a.fail(err) }
		}
		return func() {
			if b.erase != nil {
				b.erase()
				a.toast(lang.L("{{.Name}} is blocked", name))
				return
			}
			a.offer(lang.L("{{.Name}} is blocked", name), lang.L("Undo"), func() { a.unblock(b.account, b.jid, nil) })
		}
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
