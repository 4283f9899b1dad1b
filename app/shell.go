package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"linnet/storage"
	"linnet/widgets"
)

// chatMinWidth is the room a chat keeps beside the details pane; with less,
// the details lie over it.
const chatMinWidth float32 = 420

// shell is the page with the chats: the side pane, the open chat and its
// details. Under widgets.OnePaneBelow it shows one of them at a time.
type shell struct {
	a       *App
	side    *sidePane
	chat    *chatPane
	details *detailsPane
	box     *fyne.Container
	split   *widgets.Split
	main    *fyne.Container // chat and details
	edge    fyne.CanvasObject

	narrow bool // one pane at a time
	inChat bool // with one pane: the chat is shown, not the side pane

	// The details stay beside every chat while they are wanted and there is
	// room. Without room they hide the chat, so they are asked for each time.
	room, detailed, asked bool
}

func newShell(a *App) *shell {
	s := &shell{a: a}
	s.side = newSidePane(a)
	s.chat = newChatPane(a)
	s.details = newDetailsPane(a)
	s.edge = widgets.NewLine()
	s.main = container.New(free(s.layoutMain), s.chat.box, s.edge, s.details.box)
	s.split = widgets.NewSplit(s.side.box, s.main, widgets.SideMinWidth, widgets.SideMaxWidth)
	s.split.SetWidth(widgets.SideWidth)
	s.split.OnWidth = func(dp float32) { a.changePrefs(func(p *prefs) { p.Side = dp }) }
	s.box = container.New(free(s.layout), s.split)
	return s
}

func (s *shell) layout(_ []fyne.CanvasObject, size fyne.Size) {
	s.narrow = size.Width < widgets.OnePaneBelow
	s.chat.header.setNarrow(s.narrow)
	switch {
	case !s.narrow:
		s.split.SetMode(widgets.SplitBoth)
	case s.inChat:
		s.split.SetMode(widgets.SplitMain)
	default:
		s.split.SetMode(widgets.SplitSide)
	}
	place(s.split, 0, 0, size.Width, size.Height)
}

// layoutMain puts the details beside the chat where there is room, else over
// its right part, and with one pane in its place.
func (s *shell) layoutMain(_ []fyne.CanvasObject, size fyne.Size) {
	width, rest := widgets.DetailsWidth, size.Width
	s.room = !s.narrow && rest-width >= chatMinWidth
	details := s.detailsShown()
	s.chat.header.setDetails(details)
	switch {
	case details && s.narrow:
		width = size.Width
	case details && s.room:
		rest -= width
	}
	show(s.details.box, details)
	show(s.edge, details && !s.narrow)
	show(s.chat.box, !details || !s.narrow)
	place(s.chat.box, 0, 0, rest, size.Height)
	place(s.details.box, size.Width-width, 0, width, size.Height)
	place(s.edge, size.Width-width-1, 0, 1, size.Height)
}

// detailsShown reports whether the details are in view.
func (s *shell) detailsShown() bool {
	if s.room {
		return s.chat.open() && s.detailed
	}
	return s.chat.open() && s.asked
}

// relayout arranges the panes anew.
func (s *shell) relayout() {
	s.layout(nil, s.box.Size())
	s.layoutMain(nil, s.main.Size())
	s.box.Refresh()
	s.chat.markRead() // it may have come into view
}

// object implements page.
func (s *shell) object() fyne.CanvasObject { return s.box }

// focus implements page: typing goes to the open chat, else to the list.
func (s *shell) focus() {
	if s.chat.open() && (!s.narrow || s.inChat) {
		s.chat.focusWriting()
		return
	}
	s.side.focus()
}

// back implements page: the details, then with one pane the chat.
func (s *shell) back() bool {
	switch {
	case s.detailsShown() && (!s.room || s.detailsHasFocus()) && s.details.leaveList():
	case s.detailsShown() && (!s.room || s.detailsHasFocus()):
		s.showDetails(false)
	case s.chat.open() && s.chat.back():
	case s.narrow && s.inChat:
		s.leaveChat()
	case s.chat.open():
		s.chat.focusWriting()
	default:
		return false
	}
	return true
}

// leaveChat goes from the chat to the list where one pane is shown.
func (s *shell) leaveChat() {
	s.inChat = false
	s.relayout()
	s.side.focus()
}

// detailsHasFocus reports whether the keyboard is in the details pane, where
// Esc closes it.
func (s *shell) detailsHasFocus() bool {
	o, ok := s.a.win.Canvas().Focused().(fyne.CanvasObject)
	return ok && contains(s.details.box, o)
}

// refresh implements page.
func (s *shell) refresh(c changes) {
	s.side.refresh(c)
	s.chat.refresh(c)
	s.details.refresh(c)
}

// usePrefs takes what was remembered.
func (s *shell) usePrefs(p prefs) {
	s.detailed = p.Details
	s.split.SetWidth(p.Side)
	s.relayout()
}

// openChat shows a chat with the cursor in its composer. A body is put there
// unless something is written already.
func (s *shell) openChat(c storage.Chat, body string) {
	s.inChat, s.asked = true, false
	if c.MarkedUnread {
		s.a.withChat(c.ID, func(act chatAct) { act.setMarked(false) })
	}
	s.chat.show(c, body)
	s.side.archived = s.side.archived && c.Archived // the list has the open chat
	s.side.fill()
	s.details.show(c)
	s.relayout()
	s.chat.focusWriting()
	s.a.setTitle()
}

// closeChat shows no chat.
func (s *shell) closeChat() {
	s.inChat = false
	s.chat.close()
	s.side.fill()
	s.relayout()
	s.side.focus()
	s.a.setTitle()
}

// step opens the next chat of the list, or the one before it.
func (s *shell) step(by int) { s.openKey(s.side.chats.Neighbour(by)) }

// openNth opens a chat by its place in the list.
func (s *shell) openNth(i int) { s.openKey(s.side.chats.ItemAt(i)) }

func (s *shell) openKey(key string) {
	if c, ok := s.a.model.chats[chatOfKey(key)]; ok {
		s.openChat(c, "")
	}
}

// toggleDetails opens or closes the details pane.
func (s *shell) toggleDetails() { s.showDetails(!s.detailsShown()) }

func (s *shell) showDetails(on bool) {
	if s.room {
		s.detailed, s.a.prefs.Details = on, on
	} else {
		s.asked = on
	}
	s.relayout()
	if !on {
		s.focus()
		return
	}
	s.details.refresh(everything)
}

// cyclePane moves the keyboard to the next pane that is in view, or the one
// before it.
func (s *shell) cyclePane(by int) {
	type pane struct {
		box   fyne.CanvasObject
		shown bool
		focus func()
	}
	side, chat := s.side.box.Visible(), s.chat.open() && (!s.narrow || s.inChat)
	written := chat && s.chat.box.Visible() // not when the details take its place
	var inView []pane
	for _, p := range []pane{
		{s.side.top, side, func() { s.a.win.Canvas().Focus(s.side.search) }},
		{s.side.lists, side, s.side.focus},
		{s.chat.view, written, s.chat.focusTranscript},
		{s.chat.composer, written, s.chat.focusWriting},
		{s.details.box, chat && s.details.box.Visible(), s.details.focus},
	} {
		if p.shown {
			inView = append(inView, p)
		}
	}
	at := -1
	if focused, ok := s.a.win.Canvas().Focused().(fyne.CanvasObject); ok {
		for i, p := range inView {
			if contains(p.box, focused) {
				at = i
			}
		}
	}
	if at < 0 && by < 0 {
		at = 0
	}
	inView[(at+by+len(inView))%len(inView)].focus()
}

// contains reports whether an object is inside another one.
func contains(in fyne.CanvasObject, o fyne.CanvasObject) bool {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject
	p, q := at(o), at(in)
	size := in.Size()
	return p.X >= q.X && p.Y >= q.Y && p.X < q.X+size.Width && p.Y < q.Y+size.Height
}
