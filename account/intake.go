package account

import (
	"fmt"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

// intake is one batch of received stanzas on its way in. First every stanza is
// judged and says what it wants to write and to do; then all is written in one
// transaction; only when that is on disk does memory change and anybody hear
// of it. So a batch that could not be stored has had no effect and can be
// handled again.
type intake struct {
	a   *Account
	l   *link
	now time.Time

	writes  []func(*storage.Tx) error
	after   []func()
	answers []func() // to requests, when everything else is done

	newRequests int
	source      Source // of the messages
	sweep       *sweep // which brought them; nil for what was received
	messages    []incoming
	failures    []failure
	marks       []mark
	notes       []noted
}

// takeIn handles a batch.
func (a *Account) takeIn(l *link, batch []*stream.Stanza) error {
	in := &intake{a: a, l: l, now: a.serverNow()}
	for _, st := range batch {
		in.take(st)
	}
	return in.finish()
}

// finish stores what the batch was found to say, and then does what follows.
func (in *intake) finish() error {
	a := in.a
	var chats chatChanges
	if len(in.writes)+len(in.messages)+len(in.failures)+len(in.marks)+len(in.notes) > 0 {
		var err error
		if chats, err = in.write(); err != nil {
			return fmt.Errorf("store what was received: %w", err)
		}
	}
	a.followMark()
	in.a.tellChats(chats)
	for _, f := range in.after {
		f()
	}
	a.publish()
	for _, f := range in.answers {
		f()
	}
	return nil
}

// write is the one transaction. Repeated messages and errors about nothing,
// which anybody can send without end, change nothing and so never cost a sync
// of the disk.
func (in *intake) write() (chats chatChanges, err error) {
	var mark int64
	err = in.a.m.update(func(tx *storage.Tx) error {
		for _, write := range in.writes {
			if err := write(tx); err != nil {
				return err
			}
		}
		if chats, err = in.store(tx); err != nil {
			return err
		}
		if len(in.writes)+len(chats.rows) == 0 && !chats.changed {
			return errUnchanged
		}
		mark, err = in.a.saveMark(tx, markStep)
		return err
	})
	if err == nil {
		in.a.archive.saved = mark
	}
	return chats, ignoreUnchanged(err)
}

// take judges one stanza.
func (in *intake) take(st *stream.Stanza) {
	switch st.Kind {
	case stream.Message:
		in.takeMessage(st)
	case stream.Presence:
		in.takePresence(st)
	case stream.IQ:
		in.takeIQ(st)
	}
}
