//go:build unix

package account

import (
	_ "embed"
	"encoding/base64"
	"image/color"
	"slices"
	"testing"

	"linnet/account/servertest"
	"linnet/storage"
)

//go:embed testdata/people.py
var peopleScript []byte

// TestRealPeople has people show each other what they look like, are called and
// do, on real servers, with somebody else's client at the other end.
func TestRealPeople(t *testing.T) {
	options := servertest.Options{
		Users: map[string]string{"ann": "secret of ann", "bob": "secret of bob", "cleo": "secret of cleo"},
		Rosters: map[string][]servertest.Contact{
			"ann": {{JID: "bob@" + servertest.DefaultDomain}}, "bob": {{JID: "ann@" + servertest.DefaultDomain}},
		},
	}
	for name, start := range map[string]func(testing.TB, servertest.Options) *servertest.Server{
		"prosody": servertest.Prosody, "ejabberd": servertest.Ejabberd,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testRealPeople(t, start(t, options))
		})
	}
}

// knowsTyping waits until it is known that somebody's program shows typing.
func (d person) knowsTyping(who string) {
	d.t.Helper()
	d.eventually("the program of "+who, func() bool {
		knows := false
		d.inAccount(d.id, func(a *Account) { knows = a.showsTyping(who) })
		return knows
	})
}

func testRealPeople(t *testing.T, s *servertest.Server) {
	ctx := t.Context()
	profile, ann := newPerson(t, s, "ann", "home")
	ann.eventually("the roster", func() bool { return len(ann.Contacts(ann.id)) == 1 })
	bob := "bob@" + s.Domain
	order, told := startForeign(t, s, peopleScript)
	told("online", "")

	// Typing, both ways.
	chat := ann.opened(ann.id, bob)
	ann.knowsTyping(bob)
	ann.SetTyping(chat.ID, Composing)
	told("state", "composing")
	ann.says(bob, "hello")
	told("body", "active")
	order("state " + ann.at + " composing")
	heard := func(state ChatState) {
		t.Helper()
		ann.eventually("what Bob does", func() bool { return slices.Contains(ann.events, Event(TypingChanged{chat.ID, state})) })
	}
	heard(Composing)
	order("state " + ann.at + " paused")
	heard(Paused)

	// Pictures, both ways, by both protocols.
	red, _ := picture(t, color.NRGBA{R: 255, A: 255}, 32, 32)
	blue, blueHash := picture(t, color.NRGBA{B: 255, A: 255}, 32, 32)
	order("avatar - " + base64.StdEncoding.EncodeToString(red))
	ann.hasAvatar(ann.id, bob, red)
	order("photo - " + base64.StdEncoding.EncodeToString(blue))
	told("published", "")
	if err := ann.SetAvatar(ctx, ann.id, blue, true); err != nil {
		t.Fatal(err)
	}
	shown := told("avatar", "")
	ann.eventually("our own picture", func() bool { return ann.Accounts()[0].Avatar == shown })
	ann.stop()
	ann = person{running: profile.run(), id: ann.id, at: ann.at}
	ann.knowsReads()
	ann.eventually("the picture, which the server made of the vCard", func() bool {
		_, hash, _ := ann.Avatar(ann.id, bob)
		return hash == blueHash
	})
	if err := ann.ClearAvatar(ctx, ann.id); err != nil {
		t.Fatal(err)
	}
	told("no avatar", "")
	ann.eventually("no picture of ours", func() bool { return ann.Accounts()[0].Avatar == "" })

	// Names and vCards, for all and for contacts.
	order("nick - Bobby")
	ann.is("called Bobby", ann.id, bob, func(c Contact) bool { return c.Nick == "Bobby" })
	want := Profile{
		Name: "Ann <Example>", Nick: "Annie", Email: "ann@example.org", Phone: "+1 23", URL: "https://example.org",
		Organization: "Example", Title: "Tester", Birthday: "2000-12-31", Note: "Hello\nworld", Open: true,
	}
	for _, open := range []bool{true, false, true} {
		want.Open = open
		if err := ann.SetProfile(ctx, ann.id, want); err != nil {
			t.Fatal(err)
		}
		if got, err := ann.Profile(ctx, ann.id, ann.at); err != nil || got != want {
			t.Errorf("open %v: our own profile is %+v, %v", open, got, err)
		}
	}
	order("name " + ann.at + " -")
	told("nick", "Annie")
	order("card " + ann.at + " -")
	told("card", want.Name)
	if got, err := ann.Profile(ctx, ann.id, bob); err != nil || got.Name != "Robert" || got.Nick != "Bobby" {
		t.Errorf("Bob's profile is %+v, %v", got, err)
	}

	// Somebody unknown, who is told nothing.
	_, cleo := newPerson(t, s, "cleo", "cleo")
	if err := cleo.SetAvatar(ctx, cleo.id, red, true); err != nil {
		t.Fatal(err)
	}
	cleo.says(ann.at, "do you know me?")
	ann.eventually("the words of somebody unknown", func() bool { return len(ann.bodies(cleo.at)) > 0 })
	unknown := ann.opened(ann.id, cleo.at)
	if !unknown.Request || unknown.Unread != 1 {
		t.Errorf("somebody unknown begins %+v", unknown)
	}
	ann.reads(cleo.at)
	ann.SetTyping(unknown.ID, Composing)
	ann.says(cleo.at, "no", cleo) // by which they are taken in
	if m := cleo.sees(ann.at, "do you know me?", storage.StateSent); m.DeliveredAt != 0 || m.ReadAt != 0 {
		t.Errorf("somebody unknown was told %+v", m)
	}
	if ann.opened(ann.id, cleo.at).Request {
		t.Error("whoever is answered still asks")
	}
	if _, _, ok := ann.Avatar(ann.id, cleo.at); ok {
		t.Error("the picture of somebody unknown was fetched")
	}

	if got, err := ann.Audiences(ctx, ann.id); err != nil || got.Name != AudienceAll || got.Card != AudienceAll {
		t.Errorf("what is open is for %+v, %v", got, err)
	}

	// What is for contacts they do not get.
	if got, err := cleo.Profile(ctx, cleo.id, ann.at); err != nil || got.Name != want.Name {
		t.Errorf("an open profile is %+v, %v", got, err)
	}
	closed := want
	closed.Open = false
	if err := ann.SetProfile(ctx, ann.id, closed); err != nil {
		t.Fatal(err)
	}
	if err := ann.SetAvatar(ctx, ann.id, blue, false); err != nil {
		t.Fatal(err)
	}
	told("avatar", shown)
	if got, err := cleo.Profile(ctx, cleo.id, ann.at); err != nil || got != (Profile{}) {
		t.Errorf("a closed profile is %+v, %v", got, err)
	}
	c, _, err := cleo.connection(ctx, cleo.id)
	if err != nil {
		t.Fatal(err)
	}
	// Not so by the vCard: ejabberd puts there what is not for everybody, too.
	seen := Audiences{AudienceContacts, AudienceContacts, AudienceContacts}
	if _, err := fetchPicture(ctx, c, wantedAvatar{who: ann.at, hash: shown, byCard: true}); err == nil {
		seen.Picture = AudienceMaybeAll
	}
	if got, err := ann.Audiences(ctx, ann.id); err != nil || got != seen {
		t.Errorf("what is closed is for %+v, %v, want %+v", got, err, seen)
	}
	if data, err := fetchPicture(ctx, c, wantedAvatar{who: ann.at, hash: shown}); err == nil {
		t.Errorf("a closed picture has %d bytes", len(data))
	}

	// What blocked people write comes to no device, nor from the archive.
	if err := ann.Block(ctx, ann.id, cleo.at); err != nil {
		t.Fatal(err)
	}
	cleo.says(ann.at, "you do not see this")
	cleo.sees(ann.at, "you do not see this", storage.StateFailed)
	_, tablet := newPerson(t, s, "ann", "tablet")
	tablet.eventually("the archive", func() bool { return slices.Contains(tablet.bodies(cleo.at), "no") })
	for _, d := range []person{ann, tablet} {
		if words := d.bodies(cleo.at); slices.Contains(words, "you do not see this") {
			t.Errorf("of who is blocked: %q", words)
		}
	}

	// Another device of ours: it sees what we show, and who is blocked.
	_, phone := newPerson(t, s, "ann", "phone")
	phone.eventually("our own name", func() bool { return phone.Accounts()[0].Nick == want.Nick })
	ann.eventually("the server", func() bool {
		known := false
		ann.inAccount(ann.id, func(a *Account) { known = len(a.server.domain) > 0 })
		return known
	})
	if err := phone.Block(ctx, phone.id, "evil.example"); err != nil {
		t.Fatal(err)
	}
	ann.eventually("a block on another device", func() bool { return ann.IsBlocked(ann.id, "any@evil.example") })
	if err := phone.Unblock(ctx, phone.id, "evil.example"); err != nil {
		t.Fatal(err)
	}
	ann.eventually("its end", func() bool { return !ann.IsBlocked(ann.id, "any@evil.example") })
}
