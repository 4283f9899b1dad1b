package app

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

const (
	// findHeight is the height of the bar that searches the open chat in dp.
	findHeight = 50
	// findPage is how many messages are found at once.
	findPage = 100
	// findAfter is how long after a letter it is searched, so that a word is
	// searched once.
	findAfter = 250 * time.Millisecond
)

// findBar searches the open chat: what is found is marked in the messages, and
// the view goes from one to the next, the newest first.
type findBar struct {
	p     *chatPane
	box   *fyne.Container
	field *widgets.SearchField
	count *widgets.Label
	up    *widgets.IconButton
	down  *widgets.IconButton
	close *widgets.IconButton
	rule  fyne.CanvasObject

	wait  func() // keeps what is typed from being searched yet
	query string
	found []storage.Pos // the newest first
	more  bool          // there may be older ones
	at    int
}

func newFindBar(p *chatPane) *findBar {
	f := &findBar{p: p, wait: func() {}}
	f.field = widgets.NewSearchField(lang.L("Search in this chat"))
	f.field.OnChanged = f.typed
	f.field.OnSubmitted = func(string) { f.submit() }
	f.field.OnKey = f.key
	f.field.OnEscape = f.hide
	f.field.OnShortcut = p.a.typedShortcut
	f.count = widgets.NewLabel("", widgets.TextSecondary, widgets.ColorSecondary).Trailing()
	f.up = widgets.NewIconButton(assets.IconChevronUp, lang.L("Older one"), func() { f.step(1) })
	f.down = widgets.NewIconButton(assets.IconChevronDown, lang.L("Newer one"), func() { f.step(-1) })
	f.close = widgets.NewIconButton(assets.IconClose, lang.L("Close the search"), f.hide)
	f.rule = widgets.NewLine()
	f.box = container.New(free(f.layout), f.field, f.count, f.up, f.down, f.close, f.rule)
	f.box.Hide()
	return f
}

func (f *findBar) layout(_ []fyne.CanvasObject, size fyne.Size) {
	const button, edge, countWidth = widgets.IconButtonSize, 14, 76
	y := (size.Height - button) / 2
	x := size.Width - edge
	for _, b := range []*widgets.IconButton{f.close, f.down, f.up} {
		x -= button
		place(b, x, y, button, button)
	}
	x -= countWidth + 4
	place(f.count, x, (size.Height-20)/2, countWidth, 20)
	place(f.field, edge, y, x-edge-6, button)
	place(f.rule, 0, size.Height-1, size.Width, 1)
}

// height is the room the bar takes.
func (f *findBar) height() float32 {
	if f.box.Visible() {
		return findHeight
	}
	return 0
}

// show opens the bar with the keyboard in it.
func (f *findBar) show() {
	if show(f.box, true) {
		f.p.relayout()
		f.say()
	}
	f.field.Focus()
}

// hide closes the bar, and marks nothing any more.
func (f *findBar) hide() {
	f.wait()
	if show(f.box, false) {
		f.clear("")
		f.field.SetText("")
		f.wait()
		f.p.relayout()
		f.p.focusWriting()
	}
}

// clear forgets what was found.
func (f *findBar) clear(query string) {
	f.query, f.found, f.more, f.at = query, nil, false, 0
	f.p.view.SetFind(query)
	f.say()
}

func (f *findBar) typed(string) {
	f.wait()
	f.wait = f.p.a.after(findAfter, f.search)
}

// submit searches at once, or goes to the next older one.
func (f *findBar) submit() {
	if strings.TrimSpace(f.field.Text()) != f.query {
		f.wait()
		f.search()
		return
	}
	f.step(1)
}

// key goes from one to the next.
func (f *findBar) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyUp:
		f.step(1)
	case fyne.KeyDown:
		f.step(-1)
	default:
		return false
	}
	return true
}

// search looks for what is typed.
func (f *findBar) search() {
	query := strings.TrimSpace(f.field.Text())
	if query == f.query || !f.p.open() {
		return
	}
	f.clear(query)
	if query != "" {
		f.look(storage.Pos{})
	}
}

// look finds messages before a place and shows the first of them.
func (f *findBar) look(before storage.Pos) {
	p, query, h, id := f.p, f.query, f.p.hist, f.p.chat.ID
	p.a.read(func(ctx context.Context) func() {
		found, err := p.a.backend.Find(ctx, id, query, before, findPage)
		return func() {
			switch {
			case p.hist != h || f.query != query:
				return
			case err != nil:
				p.a.fail(err)
				return
			}
			at := len(f.found)
			for _, m := range found {
				f.found = append(f.found, m.Pos)
			}
			f.more = len(found) >= findPage
			f.goTo(min(at, len(f.found)-1))
		}
	})
}

// step goes by so many found messages towards older ones.
func (f *findBar) step(by int) {
	switch to := f.at + by; {
	case len(f.found) == 0 || to < 0:
	case to < len(f.found):
		f.goTo(to)
	case f.more:
		f.look(f.found[len(f.found)-1])
	}
}

// goTo shows one of those found.
func (f *findBar) goTo(i int) {
	f.at = max(0, i)
	if i >= 0 {
		f.p.jumpTo(f.found[i])
	}
	f.say()
}

// say tells which one of how many is shown.
func (f *findBar) say() {
	text := ""
	switch {
	case len(f.found) > 0:
		n := strconv.Itoa(len(f.found))
		if f.more {
			n += "+"
		}
		text = lang.L("{{.N}} of {{.All}}", map[string]any{"N": f.at + 1, "All": n})
	case f.query != "":
		text = lang.L("Nothing")
	}
	f.count.SetText(text)
	enable(f.up, f.at+1 < len(f.found) || f.more)
	enable(f.down, f.at > 0)
}
