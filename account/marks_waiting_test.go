package account

import (
	"testing"

	"linnet/storage"
)

// TestMarkerBeforeReceipt has a marker come for a message while those before it
// still wait, as after a cut: once a receipt says that they have come, they were
// read as well.
func TestMarkerBeforeReceipt(t *testing.T) {
	_, r, c, _, chat := outgoing(t)
	ids := []string{c.message().attr("id")}
	for _, body := range []string{"second", "third"} {
		if err := r.Send(t.Context(), chat.ID, Text{Body: body}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.message().attr("id"))
	}
	c.send(displayedXML, "ann@example.org/x", ids[2])
	c.send(receiptXML, "ann@example.org/x", ids[0])
	c.send(receiptXML, "ann@example.org/x", ids[1])
	c.barrier()
	for _, m := range r.messages(chat.ID) {
		if m.State != storage.StateRead {
			t.Errorf("%q has state %d", m.Body, m.State)
		}
	}
}
