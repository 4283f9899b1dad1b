package app

import (
	"slices"
	"testing"
	"time"

	"linnet/account"
	"linnet/storage"
)

// testModel has two accounts and the contacts and chats of both.
func testModel() *model {
	m := newModel()
	m.accounts = []account.Info{
		{Account: storage.Account{ID: 1, Address: "romeo@montague.example", Color: 0x3B8BFF, Enabled: true}},
		{Account: storage.Account{ID: 2, Address: "m.escalus@verona.example", Color: 0xB55579, Enabled: true}},
	}
	contact := func(id storage.AccountID, jid, name string, show storage.Show, groups ...string) account.Contact {
		return account.Contact{
			Account: id, JID: jid, Name: name, Groups: groups,
			Subscription: storage.SubscriptionBoth, Best: account.Presence{Show: show},
		}
	}
	m.setContacts(1, []account.Contact{
		contact(1, "juliet@capulet.example", "Juliet Capulet", storage.ShowOnline, "Family"),
		contact(1, "benvolio@montague.example", "Benvolio", storage.ShowBusy, "Work", "Family"),
		contact(1, "paris@verona.example", "", storage.ShowOffline, "Work"),
	})
	m.setContacts(2, []account.Contact{
		contact(2, "juliet@capulet.example", "Lady Juliet", storage.ShowAway),
	})
	chat := func(id storage.ChatID, acc storage.AccountID, jid string, at time.Time, text string) storage.Chat {
		c := storage.Chat{ID: id, Account: acc, JID: jid}
		if text != "" {
			c.Last = storage.Summary{Pos: storage.Pos{Time: at.UnixMilli(), Seq: uint64(id)}, Text: text}
		}
		return c
	}
	for _, c := range []storage.Chat{
		chat(1, 1, "juliet@capulet.example", testNow.Add(-time.Hour), "Good night"),
		chat(2, 1, "benvolio@montague.example", testNow.Add(-time.Minute), "At nine"),
		chat(3, 2, "juliet@capulet.example", testNow.Add(-48*time.Hour), "/me waves"),
		chat(4, 2, "nurse@capulet.example", testNow, ""),
	} {
		m.chats[c.ID] = c
	}
	return m
}

func rowIDs(rows []chatRow) []storage.ChatID {
	var ids []storage.ChatID
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestChatRowsOrder(t *testing.T) {
	m := testModel()
	if got := rowIDs(chatRows(m, 0, testNow)); !slices.Equal(got, []storage.ChatID{2, 1, 3}) {
		t.Errorf("newest first: %v", got)
	}
	if got := rowIDs(chatRows(m, 4, testNow)); !slices.Equal(got, []storage.ChatID{4, 2, 1, 3}) {
		t.Errorf("the open chat although it is empty: %v", got)
	}
	pinned := m.chats[3]
	pinned.Pinned = true
	m.chats[3] = pinned
	if got := rowIDs(chatRows(m, 4, testNow)); !slices.Equal(got, []storage.ChatID{3, 4, 2, 1}) {
		t.Errorf("pinned first: %v", got)
	}
	m.accounts = m.accounts[:1]
	if got := rowIDs(chatRows(m, 0, testNow)); !slices.Equal(got, []storage.ChatID{2, 1}) {
		t.Errorf("without the removed account: %v", got)
	}
}

func TestChatRowFields(t *testing.T) {
	m := testModel()
	c := m.chats[1]
	c.Unread, c.MutedUntil = 3, testNow.Add(time.Hour)
	m.chats[1] = c
	got := m.chatRow(c, testNow)
	want := chatRow{
		ID: 1, Account: 1, JID: "juliet@capulet.example", Name: "Juliet Capulet", Line: "Good night", Time: "13:40",
		HasShow: true, Show: storage.ShowOnline, Stripe: 0x3B8BFF, Unread: 3, Muted: true,
	}
	if got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	c.Draft = "  Wherefore\nart thou"
	if got := m.chatRow(c, testNow); !got.Draft || got.Line != "Wherefore" {
		t.Errorf("draft: %+v", got)
	}
	if got := m.chatRow(m.chats[3], testNow); got.Line != "Lady waves" || got.Show != storage.ShowAway {
		t.Errorf("action: %+v", got)
	}
	if got := m.chatRow(m.chats[4], testNow); got.HasShow || got.Name != "nurse@capulet.example" {
		t.Errorf("stranger: %+v", got)
	}
	m.accounts = m.accounts[:1]
	if got := m.chatRow(c, testNow); got.Stripe != 0 {
		t.Error("a stripe although there is one account")
	}
}

func TestUnreadLeavesOutMuted(t *testing.T) {
	m := testModel()
	for id, c := range m.chats {
		c.Unread = 1
		if id == 1 {
			c.MutedUntil = testNow.Add(time.Second)
		}
		m.chats[id] = c
	}
	if got := m.unread(testNow); got != 3 {
		t.Errorf("unread = %d, want 3", got)
	}
	if got := m.unread(testNow.Add(time.Minute)); got != 4 {
		t.Errorf("after the mute: %d, want 4", got)
	}
}

func TestAccountFor(t *testing.T) {
	m := testModel()
	for _, c := range []struct {
		jid     string
		id      storage.AccountID
		several bool
	}{
		{"juliet@capulet.example", 1, true},
		{"benvolio@montague.example", 1, false},
		{"nobody@capulet.example", 1, false},
	} {
		id, several, ok := m.accountFor(c.jid)
		if id != c.id || several != c.several || !ok {
			t.Errorf("accountFor(%s) = %d, %v, %v", c.jid, id, several, ok)
		}
	}
	m.accounts[0].Enabled = false
	if id, several, _ := m.accountFor("juliet@capulet.example"); id != 2 || several {
		t.Errorf("with the first switched off: %d, %v", id, several)
	}
	m.accounts = nil
	if _, _, ok := m.accountFor("juliet@capulet.example"); ok {
		t.Error("an account out of none")
	}
}
