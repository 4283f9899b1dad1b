package stream

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
)

const (
	// maxChain and maxNames bound what is told of the certificates a server
	// sends: no honest chain is longer, and no user reads more names.
	maxChain = 10
	maxNames = 100
)

// Report tells how the last try to connect went, or how far it has come. It is
// a copy that the caller may keep and change, the errors apart. It holds
// neither password nor key nor anything that was said in a stanza; errors may
// quote the server's own words, up to 500 bytes each.
type Report struct {
	Began time.Time     // zero when nothing was tried yet
	Took  time.Duration // until the end of the try, or until now
	Done  bool          // it has ended; until then the last of Steps is under way
	Err   error         // why it failed: what State.Err then says

	Lookups []Lookup     // in the order they ended
	Tried   []Attempt    // every address, in the order they ended
	Steps   []StepReport // of all connections, in their order

	TLS  *TLSReport // of the last handshake that showed a certificate; nil when there was none
	Info Info       // all of it once the try has succeeded; of one that failed what is known

	Managed     bool          // the server confirms stanzas (XEP-0198)
	Resumable   bool          // and lets us resume the stream after a loss
	ResumeMax   time.Duration // how long after; 0 when it does not say
	Resume      Resume        // what became of the stream of the link before
	Features    []string      // namespaces the server offers after signing in, sorted
	OnlineSince time.Time     // on this link; zero when that is not so
	RoundTrip   time.Duration // the last time from a question to its answer on this link; 0 when not known

	Lost *Loss // the last link that worked and was lost; nil when none was
}

// Lookup is one question to DNS and what came of it.
type Lookup struct {
	Name      string       // "_xmpp-client._tcp.example.org" for SRV records, or a host
	Services  []net.SRV    // the SRV records that were found
	Addresses []netip.Addr // of the host
	Err       error
	Took      time.Duration
}

// StepReport is one step on a connection and how it went.
type StepReport struct {
	Target string // host:port
	Step   Step
	Took   time.Duration
	Err    error // why the connection ended here; nil for a step that went well
}

// Trust says why a certificate was accepted.
type Trust uint8

// Values of Trust.
const (
	TrustNone  Trust = iota // it was not
	TrustRoots              // an authority this system knows vouches for it
	TrustHand               // the user has said so: Config.Trusted
)

// TLSReport is what a handshake has shown.
type TLSReport struct {
	Version string // such as "TLS 1.3"
	Suite   string // name of the cipher suite
	Trust   Trust
	Chain   []Certificate // as the server sent it, the leaf first; at most 10
}

// Certificate has the facts of one certificate. They are the server's claims;
// TLSReport.Trust tells whether they are to be believed.
type Certificate struct {
	Subject   string
	Issuer    string
	Names     []string // domains and IP addresses it is made for; at most 100
	NotBefore time.Time
	NotAfter  time.Time
	SHA256    []byte // of the whole certificate
}

// Resume says what became of the wish to go on with a stream (XEP-0198).
type Resume uint8

// Values of Resume.
const (
	ResumeNone    Resume = iota // there was nothing to resume
	ResumeDone                  // the stream goes on
	ResumeRefused               // the server began a new one
)

// Loss is the end of a link that worked.
type Loss struct {
	At     time.Time
	Lasted time.Duration
	Err    error
}

// Report tells how the Client's last try to connect went. It never waits.
func (c *Client) Report() Report {
	r := c.trace.report()
	c.mu.Lock()
	s := c.session
	c.mu.Unlock()
	if s != nil {
		r.RoundTrip = s.roundTrip()
	}
	return r
}

// tlsReport is what is known of a handshake when its certificate is judged.
func tlsReport(cs tls.ConnectionState, trust Trust) *TLSReport {
	t := &TLSReport{
		Version: tls.VersionName(cs.Version),
		Suite:   tls.CipherSuiteName(cs.CipherSuite),
		Trust:   trust,
	}
	for _, c := range cs.PeerCertificates[:min(len(cs.PeerCertificates), maxChain)] {
		t.Chain = append(t.Chain, certificate(c))
	}
	return t
}

func certificate(c *x509.Certificate) Certificate {
	sum := sha256.Sum256(c.Raw)
	var names []string
	for _, name := range c.DNSNames {
		names = append(names, short(name))
	}
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	return Certificate{
		Subject: short(c.Subject.String()), Issuer: short(c.Issuer.String()),
		Names:     names[:min(len(names), maxNames)],
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, SHA256: sum[:],
	}
}

// knownInfo is what a try that failed has shown.
func knownInfo(steps []StepReport, err error) Info {
	var i Info
	if len(steps) > 0 {
		i.Address = steps[len(steps)-1].Target
	}
	if auth := new(AuthError); errors.As(err, &auth) {
		i.Mechanism = auth.Mechanism
	}
	return i
}

// clone makes a copy whose lists are its own.
func (r Report) clone() Report {
	r.Lookups = slices.Clone(r.Lookups)
	for i, l := range r.Lookups {
		r.Lookups[i].Services, r.Lookups[i].Addresses = slices.Clone(l.Services), slices.Clone(l.Addresses)
	}
	r.Tried, r.Steps = slices.Clone(r.Tried), slices.Clone(r.Steps)
	r.Info.Tried, r.Info.Steps = slices.Clone(r.Info.Tried), slices.Clone(r.Info.Steps)
	r.Features = slices.Clone(r.Features)
	if r.TLS != nil {
		t := *r.TLS
		t.Chain = slices.Clone(t.Chain)
		for i, c := range t.Chain {
			t.Chain[i].Names, t.Chain[i].SHA256 = slices.Clone(c.Names), slices.Clone(c.SHA256)
		}
		r.TLS = &t
	}
	if r.Lost != nil {
		lost := *r.Lost
		r.Lost = &lost
	}
	return r
}

// list gives the namespaces of Info.Has, sorted.
func (i Info) list() []string {
	all := strings.Fields(i.features)
	slices.Sort(all)
	return slices.Compact(all)
}
