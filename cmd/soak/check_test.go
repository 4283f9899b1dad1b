//go:build unix

package main

import (
	"slices"
	"strings"
	"testing"

	"linnet/storage"
)

// good is what all places have when nothing is wrong: four messages each way,
// of which three were read.
func good() []holding {
	const messages = 4
	var all []holding
	for _, place := range []struct {
		name, account string
		device        bool
	}{{"alice", "alice", true}, {"bob", "bob", true}, {"second", "alice", true}, {"archive of alice", "alice", false}, {"archive of bob", "bob", false}} {
		h := holding{place: place.name, account: place.account, device: place.device}
		for n := 1; n <= messages; n++ {
			for _, direction := range []string{"alice", "bob"} {
				state := storage.StateReceived
				if place.device && direction == place.account {
					state = storage.StateRead
					if n > lastRead(messages) {
						state = storage.StateDelivered
					}
				}
				h.add(bodyOf(direction, n), direction, state)
			}
		}
		all = append(all, h)
	}
	return all
}

func verdict(places []holding) []string {
	o := outcome{messages: 4}
	o.after = compare(places, o.messages)
	o.judge(places)
	return o.violations
}

func TestNothingIsWrong(t *testing.T) {
	if v := verdict(good()); len(v) > 0 {
		t.Error(v)
	}
}

func TestEverythingWrongIsFound(t *testing.T) {
	// The list of a place is alice 1, bob 1, alice 2, bob 2 ...
	state := func(place, i int, s storage.MessageState) func([]holding) {
		return func(p []holding) { p[place].list[i].state = s }
	}
	const firstOfAlice, lastOfAlice = 0, 6
	for want, spoil := range map[string]func([]holding){
		"second, messages of alice: 1 missing": func(p []holding) { p[second].list = p[second].list[1:] },
		"bob, messages of bob: 1 doubled": func(p []holding) {
			p[bob].list = append(p[bob].list, p[bob].list[1])
		},
		"archive of alice, messages of bob: 1 copies": func(p []holding) {
			p[devices].list = append(p[devices].list, p[devices].list[1])
		},
		"archive of bob, messages of bob: 1 doubled": func(p []holding) {
			again := p[devices+1].list[1]
			again.id = "another"
			p[devices+1].list = append(p[devices+1].list, again)
		},
		"alice, messages of bob: 1 misplaced": func(p []holding) {
			l := p[alice].list
			l[1], l[3] = l[3], l[1]
		},
		"bob has 1 messages nobody wrote":            func(p []holding) { p[bob].add("hello", "", 0) },
		"alice: 1 messages are still waiting":        state(alice, firstOfAlice, storage.StateWaiting),
		"second: 1 messages are failed":              state(second, firstOfAlice, storage.StateFailed),
		"alice: 1 messages are incoming":             state(alice, firstOfAlice, storage.StateReceived),
		"bob: 1 messages are not received":           state(bob, firstOfAlice, storage.StateSent),
		"alice: 1 messages are read, and nobody has": state(alice, lastOfAlice, storage.StateRead),
		"alice: 1 messages are sent, and not at the server": func(p []holding) {
			for _, i := range []int{devices, devices + 1, bob} {
				p[i].list = slices.Delete(p[i].list, lastOfAlice, lastOfAlice+1)
			}
		},
		"alice: 1 messages are delivered, and not there": func(p []holding) {
			p[bob].list = slices.Delete(p[bob].list, lastOfAlice, lastOfAlice+1)
		},
	} {
		places := good()
		spoil(places)
		found := verdict(places)
		if !slices.ContainsFunc(found, func(v string) bool { return strings.Contains(v, want) }) {
			t.Errorf("%q is not in %q", want, found)
		}
	}
}

// TestServerLosses: what the server took and forgot is not our loss; that the
// sender's devices have it not is.
func TestServerLosses(t *testing.T) {
	places := good()
	without := func(p int) { places[p].list = slices.Delete(places[p].list, 0, 1) } // alice 1
	without(bob)
	places[alice].list[0].state, places[second].list[0].state = storage.StateSent, storage.StateSent
	if v := verdict(places); len(v) != 1 || !strings.HasPrefix(v[0], "bob, messages of alice: 1 missing") {
		t.Errorf("what only Bob lacks: %q", v)
	}
	without(devices + 1)
	if v := verdict(places); len(v) > 0 {
		t.Errorf("what the server lost: %q", v)
	}
	without(second)
	if v := verdict(places); len(v) != 1 || !strings.HasPrefix(v[0], "second, messages of alice: 1 missing") {
		t.Errorf("what our own device lacks: %q", v)
	}
	places = good()
	without(devices)
	if v := verdict(places); len(v) > 0 {
		t.Errorf("what the archive of the sender lost: %q", v)
	}
}

// TestCopiesOfEjabberd: its archive may hold a message twice, and no device may.
func TestCopiesOfEjabberd(t *testing.T) {
	places := good()
	o := outcome{server: "ejabberd", messages: 4}
	again := func(p int) { places[p].list = append(places[p].list, places[p].list[1]) }
	again(devices)
	o.after = compare(places, o.messages)
	if o.judge(places); len(o.violations) > 0 {
		t.Error(o.violations)
	}
	again(bob)
	o.after = compare(places, o.messages)
	if o.judge(places); len(o.violations) != 1 {
		t.Errorf("a copy on a device: %q", o.violations)
	}
}

// TestFewerStatesAreTrue: a receipt or a marker that was lost makes nothing
// untrue.
func TestFewerStatesAreTrue(t *testing.T) {
	places := good()
	for _, p := range []int{alice, bob, second} {
		for i := range places[p].list {
			if e := &places[p].list[i]; e.state >= storage.StateDelivered {
				e.state = storage.StateSent
			}
		}
	}
	if v := verdict(places); len(v) > 0 {
		t.Error(v)
	}
}
