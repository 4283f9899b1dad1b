package stream

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"
)

// dialer reaches targets and keeps a record of every address it tried.
type dialer struct {
	resolver Resolver
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	tried    []Attempt
}

func newDialer(cfg *Config) *dialer {
	d := &dialer{resolver: cfg.Resolver, dial: cfg.Dial}
	if d.resolver == nil {
		d.resolver = net.DefaultResolver
	}
	if d.dial == nil {
		d.dial = new(net.Dialer).DialContext
	}
	return d
}

// reach connects to the first address of a target that answers.
func (d *dialer) reach(ctx context.Context, t target) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, targetTimeout)
	defer cancel()
	begun := time.Now()
	addrs, err := d.addresses(ctx, t.host)
	if err != nil {
		d.tried = append(d.tried, Attempt{Target: t.String(), Direct: t.direct, Err: err, Took: time.Since(begun)})
		return nil, err
	}
	return d.race(ctx, t, addrs)
}

// addresses looks a host up and orders what it finds so that the families
// take turns (RFC 8305, section 4).
func (d *dialer) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	addrs, err := d.resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", host, err)
	}
	if len(addrs) == 0 {
		return nil, &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	for i, a := range addrs {
		addrs[i] = a.Unmap()
	}
	var first, other []netip.Addr
	for _, a := range addrs {
		if a.Is4() == addrs[0].Is4() {
			first = append(first, a)
		} else {
			other = append(other, a)
		}
	}
	var out []netip.Addr
	for i := range addrs {
		if i < len(first) {
			out = append(out, first[i])
		}
		if i < len(other) {
			out = append(out, other[i])
		}
	}
	return out[:min(len(out), maxAddresses)], nil
}

// answer is how the attempt at one address ended.
type answer struct {
	n    int // which address
	conn net.Conn
	err  error
}

// race tries the addresses one after the other, starting the next when the
// one before has failed or has not answered for a while, and takes the first
// connection that stands (RFC 8305, section 5).
func (d *dialer) race(ctx context.Context, t target, addrs []netip.Addr) (net.Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends what is still under way
	answers := make(chan answer)
	attempt := func(n int, address string) {
		conn, err := d.dial(ctx, "tcp", address)
		select {
		case answers <- answer{n, conn, err}:
		case <-ctx.Done():
			if conn != nil {
				conn.Close()
			}
		}
	}

	begun := make([]time.Time, 0, len(addrs))
	done := make([]bool, len(addrs))
	record := func(n int, err error) {
		done[n] = true
		d.tried = append(d.tried, Attempt{
			Target: t.String(), Address: address(t, addrs[n]), Direct: t.direct,
			Err: err, Took: time.Since(begun[n]),
		})
	}
	rest := func(err error) {
		for n := range begun {
			if !done[n] {
				record(n, err)
			}
		}
	}
	next := time.NewTimer(0)
	defer next.Stop()
	var last error
	for pending := 0; pending > 0 || len(begun) < len(addrs); {
		select {
		case <-next.C:
			if n := len(begun); n < len(addrs) {
				begun = append(begun, time.Now())
				pending++
				go attempt(n, address(t, addrs[n]))
				next.Reset(attemptDelay)
			}
		case a := <-answers:
			pending--
			if a.err == nil {
				done[a.n] = true
				rest(ErrOvertaken)
				record(a.n, nil)
				return a.conn, nil
			}
			record(a.n, a.err)
			last = a.err
			next.Reset(0)
		case <-ctx.Done():
			rest(ctx.Err())
			return nil, ctx.Err()
		}
	}
	return nil, last
}

func address(t target, ip netip.Addr) string {
	return net.JoinHostPort(ip.String(), strconv.Itoa(int(t.port)))
}
