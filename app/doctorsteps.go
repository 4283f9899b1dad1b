package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/widgets"
)

// The phases of a connection, as they are shown.
const (
	phaseNames = iota
	phaseReach
	phaseTLS
	phaseSignIn
	phaseSession
	phases
)

// phaseOf tells to which phase a step belongs.
func phaseOf(s stream.Step) int {
	switch s {
	case stream.StepConnect, stream.StepHeader, stream.StepFeatures:
		return phaseReach
	case stream.StepStartTLS, stream.StepTLS:
		return phaseTLS
	case stream.StepHeaderTLS, stream.StepFeaturesTLS, stream.StepToken, stream.StepAuth, stream.StepUpgrade:
		return phaseSignIn
	}
	return phaseSession
}

// try is one try to connect, taken apart by phases.
type try struct {
	r      account.Report
	info   account.Info
	last   []stream.StepReport // of the connection that tells most
	failed int                 // the phase it failed in; phases when it did not
	at     int                 // the phase it has come to
}

func newTry(r account.Report, info account.Info) *try {
	t := &try{r: r, info: info, failed: phases, at: phases}
	from, to := 0, len(r.Steps)
	for i, s := range r.Steps {
		if s.Step == stream.StepConnect {
			from = i
		}
		if same(s.Err, r.Err) {
			to = i + 1
			break
		}
	}
	t.last = r.Steps[from:to]
	if r.Done && r.Err == nil {
		return t
	}
	t.at = phaseNames
	if n := len(t.last); n > 0 {
		t.at = phaseOf(t.last[n-1].Step)
	}
	switch {
	case errors.Is(r.Err, stream.ErrNoTLS):
		t.at = phaseTLS
	case t.at == phaseReach && t.nowhere():
		t.at = phaseNames
	}
	if r.Done {
		t.failed = t.at
	}
	return t
}

// same tells that two errors say the same. Not all errors can be compared.
func same(a, b error) bool { return a != nil && b != nil && a.Error() == b.Error() }

// nowhere tells that no address was found to connect to.
func (t *try) nowhere() bool {
	for _, a := range t.r.Tried {
		if a.Address != "" {
			return false
		}
	}
	return t.r.Done
}

// step puts a phase into words.
func (t *try) step(phase int) widgets.Step {
	s := widgets.Step{Chain: phase < phases-1}
	switch phase {
	case phaseNames:
		s.Title, s.Text = lang.L("Finding the server"), t.names()
	case phaseReach:
		s.Title, s.Text = lang.L("Reaching the server"), t.addresses()
	case phaseTLS:
		s.Title = lang.L("Encryption")
		s.Text, s.Code = t.encryption()
	case phaseSignIn:
		s.Title, s.Text = lang.L("Signing in"), t.signIn()
	case phaseSession:
		s.Title, s.Text = lang.L("Session"), t.session()
	}
	switch {
	case phase == t.failed:
		s.Mark, s.Wrong = widgets.MarkFailed, failureText(t.r.Err)
	case phase < t.at:
		s.Mark = widgets.MarkDone
	case phase == t.at:
		s.Mark = widgets.MarkRunning
	default:
		s.Text, s.Code = "", ""
	}
	if took := t.took(phase); phase <= t.at && took > 0 {
		s.End = duration(took)
	}
	return s
}

// took is how long a phase lasted.
func (t *try) took(phase int) time.Duration {
	sum := time.Duration(0)
	if phase == phaseNames {
		for _, l := range t.r.Lookups {
			if isService(l.Name) { // both kinds are asked for at once; hosts are part of reaching them
				sum = max(sum, l.Took)
			}
		}
		return sum
	}
	for _, s := range t.last {
		if phaseOf(s.Step) == phase {
			sum += s.Took
		}
	}
	return sum
}

// isService tells a lookup of SRV records from one of a host.
func isService(name string) bool { return strings.HasPrefix(name, "_") }

// names says what was looked up, and found.
func (t *try) names() string {
	var lines []string
	asked, found := false, false
	if t.info.Host != "" {
		lines = append(lines, lang.L("The server is set in the account's settings"))
	}
	for _, l := range t.r.Lookups {
		if !isService(l.Name) {
			lines = append(lines, hostLine(l))
			continue
		}
		asked = true
		for _, s := range l.Services {
			found = true
			at := net.JoinHostPort(strings.TrimSuffix(s.Target, "."), fmt.Sprint(s.Port))
			if strings.HasPrefix(l.Name, "_xmpps-") {
				at += " (" + lang.L("direct TLS") + ")"
			}
			lines = append(lines, lang.L("The domain names {{.Server}}", map[string]any{"Server": at}))
		}
	}
	if asked && !found && t.at > phaseNames {
		lines = append([]string{lang.L("The domain names no server, so it is one itself")}, lines...)
	}
	return plain(lines)
}

// hostLine says which addresses a host has.
func hostLine(l stream.Lookup) string {
	if l.Err != nil {
		return l.Name + ": " + reason(l.Err)
	}
	var all []string
	for _, a := range l.Addresses {
		all = append(all, a.Unmap().String())
	}
	return l.Name + ": " + strings.Join(all, ", ")
}

// addresses says how each address did.
func (t *try) addresses() string {
	var lines []string
	for _, a := range t.r.Tried {
		at := a.Address
		if at == "" {
			at = a.Target
		}
		if a.Direct {
			at += " (" + lang.L("direct TLS") + ")"
		}
		how := lang.L("answered, {{.Time}}", map[string]any{"Time": duration(a.Took)})
		switch {
		case errors.Is(a.Err, stream.ErrOvertaken):
			how = lang.L("another one was faster")
		case a.Err != nil:
			how = reason(a.Err)
		}
		lines = append(lines, at+": "+how)
	}
	// What answered, but was of no use.
	for _, s := range t.r.Steps {
		if s.Err != nil && s.Step != stream.StepConnect && !same(s.Err, t.r.Err) {
			lines = append(lines, s.Target+": "+failureText(s.Err))
		}
	}
	return plain(lines)
}

// encryption says how the connection is encrypted and who vouches for it.
func (t *try) encryption() (text, code string) {
	e := t.r.TLS
	if e == nil {
		return "", ""
	}
	lines := []string{e.Version + " (" + e.Suite + ")"}
	if len(e.Chain) == 0 {
		return plain(lines), ""
	}
	leaf := e.Chain[0]
	lines = append(lines,
		lang.L("Certificate for {{.Names}}", map[string]any{"Names": certificateNames(leaf)}),
		lang.L("Issued by {{.Issuer}}, valid until {{.Date}}", map[string]any{"Issuer": issuerOf(leaf), "Date": date(leaf.NotAfter.Local())}),
	)
	switch e.Trust {
	case stream.TrustRoots:
		lines = append(lines, lang.L("An authority this computer trusts vouches for it"))
	case stream.TrustHand:
		lines = append(lines, lang.L("You chose to trust this certificate"))
	}
	lines = append(lines, lang.L("Fingerprint")+" (SHA-256)")
	return plain(lines), fingerprint(leaf.SHA256)
}

// certificateNames are the domains of a certificate, the first few of them.
func certificateNames(c stream.Certificate) string {
	names := c.Names
	if len(names) == 0 {
		names = []string{distinguished(c.Subject)}
	}
	return someNames(names)
}

func issuerOf(c stream.Certificate) string {
	if c.Issuer == c.Subject {
		return lang.L("itself")
	}
	return distinguished(c.Issuer)
}

// distinguished is the part of a distinguished name (RFC 2253) that a person
// knows: the organization, else the common name, else all of it.
func distinguished(dn string) string {
	for _, key := range []string{"O=", "CN="} {
		for _, part := range splitName(dn) {
			if value, ok := strings.CutPrefix(part, key); ok && value != "" {
				return value
			}
		}
	}
	return dn
}

// splitName takes a distinguished name apart at commas and plus signs that are
// not escaped.
func splitName(dn string) []string {
	var parts []string
	var part strings.Builder
	escaped := false
	for _, r := range dn {
		switch {
		case escaped:
			part.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == ',' || r == '+':
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteRune(r)
		}
	}
	return append(parts, part.String())
}

// signIn says how the password was proved.
func (t *try) signIn() string {
	i := t.r.Info
	var lines []string
	switch {
	case i.Mechanism == "":
		return ""
	case i.Mechanism == "PLAIN":
		lines = append(lines, lang.L("The password was sent inside the encrypted connection"))
	case strings.HasPrefix(i.Mechanism, "HT-"):
		lines = append(lines, lang.L("The password was not sent: this device has a key of its own"))
	default:
		lines = append(lines, lang.L("The password was not sent, only a proof of it"))
	}
	switch {
	case i.Binding != "":
		lines = append(lines, lang.L("Tied to this TLS connection: nobody in between can use it"))
	case i.Mechanism != "PLAIN" && t.failed == phases:
		lines = append(lines, lang.L("Not tied to this TLS connection"))
	}
	how := i.Mechanism
	if i.Binding != "" {
		how += ", " + i.Binding
	}
	return plain(append(lines, how))
}

// session says whether the session is a new one, and what becomes of it when
// the connection drops.
func (t *try) session() string {
	if t.failed < phases || t.at < phases {
		return ""
	}
	r := t.r
	var lines []string
	switch r.Resume {
	case stream.ResumeDone:
		lines = append(lines, lang.L("The session of the connection before goes on: nothing was lost"))
	case stream.ResumeRefused:
		lines = append(lines, lang.L("A new one, because the server has ended the one before"))
	default:
		lines = append(lines, lang.L("A new one"))
	}
	switch {
	case r.Resumable && r.ResumeMax > 0:
		lines = append(lines, lang.L("It outlives a break of {{.Time}}", map[string]any{"Time": lasted(r.ResumeMax)}))
	case r.Resumable:
		lines = append(lines, lang.L("It outlives a short break"))
	}
	return plain(append(lines, r.Info.JID.String()))
}

// plain makes lines of facts harmless: much of them is what others say.
func plain(lines []string) string {
	for i, l := range lines {
		lines[i] = widgets.Harmless(l)
	}
	return strings.Join(lines, "\n")
}

// reason is why an address or a name was of no use.
func reason(err error) string {
	if s := connectionText(err); s != "" && !errors.Is(err, context.Canceled) {
		return s
	}
	return err.Error()
}
