package stream

import (
	"context"

	"mellium.im/xmpp/jid"
)

// Client keeps one account connected: it connects, hands up what arrives, and
// connects again when the link is lost. All methods are safe for concurrent
// use and, IQ apart, never wait for the network.
type Client struct {
	cfg Config
	h   Handler
}

// New makes a Client that tells h what it hears. Nothing happens before Run.
func New(cfg Config, h Handler) *Client {
	return &Client{cfg: cfg, h: h}
}

// Run connects, serves and reconnects until ctx ends; then it closes the
// stream politely (unavailable presence, </stream:stream>) within a few
// seconds and returns, after the last call of the Handler. Run is called once.
func (c *Client) Run(ctx context.Context) {
	<-ctx.Done()
}

// State tells where the Client is now. It may be ahead of the calls of
// Handler.StateChanged, which come in order with what was received.
func (c *Client) State() State { return State{} }

// Retry makes a Client that is Waiting or Failed connect at once, with the
// shortest delay for the tries after this one. One that is Online checks its
// link at once. Otherwise it does nothing.
func (c *Client) Retry() {}

// Send queues one stanza: v is a struct with xml tags or an xml.Marshaler that
// gives one message, presence or iq element (without a namespace of its own, or
// in jabber:client). It returns ErrOffline when there is no connection,
// ErrBusy when the server has not taken what was sent before for so long that
// the queue is full, and the error of encoding/xml. Nothing tells whether the
// server got it: see Post and IQ.
func (c *Client) Send(v any) error { return ErrOffline }

// Post queues a message as Send does and asks for a confirmation: once our
// server has taken it, Handler.Acknowledged is called with this or a later
// token. Tokens grow. Those that are not acknowledged when the link drops
// (State leaves Online) never will be: the caller sends the message again.
// A server that refuses the message still has taken it; the refusal comes as
// a stanza of type error.
func (c *Client) Post(v any) (token uint64, err error) { return 0, ErrOffline }

// IQ sends a request of typ get or set with the payload (struct with xml tags,
// xml.Marshaler) and waits for the answer. The zero JID as to asks the own
// account. A result fills the value result points to from its payload, the
// first child element; a nil result means the payload does not matter, and an
// answer without payload leaves the value as it is. A *Stanza as result
// gets the whole answer.
//
// The error is a *StanzaError when the other side refuses, ErrOffline at
// once when there is no link or it drops, or ctx's. Without an earlier
// deadline in ctx a request ends with context.DeadlineExceeded after 30 s.
//
// It may be called from within a Handler, where it holds up everything else
// that is to be handed over; another goroutine is the better place.
func (c *Client) IQ(ctx context.Context, to jid.JID, typ string, payload, result any) error {
	return ErrOffline
}

// Reply answers the IQ request st with a result; a nil payload gives an empty
// one. Only the first answer to a request is sent, later ones are ErrAnswered.
// It is ErrOffline once the link that brought the request has dropped.
func (c *Client) Reply(st *Stanza, payload any) error { return ErrOffline }

// ReplyError answers the IQ request st with an error, with the same conditions
// as Reply.
func (c *Client) ReplyError(st *Stanza, e StanzaError) error { return ErrOffline }

// Later tells that the IQ request st will be answered after Handler.Stanzas
// has returned, so that nothing answers it meanwhile. Whoever calls it owes
// the answer.
func (c *Client) Later(st *Stanza) {}
