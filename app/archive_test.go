package app

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"linnet/account"
	"linnet/storage"
)

// fakeArchive is what the server of a fakeBackend keeps of the messages.
type fakeArchive struct {
	mu      sync.Mutex                           // of what is missing and what is on disk
	missing map[storage.ChatID][]storage.Message // not on disk, in order
	page    int                                  // how many are given at a time
	fail    error                                // what fetching returns
	during  func()                               // runs while something is fetched
	loading func(context.Context, func(int))     // runs while all is loaded
}

// page is a stretch of the messages on disk with the gaps before them.
func (f *fakeBackend) page(id storage.ChatID, messages []storage.Message, asked storage.Pos) account.Page {
	p := account.Page{Messages: slices.Clone(messages)}
	for _, m := range messages {
		if from, upTo := f.gap(id, m.Pos); from < upTo {
			p.Gaps = append(p.Gaps, m.Pos)
		}
	}
	if from, upTo := f.gap(id, asked); len(messages) == 0 && from < upTo && asked.IsZero() {
		p.Gaps = []storage.Pos{asked}
	}
	return p
}

// gap gives which of the missing messages belong directly before a place.
func (f *fakeBackend) gap(id storage.ChatID, before storage.Pos) (from, upTo int) {
	missing, all := f.archive.missing[id], f.messages[id]
	upTo, end := len(missing), len(all)
	if !before.IsZero() {
		upTo, _ = slices.BinarySearchFunc(missing, before, comparePos)
		end, _ = slices.BinarySearchFunc(all, before, comparePos)
	}
	if end > 0 {
		from, _ = slices.BinarySearchFunc(missing, all[end-1].Pos, comparePos)
	}
	return from, upTo
}

// bring puts missing messages on disk and tells of them.
func (f *fakeBackend) bring(id storage.ChatID, from, upTo int, source account.Source) {
	f.archive.mu.Lock()
	defer f.archive.mu.Unlock()
	f.bringIt(id, from, upTo, source)
}

func (f *fakeBackend) bringIt(id storage.ChatID, from, upTo int, source account.Source) {
	got := slices.Clone(f.archive.missing[id][from:upTo])
	f.archive.missing[id] = slices.Delete(f.archive.missing[id], from, upTo)
	if len(got) == 0 {
		return
	}
	all := append(f.messages[id], got...)
	slices.SortFunc(all, func(a, b storage.Message) int { return comparePos(a, b.Pos) })
	f.messages[id] = all
	f.events <- []account.Event{account.MessagesAdded{Chat: id, Messages: got, Source: source}}
}

func (f *fakeBackend) fetch(id storage.ChatID, at storage.Pos, word string) error {
	if f.archive.during != nil {
		f.archive.during()
	}
	if err := f.note(word, strconv.FormatInt(at.Time, 10)); err != nil {
		return err
	}
	return f.archive.fail
}

func (f *fakeBackend) FetchGap(_ context.Context, id storage.ChatID, before storage.Pos) (bool, error) {
	if err := f.fetch(id, before, "fetch before"); err != nil {
		return false, err
	}
	f.archive.mu.Lock()
	defer f.archive.mu.Unlock()
	from, upTo := f.gap(id, before)
	f.bringIt(id, max(from, upTo-f.archive.page), upTo, account.FromHistory)
	return upTo-from <= f.archive.page, nil
}

func (f *fakeBackend) FetchGapAfter(_ context.Context, id storage.ChatID, after storage.Pos) (bool, error) {
	if err := f.fetch(id, after, "fetch after"); err != nil {
		return false, err
	}
	f.archive.mu.Lock()
	defer f.archive.mu.Unlock()
	next := storage.Pos{}
	if i, found := slices.BinarySearchFunc(f.messages[id], after, comparePos); found && i+1 < len(f.messages[id]) {
		next = f.messages[id][i+1].Pos
	}
	from, upTo := f.gap(id, next)
	f.bringIt(id, from, min(from+f.archive.page, upTo), account.FromHistory)
	return upTo-from <= f.archive.page, nil
}

func (f *fakeBackend) LoadAll(ctx context.Context, id storage.ChatID, progress func(int)) error {
	if f.archive.loading != nil {
		f.archive.loading(ctx, progress)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return f.fetch(id, storage.Pos{}, "load all")
}

func (f *fakeBackend) View(id storage.ChatID) { f.note("view", fmt.Sprint(id)) }

func (f *fakeBackend) SetChatReceipts(id storage.ChatID, receipts, markers storage.Choice) error {
	f.change(id, func(c *storage.Chat) { c.Receipts, c.Markers = receipts, markers })
	return f.note("receipts", fmt.Sprint(receipts), fmt.Sprint(markers))
}
