package stream

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/xml"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"mellium.im/xmpp/jid"
)

// negotiation is the way from a TCP connection to a link. Its methods run in
// the goroutine of negotiate.
type negotiation struct {
	*connector
	target target
	conn   net.Conn
	in     *framer
	header []byte // the server's last
	offer  []byte // the server's last features element
	tls    tls.ConnectionState
	step   Step // what is under way
	begun  time.Time
	steps  []StepTime // what is done
	last   []byte     // the element read last; valid until the next

	token   Token // what Config.Tokens has
	managed *managed
	resumed *uint32
	early   [][]byte
	info    Info // as far as it is known
}

// at begins a step, or goes on with it.
func (n *negotiation) at(step Step) {
	if step == n.step {
		return
	}
	now := time.Now()
	if n.step != "" {
		n.steps = append(n.steps, StepTime{n.step, now.Sub(n.begun)})
	}
	n.step, n.begun = step, now
	n.trace.enter(n.target, step)
}

// negotiate makes a link of a connection to a target. The end of ctx closes
// conn, which ends every step at once.
func negotiate(ctx context.Context, c *connector, t target, conn net.Conn) (*link, error) {
	n := &negotiation{connector: c, target: t, conn: conn}
	shut := sync.OnceFunc(func() { conn.Close() })
	stop := context.AfterFunc(ctx, shut)
	defer stop()

	if err := n.encrypt(ctx); err != nil {
		return nil, err
	}
	features, err := n.open(StepHeaderTLS, StepFeaturesTLS)
	if err != nil {
		return nil, err
	}
	bound, err := n.signIn(ctx, features)
	if err != nil {
		return nil, err
	}
	offered, err := n.offered()
	if err != nil {
		return nil, n.fail(err)
	}
	if err := n.conn.SetDeadline(time.Time{}); err != nil {
		return nil, n.fail(err)
	}
	if !stop() {
		return nil, n.fail(net.ErrClosed)
	}
	n.in.lim = afterBind
	n.at(StepOnline)
	n.info.JID, n.info.Address, n.info.DirectTLS = bound, t.String(), t.direct
	n.info.TLS, n.info.Tried, n.info.Steps = n.tls.Version, n.tried, n.steps
	return &link{
		conn: n.conn, in: n.in, header: n.header, features: offered,
		managed: n.managed, resumed: n.resumed, early: n.early, info: n.info,
		close: sync.OnceFunc(func() { n.conn.Close() }),
	}, nil
}

// signIn makes of a connection with TLS a stream for stanzas: as XEP-0388 has
// it, or where the server does not offer that, as RFC 6120 has it.
func (n *negotiation) signIn(ctx context.Context, features *element) (jid.JID, error) {
	if n.cfg.Tokens != nil {
		n.token = n.cfg.Tokens.Token()
	}
	if features.child(nsSASL2, "authentication") != nil {
		return n.signInModern(ctx, features)
	}
	return n.signInClassic(ctx, features)
}

// keep stores what is to be known at the next sign-in.
func (n *negotiation) keep(t Token) {
	if n.cfg.Tokens != nil && t != n.token {
		n.token = t
		n.cfg.Tokens.SetToken(t)
	}
}

// offered gives the features of the stream. One that goes on has those it had,
// unless the server has named them again.
func (n *negotiation) offered() (map[xml.Name][]byte, error) {
	if n.offer == nil {
		return n.cfg.resume.features, nil
	}
	return parseFeatures(n.header, n.offer)
}

// encrypt puts TLS over the connection. Nothing but the domain's name is said
// before.
func (n *negotiation) encrypt(ctx context.Context) error {
	if !n.target.direct {
		n.in = newFramer(n.conn, beforeBind)
		features, err := n.open(StepHeader, StepFeatures)
		if err != nil {
			return err
		}
		if features.child(nsTLS, "starttls") == nil {
			return ErrNoTLS
		}
		if err := n.begin(StepStartTLS, "<starttls xmlns='"+nsTLS+"'/>"); err != nil {
			return err
		}
		answer, err := n.read()
		if err != nil {
			return err
		}
		if !answer.is(nsTLS, "proceed") {
			return n.unexpected(answer)
		}
		// What came along with it was not said by the server of the TLS
		// session, whoever put it there.
		if n.in.buffered() > 0 {
			return n.strange(errors.New("data before the TLS handshake"))
		}
	}
	n.at(StepTLS)
	if err := n.conn.SetDeadline(time.Time{}); err != nil {
		return n.fail(err)
	}
	secure, err := n.verifier.startTLS(ctx, n.conn, n.target.direct)
	if err != nil {
		return err
	}
	n.conn, n.tls = secure, secure.ConnectionState()
	n.in = newFramer(n.conn, beforeBind)
	return nil
}

// open sends a stream header and reads the server's and its features.
func (n *negotiation) open(header, features Step) (*element, error) {
	from := ""
	if n.tls.HandshakeComplete {
		from = "' from='" + escape(n.cfg.JID.Bare().String())
	}
	err := n.begin(header, "<?xml version='1.0'?><stream:stream xmlns='"+nsClient+
		"' xmlns:stream='"+nsStream+"' to='"+escape(n.domain)+from+"' version='1.0'>")
	if err != nil {
		return nil, err
	}
	f, err := n.in.next()
	if err != nil {
		return nil, n.fail(err)
	}
	n.header = bytes.Clone(f.raw)
	modern, err := parseHeader(n.header)
	if err != nil {
		return nil, n.fail(err)
	}
	if !modern {
		// RFC 6120, section 4.7.5: a server older than the RFC, which has no
		// features and so no TLS.
		if header == StepHeader {
			return nil, ErrNoTLS
		}
		return nil, n.fail(errNotStream)
	}
	return n.features(features)
}

// features reads what the server offers on a stream that is open.
func (n *negotiation) features(step Step) (*element, error) {
	if err := n.begin(step, ""); err != nil {
		return nil, err
	}
	e, err := n.read()
	if err != nil {
		return nil, err
	}
	if !e.is(nsStream, "features") {
		return nil, n.unexpected(e)
	}
	return e, nil
}

// begin starts a step, which has to end in time, by sending text.
func (n *negotiation) begin(step Step, text string) error {
	n.at(step)
	if err := n.conn.SetDeadline(time.Now().Add(stepTimeout)); err != nil {
		return n.fail(err)
	}
	return n.send(text)
}

func (n *negotiation) send(text string) error {
	if text == "" {
		return nil
	}
	if _, err := io.WriteString(n.conn, text); err != nil {
		return n.fail(err)
	}
	return nil
}

// read gives the next element of the step; a stream error is an error.
func (n *negotiation) read() (*element, error) {
	f, err := n.in.next()
	if err != nil {
		return nil, n.fail(err)
	}
	if f.kind == frameEnd {
		return nil, n.fail(io.EOF)
	}
	n.last = f.raw
	e, err := parseElement(n.header, f.raw)
	if err != nil {
		return nil, n.fail(err)
	}
	if e.is(nsStream, "features") {
		n.offer = bytes.Clone(f.raw)
	}
	if e.is(nsStream, "error") {
		return nil, newStreamError(n.step, e)
	}
	return e, nil
}

func newStreamError(step Step, e *element) *StreamError {
	s := &StreamError{Step: step}
	s.Condition, s.Text = e.condition(nsStreamError)
	if other := e.child(nsStreamError, "see-other-host"); other != nil {
		s.Host = short(other.Text)
	}
	return s
}

// unexpected is for an element that may not come in the step.
func (n *negotiation) unexpected(e *element) error {
	return n.strange(errors.New("<" + e.XMLName.Local + "/>"))
}

// strange is for what a server may not say in the step.
func (n *negotiation) strange(err error) error {
	return &ProtocolError{Step: n.step, Reason: Unexpected, Err: err}
}

// fail makes an error of what went wrong with reading or writing in the step.
func (n *negotiation) fail(err error) error { return protocolError(n.step, err) }

// protocolError sorts the errors of connections, framer and parser.
func protocolError(step Step, err error) error {
	e := &ProtocolError{Step: step, Reason: Garbage, Err: err}
	syntax := new(xml.SyntaxError)
	network := new(net.OpError)
	switch {
	case errors.As(err, &syntax):
	case errors.Is(err, os.ErrDeadlineExceeded):
		e.Reason = Silent
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, io.ErrClosedPipe), errors.As(err, &network):
		e.Reason = Closed
	}
	return e
}

// request sends an IQ of type set and gives its result.
func (n *negotiation) request(step Step, payload string) (*element, error) {
	id := string(step)
	if err := n.begin(step, "<iq type='set' id='"+id+"'>"+payload+"</iq>"); err != nil {
		return nil, err
	}
	e, err := n.read()
	if err != nil {
		return nil, err
	}
	if !e.is(nsClient, "iq") || e.attr("id") != id {
		return nil, n.unexpected(e)
	}
	switch e.attr("type") {
	case "result":
		return e, nil
	case "error":
		refusal := new(StanzaError)
		if reason := e.child(nsClient, "error"); reason != nil {
			refusal.Type = reason.attr("type")
			refusal.Condition, refusal.Text = reason.condition(nsStanzas)
		}
		return nil, n.strange(refusal)
	}
	return nil, n.unexpected(e)
}
