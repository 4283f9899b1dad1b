package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/mam"
	"linnet/account/xep/stanzaid"
	"linnet/storage"
)

// sourceOf0 is the first message of withArchive as it is shown.
const sourceOf0 = `<message xmlns="jabber:client" type="chat" from="ann@example.org/x" to="me@example.test" id="of a0">
  <body>kept 0</body>
</message>`

func TestSource(t *testing.T) {
	for name, extended := range map[string]bool{"by id": true, "by time": false} {
		t.Run(name, func(t *testing.T) {
			p, f := withArchive(t)
			f.most = 2 // so that what is looked for by time is on another page
			if extended {
				p.server.features = []string{mam.NS, mam.Extended, stanzaid.NS}
			}
			for i := range 5 {
				f.keep(fmt.Sprint("b", i), f.list[2].stamp.Add(time.Duration(i)*time.Second), fmt.Sprint("close ", i))
			}
			r, _, id := p.online()
			r.synced(id)
			list := r.messages(r.chat(ann).ID)
			asked := 0
			p.server.set(func() { asked = len(f.queries) })
			if got, err := r.Source(t.Context(), list[0].Chat, list[0].Pos); err != nil || got != sourceOf0 {
				t.Errorf("%s, %v", got, err)
			}
			last := list[len(list)-1]
			if got, err := r.Source(t.Context(), last.Chat, last.Pos); err != nil || !strings.Contains(got, "<body>close 4</body>") {
				t.Errorf("%s, %v", got, err)
			}
			p.server.set(func() {
				for _, q := range f.queries[asked:] {
					if (q.field("ids") != "") != extended || (q.field("with") == ann) == extended {
						t.Errorf("asked for %+v", q.Form)
					}
				}
				f.list = slices.DeleteFunc(f.list, func(k kept) bool { return k.id == "a0" })
			})
			if got, err := r.Source(t.Context(), list[0].Chat, list[0].Pos); !errors.Is(err, ErrNoSource) {
				t.Errorf("of one that is gone: %s, %v", got, err)
			}
		})
	}
}

// TestSourceOfOwn is about what this device has sent, of which it does not know
// the id in the archive.
func TestSourceOfOwn(t *testing.T) {
	p, f := withArchive(t)
	r, c, id := p.online()
	r.synced(id)
	chat := r.chat(ann)
	source := func(want ...string) {
		t.Helper()
		list := r.messages(chat.ID)
		got, err := r.Source(t.Context(), chat.ID, list[len(list)-1].Pos)
		if err != nil || !contains(got, want...) {
			t.Errorf("%s, %v", got, err)
		}
	}
	if err := r.SetEnabled(t.Context(), id, false); err != nil {
		t.Fatal(err)
	}
	c.presence("unavailable")
	if err := r.Send(t.Context(), chat.ID, Text{Body: "a <b>"}); err != nil {
		t.Fatal(err)
	}
	source("<body>a &lt;b&gt;</body>", `<origin-id xmlns="urn:xmpp:sid:0" id="`)
	if err := r.SetEnabled(t.Context(), id, true); err != nil {
		t.Fatal(err)
	}
	c = p.server.next()
	c.presence("")
	m := c.message()
	p.server.set(func() {
		f.list = append(f.list,
			kept{id: "x1", stamp: time.Now(), with: ann, xml: "<message xmlns='jabber:client' type='chat' from='" + ann + "/x' to='" + testAddress + "' id='" + m.attr("id") + "'><body>forged</body></message>"},
			kept{id: "x2", stamp: time.Now(), with: ann, xml: "<message xmlns='jabber:client' type='chat' from='" + testAddress + "/linnet.test' to='" + ann + "' id='" + m.attr("id") + "'>" + m.Inner + "<kept/></message>"})
	})
	r.eventually("sent", func() bool {
		list := r.messages(chat.ID)
		return list[len(list)-1].State == storage.StateSent
	})
	source("<body>a &lt;b&gt;</body>", "<kept/>")
}

func TestSourceRefused(t *testing.T) {
	p, f := withArchive(t)
	r, _, id := p.online()
	r.synced(id)
	list := r.messages(r.chat(ann).ID)
	at := list[0]
	if _, err := r.Source(t.Context(), at.Chat, storage.Pos{Time: 1, Seq: 1}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}
	var refusal *stream.StanzaError
	p.server.set(func() { f.refuse = "internal-server-error" })
	if _, err := r.Source(t.Context(), at.Chat, at.Pos); !errors.As(err, &refusal) {
		t.Errorf("refused: %v", err)
	}
	p.server.set(func() { f.script = func(*fakeConn, string, asked) bool { return true } })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := r.Source(ctx, at.Chat, at.Pos); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without an answer: %v", err)
	}
	if err := r.SetEnabled(t.Context(), id, false); err != nil {
		t.Fatal(err)
	}
	r.eventually("offline", func() bool { return r.phase(id).Phase == stream.Stopped })
	if _, err := r.Source(t.Context(), at.Chat, at.Pos); !errors.Is(err, stream.ErrOffline) {
		t.Errorf("offline: %v", err)
	}
}

// TestSourceOfHostile has the archive give more than was asked for, and what is
// not meant to be seen.
func TestSourceOfHostile(t *testing.T) {
	p, f := withArchive(t)
	r, _, id := p.online()
	r.synced(id)
	list := r.messages(r.chat(ann).ID)
	at := list[0]
	body := strings.Repeat("x", maxSource) + "end"
	p.server.set(func() {
		f.script = func(c *fakeConn, _ string, q asked) bool {
			now := time.Now().UTC().Format(time.RFC3339)
			good := func(from string) string {
				return "<message xmlns='jabber:client' type='chat' from='" + from + "' to='" + testAddress + "'><body>forged</body></message>"
			}
			c.send("%s", resultOf(ann, q.QueryID, "a0", now, good(ann+"/x")))
			c.send("%s", resultOf(testAddress, "another", "a0", now, good(ann+"/x")))
			c.send("%s", resultOf(testAddress, q.QueryID, "other", now, good(ann+"/x")))
			c.send("%s", resultOf(testAddress, q.QueryID, "of bob", now, good("bob@example.org/x")))
			f.list[0].xml = "<message xmlns='jabber:client' type='chat' from='" + ann + "/x' to='" + testAddress + "' id='of a0'><x>&#x202E;</x><body>" + body + "</body></message>"
			return false
		}
	})
	got, err := r.Source(t.Context(), at.Chat, at.Pos)
	if err != nil || strings.Contains(got, "forged") || !strings.Contains(got, "<x>&#x202E;</x>") {
		t.Errorf("shown as %.200s, %v", got, err)
	}
	if len(got) > maxSource+10 || strings.Contains(got, "end") {
		t.Errorf("%d bytes are shown", len(got))
	}
}
