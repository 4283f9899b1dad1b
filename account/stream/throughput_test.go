package stream

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"testing"
	"time"
)

// chatMessage is what clients send for one line of chat today.
const chatMessage = `<message xmlns='jabber:client' to='alice@example.org/linnet.test' from='bob@example.org/phone.4711' type='chat' id='8f14e45f-ceea-467f-9b1c-0d5c5e1b9c3a'>` +
	`<body>Are we still on for lunch tomorrow? The usual place?</body>` +
	`<active xmlns='http://jabber.org/protocol/chatstates'/>` +
	`<request xmlns='urn:xmpp:receipts'/>` +
	`<markable xmlns='urn:xmpp:chat-markers:0'/>` +
	`<origin-id xmlns='urn:xmpp:sid:0' id='8f14e45f-ceea-467f-9b1c-0d5c5e1b9c3a'/>` +
	`<stanza-id xmlns='urn:xmpp:sid:0' by='alice@example.org' id='1700000000000001'/>` +
	`</message>`

// deaf is a connection that takes everything and is read elsewhere.
type deaf struct{ net.Conn }

func (deaf) Write(p []byte) (int, error)      { return len(p), nil }
func (deaf) SetWriteDeadline(time.Time) error { return nil }

// playback serves what in gives, as if it came from a server, and returns why
// that ended.
func playback(in io.Reader, h Handler) error {
	c := New(Config{}, h)
	told := make(chan struct{})
	go func() {
		defer close(told)
		for {
			run, ok := c.inbox.take()
			if !ok {
				return
			}
			c.tell(run)
		}
	}()
	l := testLink(deaf{})
	l.close = func() {}
	l.in.r = in
	s := newSession(l, c.inbox, newActivity(), c.log)
	err := s.read()
	s.fail(err)
	c.inbox.close()
	<-told
	return err
}

type counter struct {
	stanzas, calls int
	decode         bool
	body           int
}

func (c *counter) StateChanged(State)  {}
func (c *counter) Acknowledged(uint64) {}
func (c *counter) Stanzas(b []*Stanza) error {
	c.calls++
	c.stanzas += len(b)
	if !c.decode {
		return nil
	}
	for _, st := range b {
		var v struct {
			Body     string    `xml:"jabber:client body"`
			Active   *struct{} `xml:"http://jabber.org/protocol/chatstates active"`
			Request  *struct{} `xml:"urn:xmpp:receipts request"`
			Markable *struct{} `xml:"urn:xmpp:chat-markers:0 markable"`
			Origin   struct {
				ID string `xml:"id,attr"`
			} `xml:"urn:xmpp:sid:0 origin-id"`
			Stanza struct {
				ID string `xml:"id,attr"`
				By string `xml:"by,attr"`
			} `xml:"urn:xmpp:sid:0 stanza-id"`
		}
		if err := st.Decode(&v); err != nil {
			return err
		}
		c.body += len(v.Body)
	}
	return nil
}

// repeat reads the same bytes n times.
type repeat struct {
	b    []byte
	n    int
	rest []byte
}

func (r *repeat) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n--
		r.rest = r.b
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// BenchmarkDispatch is the way of a chat message from the socket's bytes to
// the Handler, with and without decoding it there.
func BenchmarkDispatch(b *testing.B) {
	for _, row := range []struct {
		name   string
		decode bool
	}{{"hand over", false}, {"hand over and decode", true}} {
		b.Run(row.name, func(b *testing.B) {
			h := &counter{decode: row.decode}
			b.SetBytes(int64(len(chatMessage)))
			b.ReportAllocs()
			// Messages come many to a read, as from a server with a backlog.
			block := bytes.Repeat([]byte(chatMessage), 16)
			in := io.MultiReader(&repeat{b: block, n: b.N / 16}, &repeat{b: []byte(chatMessage), n: b.N % 16})
			if err := playback(in, h); !errors.Is(err, io.EOF) {
				b.Fatal(err)
			}
			if h.stanzas != b.N {
				b.Fatalf("%d of %d arrived", h.stanzas, b.N)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "stanzas/s")
			b.ReportMetric(float64(h.stanzas)/float64(h.calls), "stanzas/call")
		})
	}
}

// BenchmarkSend is the way of a message from the struct to the queue.
func BenchmarkSend(b *testing.B) {
	type message struct {
		XMLName struct{} `xml:"message"`
		To      string   `xml:"to,attr"`
		Type    string   `xml:"type,attr"`
		ID      string   `xml:"id,attr"`
		Body    string   `xml:"body"`
		Active  struct {
			XMLName struct{} `xml:"http://jabber.org/protocol/chatstates active"`
		}
	}
	s := newSession(testLink(deaf{}), newInbox(), newActivity(), slog.New(slog.DiscardHandler))
	b.ReportAllocs()
	for b.Loop() {
		if err := s.send(message{To: "bob@example.org", Type: "chat", ID: "8f14e45f", Body: "Are we still on?"}); err != nil {
			b.Fatal(err)
		}
		s.v.out.take(nil)
	}
}

// Whatever a server sends, reading it ends without a panic, and each stanza
// handed over can be looked at.
func FuzzDispatch(f *testing.F) {
	for _, row := range hostile {
		if len(row.xml) < 4096 {
			f.Add([]byte(row.xml))
		}
	}
	f.Add([]byte(chatMessage + chatMessage))
	f.Fuzz(func(t *testing.T, b []byte) {
		h := newRecorder()
		h.batches = make(chan []*Stanza, len(b)+1)
		h.handle = func(batch []*Stanza) error {
			for _, st := range batch {
				if st.Kind == IQ && st.Type != "get" && st.Type != "set" {
					t.Errorf("handed over an answer: %+v", st)
				}
				if st.Kind == IQ && st.payload() == nil {
					t.Errorf("handed over an empty request: %+v", st)
				}
				st.Error()
				var v counter
				v.decode = true
				_ = v.Stanzas([]*Stanza{st})
			}
			return nil
		}
		err := playback(bytes.NewReader(b), h)
		if err == nil {
			t.Error("no reason for the end")
		}
	})
}
