package account

import (
	"fmt"
	"testing"

	"linnet/account/stream"
	"linnet/storage"
)

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
