package account

import (
	"testing"

	"linnet/account/stream"

	"mellium.im/xmpp/jid"
)

// TestLostStreamLeavesItsQuestion has the stream end on which the archive was
// asked for messages that may have been sent: the next one has to ask, too,
// before it sends any of them again.
func TestLostStreamLeavesItsQuestion(t *testing.T) {
	_, r, _, id, _ := outgoing(t)
	var a *Account
	r.inAccount(id, func(in *Account) {
		a = in
		a.outbox.held, a.outbox.doubt = true, true
	})
	ended := stream.New(stream.Config{JID: jid.MustParse(testAddress)}, &trial{})
	a.releaseOutbox(t.Context(), ended)
	r.inAccount(id, func(a *Account) {
		if !a.outbox.held || !a.outbox.doubt {
			t.Error("what the archive was not asked for is sent again")
		}
	})
}
