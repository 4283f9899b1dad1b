package stream

import (
	"crypto"
	_ "crypto/sha256" // for tls-server-end-point
	_ "crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"slices"
)

// Channel-binding types (RFC 9266, RFC 5929).
const (
	bindExporter = "tls-exporter"
	bindEndPoint = "tls-server-end-point"
	bindUnique   = "tls-unique"
)

// channel holds the data of each channel-binding type a TLS connection has.
type channel map[string][]byte

func newChannel(cs tls.ConnectionState) channel {
	ch := make(channel)
	// On TLS 1.2 this needs the extended master secret, and fails without.
	if data, err := cs.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32); err == nil {
		ch[bindExporter] = data
	}
	if cs.Version < tls.VersionTLS13 && len(cs.TLSUnique) > 0 {
		ch[bindUnique] = cs.TLSUnique
	}
	if len(cs.PeerCertificates) > 0 {
		leaf := cs.PeerCertificates[0]
		if h, ok := endPointHash(leaf.SignatureAlgorithm); ok {
			sum := h.New()
			sum.Write(leaf.Raw)
			ch[bindEndPoint] = sum.Sum(nil)
		}
	}
	return ch
}

// endPointHash is the hash of a certificate's signature, with the weak ones
// replaced (RFC 5929, section 4.1). Signatures without a hash of their own
// have no such binding.
func endPointHash(a x509.SignatureAlgorithm) (crypto.Hash, bool) {
	switch a {
	case x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1,
		x509.SHA256WithRSA, x509.DSAWithSHA256, x509.ECDSAWithSHA256, x509.SHA256WithRSAPSS:
		return crypto.SHA256, true
	case x509.SHA384WithRSA, x509.ECDSAWithSHA384, x509.SHA384WithRSAPSS:
		return crypto.SHA384, true
	case x509.SHA512WithRSA, x509.ECDSAWithSHA512, x509.SHA512WithRSAPSS:
		return crypto.SHA512, true
	}
	return 0, false
}

// pick gives the best type both sides have, or "". A server that lists none
// may offer binding all the same: it is older than tls-exporter and knows
// tls-unique, which TLS 1.3 does not have. RFC 9266 would have us guess
// tls-exporter there, and ejabberd before 23.10 would refuse the right
// password.
func (ch channel) pick(listed []string) string {
	if listed == nil {
		listed = []string{bindUnique}
	}
	for _, name := range []string{bindExporter, bindEndPoint, bindUnique} {
		if ch[name] != nil && slices.Contains(listed, name) {
			return name
		}
	}
	return ""
}
