package storage

import (
	"fmt"
	"path/filepath"
	"testing"
)

const benchBody = "But, soft! what light through yonder window breaks? It is the east, and Juliet is the sun."

func benchMessage(c ChatID, i int) Message {
	id := fmt.Sprintf("4f2b9a6e-%08d", i)
	return Message{Chat: c, Pos: Pos{Time: 1700000000000 + int64(i)}, From: "juliet@example.org/balcony", Body: benchBody, ID: id, OriginID: id, StanzaID: "s" + id}
}

func addBatch(b *testing.B, s *Store, c ChatID, from, n int) {
	update(b, s, func(tx *Tx) error {
		for i := range n {
			m := benchMessage(c, from+i)
			if err := tx.AddMessage(&m); err != nil {
				return err
			}
		}
		return nil
	})
}

func BenchmarkAddMessages(b *testing.B) {
	for _, n := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("batch=%d", n), func(b *testing.B) {
			s := newStore(b)
			_, c := newChat(b, s)
			i := 0
			for b.Loop() {
				addBatch(b, s, c.ID, i, n)
				i += n
			}
			b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}

// large makes an archive with one conversation of 100,000 messages.
func large(b *testing.B) (path string, chat ChatID) {
	path = filepath.Join(b.TempDir(), "archive")
	s, err := Open(path, testKey, Options{})
	if err != nil {
		b.Fatal(err)
	}
	_, c := newChat(b, s)
	for i := 0; i < 100_000; i += 5000 {
		addBatch(b, s, c.ID, i, 5000)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	return path, c.ID
}

func BenchmarkLarge(b *testing.B) {
	path, chat := large(b)
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			s, err := Open(path, testKey, Options{})
			if err != nil {
				b.Fatal(err)
			}
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	s := openTest(b, path)
	b.Run("page of 50", func(b *testing.B) {
		at, n := Pos{}, 0
		for b.Loop() {
			view(b, s, func(tx *Tx) error {
				page, err := tx.MessagesBefore(chat, at, 50)
				if len(page) == 0 {
					at = Pos{}
				} else {
					at = page[0].Pos
				}
				return err
			})
			n++
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "pages/s")
	})
	b.Run("find", func(b *testing.B) {
		n := 0
		for b.Loop() {
			m := benchMessage(chat, n*7919%100_000)
			view(b, s, func(tx *Tx) error {
				if _, ok, err := tx.FindMessage(chat, ByStanza, m.StanzaID); !ok {
					b.Fatal("not found", err)
				}
				return nil
			})
			n++
		}
	})
	b.Run("add one", func(b *testing.B) {
		i := 100_000
		for b.Loop() {
			addBatch(b, s, chat, i, 1)
			i++
		}
	})
}

func BenchmarkOpenSealed(b *testing.B) {
	path := filepath.Join(b.TempDir(), "secrets")
	for b.Loop() {
		if _, err := OpenSealed(path, []byte("open sesame")); err != nil {
			b.Fatal(err)
		}
	}
}
