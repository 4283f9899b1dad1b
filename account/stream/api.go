package stream

import (
	"context"
	"crypto/x509"
	"encoding/xml"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"time"

	"mellium.im/xmpp/jid"
)

// Config says whom to connect as and how. It is not changed once given.
type Config struct {
	JID      jid.JID // the account's bare address
	Resource string  // asked for at bind; with Archived a server may make one of its own
	Password string

	Host string // set by hand: connect here instead of looking the domain up
	Port uint16 // set by hand; 0 with a Host means 5222, then 5223

	// Tokens keeps what makes the next sign-in quick; nil means that each one is
	// by password, from a device the server does not recognise.
	Tokens Tokens
	// Archived tells whether all that comes while the account is away is in its
	// archive and will be got from there. Only then is a resource bound along with
	// signing in: the server throws away what it has kept for later (XEP-0386,
	// section 3.2). It is called by the goroutine that connects; nil means no.
	Archived func() bool

	Roots   *x509.CertPool // nil means the system's
	Trusted []byte         // SHA-256 of one leaf certificate that is accepted as it is

	Resolver Resolver // nil means net.DefaultResolver
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
	Log      *slog.Logger // never sees bodies, passwords or keys

	resume   *resumption // what is asked for before bind; nil for nothing
	inactive bool        // nobody looks: said at bind where that is possible (XEP-0352)
	trace    *trace      // is told how it goes; nil for nobody

	// Now and Jitter replace the clock and the random share of the reconnect
	// delay (a value in [0,1)) in tests; nil means the real ones.
	Now    func() time.Time
	Jitter func() float64
}

// Resolver is the part of net.Resolver the dialer needs.
type Resolver interface {
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Phase is where a Client is on its way.
type Phase uint8

const (
	Stopped    Phase = iota // Run has not been called or has returned
	Connecting              // a connection is being made
	Online                  // bound: stanzas go both ways
	Waiting                 // the last try failed; the next one is at State.RetryAt
	Failed                  // only the user can help, or another network; see State.Err
)

// State is what a Client tells about itself. Values are snapshots.
type State struct {
	Phase   Phase
	Err     error     // why it is Waiting or Failed: one of the typed errors of this package, or a wrapped network error
	RetryAt time.Time // for Waiting
	Info    Info      // for Online

	// Resumable means, in any phase but Online, that the stream the Client was
	// last Online on may still go on (XEP-0198). See Info.Resumed.
	Resumable bool
}

// Info describes the connection that is in use.
type Info struct {
	JID       jid.JID // full JID as bound
	Address   string  // host:port that answered
	DirectTLS bool
	TLS       uint16 // tls.VersionTLS13 ...
	Mechanism string // SASL mechanism that was used
	Binding   string // channel-binding type it was bound to the TLS session by; empty without
	SASL2     bool   // signed in by XEP-0388; see Enabled
	// Resumed means that this is the stream of the link before: nothing was
	// lost, neither stanzas nor requests, tokens or what the server knows of us.
	Resumed bool

	Tried []Attempt  // every address on the way to this one, which is the last
	Steps []StepTime // on this connection, in their order

	features string // namespaces the server offered after signing in, each between spaces
	enabled  string // namespaces that were enabled while binding, likewise
}

// Has tells whether the server offered a feature of this namespace on the
// stream after signing in (RFC 6120 section 4.3.2).
func (i Info) Has(namespace string) bool {
	return strings.Contains(i.features, " "+namespace+" ")
}

// Enabled tells whether the feature of this namespace was enabled on this
// stream while it was bound (XEP-0386), so that it is not to be asked for again:
// urn:xmpp:carbons:2, or urn:xmpp:csi:0 when the server knows by it whether
// anybody looks.
func (i Info) Enabled(namespace string) bool {
	return strings.Contains(i.enabled, " "+namespace+" ")
}

// Handler receives what a Client hears. Its methods are called one at a time,
// in order, from the Client's dispatch goroutine, and may block it only for
// work that ends by itself (a commit): reading the socket goes on up to a
// bounded queue meanwhile.
type Handler interface {
	// StateChanged is called for every change of State.
	StateChanged(State)
	// Stanzas hands over what has arrived since the last call: messages,
	// presences and IQ requests, oldest first, never results of own requests.
	// The stanzas count as handled (and may be acknowledged to the server)
	// when it returns nil, those before the one it stumbled over also when it
	// returns a *PartError. The others a server with stream management is made
	// to send again, by giving up the link; those that are refused a fourth
	// time are dropped, as they are at once without it: the one of a PartError,
	// behind which it goes on, or all of the call. IQ requests nobody answered
	// by then through Client.Reply or Client.Later get service-unavailable.
	// Malformed requests and the pings (XEP-0199) of our own account and server
	// are answered before and never come here.
	//
	// A panic is caught and logged: the stanzas of that call are then handed
	// over once more, one by one, and the one that panics again is dropped.
	Stanzas([]*Stanza) error
	// Acknowledged tells that our server has taken every message sent with a
	// token up to and including this one.
	Acknowledged(token uint64)
}

// PartError is what Handler.Stanzas returns when it took the first stanzas of a
// call, and not the one that follows them because of Err.
type PartError struct {
	Handled int // how many it took
	Err     error
}

func (e *PartError) Error() string { return e.Err.Error() }

func (e *PartError) Unwrap() error { return e.Err }

// Kind tells the three stanzas apart.
type Kind uint8

const (
	Message Kind = iota
	Presence
	IQ
)

// Address is a JID as it was received. Raw is never empty of what the wire
// held; JID is the zero JID where it could not be parsed even leniently.
type Address struct {
	Raw string
	JID jid.JID
}

// Stanza is one received stanza with all its tokens. It is not changed once
// handed over, and may be kept and read by any goroutine.
type Stanza struct {
	Kind Kind
	Type string
	ID   string
	From Address // an empty Raw means our own account or server
	To   Address

	tokens []xml.Token
	size   int  // of memory it takes, about
	due    *due // for IQ requests

	managed *session // that counts it; nil without stream management
	number  uint32   // in that count
	turn    uint     // see arrivals
}

// ErrOffline is returned by Client methods while there is no connection.
var ErrOffline = errors.New("not connected")

// ErrBusy is returned by Client methods when so much waits to be written to a
// server that does not read that no more is queued.
var ErrBusy = errors.New("the server does not take more now")

// ErrAnswered is returned for a second answer to one IQ request, and for an
// answer to a stanza that is no IQ request.
var ErrAnswered = errors.New("no answer is due")
