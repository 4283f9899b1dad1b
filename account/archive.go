package account

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"sync/atomic"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/mam"
	"linnet/account/xep/rsm"
	"linnet/storage"
)

const (
	// archivePage is how many messages are asked for at once: so many that the
	// way to the server and the sync of the disk count little, so few that one
	// transaction is short. Servers give fewer, as they like.
	archivePage = 200
	// maxResults bounds what a server may send for it.
	maxResults = 2 * archivePage
	// archivePatience is how long a page may take: some servers search slowly.
	archivePatience = time.Minute
)

// maxLost is how often in one go an archive may have lost the message that a
// page was to begin at. By its time, which is then used, there is no telling
// whether the next page is another one.
const maxLost = 16

// errBadArchive is for a server whose archive goes round in circles.
var errBadArchive = errors.New("the server's archive makes no sense")

// result is one message of the archive.
type result struct {
	id    string
	stamp time.Time
	msg   *copied // nil for one that was removed
}

// archivePart is one page of the archive as the server gave it, oldest first.
type archivePart struct {
	results  []result
	text     string       // of the one that was looked for; see askFor
	first    storage.Edge // of the results; without a time when none can be read
	last     storage.Edge
	complete bool // there is no more in the direction that was asked for
	count    int  // of all that were asked for; 0 means not told
}

// archiveQuery asks for the page of an archive that ends before an edge, or
// begins after one.
type archiveQuery struct {
	id         string // of one message, for an archive that gives those
	with       string // bare JID of one conversation; empty means all
	start, end int64  // Unix milliseconds; 0 means no bound
	before     string // id; empty means the end
	after      string // id
	up         bool   // from the oldest to the newest
}

// archiveState is what goes on with the archive.
type archiveState struct {
	queries map[string]*query // under way, by queryid
	mark    int64             // see heardAll
	saved   int64             // mark as it is on disk
	noted   bool              // what may be missing before this link is on disk as a gap
	asking  bool              // see followMark
	first   bool              // the first messages of a new account have just come
	// firstLeft is how many of them are still to come, if nothing interrupts the
	// program.
	firstLeft atomic.Int32
	sync      syncState

	live recently[uint64, struct{}] // the messages that came live, by their Pos.Seq
}

// query gathers the results of one archiveQuery, which come as messages before
// the answer.
type query struct {
	results []result
	ids     map[string]struct{}

	// look tells which of them is to be kept as it came, in text; nil for none.
	look func(*mam.Result[copied]) bool
	text string
}

// collect takes a result. Our own server sent it; it must have been asked for.
// One without a message stands for one that was removed (XEP-0313 section 3.2).
func (s *archiveState) collect(x *mam.Result[copied], st *stream.Stanza) {
	q := s.queries[x.QueryID]
	if q == nil || x.ID == "" || len(x.ID) > maxIDSize || x.Forwarded.Delay == nil {
		return
	}
	stamp, ok := x.Forwarded.Delay.Time()
	if _, twice := q.ids[x.ID]; !ok || twice || len(q.results) >= maxResults {
		return
	}
	q.ids[x.ID] = struct{}{}
	q.results = append(q.results, result{id: x.ID, stamp: stamp, msg: x.Forwarded.Message})
	if q.look != nil && q.text == "" && x.Forwarded.Message != nil && q.look(x) {
		q.text, _ = st.Text(maxSource, resultPath...)
	}
}

// ask gets a page of our archive (XEP-0313). It belongs on a goroutine of its
// own: nothing of the account may wait for it.
//
// A result can be missing although the server sent it: whoever wrote the message
// can have made it one that no stream lets through. So the answer, and not the
// last result it names, says that all have come.
func (a *Account) ask(ctx context.Context, c *stream.Client, q archiveQuery) (part archivePart, err error) {
	return a.askFor(ctx, c, q, nil)
}

// askFor is ask where the text of one of the messages is wanted, too.
func (a *Account) askFor(ctx context.Context, c *stream.Client, q archiveQuery, look func(*mam.Result[copied]) bool) (part archivePart, err error) {
	ctx, cancel := context.WithTimeout(ctx, archivePatience)
	defer cancel()
	id := rand.Text()
	gather := &query{ids: make(map[string]struct{}), look: look}
	if err := a.do(ctx, func() error { a.archive.queries[id] = gather; return nil }); err != nil {
		return part, err
	}
	var fin mam.Fin
	asked := c.IQBehind(ctx, jid.JID{}, "set", q.payload(id), &fin)
	err = a.do(a.ctx, func() error { delete(a.archive.queries, id); return asked })
	if err != nil {
		return part, err
	}
	part = archivePart{results: gather.results, complete: fin.Complete, text: gather.text}
	if n := len(part.results); n > 0 {
		part.first, part.last = part.results[0].edge(), part.results[n-1].edge()
	}
	if fin.Set == nil {
		part.complete = part.complete || len(part.results) == 0
		return part, nil
	}
	if first := fin.Set.First; part.first.ID == "" && first != nil {
		part.first.ID, part.last.ID = first.ID, fin.Set.Last
	}
	if max(len(part.first.ID), len(part.last.ID)) > maxIDSize {
		return part, errBadArchive
	}
	part.complete = part.complete || part.first.ID == ""
	if fin.Set.Count != nil {
		part.count = max(0, *fin.Set.Count)
	}
	return part, nil
}

func (r *result) edge() storage.Edge { return storage.Edge{Time: r.stamp.UnixMilli(), ID: r.id} }

// payload gives the query as it is sent.
func (q *archiveQuery) payload(id string) mam.Query {
	filter := mam.Filter{With: q.with, ID: q.id}
	if q.start != 0 {
		filter.Start = time.UnixMilli(q.start)
	}
	if q.end != 0 {
		filter.End = time.UnixMilli(q.end)
	}
	most := archivePage
	set := &rsm.Set{Max: &most}
	switch {
	case !q.up:
		set.Before = &q.before
	case q.after != "":
		set.After = &q.after
	}
	return mam.Query{QueryID: id, Form: filter.Form(), Set: set}
}

// sweep is one way through the archive, page by page, with what has to be
// remembered between pages.
type sweep struct {
	source Source
	gap    uint64                         // that it goes through; see through
	up     bool                           // from the oldest to the newest
	edges  map[storage.ChatID]storage.Pos // the place last given in each conversation
	notes  int64                          // the time last given to what says something of another message; see spreadNotes
	read   map[storage.ChatID]storage.Pos // a message that was read and has its place; see readWritten
	edge   storage.Edge                   // where the page meets what is here; zero: nowhere
	lostID string                         // of a message there that the archive does not have, so that times decide
	ends   map[string]struct{}            // the ids pages ended at
	lost   int                            // of them that were gone when the next page was asked for

	unhurried bool // nobody waits to see what the next pages bring

	eager bool    // all pages are wanted: the next is asked for while one is stored
	ahead *answer // that, if it was
}

// answer is a page that was asked for in advance.
type answer struct {
	to     archiveQuery
	part   archivePart
	err    error
	came   chan struct{} // closed when part and err are there
	cancel context.CancelFunc
}

// askAhead asks for a page that is wanted next.
func (a *Account) askAhead(ctx context.Context, c *stream.Client, q archiveQuery, w *sweep) {
	ctx, cancel := context.WithCancel(ctx)
	x := &answer{to: q, came: make(chan struct{}), cancel: cancel}
	w.ahead = x
	go func() {
		defer close(x.came)
		x.part, x.err = a.ask(ctx, c, q)
	}()
}

// askedAhead is ask for what may have been asked for in advance.
func (a *Account) askedAhead(ctx context.Context, c *stream.Client, q archiveQuery, w *sweep) (archivePart, error) {
	x := w.ahead
	if x == nil || x.to != q {
		w.leave()
		return a.ask(ctx, c, q)
	}
	<-x.came
	w.leave()
	return x.part, x.err
}

// leave ends what was asked for in advance and is not wanted any more. Whoever
// has begun a sweep calls it at the end.
func (w *sweep) leave() {
	if w != nil && w.ahead != nil {
		w.ahead.cancel()
		<-w.ahead.came
		w.ahead = nil
	}
}

// through gives the sweep to go through a gap with: w, which may be nil, as long
// as it is the same gap.
func (w *sweep) through(g *storage.Gap, up bool) *sweep {
	if w != nil && w.gap == g.ID {
		return w
	}
	w.leave()
	w = newSweep(sourceOf(g), up)
	w.gap = g.ID
	return w
}

func newSweep(source Source, up bool) *sweep {
	return &sweep{
		source: source, up: up,
		edges: make(map[storage.ChatID]storage.Pos), read: make(map[storage.ChatID]storage.Pos),
		ends: make(map[string]struct{}),
	}
}

// goesOn checks that a page leads to another one: an archive that goes round in
// circles has no end.
func (s *sweep) goesOn(q *archiveQuery, part *archivePart) error {
	if s.lost > maxLost {
		return errBadArchive
	}
	s.ends[q.before+q.after] = struct{}{}
	end := part.first.ID
	if s.up {
		end = part.last.ID
	}
	if _, was := s.ends[end]; was && !part.complete {
		return errBadArchive
	}
	s.ends[end] = struct{}{}
	return nil
}

// keep writes a page in one transaction, and with it what then holds about the
// gaps. It runs in the account's goroutine, which no page may break.
func (a *Account) keep(part archivePart, s *sweep, then func(*storage.Tx) error) (added int, err error) {
	err = a.unbroken("a page of the archive broke its handler", func() (err error) {
		added, err = a.keepPage(part, s, then)
		return err
	})
	return added, err
}

func (a *Account) keepPage(part archivePart, s *sweep, then func(*storage.Tx) error) (added int, err error) {
	in := &intake{a: a, now: a.serverNow(), source: s.source, sweep: s}
	for i := range part.results {
		in.takeResult(&part.results[i])
	}
	var done chatChanges
	err = a.m.update(func(tx *storage.Tx) (err error) {
		if done, err = in.store(tx); err != nil {
			return err
		}
		return then(tx)
	})
	if err != nil {
		return 0, err
	}
	maps.Copy(s.edges, done.edges)
	if done.notes != 0 {
		s.notes = done.notes
	}
	for _, list := range done.added {
		added += len(list)
	}
	a.tellChats(done)
	a.unhurried = s.unhurried
	return added, nil
}

// takeResult handles one message of the archive.
func (in *intake) takeResult(r *result) {
	h, ok := in.a.unwrap(r.msg)
	if !ok {
		return
	}
	h.at, h.stanzaID = r.stamp, r.id
	in.hear(&h)
}
