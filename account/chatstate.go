package account

import (
	"context"
	"encoding/xml"
	"sync"
	"time"

	"linnet/account/xep/chatstates"
	"linnet/account/xep/hints"
	"linnet/storage"
)

// ChatState is what somebody does in a conversation (XEP-0085).
type ChatState uint8

// The states. Only Composing and Paused are worth showing.
const (
	Active    ChatState = iota // looks at it, or nothing is known
	Composing                  // is typing
	Paused                     // was typing
	Inactive                   // looks at something else
	Gone                       // has closed it
)

var chatStateNames = [...]string{
	Active: chatstates.Active, Composing: chatstates.Composing, Paused: chatstates.Paused,
	Inactive: chatstates.Inactive, Gone: chatstates.Gone,
}

const (
	// typingLasts is how long somebody is believed to be typing. Programs say it
	// once, however long it takes (XEP-0085 section 5.3), and then that they
	// paused; one that has lost its link says nothing, and it takes its server
	// minutes to notice.
	typingLasts = 3 * time.Minute
	// maxTypists bounds how many people are seen typing at a time.
	maxTypists = 64
)

// typingOrders is what the window has said about conversations and the accounts
// have not taken yet.
type typingOrders struct {
	wake chan struct{}

	mu     sync.Mutex
	states map[storage.ChatID]ChatState
}

// SetTyping tells the contact of a conversation what the user does in it: at
// each key, after a pause, and when another conversation is opened. It does not
// wait, and sends only what is new, to contacts that may see us, whose program
// shows such things, where SetTypingSwitch and SetChatTyping allow it. A message
// that is sent says Active by itself.
func (m *Manager) SetTyping(chat storage.ChatID, state ChatState) {
	m.typing.mu.Lock()
	m.typing.states[chat] = state
	m.typing.mu.Unlock()
	select {
	case m.typing.wake <- struct{}{}:
	default: // it will look
	}
}

// take gives the order for a conversation that has not been taken yet. It is
// called where messages are sent, too: what was said before them is old then.
func (o *typingOrders) take(chat storage.ChatID) (ChatState, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	state, ok := o.states[chat]
	delete(o.states, chat)
	return state, ok
}

// tellTyping hands the orders to the accounts until ctx ends.
func (m *Manager) tellTyping(ctx context.Context) {
	for {
		select {
		case <-m.typing.wake:
		case <-ctx.Done():
			return
		}
		m.typing.mu.Lock()
		var chats []storage.ChatID
		for chat := range m.typing.states {
			chats = append(chats, chat)
		}
		m.typing.mu.Unlock()
		for _, chat := range chats {
			err := m.doChat(ctx, chat, func(a *Account) error {
				if state, ok := m.typing.take(chat); ok {
					return a.sayState(chat, state)
				}
				return nil
			})
			if err != nil {
				m.typing.take(chat)
				m.log.Debug("could not tell who is typing", "err", err)
			}
		}
	}
}

// typingState is who types in conversations of an account, on this stream.
type typingState struct {
	said   map[storage.ChatID]ChatState // the last we have told
	theirs map[string]*typist           // by bare JID

	// shows are contacts that have sent a state on this run, which shows that
	// their programs know what that is.
	shows recently[string, struct{}]
}

// typist is somebody who types, or has just paused.
type typist struct {
	chat     storage.ChatID
	resource string // where
	state    ChatState
	timer    *time.Timer
}

func (t *typingState) init() {
	t.said = make(map[storage.ChatID]ChatState)
	t.theirs = make(map[string]*typist)
}

// stateOut is a message that tells a state and nothing else.
type stateOut struct {
	XMLName xml.Name `xml:"message"`
	To      string   `xml:"to,attr"`
	Type    string   `xml:"type,attr"`
	State   *chatstates.State
	NoStore hints.NoStore
}

// sayState tells a contact our state if that is news. Who was not told that we
// type need not hear that we do not.
func (a *Account) sayState(id storage.ChatID, state ChatState) error {
	said, ok := a.typing.said[id]
	switch {
	case !a.online():
		return nil
	case !ok && state != Composing, state == Paused && said != Composing:
		return nil
	case ok && said == state:
		return nil
	}
	chat, err := a.m.Chat(id)
	if err != nil || !a.tellsTyping(&chat) || !a.showsTyping(chat.JID) {
		return err
	}
	a.send(stateOut{To: chat.JID, Type: "chat", State: chatstates.New(chatStateNames[state])})
	a.typing.said[id] = state
	return nil
}

// stateOfBody is what goes with a message we send: nothing where the contact is
// not told.
func (a *Account) stateOfBody(chat *storage.Chat) *chatstates.State {
	if !a.tellsTyping(chat) {
		return nil
	}
	return chatstates.New(chatstates.Active)
}

// saidInBody takes note that a message with a state went out.
func (a *Account) saidInBody(chat *storage.Chat) {
	if a.tellsTyping(chat) {
		a.typing.said[chat.ID] = Active
	}
}

// tellsTyping says whether the contact of a conversation is told what we do in
// it.
func (a *Account) tellsTyping(c *storage.Chat) bool {
	return a.tells(c, c.Typing, !a.stored.NoTyping)
}

// showsTyping tells whether a contact is there with a program that shows it.
func (a *Account) showsTyping(address string) bool {
	e := a.roster.entries[address]
	if e == nil {
		return false
	}
	if _, ok := a.typing.shows.get(address); ok {
		return len(e.here) > 0 || e.item.Subscription == storage.SubscriptionFrom // then we cannot know
	}
	for _, r := range e.here {
		if info := a.infoOf(r.caps); info != nil && info.Has(chatstates.NS) {
			return true
		}
	}
	return false
}

// takeState takes what a live message says about who sent it.
func (in *intake) takeState(h *heard) {
	if h.own || h.copied || h.typ != "chat" && h.typ != "normal" && h.typ != "" {
		return
	}
	name, said := h.ChatState(), h.body() != "" || len(h.Sharing) > 0
	if len(h.Delay) > 0 || name == "" && !said {
		return
	}
	resource := h.from.Resourcepart()
	in.after = append(in.after, func() { in.a.heardState(h.peer, resource, name, said) })
}

// heardState takes over what somebody says of himself; with a message, which
// has been typed now.
func (a *Account) heardState(peer, resource, name string, message bool) {
	if name != "" && a.roster.entries[peer] != nil {
		a.typing.shows.put(peer, struct{}{})
	}
	state := Active
	for s, n := range chatStateNames {
		if n == name && !message {
			state = ChatState(s)
		}
	}
	t := a.typing.theirs[peer]
	if state != Composing && state != Paused {
		if message || t != nil && t.resource == resource { // else it is another device that is quiet
			a.endTyping(peer, state)
		}
		return
	}
	if state == Paused && t != nil && t.resource != resource {
		return
	}
	var chat storage.Chat
	var ok bool
	err := a.m.cfg.Store.View(func(tx *storage.Tx) (err error) {
		chat, ok, err = tx.FindChat(a.id, peer)
		return err
	})
	if err != nil || !ok || chat.Request {
		return
	}
	if t == nil || t.chat != chat.ID {
		a.endTyping(peer, Active)
		if len(a.typing.theirs) >= maxTypists {
			return
		}
		t = &typist{chat: chat.ID}
		a.typing.theirs[peer] = t
	}
	t.resource = resource
	if t.timer != nil {
		t.timer.Stop()
	}
	t.timer = time.AfterFunc(typingLasts, func() {
		a.post(func() {
			if a.typing.theirs[peer] == t {
				a.endTyping(peer, Active)
			}
		})
	})
	if t.state != state {
		t.state = state
		a.note(TypingChanged{Chat: t.chat, State: state})
	}
}

// endTyping forgets that somebody types.
func (a *Account) endTyping(peer string, state ChatState) {
	if t := a.typing.theirs[peer]; t != nil {
		t.timer.Stop()
		delete(a.typing.theirs, peer)
		a.note(TypingChanged{Chat: t.chat, State: state})
	}
}

// forgetTyping is for the end of a stream.
func (a *Account) forgetTyping() {
	clear(a.typing.said)
	for peer := range a.typing.theirs {
		a.endTyping(peer, Active)
	}
}

// SetTypingSwitch says whether contacts of an account are told that the user is
// typing (XEP-0085). A conversation may have it otherwise.
func (m *Manager) SetTypingSwitch(ctx context.Context, id storage.AccountID, on bool) error {
	return m.do(ctx, id, func(a *Account) error {
		return a.change(func(s *storage.Account) { s.NoTyping = !on })
	})
}

// SetChatTyping is SetTypingSwitch for one conversation.
func (m *Manager) SetChatTyping(chat storage.ChatID, typing storage.Choice) error {
	return m.editChat(chat, func(_ *storage.Tx, c *storage.Chat) (bool, error) {
		changed := c.Typing != typing
		c.Typing = typing
		return changed, nil
	})
}
