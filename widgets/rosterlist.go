package widgets

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// RosterEntry is a contact in a RosterList. All texts come translated.
type RosterEntry struct {
	Key    string // names the entry; a contact in two groups has two keys
	Name   string
	Face   Face
	Stripe color.NRGBA // colour of the account; zero for none
	Note   string      // status text, "last seen …" or the state of the subscription
	// Notice sets the note apart, as for a subscription that waits.
	Notice bool
}

// RosterGroup is a heading of a RosterList and the contacts under it.
type RosterGroup struct {
	Key       string // names the group
	Name      string
	Count     int // shown behind the name when not 0
	Collapsed bool
	Entries   []RosterEntry
}

// RosterList shows contacts under the headings of their groups. Besides the
// keys of a ConversationList, Left folds a group and Right unfolds it.
type RosterList struct {
	virtualList
	// OnOpen runs when the user opens a contact.
	OnOpen func(key string)
	// OnMenu runs when the user asks for the menu of a contact.
	OnMenu func(key string, at fyne.Position)
	// OnGroupMenu runs when the user asks for the menu of a group.
	OnGroupMenu func(key string, at fyne.Position)
	// OnCollapsed runs when the user folds or unfolds a group; the list has
	// done it already.
	OnCollapsed func(key string, collapsed bool)
	// OnTyped gets what is typed while the list has the keyboard, for search.
	OnTyped func(rune)
	// OnKey sees keys before the list and says whether it took them.
	OnKey func(*fyne.KeyEvent) bool

	groups []RosterGroup
	flat   []rosterPlace
}

// rosterPlace is a row: a group, or with entry >= 0 one of its contacts.
type rosterPlace struct{ group, entry int }

// NewRosterList makes an empty list.
func NewRosterList() *RosterList {
	l := &RosterList{}
	l.init(l, l)
	l.activate = l.openRow
	l.menu = func(i int, at fyne.Position) {
		p := l.flat[i]
		key, f := l.groups[p.group].Key, l.OnGroupMenu
		if p.entry >= 0 {
			key, f = l.groups[p.group].Entries[p.entry].Key, l.OnMenu
		}
		if f != nil {
			f(key, at)
		}
	}
	l.typed = func(r rune) {
		if l.OnTyped != nil {
			l.OnTyped(r)
		}
	}
	l.key = l.keyTyped
	return l
}

// SetGroups replaces what the list shows; selection and keyboard stay with
// their contact. The list keeps the slice, so the caller must not change it.
func (l *RosterList) SetGroups(groups []RosterGroup) {
	selected, cursor := l.keyAt(l.selected), l.keyAt(l.cursor)
	l.groups = append([]RosterGroup(nil), groups...)
	l.flatten()
	l.selected, l.cursor = l.index(selected), l.index(cursor)
	l.reload()
}

// Select marks a contact as the open one and scrolls to it; empty for none.
func (l *RosterList) Select(key string) {
	if key == "" {
		l.choose(-1)
		return
	}
	l.choose(l.index("c" + key))
}

func (l *RosterList) flatten() {
	l.flat = l.flat[:0]
	for g := range l.groups {
		l.flat = append(l.flat, rosterPlace{g, -1})
		if l.groups[g].Collapsed {
			continue
		}
		for e := range l.groups[g].Entries {
			l.flat = append(l.flat, rosterPlace{g, e})
		}
	}
}

// keyAt names a row, with a letter before it that keeps groups and contacts
// apart.
func (l *RosterList) keyAt(i int) string {
	if i < 0 || i >= len(l.flat) {
		return ""
	}
	p := l.flat[i]
	if p.entry < 0 {
		return "g" + l.groups[p.group].Key
	}
	return "c" + l.groups[p.group].Entries[p.entry].Key
}

func (l *RosterList) index(key string) int {
	if key == "" {
		return -1
	}
	for i := range l.flat {
		if l.keyAt(i) == key {
			return i
		}
	}
	return -1
}

func (l *RosterList) openRow(i int) {
	p := l.flat[i]
	if p.entry < 0 {
		l.collapse(p.group, !l.groups[p.group].Collapsed)
		return
	}
	if l.OnOpen != nil {
		l.OnOpen(l.groups[p.group].Entries[p.entry].Key)
	}
}

func (l *RosterList) collapse(g int, on bool) {
	group := &l.groups[g]
	if group.Collapsed == on {
		return
	}
	selected := l.keyAt(l.selected)
	group.Collapsed = on
	l.flatten()
	l.selected = l.index(selected)
	l.cursor = l.index("g" + group.Key)
	l.reload()
	if l.OnCollapsed != nil {
		l.OnCollapsed(group.Key, on)
	}
}

func (l *RosterList) keyTyped(e *fyne.KeyEvent) bool {
	if l.OnKey != nil && l.OnKey(e) {
		return true
	}
	if l.cursor < 0 || l.cursor >= len(l.flat) {
		return false
	}
	switch e.Name {
	case fyne.KeyLeft:
		l.collapse(l.flat[l.cursor].group, true)
	case fyne.KeyRight:
		l.collapse(l.flat[l.cursor].group, false)
	default:
		return false
	}
	l.reveal(l.cursor)
	l.place()
	return true
}

func (l *RosterList) count() int { return len(l.flat) }

func (l *RosterList) height(i int) float32 {
	if l.flat[i].entry < 0 {
		return GroupRowHeight
	}
	return RosterRowHeight
}

// Kinds of rows.
const (
	kindGroup = iota
	kindEntry
)

func (l *RosterList) kind(i int) int {
	if l.flat[i].entry < 0 {
		return kindGroup
	}
	return kindEntry
}

func (l *RosterList) make(kind int) listRow {
	if kind == kindGroup {
		return newGroupRow(func(i int) RosterGroup { return l.groups[l.flat[i].group] })
	}
	return newRosterRow(func(i int) RosterEntry { p := l.flat[i]; return l.groups[p.group].Entries[p.entry] })
}

// rosterRow draws one RosterEntry.
type rosterRow struct {
	widget.BaseWidget
	get  func(int) RosterEntry
	item RosterEntry
	rowState

	ground *rowGround
	avatar *Avatar
	name   *Label
	note   *Label
}

func newRosterRow(get func(int) RosterEntry) *rosterRow {
	r := &rosterRow{
		get: get, ground: newRowGround(),
		avatar: NewAvatar(AvatarSmallSize, ColorSide),
		name:   NewBoldLabel("", TextBody, ColorText), note: NewLabel("", TextSmall, ColorSecondary),
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *rosterRow) bind(i int, s rowState) {
	item := r.get(i)
	if item == r.item && s == r.rowState {
		return
	}
	r.item, r.rowState = item, s
	r.Refresh()
}

// AccessibilityLabel says in words what the row shows.
func (r *rosterRow) AccessibilityLabel() string {
	s := r.item.Name
	if w := r.item.Face.Presence.Word(); w != "" {
		s += ", " + w
	}
	if r.item.Note != "" {
		s += ", " + r.item.Note
	}
	return s
}

// AccessibilityRole says that this is a button.
func (r *rosterRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer is Fyne's.
func (r *rosterRow) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{min: fixed(120, RosterRowHeight)}
	p.objects = []fyne.CanvasObject{r.ground.fill, r.ground.ring, r.ground.stripe, r.avatar, r.name, r.note}
	p.layout = func(s fyne.Size) {
		r.ground.layout(s, 26)
		put(r.avatar, rowLeft, (s.Height-AvatarSmallSize)/2, AvatarSmallSize, AvatarSmallSize)
		x := rowLeft + AvatarSmallSize + rowGap
		w := s.Width - rowRight - x
		if r.item.Note == "" {
			putLabel(r.name, x, 0, w, s.Height)
			return
		}
		putLabel(r.name, x, 6, w, 20)
		putLabel(r.note, x, 24, w, 18)
	}
	p.refresh = func() {
		r.avatar.SetPane(r.ground.update(r.rowState, r.item.Stripe))
		r.avatar.Set(r.item.Face)
		r.name.set(r.item.Name)
		r.note.set(r.item.Note)
		show(r.note, r.item.Note != "")
		r.note.color = ColorSecondary
		if r.item.Notice {
			r.note.color = ColorAccentText
		}
	}
	p.refresh()
	return p
}

// groupRow draws the heading of a RosterGroup.
type groupRow struct {
	widget.BaseWidget
	get       func(int) RosterGroup
	name      string
	count     int
	collapsed bool
	rowState

	ground *rowGround
	mark   *svgImage
	label  *Label
}

func newGroupRow(get func(int) RosterGroup) *groupRow {
	r := &groupRow{get: get, ground: newRowGround(), mark: newSVGImage(), label: NewBoldLabel("", TextSmall, ColorSecondary)}
	r.ExtendBaseWidget(r)
	return r
}

func (r *groupRow) bind(i int, s rowState) {
	g := r.get(i)
	if g.Name == r.name && g.Count == r.count && g.Collapsed == r.collapsed && s == r.rowState {
		return
	}
	r.name, r.count, r.collapsed, r.rowState = g.Name, g.Count, g.Collapsed, s
	r.Refresh()
}

// AccessibilityLabel gives the name of the group.
func (r *groupRow) AccessibilityLabel() string { return r.name }

// AccessibilityRole says that this is a button.
func (r *groupRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer is Fyne's.
func (r *groupRow) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{min: fixed(120, GroupRowHeight)}
	p.objects = []fyne.CanvasObject{r.ground.fill, r.ground.ring, r.mark.image, r.label}
	p.layout = func(s fyne.Size) {
		r.ground.layout(s, 0)
		put(r.mark.image, rowLeft-1, (s.Height-12)/2+2, 12, 12)
		putLabel(r.label, rowLeft+14, 2, s.Width-rowRight-rowLeft-14, s.Height)
	}
	p.refresh = func() {
		r.ground.update(r.rowState, color.NRGBA{})
		icon := assets.IconTriangleDown
		if r.collapsed {
			icon = assets.IconTriangleRight
		}
		r.mark.set(icon, theme.Color(ColorSecondary))
		text := r.name
		if r.count > 0 {
			text += " · " + strconv.Itoa(r.count)
		}
		r.label.set(text)
	}
	p.refresh()
	return p
}
