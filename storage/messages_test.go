package storage

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

func TestSummarize(t *testing.T) {
	long := strings.Repeat("é", SummaryRunes)
	for body, want := range map[string]string{
		"": "", "  \n ": "", "one": "one", " two\t words ": "two words", "> one \n\n\ttwo": "> one\ntwo", "a\u2028b\u00a0c": "a b c",
		long: long, long + "x": long, long[:len(long)-2] + " x": long[:len(long)-2], long[:len(long)-4] + " x": long[:len(long)-4] + " x",
	} {
		if got := summarize(body); got != want {
			t.Errorf("%.20q: %q, want %q", body, got, want)
		}
	}
}

func TestHasBetween(t *testing.T) {
	s := newStore(t)
	var c, other Chat
	update(t, s, func(tx *Tx) error {
		a := Account{Address: "me@example.org"}
		if err := tx.PutAccount(&a); err != nil {
			return err
		}
		c, other = Chat{Account: a.ID, JID: "c@example.org"}, Chat{Account: a.ID, JID: "d@example.org"}
		return errors.Join(tx.PutChat(&c), tx.PutChat(&other),
			tx.AddMessage(&Message{Chat: c.ID, Pos: Pos{Time: -5}}), tx.AddMessage(&Message{Chat: c.ID, Pos: Pos{Time: 10}}),
			tx.AddMessage(&Message{Chat: other.ID, Pos: Pos{Time: 20}}))
	})
	view(t, s, func(tx *Tx) error {
		for _, x := range []struct {
			from, to int64
			want     bool
		}{{-6, -5, false}, {-5, -4, true}, {-4, 10, false}, {10, 11, true}, {11, 100, false}, {-100, 100, true}} {
			if got := tx.HasBetween(c.ID, x.from, x.to); got != x.want {
				t.Errorf("from %d to %d: %v", x.from, x.to, got)
			}
		}
		return nil
	})
}

func TestPosKeysSortAsPositions(t *testing.T) {
	edges := []Pos{{math.MinInt64, 0}, {math.MinInt64, 5}, {-1, math.MaxUint64}, {0, 0}, {0, 1}, {1, 0}, {1, 256}, {256, 1}, {math.MaxInt64, math.MaxUint64}}
	for i, p := range edges {
		if got := posOf(posKey(p)); got != p {
			t.Errorf("%v came back as %v", p, got)
		}
		for _, q := range edges[i+1:] {
			if bytes.Compare(posKey(p), posKey(q)) >= 0 || !p.Before(q) || q.Before(p) {
				t.Errorf("%v is not before %v", p, q)
			}
		}
	}
	if got := posOf([]byte("short")); !got.IsZero() {
		t.Errorf("bytes of the wrong length gave %v", got)
	}
	if got := (Pos{Time: 1500}).At(); !got.Equal(time.UnixMilli(1500)) {
		t.Errorf("At: %v", got)
	}
}

// TestPagesStayInTheirChat has neighbours on both sides, and the last possible id.
func TestPagesStayInTheirChat(t *testing.T) {
	s := newStore(t)
	update(t, s, func(tx *Tx) error {
		for _, chat := range []ChatID{1, 2, math.MaxUint32} {
			if err := tx.put(bucketChats, key4(uint32(chat)), chatRecord{}); err != nil {
				return err
			}
			for _, at := range []int64{math.MinInt64, 0, math.MaxInt64} {
				if err := tx.AddMessage(&Message{Chat: chat, Pos: Pos{Time: at}}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	view(t, s, func(tx *Tx) error {
		for _, chat := range []ChatID{1, 2, 3, math.MaxUint32} {
			want := 3
			if chat == 3 {
				want = 0
			}
			before, err := tx.MessagesBefore(chat, Pos{}, 99)
			after, aerr := tx.MessagesAfter(chat, Pos{}, 99)
			n, nerr := tx.CountAfter(chat, Pos{}, 99)
			if err = errors.Join(err, aerr, nerr); err != nil || len(before) != want || !equal(before, after) || n != want {
				t.Errorf("chat %d: %d before, %d after, %d counted, %v", chat, len(before), len(after), n, err)
			}
			none, err := tx.MessagesBefore(chat, Pos{}, 0)
			if err != nil || len(none) != 0 {
				t.Errorf("a page of none: %v, %v", none, err)
			}
		}
		return nil
	})
}
