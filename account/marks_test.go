package account

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"linnet/account/stream"
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

// answersOf gives the receipts and markers that were sent so far, by what they
// say, without their own ids.
func (c *fakeConn) answersOf() (list []string) {
	c.barrier()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.missed {
		if e.XMLName.Local == "message" && contains(e.Inner, "hints") {
			list = append(list, e.attr("type")+" "+e.attr("to")+" "+e.Inner)
		}
	}
	return list
}

func received(to, id string) string {
	return "chat " + to + ` <received xmlns="urn:xmpp:receipts" id="` + id + `"></received><store xmlns="urn:xmpp:hints"></store>`
}

func shown(to, id string) string {
	return "chat " + to + ` <displayed xmlns="urn:xmpp:chat-markers:0" id="` + id + `"></displayed><store xmlns="urn:xmpp:hints"></store>`
}

// TestReceiptsAreForContacts holds who gets a receipt: contacts who see us and
// ask for it, once for each message.
func TestReceiptsAreForContacts(t *testing.T) {
	_, r, c, id := withRoster(t)
	send := func(typ, from, id string) { c.send(wantsXML, typ, from, id) }
	send("chat", "ann@example.org/x", "1")
	send("chat", "ann@example.org/x", "1")
	send("normal", "ann@example.org/y", "2")
	send("chat", "ann@example.org/x", "")
	send("chat", "bob@example.org/x", "4") // does not see us
	send("chat", "stranger@example.org/x", "5")
	send("groupchat", "ann@example.org/x", "6")
	send("headline", "ann@example.org/x", "7")
	send("error", "ann@example.org/x", "8")
	send("chat", testAddress+"/phone", "9")
	c.send("<message type='chat' from='ann@example.org/x' id='10'><body>not asked</body></message>")
	c.send("<message type='chat' from='ann@example.org/x' id='11'><request xmlns='urn:xmpp:receipts'/></message>")
	want := []string{received("ann@example.org/x", "1"), received("ann@example.org/y", "2")}
	if got := c.answersOf(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}

	// The account says no, the conversation yes, and the other way round.
	chat := r.chat(ann)
	if err := r.SetReceipts(t.Context(), id, false, true); err != nil {
		t.Fatal(err)
	}
	send("chat", "ann@example.org/x", "20")
	c.barrier()
	if err := r.SetChatReceipts(chat.ID, storage.ChoiceYes, storage.ChoiceDefault); err != nil {
		t.Fatal(err)
	}
	send("chat", "ann@example.org/x", "21")
	c.barrier()
	if err := r.SetReceipts(t.Context(), id, true, true); err != nil {
		t.Fatal(err)
	}
	if err := r.SetChatReceipts(chat.ID, storage.ChoiceNo, storage.ChoiceDefault); err != nil {
		t.Fatal(err)
	}
	send("chat", "ann@example.org/x", "22")
	want = append(want, received("ann@example.org/x", "21"))
	if got := c.answersOf(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("with switches got %v\nwant %v", got, want)
	}
}

// TestLateReceiptsAreBounded holds that of what was missed only so much is
// answered, and of what is old nothing.
func TestLateReceiptsAreBounded(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	asked := make([]storage.Message, maxLateReceipts)
	for i := range asked {
		asked[i] = storage.Message{Chat: chat.ID, From: "ann@example.org/x", ID: fmt.Sprint(i)}
	}
	r.inAccount(id, func(a *Account) {
		a.answerReceipts(asked, FromHistory)
		a.answerReceipts(asked[:10], FromCatchUp)
		a.answerReceipts(asked, FromCatchUp)
		a.answerReceipts(asked[:1], Live)
	})
	if n := len(c.answersOf()); n != maxLateReceipts+1 {
		t.Errorf("%d receipts, want %d", n, maxLateReceipts+1)
	}
}

// TestReceiptsWaitForALink holds that what came before a link was lost is
// answered on the next one.
func TestReceiptsWaitForALink(t *testing.T) {
	p, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	if err := r.SetEnabled(t.Context(), id, false); err != nil {
		t.Fatal(err)
	}
	c.presence("unavailable")
	r.eventually("signed out", func() bool { return r.phase(id).Phase == stream.Stopped })
	r.inAccount(id, func(a *Account) {
		a.answerReceipts([]storage.Message{{Chat: chat.ID, From: "ann@example.org/x", ID: "1"}}, Live)
		a.answerReceipts(nil, Live)
	})
	if err := r.SetEnabled(t.Context(), id, true); err != nil {
		t.Fatal(err)
	}
	c = p.server.next()
	c.presence("")
	if got, want := c.answersOf(), []string{received("ann@example.org/x", "1")}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestMarksAreToldUntilTheServerHasThem holds that a link which is lost, or the
// end of the program, before the server has a receipt or a marker costs neither.
func TestMarksAreToldUntilTheServerHasThem(t *testing.T) {
	p, r, c, id := withRoster(t)
	p.server.set(func() { p.server.silent = true })
	c.send(wantsXML, "chat", "ann@example.org/x", "1")
	c.barrier()
	chat := r.chat(ann)
	if err := r.MarkRead(chat.ID, chat.Last.Pos); err != nil {
		t.Fatal(err)
	}
	want := []string{received("ann@example.org/x", "1"), shown(ann, "1")}
	told := func(c *fakeConn, want []string) {
		t.Helper()
		r.eventually(fmt.Sprint(len(want), " marks"), func() bool { return len(c.answersOf()) >= len(want) })
		if got := c.answersOf(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	}
	told(c, want)
	c.cut()
	c = p.server.next()
	c.presence("")
	told(c, want) // again, on the next stream

	r.stop()
	p.server.set(func() { p.server.silent = false })
	r, c, _ = p.online()
	told(c, want[1:]) // the marker is on disk, a receipt is found by the archive
	r.allTold(id)
	c.cut()
	c = p.server.next()
	c.presence("")
	r.synced(id)
	told(c, nil)
}

// TestReceiptsOfOtherDevices holds that what was missed has no second receipt
// where another of our devices has given one, and that only they can say so.
func TestReceiptsOfOtherDevices(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	c.send(sentCarbon, testAddress, "x", "<received xmlns='urn:xmpp:receipts' id='1'/>")
	c.send(sentCarbon, ann, "x", "<received xmlns='urn:xmpp:receipts' id='2'/>")
	c.send(receiptXML, "ann@example.org/x", "3")
	c.barrier()
	r.inAccount(id, func(a *Account) {
		var asked []storage.Message
		for _, id := range []string{"1", "2", "3"} {
			asked = append(asked, storage.Message{Chat: chat.ID, From: "ann@example.org/x", ID: id})
		}
		a.answerReceipts(asked, FromCatchUp)
	})
	want := []string{received("ann@example.org/x", "2"), received("ann@example.org/x", "3")}
	if got := c.answersOf(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestAskingForMarks holds that only contacts who would be told by us are asked
// to tell us.
func TestAskingForMarks(t *testing.T) {
	_, r, c, id := withRoster(t)
	asks := func(address string) (receipt, marker bool) {
		t.Helper()
		if err := r.Send(t.Context(), r.opened(id, address).ID, Text{Body: "hello"}); err != nil {
			t.Fatal(err)
		}
		e := c.message()
		return contains(e.Inner, `<request xmlns="urn:xmpp:receipts">`), contains(e.Inner, `<markable xmlns="urn:xmpp:chat-markers:0">`)
	}
	for address, want := range map[string]bool{ann: true, "bob@example.org": false, "stranger@example.org": false, testAddress: false} {
		if receipt, marker := asks(address); receipt != want || marker != want {
			t.Errorf("%s is asked: %v, %v", address, receipt, marker)
		}
	}
	if err := r.SetReceipts(t.Context(), id, true, false); err != nil {
		t.Fatal(err)
	}
	if receipt, marker := asks(ann); !receipt || marker {
		t.Errorf("without markers: %v, %v", receipt, marker)
	}
	if err := r.SetChatReceipts(r.chat(ann).ID, storage.ChoiceNo, storage.ChoiceYes); err != nil {
		t.Fatal(err)
	}
	if receipt, marker := asks(ann); receipt || !marker {
		t.Errorf("by the conversation's choice: %v, %v", receipt, marker)
	}
}
