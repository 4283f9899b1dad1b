//go:build linux

package e2e

import (
	"strings"
	"testing"

	"linnet/account/servertest"
)

// TestFirstConversation is the way of somebody new: signing in by keyboard,
// seeing a contact come online, writing, being answered, and finding it all
// again after a restart.
func TestFirstConversation(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a server and an X server")
	}
	r := newRun(t, servertest.Options{
		Users:   map[string]string{"romeo": "wherefore art thou", "juliet": "a rose"},
		Friends: true,
	})
	r.start()
	r.signIn("romeo")
	juliet := startPeer(t, r.server, "juliet")
	us := juliet.wait("presence of ours", func(e event) bool {
		return e.Event == "presence" && e.Type == "available" && strings.HasPrefix(e.JID, "romeo@linnet.test/linnet.")
	})

	r.openChat("juliet@linnet.test")
	online := r.shot()
	juliet.do("presence", "dnd", "do not disturb me now")
	r.changes("the contact became busy", online)

	r.write("But soft, what light")
	r.key("Return")
	got := juliet.message("But soft, what light")
	if got.JID != us.JID || got.Type != "chat" {
		t.Errorf("got %+v", got)
	}
	before := r.shot()
	juliet.do("send", us.JID, "It is the east")
	r.changes("an answer came", before)
	// Shift+Return breaks the line; what is on no key is pasted.
	r.write("and Juliet")
	r.key("shift+Return")
	r.write("is the ")
	r.must(r.desktop.SetClipboard(r.ctx, "sün ☀"))
	r.key("ctrl+v")
	r.settle()
	r.key("Return")
	juliet.message("and Juliet\nis the sün ☀")
	r.transcript("But soft, what light", "It is the east", "is the sün ☀")

	r.quit()
	juliet.wait("leaving", func(e event) bool { return e.Event == "presence" && e.Type == "unavailable" && e.JID == us.JID })
	juliet.do("send", "romeo@linnet.test", "while you were away")

	r.start()
	again := juliet.wait("return", func(e event) bool { return e.Event == "presence" && e.Type == "available" })
	if again.JID != us.JID {
		t.Errorf("the resource changed from %s to %s", us.JID, again.JID)
	}
	r.title("(1)")
	// A second start hands its address over; the cursor is then in the composer.
	r.secondStart("xmpp:juliet@linnet.test?message")
	r.title("juliet")
	r.settle()
	r.write("back again")
	r.key("Return")
	juliet.message("back again")
	r.transcript("But soft, what light", "It is the east", "is the sün ☀", "while you were away", "back again")
	r.quit()
}

// TestServerByHand signs in where the server is named before the first try:
// the part of the page for that is folded away, and opens by keyboard.
func TestServerByHand(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a server and an X server")
	}
	r := newRun(t, servertest.Options{
		Users:   map[string]string{"romeo": "wherefore art thou", "juliet": "a rose"},
		Friends: true,
	})
	juliet := startPeer(t, r.server, "juliet")
	r.start()
	r.firstField("romeo@linnet.test")
	r.key("Tab")
	r.write(r.server.Password("romeo"))
	r.key("Tab", "Tab") // over the button that shows the password
	r.key("space")
	r.settle()
	r.nameServer()
	juliet.wait("presence", func(e event) bool { return e.Event == "presence" && e.Type == "available" })
	r.quit()
}
