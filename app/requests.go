package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"linnet/account"
	"linnet/widgets"
)

// requestList shows who wants to be a contact, on top of the contacts.
type requestList struct {
	a    *App
	box  *container.Scroll
	rows *fyne.Container
	held []account.Request
}

func newRequestList(a *App) *requestList {
	l := &requestList{a: a, rows: widgets.NewColumn(10)}
	l.box = container.NewVScroll(container.New(margin(sideMargin), l.rows))
	l.box.Hide()
	return l
}

func (l *requestList) count() int { return len(l.held) }

// height is what the list would like to have at a width.
func (l *requestList) height(width float32) float32 {
	l.box.Content.Resize(fyne.NewSize(width, l.box.Content.Size().Height))
	return l.box.Content.MinSize().Height
}

// set shows the requests of the model.
func (l *requestList) set(m *model) {
	if sameRequests(l.held, m.requests) {
		return
	}
	l.held = append([]account.Request(nil), m.requests...)
	l.rows.RemoveAll()
	for _, r := range l.held {
		l.rows.Add(l.row(m, r))
	}
}

func sameRequests(a, b []account.Request) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// row is one request with its answers.
func (l *requestList) row(m *model, r account.Request) fyne.CanvasObject {
	avatar := widgets.NewAvatar(widgets.AvatarSmallSize, widgets.ColorSide)
	avatar.Set(m.faceOf(contactKey{r.Account, r.JID}, false, 0))
	name := widgets.NewBoldLabel(m.name(r.Account, r.JID), widgets.TextBody, widgets.ColorText)
	words := widgets.NewLabel(requestText(r), widgets.TextSmall, widgets.ColorSecondary)
	head := container.New(requestHead{}, avatar, name, words)
	answers := widgets.NewFlow(4)
	for i, answer := range l.a.answers(r) {
		kind := widgets.ButtonQuiet
		if i == 0 {
			kind = widgets.ButtonLink
		}
		answers.Add(widgets.NewButton(answer.text, kind, answer.run))
	}
	if stripe := m.stripe(r.Account); stripe != 0 {
		if info := m.account(r.Account); info != nil {
			words.SetText(words.Text() + " · " + accountName(*info))
		}
	}
	return widgets.NewColumn(4, head, answers)
}

// requestHead sets an avatar beside two lines.
type requestHead struct{}

// Layout implements fyne.Layout.
func (requestHead) Layout(o []fyne.CanvasObject, size fyne.Size) {
	const avatar = widgets.AvatarSmallSize
	place(o[0], 2, (size.Height-avatar)/2, avatar, avatar)
	x := float32(2 + avatar + 12)
	place(o[1], x, 0, size.Width-x, 20)
	place(o[2], x, 19, size.Width-x, 18)
}

// MinSize implements fyne.Layout.
func (requestHead) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, 38) }
