//go:build unix

package account

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/servertest"
	"linnet/account/stream"
	"linnet/account/xep/form"
	"linnet/account/xep/mds"
	"linnet/account/xep/pubsub"
	"linnet/storage"
)

// TestRealStates has two people, one of them with two devices, tell each other
// what became of their messages on real servers.
func TestRealStates(t *testing.T) {
	options := servertest.Options{
		Users:   map[string]string{"ann": "secret of ann", "bob": "secret of bob", "cleo": "secret of cleo"},
		Friends: true,
	}
	for name, start := range map[string]func(testing.TB, servertest.Options) *servertest.Server{
		"prosody": servertest.Prosody, "ejabberd": servertest.Ejabberd,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testRealStates(t, start(t, options))
		})
	}
}

// person is one device of somebody on a real server.
type person struct {
	*running
	id storage.AccountID
	at string
}

func newPerson(t *testing.T, s *servertest.Server, name, resource string) (*profile, person) {
	t.Helper()
	p := realProfile(t, s)
	as := p.stream
	p.stream = func(cfg *stream.Config) {
		as(cfg)
		cfg.Resource = "linnet." + resource
	}
	d := person{running: p.run(), at: name + "@" + s.Domain}
	d.id = d.signIn(s, name)
	d.knowsReads()
	return p, d
}

// knowsReads waits until it is known what other devices have read.
func (d person) knowsReads() {
	d.t.Helper()
	d.eventually("to know what was read", func() bool {
		synced := false
		d.inAccount(d.id, func(a *Account) { synced = a.reads.synced })
		return synced
	})
}

// says sends a message and waits until each of those who get it has it.
func (d person) says(to, body string, hear ...person) {
	d.t.Helper()
	if err := d.Send(d.t.Context(), d.opened(d.id, to).ID, Text{Body: body}); err != nil {
		d.t.Fatal(err)
	}
	for _, other := range hear {
		other.eventually("message "+body, func() bool { return other.opened(other.id, d.at).Last.Text == body })
	}
}

// sees waits until a message in the conversation with somebody has a state.
func (d person) sees(with, body string, state storage.MessageState) storage.Message {
	d.t.Helper()
	var found storage.Message
	d.eventually(body+" in its state", func() bool {
		for _, m := range d.messages(d.opened(d.id, with).ID) {
			if m.Body == body && m.State == state {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// reads marks all of a conversation as read.
func (d person) reads(with string) {
	d.t.Helper()
	chat := d.opened(d.id, with)
	if err := d.MarkRead(chat.ID, chat.Last.Pos); err != nil {
		d.t.Fatal(err)
	}
}

func (d person) hasUnread(with string, n int) {
	d.t.Helper()
	d.eventually("the right number unread", func() bool { return d.opened(d.id, with).Unread == n })
}

func testRealStates(t *testing.T, s *servertest.Server) {
	ctx := t.Context()
	_, ann := newPerson(t, s, "ann", "home")
	phones, phone := newPerson(t, s, "ann", "phone")
	bobs, bob := newPerson(t, s, "bob", "bob")
	_, cleo := newPerson(t, s, "cleo", "cleo")
	for _, p := range []person{ann, phone, bob, cleo} {
		p.eventually("the roster", func() bool { return len(p.Contacts(p.id)) == 2 })
	}

	// Another client of Ann has left a node that everybody can read.
	c, _, err := ann.connection(ctx, ann.id)
	if err != nil {
		t.Fatal(err)
	}
	open := form.NewSubmit(pubsub.FormOptions)
	open.Add("pubsub#access_model", "open")
	if err := publish(ctx, c, displayedNode, pepItem{ID: "nobody@" + s.Domain, Displayed: new(mds.Displayed)}, open); err != nil {
		t.Fatal(err)
	}
	look := func() error {
		c, _, err := bob.connection(ctx, bob.id)
		if err != nil {
			t.Fatal(err)
		}
		query := pubsub.PubSub[pepItem]{Items: &pubsub.Items[pepItem]{Node: displayedNode}}
		return c.IQ(ctx, jid.MustParse(ann.at), "get", query, nil)
	}
	if err := look(); err != nil {
		t.Fatalf("Bob cannot read a node for everybody: %v", err)
	}

	// Delivered and read, for both devices of who wrote it.
	ann.says(bob.at, "one", bob)
	for _, d := range []person{ann, phone} {
		if m := d.sees(bob.at, "one", storage.StateDelivered); m.DeliveredAt == 0 {
			t.Errorf("delivered at no time: %+v", m)
		}
	}
	bob.reads(ann.at)
	for _, d := range []person{ann, phone} {
		if m := d.sees(bob.at, "one", storage.StateRead); m.ReadAt == 0 {
			t.Errorf("read at no time: %+v", m)
		}
	}

	// A receipt reaches the account though the device it is for has gone, and
	// that device when it is back.
	bob.stop()
	phone.says(bob.at, "late")
	phone.sees(bob.at, "late", storage.StateSent)
	ann.sees(bob.at, "late", storage.StateSent)
	phone.stop()
	bob.running = bobs.run()
	ann.sees(bob.at, "late", storage.StateDelivered)
	phone.running = phones.run()
	phone.sees(bob.at, "late", storage.StateDelivered)
	phone.knowsReads()

	// Without a marker to the contact what is read is read on the other device.
	for _, d := range []person{ann, phone} {
		if err := d.SetReceipts(ctx, d.id, false, false); err != nil {
			t.Fatal(err)
		}
	}
	bob.says(ann.at, "two", ann, phone)
	cleo.says(ann.at, "hello", ann, phone)
	phone.hasUnread(bob.at, 1)
	ann.reads(bob.at)
	ann.reads(cleo.at)
	phone.hasUnread(bob.at, 0)
	phone.hasUnread(cleo.at, 0)
	if m := bob.sees(ann.at, "two", storage.StateSent); m.DeliveredAt != 0 {
		t.Errorf("told although nobody is to be told: %+v", m)
	}

	// The same for a device that was away.
	phone.stop()
	bob.says(ann.at, "three", ann)
	cleo.says(ann.at, "four", ann)
	ann.reads(bob.at)
	ann.allTold(ann.id)
	phone.running = phones.run()
	phone.eventually("what was missed", func() bool { return phone.opened(phone.id, cleo.at).Last.Text == "four" })
	phone.hasUnread(bob.at, 0)
	phone.hasUnread(cleo.at, 1)

	// What is read is nobody else's business.
	err = look()
	if refusal := (*stream.StanzaError)(nil); !errors.As(err, &refusal) {
		t.Errorf("Bob asked what Ann has read and got %v", err)
	}
	for _, d := range []person{ann, phone} {
		d.inAccount(d.id, func(a *Account) {
			if a.reads.refused || !a.hasNodes() {
				t.Error("the server does not keep what was read")
			}
		})
	}
}

//go:embed testdata/marker.py
var foreignScript []byte

// TestRealForeignStates has somebody else's client at the other end.
func TestRealForeignStates(t *testing.T) {
	options := servertest.Options{Users: map[string]string{"ann": "secret of ann", "bob": "secret of bob"}, Friends: true}
	for name, start := range map[string]func(testing.TB, servertest.Options) *servertest.Server{
		"prosody": servertest.Prosody, "ejabberd": servertest.Ejabberd,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testForeignStates(t, start(t, options))
		})
	}
}

func testForeignStates(t *testing.T, s *servertest.Server) {
	_, ann := newPerson(t, s, "ann", "home")
	ann.eventually("the roster", func() bool { return len(ann.Contacts(ann.id)) == 1 })
	bob := "bob@" + s.Domain
	order, told := startForeign(t, s, foreignScript)
	told("online", "")
	ann.says(bob, "one")
	id := told("message", "")
	ann.sees(bob, "one", storage.StateDelivered)
	order("displayed " + ann.at + " " + id)
	ann.sees(bob, "one", storage.StateRead)
	order("send " + ann.at + " hello")
	id = told("sent", "")
	told("receipt", id)
	ann.hasUnread(bob, 1)
	ann.reads(bob)
	told("displayed", id)
}

// startForeign signs Bob in with a script for slixmpp. order tells that program what to do,
// told waits for what it tells: an event with a certain id, or any.
func startForeign(t *testing.T, s *servertest.Server, program []byte) (order func(string), told func(event, id string) string) {
	t.Helper()
	orders, lines := s.Slixmpp(t, "bob", program)
	return func(line string) { fmt.Fprintln(orders, line) }, func(name, id string) string {
		t.Helper()
		deadline := time.After(testPatient)
		for {
			select {
			case line, ok := <-lines:
				if !ok {
					t.Fatalf("the other client ended before %s", name)
				}
				var e struct{ Event, ID string }
				if json.Unmarshal(line, &e) == nil && e.Event == name && (id == "" || e.ID == id) {
					return e.ID
				}
			case <-deadline:
				t.Fatalf("the other client told of no %s %s", name, id)
			}
		}
	}
}
