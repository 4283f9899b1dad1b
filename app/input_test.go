package app

import (
	"testing"
	"time"
)

// TestTypingTakesInput types two keys and looks on until nobody types any more.
func TestTypingTakesInput(t *testing.T) {
	now := testNow
	taken := 0
	var next []func()
	a := &App{}
	a.cfg = Config{
		Now:       func() time.Time { return now },
		TakeInput: func() { taken++ },
		after: func(d time.Duration, f func()) func() {
			next = append(next, func() { now = now.Add(d); f() })
			return func() {}
		},
	}
	a.typing()
	a.typing()
	for len(next) > 0 {
		if len(next) > 1 {
			t.Fatal("two keys take input twice as often")
		}
		f := next[0]
		next = nil
		f()
	}
	if want := int(typingFor/inputEvery) - 1; taken != want {
		t.Errorf("input was taken %d times, want %d", taken, want)
	}
	a.typing()
	if len(next) != 1 {
		t.Error("a later key does not take input again")
	}
}
