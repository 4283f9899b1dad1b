package account

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linnet/account/xep/caps"
	"linnet/account/xep/chatstates"
	"linnet/account/xep/disco"
	"linnet/storage"
)

const (
	annHere  = "<presence from='ann@example.org/x'/>"
	stateXML = "<message type='%s' from='%s'><%s xmlns='http://jabber.org/protocol/chatstates'/>%s</message>"
)

// saysState tells a state and gives those that went out, with whom they went to.
func (r *running) saysState(c *fakeConn, chat storage.Chat, state ChatState) []string {
	r.t.Helper()
	r.SetTyping(chat.ID, state)
	r.eventually("taken", func() bool {
		r.typing.mu.Lock()
		defer r.typing.mu.Unlock()
		return len(r.typing.states) == 0
	})
	r.inAccount(chat.Account, func(*Account) {})
	c.barrier()
	return c.states()
}

// states takes the states that have come.
func (c *fakeConn) states() (all []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.missed = slices.DeleteFunc(c.missed, func(e element) bool {
		_, after, found := strings.Cut(e.Inner, "<")
		if !found || e.XMLName.Local != "message" || !contains(e.Inner, chatstates.NS) || contains(e.Inner, "<body") {
			return false
		}
		name, _, _ := strings.Cut(after, " ")
		all = append(all, e.attr("to")+" "+name)
		if e.attr("type") != "chat" || e.attr("id") != "" || !contains(e.Inner, "no-store") {
			all = append(all, fmt.Sprint("odd: ", e))
		}
		return true
	})
	return all
}

// TestTypingIsTold holds what a contact is told of our typing, and when.
func TestTypingIsTold(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat, bob := r.opened(id, ann), r.opened(id, "bob@example.org")
	c.send(annHere)
	c.barrier()
	says := func(what string, state ChatState, want ...string) {
		t.Helper()
		if got := r.saysState(c, chat, state); !slices.Equal(got, want) {
			t.Errorf("%s: told %q, want %q", what, got, want)
		}
	}
	says("nobody knows whether it is shown", Composing)
	c.send(stateXML, "chat", ann+"/x", "active", "")
	c.barrier()
	says("opened", Active)
	says("paused before anything", Paused)
	says("left before anything", Gone)
	says("the first key", Composing, ann+" composing")
	says("the second key", Composing)
	says("a pause", Paused, ann+" paused")
	says("a longer pause", Paused)
	says("another key", Composing, ann+" composing")
	says("emptied", Active, ann+" active")
	says("no pause without typing", Paused)
	says("elsewhere", Inactive, ann+" inactive")
	if got := r.saysState(c, bob, Composing); got != nil {
		t.Errorf("told one who may not see us: %q", got)
	}

	says("before a message", Composing, ann+" composing")
	if err := r.Send(t.Context(), chat.ID, Text{Body: "hello"}); err != nil {
		t.Fatal(err)
	}
	if m := c.message(); !contains(m.Inner, "<active "+`xmlns="`+chatstates.NS) {
		t.Errorf("a message without a state: %v", m)
	}
	says("after a message", Active)
	if err := r.Send(t.Context(), bob.ID, Text{Body: "hello"}); err != nil {
		t.Fatal(err)
	}
	if m := c.message(); contains(m.Inner, chatstates.NS) {
		t.Errorf("a message with a state to one who may not see us: %v", m)
	}

	if err := r.SetTypingSwitch(t.Context(), id, false); err != nil {
		t.Fatal(err)
	}
	says("switched off", Composing)
	if err := r.Send(t.Context(), chat.ID, Text{Body: "quiet"}); err != nil {
		t.Fatal(err)
	}
	if m := c.message(); contains(m.Inner, chatstates.NS) {
		t.Errorf("switched off, with a message: %v", m)
	}
	if err := r.SetChatTyping(chat.ID, storage.ChoiceYes); err != nil {
		t.Fatal(err)
	}
	says("on for this one", Composing, ann+" composing")
	c.send("<presence type='unavailable' from='ann@example.org/x'/>")
	c.barrier()
	says("to one who is away", Active)
}

// TestTypingNeedsAProgram holds that caps are enough to know whether somebody
// can be told.
func TestTypingNeedsAProgram(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	for _, x := range []struct {
		features []disco.Feature
		want     []string
	}{{nil, nil}, {[]disco.Feature{{Var: chatstates.NS}}, []string{ann + " composing"}}} {
		info := &disco.Info{Features: x.features}
		ver, err := caps.Hash("sha-1", info)
		if err != nil {
			t.Fatal(err)
		}
		r.inAccount(id, func(a *Account) { a.rememberCaps("sha-1 "+ver, info) })
		c.send("<presence from='ann@example.org/x'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='%s'/></presence>", ver)
		c.barrier()
		if got := r.saysState(c, chat, Composing); !slices.Equal(got, x.want) {
			t.Errorf("with %v told %q", x.features, got)
		}
	}
}

// TestTypingIsHeard holds whose typing is shown, and until when.
func TestTypingIsHeard(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	asked := r.opened(id, "asked@bad.example")
	if err := r.editChat(asked.ID, func(_ *storage.Tx, c *storage.Chat) (bool, error) { c.Request = true; return true, nil }); err != nil {
		t.Fatal(err)
	}
	c.send(annHere)
	c.barrier()
	news := func() (all []TypingChanged) {
		c.barrier()
		r.events = nil
		r.emit(AccountsChanged{}) // comes behind the others
		r.eventually("the events", func() bool { return slices.Contains(r.events, Event(AccountsChanged{})) })
		for _, e := range r.events {
			if e, ok := e.(TypingChanged); ok {
				all = append(all, e)
			}
		}
		return all
	}
	news()
	const from = ann + "/x"
	says := func(what, xml string, want ...ChatState) {
		t.Helper()
		c.send("%s", xml)
		var states []ChatState
		for _, e := range news() {
			if e.Chat != chat.ID {
				t.Errorf("%s: of %d", what, e.Chat)
			}
			states = append(states, e.State)
		}
		if !slices.Equal(states, want) {
			t.Errorf("%s: heard %v, want %v", what, states, want)
		}
	}
	state := func(typ, from, name string) string { return fmt.Sprintf(stateXML, typ, from, name, "") }
	for _, x := range []struct{ name, xml string }{
		{"of one whose conversation is not there", state("chat", "bob@example.org/x", "composing")},
		{"of a stranger", state("chat", "evil@bad.example/x", "composing")},
		{"of one who waits", state("chat", "asked@bad.example/x", "composing")},
		{"of ourselves", state("chat", testAddress+"/phone", "composing")},
		{"in an error", state("error", from, "composing")},
		{"in a room", state("groupchat", from, "composing")},
		{"from long ago", fmt.Sprintf(stateXML, "chat", from, "composing", "<delay xmlns='urn:xmpp:delay' from='example.test' stamp='2020-01-01T00:00:00Z'/>")},
		{"copied", fmt.Sprintf(sentCarbon, testAddress, "1", "<composing xmlns='http://jabber.org/protocol/chatstates'/>")},
		{"that ends nothing", state("chat", from, "gone")},
	} {
		says(x.name, x.xml)
	}
	says("a key", state("chat", from, "composing"), Composing)
	says("more keys", state("", from, "composing"))
	says("a pause", state("chat", from, "paused"), Paused)
	says("the error of another", state("error", "bob@example.org/x", "active"))
	says("on", state("chat", from, "composing"), Composing)
	says("a message", fmt.Sprintf(stateXML, "chat", from, "active", "<body>hello</body>"), Active)
	says("odd message", fmt.Sprintf(stateXML, "chat", from, "composing", "<body>hello</body>"))
	says("again", state("chat", from, "composing"), Composing)
	says("a message without a state", "<message type='chat' from='"+from+"'><body>bye</body></message>", Active)
	says("once more", state("chat", from, "composing"), Composing)
	const phone = ann + "/phone"
	says("another device", "<presence from='"+phone+"'/>"+state("chat", phone, "inactive"))
	says("a pause there", state("chat", phone, "paused"))
	says("the other goes", "<presence type='unavailable' from='"+phone+"'/>")
	says("the other comes and types, too", "<presence from='"+phone+"'/>"+state("chat", phone, "composing"))
	says("the first stops", state("chat", from, "active"))
	says("the other goes while it types", "<presence type='unavailable' from='"+phone+"'/>", Active)
	says("the first goes on", state("chat", from, "composing"), Composing)
	says("gone", "<presence type='unavailable' from='"+from+"'/>", Active)
	says("before the end", annHere+state("chat", from, "composing"), Composing)
	if list := r.messages(chat.ID); len(list) != 3 {
		t.Errorf("stored %d messages", len(list))
	}
	var timer *time.Timer
	r.inAccount(id, func(a *Account) { timer = a.typing.theirs[ann].timer })
	r.events = nil
	timer.Reset(0)
	ended := func() bool { return slices.Contains(r.events, Event(TypingChanged{chat.ID, Active})) }
	r.eventually("forgotten", ended)
	says("after a while", state("chat", from, "composing"), Composing)
	r.events = nil
	c.cut()
	r.eventually("forgotten with the link", ended)
}

// TestTypistsAreBounded has more people type than are remembered.
func TestTypistsAreBounded(t *testing.T) {
	_, r, c, id := withRoster(t)
	for i := range maxTypists + 5 {
		r.opened(id, fmt.Sprintf("p%d@example.org", i))
		c.send(stateXML, "chat", fmt.Sprintf("p%d@example.org/x", i), "composing", "")
	}
	c.barrier()
	r.inAccount(id, func(a *Account) {
		if len(a.typing.theirs) != maxTypists {
			t.Errorf("%d are remembered", len(a.typing.theirs))
		}
	})
}
