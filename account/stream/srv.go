package stream

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// The ports clients use (RFC 6120, section 3.2; XEP-0368).
const (
	portSTARTTLS = 5222
	portDirect   = 5223
	portHTTPS    = 443 // where direct TLS gets through narrow firewalls
)

// target is a host to connect to and how to speak there.
type target struct {
	host   string // a name of A-labels or an IP literal
	port   uint16
	direct bool // TLS from the first byte
}

// String gives host:port.
func (t target) String() string {
	return net.JoinHostPort(t.host, strconv.Itoa(int(t.port)))
}

// asciiHost turns a domain or host as people write it into what DNS, TLS and
// certificates use: A-labels, or an IP address without brackets.
func asciiHost(host string) (string, error) {
	bare := strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if ip, err := netip.ParseAddr(bare); err == nil {
		return ip.String(), nil
	}
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(host, "."))
	if err != nil && !isASCII(host) {
		return "", fmt.Errorf("host name %q: %w", host, err)
	}
	if err != nil || ascii == "" {
		// An underscore is no host name by the book, and works.
		ascii = strings.ToLower(strings.TrimSuffix(host, "."))
	}
	if ascii == "" || strings.ContainsAny(ascii, " /:@") {
		return "", fmt.Errorf("%q is not a host name", host)
	}
	return ascii, nil
}

func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// setTargets gives the ways to speak to a host named by hand. Port 0 means
// the usual ones. A port that says nothing about how it is spoken to is tried
// both ways.
func setTargets(host string, port uint16) []target {
	switch port {
	case 0:
		return []target{{host, portSTARTTLS, false}, {host, portDirect, true}}
	case portDirect, portHTTPS:
		return []target{{host, port, true}, {host, port, false}}
	}
	return []target{{host, port, false}, {host, port, true}}
}

// findTargets looks up where the service of a domain is: the two kinds of SRV
// records merged by priority and weight (XEP-0368), or the domain itself when
// there are none or they cannot be had.
func findTargets(ctx context.Context, r Resolver, domain string) ([]target, error) {
	if isIP(domain) {
		return setTargets(domain, 0), nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	direct := make(chan []*net.SRV, 1)
	go func() { direct <- lookupSRV(ctx, r, "xmpps-client", domain) }()
	plain := lookupSRV(ctx, r, "xmpp-client", domain)
	secure := <-direct

	found := append(records(plain, false), records(secure, true)...)
	if len(found) > 0 {
		return orderTargets(found, rand.IntN), nil
	}
	// Who says no for one of the two uses SRV records, and has none for the
	// other: the domain itself is not to be tried (XEP-0368, section 5).
	if refused(plain) || refused(secure) {
		return nil, ErrNotOffered
	}
	return setTargets(domain, 0), nil
}

// lookupSRV gives the records of one service. A lookup that fails counts as
// one that found nothing: what follows is worth trying all the same, and says
// itself when DNS as a whole is out of reach.
func lookupSRV(ctx context.Context, r Resolver, service, domain string) []*net.SRV {
	// A resolver that drops bad records says so and returns the rest.
	_, recs, _ := r.LookupSRV(ctx, service, "tcp", domain)
	return recs
}

// refused tells that a service is announced as not offered (RFC 2782).
func refused(recs []*net.SRV) bool {
	return len(recs) == 1 && recs[0].Target == "."
}

// ranked is a target with its place in the order of SRV records.
type ranked struct {
	target
	priority, weight uint16
}

func records(recs []*net.SRV, direct bool) []ranked {
	var out []ranked
	for _, r := range recs {
		if r.Target == "." || r.Port == 0 {
			continue
		}
		host, err := asciiHost(r.Target)
		if err != nil {
			continue
		}
		out = append(out, ranked{target{host, r.Port, direct}, r.Priority, r.Weight})
	}
	return out
}

// orderTargets sorts by priority, and within one priority at random by weight
// (RFC 2782). intn gives a number in [0,n).
func orderTargets(recs []ranked, intn func(n int) int) []target {
	slices.SortStableFunc(recs, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.priority, b.priority), cmp.Compare(a.weight, b.weight))
	})
	var out []target
	for len(recs) > 0 && len(out) < maxTargets {
		sum, same := 0, 0
		for same < len(recs) && recs[same].priority == recs[0].priority {
			sum += int(recs[same].weight)
			same++
		}
		pick, left := 0, intn(sum+1)
		for pick < same-1 && int(recs[pick].weight) < left {
			left -= int(recs[pick].weight)
			pick++
		}
		if t := recs[pick].target; !slices.Contains(out, t) {
			out = append(out, t)
		}
		recs = slices.Delete(recs, pick, pick+1)
	}
	return out
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}
