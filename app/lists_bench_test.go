package app

import (
	"fmt"
	"testing"

	"linnet/account"
	"linnet/storage"
)

// largeModel has an account with as many contacts as a busy person has, each
// with a chat.
func largeModel(n int) *model {
	m := newModel()
	m.accounts = []account.Info{{Account: storage.Account{ID: 1, Enabled: true}}}
	for i := range n {
		jid := fmt.Sprintf("contact%04d@verona.example", i)
		m.contacts[contactKey{1, jid}] = account.Contact{
			Account: 1, JID: jid, Name: fmt.Sprintf("Contact Number %04d", i*7919%n), Groups: []string{fmt.Sprint("Group ", i%8)},
			Subscription: storage.SubscriptionBoth, Best: account.Presence{Show: storage.Show(i % 6)},
		}
		id := storage.ChatID(i + 1)
		m.chats[id] = storage.Chat{ID: id, Account: 1, JID: jid, Last: storage.Summary{Pos: testPos(i + 1), Text: "What's in a name?"}}
	}
	return m
}

func BenchmarkRosterGroups500(b *testing.B) {
	m := largeModel(500)
	for b.Loop() {
		rosterEntries(m, rosterGroups(m, unfolded, testNow))
	}
}

func BenchmarkChatRows500(b *testing.B) {
	m := largeModel(500)
	for b.Loop() {
		for _, r := range chatRows(m, 0, testNow) {
			conversation(m, r)
		}
	}
}

// BenchmarkFlood takes 2,000 messages into the open chat, as many at a time as
// come in a frame when the server sends as fast as it can.
func BenchmarkFlood(b *testing.B) {
	const all, frameful = 2000, 30
	for b.Loop() {
		b.StopTimer()
		back := verona()
		h := open(b, back, wide)
		h.a.shell.openKey("1")
		h.settle()
		var events [][]account.Event
		for n := 0; n < all; n += frameful {
			var batch []account.Event
			for range frameful {
				batch = append(batch, back.store(1, testNow, false, "O Romeo, Romeo! wherefore art thou Romeo? Deny thy father and refuse thy name.")...)
			}
			events = append(events, batch)
		}
		b.StartTimer()
		for _, batch := range events {
			h.a.apply(batch)
			h.settle()
		}
	}
}

func BenchmarkPalette500(b *testing.B) {
	newToolkit(b)
	m := largeModel(500)
	for b.Loop() {
		palettePersons(m, "number 04", testNow)
	}
}
