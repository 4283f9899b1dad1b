package stream

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mellium.im/xmpp/jid"
)

type versionQuery struct {
	XMLName xml.Name `xml:"jabber:iq:version query"`
	Name    string   `xml:"name,omitempty"`
}

func TestMayAnswer(t *testing.T) {
	const us, bare, server = "alice@example.org/linnet.test", "alice@example.org", "example.org"
	for _, row := range []struct {
		asked, from string
		want        bool
	}{
		{"", "", true},
		{"", bare, true},
		{"", us, true},
		{"", server, true},
		{"", "alice@example.org/other", false},
		{"", "evil@example.test", false},
		{"", "@@@/", false},
		{"", "ALICE@example.org", true},
		{bare, "", true},
		{bare, bare, true},
		{bare, server, true},
		{bare, "evil@example.test", false},
		{server, "", true},
		{server, server, true},
		{server, "EXAMPLE.org", true},
		{server, bare, true},
		{server, "other.example.org", false},
		{us, us, true},
		{us, "", true},
		{"bank@example.test", "bank@example.test", true},
		{"bank@example.test", "Bank@Example.Test", true},
		{"bank@example.test", "bank@example.test/x", false},
		{"bank@example.test/x", "bank@example.test", false},
		{"bank@example.test", "evil@example.test", false},
		{"bank@example.test", "", false},
		{"bank@example.test", bare, false},
		{"bank@example.test", server, false},
		{"alice@example.org/other", "alice@example.org/other", true},
		{"alice@example.org/other", bare, false},
	} {
		tr := newTracker(jid.MustParse(us))
		var asked jid.JID
		if row.asked != "" {
			asked = jid.MustParse(row.asked)
		}
		taken := false
		id, err := tr.add(asked, func(*Stanza) { taken = true })
		if err != nil {
			t.Fatal(err)
		}
		ok := tr.deliver(&Stanza{Kind: IQ, Type: "result", ID: id, From: parseAddress(row.from, new(Address))})
		if ok != row.want || taken != row.want {
			t.Errorf("asked %q, answer from %q: %v, %v, want %v", row.asked, row.from, ok, taken, row.want)
		}
		if row.want && tr.deliver(&Stanza{Kind: IQ, Type: "result", ID: id, From: parseAddress(row.from, new(Address))}) {
			t.Errorf("a second answer from %q was taken", row.from)
		}
	}
}

func TestAnswers(t *testing.T) {
	bank := jid.MustParse("bank@example.test")
	for _, row := range []struct {
		name   string
		answer string // %s is the id
		want   string
		err    error
	}{
		{name: "result", answer: `<iq type='result' from='bank@example.test' id='%s'><query xmlns='jabber:iq:version'><name>Vault</name></query></iq>`, want: "Vault"},
		{name: "empty result", answer: `<iq type='result' from='bank@example.test' id='%s'/>`, want: "unset"},
		{
			name: "error", answer: `<iq type='error' from='bank@example.test' id='%s'><query xmlns='jabber:iq:version'/><error type='auth' by='example.test'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Closed</text></error></iq>`,
			want: "unset", err: &StanzaError{Type: "auth", Condition: "forbidden", Text: "Closed", By: "example.test"},
		},
		{
			name: "error without detail", answer: `<iq type='error' from='bank@example.test' id='%s'/>`,
			want: "unset", err: &StanzaError{Type: "cancel", Condition: "undefined-condition"},
		},
		{
			name: "another answers first",
			answer: `<iq type='result' from='evil@example.test' id='%[1]s'><query xmlns='jabber:iq:version'><name>Evil</name></query></iq>` +
				`<iq type='result' id='%[1]s'><query xmlns='jabber:iq:version'><name>Evil</name></query></iq>` +
				`<iq type='error' from='alice@example.org' id='%[1]s'/>` +
				`<iq type='result' from='bank@example.test' id='%[1]s'><query xmlns='jabber:iq:version'><name>Vault</name></query></iq>`,
			want: "Vault",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := newWorld(t, nil)
				defer w.end()
				p := w.online()
				go func() {
					q := p.next()
					if q.Type != "get" || q.To != bank.String() || !strings.Contains(q.Inner, "jabber:iq:version") {
						t.Errorf("request is %s", q.raw)
					}
					p.send(fmt.Sprintf(row.answer, q.ID))
					p.obey()
				}()
				v := versionQuery{Name: "unset"}
				err := w.IQ(t.Context(), bank, "get", versionQuery{}, &v)
				if v.Name != row.want {
					t.Errorf("result %q, want %q", v.Name, row.want)
				}
				if row.err == nil {
					if err != nil {
						t.Error(err)
					}
					return
				}
				var got *StanzaError
				if !errors.As(err, &got) || *got != *row.err.(*StanzaError) {
					t.Errorf("error %#v, want %#v", err, row.err)
				}
			})
		})
	}
}

func TestNothingIsSentWithoutLink(t *testing.T) {
	c := New(Config{}, newRecorder())
	if err := c.Send(versionQuery{}); !errors.Is(err, ErrOffline) {
		t.Errorf("Send: %v", err)
	}
	if _, err := c.Post(versionQuery{}); !errors.Is(err, ErrOffline) {
		t.Errorf("Post: %v", err)
	}
	if err := c.IQ(t.Context(), jid.JID{}, "get", versionQuery{}, nil); !errors.Is(err, ErrOffline) {
		t.Errorf("IQ: %v", err)
	}
	c.Retry()
	if s := c.State(); s.Phase != Stopped {
		t.Errorf("State: %+v", s)
	}
}

func TestAnswerAsStanza(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		go func() {
			q := p.next()
			if q.To != "" {
				t.Errorf("a request to our own account goes to %q", q.To)
			}
			p.send("<iq type='result' id='" + q.ID + "'><a xmlns='b'/></iq>")
			p.obey()
		}()
		var st Stanza
		if err := w.IQ(t.Context(), jid.JID{}, "set", versionQuery{}, &st); err != nil {
			t.Fatal(err)
		}
		if !st.Child(xml.Name{Space: "b", Local: "a"}) || st.Type != "result" {
			t.Errorf("answer %+v", st)
		}
	})
}

func timedOut(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	t.Cleanup(cancel)
	return ctx
}

// The requests of this test never get an answer.
func TestRequestsEnd(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		go p.obey()
		if err := w.IQ(t.Context(), jid.JID{}, "result", versionQuery{}, nil); err == nil {
			t.Error("a request of type result was sent")
		}
		if err := w.IQ(timedOut(t), jid.JID{}, "get", versionQuery{}, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with a deadline: %v", err)
		}
		begun := time.Now()
		if err := w.IQ(context.Background(), jid.JID{}, "get", versionQuery{}, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("without a deadline: %v", err)
		}
		if took := time.Since(begun); took != requestTimeout {
			t.Errorf("without a deadline: after %v", took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := w.IQ(ctx, jid.JID{}, "get", versionQuery{}, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		s, err := w.current()
		if err != nil {
			t.Fatal(err)
		}
		s.track.mu.Lock()
		if n := len(s.track.pending); n > 1 { // one may be a ping
			t.Errorf("%d requests that ended are still remembered", n)
		}
		s.track.mu.Unlock()
		begun = time.Now()
		time.AfterFunc(time.Second, func() { p.conn.Close() })
		if err := w.IQ(t.Context(), jid.JID{}, "get", versionQuery{}, nil); !errors.Is(err, ErrOffline) {
			t.Errorf("link lost: %v", err)
		}
		if took := time.Since(begun); took != time.Second {
			t.Errorf("link lost: after %v", took)
		}
	})
}

func TestRequestsEndWithTheirLink(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		for n := range 20 {
			p := w.online()
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for {
						err := w.IQ(t.Context(), jid.MustParse("example.org"), "get", pingOut{}, nil)
						if err != nil {
							if !errors.Is(err, ErrOffline) {
								t.Errorf("request: %v", err)
							}
							return
						}
					}
				})
			}
			for range n {
				p.send("<iq type='result' id='" + p.next().ID + "'/>")
			}
			p.conn.Close()
			wg.Wait()
		}
		go w.online().obey()
	})
}

func TestRequestFromHandler(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		answers := make(chan error, 10)
		w := newWorld(t, func(w *world) {
			w.handle = func([]*Stanza) error {
				answers <- w.IQ(t.Context(), jid.MustParse("example.org"), "get", pingOut{}, nil)
				return nil
			}
		})
		defer w.end()
		p := w.online()
		go p.obey()
		p.send("<message><body>x</body></message>")
		if err := <-answers; err != nil {
			t.Error(err)
		}
	})
}

func TestReplies(t *testing.T) {
	const request = `<iq type='get' id='q%d' from='bob@example.test/x'><query xmlns='jabber:iq:version'/></iq>`
	inBubble(t, func(t *testing.T) {
		var later *Stanza
		n := 0
		w := newWorld(t, func(w *world) {
			w.handle = func(b []*Stanza) error {
				for _, st := range b {
					switch n++; n {
					case 1:
						if err := w.Reply(st, versionQuery{Name: "Linnet"}); err != nil {
							t.Error(err)
						}
						if err := w.Reply(st, nil); !errors.Is(err, ErrAnswered) {
							t.Errorf("second answer: %v", err)
						}
					case 2:
						e := StanzaError{Type: "auth", Condition: "forbidden", Text: "No <access>"}
						if err := w.ReplyError(st, e); err != nil {
							t.Error(err)
						}
					case 3:
						w.Later(st)
						later = st
					case 4:
						return errors.New("not handled")
					case 5:
						if err := w.Reply(st, nil); !errors.Is(err, ErrAnswered) {
							t.Errorf("answer to a message: %v", err)
						}
					}
				}
				return nil
			}
		})
		defer w.end()
		p := w.online()
		for i, want := range []string{"<name>Linnet</name>", "No &lt;access&gt;", "", "service-unavailable"} {
			p.send(fmt.Sprintf(request, i+1))
			<-w.batches
			if want == "" {
				continue
			}
			got := p.next()
			if got.ID != fmt.Sprintf("q%d", i+1) || got.To != "bob@example.test/x" || !strings.Contains(got.Inner, want) {
				t.Errorf("answer %d is %s", i+1, got.raw)
			}
			synctest.Wait()
		}
		p.send("<message type='get' id='m'><body>x</body></message>")
		<-w.batches
		if err := w.Reply(later, nil); err != nil {
			t.Error(err)
		}
		if got := p.next(); got.ID != "q3" || got.Type != "result" {
			t.Errorf("late answer is %s", got.raw)
		}
		go p.obey()

		p.send(fmt.Sprintf(request, 6))
		<-w.batches
		var last *Stanza
		w.handle = func(b []*Stanza) error { last = b[0]; w.Later(last); return nil }
		p.send(fmt.Sprintf(request, 7))
		<-w.batches
		p.conn.Close()
		p = w.online()
		go p.obey()
		if err := w.Reply(last, nil); !errors.Is(err, ErrOffline) {
			t.Errorf("answer over another link: %v", err)
		}
	})
}
