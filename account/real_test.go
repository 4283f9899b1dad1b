//go:build unix

package account

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"linnet/account/servertest"
	"linnet/account/stream"
	"linnet/storage"
)

// realProfile is a profile whose accounts live on a real server.
func realProfile(t *testing.T, s *servertest.Server) *profile {
	t.Helper()
	return newProfileOn(t, func(cfg *stream.Config) {
		cfg.Roots = s.Roots
		cfg.Host, cfg.Port = s.Host, s.Port
		cfg.Jitter = func() float64 { return 0 }
	})
}

// signIn adds an account and waits until it is online.
func (r *running) signIn(s *servertest.Server, name string) storage.AccountID {
	r.t.Helper()
	id, err := r.AddAccount(r.t.Context(), NewAccount{Address: name + "@" + s.Domain, Password: s.Password(name)})
	if err != nil {
		r.t.Fatal(err)
	}
	r.eventually(name+" online", func() bool { return r.phase(id).Phase == stream.Online })
	return id
}

// received waits for the last message of a conversation to be body.
func (r *running) received(id storage.AccountID, from, body string) {
	r.t.Helper()
	r.eventually("message "+body, func() bool {
		chat, err := r.OpenChat(id, from)
		if err != nil {
			r.t.Fatal(err)
		}
		return chat.Last.Text == body && !chat.Last.Out
	})
}

func TestRealServers(t *testing.T) {
	options := servertest.Options{Users: map[string]string{"ann": "secret of ann", "bob": "secret of bob"}}
	for name, start := range map[string]func(testing.TB, servertest.Options) *servertest.Server{
		"prosody": servertest.Prosody, "ejabberd": servertest.Ejabberd,
	} {
		t.Run(name, func(t *testing.T) { testReal(t, start(t, options)) })
	}
}

func testReal(t *testing.T, s *servertest.Server) {
	ctx := t.Context()
	annAt, bobAt := "ann@"+s.Domain, "bob@"+s.Domain
	annProfile, bobProfile := realProfile(t, s), realProfile(t, s)
	r, other := annProfile.run(), bobProfile.run()

	var auth *stream.AuthError
	err := r.CheckSignIn(ctx, NewAccount{Address: annAt, Password: "wrong"})
	if !errors.As(err, &auth) || auth.Reason != stream.AuthWrongPassword {
		t.Errorf("wrong password: %v", err)
	}
	if err := r.CheckSignIn(ctx, NewAccount{Address: annAt, Password: s.Password("ann")}); err != nil {
		t.Errorf("right password: %v", err)
	}
	annID, bobID := r.signIn(s, "ann"), other.signIn(s, "bob")

	// A contact with accept, seen by both.
	if err := r.AddContact(ctx, annID, bobAt, "Bob", []string{"Friends"}, "It is Ann"); err != nil {
		t.Fatal(err)
	}
	other.eventually("the request", func() bool {
		q := other.Requests()
		return len(q) == 1 && q[0].JID == annAt
	})
	r.is("asked", annID, bobAt, func(c Contact) bool { return c.Ask && c.Name == "Bob" && slices.Equal(c.Groups, []string{"Friends"}) })
	if err := other.Accept(ctx, bobID, annAt); err != nil {
		t.Fatal(err)
	}
	r.eventually("asked back", func() bool { return len(r.Requests()) == 1 || mutual(r, annID, bobAt) })
	if len(r.Requests()) == 1 {
		if err := r.Accept(ctx, annID, bobAt); err != nil {
			t.Fatal(err)
		}
	}
	r.is("both", annID, bobAt, func(c Contact) bool {
		return c.Subscription == storage.SubscriptionBoth && c.Best.Show == storage.ShowOnline
	})
	other.is("both", bobID, annAt, func(c Contact) bool {
		return c.Subscription == storage.SubscriptionBoth && c.Best.Show == storage.ShowOnline
	})
	r.is("known by program", annID, bobAt, func(c Contact) bool { return c.Best.Client == clientName })
	if err := other.SetStatus(ctx, storage.Status{Show: storage.ShowBusy, Message: "Working"}); err != nil {
		t.Fatal(err)
	}
	r.is("busy", annID, bobAt, func(c Contact) bool { return c.Best.Show == storage.ShowBusy && c.Best.Status == "Working" })

	// A device that knows no roster yet sees who is there all the same.
	freshProfile := realProfile(t, s)
	as := freshProfile.stream
	freshProfile.stream = func(cfg *stream.Config) {
		as(cfg)
		cfg.Resource = "linnet.fresh"
	}
	fresh := freshProfile.run()
	freshID := fresh.signIn(s, "ann")
	fresh.is("there for a new device", freshID, bobAt, func(c Contact) bool {
		return c.Best.Show == storage.ShowBusy && c.Best.Client == clientName
	})
	fresh.stop()

	// Roster edits come back as pushes.
	if err := r.RenameContact(ctx, annID, bobAt, "Robert"); err != nil {
		t.Fatal(err)
	}
	if err := r.SetGroups(ctx, annID, bobAt, []string{"Work", "Friends"}); err != nil {
		t.Fatal(err)
	}
	r.is("moved", annID, bobAt, func(c Contact) bool {
		return c.Name == "Robert" && slices.Equal(c.Groups, []string{"Friends", "Work"})
	})

	// Messages both ways, a long one among them.
	long := strings.Repeat("<äöü> & ", 7_000)
	chat, err := r.OpenChat(annID, bobAt)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{long[:maxSent/2], "Hello Bob"} {
		if err := r.Send(ctx, chat.ID, Text{Body: strings.ToValidUTF8(body, "")}); err != nil {
			t.Fatal(err)
		}
	}
	other.received(bobID, annAt, "Hello Bob")
	back, err := other.OpenChat(bobID, annAt)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Send(ctx, back.ID, Text{Body: "Hello Ann"}); err != nil {
		t.Fatal(err)
	}
	r.received(annID, bobAt, "Hello Ann")
	if list := other.messages(back.ID); len(list) != 3 || list[0].Body != strings.ToValidUTF8(long[:maxSent/2], "") {
		t.Errorf("Bob has %d messages", len(list))
	}
	r.eventually("delivered", func() bool { return r.messages(chat.ID)[1].State == storage.StateDelivered })

	// A message while the other is offline, and one written while we are.
	other.stop()
	r.is("offline", annID, bobAt, func(c Contact) bool { return c.Best.Show == storage.ShowOffline && !c.LastSeen.IsZero() })
	if err := r.Send(ctx, chat.ID, Text{Body: "While you were away"}); err != nil {
		t.Fatal(err)
	}
	r.state(chat.ID, storage.StateSent)
	if err := r.SetStatus(ctx, storage.Status{Show: storage.ShowOffline}); err != nil {
		t.Fatal(err)
	}
	r.eventually("signed out", func() bool { return r.phase(annID).Phase == stream.Stopped })
	if err := r.Send(ctx, chat.ID, Text{Body: "Written offline"}); err != nil {
		t.Fatal(err)
	}
	r.stop()
	other = bobProfile.run()
	other.received(bobID, annAt, "While you were away")
	r = annProfile.run()
	if m := r.state(chat.ID, storage.StateWaiting); m.Body != "Written offline" {
		t.Errorf("waiting: %q", m.Body)
	}
	if err := r.SetStatus(ctx, storage.Status{}); err != nil {
		t.Fatal(err)
	}
	other.received(bobID, annAt, "Written offline")
	r.state(chat.ID, storage.StateSent)

	// Nobody is there: the server's refusal reaches the message.
	nobody, err := r.OpenChat(annID, "nobody@"+s.Domain)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Send(ctx, nobody.ID, Text{Body: "Anybody?"}); err != nil {
		t.Fatal(err)
	}
	if m := r.state(nobody.ID, storage.StateFailed); m.Reason == "" {
		t.Error("failed without a reason")
	}

	// The server goes and comes back.
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	r.RetryNow(annID)
	other.RetryNow(bobID)
	r.is("back", annID, bobAt, func(c Contact) bool { return c.Best.Show != storage.ShowOffline })

	if err := r.RemoveContact(ctx, annID, bobAt); err != nil {
		t.Fatal(err)
	}
	r.eventually("removed", func() bool { _, ok := r.Contact(annID, bobAt); return !ok })
	other.is("left alone", bobID, annAt, func(c Contact) bool { return c.Subscription == storage.SubscriptionNone })
}

func mutual(r *running, id storage.AccountID, jid string) bool {
	c, ok := r.Contact(id, jid)
	return ok && c.Subscription == storage.SubscriptionBoth
}
