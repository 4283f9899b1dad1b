package account

import (
	"maps"
	"slices"
	"time"

	"linnet/storage"
)

const (
	// saveAfter gathers what is worth keeping and not worth a transaction of
	// its own: a restarting server makes all contacts go at once, and a first
	// start meets dozens of programs.
	saveAfter = 30 * time.Second
	// maxUnsavedCaps bounds the answers about programs that wait.
	maxUnsavedCaps = 64
)

// laterState is what will be written soon. Losing it to a crash costs a
// question that is asked again, or a time nobody misses.
type laterState struct {
	seen    map[string]struct{} // contacts whose last-seen time changed
	caps    map[string][]byte   // answers by hash
	people  map[string]struct{} // who shows something else of himself
	avatars map[string]struct{} // hashes of pictures that were shown again
	timer   *time.Timer         // runs while there is something
}

func (l *laterState) init() {
	l.seen = make(map[string]struct{})
	l.caps = make(map[string][]byte)
	l.people = make(map[string]struct{})
	l.avatars = make(map[string]struct{})
}

// saveLater has what was just gathered written within saveAfter.
func (a *Account) saveLater() {
	if len(a.later.caps) >= maxUnsavedCaps {
		a.saveGathered()
	} else if a.later.timer == nil {
		a.later.timer = time.AfterFunc(saveAfter, func() { a.post(a.saveGathered) })
	}
}

// saveGathered writes all of it in one transaction, and with it until when the
// account was online. One that fails is not worth another.
func (a *Account) saveGathered() {
	l := &a.later
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
	if a.online() {
		a.server.left = a.serverNow()
	}
	var mark int64
	var reads []byte
	err := a.m.update(func(tx *storage.Tx) (err error) {
		for address := range l.seen {
			if e := a.roster.entries[address]; e != nil {
				if err := tx.PutRosterItem(a.id, e.item); err != nil {
					return err
				}
			}
		}
		for key, raw := range l.caps {
			if err := tx.PutCaps(key, raw); err != nil {
				return err
			}
		}
		for who := range l.people {
			if err := tx.PutPerson(a.id, a.person(who)); err != nil {
				return err
			}
		}
		if err := tx.UseAvatars(slices.Collect(maps.Keys(l.avatars))...); err != nil {
			return err
		}
		if mark, err = a.saveMark(tx, 0); err != nil {
			return err
		}
		if reads, err = a.reads.save(tx, a.id); err != nil {
			return err
		}
		return a.server.saveLeft(tx, a.id)
	})
	if err != nil {
		a.log.Warn("could not store what can be learnt again", "err", err)
	} else {
		a.archive.saved, a.reads.stored = mark, reads
	}
	clear(l.seen)
	clear(l.caps)
	clear(l.people)
	clear(l.avatars)
}
