package stream

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"strings"
	"testing"
	"testing/synctest"
)

// shown is the attribute of XEP-0474, of lists as a server has written them.
func shown(text string) string {
	sum := sha256.Sum256([]byte(text))
	return ",h=" + base64.StdEncoding.EncodeToString(sum[:])
}

func TestDigest(t *testing.T) {
	// The example of XEP-0474, section 4.3.
	o := offer{mechanisms: []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"}, bindings: []string{bindEndPoint, bindExporter}}
	if got := o.digest(sha1.New); got != "G6k/rBLDqgOhRRaCuuatSDFkJ08=" {
		t.Errorf("got %s", got)
	}
	if o.mechanisms[0] != "SCRAM-SHA-1-PLUS" {
		t.Error("the offer is changed")
	}
	o = offer{mechanisms: []string{"b", "a", "B"}}
	if got, want := ",h="+o.digest(sha256.New), shown("B\x1ea\x1eb"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	o.bindings = []string{}
	if got, want := ",h="+o.digest(sha256.New), shown("B\x1ea\x1eb\x1f"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestDowngrade has somebody in the middle, whose TLS we believe, change what
// the server offers. The server shows what it really is, or does not.
func TestDowngrade(t *testing.T) {
	ca := newTestCA(t)
	const plain256, plus256 = "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"
	for _, row := range []struct {
		name       string
		mechanisms []string // as they arrive
		bindings   []string // likewise; nil for no list
		extension  string   // what the server shows
		bound      string   // the type the server takes
		tls        *tls.Config
		sasl1      error // what comes of it by RFC 6120
		sasl2      error // and by XEP-0388
	}{
		{name: "nothing shown", mechanisms: []string{plain256}},
		{name: "shown", mechanisms: []string{"PLAIN", plain256}, extension: shown("PLAIN\x1eSCRAM-SHA-256") + ",t=0304"},
		{
			name: "shown with types", mechanisms: []string{plus256, plain256}, bindings: []string{bindExporter, bindEndPoint}, bound: bindExporter,
			extension: ",x=y" + shown("SCRAM-SHA-256\x1eSCRAM-SHA-256-PLUS\x1ftls-exporter\x1etls-server-end-point"),
		},
		{
			name: "an old form", mechanisms: []string{plain256}, extension: ",d=c3NkcA==",
		},
		{
			name: "a mechanism is gone", mechanisms: []string{plain256}, extension: shown("SCRAM-SHA-256\x1eSCRAM-SHA-512"),
			sasl1: &AuthError{Reason: AuthTampered}, sasl2: &AuthError{Reason: AuthTampered},
		},
		{
			name: "a mechanism has come", mechanisms: []string{plain256, "PLAIN"}, extension: shown("SCRAM-SHA-256"),
			sasl1: &AuthError{Reason: AuthTampered}, sasl2: &AuthError{Reason: AuthTampered},
		},
		{
			name: "a type is gone", mechanisms: []string{plus256}, bindings: []string{bindEndPoint}, bound: bindEndPoint,
			extension: shown("SCRAM-SHA-256-PLUS\x1ftls-exporter\x1etls-server-end-point"),
			sasl1:     &AuthError{Reason: AuthTampered}, sasl2: &AuthError{Reason: AuthTampered},
		},
		{
			name: "the types are gone, and PLUS", mechanisms: []string{plain256},
			extension: shown("SCRAM-SHA-256\x1eSCRAM-SHA-256-PLUS\x1ftls-exporter"),
			sasl1:     &AuthError{Reason: AuthTampered}, sasl2: &AuthError{Reason: AuthTampered},
		},
		{name: "an empty hash", mechanisms: []string{plain256}, extension: ",h=", sasl1: &AuthError{Reason: AuthTampered}, sasl2: &AuthError{Reason: AuthTampered}},
		{
			name: "shown twice", mechanisms: []string{plain256}, extension: shown("SCRAM-SHA-256") + shown("x"),
			sasl1: &AuthError{Reason: AuthTampered}, sasl2: &AuthError{Reason: AuthTampered},
		},
		{
			name: "another TLS", mechanisms: []string{plain256}, extension: shown("SCRAM-SHA-256") + ",t=0303",
			sasl1: &AuthError{Reason: AuthTampered}, sasl2: &AuthError{Reason: AuthTampered},
		},
		{
			name: "the same older TLS", mechanisms: []string{plain256}, extension: shown("SCRAM-SHA-256") + ",t=0303",
			tls: &tls.Config{MaxVersion: tls.VersionTLS12},
		},
		{
			name: "types and no PLUS, shown", mechanisms: []string{plain256}, bindings: []string{bindExporter},
			extension: shown("SCRAM-SHA-256\x1ftls-exporter"),
		},
		{
			name: "types and no PLUS", mechanisms: []string{plain256}, bindings: []string{bindExporter},
			sasl2: &AuthError{Reason: AuthUntrusted},
		},
		{
			name: "a type nobody has, shown", mechanisms: []string{plus256, plain256}, bindings: []string{"tls-other"},
			extension: shown("SCRAM-SHA-256\x1eSCRAM-SHA-256-PLUS\x1ftls-other"),
		},
		{
			name: "a type nobody has", mechanisms: []string{plus256, plain256}, bindings: []string{"tls-other"}, extension: ",t=0304",
			sasl1: &AuthError{Reason: AuthUntrusted}, sasl2: &AuthError{Reason: AuthUntrusted},
		},
		{
			name: "a type nobody has, and a lie", mechanisms: []string{plus256, plain256}, bindings: []string{"tls-other"},
			extension: shown("SCRAM-SHA-256\x1eSCRAM-SHA-256-PLUS\x1ftls-exporter"),
			sasl1:     &AuthError{Reason: AuthTampered}, sasl2: &AuthError{Reason: AuthTampered},
		},
	} {
		for _, sasl2 := range []bool{false, true} {
			name, want := row.name+" by RFC 6120", row.sasl1
			if sasl2 {
				name, want = row.name+" by XEP-0388", row.sasl2
			}
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					cfg := modernConfig(t, ca, nil, func(s *scripted) {
						s.binding, s.extension, s.tls = row.bound, row.extension, row.tls
						if row.bindings != nil {
							s.offer = bindingList(row.bindings...)
						}
						if sasl2 {
							s.modern = &modernServer{inline: allInline, mechanisms: row.mechanisms}
						} else {
							s.offer += mechanismList(row.mechanisms...)
						}
					})
					l, err := connect(t.Context(), cfg)
					if l != nil {
						l.close()
					}
					checkError(t, err, want)
					if l != nil && l.info.SASL2 != sasl2 {
						t.Errorf("got %+v", l.info)
					}
				})
			})
		}
	}
}

// Whoever changes what is shown as well is given away by the proof.
func TestShownIsProved(t *testing.T) {
	s := newSCRAM(sha256.New, "alice", "secret")
	s.protection.offer.mechanisms = []string{"SCRAM-SHA-256"}
	x := &scramServer{mechanism: "SCRAM-SHA-256", password: "secret", extension: shown("SCRAM-SHA-256\x1eSCRAM-SHA-512")}
	first, err := s.start()
	if err != nil {
		t.Fatal(err)
	}
	challenge, err := x.first(string(first))
	if err != nil {
		t.Fatal(err)
	}
	forged := strings.Replace(challenge, x.extension, shown("SCRAM-SHA-256"), 1)
	final, err := s.next(t.Context(), []byte(forged))
	if err != nil {
		t.Fatal(err)
	}
	if proof, err := x.final(string(final)); err == nil {
		t.Errorf("the server takes it: %s", proof)
	}
}

// TestNoPlainAfterSCRAM holds that a server that once knew better is not told
// the password, until the user gives it another one.
func TestNoPlainAfterSCRAM(t *testing.T) {
	ca := newTestCA(t)
	for _, modern := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			mechanisms := []string{"PLAIN"}
			told := 0
			cfg := modernConfig(t, ca, nil, func(s *scripted) {
				if modern {
					s.modern = &modernServer{inline: allInline, mechanisms: mechanisms}
				} else {
					s.offer = mechanismList(mechanisms...)
				}
				s.at = func(step Step) {
					if step == StepAuth {
						told++
					}
				}
			})
			signIn := func(want error) {
				t.Helper()
				l, err := connect(t.Context(), cfg)
				if l != nil {
					l.close()
				}
				checkError(t, err, want)
			}
			signIn(nil)
			mechanisms = []string{"PLAIN", "SCRAM-SHA-1"}
			signIn(nil)
			mechanisms = []string{"PLAIN"}
			signIn(&AuthError{Reason: AuthTampered})
			if told != 2 {
				t.Errorf("%d sign-ins", told)
			}
			cfg.Tokens = new(memoryTokens)
			signIn(nil)
		})
	}
}

// FuzzExtensions lets a server show anything: only the truth is believed.
func FuzzExtensions(f *testing.F) {
	f.Add(shown("SCRAM-SHA-256"))
	f.Add(",h=")
	f.Add(",t=0304,h=x,,=")
	f.Fuzz(func(t *testing.T, extensions string) {
		p := protection{offer: offer{mechanisms: []string{"SCRAM-SHA-256"}}, version: tls.VersionTLS13, required: true}
		truth := shown("SCRAM-SHA-256")
		if err := p.verify(strings.Split(extensions, ","), sha256.New); err == nil && !strings.Contains(","+extensions, truth) {
			t.Errorf("%q is believed", extensions)
		}
	})
}
