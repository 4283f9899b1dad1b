package stream

import (
	"encoding/xml"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mellium.im/xmpp/jid"
)

func TestPostIsConfirmed(t *testing.T) {
	type body struct {
		XMLName xml.Name `xml:"message"`
		Body    string   `xml:"body"`
	}
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		begun := time.Now()
		post := func(s string) uint64 {
			t.Helper()
			n, err := w.Post(body{Body: s})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		wantMessage := func(s string) {
			t.Helper()
			if m := p.next(); m.XMLName.Local != "message" || !strings.Contains(m.Inner, s) {
				t.Fatalf("got %s, want message %q", m.raw, s)
			}
		}
		first := post("one")
		wantMessage("one")
		ping := p.next()
		if !isPing(ping) || ping.To != "example.org" {
			t.Fatalf("behind the message comes %s", ping.raw)
		}
		second := post("two")
		third := post("three")
		wantMessage("two")
		wantMessage("three")
		if !(first < second && second < third) {
			t.Errorf("tokens %d, %d, %d", first, second, third)
		}
		synctest.Wait()
		if len(w.acks) > 0 {
			t.Error("confirmed before the answer")
		}
		p.send("<iq type='error' from='example.org' id='" + ping.ID + "'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>")
		if got := <-w.acks; got != first {
			t.Errorf("confirmed %d, want %d", got, first)
		}
		ping = p.next()
		p.send("<iq type='result' from='evil@example.test' id='" + ping.ID + "'/>")
		synctest.Wait()
		if len(w.acks) > 0 {
			t.Error("confirmed by a stranger")
		}
		p.send("<iq type='result' id='" + ping.ID + "'/>")
		if got := <-w.acks; got != third {
			t.Errorf("confirmed %d, want %d", got, third)
		}
		if took := time.Since(begun); took != 0 {
			t.Errorf("confirmations waited %v for something", took)
		}

		lost := post("four")
		wantMessage("four")
		p.next()
		p.conn.Close()
		p = w.online()
		fifth := post("five")
		wantMessage("five")
		ping = p.next()
		if fifth <= lost {
			t.Errorf("token %d after %d", fifth, lost)
		}
		synctest.Wait()
		if len(w.acks) > 0 {
			t.Error("a message of a lost link was confirmed")
		}
		p.send("<iq type='result' id='" + ping.ID + "'/>")
		if got := <-w.acks; got != fifth {
			t.Errorf("confirmed %d, want %d", got, fifth)
		}
		go p.obey()
	})
}

// Strangers who ask a lot must not keep out what the user sends.
func TestAnswersLeaveRoom(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		id := strings.Repeat("x", maxQuote)
		for range 2 * maxQueued {
			p.send("<iq type='get' from='evil@example.test/x' id='" + id + "'><ping xmlns='urn:xmpp:ping'/></iq>")
		}
		synctest.Wait()
		if _, err := w.Post(pingOut{}); err != nil {
			t.Errorf("posting behind answers: %v", err)
		}
		// What is asked with an id like this is not worth an answer.
		p.send("<iq type='get' from='evil@example.test/x' id='" + strings.Repeat("y", maxQuote+1) + "'><ping xmlns='urn:xmpp:ping'/></iq>")
		p.send("<iq type='result' from='example.org' id='z'/>")
		synctest.Wait()
		for {
			s := p.next()
			if strings.HasPrefix(s.ID, "y") {
				t.Errorf("answered an id of %d bytes", len(s.ID))
			}
			if isPing(s) && s.ID != "" { // ours, behind everything
				break
			}
		}
		go p.obey()
	})
}

func TestSendWritesCorrectXML(t *testing.T) {
	type ext struct {
		XMLName xml.Name `xml:"urn:example:ext x"`
		Lang    string   `xml:"xml:lang,attr,omitempty"`
		Text    string   `xml:"text"`
	}
	type message struct {
		XMLName xml.Name `xml:"message"`
		To      jid.JID  `xml:"to,attr"`
		Body    string   `xml:"body"`
		Ext     ext
	}
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		m := message{To: jid.MustParse(`bob@example.test/<&"'>`), Body: "a\x00b\x1b]<>&\"'\xff\u202e\r\n", Ext: ext{Lang: "en", Text: "]]>"}}
		if err := w.Send(m); err != nil {
			t.Fatal(err)
		}
		got := p.next()
		var back message
		if err := xml.Unmarshal([]byte(got.raw), &back); err != nil {
			t.Fatal(err)
		}
		if want := "a\ufffdb\ufffd]<>&\"'\ufffd\u202e\r\n"; back.Body != want {
			t.Errorf("body %q, want %q", back.Body, want)
		}
		if !back.To.Equal(m.To) || back.Ext.Text != "]]>" {
			t.Errorf("got %s", got.raw)
		}
		for _, bad := range []any{
			nil,
			[]message{m, m},
			make(chan int),
			struct {
				XMLName xml.Name `xml:"message"`
				Raw     string   `xml:",innerxml"`
			}{Raw: "</message><message>"},
			struct {
				XMLName xml.Name `xml:"message"`
				Raw     string   `xml:",innerxml"`
			}{Raw: "<!-- -->"},
		} {
			if err := w.Send(bad); err == nil {
				t.Errorf("%#v was sent", bad)
			}
		}
		if err := p.alive(""); err != nil {
			t.Error(err)
		}
		go p.obey()
	})
}
