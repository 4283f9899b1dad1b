package account

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

func TestQueueTellsLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newEventQueue()
		var done sync.WaitGroup
		ctx, cancel := context.WithCancel(t.Context())
		done.Go(func() { q.pump(ctx) })
		defer done.Wait()
		defer cancel()
		next := func(want ...Event) {
			t.Helper()
			synctest.Wait()
			var got []Event
			select {
			case got = <-q.out:
			default:
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		}
		one, two := ChatRemoved{1}, ChatRemoved{2}
		q.addLater(one)
		next()
		time.Sleep(unhurried / 2)
		q.addLater(two)
		next()
		time.Sleep(unhurried / 2)
		next(one, two)

		q.addLater(one)
		q.add(two)
		next(one, two)
		time.Sleep(unhurried)
		next()

		q.addLater(one)
		time.Sleep(unhurried)
		next(one)
	})
}

func TestQueueMerges(t *testing.T) {
	msg := func(chat storage.ChatID, seq uint64, state storage.MessageState) storage.Message {
		return storage.Message{Chat: chat, Pos: storage.Pos{Time: 1, Seq: seq}, State: state}
	}
	info := func(id storage.AccountID, p stream.Phase) StateChanged {
		return StateChanged{Info{Account: storage.Account{ID: id}, State: stream.State{Phase: p}}}
	}
	var flood []Event
	for i := range maxQueuedEvents + 1 {
		flood = append(flood, ChatChanged{storage.Chat{ID: storage.ChatID(i + 1)}})
	}
	var crowd []Event
	for i := range maxQueuedJIDs + 1 {
		crowd = append(crowd, PresenceChanged{1, []string{fmt.Sprint(i)}})
	}
	big := MessagesAdded{Chat: 1, Messages: []storage.Message{{Body: strings.Repeat("x", maxQueuedBytes)}}}
	for _, x := range []struct {
		name string
		in   []Event
		out  []Event
	}{
		{"nothing", nil, nil},
		{
			"the last state of each account",
			[]Event{info(1, stream.Connecting), info(2, stream.Connecting), info(1, stream.Online)},
			[]Event{info(1, stream.Online), info(2, stream.Connecting)},
		},
		{
			"presence gathers names once",
			[]Event{PresenceChanged{1, []string{"a"}}, PresenceChanged{1, []string{"b", "a"}}, PresenceChanged{2, []string{"c"}}},
			[]Event{PresenceChanged{1, []string{"a", "b"}}, PresenceChanged{2, []string{"c"}}},
		},
		{"everybody covers names", []Event{PresenceChanged{1, []string{"a"}}, PresenceChanged{Account: 1}, PresenceChanged{1, []string{"b"}}}, []Event{PresenceChanged{Account: 1}}},
		{"a crowd is everybody", crowd, []Event{PresenceChanged{Account: 1}}},
		{
			"messages append, states replace",
			[]Event{
				MessagesAdded{Chat: 1, Messages: []storage.Message{msg(1, 1, 0)}},
				MessageChanged{msg(1, 1, 1)},
				MessagesAdded{Chat: 1, Messages: []storage.Message{msg(1, 2, 0)}},
				MessageChanged{msg(1, 1, 2)},
			},
			[]Event{MessagesAdded{Chat: 1, Messages: []storage.Message{msg(1, 1, 0), msg(1, 2, 0)}}, MessageChanged{msg(1, 1, 2)}},
		},
		{
			"live and old messages stay apart",
			[]Event{
				MessagesAdded{Chat: 1, Messages: []storage.Message{msg(1, 1, 0)}},
				MessagesAdded{Chat: 1, Messages: []storage.Message{msg(1, 2, 0)}, Source: FromHistory},
				MessagesAdded{Chat: 1, Messages: []storage.Message{msg(1, 3, 0)}},
			},
			[]Event{
				MessagesAdded{Chat: 1, Messages: []storage.Message{msg(1, 1, 0), msg(1, 3, 0)}},
				MessagesAdded{Chat: 1, Messages: []storage.Message{msg(1, 2, 0)}, Source: FromHistory},
			},
		},
		{
			"too much of one chat is to be read again",
			[]Event{MessageChanged{msg(1, 1, 1)}, MessageChanged{msg(2, 1, 1)}, big, MessagesAdded{Chat: 1, Messages: []storage.Message{msg(1, 3, 0)}}, MessageChanged{msg(1, 3, 1)}},
			[]Event{MessageChanged{msg(2, 1, 1)}, ChatReload{1}},
		},
		{
			"a removed chat has no events but that",
			[]Event{ChatChanged{storage.Chat{ID: 1}}, MessagesAdded{Chat: 1, Messages: []storage.Message{msg(1, 1, 0)}}, MessageChanged{msg(1, 1, 1)}, ChatRemoved{1}},
			[]Event{ChatRemoved{1}},
		},
		{"too many are a reset", flood, []Event{Reset{}}},
		{
			"a reset covers all but the disk",
			[]Event{StorageFull{Full: true}, RosterChanged{1}, Reset{}, RosterChanged{2}, StorageFull{}},
			[]Event{Reset{}, StorageFull{}},
		},
	} {
		q := newEventQueue()
		for _, e := range x.in {
			q.add(e)
		}
		if got := q.take(); !reflect.DeepEqual(got, x.out) && len(got)+len(x.out) > 0 {
			t.Errorf("%s: %v, want %v", x.name, got, x.out)
		}
		if len(q.take()) != 0 || q.bytes != 0 || len(q.index) != 0 {
			t.Errorf("%s: something stayed", x.name)
		}
	}
}

func TestQueueDoesNotChangeWhatWasTaken(t *testing.T) {
	q := newEventQueue()
	q.add(MessagesAdded{Chat: 1, Messages: []storage.Message{{Body: "a"}}}, PresenceChanged{1, []string{"a"}})
	taken := q.take()
	q.add(MessagesAdded{Chat: 1, Messages: []storage.Message{{Body: "b"}}}, PresenceChanged{1, []string{"b"}})
	want := []Event{MessagesAdded{Chat: 1, Messages: []storage.Message{{Body: "a"}}}, PresenceChanged{1, []string{"a"}}}
	if !reflect.DeepEqual(taken, want) {
		t.Errorf("got %v", taken)
	}
}
