package stream

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// newManagedWorld is a world whose servers offer stream management; each link
// begins behind signing in.
func newManagedWorld(t *testing.T, set func(*world)) *world {
	return newWorld(t, func(w *world) {
		w.connect = connectManaged
		if set != nil {
			set(w)
		}
	})
}

func connectManaged(ctx context.Context, cfg *Config) (*link, error) {
	conn, err := cfg.Dial(ctx, "tcp", "example.org:5222")
	if err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	in := newFramer(conn, afterBind)
	in.opened = true
	n := &negotiation{
		connector: &connector{cfg: cfg, trace: cfg.trace, log: slog.New(slog.DiscardHandler)},
		conn:      conn, in: in, header: []byte(onlineHeader),
	}
	offer := element{Children: []element{{XMLName: xml.Name{Space: nsSM, Local: "sm"}}}}
	bound, err := n.enter(&offer)
	if err == nil {
		err = conn.SetDeadline(time.Time{})
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	l := testLink(conn)
	l.info.JID, l.info.Resumed = bound, n.resumed != nil
	l.managed, l.resumed, l.early = n.managed, n.resumed, n.early
	return l, nil
}

const (
	enabledText = "<enabled xmlns='" + nsSM + "' id='s&lt;1' resume='true' max='300'/>"
	askText     = "<r xmlns='" + nsSM + "'/>"
)

func ackText(h any) string { return fmt.Sprintf("<a xmlns='%s' h='%v'/>", nsSM, h) }

// begin answers a client that wants a new stream.
func (p *peer) begin(enabled string) {
	p.t.Helper()
	p.beginWith(p.next(), enabled)
}

func (p *peer) beginWith(bind sent, enabled string) {
	p.t.Helper()
	if bind.ID != string(StepBind) {
		p.t.Fatalf("got %s, not a wish to bind", bind.raw)
	}
	p.send("<iq type='result' id='" + bind.ID + "'><bind xmlns='" + nsBind + "'><jid>" + testSelf.String() + "</jid></bind></iq>")
	if s := p.next(); s.XMLName != (xml.Name{Space: nsSM, Local: "enable"}) {
		p.t.Fatalf("got %s, not a wish for stream management", s.raw)
	}
	p.send(enabled)
}

// resume reads the wish to resume and answers it.
func (p *peer) resume(h uint32, answer string) {
	p.t.Helper()
	want := fmt.Sprintf("<resume xmlns='%s' previd='s&lt;1' h='%d'/>", nsSM, h)
	if s := p.next(); s.raw != want {
		p.t.Fatalf("got %s, want %s", s.raw, want)
	}
	p.send(answer)
}

func resumedText(h any) string {
	return fmt.Sprintf("<resumed xmlns='%s' previd='s&lt;1' h='%v'/>", nsSM, h)
}

// count reads what the client says it has handled, skipping stanzas.
func (p *peer) count() string {
	p.t.Helper()
	for {
		s := p.next()
		if s.XMLName == (xml.Name{Space: nsSM, Local: "a"}) {
			return strings.TrimSuffix(strings.TrimPrefix(s.raw, "<a xmlns='"+nsSM+"' h='"), "'/>")
		}
	}
}

// expect reads elements by their raw text or the text in them; "r" is a
// question.
func (p *peer) expect(want ...string) {
	p.t.Helper()
	for _, text := range want {
		s := p.next()
		if text == "r" {
			text = askText
		}
		if !strings.Contains(s.raw, text) {
			p.t.Fatalf("got %s, want %s", s.raw, text)
		}
	}
}

// serve answers questions with a growing count, and the goodbye.
func (p *peer) serve(got uint32) {
	for {
		s, err := p.read()
		switch {
		case err != nil:
			p.conn.Close()
			return
		case isStanza(s.XMLName.Local):
			got++
		case s.XMLName.Local == "r":
			p.send(ackText(got))
		}
	}
}

type line struct {
	XMLName xml.Name `xml:"message"`
	Body    string   `xml:"body"`
}

func (w *world) post(s string) uint64 {
	w.t.Helper()
	n, err := w.Post(line{Body: s})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// ids gives the stanzas of the next n that were handed over.
func (w *world) ids(n int) (ids []string) {
	w.t.Helper()
	for len(ids) < n {
		select {
		case b := <-w.batches:
			for _, st := range b {
				ids = append(ids, st.ID)
			}
		case <-time.After(time.Hour):
			w.t.Fatalf("%d of %d stanzas came: %v", len(ids), n, ids)
		}
	}
	return ids
}

// begin waits for the next link, answers that a new stream begins on it, and
// waits for the state that tells of it.
func (w *world) begin(enabled string) *peer {
	w.t.Helper()
	p := w.link()
	p.begin(enabled)
	w.until(w.t, Online)
	return p
}

// link waits for the next link.
func (w *world) link() *peer {
	w.t.Helper()
	select {
	case p := <-w.links:
		return p
	case <-time.After(time.Hour):
		w.t.Fatal("no link")
		return nil
	}
}

func TestResume(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newManagedWorld(t, nil)
		defer w.end()
		p := w.link()
		p.begin(enabledText)
		if s := w.until(t, Online); s.Info.Resumed || s.Resumable {
			t.Errorf("at first: %+v", s)
		}
		first := w.post("one")
		p.expect("one", "r")
		p.send(ackText(1))
		if got := <-w.acks; got != first {
			t.Errorf("confirmed %d, want %d", got, first)
		}
		p.send(numbered(0, 3))
		if got := w.ids(3); !slices.Equal(got, []string{"0", "1", "2"}) {
			t.Errorf("received %v", got)
		}
		second := w.post("two")
		p.expect("two", "r")
		answer := make(chan error, 1)
		go func() { answer <- w.IQ(t.Context(), testSelf.Domain(), "get", pingOut{}, nil) }()
		request := p.next()
		third := w.post("three")
		p.expect("three")
		p.conn.Close()
		s := w.until(t, Waiting)
		if !s.Resumable || time.Until(s.RetryAt) > resumeDelay*3/2 {
			t.Errorf("after the loss: %+v", s)
		}
		if s = w.until(t, Connecting); !s.Resumable {
			t.Errorf("connecting again: %+v", s)
		}
		if _, err := w.Post(line{}); !errors.Is(err, ErrOffline) {
			t.Errorf("posted without a link: %v", err)
		}

		p = w.link()
		p.resume(3, resumedText(2))
		if s = w.until(t, Online); !s.Info.Resumed || !s.Info.JID.Equal(testSelf) {
			t.Errorf("resumed: %+v", s)
		}
		if got := <-w.acks; got != second {
			t.Errorf("confirmed %d, want %d", got, second)
		}
		p.expect(request.raw, "three", "r")
		p.send("<iq type='result' id='" + request.ID + "' from='example.org'/>" + ackText(4))
		if err := <-answer; err != nil {
			t.Errorf("a request across two links: %v", err)
		}
		if got := <-w.acks; got != third {
			t.Errorf("confirmed %d, want %d", got, third)
		}
		p.send(numbered(3, 1))
		if got := w.ids(1); got[0] != "3" {
			t.Errorf("received %v", got)
		}
		synctest.Wait()
		p.send(askText)
		if got := p.count(); got != "5" {
			t.Errorf("handled %s", got)
		}
		go p.serve(4)
	})
}

// TestHandledIsWhatIsCounted holds the Handler: what it has not taken yet is
// not acknowledged, and is neither lost nor handled twice across a cut.
func TestHandledIsWhatIsCounted(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		release := make(chan struct{})
		w := newManagedWorld(t, func(w *world) {
			w.handle = func([]*Stanza) error { <-release; return nil }
		})
		defer w.end()
		p := w.begin(enabledText)
		p.send(numbered(0, 1))
		synctest.Wait()
		p.send(numbered(1, 2) + "<iq type='result' id='nobody'/>" + askText)
		if got := p.count(); got != "0" {
			t.Errorf("while the Handler is at work: %s", got)
		}
		p.conn.Close()
		p = w.link()
		p.resume(0, resumedText(0))
		p.send(numbered(0, 3) + "<iq type='result' id='nobody'/>" + numbered(3, 1) + askText)
		if got := p.count(); got != "0" {
			t.Errorf("while the Handler is still at work: %s", got)
		}
		close(release)
		if got := w.ids(4); !slices.Equal(got, []string{"0", "1", "2", "3"}) {
			t.Errorf("received %v", got)
		}
		if got := p.count(); got != "5" { // by itself, since it was asked
			t.Errorf("in the end: %s", got)
		}
		synctest.Wait()
		if len(w.batches) > 0 {
			t.Errorf("twice: %+v", (<-w.batches)[0])
		}
		go p.serve(0)
	})
}

// TestRefusedStanzasComeAgain has the Handler fail, as with a full disk.
func TestRefusedStanzasComeAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var fails atomic.Int32
		fails.Store(1)
		w := newManagedWorld(t, func(w *world) {
			w.handle = func(b []*Stanza) error {
				bad := slices.ContainsFunc(b, func(st *Stanza) bool { return st.ID == "1" })
				if bad && fails.Add(-1) >= 0 {
					return errors.New("disk full")
				}
				return nil
			}
		})
		defer w.end()
		p := w.begin(enabledText)
		p.send(numbered(0, 1))
		if got := w.ids(1); got[0] != "0" {
			t.Errorf("received %v", got)
		}
		p.send(numbered(1, 1))
		s := w.until(t, Waiting)
		if !errors.Is(s.Err, errRefused) || !s.Resumable {
			t.Errorf("after a failure: %+v", s)
		}
		if got := w.ids(1); got[0] != "1" { // the one that failed
			t.Errorf("received %v", got)
		}
		p = w.link()
		p.resume(1, resumedText(0))
		p.send(numbered(1, 2))
		if got := w.ids(2); !slices.Equal(got, []string{"1", "2"}) {
			t.Errorf("received %v", got)
		}
		p.send(askText)
		if got := p.count(); got != "3" {
			t.Errorf("handled %s", got)
		}
		// One that nobody can handle does not hold up the others for ever.
		fails.Store(1000)
		for range maxRefusals {
			p.send(numbered(1, 1))
			w.until(t, Waiting)
			p = w.link()
			p.resume(3, resumedText(0))
		}
		p.send(numbered(1, 1) + numbered(4, 1))
		for w.ids(1)[0] != "4" {
		}
		p.send(askText)
		if got := p.count(); got != "5" {
			t.Errorf("handled %s", got)
		}
		go p.serve(0)
	})
}
