package account

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

func (s *telling) chat() (chat storage.Chat, ok bool) {
	s.must(s.store.View(func(tx *storage.Tx) (err error) {
		chat, ok, err = tx.FindChat(s.id, ann)
		return err
	}))
	return chat, ok
}

// archived puts something in the archive, and on the line to us unless we sent
// it. wrap makes of it what we get.
func (s *telling) archived(message string, wrap func(string) string) (id string, at time.Time) {
	s.pass()
	id = s.next("a")
	s.arch.list = append(s.arch.list, kept{id: id, stamp: s.at, with: ann, xml: message})
	if s.online && wrap != nil {
		marked := strings.Replace(message, "</message>", fmt.Sprintf("<stanza-id xmlns='urn:xmpp:sid:0' by='%s' id='%s'/></message>", testAddress, id), 1)
		s.line = append(s.line, wrap(marked))
		if s.chance(10) { // twice
			s.line = append(s.line, wrap(marked))
		}
	}
	return id, s.at
}

func direct(message string) string { return message }

func carbonOf(kind string) func(string) string {
	return func(message string) string {
		return fmt.Sprintf("<message xmlns='jabber:client' from='%s'><%s xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>%s</forwarded></%s></message>",
			testAddress, kind, message, kind)
	}
}

// say has somebody say something.
func (s *telling) say(by string) *said {
	m := &said{by: by, id: s.next("m"), state: storage.StateSent}
	m.body = by + " " + m.id
	from, to := testAddress+"/phone", ann
	if by == "here" {
		from = testAddress + "/linnet.test"
	}
	more := "<body>" + m.body + "</body>"
	if by == "ann" {
		from, to, m.state = ann+"/x", testAddress, storage.StateReceived
		more += "<markable xmlns='urn:xmpp:chat-markers:0'/>"
	}
	if by == "here" || s.chance(50) {
		more += "<origin-id xmlns='urn:xmpp:sid:0' id='" + m.id + "'/>"
	}
	m.xml = fmt.Sprintf("<message xmlns='jabber:client' type='chat' from='%s' to='%s' id='%s'>%s</message>", from, to, m.id, more)
	return m
}

func (s *telling) annSays() {
	m := s.say("ann")
	wrap := direct
	if s.chance(20) { // to the phone alone
		wrap = carbonOf("received")
	}
	m.archive, m.at = s.archived(m.xml, wrap)
	s.all = append(s.all, m)
	s.logf("%s %s", m.archive, m.body)
}

func (s *telling) phoneSays() {
	m := s.say("phone")
	m.archive, m.at = s.archived(m.xml, carbonOf("sent"))
	s.all = append(s.all, m)
	s.logf("%s %s", m.archive, m.body)
}

// weSay writes something here; it goes out when there is a stream.
func (s *telling) weSay() {
	if s.dist != 0 && s.a.clock.asked.IsZero() {
		return // it would stand where our clock is, and live ones behind it
	}
	s.pass()
	chat, ok := s.chat()
	if !ok {
		s.must(s.m.update(func(tx *storage.Tx) error {
			chat = storage.Chat{Account: s.id, JID: ann}
			return tx.PutChat(&chat)
		}))
	}
	if !chat.Last.Pos.IsZero() { // whoever writes sees the end
		s.looking = true
		s.must(s.a.markRead(chat.ID, chat.Last.Pos))
	}
	body := s.next("here ")
	s.must(s.a.sendAll(chat.ID, []storage.Message{{Body: body}}, "", storage.Pos{}))
	chat, _ = s.chat()
	var msg storage.Message
	s.must(s.store.View(func(tx *storage.Tx) (err error) {
		msg, err = tx.Message(chat.ID, chat.Last.Pos)
		if err == nil && msg.Body != body {
			list, err := tx.MessagesBefore(chat.ID, storage.Pos{}, 1000)
			i := slices.IndexFunc(list, func(m storage.Message) bool { return m.Body == body })
			msg = list[i]
			return err
		}
		return err
	}))
	m := s.say("here")
	m.xml = strings.ReplaceAll(strings.ReplaceAll(m.xml, m.body, body), m.id, msg.ID)
	m.id, m.body, m.state, m.typed = msg.ID, body, storage.StateWaiting, s.at
	s.all = append(s.all, m)
	s.unsent[m.id] = m
	s.logf("typed %s", m.body)
	s.transmit()
}

// transmit sends what waits.
func (s *telling) transmit() {
	if !s.online {
		return
	}
	for _, w := range s.waiting() {
		if slices.ContainsFunc(s.flight, func(m *said) bool { return m.id == w.ID }) {
			continue
		}
		m := s.unsent[w.ID]
		if m == nil {
			s.failf("sent twice: %s", w.Body)
		}
		delete(s.unsent, w.ID)
		m.archive, m.at = s.archived(m.xml, nil)
		m.state = storage.StateSent
		s.flight = append(s.flight, m)
		s.logf("%s %s is sent", m.archive, m.body)
	}
}

// waiting gives the messages of the outbox.
func (s *telling) waiting() (list []storage.Message) {
	s.must(s.store.View(func(tx *storage.Tx) error {
		entries, err := tx.Outbox(s.id, maxInFlight)
		for _, e := range entries {
			m, err := tx.Message(e.Chat, e.Pos)
			if err != nil {
				return err
			}
			if m.State == storage.StateWaiting {
				list = append(list, m)
			}
		}
		return err
	}))
	return list
}

// confirm has the server confirm what it got.
func (s *telling) confirm() {
	if !s.online {
		return
	}
	s.must(s.store.View(func(tx *storage.Tx) error {
		entries, err := tx.Outbox(s.id, maxInFlight)
		for _, e := range entries {
			m, err := tx.Message(e.Chat, e.Pos)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(s.flight, func(f *said) bool { return f.id == m.ID }) {
				s.a.outbox.inFlight = append(s.a.outbox.inFlight, posted{entry: e, confirmed: true})
			}
		}
		return err
	}))
	s.flight = nil
	s.a.confirmSent()
	s.logf("confirmed")
}

// ours gives what our devices sent, as the archive has it.
func (s *telling) ours() (list []*said) {
	for _, m := range s.all {
		if m.by != "ann" && m.archive != "" {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b *said) int {
		return cmp.Or(cmp.Compare(len(a.archive), len(b.archive)), strings.Compare(a.archive, b.archive))
	})
	return list
}

// annTells has Ann's device say what became of messages.
func (s *telling) annTells() {
	list := s.ours()
	if len(list) == 0 {
		return
	}
	mark := func(m *said, what string) string {
		return fmt.Sprintf("<message xmlns='jabber:client' type='chat' from='%s/x' to='%s' id='%s'>%s</message>", ann, testAddress, s.next("r"), fmt.Sprintf(what, m.id))
	}
	m := list[s.rng.IntN(len(list))]
	switch {
	case s.errs && s.chance(40):
		if m.state != storage.StateSent {
			return
		}
		wrap := direct
		if m.by == "phone" {
			wrap = carbonOf("received")
		}
		m.state = storage.StateFailed
		s.archived(fmt.Sprintf("<message xmlns='jabber:client' type='error' from='%s' to='%s' id='%s'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>", ann, testAddress, m.id), wrap)
		s.logf("%s refused", m.body)
	case s.chance(50):
		if m.state == storage.StateFailed {
			return
		}
		m.state = max(m.state, storage.StateDelivered)
		s.archived(mark(m, "<received xmlns='urn:xmpp:receipts' id='%s'/>"), direct)
		s.logf("%s delivered", m.body)
	case !s.errs:
		s.confirm() // so that what is on its way is not in question
		if len(s.flight)+len(s.unsent) > 0 {
			return
		}
		m = list[len(list)-1]
		for _, m := range list {
			m.state = storage.StateRead
		}
		s.wait(time.Minute)
		s.archived(mark(m, "<displayed xmlns='urn:xmpp:chat-markers:0' id='%s'/>"), direct)
		s.wait(time.Minute)
		s.logf("%s read", m.body)
	}
}

// phoneReads has our other device read up to a message of Ann.
func (s *telling) phoneReads() {
	var theirs []*said
	for _, m := range s.all {
		if m.by == "ann" {
			theirs = append(theirs, m)
		}
	}
	if len(theirs) == 0 {
		return
	}
	m := theirs[s.rng.IntN(len(theirs))]
	m.readHere = true
	s.archived(fmt.Sprintf("<message xmlns='jabber:client' type='chat' from='%s/phone' to='%s' id='%s'><displayed xmlns='urn:xmpp:chat-markers:0' id='%s'/></message>", testAddress, ann, s.next("r"), m.id), carbonOf("sent"))
	s.logf("the phone has read %s", m.body)
}

// noise is archived and nothing to us; later it may be gone.
func (s *telling) noise() {
	if i := slices.IndexFunc(s.arch.list, func(k kept) bool { return strings.Contains(k.xml, "chatstates") }); i >= 0 && s.chance(50) {
		s.logf("%s is purged", s.arch.list[i].id)
		s.arch.list = slices.Delete(s.arch.list, i, i+1)
		return
	}
	// Where a page ends with it, only times tell what is next to it.
	s.wait(clockStep)
	defer s.wait(clockStep)
	s.archived(fmt.Sprintf("<message xmlns='jabber:client' type='chat' from='%s/x' to='%s'><active xmlns='http://jabber.org/protocol/chatstates'/></message>", ann, testAddress), direct)
}

// hear handles some of what is on the line.
func (s *telling) hear(n int) {
	if !s.online {
		return
	}
	n = min(n, len(s.line))
	in := &intake{a: s.a, now: s.a.serverNow()}
	for _, raw := range s.line[:n] {
		var x wire
		s.must(xml.Unmarshal([]byte(raw), &x))
		h := heard{from: stream.ParseAddress(x.From).JID, typ: x.Type, id: x.ID}
		in.takeRead(&h, &x.messageIn)
	}
	s.line = s.line[n:]
	s.must(in.finish())
	s.logf("%d handled live", n)
}

// step is one thing that happens.
func (s *telling) step() {
	switch s.rng.IntN(14) {
	case 0, 1, 2:
		s.annSays()
	case 3:
		s.phoneSays()
	case 4:
		s.weSay()
	case 5:
		s.annTells()
	case 6:
		s.phoneReads()
	case 7:
		s.noise()
	case 8, 9:
		s.hear(1 + s.rng.IntN(4))
	case 10:
		s.confirm()
	case 11:
		if s.online {
			s.catchUp()
		}
	case 12:
		if s.online && s.seed%3 == 0 {
			s.look()
		}
	case 13:
		switch {
		case !s.online:
			if s.chance(50) {
				s.connect(s.a.link != nil && s.chance(40))
			}
		case s.chance(30):
			s.cut()
			if s.chance(30) {
				s.logf("killed")
				s.start()
			}
		}
	}
}

// newTelling begins with an account that has never been online.
func newTelling(t *testing.T, seed uint64, store *storage.Store) *telling {
	s := &telling{
		t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 7)), store: store,
		at: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), unsent: make(map[string]*said),
	}
	s.arch.seconds, s.arch.most = s.chance(50), 1+s.rng.IntN(4)
	s.exact = s.chance(60)
	s.errs = s.chance(30)
	if s.chance(70) {
		s.dist = s.rng.Int64N(2*40*60_000) - 40*60_000
	}
	stored := storage.Account{Address: fmt.Sprintf("me@example%d.test", seed), Enabled: true}
	stored.Address = testAddress
	s.must(store.Update(func(tx *storage.Tx) error {
		if err := tx.PutAccount(&stored); err != nil {
			return err
		}
		return tx.PutRosterItem(stored.ID, storage.RosterItem{JID: ann, Subscription: storage.SubscriptionBoth})
	}))
	s.id = stored.ID
	s.start()
	if s.chance(50) { // there is something already
		for range 5 {
			s.annSays()
		}
	}
	return s
}
