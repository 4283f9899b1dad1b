//go:build unix

package main

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"linnet/account/servertest"
	"linnet/account/stream"
	"linnet/storage"

	"mellium.im/xmpp/jid"
)

func TestZoneAlwaysShowsTheSameHour(t *testing.T) {
	for hour := range 24 {
		now := time.Date(2026, 3, 1, hour, 12, 0, 0, time.UTC)
		loc, err := time.LoadLocation(zone(now))
		if err != nil {
			t.Fatal(err)
		}
		if got := now.In(loc).Hour(); got != pictureHour {
			t.Errorf("at %d UTC it is %d in %s", hour, got, zone(now))
		}
	}
}

// TestPast writes the history and reads it back as the window would.
func TestPast(t *testing.T) {
	for name, now := range map[string]time.Time{
		"early": time.Date(2026, 3, 30, 1, 0, 0, 0, time.Local),
		"late":  time.Date(2026, 3, 30, 23, 0, 0, 0, time.Local),
	} {
		t.Run(name, func(t *testing.T) {
			store, err := storage.Open(filepath.Join(t.TempDir(), "archive"), make([]byte, 32), storage.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			depot := openDepot(false)
			defer depot.close()
			err = store.Update(func(tx *storage.Tx) error {
				ids := make(map[string]storage.AccountID)
				for _, o := range ours {
					a := storage.Account{Address: o.name + "@" + domain}
					if err := tx.PutAccount(&a); err != nil {
						return err
					}
					ids[a.Address] = a.ID
				}
				return (&past{tx: tx, accounts: ids, keepFile: store.KeepFile, depot: depot, last: lastDay(now)}).write()
			})
			if err != nil {
				t.Fatal(err)
			}
			err = store.View(func(tx *storage.Tx) error {
				accounts, err := tx.Accounts()
				if err != nil {
					return err
				}
				chats := 0
				for _, a := range accounts {
					rows, err := tx.Chats(a.ID)
					if err != nil {
						return err
					}
					chats += len(rows)
					for _, c := range rows {
						if c.Last.Pos.IsZero() || c.Last.Pos.At().After(now) {
							t.Errorf("%s: the last message is of %v", c.JID, c.Last.Pos.At())
						}
						unread, err := tx.CountAfter(c.ID, c.ReadUpTo, 100)
						if err != nil {
							return err
						}
						if unread != c.Unread {
							t.Errorf("%s says %d unread, and has %d", c.JID, c.Unread, unread)
						}
					}
				}
				if chats != len(history) {
					t.Errorf("%d chats, want %d", chats, len(history))
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestOldTalks holds that old messages come in order and before the others.
func TestOldTalks(t *testing.T) {
	last := lastDay(time.Now())
	n, at := 0, time.Time{}
	ids := map[string]bool{}
	for m := range oldTalks("juliet", last) {
		n++
		if !at.Before(m.At) || m.At.After(last.AddDate(0, 0, -oldDays)) || ids[m.ID] || m.Body == "" {
			t.Fatalf("after %v comes %+v", at, m)
		}
		at, ids[m.ID] = m.At, true
	}
	if n != oldMessages {
		t.Errorf("%d messages, want %d", n, oldMessages)
	}
}

// visitor is a user of the demo who notes what comes.
type visitor struct {
	states    chan stream.State
	presences chan string // from whom
	bodies    chan string
}

func (v *visitor) StateChanged(st stream.State) { v.states <- st }
func (v *visitor) Acknowledged(uint64)          {}

func (v *visitor) Stanzas(batch []*stream.Stanza) error {
	for _, st := range batch {
		var m struct {
			Body string `xml:"jabber:client body"`
		}
		if err := st.Decode(&m); err != nil {
			return err
		}
		switch {
		case st.Kind == stream.Presence && st.Type == "":
			v.presences <- st.From.JID.Localpart()
		case st.Kind == stream.Message && m.Body != "":
			v.bodies <- m.Body
		}
	}
	return nil
}

// TestContactsAnswer plays the scene on a real server, without the window.
func TestContactsAnswer(t *testing.T) {
	s := &stage{server: servertest.Prosody(t, serverOptions())}
	s.enter(t.Context(), false)
	defer func() { s.cancel(); <-s.done }()

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	v := &visitor{states: make(chan stream.State, 100), presences: make(chan string, 100), bodies: make(chan string, 100)}
	client := stream.New(stream.Config{
		JID: jid.MustParse("romeo@" + domain), Resource: "visitor", Password: password,
		Host: s.server.Host, Port: s.server.Port, Roots: s.server.Roots,
	}, v)
	done := make(chan struct{})
	go func() { defer close(done); client.Run(ctx) }()
	defer func() { cancel(); <-done }()
	for st := range v.states {
		if st.Phase == stream.Online {
			break
		}
		if st.Phase == stream.Failed {
			t.Fatal(st.Err)
		}
	}
	if err := client.Send(presence{}); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"juliet": true, "mercutio": true, "laurence": true, "nurse": true}
	for len(want) > 0 {
		select {
		case from := <-v.presences:
			delete(want, from)
		case <-ctx.Done():
			t.Fatalf("not online: %v", want)
		}
	}
	if err := client.Send(message{To: openingChat, Type: "chat", Body: "Good morrow"}); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-v.bodies:
		if got != people[0].lines[0] {
			t.Errorf("answered %q", got)
		}
	case <-ctx.Done():
		t.Fatal("no answer")
	}
}
