package account

import (
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
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
