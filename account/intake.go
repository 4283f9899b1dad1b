package account

import (
	"fmt"
	"runtime/debug"
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
	messages    []incoming
	failures    []failure
}

// takeIn handles a batch.
func (a *Account) takeIn(l *link, batch []*stream.Stanza) error {
	in := &intake{a: a, l: l, now: a.now()}
	for _, st := range batch {
		in.take(st)
	}
	var chats chatChanges
	if len(in.writes)+len(in.messages)+len(in.failures) > 0 {
		err := a.m.update(func(tx *storage.Tx) error {
			for _, write := range in.writes {
				if err := write(tx); err != nil {
					return err
				}
			}
			var err error
			chats, err = in.store(tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("store what was received: %w", err)
		}
	}
	for _, f := range in.after {
		f()
	}
	in.a.tellChats(chats)
	a.publish()
	for _, f := range in.answers {
		f()
	}
	return nil
}

// take judges one stanza. Whatever others send must not end the program, so a
// panic costs the stanza only.
func (in *intake) take(st *stream.Stanza) {
	defer func() {
		if r := recover(); r != nil {
			// The stack says where; the value may say what was received.
			in.a.log.Error("dropped a stanza that broke its handler", "stack", string(debug.Stack()))
		}
	}()
	switch st.Kind {
	case stream.Message:
		in.takeMessage(st)
	case stream.Presence:
		in.takePresence(st)
	case stream.IQ:
		in.takeIQ(st)
	}
}
