package stream

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"time"
)

// alpnClient is the protocol name of direct TLS (XEP-0368).
const alpnClient = "xmpp-client"

// verifier judges the certificate of a server.
type verifier struct {
	domain  string // as the user knows it
	ascii   string // the same for DNS
	roots   *x509.CertPool
	trusted []byte // SHA-256 of a leaf that is accepted whatever it says
	now     func() time.Time
	saw     func(tls.ConnectionState, Trust) // is told what was judged, unless nil
}

func newVerifier(cfg *Config, domain, ascii string) *verifier {
	v := &verifier{domain: domain, ascii: ascii, roots: cfg.Roots, trusted: cfg.Trusted, now: cfg.Now}
	if v.now == nil {
		v.now = time.Now
	}
	return v
}

// config gives the settings of a handshake. Go's own verification is
// replaced by the verifier's, which also knows of the trusted leaf.
func (v *verifier) config(direct bool) *tls.Config {
	c := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		ServerName:         v.ascii,
		InsecureSkipVerify: true,
		VerifyConnection:   v.verify,
		Time:               v.now,
	}
	if direct {
		c.NextProtos = []string{alpnClient}
	}
	return c
}

func (v *verifier) verify(cs tls.ConnectionState) error {
	trust, err := v.judge(cs.PeerCertificates)
	if v.saw != nil {
		v.saw(cs, trust)
	}
	return err
}

// judge says why a chain is to be trusted, or why not.
func (v *verifier) judge(chain []*x509.Certificate) (Trust, error) {
	if len(chain) == 0 {
		return TrustNone, errors.New("the server sent no certificate")
	}
	leaf := chain[0]
	sum := sha256.Sum256(leaf.Raw)
	if subtle.ConstantTimeCompare(sum[:], v.trusted) == 1 {
		return TrustHand, nil
	}
	fail := func(reason CertReason, err error) (Trust, error) {
		return TrustNone, &CertificateError{Reason: reason, Chain: chain, Domain: v.domain, Err: err}
	}
	// The name comes first: another server's certificate says nothing about
	// this one, however valid it is.
	if err := leaf.VerifyHostname(v.ascii); err != nil {
		return fail(CertWrongName, err)
	}
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: v.roots, Intermediates: between, CurrentTime: v.now()})
	if err != nil {
		return fail(v.reason(err), err)
	}
	return TrustRoots, nil
}

// reason sorts what x509 has to say.
func (v *verifier) reason(err error) CertReason {
	if unknown := new(x509.UnknownAuthorityError); errors.As(err, unknown) {
		return CertUnknownIssuer
	}
	invalid := new(x509.CertificateInvalidError)
	switch {
	case !errors.As(err, invalid):
		return CertOther
	case invalid.Reason == x509.Expired && invalid.Cert != nil && v.now().Before(invalid.Cert.NotBefore):
		return CertNotYet
	case invalid.Reason == x509.Expired:
		return CertExpired
	case invalid.Reason == x509.NotAuthorizedToSign:
		return CertUnknownIssuer // signed by somebody who is no authority
	}
	return CertOther
}

// startTLS does the handshake over conn. It closes conn when ctx ends.
func (v *verifier) startTLS(ctx context.Context, conn net.Conn, direct bool) (*tls.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	secure := tls.Client(conn, v.config(direct))
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, v.tlsError(ctx, err)
	}
	return secure, nil
}

func (v *verifier) tlsError(ctx context.Context, err error) error {
	if cert := new(CertificateError); errors.As(err, &cert) {
		return cert
	}
	// Go has no type for it, and shows nobody the certificate. One for a name
	// that is not in A-labels is of this kind.
	if strings.HasPrefix(err.Error(), "tls: failed to parse certificate from server") {
		return &CertificateError{Reason: CertOther, Domain: v.domain, Err: err}
	}
	if ctx.Err() != nil {
		return &ProtocolError{Step: StepTLS, Reason: Silent, Err: err}
	}
	if notTLS := new(tls.RecordHeaderError); errors.As(err, notTLS) {
		return &ProtocolError{Step: StepTLS, Reason: Garbage, Err: err}
	}
	// Go has no type for an alert of the other side, only this operation.
	if alert := new(net.OpError); errors.As(err, &alert) && alert.Op == "remote error" {
		return &ProtocolError{Step: StepTLS, Reason: Unexpected, Err: err}
	}
	return protocolError(StepTLS, err)
}
