package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// ConversationList shows conversations, one row each, in the order given. It
// holds widgets only for the rows in view. Up, Down, Home, End, Page Up and
// Page Down move, Enter opens, the Menu key asks for the menu.
type ConversationList struct {
	virtualList
	// OnOpen runs when the user opens a conversation.
	OnOpen func(key string)
	// OnMenu runs when the user asks for the menu of one, with a position of
	// the canvas for ShowMenu.
	OnMenu func(key string, at fyne.Position)
	// OnTyped gets what is typed while the list has the keyboard, for search.
	OnTyped func(rune)
	// OnKey sees keys before the list and says whether it took them.
	OnKey func(*fyne.KeyEvent) bool

	items []Conversation
}

// NewConversationList makes an empty list.
func NewConversationList() *ConversationList {
	l := &ConversationList{}
	l.init(l, l)
	l.activate = func(i int) {
		if l.OnOpen != nil {
			l.OnOpen(l.items[i].Key)
		}
	}
	l.menu = func(i int, at fyne.Position) {
		if l.OnMenu != nil {
			l.OnMenu(l.items[i].Key, at)
		}
	}
	l.typed = func(r rune) {
		if l.OnTyped != nil {
			l.OnTyped(r)
		}
	}
	l.key = func(e *fyne.KeyEvent) bool { return l.OnKey != nil && l.OnKey(e) }
	return l
}

// SetItems replaces what the list shows. The selection and the keyboard stay
// with their conversation wherever it moved; only rows that changed are drawn
// again. The list keeps the slice, so the caller must not change it.
func (l *ConversationList) SetItems(items []Conversation) {
	selected, cursor := l.keyAt(l.selected), l.keyAt(l.cursor)
	l.items = items
	l.selected, l.cursor = l.index(selected), l.index(cursor)
	l.reload()
}

// Select marks a conversation as the open one and scrolls to it; empty for
// none. It does not call OnOpen.
func (l *ConversationList) Select(key string) { l.choose(l.index(key)) }

// Selected gives the key of the open conversation, or an empty one.
func (l *ConversationList) Selected() string { return l.keyAt(l.selected) }

// Neighbour gives the key d rows after the open conversation, or before it for
// a negative d; at the ends and with none open it gives the nearest there is.
func (l *ConversationList) Neighbour(d int) string {
	return l.keyAt(max(0, min(l.selected+d, len(l.items)-1)))
}

// ItemAt gives the key of row i, or an empty one.
func (l *ConversationList) ItemAt(i int) string { return l.keyAt(i) }

// KeyAt gives the key of the row that is drawn at a place of the canvas, or an
// empty one.
func (l *ConversationList) KeyAt(at fyne.Position) string {
	from, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(l), l.Size()
	at = at.Subtract(from)
	if !l.Visible() || from.IsZero() || at.X < 0 || at.Y < 0 || at.X >= size.Width || at.Y >= size.Height {
		return ""
	}
	return l.keyAt(l.at(at.Y + l.offset))
}

func (l *ConversationList) keyAt(i int) string {
	if i < 0 || i >= len(l.items) {
		return ""
	}
	return l.items[i].Key
}

func (l *ConversationList) index(key string) int {
	if key == "" {
		return -1
	}
	for i := range l.items {
		if l.items[i].Key == key {
			return i
		}
	}
	return -1
}

func (l *ConversationList) count() int         { return len(l.items) }
func (l *ConversationList) height(int) float32 { return ChatRowHeight }
func (l *ConversationList) kind(int) int       { return 0 }

func (l *ConversationList) make(int) listRow {
	return newConversationRow(func(i int) Conversation { return l.items[i] })
}

var (
	_ fyne.Focusable         = (*ConversationList)(nil)
	_ fyne.Scrollable        = (*ConversationList)(nil)
	_ fyne.Draggable         = (*ConversationList)(nil)
	_ fyne.SecondaryTappable = (*ConversationList)(nil)
	_ desktop.Hoverable      = (*ConversationList)(nil)
)
