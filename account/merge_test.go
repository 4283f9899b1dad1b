package account

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/delay"
	"linnet/account/xep/mam"
	"linnet/account/xep/stanzaid"
	"linnet/storage"
)

// wire is a message as it comes.
type wire struct {
	From string `xml:"from,attr"`
	Type string `xml:"type,attr"`
	ID   string `xml:"id,attr"`
	messageIn
}

// said is one message of a story.
type said struct {
	by       string // ann, phone or here
	id       string
	body     string
	xml      string // without what the server adds
	archive  string // its id there
	typed    time.Time
	at       time.Time            // when it was sent
	state    storage.MessageState // what it must be in the end
	readHere bool                 // what follows from it and after it is known to be read
}

// telling is a conversation of two devices of ours with Ann, as the server has it,
// and what one of the devices makes of what of it comes by which way.
type telling struct {
	t    *testing.T
	seed uint64
	rng  *rand.Rand
	at   time.Time // by the server's clock
	arch fakeArchive
	all  []*said
	ids  int
	dist int64 // from the server's clock to ours, in ms

	store *storage.Store
	m     *Manager
	id    storage.AccountID
	a     *Account

	online  bool
	line    []string // what the server has sent and we have not handled
	unsent  map[string]*said
	flight  []*said // sent and not confirmed
	work    *stretch
	sweep   *sweep
	source  Source
	exact   bool // our clock is measured
	errs    bool // contacts refuse messages, and do not tell what they have read
	old     bool // something came that was no news
	looking bool // somebody scrolls, so that what is fetched is not news
	late    bool // what came on a resumed stream came much later than it was said
	log     []string
}

func (s *telling) logf(format string, args ...any) {
	s.log = append(s.log, fmt.Sprintf("%s "+format, append([]any{s.at.Format("15:04:05.000")}, args...)...))
}

func (s *telling) failf(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("seed %d (clock exact %v, %v off): %s\n%s", s.seed, s.exact, time.Duration(s.dist)*time.Millisecond, fmt.Sprintf(format, args...), strings.Join(s.log, "\n"))
}

func (s *telling) must(err error) {
	s.t.Helper()
	if err != nil {
		s.failf("%v", err)
	}
}

func (s *telling) chance(percent int) bool { return s.rng.IntN(100) < percent }

// pass lets time go by; often nothing a clock of whole seconds would tell.
func (s *telling) pass() {
	switch s.rng.IntN(6) {
	case 0:
	case 1:
		s.wait(time.Duration(s.rng.IntN(4)) * time.Minute)
	default:
		s.at = s.at.Add(time.Duration(s.rng.IntN(1500)) * time.Millisecond)
	}
}

// wait lets so much time go by that what is on the line has come, both ways.
func (s *telling) wait(d time.Duration) {
	s.hear(len(s.line))
	s.confirm()
	s.at = s.at.Add(d)
}

func (s *telling) next(prefix string) string {
	s.ids++
	return fmt.Sprint(prefix, s.ids)
}

// start begins, or begins again after a kill, with what is on disk.
func (s *telling) start() {
	if s.a != nil {
		s.a.cancel()
	}
	s.m = NewManager(Config{
		Store: s.store, Secrets: storage.Forgetful(), Resource: "linnet.test",
		Now: func() time.Time { return s.at.Add(time.Duration(s.dist) * time.Millisecond) },
	})
	s.must(s.store.View(func(tx *storage.Tx) error {
		stored, err := tx.Account(s.id)
		if err != nil {
			return err
		}
		s.a, err = loadAccount(s.m, tx, stored)
		return err
	}))
	s.a.server.account = []string{mam.NS, stanzaid.NS}
	slices.Sort(s.a.server.account)
}

// connect begins a stream, or goes on with one.
func (s *telling) connect(resumed bool) {
	s.logf("connect, resumed %v", resumed)
	s.online = true
	if !resumed {
		s.line = nil
	}
	s.late = s.late || len(s.line) > 0
	s.a.link = &link{a: s.a, client: stream.New(stream.Config{}, nil)}
	s.a.state.Phase = stream.Online
	s.a.server.held = s.a.server.left
	if s.exact {
		s.a.clock = serverClock{
			offset: time.Duration(s.rng.Int64N(2*1900)-1900-s.dist) * time.Millisecond, asked: s.a.now(),
		}
	}
	s.work = nil
	if !resumed {
		s.ask()
		s.flight = nil
	}
	s.must(s.a.noteGap())
	s.transmit()
}

// ask is what is done before an outbox goes out that may have before.
func (s *telling) ask() {
	s.a.outbox.posted = math.MaxUint64
	list, err := s.a.unsureChats()
	s.must(err)
	for _, u := range list {
		w := newSweep(FromCatchUp, true)
		q := archiveQuery{with: u.with, start: u.since, up: true}
		for {
			part, err := s.page(q)
			s.must(err)
			found, err := s.a.keepUnsure(&part, w, u)
			s.must(err)
			if part.complete || found {
				break
			}
			q.after = part.last.ID
		}
	}
}

func (s *telling) cut() {
	s.logf("cut")
	s.online = false
	s.a.server.left = s.a.serverNow()
	s.a.archive.noted = false
	s.a.state.Phase = stream.Waiting
	s.work = nil
}

// page is what the archive answers.
func (s *telling) page(q archiveQuery) (part archivePart, err error) {
	stamp := func(ms int64) string {
		if ms == 0 {
			return ""
		}
		return delay.FormatTime(time.UnixMilli(ms))
	}
	var before, after *string
	if !q.up {
		before = &q.before
	} else if q.after != "" {
		after = &q.after
	}
	list, complete, err := s.arch.page(q.with, stamp(q.start), stamp(q.end), archivePage, before, after)
	if err != nil {
		return part, err
	}
	part.complete = complete
	for _, k := range list {
		var x copied
		s.must(xml.Unmarshal([]byte(k.xml), &x))
		part.results = append(part.results, result{id: k.id, stamp: s.arch.told(k.stamp), msg: &x})
	}
	if n := len(part.results); n > 0 {
		part.first, part.last = part.results[0].edge(), part.results[n-1].edge()
	}
	return part, nil
}

// fill is Account.fill.
func (s *telling) fill(x *stretch, w *sweep) archivePart {
	q := x.query(w.up)
	part, err := s.page(q)
	if errors.Is(err, errLost) {
		q = x.byTime(q, w)
		part, err = s.page(q)
	}
	s.must(err)
	added, err := s.a.keepOf(x, w, &q, &part)
	s.must(err)
	s.old = s.old || added > 0 && w.source == FromHistory
	var ids []string
	for _, r := range part.results {
		ids = append(ids, r.id)
	}
	s.logf("page %+v gave %v, %d new, complete %v", q, ids, added, part.complete)
	return part
}

// catchUp gets one page; false when there is nothing to get.
func (s *telling) catchUp() bool {
	if s.work == nil {
		x, ok, err := s.a.nextStretch()
		s.must(err)
		if !ok {
			return false
		}
		s.source = FromCatchUp
		if x.gap.From.IsZero() {
			s.source = FromHistory
		}
		s.work, s.sweep = &x, newSweep(s.source, false)
	}
	part := s.fill(s.work, s.sweep)
	s.work.gap.To, s.work.raw.To = part.first, part.first
	if part.complete || s.source == FromHistory && s.chance(50) {
		s.work = nil
	}
	return true
}

// look has somebody scroll to a gap, from above or from below.
func (s *telling) look() {
	chat, ok := s.chat()
	if !ok {
		return
	}
	s.looking = true
	page, err := s.m.Before(chat.ID, storage.Pos{}, 1000)
	s.must(err)
	var x stretch
	up := false
	s.must(s.store.View(func(tx *storage.Tx) (err error) {
		if len(page.Gaps) == 0 || s.chance(20) {
			x, ok, err = missingBefore(tx, &chat, storage.Pos{})
			return err
		}
		at := page.Gaps[s.rng.IntN(len(page.Gaps))]
		i := slices.IndexFunc(page.Messages, func(m storage.Message) bool { return m.Pos == at })
		if up = i > 0 && s.chance(50); up {
			x, ok, err = missingAfter(tx, &chat, page.Messages[i-1].Pos)
		} else {
			x, ok, err = missingBefore(tx, &chat, at)
		}
		if err == nil && !ok {
			s.failf("the gap before %v cannot be found, up %v", at, up)
		}
		return err
	}))
	if ok {
		s.fill(&x, newSweep(FromHistory, up))
	}
}

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
	s.must(s.a.sendMessage(chat.ID, body, Text{}))
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

// finish brings everything that is to come.
func (s *telling) finish() {
	if !s.online {
		s.at = s.at.Add(time.Minute)
		s.connect(false)
	}
	s.hear(len(s.line))
	s.confirm()
	pages := 0
	for s.catchUp() {
		if pages++; pages > 500 {
			s.failf("catching up has no end")
		}
	}
	var w *sweep
	for of := uint64(0); ; {
		var gaps []storage.Gap
		s.must(s.store.View(func(tx *storage.Tx) (err error) { gaps, err = tx.Gaps(s.id); return err }))
		if len(gaps) == 0 {
			break
		}
		if pages++; pages > 500 {
			s.failf("loading all has no end: %+v", gaps)
		}
		if gaps[0].ID != of {
			of, w = gaps[0].ID, newSweep(FromHistory, false)
		}
		s.fill(&stretch{gap: gaps[0], raw: gaps[0]}, w)
	}
}

// check compares what is on disk with the story.
func (s *telling) check() {
	chat, ok := s.chat()
	if !ok {
		if len(s.all) > 0 {
			s.failf("no conversation")
		}
		return
	}
	page, err := s.m.Before(chat.ID, storage.Pos{}, 10_000)
	s.must(err)
	if len(page.Gaps) > 0 {
		s.failf("gaps are left: %v", page.Gaps)
	}
	got := make(map[string]storage.Message)
	var order, here []string
	unread := 0
	for _, m := range page.Messages {
		s.logf("stored %d %s (%s) state %d", m.Pos.Time, m.Body, m.StanzaID, m.State)
		if _, twice := got[m.Body]; twice {
			s.failf("twice: %s", m.Body)
		}
		got[m.Body] = m
		if strings.HasPrefix(m.Body, "here") {
			here = append(here, m.Body)
		} else {
			order = append(order, m.Body)
		}
		if !m.Out && chat.ReadUpTo.Before(m.Pos) {
			unread++
		}
	}
	var wantOrder, wantHere []string
	for _, m := range s.all {
		if m.by == "here" {
			wantHere = append(wantHere, m.body)
		}
	}
	for _, k := range s.arch.list {
		if i := slices.IndexFunc(s.all, func(m *said) bool { return m.archive == k.id && m.by != "here" }); i >= 0 {
			wantOrder = append(wantOrder, s.all[i].body)
		}
	}
	if !slices.Equal(order, wantOrder) {
		s.failf("order\n got %q\nwant %q", order, wantOrder)
	}
	if !slices.Equal(here, wantHere) {
		s.failf("own order\n got %q\nwant %q", here, wantHere)
	}
	for _, m := range s.all {
		state := got[m.body].State
		if state != m.state && !((s.vague() || s.crossed(m)) && m.state != storage.StateFailed && state >= storage.StateSent && state <= storage.StateRead) {
			s.failf("%s has state %d, want %d", m.body, state, m.state)
		}
	}
	if chat.Unread != unread {
		s.failf("unread is %d, %d are", chat.Unread, unread)
	}
	if s.looking {
		return
	}
	s.checkUnread(chat, page.Messages)
}

// vague tells whether it can be unknown what was read with another message:
// without the server's time nobody knows what was sent before something was
// read.
func (s *telling) vague() bool { return s.late || !s.exact && s.dist != 0 }

// crossed tells whether a message was sent while one that was typed before it
// waited here, or both crossed on the way: then it stands behind that, and what
// is said of that says nothing of it.
func (s *telling) crossed(m *said) bool {
	return slices.ContainsFunc(s.all, func(x *said) bool {
		return x.by == "here" && !x.typed.After(m.at.Add(timeError)) && !m.at.After(x.at)
	})
}

// checkUnread is for stories in which nobody has read anything here.
func (s *telling) checkUnread(chat storage.Chat, list []storage.Message) {
	read := -1
	for i, m := range list {
		k := slices.IndexFunc(s.all, func(x *said) bool { return x.body == m.Body })
		if s.all[k].readHere || s.all[k].by == "phone" {
			read = i
		}
	}
	first := storage.Pos{}
	if read >= 0 {
		first = list[read].Pos
	}
	if chat.ReadUpTo != first && !(s.old && first.Before(chat.ReadUpTo)) {
		s.failf("read up to %v, want %v", chat.ReadUpTo, first)
	}
}

// TestEveryWayGivesTheSame tells stories in which messages come live, as copies
// of what other devices send and receive, from the archive, twice, in part and
// out of order, with cuts and kills between, with clocks that are wrong, and
// archives that tell whole seconds.
func TestEveryWayGivesTheSame(t *testing.T) {
	first, n := uint64(1), uint64(100)
	if one := os.Getenv("LINNET_SEED"); one != "" {
		fmt.Sscan(one, &first)
		n = 1
	}
	dir := t.TempDir()
	for seed := first; seed < first+n; seed++ {
		store, err := storage.Open(filepath.Join(dir, fmt.Sprint(seed)), make([]byte, 32), storage.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := newTelling(t, seed, store)
		for range 30 + s.rng.IntN(60) {
			s.step()
		}
		s.finish()
		s.check()
		s.a.cancel()
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
