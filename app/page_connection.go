package app

import (
	"reflect"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// checkTime is how long a server has to answer until the page looks at how long
// it took, after the user had it checked.
const checkTime = 2 * time.Second

// connectionSection shows how an account is connected, step by step, and what
// its server can do.
type connectionSection struct {
	p  *settingsPage
	id storage.AccountID
	d  diagnosis // what is shown

	box      *fyne.Container
	head     *widgets.StepRow
	cure     *widgets.Button
	started  *widgets.Paragraph
	steps    *fyne.Container
	lost     *widgets.Paragraph
	features *fyne.Container
	more     *widgets.Paragraph
}

// showConnection opens the page of an account's connection.
func (a *App) showConnection(id storage.AccountID) {
	p := a.settings()
	p.nav.Select(0)
	p.inside = true
	p.openConnection(id)
}

// showConnections opens the page of the connection that is most in need of it:
// of an account that should be online and is not, else of the first.
func (a *App) showConnections() {
	var id storage.AccountID
	for _, info := range a.model.accounts {
		if p := info.State.Phase; id == 0 || p == stream.Failed || p == stream.Waiting {
			id = info.ID
			if p != stream.Online && p != stream.Stopped {
				break
			}
		}
	}
	if id != 0 {
		a.showConnection(id)
	}
}

func newConnectionSection(p *settingsPage, id storage.AccountID) *connectionSection {
	a := p.a
	s := &connectionSection{
		p: p, id: id,
		head:     widgets.NewStepRow(widgets.Step{}),
		started:  widgets.NewParagraph("", widgets.TextSecondary, widgets.ColorSecondary),
		steps:    widgets.NewColumn(0),
		lost:     widgets.NewParagraph("", widgets.TextSecondary, widgets.ColorSecondary),
		features: widgets.NewColumn(12),
		more:     widgets.NewParagraph(lang.L("More is known when this account is connected."), widgets.TextSecondary, widgets.ColorSecondary),
	}
	s.cure = widgets.NewButton("", widgets.ButtonFilled, func() {
		if now := a.model.account(id); now != nil {
			a.cure(*now)
		}
	})
	s.box = widgets.NewColumn(14,
		widgets.NewInset(s.head),
		widgets.NewFlow(10,
			s.cure,
			widgets.NewButton(lang.L("Check again"), widgets.ButtonOutlined, s.check),
			widgets.NewButton(lang.L("Copy report"), widgets.ButtonOutlined, s.copy),
		),
		widgets.NewGap(2),
		widgets.NewHeading(lang.L("Step by step"), 15),
		s.started, s.steps, s.lost,
		widgets.NewGap(2),
		widgets.NewHeading(lang.L("What your server can do"), 15),
		s.features, s.more,
	)
	s.show()
	return s
}

func (s *connectionSection) object() fyne.CanvasObject { return s.box }

func (s *connectionSection) refresh(c changes) {
	if c.accounts || c.states || c.times {
		s.show()
	}
}

// show brings the page up to date, if anything is new.
func (s *connectionSection) show() {
	a := s.p.a
	info := a.model.account(s.id)
	r, err := a.backend.Report(s.id)
	if info == nil || err != nil {
		return // the page is about to be left
	}
	d := diagnose(r, *info, a.now())
	if reflect.DeepEqual(d, s.d) {
		return
	}
	s.d = d
	s.head.Set(d.headline)
	cure := info.State.Phase == stream.Failed && curable(info.State.Err)
	if cure {
		s.cure.SetText(cureText(*info))
	}
	show(s.cure, cure)
	setParagraph(s.started, s.startText())
	setSteps(s.steps, d.steps)
	setParagraph(s.lost, d.lost)
	setSteps(s.features, d.features)
	show(s.more, d.more)
	s.p.fit()
}

// startText says when the last try to connect was.
func (s *connectionSection) startText() string {
	switch {
	case s.d.began.IsZero():
		return lang.L("Linnet has not tried to connect yet.")
	case s.d.took == 0:
		return lang.L("Begun at {{.Time}}.", map[string]any{"Time": moment(s.d.began, s.p.a.now())})
	}
	return lang.L("Begun at {{.Time}}, took {{.Took}}.", map[string]any{"Time": moment(s.d.began, s.p.a.now()), "Took": duration(s.d.took)})
}

// setParagraph changes what a paragraph says; one that says nothing is hidden.
func setParagraph(p *widgets.Paragraph, text string) {
	p.SetText(text)
	show(p, text != "")
}

// setSteps shows steps in a column, in the rows that are there as far as they go.
func setSteps(column *fyne.Container, steps []widgets.Step) {
	for i, step := range steps {
		if i < len(column.Objects) {
			column.Objects[i].(*widgets.StepRow).Set(step)
		} else {
			column.Add(widgets.NewStepRow(step))
		}
	}
	for len(column.Objects) > len(steps) {
		column.Remove(column.Objects[len(column.Objects)-1])
	}
	show(column, len(steps) > 0)
}

// check connects again at once, or sees whether the connection works.
func (s *connectionSection) check() {
	a := s.p.a
	a.reconnect(s.id)
	a.after(checkTime, func() { a.refresh(changes{states: true}) })
}

// copy puts all of it into the clipboard as text.
func (s *connectionSection) copy() {
	a := s.p.a
	info := a.model.account(s.id)
	r, err := a.backend.Report(s.id)
	if info == nil || err != nil {
		return
	}
	a.fyne.Clipboard().SetContent(reportText(r, *info, a.cfg.Version, a.now()))
	a.toast(lang.L("Copied. The report has your address in it, but no password"))
}
