//go:build unix

package account

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"linnet/account/servertest"
	"linnet/account/stream"
	"linnet/storage"
)

// device is a profile with a resource of its own.
func device(t *testing.T, s *servertest.Server, resource string) *profile {
	p := realProfile(t, s)
	as := p.stream
	p.stream = func(cfg *stream.Config) {
		as(cfg)
		cfg.Resource = resource
	}
	return p
}

// texts gives what is stored of a conversation, read in pages.
func (r *running) texts(id storage.AccountID, address string) (all []string, gaps int) {
	r.t.Helper()
	chat, err := r.OpenChat(id, address)
	if err != nil {
		r.t.Fatal(err)
	}
	for at := (storage.Pos{}); ; {
		page, err := r.Before(chat.ID, at, 100)
		if err != nil {
			r.t.Fatal(err)
		}
		if len(page.Messages) == 0 {
			break
		}
		gaps += len(page.Gaps)
		var part []string
		for _, m := range page.Messages {
			part = append(part, m.Body)
		}
		all = append(part, all...)
		at = page.Messages[0].Pos
	}
	return all, gaps
}

func TestRealHistory(t *testing.T) {
	options := servertest.Options{
		Users: map[string]string{"ann": "secret of ann", "bob": "secret of bob"},
	}
	for name, start := range map[string]func(testing.TB, servertest.Options) *servertest.Server{
		"prosody": servertest.Prosody, "ejabberd": servertest.Ejabberd,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testRealHistory(t, start(t, options))
		})
	}
}

func testRealHistory(t *testing.T, s *servertest.Server) {
	const missed = 1200 // more than a new account gets by itself
	annAt, bobAt := "ann@"+s.Domain, "bob@"+s.Domain
	home, bobs, phone := device(t, s, "linnet.home"), device(t, s, "linnet.bob"), device(t, s, "linnet.phone")
	r, bob, other := home.run(), bobs.run(), phone.run()
	annID, bobID, phoneID := r.signIn(s, "ann"), bob.signIn(s, "bob"), other.signIn(s, "ann")
	for _, x := range []struct {
		r  *running
		id storage.AccountID
	}{{r, annID}, {bob, bobID}, {other, phoneID}} {
		x.r.synced(x.id)
	}
	say := func(r *running, id storage.AccountID, to, body string) string {
		t.Helper()
		chat, err := r.OpenChat(id, to)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Send(t.Context(), chat.ID, Text{Body: body}); err != nil {
			t.Fatal(err)
		}
		return body
	}
	// Both devices have what one of them sends and receives.
	var want []string
	say(bob, bobID, annAt, "Hello both")
	r.received(annID, bobAt, "Hello both")
	other.received(phoneID, bobAt, "Hello both")
	say(other, phoneID, bobAt, "From the phone")
	want = append(want, "Hello both", "From the phone")
	r.eventually("the copy", func() bool { all, _ := r.texts(annID, bobAt); return slices.Equal(all, want) })
	if chat, err := r.OpenChat(annID, bobAt); err != nil || chat.Unread != 0 || !chat.Last.Out {
		t.Errorf("after the answer from the phone: %+v, %v", chat, err)
	}
	bob.received(bobID, annAt, "From the phone")

	// A long absence.
	r.stop()
	for i := range missed {
		want = append(want, say(bob, bobID, annAt, fmt.Sprint("missed ", i)))
	}
	other.received(phoneID, bobAt, fmt.Sprint("missed ", missed-1))
	want = append(want, say(other, phoneID, bobAt, "Answered on the phone"))
	bob.received(bobID, annAt, "Answered on the phone")
	want = append(want, say(bob, bobID, annAt, "One more"))
	other.received(phoneID, bobAt, "One more")

	r = home.run()
	r.eventually("what was missed", func() bool { all, _ := r.texts(annID, bobAt); return len(all) >= len(want) })
	r.synced(annID)
	all, gaps := r.texts(annID, bobAt)
	if i := firstDifference(all, want); i >= 0 {
		t.Errorf("after an absence %d messages, want %d; first difference at %d", len(all), len(want), i)
	}
	chat, err := r.OpenChat(annID, bobAt)
	if err != nil || chat.Unread != 1 {
		t.Errorf("unread after an absence: %+v, %v", chat, err)
	}
	if gaps > 1 { // the beginning of the archive
		t.Errorf("%d gaps after an absence", gaps)
	}
	if closed, err := r.FetchGap(t.Context(), chat.ID, storage.Pos{}); gaps == 1 && (!closed || err != nil) {
		t.Errorf("the beginning: %v, %v", closed, err)
	}

	// What is read on one device is read on the others, and on a new one.
	if chat, err = other.OpenChat(phoneID, bobAt); err != nil {
		t.Fatal(err)
	}
	if err := other.MarkRead(chat.ID, chat.Last.Pos); err != nil {
		t.Fatal(err)
	}
	other.allTold(phoneID)
	r.eventually("read on the phone", func() bool { chat, err = r.OpenChat(annID, bobAt); return err == nil && chat.Unread == 0 })
	for _, body := range []string{"Not read yet", "Nor this"} {
		want = append(want, say(bob, bobID, annAt, body))
		r.received(annID, bobAt, body)
	}
	testNewDevice(t, s, want)
	testArchivePolicy(t, r, annID)
	testRealSource(t, r, chat.ID)

	// What was deleted here stays so, also when everything is asked for.
	if err := r.deleted(chat.ID, "missed 700", "Answered on the phone", "Nor this"); err != nil {
		t.Fatal(err)
	}
	left, _ := r.texts(annID, bobAt)
	p := storage.Gap{To: storage.Edge{Time: time.Now().Add(time.Minute).UnixMilli()}}
	home.update(func(tx *storage.Tx) error { return tx.PutGap(annID, &p) })
	if err := r.LoadAllOf(t.Context(), annID, nil); err != nil {
		t.Error(err)
	}
	if all, gaps := r.texts(annID, bobAt); !slices.Equal(all, left) || gaps > 0 {
		t.Errorf("%d messages where %d were left, and %d gaps", len(all), len(left), gaps)
	}
	// So does a whole conversation.
	if err := r.DeleteChat(chat.ID); err != nil {
		t.Fatal(err)
	}
	r.stop()
	r = home.run()
	r.eventually("online again", func() bool { return r.phase(annID).Phase == stream.Online })
	r.synced(annID)
	if err := r.LoadAllOf(t.Context(), annID, nil); err != nil {
		t.Error(err)
	}
	if all, gaps := r.texts(annID, bobAt); len(all)+gaps > 0 {
		t.Errorf("%d messages and %d gaps in an erased conversation", len(all), gaps)
	}
	say(bob, bobID, annAt, "Begin anew")
	r.received(annID, bobAt, "Begin anew")
	if all, _ := r.texts(annID, bobAt); len(all) != 1 {
		t.Errorf("an erased conversation goes on with %q", all)
	}
}

func testNewDevice(t *testing.T, s *servertest.Server, want []string) {
	bobAt := "bob@" + s.Domain
	r := device(t, s, "linnet.new").run()
	id := r.signIn(s, "ann")
	r.synced(id)
	all, gaps := r.texts(id, bobAt)
	if len(all) < firstMessages-10 || len(all) == len(want) || gaps != 1 {
		t.Errorf("a new device has %d messages of %d, %d gaps", len(all), len(want), gaps)
	}
	var chat storage.Chat
	r.eventually("what nobody has read", func() (ok bool) {
		var err error
		chat, err = r.OpenChat(id, bobAt)
		return err == nil && chat.Unread == 2
	})
	page, err := r.After(chat.ID, storage.Pos{}, 1)
	if err != nil || len(page.Gaps) != 1 || page.Gaps[0] != page.Messages[0].Pos {
		t.Fatalf("the first page of a new device: %+v, %v", page.Gaps, err)
	}
	if closed, err := r.FetchGap(t.Context(), chat.ID, page.Gaps[0]); err != nil {
		t.Errorf("looking back: %v, %v", closed, err)
	}
	if more, _ := r.texts(id, bobAt); len(more) <= len(all) {
		t.Error("looking back brought nothing")
	}
	loaded := 0
	if err := r.LoadAll(context.Background(), chat.ID, func(n int) { loaded = n }); err != nil {
		t.Errorf("loading all: %v", err)
	}
	all, gaps = r.texts(id, bobAt)
	if i := firstDifference(all, want); i >= 0 || gaps != 0 || loaded == 0 {
		t.Errorf("with all loaded %d messages, want %d; first difference at %d; %d gaps", len(all), len(want), i, gaps)
	}
}

func testArchivePolicy(t *testing.T, r *running, id storage.AccountID) {
	for _, p := range []ArchivePolicy{ArchiveContacts, ArchiveAlways} {
		if err := r.SetArchivePolicy(t.Context(), id, p); err != nil {
			t.Errorf("policy %s: %v", p, err)
		}
		if got, err := r.ArchivePolicy(t.Context(), id); err != nil || got != p {
			t.Errorf("policy is %s, %v, want %s", got, err, p)
		}
	}
}

// testRealSource asks for the XML of what was received, of what another device of
// ours sent, and of what this one did.
func testRealSource(t *testing.T, r *running, chat storage.ChatID) {
	t.Helper()
	if err := r.Send(t.Context(), chat, Text{Body: "Sent & kept"}); err != nil {
		t.Fatal(err)
	}
	r.eventually("sent", func() bool {
		list := r.messages(chat)
		return list[len(list)-1].State >= storage.StateSent
	})
	for body, shown := range map[string]string{
		"Sent & kept": "Sent &amp; kept", "missed 600": "missed 600", "Answered on the phone": "Answered on the phone",
	} {
		list := r.messages(chat)
		i := slices.IndexFunc(list, func(m storage.Message) bool { return m.Body == body })
		got, err := r.Source(t.Context(), chat, list[i].Pos)
		if err != nil || !contains(got, "<message ", "\n  <body>"+shown+"</body>\n", "<origin-id ") {
			t.Errorf("%q is %s, %v", body, got, err)
		}
	}
}
