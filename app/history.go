package app

import (
	"slices"

	"linnet/account"
	"linnet/account/stream"
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
	// historyTries is how often a gap is asked for in a row that stays where it
	// is. Each answer may close one of several that look like one.
	historyTries = 5
	// historyLook is how much is read at once of what came from the server's
	// archive: about a page of it, so that one read shows one page.
	historyLook = 256
)

// history follows the messages of the open chat: what is still to be read from
// the archive, where messages are missing, where the "New" divider stands, and
// how far the user has seen. The rows themselves are kept by the transcript.
type history struct {
	chat storage.ChatID

	// loaded is false until a page is there; what comes live before that waits
	// in early.
	loaded bool
	early  []storage.Message

	gaps     []storage.Pos         // the messages that have a gap before them, in order
	fetching bool                  // one of them is being filled
	fetch    storage.Pos           // which one
	inVain   int                   // how often in a row it was tried and is still there
	phase    stream.Phase          // of the account when last looked at
	failed   map[storage.Pos]error // why others are not

	// What came from the server's archive, from the first to the last of it, and
	// is not read from disk yet.
	looking          bool
	newFrom, newUpTo storage.Pos

	// The divider stands before the first incoming message after read, from
	// the opening of the chat until it is left.
	divider bool
	read    storage.Pos

	// quoted are the messages that those shown answer, by the place of the answer,
	// as far as they are here.
	quoted map[storage.Pos]storage.Message

	// tried are the failed messages that the user has tried again, until it is
	// known what became of that: the file that is fetched, or wholeMessage.
	tried map[storage.Pos]int

	seen   storage.Pos // the newest message that was in view
	marked storage.Pos // up to here the backend was told
}

// openHistory starts to follow a chat and says how many messages to read from
// its end.
func openHistory(chat storage.Chat) (*history, int) {
	h := &history{
		chat: chat.ID, read: chat.ReadUpTo, divider: chat.Unread > 0, marked: chat.ReadUpTo,
		failed: map[storage.Pos]error{}, quoted: map[storage.Pos]storage.Message{}, tried: map[storage.Pos]int{},
	}
	return h, min(historyFirst+chat.Unread, historyFirstMost)
}

// fill takes a page that is to be shown and gives the messages: with those that
// came while it was read, each once and in order. older and newer say that the
// conversation goes on before the page and after it; what belongs there comes
// with other pages.
func (h *history) fill(page []storage.Message, older, newer bool) []storage.Message {
	n := len(page)
	for _, m := range h.early {
		switch {
		case n > 0 && newer && page[n-1].Pos.Before(m.Pos), n > 0 && older && m.Pos.Before(page[0].Pos):
			continue
		}
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

// wait has what comes live wait for a page that is being read.
func (h *history) wait() { h.loaded = false }

// add takes messages that are new here, and reports whether they are to be shown
// now. reading says that the user is looking at the end of the chat: what comes
// while they are not is divided from the rest, once.
func (h *history) add(messages []storage.Message, reading bool) (show bool) {
	h.divide(messages, reading)
	if !h.loaded {
		h.early = append(h.early, messages...)
	}
	return h.loaded
}

// divide sets the divider before what the user does not see come.
func (h *history) divide(messages []storage.Message, reading bool) {
	seen := h.seen
	if seen.Before(h.marked) {
		seen = h.marked
	}
	for _, m := range messages {
		if !reading && !m.Out && !h.divider && seen.Before(m.Pos) {
			h.divider, h.read = true, seen
		}
	}
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
// when the backend knows already. While messages are being loaded that belong
// between, nothing is marked: the user has not seen them.
func (h *history) toMark() (p storage.Pos, ok bool) {
	if !h.marked.Before(h.seen) {
		return storage.Pos{}, false
	}
	for _, gap := range h.gaps {
		if !h.marked.IsZero() && h.marked.Before(gap) && !h.seen.Before(gap) && h.failed[gap] == nil {
			return storage.Pos{}, false
		}
	}
	h.marked = h.seen
	return h.seen, true
}

// cover takes where a page says that messages are missing. The page tells of
// what is after the place from and not after upTo, the zero Pos standing for the
// beginning and the end.
func (h *history) cover(page account.Page, from, upTo storage.Pos) {
	h.gaps = slices.DeleteFunc(h.gaps, func(gap storage.Pos) bool {
		if gap.IsZero() { // the end
			return upTo.IsZero()
		}
		return from.Before(gap) && (upTo.IsZero() || !upTo.Before(gap))
	})
	h.gaps = append(h.gaps, page.Gaps...)
	slices.SortFunc(h.gaps, func(a, b storage.Pos) int {
		switch {
		case a == b:
			return 0
		case b.IsZero() || !a.IsZero() && a.Before(b):
			return -1
		}
		return 1
	})
	h.gaps = slices.Compact(h.gaps)
	for gap := range h.failed {
		if !slices.Contains(h.gaps, gap) {
			delete(h.failed, gap)
		}
	}
}

// came notes that there are new messages of the server's archive on disk.
func (h *history) came(from, upTo storage.Pos) {
	if h.newUpTo.IsZero() {
		h.newFrom, h.newUpTo = from, upTo
		return
	}
	if from.Before(h.newFrom) {
		h.newFrom = from
	}
	if h.newUpTo.Before(upTo) {
		h.newUpTo = upTo
	}
}

// look gives what to read next, the last of it first, and reports whether there
// is anything and it may be read now.
func (h *history) look() (upTo storage.Pos, ok bool) {
	if !h.loaded || h.looking || h.newUpTo.IsZero() {
		return storage.Pos{}, false
	}
	h.looking = true
	return h.newUpTo, true
}

// looked takes what came of look: messages from the first of a page up to upTo
// were read. older says that the conversation goes on before them, and joined
// that what is shown does so without a hole.
func (h *history) looked(first, upTo storage.Pos, older, joined bool) {
	h.looking = false
	if older && !joined && !h.newFrom.Before(first) {
		h.newFrom = upon(first) // more of it is on disk than was told yet
	}
	switch {
	case h.newUpTo != upTo: // more came since, so all is looked at again
	case older && h.newFrom.Before(first):
		h.newUpTo = first
	default:
		h.newFrom, h.newUpTo = storage.Pos{}, storage.Pos{}
	}
}

// past is the place directly after a message, for reading back with the message
// itself.
func past(p storage.Pos) storage.Pos { return storage.Pos{Time: p.Time, Seq: p.Seq + 1} }

// upon is the place directly before a message, for reading on with the message
// itself.
func upon(p storage.Pos) storage.Pos { return storage.Pos{Time: p.Time, Seq: p.Seq - 1} }

func comparePos(m storage.Message, p storage.Pos) int {
	switch {
	case m.Pos.Before(p):
		return -1
	case p.Before(m.Pos):
		return 1
	}
	return 0
}
