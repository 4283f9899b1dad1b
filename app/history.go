package app

import (
	"slices"

	"linnet/storage"
)

const (
	// historyFirst is how much of a chat is read when it opens: a screenful
	// of short messages on a tall display, with room to scroll at once.
	historyFirst = 60
	// historyFirstMost bounds the first read of a chat with many unread
	// messages; the rest comes by scrolling.
	historyFirstMost = 200
	// historyPage is what scrolling to an end asks for.
	historyPage = 120
)

// history follows the messages of the open chat: what is still to be read from
// the archive, where the "New" divider stands, and how far the user has seen.
// The rows themselves are kept by the transcript.
type history struct {
	chat storage.ChatID

	// loaded is false until the first page is there; what comes live before
	// that waits in early.
	loaded bool
	early  []storage.Message

	// The divider stands before the first incoming message after read, from
	// the opening of the chat until it is left.
	divider bool
	read    storage.Pos

	seen   storage.Pos // the newest message that was in view
	marked storage.Pos // up to here the backend was told
}

// openHistory starts to follow a chat and says how many messages to read from
// its end.
func openHistory(chat storage.Chat) (*history, int) {
	h := &history{chat: chat.ID, read: chat.ReadUpTo, divider: chat.Unread > 0, marked: chat.ReadUpTo}
	return h, min(historyFirst+chat.Unread, historyFirstMost)
}

// fill takes the first page, oldest first, and gives the rows to show: with
// those that came while it was read, each once and in order.
func (h *history) fill(page []storage.Message) []storage.Message {
	for _, m := range h.early {
		i, found := slices.BinarySearchFunc(page, m.Pos, comparePos)
		if found {
			page[i] = m
		} else {
			page = slices.Insert(page, i, m)
		}
	}
	h.loaded, h.early = true, nil
	return page
}

// add takes messages that were just stored, and reports whether they are to be
// shown now. reading says that the user is looking at the end of the chat: what
// comes while they are not is divided from the rest, once.
func (h *history) add(messages []storage.Message, reading bool) (show bool) {
	for _, m := range messages {
		if !reading && !m.Out && !h.divider && h.seen.Before(m.Pos) {
			h.divider, h.read = true, h.seen
		}
	}
	if !h.loaded {
		h.early = append(h.early, messages...)
	}
	return h.loaded
}

// change takes a message whose state changed, and reports whether it is to be
// shown now.
func (h *history) change(m storage.Message) (show bool) {
	if !h.loaded {
		h.early = append(h.early, m)
	}
	return h.loaded
}

// view takes the newest message that is in view.
func (h *history) view(p storage.Pos) {
	if h.seen.Before(p) {
		h.seen = p
	}
}

// toMark is the position to mark read when the user is looking; ok is false
// when the backend knows already.
func (h *history) toMark() (p storage.Pos, ok bool) {
	if !h.marked.Before(h.seen) {
		return storage.Pos{}, false
	}
	h.marked = h.seen
	return h.seen, true
}

func comparePos(m storage.Message, p storage.Pos) int {
	switch {
	case m.Pos.Before(p):
		return -1
	case p.Before(m.Pos):
		return 1
	}
	return 0
}
