package account

import (
	"fmt"
	"testing"
	"time"

	"linnet/storage"
)

// TestStrangersLeaveLittle fills the archive with what thousands of made-up
// addresses say about messages that are not there. Of them together no more is
// kept than of one conversation, and of who says such things live, nothing.
func TestStrangersLeaveLittle(t *testing.T) {
	const forged = 10_000
	s := newScene(t)
	who := func(i int) string { return fmt.Sprintf("s%d@bad.example", i) }
	saying := func(i int) string {
		what := []string{
			fmt.Sprintf(takenXML, "m"), fmt.Sprintf(thinks, "m", "👍"),
			"<received xmlns='urn:xmpp:receipts' id='m'/>", "<displayed xmlns='urn:xmpp:chat-markers:0' id='m'/>",
		}[i%4]
		return fmt.Sprintf(annotate, "chat", who(i)+"/x", fmt.Sprint("f", i), what)
	}
	w := newSweep(FromCatchUp, false)
	for end := forged; end > 0; end -= archivePage {
		var page []kept
		for i := end - archivePage; i < end; i++ {
			page = append(page, kept{id: fmt.Sprint("a", i), stamp: s.at.Add(time.Duration(i-forged) * time.Second), xml: saying(i)})
		}
		s.page(w, page)
	}
	for i := range 100 {
		s.live(saying(forged + i))
	}
	notes := 0
	s.must(s.store.View(func(tx *storage.Tx) error {
		for i := range forged + 100 {
			waiting, err := tx.Notes(s.a.id, unknownPeers, false, waitsFor(unknownPeers, who(i), "m"))
			if err != nil {
				return err
			}
			notes += len(waiting)
			if tx.HasMarks(s.a.id, who(i)) || tx.HasNotes(s.a.id, who(i)) {
				t.Errorf("%s has left something", who(i))
			}
		}
		chats, err := tx.Chats(s.a.id)
		if len(chats) != 0 {
			t.Errorf("%d conversations", len(chats))
		}
		return err
	}))
	if notes != storage.MaxNotes {
		t.Errorf("%d notes are kept", notes)
	}
	if n := len(s.a.marks.theirs.values); n != 0 {
		t.Errorf("%d marks are kept", n)
	}
	// What is kept counts when its message comes.
	message := fmt.Sprintf(annotate, "chat", who(0)+"/x", "m", "<body>Buy this</body>")
	s.page(w, []kept{{id: "older", stamp: s.at.Add(-forged * time.Hour), xml: message}})
	s.must(s.store.View(func(tx *storage.Tx) error {
		chat, _, err := tx.FindChat(s.a.id, who(0))
		if err != nil {
			return err
		}
		if m, ok, err := tx.FindMessage(chat.ID, storage.ByID, "m"); !ok || err != nil || m.RetractedAt == 0 || m.Body != "" {
			t.Errorf("what was taken back is %+v, %v", m, err)
		}
		return nil
	}))
}
