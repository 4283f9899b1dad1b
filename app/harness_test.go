package app

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
)

// verona fills a backend with two accounts, contacts and talk, as on the
// pictures of the design.
func verona() *fakeBackend {
	f := newFakeBackend()
	online := stream.State{Phase: stream.Online}
	f.accounts = []account.Info{
		{Account: storage.Account{ID: 1, Address: "romeo@montague.example", Name: "Romeo", Color: 0x3B8BFF, Enabled: true}, State: online},
		{
			Account: storage.Account{ID: 2, Address: "m.escalus@verona.example", Color: 0xB55579, Enabled: true},
			State:   stream.State{Phase: stream.Waiting, Err: stream.ErrOffline, RetryAt: testNow.Add(12 * time.Second)},
		},
	}
	person := func(id storage.AccountID, jid, name, words string, show storage.Show, groups ...string) {
		c := account.Contact{
			Account: id, JID: jid, Name: name, Groups: groups, Subscription: storage.SubscriptionBoth,
			Best: account.Presence{Show: show, Status: words}, LastSeen: testNow.AddDate(0, 0, -2),
		}
		if show != storage.ShowOffline {
			c.Resources = []account.Presence{{Resource: "Phone", Show: show}, {Resource: "balcony-pc", Show: storage.ShowAway, Idle: testNow.Add(-12 * time.Minute)}}
		}
		f.contacts = append(f.contacts, c)
	}
	person(1, "juliet@capulet.example", "Juliet Capulet", "on the balcony", storage.ShowOnline, "Family")
	person(1, "friar@verona.example", "Friar Laurence", "Gathering herbs", storage.ShowAway, "Work")
	person(1, "benvolio@montague.example", "Benvolio", "In rehearsal until five", storage.ShowBusy, "Work")
	person(1, "mercutio@verona.example", "Mercutio", "", storage.ShowOnline, "Work")
	person(1, "nurse@capulet.example", "Nurse", "", storage.ShowOnline, "Family")
	person(2, "paris@verona.example", "Paris", "", storage.ShowOffline)
	person(2, "rosaline@capulet.example", "Rosaline", "", storage.ShowOffline)
	f.requests = []account.Request{{Account: 1, Request: storage.Request{JID: "tybalt@capulet.example", Message: "A word with one of you"}}}
	chat := func(id storage.ChatID, acc storage.AccountID, jid string) {
		f.chats[id] = storage.Chat{ID: id, Account: acc, JID: jid}
	}
	chat(1, 1, "juliet@capulet.example")
	chat(2, 1, "friar@verona.example")
	chat(3, 1, "benvolio@montague.example")
	chat(4, 1, "nurse@capulet.example")
	chat(5, 2, "paris@verona.example")
	chat(6, 2, "rosaline@capulet.example")
	yesterday := testNow.AddDate(0, 0, -1)
	f.store(6, testNow.AddDate(0, 0, -3), true, "No worries")
	f.store(5, testNow.AddDate(0, 0, -2), false, "Thanks!")
	f.store(4, testNow.Add(-3*time.Hour), false, "Peter, my fan.")
	f.store(3, testNow.Add(-2*time.Hour), true, "I will be there at nine")
	f.store(2, testNow.Add(-time.Hour), false, "Wisely and slow; they stumble that run fast.")
	f.store(1, yesterday.Add(6*time.Hour), false, "Thou know’st the mask of night is on my face")
	f.store(1, yesterday.Add(6*time.Hour+time.Minute), false, "Wilt thou leave me so unsatisfied?")
	f.store(1, yesterday.Add(6*time.Hour+3*time.Minute), true, "What satisfaction canst thou have tonight?")
	f.store(1, testNow.Add(-5*time.Hour), false, "The exchange of thy love’s faithful vow for mine. https://verona.example/balcony")
	f.store(1, testNow.Add(-5*time.Hour+3*time.Minute), true, "I gave thee mine before thou didst request it, and yet I would it were to give again.")
	for id := range f.chats {
		c := f.chats[id]
		if id != 4 {
			c.Unread, c.ReadUpTo = 0, c.Last.Pos
		}
		f.chats[id] = c
	}
	f.store(1, testNow.Add(-time.Minute), false, "Good night, good night! Parting is such sweet sorrow")
	return f
}

// harness is a window over a fake backend, run on the test's goroutine.
type harness struct {
	testing.TB
	a    *App
	back *fakeBackend
	app  fyne.App
	now  time.Time
	due  []*timer // what is to happen later
	desk soundDesk
}

// timer is something that happens when the clock of a test comes to it.
type timer struct {
	at time.Time
	f  func()
}

// config is a window's whose clock and goroutine are the test's.
func (h *harness) config() Config {
	return Config{
		Version: "test", Now: func() time.Time { return h.now },
		inline: true, post: func(f func()) { f() }, after: h.after,
		newPlayer: h.desk.player, record: h.desk.record,
	}
}

func (h *harness) after(d time.Duration, f func()) (stop func()) {
	t := &timer{h.now.Add(d), f}
	h.due = append(h.due, t)
	return func() { h.due = slices.DeleteFunc(h.due, func(o *timer) bool { return o == t }) }
}

// pass lets time go by.
func (h *harness) pass(d time.Duration) {
	h.now = h.now.Add(d)
	for {
		i := slices.IndexFunc(h.due, func(t *timer) bool { return !t.at.After(h.now) })
		if i < 0 {
			break
		}
		t := h.due[i]
		h.due = slices.Delete(h.due, i, i+1)
		t.f()
	}
	h.settle()
}

// open makes the window at a size and takes in the first Reset.
func open(t testing.TB, back *fakeBackend, size fyne.Size) *harness {
	t.Helper()
	h := &harness{TB: t, back: back, now: testNow, app: newToolkit(t)}
	cfg := h.config()
	cfg.Backend = back
	h.a = New(h.app, cfg)
	h.a.setFocused(true) // as a desktop does
	t.Cleanup(h.a.Close)
	h.a.win.Resize(size)
	h.a.win.Show()
	back.events <- []account.Event{account.Reset{}}
	h.settle()
	h.a.win.Resize(size)
	return h
}

// settle takes in what the backend has to tell. The bridge is not running in
// these tests: the test is the UI goroutine.
func (h *harness) settle() {
	for {
		select {
		case batch := <-h.back.events:
			h.a.apply(batch)
		default:
			return
		}
	}
}
