package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"linnet/widgets"
)

// page is one view that fills the window: the shell with the chats, or what
// covers it, such as the settings. All methods run on the UI goroutine.
type page interface {
	// object is what is shown, always the same one.
	object() fyne.CanvasObject
	// focus puts the cursor where typing should go; it is called whenever the
	// page comes to the top.
	focus()
	// back answers Esc and the back command: it undoes one step inside the
	// page and reports true, or reports false to have the page left.
	back() bool
	// refresh brings the page up to date after the model changed. It is called
	// for every page of the stack, at most once a frame.
	refresh(changes)
}

// rooted is a page that cannot be left with Esc, such as the first run.
type rooted interface{ stays() bool }

// closer is a page that has something to end when it is left.
type closer interface{ closed() }

// pageStack shows the topmost of the pages put onto it.
type pageStack struct {
	box   *fyne.Container
	pages []page
	focus []fyne.Focusable // what had the keyboard in the page below, by page
	win   fyne.Window
}

func newPageStack(win fyne.Window) *pageStack {
	return &pageStack{box: container.NewStack(), win: win}
}

// top is the page in view; nil before the first push.
func (s *pageStack) top() page {
	if len(s.pages) == 0 {
		return nil
	}
	return s.pages[len(s.pages)-1]
}

// turned is called when another page comes into view.
func (s *pageStack) turned() {
	if root, ok := s.win.Canvas().Content().(*widgets.Root); ok {
		root.DropTip()
	}
}

// push shows a page over the others.
func (s *pageStack) push(p page) {
	s.turned()
	if below := s.top(); below != nil {
		below.object().Hide()
	}
	s.focus = append(s.focus, s.win.Canvas().Focused())
	s.pages = append(s.pages, p)
	s.win.Canvas().Unfocus()
	p.object().Show()
	s.box.Add(p.object())
	p.focus()
}

// pop leaves the top page; the last one stays.
func (s *pageStack) pop() {
	if len(s.pages) < 2 {
		return
	}
	s.turned()
	p, had := s.top(), s.focus[len(s.focus)-1]
	s.pages, s.focus = s.pages[:len(s.pages)-1], s.focus[:len(s.focus)-1]
	s.win.Canvas().Unfocus()
	s.box.Remove(p.object())
	if c, ok := p.(closer); ok {
		c.closed()
	}
	s.top().object().Show()
	s.top().refresh(changes{times: true})
	if had != nil {
		s.win.Canvas().Focus(had)
	} else {
		s.top().focus()
	}
}

// remove leaves a page wherever it stands, with those above it. A page that is
// not there is passed over.
func (s *pageStack) remove(p page) {
	for i, q := range s.pages {
		if q == p && i > 0 {
			for len(s.pages) > i {
				s.pop()
			}
			return
		}
	}
}

// back takes one step back and reports whether there was one.
func (s *pageStack) back() bool {
	p := s.top()
	if p == nil || p.back() {
		return p != nil
	}
	if r, ok := p.(rooted); ok && r.stays() || len(s.pages) < 2 {
		return false
	}
	s.pop()
	return true
}

// refresh passes changes of the model to every page.
func (s *pageStack) refresh(c changes) {
	for _, p := range append([]page(nil), s.pages...) {
		p.refresh(c)
	}
}
