package stream

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// trace gathers the Report of a Client while it connects.
type trace struct {
	now func() time.Time // Config.Now

	mu    sync.Mutex
	r     Report
	begun time.Time  // the try, by the monotonic clock
	at    time.Time  // the step under way, by the same
	step  StepReport // under way; its Step is empty when there is none
}

func newTrace(now func() time.Time) *trace {
	if now == nil {
		now = time.Now
	}
	return &trace{now: now}
}

// begin is for a new try. What was lost before stays known.
func (t *trace) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.r = Report{Began: t.now(), Lost: t.r.Lost}
	t.begun, t.step = time.Now(), StepReport{}
}

// enter begins a step on a connection to a target, which ends the one before.
func (t *trace) enter(to target, step Step) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.close(nil)
	t.step, t.at = StepReport{Target: to.String(), Step: step}, time.Now()
}

// leave ends the step under way because of err.
func (t *trace) leave(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.close(err)
}

func (t *trace) close(err error) {
	if t.step.Step == "" {
		return
	}
	t.step.Took, t.step.Err = time.Since(t.at), err
	t.r.Steps = append(t.r.Steps, t.step)
	t.step = StepReport{}
}

// tried takes over the dialer's record.
func (t *trace) tried(all []Attempt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.r.Tried = slices.Clone(all)
}

// saw notes a handshake whose certificate has been judged.
func (t *trace) saw(cs tls.ConnectionState, trust Trust) {
	seen := tlsReport(cs, trust)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.r.TLS = seen
}

// failed ends the try.
func (t *trace) failed(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.close(err)
	t.r.Info = knownInfo(t.r.Steps, err)
	t.r.Took, t.r.Done, t.r.Err = time.Since(t.begun), true, err
}

// connected ends the try that led to a link of s.
func (t *trace) connected(info Info, s *session, how Resume) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.step = StepReport{} // being online is no step on the way to it
	t.r.Took, t.r.Done, t.r.OnlineSince = time.Since(t.begun), true, t.now()
	t.r.Info, t.r.Features, t.r.Resume = info, info.list(), how
	t.r.Managed = s.v.came != nil
	t.r.Resumable, t.r.ResumeMax = s.managed.id != "", s.managed.max
}

// lost notes that the link ended. A nil error is for one that was left on
// purpose, which is no loss.
func (t *trace) lost(lasted time.Duration, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.r.OnlineSince = time.Time{}
	if err != nil {
		t.r.Lost = &Loss{At: t.now(), Lasted: lasted, Err: err}
	}
}

// report gives a copy of what is known now.
func (t *trace) report() Report {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.r.clone()
	if !r.Done && !r.Began.IsZero() {
		r.Took = time.Since(t.begun)
		if t.step.Step != "" {
			under := t.step
			under.Took = time.Since(t.at)
			r.Steps = append(r.Steps, under)
		}
	}
	return r
}

// tracedResolver notes what is looked up.
type tracedResolver struct {
	Resolver
	trace *trace
}

// LookupSRV implements Resolver.
func (r tracedResolver) LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error) {
	begun := time.Now()
	cname, recs, err := r.Resolver.LookupSRV(ctx, service, proto, name)
	l := Lookup{Name: "_" + service + "._" + proto + "." + name, Err: err, Took: time.Since(begun)}
	for _, rec := range recs[:min(len(recs), maxTargets)] {
		l.Services = append(l.Services, *rec)
	}
	r.trace.looked(l)
	return cname, recs, err
}

// LookupNetIP implements Resolver.
func (r tracedResolver) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	begun := time.Now()
	addrs, err := r.Resolver.LookupNetIP(ctx, network, host)
	r.trace.looked(Lookup{
		Name: host, Addresses: slices.Clone(addrs[:min(len(addrs), maxAddresses)]), Err: err, Took: time.Since(begun),
	})
	return addrs, err
}

func (t *trace) looked(l Lookup) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.r.Lookups = append(t.r.Lookups, l)
}
