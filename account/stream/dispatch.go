package stream

import (
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"mellium.im/xmpp/jid"
	mellium "mellium.im/xmpp/stream"
)

// read takes stanzas from the stream until it ends and says why it did.
func (s *session) read() error {
	for {
		err := s.readStanzas()
		if s.v.err != nil {
			return s.v.err
		}
		if fatal := new(StreamError); errors.As(err, &fatal) || errors.Is(err, ErrOffline) {
			return err
		}
		// Somebody may have sent this to end our stream: it costs only the
		// stanza. A parser that has failed is of no more use, so the next
		// stanza gets a new one.
		// The error is not logged, since it quotes the stanza.
		s.log.Debug("dropped a stanza that cannot be read")
		s.v.settle()
	}
}

// readStanzas reads with one XML session for as long as that works.
func (s *session) readStanzas() error {
	xs, err := s.v.session(s.self)
	if err != nil {
		s.v.err = &ProtocolError{Step: StepOnline, Reason: Garbage, Err: err}
		return err
	}
	r := xs.TokenReader()
	defer r.Close()
	for {
		tokens, err := readElement(r)
		if err != nil {
			return err
		}
		if tokens == nil {
			continue
		}
		st := s.parse.stanza(tokens)
		if st == nil {
			if err := s.other(tokens[0].(xml.StartElement)); err != nil {
				s.v.err = err
				return err
			}
			continue
		}
		st.size = s.v.size + tokenSize*len(tokens)
		if up, err := s.dispatch(st); err != nil {
			return err
		} else if !up {
			s.v.settle()
		}
	}
}

// readElement reads one top-level element, nil for what is between two.
func readElement(r xml.TokenReader) ([]xml.Token, error) {
	t, err := r.Token()
	if se := (mellium.Error{}); errors.As(err, &se) {
		return nil, streamError(se)
	}
	if err != nil {
		return nil, err
	}
	if _, ok := t.(xml.StartElement); !ok {
		return nil, nil
	}
	tokens := append(make([]xml.Token, 0, 16), t)
	for depth := 1; depth > 0; {
		t, err := r.Token()
		if err != nil {
			return nil, err
		}
		switch data := t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			t = data.Copy() // it points into the parser's buffer
		}
		tokens = append(tokens, t)
	}
	return tokens, nil
}

// other takes an element that is no stanza we can read.
func (s *session) other(start xml.StartElement) error {
	if start.Name.Space == nsSM {
		return s.manage(start)
	}
	s.log.Debug("dropped an element that is no stanza", "name", short(start.Name.Local))
	s.v.settle()
	return nil
}

func streamError(se mellium.Error) error {
	e := &StreamError{Step: StepOnline, Condition: short(se.Err), Host: short(se.Content)}
	if len(se.Text) > 0 {
		e.Text = short(se.Text[0].Value)
	}
	return e
}

// parser makes stanzas of tokens. It remembers the last addresses, since runs
// of stanzas share them.
type parser struct{ from, to Address }

// stanza returns nil for what is no stanza.
func (p *parser) stanza(tokens []xml.Token) *Stanza {
	start, ok := tokens[0].(xml.StartElement)
	if !ok || start.Name.Space != nsClient {
		return nil
	}
	st := &Stanza{tokens: tokens}
	switch start.Name.Local {
	case "message":
		st.Kind = Message
	case "presence":
		st.Kind = Presence
	case "iq":
		st.Kind = IQ
	default:
		return nil
	}
	for i, a := range start.Attr {
		// The parser takes what XML forbids. Nobody may read the one value
		// where another has read the other.
		if slices.ContainsFunc(start.Attr[:i], func(b xml.Attr) bool { return a.Name == b.Name }) {
			return nil
		}
		switch a.Name {
		case xml.Name{Local: "type"}:
			st.Type = a.Value
		case xml.Name{Local: "id"}:
			st.ID = a.Value
		case xml.Name{Local: "from"}:
			st.From = parseAddress(a.Value, &p.from)
		case xml.Name{Local: "to"}:
			st.To = parseAddress(a.Value, &p.to)
		}
	}
	return st
}

// parseAddress is ParseAddress for many that are the same.
func parseAddress(raw string, last *Address) Address {
	if raw != last.Raw {
		*last = ParseAddress(raw)
	}
	return *last
}

// ParseAddress takes what can be taken: other servers follow other editions of
// the rules for addresses, and what they let pass has to be read.
func ParseAddress(raw string) Address {
	a := Address{Raw: raw}
	if len(raw) > maxAddress {
		return a
	}
	if j, err := jid.Parse(raw); err == nil {
		a.JID = j
	} else if u, err := jid.ParseUnsafe(raw); err == nil && u.Domainpart() != "" && !strings.ContainsAny(u.Domainpart(), "@ ") {
		a.JID = u.JID
	}
	return a
}

// dispatch hands a stanza to whom it is for, and tells whether that is the
// Handler. It fails only when the link ends meanwhile.
func (s *session) dispatch(st *Stanza) (up bool, err error) {
	if st.Kind != IQ {
		return true, s.handUp(st)
	}
	switch st.Type {
	case "result", "error":
		if !s.track.deliver(st) {
			s.log.Debug("dropped an answer nobody asked for", "from", short(st.From.Raw))
		}
		return false, nil
	}
	if st.ID == "" || len(st.ID) > maxQuote {
		s.log.Debug("dropped an iq request without a usable id", "from", short(st.From.Raw))
		return false, nil
	}
	st.due = &due{session: s}
	switch {
	case st.Type != "get" && st.Type != "set", len(st.payload()) == 0: // RFC 6120, section 8.2.3
		s.answerNow(st, nil, &StanzaError{Type: "modify", Condition: "bad-request"})
	case st.Type == "get" && st.Child(xml.Name{Space: nsPing, Local: "ping"}) && s.track.isOurs(st.From):
		s.answerNow(st, nil, nil)
	default:
		return true, s.handUp(st)
	}
	return false, nil
}

// answerNow answers from the reading goroutine. A queue that is full is no
// reason to end the stream.
func (s *session) answerNow(st *Stanza, payload any, e *StanzaError) {
	if err := st.answer(payload, e); err != nil {
		s.log.Debug("an iq request stays unanswered", "err", err)
	}
}

// handUp puts a stanza where the Handler gets it from, and waits for room.
func (s *session) handUp(st *Stanza) error {
	if s.v.counts {
		turn, ok := s.v.came.wait(s.v.number)
		if !ok {
			return ErrOffline
		}
		st.managed, st.number, st.turn = s, s.v.number, turn
	}
	for !s.inbox.offer(st) {
		// The silence of a server we do not listen to says nothing.
		s.stalled.Store(true)
		select {
		case <-s.inbox.drained:
		case <-s.ended:
			if s.v.counts {
				s.v.came.missed(st.number)
			}
			return ErrOffline
		}
		s.active.touch()
		s.stalled.Store(false)
	}
	return nil
}

// due is the answer that is owed to an IQ request.
type due struct {
	session *session
	state   atomic.Int32
}

// States of due.
const (
	dueNow int32 = iota
	dueLater
	answered
)

// Reply answers the IQ request st with a result; a nil payload gives an empty
// one. Only the first answer to a request is sent, later ones are ErrAnswered.
// It is ErrOffline once the stream that brought the request has ended, and
// ErrBusy, already when a quarter of the queue is full, while the server takes
// less than it asks for; the request then stays unanswered.
func (c *Client) Reply(st *Stanza, payload any) error { return st.answer(payload, nil) }

// ReplyError answers the IQ request st with an error, with the same conditions
// as Reply.
func (c *Client) ReplyError(st *Stanza, e StanzaError) error { return st.answer(nil, &e) }

// Later tells that the IQ request st will be answered after Handler.Stanzas
// has returned, so that nothing answers it meanwhile. Whoever calls it owes
// the answer.
func (c *Client) Later(st *Stanza) {
	if st.due != nil {
		st.due.state.CompareAndSwap(dueNow, dueLater)
	}
}

// answer sends the one answer a request gets: a result, or e.
func (s *Stanza) answer(payload any, e *StanzaError) error {
	if s.due == nil || s.due.state.Swap(answered) == answered {
		return ErrAnswered
	}
	out := iqOut{Type: "result", ID: s.ID, To: s.From.Raw, Payload: payload}
	if e != nil {
		out.Type, out.Payload = "error", *e
	}
	b, err := encode(out)
	if err == nil {
		_, err = s.due.session.v.out.put(b, answersPart, nil)
	}
	if err != nil {
		return fmt.Errorf("answer iq: %w", err)
	}
	return nil
}

// iqOut is an IQ as it is written.
type iqOut struct {
	XMLName xml.Name `xml:"iq"`
	Type    string   `xml:"type,attr"`
	ID      string   `xml:"id,attr"`
	To      string   `xml:"to,attr,omitempty"`
	Payload any
}
