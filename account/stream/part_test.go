package stream

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// stumble makes a Handler that keeps what it takes and does not take one
// stanza as long as left is not 0.
func stumble(over string, left int, kept chan<- string) func([]*Stanza) error {
	return func(b []*Stanza) error {
		for i, st := range b {
			if st.ID == over && left != 0 {
				left--
				return fmt.Errorf("wrapped: %w", &PartError{Handled: i, Err: errors.New("no")})
			}
			kept <- st.ID
		}
		return nil
	}
}

// TestPartlyHandled holds that what was handled before something else failed is
// not handed over again, and that a stanza nobody can handle does not take
// others with it.
func TestPartlyHandled(t *testing.T) {
	for _, row := range []struct {
		name    string
		managed bool
		fails   int
		kept    []string
	}{
		{"managed, once", true, 1, []string{"0", "1", "2", "3"}},
		{"managed, as often as it may", true, maxRefusals, []string{"0", "1", "2", "3"}},
		{"managed, for good", true, -1, []string{"0", "1", "3"}},
		{"not managed", false, 1, []string{"0", "1", "3"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				kept, begun := make(chan string, 100), make(chan struct{})
				handle := stumble("2", row.fails, kept)
				set := func(w *world) {
					w.handle = func(b []*Stanza) error {
						<-begun // all of them are there
						return handle(b)
					}
				}
				var w *world
				if row.managed {
					w = newManagedWorld(t, set)
				} else {
					w = newWorld(t, set)
				}
				defer w.end()
				p := w.link()
				if row.managed {
					p.begin(enabledText)
				}
				w.until(t, Online)
				p.send(numbered(0, 4))
				close(begun)
				for n := 0; row.managed && n < maxRefusals && n != row.fails; n++ {
					w.until(t, Waiting)
					p = w.link()
					p.resume(2, resumedText(0))
					p.send(numbered(2, 2))
				}
				var got []string
				for range row.kept {
					got = append(got, <-kept)
				}
				if !slices.Equal(got, row.kept) || len(kept) > 0 {
					t.Errorf("kept %q, want %q", got, row.kept)
				}
				if !row.managed {
					go p.obey()
					return
				}
				p.send(askText)
				if got := p.count(); got != "4" {
					t.Errorf("handled %s", got)
				}
				go p.serve(0)
			})
		})
	}
}

// A Handler that says nonsense is not worth a crash.
func TestHandledOf(t *testing.T) {
	no := errors.New("no")
	for _, row := range []struct {
		err   error
		n     int
		known bool
	}{
		{nil, 5, true},
		{no, 0, false},
		{&PartError{Handled: 0, Err: no}, 0, true},
		{&PartError{Handled: 3, Err: no}, 3, true},
		{&PartError{Handled: 9, Err: no}, 5, true},
		{&PartError{Handled: -1, Err: no}, 0, true},
	} {
		if n, known := handledOf(row.err, 5); n != row.n || known != row.known {
			t.Errorf("%#v: %d, %v", row.err, n, known)
		}
	}
	if err := error(&PartError{Err: no}); !errors.Is(err, no) || err.Error() != "no" {
		t.Errorf("it hides %v", err)
	}
}
