package app

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// archiveRows are the part of an account's settings about the messages its
// server keeps: whose, which the server has to be asked for, and getting all of
// them.
type archiveRows struct {
	p  *settingsPage
	id storage.AccountID

	box      *fyne.Container
	note     *widgets.Paragraph // what stands in the way of the choice
	choices  *fyne.Container
	buttons  []*widgets.Button
	load     *widgets.SettingRow
	loadAll  *widgets.Button
	progress *widgets.Paragraph

	asked bool // since it is online
}

// policies are the choices, in the order of their buttons.
var policies = []account.ArchivePolicy{account.ArchiveAlways, account.ArchiveContacts, account.ArchiveNever}

func newArchiveRows(p *settingsPage, id storage.AccountID) *archiveRows {
	r := &archiveRows{p: p, id: id, choices: widgets.NewFlow(8)}
	r.note = widgets.NewParagraph("", widgets.TextSecondary, widgets.ColorSecondary)
	for i, name := range []string{lang.L("Always"), lang.L("From contacts only"), lang.L("Never")} {
		b := widgets.NewButton(name, widgets.ButtonOutlined, func() { r.choose(policies[i]) })
		r.buttons = append(r.buttons, b)
		r.choices.Add(b)
	}
	r.loadAll = widgets.NewButton(lang.L("Load all"), widgets.ButtonOutlined, func() { p.a.toggleLoading(id) })
	r.progress = widgets.NewParagraph("", widgets.TextSecondary, widgets.ColorSecondary)
	r.load = widgets.NewSettingRow(lang.L("Load all history"), lang.L("Otherwise older messages come when you scroll up to them"), r.loadAll)
	r.box = widgets.NewColumn(10,
		widgets.NewHeading(lang.L("Messages on the server"), 15),
		widgets.NewSettingRow(lang.L("Keep messages on the server"), lang.L("For your other devices, and for this one when it was away"), nil),
		r.note, r.choices, r.load, r.progress,
	)
	r.choices.Hide()
	r.say(lang.L("Known when this account is connected"))
	return r
}

// refresh asks the server once it can be asked, and shows how far loading is.
// It reports whether the height may have changed.
func (r *archiveRows) refresh() (changed bool) {
	info := r.p.a.model.account(r.id)
	online := info != nil && info.State.Phase == stream.Online
	if online && !r.asked {
		r.ask()
		changed = true
	}
	r.asked = online
	l := r.p.a.loading[r.id]
	text, act := "", lang.L("Load all")
	if l != nil {
		text, act = historyText(l.loaded, 0), lang.L("Cancel")
	}
	r.loadAll.SetText(act)
	if r.progress.Text() != text {
		r.progress.SetText(text)
	}
	return show(r.progress, l != nil) || changed
}

// say shows a sentence in place of the choices.
func (r *archiveRows) say(text string) {
	r.note.SetText(text)
	r.note.Show()
	r.choices.Hide()
	r.p.fit()
}

// ask asks the server what it keeps.
func (r *archiveRows) ask() {
	a := r.p.a
	r.say(lang.L("Asking the server"))
	a.on(laneNet, func(ctx context.Context) func() {
		now, err := a.backend.ArchivePolicy(ctx, r.id)
		return func() {
			if err != nil {
				r.say(policyText(err))
				return
			}
			r.mark(now)
		}
	})
}

// mark shows the choice that holds.
func (r *archiveRows) mark(now account.ArchivePolicy) {
	for i, b := range r.buttons {
		b.SetActive(policies[i] == now)
	}
	r.note.Hide()
	r.choices.Show()
	r.p.fit()
}

// choose has the server keep other messages from now on.
func (r *archiveRows) choose(policy account.ArchivePolicy) {
	a := r.p.a
	r.mark(policy)
	a.on(laneNet, func(ctx context.Context) func() {
		err := a.backend.SetArchivePolicy(ctx, r.id, policy)
		if err == nil {
			return nil
		}
		return func() {
			a.fail(err)
			r.ask() // what holds now
		}
	})
}

// policyText says why whose messages are kept cannot be chosen.
func policyText(err error) string {
	var refused *stream.StanzaError
	switch {
	case errors.Is(err, account.ErrNoArchive):
		return lang.L("Your server keeps no messages")
	case errors.As(err, &refused):
		return lang.L("Your server does not let you choose")
	}
	return failureText(err)
}

// loading is the whole history of an account on its way.
type loading struct {
	loaded int
	cancel context.CancelFunc
}

// toggleLoading gets all messages of an account, or stops that. It goes on
// while other pages are open.
func (a *App) toggleLoading(id storage.AccountID) {
	if l := a.loading[id]; l != nil {
		l.cancel()
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	l := &loading{cancel: cancel}
	a.loading[id] = l
	a.on(laneLoad, func(life context.Context) func() {
		defer context.AfterFunc(life, cancel)()
		err := a.backend.LoadAllOf(ctx, id, func(loaded int) {
			a.post(func() {
				l.loaded = loaded
				a.refresh(changes{states: true})
			})
		})
		return func() {
			cancel()
			delete(a.loading, id)
			a.refresh(changes{states: true})
			a.loadedAll(id, l.loaded, err)
		}
	})
	a.refresh(changes{states: true})
}

// loadedAll says what came of it.
func (a *App) loadedAll(id storage.AccountID, n int, err error) {
	switch {
	case err == nil && n == 0:
		a.toast(lang.L("All messages were here already"))
	case err == nil:
		a.toast(lang.L("All messages are here now, {{.N}} of them new", map[string]any{"N": grouped(n)}))
	case errors.Is(err, context.Canceled):
		a.toast(lang.L("Loading was stopped after {{.N}} messages", map[string]any{"N": grouped(n)}))
	default:
		a.log.Info("history was not loaded", "error", err)
		a.offer(lang.L("Not all messages were loaded")+". "+failureText(err), lang.L("Try again"), func() {
			if a.loading[id] == nil {
				a.toggleLoading(id)
			}
		})
	}
}
