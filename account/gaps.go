package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/entitytime"
	"linnet/storage"
)

const (
	// markLag is how long ago something must be for all of it to have come: the
	// time a server may take to hand on what it has archived, and the error of
	// its clock as we know it. roughLag is for a clock we do not know.
	markLag  = 2 * time.Minute
	roughLag = 24 * time.Hour
	// markStep is how much newer the mark is made at a time, and the one on disk.
	markStep = 30 * time.Second
	// edgeError is how coarse times in an archive may be.
	edgeError = time.Second
)

func markSetting(id storage.AccountID) string { return fmt.Sprintf("account/%d/mark", id) }

func (s *archiveState) load(tx *storage.Tx, id storage.AccountID) error {
	s.queries = make(map[string]*query)
	raw, _, err := tx.Setting(markSetting(id))
	if ms, bad := strconv.ParseInt(string(raw), 10, 64); bad == nil {
		s.mark, s.saved = ms, ms
	}
	return err
}

// followMark has the mark follow what comes, a step at a time. That something
// was handled now does not say when the server sent it: a full disk or a slow
// line may hold it up for long. What the server answers to a question comes
// behind all it sent before.
func (a *Account) followMark() {
	s, l := &a.archive, a.link
	asked, stepped := a.serverNow(), a.clock.stepped(a.now())
	due := asked.Add(-a.lag()-markStep).UnixMilli() > s.mark
	if s.asking || !s.noted || !a.online() || !due && !stepped {
		return
	}
	s.asking = true
	a.tasks.Go(func() {
		heard := false
		if stepped {
			a.askTime(l.ctx, l.client)
		} else {
			err := l.client.IQBehind(l.ctx, a.own.Domain(), "get", entitytime.Query{}, nil)
			heard = err == nil || errors.As(err, new(*stream.StanzaError)) // any answer will do
		}
		a.post(func() {
			s.asking = false
			if heard {
				a.heardAll(asked)
			}
		})
	})
}

// heardAll moves the mark: the time, by the server's clock, up to which there is
// nothing in the archive of the server that is neither here nor in a gap. What
// was missed before this link has to be noted as a gap first. It is given when
// the server was asked that has answered.
func (a *Account) heardAll(asked time.Time) {
	if !a.archive.noted || !a.online() || a.clock.stepped(a.now()) {
		return
	}
	a.archive.mark = max(a.archive.mark, asked.Add(-a.lag()).UnixMilli())
}

func (a *Account) lag() time.Duration {
	if a.clock.sure(a.now()) {
		return markLag
	}
	return roughLag
}

// saveMark writes the mark when it has moved by a step, and gives what is on
// disk with that.
func (a *Account) saveMark(tx *storage.Tx, step time.Duration) (int64, error) {
	mark := a.archive.mark
	if ahead := mark - a.archive.saved; ahead >= 0 && ahead <= step.Milliseconds() {
		return a.archive.saved, nil
	}
	return mark, tx.PutSetting(markSetting(a.id), strconv.AppendInt(nil, mark, 10))
}

// noteGap notes what may have been missed until now as a gap, together with the
// gaps that reach into it: on a line that fails every few seconds there would be
// many that lie over each other, and each would be filled. What a new account
// never had stays apart once some of it is here.
func (a *Account) noteGap() error {
	now, mark := a.serverNow(), a.archive.mark
	if mark > now.UnixMilli() { // by a clock that was wrong
		mark = now.Add(-roughLag).UnixMilli()
	}
	var g storage.Gap
	err := a.m.update(func(tx *storage.Tx) error {
		gaps, err := tx.Gaps(a.id)
		if err != nil {
			return err
		}
		g = storage.Gap{From: storage.Edge{Time: mark}}
		for _, old := range gaps { // newest first
			if old.To.Time < g.From.Time || old.From.IsZero() && old.To.ID != "" {
				continue
			}
			if old.From.Time < g.From.Time {
				g.From = old.From
			}
			// What a conversation has of it says nothing about what is added.
			if err := tx.DeleteGap(a.id, old.ID); err != nil {
				return err
			}
		}
		g.To = storage.Edge{Time: now.UnixMilli()}
		return tx.PutGap(a.id, &g)
	})
	if err == nil {
		a.archive.noted, a.archive.mark = true, mark
		if g.From.IsZero() {
			a.archive.firstLeft.Store(firstMessages)
		}
		a.heardAll(now)
	}
	return err
}

// stretch is what of a gap is to be filled next: of the account, or of one
// conversation.
type stretch struct {
	gap  storage.Gap // as it is for the conversation
	chat storage.ChatID
	with string // its JID; empty for the account
	own  storage.ChatGap
	raw  storage.Gap // as it is for the account
}

// query asks for the next page of a stretch: from its end, or up from its
// beginning.
func (s *stretch) query(up bool) archiveQuery {
	q := archiveQuery{with: s.with, up: up}
	if s.gap.From.Time != 0 {
		q.start = s.gap.From.Time - edgeError.Milliseconds()
	}
	// An id stands for a place only among the messages that are asked for.
	ours := s.chat == 0 || s.gap.To.ID == s.own.To.ID
	switch {
	case !up && ours:
		q.before = s.gap.To.ID
	case s.gap.To.ID != "":
		q.end = s.gap.To.Time + edgeError.Milliseconds()
	}
	if up && s.gap.From == s.own.From {
		q.after = s.own.From.ID
	}
	return q
}

// end is where a stretch begins to be filled.
func (s *stretch) end(up bool) storage.Edge {
	if up {
		return s.gap.From
	}
	return s.gap.To
}

// edge is where a page meets what is here, if it begins exactly there.
func (s *stretch) edge(q *archiveQuery) storage.Edge {
	if q.before+q.after != "" {
		return s.end(q.up)
	}
	return storage.Edge{}
}

// byTime is the same query for an archive that has lost the message the page
// was to begin at.
func (s *stretch) byTime(q archiveQuery, w *sweep) archiveQuery {
	w.lost++
	clear(w.ends)
	q.before, q.after = "", ""
	if q.up {
		q.start = s.gap.From.Time - edgeError.Milliseconds()
	} else {
		q.end = s.gap.To.Time + edgeError.Milliseconds()
	}
	return q
}

// fill gets the next page of a stretch and keeps it. It belongs on a goroutine
// of its own.
func (a *Account) fill(ctx context.Context, c *stream.Client, s *stretch, w *sweep) (part archivePart, added int, err error) {
	q := s.query(w.up)
	part, err = a.askedAhead(ctx, c, q, w)
	if isNotFound(err) && q.before+q.after != "" {
		q = s.byTime(q, w)
		part, err = a.ask(ctx, c, q)
	}
	if err == nil {
		if w.eager && !w.up && !part.complete && len(part.results) > 0 {
			next := *s
			next.gap.To, next.raw.To, next.own.To = part.first, part.first, part.first
			a.askAhead(ctx, c, next.query(false), w)
		}
		err = a.do(ctx, func() (err error) {
			added, err = a.keepOf(s, w, &q, &part)
			return err
		})
	}
	return part, added, err
}

// keepOf keeps a page of a stretch.
func (a *Account) keepOf(s *stretch, w *sweep, q *archiveQuery, part *archivePart) (added int, err error) {
	s.check(part, q)
	if err := w.goesOn(q, part); err != nil {
		return 0, err
	}
	w.edge, w.lostID = s.edge(q), ""
	if w.edge.IsZero() {
		w.lostID = s.end(w.up).ID
	}
	return a.keep(*part, w, func(tx *storage.Tx) error { return s.shrink(tx, a.id, *part, w.up) })
}

// check ends a stretch where the archive gives what is beyond it, and dates the
// ends of a page of which nothing can be read.
func (s *stretch) check(part *archivePart, q *archiveQuery) {
	if part.first.Time == 0 {
		part.first.Time, part.last.Time = s.gap.To.Time, s.gap.From.Time
		return
	}
	beyond := part.first.Time < q.start
	if q.up {
		beyond = q.end != 0 && part.last.Time > q.end
	}
	part.complete = part.complete || beyond
}

// shrink notes what a page has filled, unless all of it is meanwhile.
func (s *stretch) shrink(tx *storage.Tx, acc storage.AccountID, part archivePart, up bool) error {
	gaps, err := tx.Gaps(acc)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(gaps, func(g storage.Gap) bool { return g.ID == s.gap.ID })
	switch {
	case i < 0:
		return nil
	case s.chat != 0:
		return s.shrinkChat(tx, part, up)
	case part.complete:
		return tx.DeleteGap(acc, s.gap.ID)
	}
	if g := gaps[i]; g.To == s.raw.To || part.first.Time <= g.To.Time {
		g.To = part.first
		return tx.PutGap(acc, &g)
	}
	return nil
}

func (s *stretch) shrinkChat(tx *storage.Tx, part archivePart, up bool) error {
	own, err := tx.ChatGap(s.chat, s.gap.ID)
	if err != nil {
		return err
	}
	switch {
	case part.complete:
		own.Closed = true
	case up:
		own.From = part.last
	default:
		own.To = part.first
	}
	return tx.PutChatGap(s.chat, s.gap.ID, own)
}

// stretchesOf gives what is missing of a conversation, newest first: the gaps
// of the account without what the conversation has of them, and without what
// the user erased.
func stretchesOf(tx *storage.Tx, c *storage.Chat) ([]stretch, error) {
	gaps, err := tx.Gaps(c.Account)
	if err != nil || len(gaps) == 0 {
		return nil, err
	}
	erased, err := tx.Erased(c.Account, c.JID)
	if err != nil {
		return nil, err
	}
	var list []stretch
	for _, g := range gaps {
		own, err := tx.ChatGap(c.ID, g.ID)
		if err != nil {
			return nil, err
		}
		s := stretch{gap: g, chat: c.ID, with: c.JID, own: own, raw: g}
		if !own.From.IsZero() {
			s.gap.From = own.From
		}
		if !own.To.IsZero() && own.To.Time <= g.To.Time+edgeError.Milliseconds() {
			s.gap.To = storage.Edge{Time: min(own.To.Time, g.To.Time), ID: own.To.ID}
		}
		if s.gap.From.Time < erased {
			s.gap.From = storage.Edge{Time: erased}
		}
		from, to := s.gap.From, s.gap.To
		if !own.Closed && (from.Time < to.Time || from.Time == to.Time && from.ID != to.ID) {
			list = append(list, s)
		}
	}
	return list, nil
}

// gapsIn gives the places of a page that have a gap directly before them; at is
// the place that was asked for, where the page is empty.
func gapsIn(tx *storage.Tx, c *storage.Chat, page []storage.Message, at storage.Pos) ([]storage.Pos, error) {
	missing, err := stretchesOf(tx, c)
	if err != nil || len(missing) == 0 {
		return nil, err
	}
	if len(page) == 0 {
		if oldest := missing[len(missing)-1]; at.IsZero() || oldest.gap.To.Time <= at.Time {
			return []storage.Pos{at}, nil
		}
		return nil, nil
	}
	before, err := tx.MessagesBefore(c.ID, page[0].Pos, 1)
	if err != nil {
		return nil, err
	}
	var places []storage.Pos
	for i := len(missing) - 1; i >= 0; i-- {
		to := missing[i].gap.To.Time
		for k := range page {
			if page[k].Pos.Time < to {
				continue
			}
			further := k == 0 && len(before) > 0 && before[0].Pos.Time >= to
			if p := page[k].Pos; !further && (len(places) == 0 || places[len(places)-1] != p) {
				places = append(places, p)
			}
			break
		}
	}
	return places, nil
}

// missingBefore gives the stretch directly before a place, if there is one.
func missingBefore(tx *storage.Tx, c *storage.Chat, p storage.Pos) (s stretch, ok bool, err error) {
	missing, err := stretchesOf(tx, c)
	if err != nil {
		return s, false, err
	}
	before, err := tx.MessagesBefore(c.ID, p, 1)
	for _, s := range missing {
		if p.IsZero() || s.gap.To.Time <= p.Time {
			further := !p.IsZero() && len(before) > 0 && before[0].Pos.Time >= s.gap.To.Time
			return s, !further, err
		}
	}
	return s, false, err
}

// missingAfter gives the stretch directly after a place, if there is one.
func missingAfter(tx *storage.Tx, c *storage.Chat, p storage.Pos) (s stretch, ok bool, err error) {
	missing, err := stretchesOf(tx, c)
	if err != nil {
		return s, false, err
	}
	after, err := tx.MessagesAfter(c.ID, p, 1)
	for _, s := range slices.Backward(missing) {
		if s.gap.To.Time > p.Time {
			further := len(after) > 0 && after[0].Pos.Time < s.gap.To.Time
			return s, !further, err
		}
	}
	return s, false, err
}
