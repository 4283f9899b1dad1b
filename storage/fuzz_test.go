package storage

import (
	"bytes"
	"crypto/rand"
	"testing"
	"unicode/utf8"
)

// FuzzOpenValue gives the sealer and the decoder what a damaged file may hold.
func FuzzOpenValue(f *testing.F) {
	seal, err := newSealer(testKey, rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{}, []byte{})
	f.Add([]byte(`{"b":"x","s":300}`), []byte(`[1`))
	f.Add([]byte(`{"b":5,"o":{}}`), bytes.Repeat([]byte{1}, 80))
	s := &Store{seal: seal}
	f.Fuzz(func(t *testing.T, plain, sealed []byte) {
		tx, key := &Tx{store: s}, []byte("key")
		if err := tx.decode(bucketMessages, key, sealed, new(messageRecord)); err == nil {
			t.Fatalf("noise opened: %x", sealed)
		}
		good, err := seal.seal(bucketMessages, key, plain)
		if err != nil {
			t.Fatal(err)
		}
		back, err := seal.open(bucketMessages, key, good)
		if err != nil || !bytes.Equal(back, plain) {
			t.Fatalf("%x came back as %x, %v", plain, back, err)
		}
		for _, v := range []any{new(messageRecord), new(chatRecord), new(summaryRecord), new(accountRecord), new(rosterRecord), new(outgoingRecord), new(capsRecord)} {
			_ = tx.decode(bucketMessages, key, good, v) // must not panic
		}
		if _, err := seal.open(bucketChats, key, good); err == nil {
			t.Fatal("opened in another bucket")
		}
		if len(sealed) > 0 {
			good[int(sealed[0])%len(good)] ^= 0x10
			if _, err := seal.open(bucketMessages, key, good); err == nil {
				t.Fatal("a changed value opened")
			}
		}
	})
}

func FuzzKeys(f *testing.F) {
	f.Add(uint32(1), int64(-5), uint64(7), int64(3), uint64(9))
	f.Fuzz(func(t *testing.T, chat uint32, time1 int64, seq1 uint64, time2 int64, seq2 uint64) {
		p, q := Pos{time1, seq1}, Pos{time2, seq2}
		a, b := messageKey(ChatID(chat), p), messageKey(ChatID(chat), q)
		if len(a) != messageKeySize || posOf(a[4:]) != p || uint32(number(a[:4])) != chat {
			t.Fatalf("%v came back as %v", p, posOf(a[4:]))
		}
		if (bytes.Compare(a, b) < 0) != p.Before(q) || (p == q) != bytes.Equal(a, b) {
			t.Fatalf("%v and %v do not sort as their keys do", p, q)
		}
	})
}

func FuzzSummarize(f *testing.F) {
	f.Add("one\ntwo  three")
	f.Fuzz(func(t *testing.T, body string) {
		got := summarize(body)
		if utf8.RuneCountInString(got) > SummaryRunes || bytes.ContainsAny([]byte(got), "\r\t") || summarize(got) != got && utf8.ValidString(body) {
			t.Fatalf("%q gave %q", body, got)
		}
	})
}
