package account

import (
	"context"
	"slices"
	"sync"
	"time"

	"linnet/storage"
)

// Bounds of what waits for a consumer that does not read. Past them the events
// are replaced by one that says to read again, so that memory stays bounded
// whatever arrives.
const (
	maxQueuedEvents = 2048
	maxQueuedBytes  = 8 << 20 // of messages over all chats; see weight
	maxQueuedJIDs   = 512     // of one PresenceChanged
)

// unhurried is how long events wait for others that nobody waits for. To paint
// what each page of an archive brings costs more than to store it.
const unhurried = 200 * time.Millisecond

// eventQueue gathers events until the consumer takes them. Accounts never wait
// for it.
type eventQueue struct {
	out  chan []Event
	wake chan struct{}

	mu     sync.Mutex
	events []Event // nil where an event was dropped
	index  map[any]int
	bytes  int
	later  bool // the consumer will be woken for unhurried ones
}

func newEventQueue() *eventQueue {
	return &eventQueue{
		out:   make(chan []Event),
		wake:  make(chan struct{}, 1),
		index: make(map[any]int),
	}
}

// add appends events, merging them with those that wait.
func (q *eventQueue) add(events ...Event) {
	if len(events) == 0 {
		return
	}
	q.mu.Lock()
	for _, e := range events {
		q.addOne(e)
	}
	q.mu.Unlock()
	q.poke()
}

// addLater is add for events that may be told with the next others, or after a
// moment.
func (q *eventQueue) addLater(events ...Event) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, e := range events {
		q.addOne(e)
	}
	if q.later {
		return
	}
	q.later = true
	time.AfterFunc(unhurried, func() {
		q.mu.Lock()
		q.later = false
		q.mu.Unlock()
		q.poke()
	})
}

// poke wakes the consumer's pump.
func (q *eventQueue) poke() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// The keys under which events merge.
type (
	stateKey    storage.AccountID
	rosterKey   storage.AccountID
	presenceKey storage.AccountID
	chatKey     storage.ChatID
	reloadKey   storage.ChatID
	typingKey   storage.ChatID
	addedKey    struct {
		chat   storage.ChatID
		source Source
	}
	progressKey struct {
		chat storage.ChatID
		pos  storage.Pos
		file int
	}
	messageKey struct {
		chat storage.ChatID
		pos  storage.Pos
	}
)

func (q *eventQueue) addOne(e Event) {
	if _, reset := q.index[Reset{}]; reset {
		// Everything is to be read again anyway; only what Reset does not
		// cover, the state of the disk, still matters.
		if _, ok := e.(StorageFull); !ok {
			return
		}
	}
	switch e := e.(type) {
	case Reset:
		q.reset()
	case AccountsChanged, RequestsChanged, AvatarChanged, BlockedChanged:
		q.put(e, e)
	case StorageFull:
		q.put(StorageFull{}, e)
	case StateChanged:
		q.put(stateKey(e.Account.ID), e)
	case RosterChanged:
		q.put(rosterKey(e.Account), e)
	case PresenceChanged:
		q.addPresence(e)
	case ChatChanged:
		q.put(chatKey(e.Chat.ID), e)
	case ChatRemoved:
		q.drop(chatKey(e.Chat))
		q.drop(reloadKey(e.Chat))
		q.drop(typingKey(e.Chat))
		q.dropMessages(e.Chat)
		q.put(e, e)
	case TypingChanged:
		q.put(typingKey(e.Chat), e)
	case MessagesAdded:
		q.addMessages(e)
	case MessageChanged:
		if _, reload := q.index[reloadKey(e.Message.Chat)]; !reload {
			q.put(messageKey{e.Message.Chat, e.Message.Pos}, e)
		}
	case FileProgress:
		q.put(progressKey{e.Chat, e.Pos, e.File}, e)
	case ChatReload:
		q.dropMessages(e.Chat)
		q.put(reloadKey(e.Chat), e)
	}
	if len(q.events) > maxQueuedEvents {
		q.reset()
	}
}

// put adds e or replaces the waiting event of the same key in its place.
func (q *eventQueue) put(key any, e Event) {
	if i, ok := q.index[key]; ok {
		q.events[i] = e
		return
	}
	q.index[key] = len(q.events)
	q.events = append(q.events, e)
}

func (q *eventQueue) drop(key any) {
	if i, ok := q.index[key]; ok {
		q.events[i] = nil
		delete(q.index, key)
	}
}

func (q *eventQueue) addPresence(e PresenceChanged) {
	key := presenceKey(e.Account)
	i, waiting := q.index[key]
	if waiting && q.events[i].(PresenceChanged).JIDs == nil {
		return
	}
	if e.JIDs == nil {
		q.put(key, e)
		return
	}
	if !waiting {
		e.JIDs = slices.Clone(e.JIDs)
		q.put(key, e)
		return
	}
	all := q.events[i].(PresenceChanged).JIDs
	for _, j := range e.JIDs {
		if !slices.Contains(all, j) {
			all = append(all, j)
		}
	}
	if len(all) > maxQueuedJIDs {
		all = nil
	}
	q.put(key, PresenceChanged{Account: e.Account, JIDs: all})
}

func (q *eventQueue) addMessages(e MessagesAdded) {
	if _, reload := q.index[reloadKey(e.Chat)]; reload {
		return
	}
	if q.bytes += weight(e); q.bytes > maxQueuedBytes {
		q.dropMessages(e.Chat)
		q.put(reloadKey(e.Chat), ChatReload{e.Chat})
		return
	}
	key := addedKey{e.Chat, e.Source}
	if i, ok := q.index[key]; ok {
		waiting := q.events[i].(MessagesAdded).Messages // cloned below, so ours to grow
		e.Messages = append(waiting, e.Messages...)
	} else {
		e.Messages = slices.Clone(e.Messages)
	}
	q.put(key, e)
}

// dropMessages takes back all single messages of a chat.
func (q *eventQueue) dropMessages(chat storage.ChatID) {
	for key := range q.index {
		switch k := key.(type) {
		case messageKey:
			if k.chat == chat {
				q.drop(key)
			}
		case addedKey:
			if k.chat == chat {
				q.drop(key)
			}
		}
	}
	q.bytes = 0
	for _, e := range q.events {
		if added, ok := e.(MessagesAdded); ok {
			q.bytes += weight(added)
		}
	}
}

// weight is about what the messages of e take in memory.
func weight(e MessagesAdded) int {
	const perMessage = 256
	n := perMessage * len(e.Messages)
	for i := range e.Messages {
		n += len(e.Messages[i].Body)
	}
	return n
}

// reset replaces all that waits by Reset, but for the state of the disk.
func (q *eventQueue) reset() {
	full, ok := q.index[StorageFull{}]
	var keep Event
	if ok {
		keep = q.events[full]
	}
	q.clear()
	q.put(Reset{}, Reset{})
	if keep != nil {
		q.put(StorageFull{}, keep)
	}
}

func (q *eventQueue) clear() {
	q.events, q.bytes = nil, 0
	clear(q.index)
}

// take empties the queue.
func (q *eventQueue) take() []Event {
	q.mu.Lock()
	defer q.mu.Unlock()
	events := slices.DeleteFunc(q.events, func(e Event) bool { return e == nil })
	q.clear()
	return events
}

// pump hands batches to the consumer until ctx ends. Between the moment the
// consumer is ready and the next it never holds more than one batch, so what
// comes while it waits goes on merging.
func (q *eventQueue) pump(ctx context.Context) {
	for {
		select {
		case <-q.wake:
		case <-ctx.Done():
			return
		}
		batch := q.take()
		if len(batch) == 0 {
			continue
		}
		select {
		case q.out <- batch:
		case <-ctx.Done():
			return
		}
	}
}
