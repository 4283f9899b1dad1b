//go:build unix

package main

import (
	"reflect"
	"testing"
)

func TestPlan(t *testing.T) {
	const messages = 20_000
	list := plan(7, messages)
	if !reflect.DeepEqual(list, plan(7, messages)) {
		t.Error("the same seed gives two plans")
	}
	if reflect.DeepEqual(list, plan(8, messages)) {
		t.Error("two seeds give the same plan")
	}
	var seen [kinds]int
	long := 0
	at := 0
	for _, f := range list {
		seen[f.kind]++
		if f.at < at || f.at >= 2*messages {
			t.Errorf("after %d comes %+v", at, f)
		}
		at = f.at
		if f.target < 0 || f.target >= devices || (f.kind == freeze || f.kind == restart) && f.target != 0 {
			t.Errorf("no such place: %+v", f)
		}
		if f.lasts >= silent {
			long++
		}
	}
	for k, n := range seen {
		if n < 8 {
			t.Errorf("%v happens %d times", kind(k), n)
		}
	}
	if long == 0 {
		t.Error("no fault has to be noticed by its silence")
	}
	for _, f := range plan(7, 300) {
		if f.lasts >= silent {
			t.Errorf("a short soak waits for %+v", f)
		}
	}
}

func TestBodies(t *testing.T) {
	lengths := make(map[int]bool)
	for n := 1; n <= 2*longEvery; n++ {
		body := bodyOf("alice", n)
		lengths[len(body)] = true
		if direction, got, ok := numberOf(body); direction != "alice" || got != n || !ok {
			t.Errorf("message %d is read as %s %d, %v", n, direction, got, ok)
		}
		if _, _, ok := numberOf(body + "."); ok {
			t.Errorf("message %d may have more at the end", n)
		}
	}
	if len(lengths) < 10 {
		t.Errorf("bodies have %d lengths", len(lengths))
	}
	for _, body := range []string{"", "alice", "alice x", "hello 1 world"} {
		if _, _, ok := numberOf(body); ok {
			t.Errorf("%q is one of ours", body)
		}
	}
}
