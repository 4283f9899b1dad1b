package stream

import (
	"context"
	"encoding/xml"
	"errors"
	"log/slog"
	"net"
	"strconv"
)

// link is a connection that is ready for stanzas. Reading goes through in,
// which may hold bytes already; writing goes to conn. No deadline is set.
type link struct {
	conn     net.Conn
	in       *framer
	info     Info
	header   []byte              // the server's last stream header: the namespaces elements are read in
	features map[xml.Name][]byte // the features offered after signing in, each as received
	managed  *managed            // nil without stream management, and where resumed says it all
	resumed  *uint32             // the stream asked for goes on: how many of our stanzas the server has
	early    [][]byte            // stanzas to be read before those of in; they are not counted
	close    func()              // ends TLS and closes conn; any goroutine, any number of times
}

// connector tries the targets of an account one after the other.
type connector struct {
	*dialer
	cfg      *Config
	domain   string // as the user knows it
	verifier *verifier
	trace    *trace
	log      *slog.Logger

	byPassword bool // a token was tried; it is not tried again
}

// errUnreached stands for a target of which the dialer's record tells all.
var errUnreached = errors.New("not reached")

// connect finds the server of cfg.JID, signs in and binds a resource. It
// returns one of the errors of this package, or the cause of ctx when that
// ended first.
func connect(ctx context.Context, cfg *Config) (*link, error) {
	domain := cfg.JID.Domainpart()
	ascii, err := asciiHost(domain)
	if err != nil {
		return nil, &DialError{Err: err}
	}
	trace := cfg.trace
	if trace == nil {
		trace = newTrace(cfg.Now)
	}
	c := &connector{
		dialer: newDialer(cfg), cfg: cfg, domain: domain,
		verifier: newVerifier(cfg, domain, ascii), trace: trace, log: cfg.Log,
	}
	c.resolver = tracedResolver{c.resolver, trace}
	c.verifier.saw = trace.saw
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	bounded, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	l, err := c.run(bounded, ascii)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return l, err
}

// targets gives the ways to the account's server.
func (c *connector) targets(ctx context.Context, ascii string) ([]target, error) {
	if c.cfg.Host == "" {
		found, err := findTargets(ctx, c.resolver, ascii)
		if r := c.cfg.resume; r != nil && r.location != "" {
			if first := location(r.location); len(first) > 0 {
				return append(first, found...), nil
			}
		}
		return found, err
	}
	host, err := asciiHost(c.cfg.Host)
	if err != nil {
		return nil, err
	}
	return setTargets(host, c.cfg.Port), nil
}

func (c *connector) run(ctx context.Context, ascii string) (*link, error) {
	queue, err := c.targets(ctx, ascii)
	if err != nil {
		return nil, &DialError{Err: err}
	}
	worst := errUnreached
	known := make(map[string]bool) // ports the other way of speaking to is no use
	for redirects := 0; len(queue) > 0 && ctx.Err() == nil; {
		t := queue[0]
		queue = queue[1:]
		if known[t.String()] {
			continue
		}
		l, err := c.try(ctx, t)
		if err == nil {
			return l, nil
		}
		c.log.Debug("target failed", "target", t.String(), "direct", t.direct, "err", err)
		if to := redirect(err); to != nil && redirects < maxRedirects {
			redirects++
			queue = to
			continue
		}
		if final(err) {
			return nil, err
		}
		known[t.String()] = !otherWay(err)
		if gravity(err) > gravity(worst) {
			worst = err
		}
	}
	if errors.Is(worst, errUnreached) {
		return nil, &DialError{Tried: c.tried}
	}
	return nil, worst
}

// try goes all the way with one target. A server that ends the connection over
// a token gets the password at once.
func (c *connector) try(ctx context.Context, t target) (*link, error) {
	before := c.byPassword
	l, err := c.tryOnce(ctx, t)
	if c.byPassword && !before && overToken(err) && ctx.Err() == nil {
		c.log.Debug("the token led nowhere", "target", t.String(), "err", err)
		return c.tryOnce(ctx, t)
	}
	return l, err
}

// overToken tells that a connection on which a token was tried ended before
// anything came of that.
func overToken(err error) bool {
	if errors.As(err, new(*AuthError)) {
		return false
	}
	step := failedStep(err)
	return step == StepToken || step == StepAuth
}

func (c *connector) tryOnce(ctx context.Context, t target) (*link, error) {
	c.trace.enter(t, StepConnect)
	conn, err := c.reach(ctx, t)
	c.trace.tried(c.tried)
	if err != nil {
		c.trace.leave(err)
		return nil, errUnreached
	}
	l, err := negotiate(ctx, c, t, conn)
	if err != nil {
		conn.Close()
		if ctx.Err() != nil { // which closed the connection, not the server
			err = &ProtocolError{Step: failedStep(err), Reason: Silent, Err: ctx.Err()}
		}
		c.trace.leave(err)
		return nil, err
	}
	return l, nil
}

// final tells that no other target is to be tried: the server has judged the
// password, and another of the same domain would judge the same.
func final(err error) bool {
	if auth := new(AuthError); errors.As(err, &auth) {
		return true
	}
	switch failedStep(err) {
	case StepToken, StepAuth, StepUpgrade, StepHeaderAuth, StepFeaturesAuth, StepResume, StepBind, StepSession, StepEnable:
		return true
	}
	return false
}

// otherWay tells that a port may be for TLS from the first byte where we sent
// a stream header, or the other way round.
func otherWay(err error) bool {
	proto := new(ProtocolError)
	return errors.As(err, &proto) && proto.Reason != Silent && (proto.Step == StepHeader || proto.Step == StepTLS)
}

func failedStep(err error) Step {
	if stream := new(StreamError); errors.As(err, &stream) {
		return stream.Step
	}
	if proto := new(ProtocolError); errors.As(err, &proto) {
		return proto.Step
	}
	return ""
}

// gravity orders the errors of several targets by what they tell the user.
func gravity(err error) int {
	switch {
	case errors.As(err, new(*CertificateError)):
		return 5
	case errors.Is(err, ErrNoTLS):
		return 4
	case errors.As(err, new(*StreamError)):
		return 3
	}
	switch failedStep(err) {
	case "":
		return 0
	case StepHeader, StepFeatures, StepStartTLS:
		return 1 // perhaps not even XMPP
	}
	return 2
}

// redirect gives where a see-other-host leads (RFC 6120, section 4.9.3.19).
// Before TLS anybody may have sent it.
func redirect(err error) []target {
	stream := new(StreamError)
	if !errors.As(err, &stream) || stream.Condition != "see-other-host" {
		return nil
	}
	switch stream.Step {
	case StepHeader, StepFeatures, StepStartTLS:
		return nil
	}
	return location(stream.Host)
}

// location gives the targets for a place our server names: a host, with or
// without a port. The certificate there is checked against the same domain.
func location(at string) []target {
	host, number := at, uint64(portSTARTTLS)
	if h, p, err := net.SplitHostPort(at); err == nil {
		host = h
		if number, err = strconv.ParseUint(p, 10, 16); err != nil || number == 0 {
			return nil
		}
	}
	host, err := asciiHost(host)
	if err != nil {
		return nil
	}
	return setTargets(host, uint16(number))
}
