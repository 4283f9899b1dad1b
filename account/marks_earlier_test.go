package account

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"linnet/storage"
)

// TestReadWithAFile has a text go out while a file that stands before it is being
// uploaded: who has seen the file has seen the text, but not what came after.
func TestReadWithAFile(t *testing.T) {
	h, r, c, id := withFiles(t)
	begun, free := make(chan struct{}, 1), make(chan struct{})
	h.set(func(w http.ResponseWriter, _ *http.Request) {
		begun <- struct{}{}
		<-free
		w.WriteHeader(http.StatusCreated)
	})
	chat := r.sendFile(c, NewFile{Data: []byte("abc"), Name: "slow"}, 1, slotAt)
	<-begun
	r.sendTo(c, chat, "meanwhile")
	r.inAccount(id, func(*Account) { r.cfg.Now = func() time.Time { return time.Now().Add(time.Minute) } })
	close(free)
	file := c.message().attr("id")
	r.eventually("the file sent", func() bool { return r.messages(chat)[0].State == storage.StateSent })
	r.sendTo(c, chat, "after")
	c.send(displayedXML, "ann@example.org/x", file)
	c.barrier()
	for i, want := range []storage.MessageState{storage.StateRead, storage.StateRead, storage.StateSent} {
		if m := r.messages(chat)[i]; m.State != want || want == storage.StateRead && m.ReadAt == 0 {
			t.Errorf("message %d: %+v", i, m)
		}
	}
}

// TestOrderOfSending holds which of our messages a marker makes read ones, by when
// they were written and when they went out.
func TestOrderOfSending(t *testing.T) {
	const (
		minute = int64(60_000)
		here   = testAddress + "/here"
		sent   = storage.StateSent
		read   = storage.StateRead
	)
	type message struct {
		sent int64
		from string
		is   storage.MessageState
		want storage.MessageState
	}
	for name, x := range map[string]struct {
		list   []message // written at each minute from the first
		marker int       // of what the contact has seen
	}{
		"behind": {marker: 1, list: []message{
			{1 * minute, here, sent, read},
			{20 * minute, here, sent, read}, // the file
			{3 * minute, here, sent, read},
			{4 * minute, here, storage.StateDelivered, read},
			{5 * minute, here, storage.StateFailed, storage.StateFailed},
			{0, here, storage.StateWaiting, storage.StateWaiting},
			{7 * minute, testAddress + "/there", sent, sent}, // in the time of another clock
			{20*minute - 1000, here, sent, sent},             // which nobody knows
			{21 * minute, here, sent, sent},
		}},
		"before": {marker: 2, list: []message{
			{4 * minute, here, sent, read},
			{2 * minute, here, read, read}, // while the one before it still waited
			{5 * minute, here, sent, read},
			{6 * minute, here, sent, sent},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProfile(t)
			chat := storage.Chat{Account: p.addStored(), JID: ann}
			p.update(func(tx *storage.Tx) error {
				err := tx.PutChat(&chat)
				for i, m := range x.list {
					if err == nil {
						err = tx.AddMessage(&storage.Message{
							Chat: chat.ID, Out: true, From: m.from, State: m.is, ID: fmt.Sprint(i),
							Pos: storage.Pos{Time: int64(i+1) * minute}, SentAt: m.sent,
						})
					}
				}
				return err
			})
			r, c, _ := p.online()
			c.send(displayedXML, "ann@example.org/x", fmt.Sprint(x.marker))
			c.barrier()
			for i, m := range r.messages(chat.ID) {
				if m.State != x.list[i].want {
					t.Errorf("message %d: %+v", i, m)
				}
			}
		})
	}
}
