package widgets

import (
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// rowState is how a row stands in its list, for drawing.
type rowState struct {
	selected bool // shows what is open
	hovered  bool // the pointer is over it
	focused  bool // the keyboard is on it
}

// listRow is a row that can be given other content, because rows that leave
// the view come back as others.
type listRow interface {
	fyne.CanvasObject
	// bind shows item i; it does nothing when nothing changed.
	bind(i int, s rowState)
}

// listModel is what a virtualList shows.
type listModel interface {
	count() int
	// height gives the height of item i in dp.
	height(i int) float32
	// kind tells rows apart that cannot be recycled into one another.
	kind(i int) int
	// make makes an empty row of a kind.
	make(kind int) listRow
}

// wheelStep multiplies what the toolkit reports for a turn of the wheel, which
// alone is too little for lists of this row height.
const wheelStep = 2.5

// virtualList is a list of rows of given heights that holds widgets only for
// what is in view. The lists of conversations and contacts are built on it.
type virtualList struct {
	widget.BaseWidget
	self  fyne.Widget // the list this is embedded in
	model listModel

	// activate opens item i, by a press or Enter.
	activate func(i int)
	// menu asks for the menu of item i at a position of the canvas.
	menu func(i int, at fyne.Position)
	// typed gets what is typed while the list has the focus.
	typed func(rune)
	// key sees keys first and says whether it took them.
	key func(*fyne.KeyEvent) bool

	tops     []float32 // top of each item, and the end of the last
	offset   float32
	selected int // -1 for none
	cursor   int // where the keyboard is, -1 for nowhere
	hovered  int
	pointer  float32 // y of the pointer, for hover while scrolling
	focused  bool
	held     bool // a drag of the scroll bar goes on

	shown map[int]listRow
	kinds map[int]int // kind of each shown row
	spare map[int][]listRow
	bar   *canvas.Rectangle
	rend  *clipPainter
	// changed is set when other rows are shown than at the last restack.
	changed bool
}

// init sets up a list embedded in self.
func (l *virtualList) init(self fyne.Widget, m listModel) {
	l.self, l.model = self, m
	l.selected, l.cursor, l.hovered = -1, -1, -1
	l.shown, l.kinds, l.spare = map[int]listRow{}, map[int]int{}, map[int][]listRow{}
	l.bar = rounded(2)
	l.ExtendBaseWidget(self)
}

// reload takes a new content: heights are summed anew and shown rows bound
// again. The caller keeps selected and cursor in step with the new content.
func (l *virtualList) reload() {
	n := l.model.count()
	l.tops = append(l.tops[:0], 0)
	y := float32(0)
	for i := range n {
		y += l.model.height(i)
		l.tops = append(l.tops, y)
	}
	if l.cursor >= n {
		l.cursor = n - 1
	}
	l.scrollTo(l.offset)
	l.place()
}

// total gives the height of all items.
func (l *virtualList) total() float32 {
	if len(l.tops) == 0 {
		return 0
	}
	return l.tops[len(l.tops)-1]
}

// at gives the item at a height of the content, or -1.
func (l *virtualList) at(y float32) int {
	if y < 0 || y >= l.total() {
		return -1
	}
	return sort.Search(len(l.tops)-1, func(i int) bool { return l.tops[i+1] > y })
}

func (l *virtualList) scrollTo(y float32) {
	l.offset = max(0, min(y, l.total()-l.Size().Height))
}

// reveal scrolls as little as needed to show item i whole.
func (l *virtualList) reveal(i int) {
	if i < 0 || i >= len(l.tops)-1 {
		return
	}
	h := l.Size().Height
	switch {
	case l.tops[i] < l.offset:
		l.scrollTo(l.tops[i])
	case l.tops[i+1] > l.offset+h:
		l.scrollTo(l.tops[i+1] - h)
	}
}

// place binds and moves the rows in view and puts the others aside.
func (l *virtualList) place() {
	if l.rend == nil || len(l.tops) == 0 {
		return
	}
	size := l.Size()
	first, last := l.at(l.offset), l.at(min(l.offset+size.Height, l.total())-0.01)
	for i, r := range l.shown {
		if first < 0 || i < first || i > last || l.kinds[i] != l.model.kind(i) {
			l.recycle(i, r)
		}
	}
	if first >= 0 && size.Height > 0 {
		for i := first; i <= last; i++ {
			r, ok := l.shown[i]
			if !ok {
				r = l.take(i)
			}
			r.bind(i, rowState{selected: i == l.selected, hovered: i == l.hovered, focused: l.focused && i == l.cursor})
			put(r, 0, l.tops[i]-l.offset, size.Width, l.tops[i+1]-l.tops[i])
		}
	}
	l.restack()
	l.placeBar(size)
}

func (l *virtualList) recycle(i int, r listRow) {
	k := l.kinds[i]
	l.spare[k] = append(l.spare[k], r)
	delete(l.shown, i)
	delete(l.kinds, i)
	l.changed = true
}

func (l *virtualList) take(i int) listRow {
	k := l.model.kind(i)
	var r listRow
	if s := l.spare[k]; len(s) > 0 {
		r = s[len(s)-1]
		l.spare[k] = s[:len(s)-1]
	} else {
		r = l.model.make(k)
	}
	l.shown[i], l.kinds[i] = r, k
	l.changed = true
	return r
}

// restack lists the shown rows in order, so that what draws over its edge does
// so the same way each time.
func (l *virtualList) restack() {
	if !l.changed {
		return
	}
	l.changed = false
	order := make([]int, 0, len(l.shown))
	for i := range l.shown {
		order = append(order, i)
	}
	sort.Ints(order)
	objects := l.rend.objects[:0]
	for _, i := range order {
		objects = append(objects, l.shown[i])
	}
	l.rend.objects = append(objects, l.bar)
	repaint(l.self, l.bar)
}

// barWidth is the thickness of the scroll bar, and barReach how far from the
// edge it can be taken hold of.
const (
	barWidth  = 4
	barReach  = 12
	barLength = 28
)

func (l *virtualList) placeBar(s fyne.Size) {
	more := l.total() > s.Height && s.Height > 0
	show(l.bar, more && (l.hovered >= 0 || l.held || l.focused))
	if !more {
		return
	}
	length := max(barLength, s.Height*s.Height/l.total())
	y := l.offset / (l.total() - s.Height) * (s.Height - length)
	put(l.bar, s.Width-barWidth-2, y, barWidth, length)
}

// CreateRenderer is Fyne's.
func (l *virtualList) CreateRenderer() fyne.WidgetRenderer {
	l.rend = &clipPainter{painter{min: fixed(120, 60)}}
	l.rend.layout = func(fyne.Size) {
		l.scrollTo(l.offset)
		l.place()
	}
	l.rend.refresh = func() {
		l.bar.FillColor = theme.Color(ColorScroll)
		for _, r := range l.shown {
			r.Refresh()
		}
	}
	l.bar.FillColor = theme.Color(ColorScroll)
	l.changed = true
	l.reload()
	return l.rend
}

// Scrolled is Fyne's.
func (l *virtualList) Scrolled(e *fyne.ScrollEvent) {
	before := l.offset
	l.scrollTo(l.offset - e.Scrolled.DY*wheelStep)
	if l.offset == before {
		return
	}
	l.hovered = l.at(l.pointer + l.offset)
	l.place()
}

// Dragged moves the content with the scroll bar.
func (l *virtualList) Dragged(e *fyne.DragEvent) {
	start := e.Position.X - e.Dragged.DX
	if !l.held && start < l.Size().Width-barReach {
		return
	}
	l.held = true
	s := l.Size()
	length := max(barLength, s.Height*s.Height/max(1, l.total()))
	if run := s.Height - length; run > 0 {
		l.scrollTo(l.offset + e.Dragged.DY*(l.total()-s.Height)/run)
		l.place()
	}
}

// DragEnd is Fyne's.
func (l *virtualList) DragEnd() {
	l.held = false
	l.place()
}

// Tapped opens the item pressed.
func (l *virtualList) Tapped(e *fyne.PointEvent) {
	if i := l.at(e.Position.Y + l.offset); i >= 0 {
		l.cursor = i
		l.open(i)
	}
}

func (l *virtualList) open(i int) {
	if i >= 0 && i < l.model.count() && l.activate != nil {
		l.activate(i)
	}
}

// TappedSecondary asks for the menu of the item under the pointer.
func (l *virtualList) TappedSecondary(e *fyne.PointEvent) {
	if i := l.at(e.Position.Y + l.offset); i >= 0 && l.menu != nil {
		l.cursor = i
		l.menu(i, e.AbsolutePosition)
	}
}

// MouseIn is Fyne's.
func (l *virtualList) MouseIn(e *desktop.MouseEvent) { l.MouseMoved(e) }

// MouseMoved is Fyne's.
func (l *virtualList) MouseMoved(e *desktop.MouseEvent) {
	l.pointer = e.Position.Y
	l.hover(l.at(e.Position.Y + l.offset))
}

// MouseOut is Fyne's.
func (l *virtualList) MouseOut() { l.hover(-1) }

func (l *virtualList) hover(i int) {
	if l.hovered != i {
		l.hovered = i
		l.place()
	}
}

// FocusGained is Fyne's.
func (l *virtualList) FocusGained() {
	l.focused = true
	if l.cursor < 0 {
		l.cursor = max(0, l.selected)
	}
	l.place()
}

// FocusLost is Fyne's.
func (l *virtualList) FocusLost() {
	l.focused = false
	l.place()
}

// TypedRune passes on what is typed, but for the space, which has opened a row
// as a key already.
func (l *virtualList) TypedRune(r rune) {
	if l.typed != nil && r != ' ' {
		l.typed(r)
	}
}

// TypedKey moves the keyboard's place and opens what it is on.
func (l *virtualList) TypedKey(e *fyne.KeyEvent) {
	if l.key != nil && l.key(e) || windowKey(l.self, e) {
		return
	}
	page := max(1, int(l.Size().Height/ChatRowHeight)-1)
	switch e.Name {
	case fyne.KeyUp:
		l.moveCursor(l.cursor - 1)
	case fyne.KeyDown:
		l.moveCursor(l.cursor + 1)
	case fyne.KeyPageUp:
		l.moveCursor(l.cursor - page)
	case fyne.KeyPageDown:
		l.moveCursor(l.cursor + page)
	case fyne.KeyHome:
		l.moveCursor(0)
	case fyne.KeyEnd:
		l.moveCursor(l.model.count() - 1)
	case desktop.KeyMenu:
		if l.cursor >= 0 && l.menu != nil {
			l.menu(l.cursor, l.menuPlace(l.cursor))
		}
	default:
		if isEnter(e.Name) || e.Name == fyne.KeySpace {
			l.open(l.cursor)
		}
	}
}

// moveCursor puts the keyboard on item i, or the nearest there is.
func (l *virtualList) moveCursor(i int) {
	n := l.model.count()
	if n == 0 {
		return
	}
	l.cursor = max(0, min(i, n-1))
	l.reveal(l.cursor)
	l.place()
}

// menuPlace gives the position of the canvas where a menu asked for by keyboard
// opens: at the middle of the item.
func (l *virtualList) menuPlace(i int) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l.self)
	return at.AddXY(AvatarSize, (l.tops[i]+l.tops[i+1])/2-l.offset)
}

// choose marks item i as the one that is open and shows it; -1 for none.
func (l *virtualList) choose(i int) {
	if l.selected == i {
		return
	}
	l.selected = i
	if i >= 0 {
		l.cursor = i
		l.reveal(i)
	}
	l.place()
}
