package account

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"linnet/storage"
)

// TestMarksOutliveTheProgram kills the program when the page with what the
// contact says of messages is here, and that with the messages is not.
func TestMarksOutliveTheProgram(t *testing.T) {
	p, f := withArchive(t)
	r, _, id := p.online()
	r.synced(id)
	r.stop()
	p.update(func(tx *storage.Tx) error {
		return tx.PutSetting(markSetting(id), strconv.AppendInt(nil, time.Now().Add(-time.Minute).UnixMilli(), 10))
	})
	at := func(i int) time.Time { return time.Now().Add(time.Duration(i-30) * time.Second) }
	tells := func(i int, what string) {
		f.list = append(f.list, kept{id: fmt.Sprint("r", i), stamp: at(i), with: ann, xml: fmt.Sprintf(
			"<message xmlns='jabber:client' type='chat' from='%s/x' to='%s' id='r%d'>%s</message>", ann, testAddress, i, what,
		)})
	}
	blocked := make(chan struct{})
	p.server.set(func() {
		f.most = 3
		for i := range 3 {
			f.list = append(f.list, kept{id: fmt.Sprint("o", i), stamp: at(i), with: ann, xml: fmt.Sprintf(
				"<message xmlns='jabber:client' type='chat' from='%s/phone' to='%s' id='o%d'><body>ours %d</body></message>", testAddress, ann, i, i,
			)})
		}
		tells(3, "<received xmlns='urn:xmpp:receipts' id='o2'/>")
		tells(4, "<displayed xmlns='urn:xmpp:chat-markers:0' id='o1'/>")
		f.keep("last", at(5), "last")
		n := 0
		f.script = func(*fakeConn, string, asked) bool {
			if n++; n == 2 {
				close(blocked)
			}
			return n >= 2
		}
	})
	r = p.run()
	p.server.next()
	<-blocked
	r.eventually("the first page", func() bool { return slices.Contains(r.bodies(ann), "last") })
	killed := p.asKilled()
	r.stop()
	p.server.set(func() {
		f.script = nil
		f.list = slices.DeleteFunc(f.list, func(k kept) bool { return k.id[0] == 'r' })
	})
	r = killed.run()
	p.server.next()
	r.synced(id)
	var states []storage.MessageState
	for _, m := range r.messages(r.chat(ann).ID) {
		if m.Out {
			states = append(states, m.State)
		}
	}
	if want := []storage.MessageState{storage.StateRead, storage.StateRead, storage.StateDelivered}; !slices.Equal(states, want) {
		t.Errorf("states %v, want %v", states, want)
	}
}
