package account

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"linnet/storage"
)

const (
	// maxURL bounds an address in bytes; servers take no longer ones either.
	maxURL = 2048
	// maxRedirects bounds the way to a file.
	maxRedirects = 5
	// httpStall is how long nothing may move before a transfer is given up.
	httpStall = 45 * time.Second
	// httpDial bounds reaching a host, and as much again agreeing on TLS.
	httpDial = 20 * time.Second
	// httpHeaders bounds the head of an answer in bytes.
	httpHeaders = 64 << 10
	// httpTries is how often one transfer is taken up again after it was cut,
	// and httpWait the first wait before that, which doubles.
	httpTries = 6
	httpWait  = 2 * time.Second
)

// Why a transfer failed.
var (
	errStalled  = errors.New("nothing came for too long")
	errNotHTTPS = errors.New("the address is not https")
)

// httpError is an answer that is no success.
type httpError struct{ code int }

func (e *httpError) Error() string {
	return fmt.Sprintf("the server answered %d %s", e.code, http.StatusText(e.code))
}

// gone tells whether there is nothing at the address.
func (e *httpError) gone() bool {
	return e.code == http.StatusNotFound || e.code == http.StatusGone
}

// lasting tells whether trying again would give the same answer.
func (e *httpError) lasting() bool {
	return e.code < 500 && e.code != http.StatusRequestTimeout && e.code != http.StatusTooManyRequests || e.code == http.StatusInsufficientStorage
}

// safeURL gives an address that may be asked: https, with a host, without a
// name and a password in it.
func safeURL(s string) (*url.URL, error) { return webURL(s, false) }

// webURL is safeURL, which lets http pass, too, if plain says so.
func webURL(s string, plain bool) (*url.URL, error) {
	if len(s) > maxURL {
		return nil, errors.New("the address is too long")
	}
	u, err := url.Parse(s)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "https" && !(plain && u.Scheme == "http") || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return nil, errNotHTTPS
	}
	return u, nil
}

// httpClient makes what transfers files for an account. It verifies certificates
// as the account does; one the user trusts for the account holds for the hosts
// of its domain, too. It has no cookies and tells nobody where it comes from.
// It keeps out of the network around us but for the hosts that near tells; nil
// stands for all of them.
func (m *Manager) httpClient(stored *storage.Account, near func(host string) bool) (*http.Client, error) {
	cfg, err := m.streamConfig(stored, "")
	if err != nil {
		return nil, err
	}
	domain := cfg.JID.Domainpart()
	dial := dialOutside(near, cfg.Dial)
	transport := &http.Transport{
		DialContext: dial,
		DialTLSContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			conn, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return handshake(ctx, conn, host, func(cs tls.ConnectionState) error {
				return verifyHost(cs, host, domain, cfg.Roots, cfg.Trusted)
			})
		},
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // sizes and ranges are of what is on the server
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        30 * time.Second,
		ResponseHeaderTimeout:  httpStall,
		MaxResponseHeaderBytes: httpHeaders,
	}
	return &http.Client{Transport: transport, CheckRedirect: checkRedirect}, nil
}

// isOf tells whether a host is of a domain.
func isOf(host, domain string) bool { return host == domain || strings.HasSuffix(host, "."+domain) }

// ofDomain tells of each host whether it is of the domain of an account, whose
// server may be anywhere.
func ofDomain(stored *storage.Account) func(host string) bool {
	_, domain, _ := strings.Cut(stored.Address, "@")
	return func(host string) bool { return isOf(host, domain) }
}

// dialFunc connects.
type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// dialOutside connects to the hosts that near tells (all where it is nil) wherever
// they are, and to others where they are not in the network around us: nobody who
// sends a message is to have us knock there, by a name or by being led on. over
// connects in its place; what a name leads to is then for that to find.
func dialOutside(near func(host string) bool, over dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		d := net.Dialer{Timeout: httpDial}
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		if near != nil && !near(host) {
			if at, err := netip.ParseAddr(host); err == nil && !isOutside(at.Unmap()) {
				return nil, errUnasked
			}
			d.Control = func(_, address string, _ syscall.RawConn) error {
				if at, err := netip.ParseAddrPort(address); err != nil || !isOutside(at.Addr().Unmap()) {
					return errUnasked
				}
				return nil
			}
		}
		if over != nil {
			return over(ctx, network, address)
		}
		return d.DialContext(ctx, network, address)
	}
}

// around are the networks near us that netip does not know as private: what
// providers of access have between them and their customers (RFC 6598), what was
// used in one place before unique local addresses (RFC 3879), and what leads from
// IPv6 to IPv4 in a way of that place (RFC 8215).
var around = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("fec0::/10"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
}

// translators are what leads from IPv6 to IPv4 addresses, with the byte at which
// one of those begins (RFC 6052, RFC 3056).
var translators = map[netip.Prefix]int{
	netip.MustParsePrefix("64:ff9b::/96"): 12,
	netip.MustParsePrefix("2002::/16"):    2,
}

// isOutside tells whether an address is one of the Internet.
func isOutside(at netip.Addr) bool {
	at = at.WithZone("") // no prefix has any with a zone
	for prefix, i := range translators {
		if prefix.Contains(at) {
			in := at.As16()
			at, _ = netip.AddrFromSlice(in[i : i+4])
			break
		}
	}
	near := slices.ContainsFunc(around, func(p netip.Prefix) bool { return p.Contains(at) })
	return at.IsGlobalUnicast() && !at.IsPrivate() && !near
}

// handshake begins TLS with a host. verify is all that judges its certificate.
func handshake(ctx context.Context, conn net.Conn, host string, verify func(tls.ConnectionState) error) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, httpDial)
	defer cancel()
	c := tls.Client(conn, &tls.Config{
		MinVersion:         tls.VersionTLS12,
		ServerName:         host,
		NextProtos:         []string{"h2", "http/1.1"},
		InsecureSkipVerify: true, // VerifyConnection does it
		VerifyConnection:   verify,
	})
	if err := c.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return c, nil
}

// verifyHost is what Go does by itself, and knows of the trusted certificate. The
// name is the one that was asked for: that of the handshake is empty for an IP
// address, and an empty name is one that nobody checks.
func verifyHost(cs tls.ConnectionState, host, domain string, roots *x509.CertPool, trusted []byte) error {
	leaf := cs.PeerCertificates[0] // Go's handshake holds that there is one
	sum := sha256.Sum256(leaf.Raw)
	if isOf(host, domain) && subtle.ConstantTimeCompare(sum[:], trusted) == 1 {
		return nil
	}
	between := x509.NewCertPool()
	for _, c := range cs.PeerCertificates[1:] {
		between.AddCert(c)
	}
	_, err := leaf.Verify(x509.VerifyOptions{DNSName: host, Roots: roots, Intermediates: between})
	return err
}

// checkRedirect lets a download be led elsewhere, a few times and never out of
// TLS. An upload stays where the slot is.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if via[0].Method != http.MethodGet {
		return http.ErrUseLastResponse
	}
	return ledOn(req, via, false)
}

// ledOn lets a request be led to an address of webURL, a few times.
func ledOn(req *http.Request, via []*http.Request, plain bool) error {
	if len(via) > maxRedirects {
		return http.ErrUseLastResponse
	}
	if _, err := webURL(req.URL.String(), plain); err != nil {
		return err
	}
	req.Header.Del("Referer")
	return nil
}

// watched ends a transfer in which nothing moves for httpStall. Each read of
// what it wraps counts as a move.
type watched struct {
	io.Reader
	timer *time.Timer
	moved func(n int)
}

// watch gives a context that ends when reads through the wrapper stop coming,
// for the reason errStalled. stop ends the watching.
func watch(ctx context.Context) (_ context.Context, wrap func(io.Reader, func(int)) *watched, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(httpStall, func() { cancel(errStalled) })
	return ctx, func(r io.Reader, moved func(int)) *watched { return &watched{r, timer, moved} }, func() {
		timer.Stop()
		cancel(nil)
	}
}

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if n > 0 {
		w.timer.Reset(httpStall)
		w.moved(n)
	}
	return n, err
}
