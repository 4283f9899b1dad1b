package account

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"linnet/storage"
)

const (
	receiptXML   = "<message type='chat' from='%s' id='r'><received xmlns='urn:xmpp:receipts' id='%s'/></message>"
	displayedXML = "<message type='chat' from='%s' id='r'><displayed xmlns='urn:xmpp:chat-markers:0' id='%s'/></message>"
	wantsXML     = "<message type='%s' from='%s' id='%s'><body>hello</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>"
)

// sendTo sends a message and waits until the server has it.
func (r *running) sendTo(c *fakeConn, chat storage.ChatID, body string) (id string) {
	r.t.Helper()
	if err := r.Send(r.t.Context(), chat, Text{Body: body}); err != nil {
		r.t.Fatal(err)
	}
	id = c.message().attr("id")
	r.eventually(body+" sent", func() bool {
		for _, m := range r.messages(chat) {
			if m.ID == id {
				return m.State == storage.StateSent
			}
		}
		return false
	})
	return id
}

// opened gives the conversation with an address.
func (r *running) opened(id storage.AccountID, address string) storage.Chat {
	r.t.Helper()
	chat, err := r.OpenChat(id, address)
	if err != nil {
		r.t.Fatal(err)
	}
	return chat
}

// TestMarksOfContacts holds that only the contact a message went to can say
// that it has come or was read, and that this is never taken back.
func TestMarksOfContacts(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	other := r.sendTo(c, r.opened(id, "bob@example.org").ID, "to Bob")
	sent := r.sendTo(c, chat.ID, "hello")
	c.send("<message type='chat' from='ann@example.org/x' id='theirs'><body>hi</body></message>")
	c.send("<message type='chat' from='ann@example.org/x' id='%s'><body>an id of ours</body></message>", other)
	c.barrier()
	before := r.messages(chat.ID)[0]
	const group = "<message type='%s' from='ann@example.org/x' id='r'><received xmlns='urn:xmpp:receipts' id='%s'/></message>"
	for _, x := range []struct{ name, xml string }{
		{"receipt of a stranger", fmt.Sprintf(receiptXML, "evil@bad.example/x", sent)},
		{"receipt of another contact", fmt.Sprintf(receiptXML, "bob@example.org/x", sent)},
		{"receipt of the server", fmt.Sprintf(receiptXML, testDomain, sent)},
		{"receipt of another of our devices", fmt.Sprintf(receiptXML, testAddress+"/phone", sent)},
		{"receipt of an unreadable address", fmt.Sprintf(receiptXML, "@@@", sent)},
		{"receipt for another's message", fmt.Sprintf(receiptXML, "ann@example.org/x", other)},
		{"receipt for their own message", fmt.Sprintf(receiptXML, "ann@example.org/x", "theirs")},
		{"receipt for nothing", fmt.Sprintf(receiptXML, "ann@example.org/x", "")},
		{"receipt in an error", fmt.Sprintf(group, "error", "unknown")},
		{"receipt in a room", fmt.Sprintf(group, "groupchat", sent)},
		{"marker of a stranger", fmt.Sprintf(displayedXML, "evil@bad.example/x", sent)},
		{"marker of another contact", fmt.Sprintf(displayedXML, "bob@example.org/x", sent)},
		{"marker for what nobody knows", fmt.Sprintf(displayedXML, "ann@example.org/x", "unknown")},
		{"marker that looks like ours", fmt.Sprintf(displayedXML, "ann@example.org/x", "theirs")},
		{"acknowledged, as it once was", "<message from='ann@example.org/x'><acknowledged xmlns='urn:xmpp:chat-markers:0' id='" + sent + "'/></message>"},
	} {
		c.send("%s", x.xml)
		c.barrier()
		list := r.messages(chat.ID)
		if !reflect.DeepEqual(list[0], before) || len(list) != 3 {
			t.Fatalf("%s made it %+v", x.name, list)
		}
		if row := r.chat(ann); row.Unread != 2 || !row.ReadUpTo.IsZero() {
			t.Fatalf("%s: %+v", x.name, row)
		}
	}
	c.send(receiptXML, "ann@example.org/x", sent)
	c.barrier()
	m := r.messages(chat.ID)[0]
	if m.State != storage.StateDelivered || m.DeliveredAt == 0 || m.ReadAt != 0 {
		t.Fatalf("after the receipt: %+v", m)
	}
	r.eventually("the event", func() bool {
		return slices.ContainsFunc(r.events, func(e Event) bool { return reflect.DeepEqual(e, MessageChanged{m}) })
	})
	c.send(displayedXML, "ann@example.org/y", sent)
	c.barrier()
	read := r.messages(chat.ID)[0]
	if read.State != storage.StateRead || read.ReadAt == 0 || read.DeliveredAt != m.DeliveredAt {
		t.Fatalf("after the marker: %+v", read)
	}
	writes := r.counted(id)
	for range 3 {
		c.send(receiptXML, "ann@example.org/x", sent)
		c.send(displayedXML, "ann@example.org/x", sent)
		c.send(refusal, ann, sent)
		c.barrier()
	}
	if again := r.messages(chat.ID)[0]; !reflect.DeepEqual(again, read) || writes.Load() != 0 {
		t.Errorf("said again, it became %+v, in %d transactions", again, writes.Load())
	}
}

// TestMarkOfWhatWaits holds that what has come is not sent again, though the
// server never said that it took it.
func TestMarkOfWhatWaits(t *testing.T) {
	for _, mark := range []string{receiptXML, displayedXML} {
		p, r, c, id, chat := outgoing(t)
		m := c.message()
		c.send(mark, "ann@example.org/x", m.attr("id"))
		r.eventually("delivered", func() bool { return r.messages(chat.ID)[0].State >= storage.StateDelivered })
		state := r.messages(chat.ID)[0].State
		err := p.store.View(func(tx *storage.Tx) error {
			waiting, err := tx.Outbox(id, 1)
			if len(waiting) > 0 {
				t.Errorf("still in the outbox: %+v", waiting)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		p.server.set(func() { p.server.silent = false })
		c.cut()
		r.RetryNow(id)
		c = p.server.next()
		r.sendTo(c, chat.ID, "the next")
		if list := r.messages(chat.ID); list[0].State != state || list[1].Body != "the next" {
			t.Errorf("after a new link: %+v", list)
		}
		for _, e := range c.missed {
			if e.XMLName.Local == "message" {
				t.Errorf("sent again: %v", e)
			}
		}
		r.stop()
	}
}

// TestDisplayedMeansEarlierOnesToo holds XEP-0333: who has seen a message has
// seen those before it, but not what was never sent.
func TestDisplayedMeansEarlierOnesToo(t *testing.T) {
	p, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	var ids []string
	for i := range 5 {
		ids = append(ids, r.sendTo(c, chat.ID, fmt.Sprint("message ", i)))
	}
	c.send(refusal, ann, ids[1])
	c.send(receiptXML, "ann@example.org/x", ids[2])
	p.server.set(func() { p.server.silent = true })
	if err := r.Send(t.Context(), chat.ID, Text{Body: "waits"}); err != nil {
		t.Fatal(err)
	}
	c.send(displayedXML, "ann@example.org/x", ids[3])
	c.barrier()
	var got []storage.MessageState
	for _, m := range r.messages(chat.ID) {
		got = append(got, m.State)
		if m.State == storage.StateRead && m.ReadAt == 0 {
			t.Errorf("read at no time: %+v", m)
		}
	}
	want := []storage.MessageState{
		storage.StateRead, storage.StateFailed, storage.StateRead, storage.StateRead,
		storage.StateSent, storage.StateWaiting,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("states %v, want %v", got, want)
	}
	// It did arrive after all: another of the contact's devices has it.
	c.send(displayedXML, "ann@example.org/x", ids[1])
	c.barrier()
	if m := r.messages(chat.ID)[1]; m.State != storage.StateRead || m.Reason != "" {
		t.Errorf("a refused message that was read: %+v", m)
	}
}

// TestTypedBeforeAndSentAfter holds that a marker says nothing of a message that
// was sent behind the one it names, though it stands before it.
func TestTypedBeforeAndSentAfter(t *testing.T) {
	p := newProfile(t)
	id := p.addStored()
	chat := storage.Chat{Account: id, JID: ann}
	const minute = 60_000
	p.update(func(tx *storage.Tx) error {
		err := tx.PutChat(&chat)
		for i, sent := range []int64{1 * minute, 9 * minute, 3*minute + 1000, 3 * minute} {
			if err == nil {
				err = tx.AddMessage(&storage.Message{
					Chat: chat.ID, Out: true, State: storage.StateSent, ID: fmt.Sprint(i),
					Pos: storage.Pos{Time: int64(i) * minute}, SentAt: sent,
				})
			}
		}
		return err
	})
	r, c, _ := p.online()
	c.send(displayedXML, "ann@example.org/x", "3")
	c.barrier()
	for i, want := range []storage.MessageState{storage.StateRead, storage.StateSent, storage.StateRead, storage.StateRead} {
		if m := r.messages(chat.ID)[i]; m.State != want {
			t.Errorf("message %d: %+v", i, m)
		}
	}
}

// TestLongWayBack holds that one marker raises no more than maxEarlier.
func TestLongWayBack(t *testing.T) {
	p := newProfile(t)
	id := p.addStored()
	chat := storage.Chat{Account: id, JID: ann}
	last := ""
	p.update(func(tx *storage.Tx) error {
		err := tx.PutChat(&chat)
		for i := 0; err == nil && i < maxEarlier+earlierPage; i++ {
			last = fmt.Sprint("m", i)
			err = tx.AddMessage(&storage.Message{Chat: chat.ID, Out: true, State: storage.StateSent, ID: last, Pos: storage.Pos{Time: int64(i + 1)}})
		}
		return err
	})
	r, c, _ := p.online()
	c.send(displayedXML, "ann@example.org/x", last)
	c.barrier()
	read := 0
	page, err := r.Before(chat.ID, storage.Pos{}, 2*maxEarlier)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range page.Messages {
		if m.State == storage.StateRead {
			read++
		}
	}
	if read != maxEarlier+1 {
		t.Errorf("%d are read, want %d", read, maxEarlier+1)
	}
}
