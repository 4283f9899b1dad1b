package stream

import (
	"context"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mellium.im/xmpp/jid"
)

// The proofs are those of another implementation of HMAC.
func TestHashedToken(t *testing.T) {
	x := &hashedToken{user: "user", secret: "WXZzciBwYmFmdmZnZiBqdmd1IGp2eXFhcmZm"}
	for i := range 32 {
		x.binding = append(x.binding, byte(i))
	}
	first, err := x.start()
	if err != nil || !strings.HasPrefix(string(first), "user\x00") {
		t.Fatalf("got %q, %v", first, err)
	}
	if got := hex.EncodeToString(first[5:]); got != "0c5745576afeea711960549186a31a65c9f328205ee38b66825b3d4c872b395c" {
		t.Errorf("got %s", got)
	}
	proof, err := hex.DecodeString("1260579b34d55aeba4e43062a412db609a0a7153abd218b0f148445c4e83529f")
	if err != nil {
		t.Fatal(err)
	}
	if err := x.done(proof); err != nil {
		t.Error(err)
	}
	for _, bad := range [][]byte{nil, {}, proof[:31], first[5:], append(proof[:31:31], 0)} {
		auth := new(AuthError)
		if err := x.done(bad); !errors.As(err, &auth) || auth.Reason != AuthUntrusted {
			t.Errorf("%x is a proof: %v", bad, err)
		}
	}
	if _, err := x.next(t.Context(), proof); err == nil {
		t.Error("a challenge is answered")
	}
}

func TestPickToken(t *testing.T) {
	const exp, endp, uniq, none = "HT-SHA-256-EXPR", "HT-SHA-256-ENDP", "HT-SHA-256-UNIQ", "HT-SHA-256-NONE"
	all := []string{none, uniq, endp, "HT-SHA3-512-EXPR", exp}
	types := []string{bindUnique, bindEndPoint, bindExporter}
	plus, plain := []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"}, []string{"SCRAM-SHA-1"}
	on13 := channel{bindExporter: {1}, bindEndPoint: {2}}
	on12 := channel{bindUnique: {3}}
	for _, row := range []struct {
		name    string
		offered []string
		offer   offer
		channel channel
		want    string
		binding string
	}{
		{"the safest", all, offer{mechanisms: plus, bindings: types, sasl2: true}, on13, exp, bindExporter},
		{"the end point", all, offer{mechanisms: plus, bindings: types[:2], sasl2: true}, on13, endp, bindEndPoint},
		{"TLS 1.2", all, offer{mechanisms: plus, bindings: types[:1], sasl2: true}, on12, uniq, bindUnique},
		{"not listed", all, offer{mechanisms: plain, sasl2: true}, on13, none, ""},
		{"none offered that binds", all[:1], offer{mechanisms: plus, bindings: types, sasl2: true}, on13, none, ""},
		{"this connection has none", all, offer{mechanisms: plus, bindings: types, sasl2: true}, nil, none, ""},
		{"only one this connection has not", all[1:2], offer{mechanisms: plus, bindings: types, sasl2: true}, on13, "", ""},
		{"only unknown ones", []string{"HT-SHA3-512-NONE", "PLAIN"}, offer{mechanisms: plus, bindings: types, sasl2: true}, on13, "", ""},
		{"an offer that was cut", all, offer{mechanisms: plus, sasl2: true}, on13, "", ""},
	} {
		e, err := parseElement([]byte(testHeader), []byte(fastInline(row.offered...)))
		if err != nil {
			t.Fatal(err)
		}
		if got, binding := pickToken(e, row.offer, row.channel); got != row.want || binding != row.binding {
			t.Errorf("%s: %s by %q", row.name, got, binding)
		}
	}
	if got, _ := pickToken(nil, offer{}, on13); got != "" {
		t.Errorf("%s without an offer", got)
	}
}

// TestToken has one account sign in again and again, while its token is given,
// used, changed, lost, refused and made useless. A user hears nothing of it.
func TestToken(t *testing.T) {
	ca := newTestCA(t)
	const bound, unbound = "HT-SHA-256-EXPR", "HT-SHA-256-NONE"
	const pass = "SCRAM-SHA-1-PLUS"
	synctest.Test(t, func(t *testing.T) {
		m := &modernServer{inline: allInline + fastInline(unbound, bound), mechanisms: []string{pass, "SCRAM-SHA-1"}}
		var at func(*scripted, Step)
		cfg := modernConfig(t, ca, m, func(s *scripted) {
			s.offer, s.binding = bindingList(bindExporter), bindExporter
			s.at = func(step Step) {
				if at != nil {
					at(s, step)
				}
			}
		})
		dials := 0
		dial := cfg.Dial
		cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			dials++
			return dial(ctx, network, addr)
		}
		kept := cfg.Tokens.(*memoryTokens)
		device := ""
		// signIn checks which mechanisms were tried over how many connections.
		signIn := func(what string, connections int, tried ...string) {
			t.Helper()
			before, dialed := len(m.requests()), dials
			l, err := connect(t.Context(), cfg)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			l.close()
			var got []string
			for _, auth := range m.requests()[before:] {
				got = append(got, auth.attr("mechanism"))
				if id := userAgent(auth); device != id && device != "" {
					t.Errorf("%s: the device is now %q", what, id)
				} else {
					device = id
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(tried) || l.info.Mechanism != tried[len(tried)-1] || l.info.Binding != bindExporter && l.info.Mechanism != unbound {
				t.Errorf("%s: tried %v, bound by %q", what, got, l.info.Binding)
			}
			if dials-dialed != connections {
				t.Errorf("%s: %d connections", what, dials-dialed)
			}
			var steps []Step
			for _, s := range l.info.Steps[6:] {
				steps = append(steps, s.Step)
			}
			for i, name := range tried[len(tried)-len(steps)+1:] { // on the last connection
				if isToken := strings.HasPrefix(name, "HT-"); (steps[i] == StepToken) != isToken {
					t.Errorf("%s: %s is reported as %v", what, name, steps)
				}
			}
			if l.managed == nil || !l.info.Enabled(nsCarbons) {
				t.Errorf("%s: %+v", what, l.info)
			}
		}
		secret := func(want string) {
			t.Helper()
			if got := kept.Token(); got.Secret != want || want != "" && !got.Expiry.After(time.Now()) {
				t.Errorf("kept %+v, not %q", got, want)
			}
		}

		signIn("first", 1, pass)
		secret("secret<1")
		if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(device) {
			t.Errorf("%q is no random UUID", device)
		}
		signIn("by token", 1, bound)
		signIn("and again", 1, bound)
		if k := kept.Token(); k.Count != 2 || k.Mechanism != bound {
			t.Errorf("kept %+v", k)
		}

		m.rotate = true
		signIn("rotated", 1, bound)
		secret("secret<2")
		if kept.Token().Count != 0 {
			t.Error("the count goes on with another token")
		}
		m.rotate = false

		k := kept.Token()
		signIn("counted", 1, bound)
		kept.SetToken(k)
		signIn("with a count that was lost", 1, bound, pass)
		secret("secret<3")

		k = kept.Token()
		k.Count = maxCount
		kept.SetToken(k)
		signIn("counted to the end", 1, pass)
		secret("secret<4")

		m.refuse = func(*scripted) {}
		signIn("refused", 1, bound, pass)
		secret("secret<5")
		m.refuse = func(s *scripted) {
			s.fault("<failure xmlns='" + nsSASL2 + "'><not-authorized xmlns='" + nsSASL + "'/></failure></stream:stream>")
		}
		signIn("refused at the end of the stream", 2, bound, pass)
		m.refuse = func(s *scripted) {
			s.send("<failure xmlns='%s'/>", nsSASL2)
			s.quit()
		}
		signIn("refused with the connection", 2, bound, pass)
		m.refuse = nil
		secret("secret<7")

		time.Sleep(25 * time.Hour)
		signIn("expired", 1, pass)
		secret("secret<8")

		m.inline = allInline + fastInline(unbound)
		signIn("not offered any more", 1, pass)
		secret("secret<9")
		if kept.Token().Mechanism != unbound {
			t.Errorf("kept %+v", kept.Token())
		}
		signIn("by a token that is not bound", 1, unbound)
		m.inline = allInline + fastInline(bound, unbound)
		signIn("a safer one is possible", 1, pass)
		if kept.Token().Mechanism != bound {
			t.Errorf("kept %+v", kept.Token())
		}
		m.inline = allInline
		signIn("no tokens at all", 1, pass)
		m.inline = allInline + fastInline(bound)
		signIn("and again", 1, bound)

		m.tokens[device].secret = "another"
		signIn("revoked", 1, bound, pass)
		m.tokens[device] = &givenToken{mechanism: unbound, secret: kept.Token().Secret}
		signIn("given for something else", 1, bound, pass)

		m.change = func(success string) string { return strings.ReplaceAll(success, "additional-data", "other-data") }
		before := len(m.requests())
		_, err := connect(t.Context(), cfg)
		checkError(t, err, &AuthError{Reason: AuthUntrusted})
		secret("")
		if n := len(m.requests()) - before; n != 1 {
			t.Errorf("%d tries: whoever does not know the token gets no password", n)
		}
		m.change = nil
		signIn("after somebody who did not know the token", 1, pass)

		at = func(s *scripted, step Step) {
			if step == StepToken {
				s.quit()
			}
			s.password = "changed"
		}
		_, err = connect(t.Context(), cfg)
		checkError(t, err, &AuthError{Reason: AuthWrongPassword, Condition: "not-authorized"})
	})
}

// TestUselessTokens are not kept, and do no harm.
func TestUselessTokens(t *testing.T) {
	const expiry = " expiry='2100-01-01T00:00:00Z'"
	for name, given := range map[string]string{
		"no expiry":         "<token token='x'/>",
		"a strange expiry":  "<token token='x' expiry='tomorrow'/>",
		"nothing":           "<token" + expiry + "/>",
		"empty":             "<token token=''" + expiry + "/>",
		"huge":              "<token token='" + strings.Repeat("x", maxToken+1) + "'" + expiry + "/>",
		"another namespace": "<token xmlns='urn:x' xmlns:y='urn:y' y:token='x'" + expiry + "/>",
	} {
		e, err := parseElement([]byte(testHeader), []byte(given))
		if err != nil {
			t.Fatal(err)
		}
		before := Token{UserAgent: "a", Mechanism: "HT-SHA-256-NONE", Secret: "old", Count: 3}
		after := before
		if after.take(e, "HT-SHA-256-NONE"); after != before {
			t.Errorf("%s: kept %+v", name, after)
		}
	}
	good, err := parseElement([]byte(testHeader), []byte("<token token='x' expiry='2100-01-01T01:00:00.5+01:00'/>"))
	if err != nil {
		t.Fatal(err)
	}
	var k Token
	k.take(good, "HT-SHA-256-NONE")
	k.UserAgent = "a"
	limit := time.Date(2100, 1, 1, 0, 0, 0, 5e8, time.UTC)
	for now, want := range map[time.Time]bool{limit.Add(-1): true, limit: false} {
		if k.usable("HT-SHA-256-NONE", now) != want {
			t.Errorf("%v before the end: %v", limit.Sub(now), !want)
		}
	}
	if k.usable("", limit.Add(-1)) || k.usable("HT-SHA-256-EXPR", limit.Add(-1)) {
		t.Error("a token is used for what it is not for")
	}
}

// A token is enough: a server that wants more than it is given the password.
func TestTokenWithTasks(t *testing.T) {
	ca := newTestCA(t)
	synctest.Test(t, func(t *testing.T) {
		m := &modernServer{inline: allInline + fastInline("HT-SHA-256-NONE")}
		cfg := modernConfig(t, ca, m, nil)
		l, err := connect(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		l.close()
		m.then = "<tasks><task>X</task></tasks><authorization-identifier>alice@example.test/Linnet.1</authorization-identifier>"
		_, err = connect(t.Context(), cfg)
		checkError(t, err, &AuthError{Reason: AuthMore})
		if n := len(m.requests()); n != 3 {
			t.Errorf("%d tries", n)
		}
	})
}

// A token on TLS 1.2 without anything better to bind to.
func TestTokenUnique(t *testing.T) {
	ca := newTestCA(t)
	m := &modernServer{inline: allInline + fastInline("HT-SHA-256-UNIQ"), mechanisms: []string{"SCRAM-SHA-1-PLUS"}}
	cfg := modernConfig(t, ca, m, func(s *scripted) {
		s.tls = &tls.Config{MaxVersion: tls.VersionTLS12}
		s.offer, s.binding = bindingList(bindUnique), bindUnique
	})
	for _, want := range []string{"SCRAM-SHA-1-PLUS", "HT-SHA-256-UNIQ"} {
		l, err := connect(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		l.close()
		if l.info.Mechanism != want || l.info.Binding != bindUnique {
			t.Errorf("got %+v, want %s", l.info, want)
		}
	}
}

// TestTokenAndStream holds that a token that is refused does not cost the
// stream of the link before, whether or not the connection ends with it.
func TestTokenAndStream(t *testing.T) {
	ca := newTestCA(t)
	for name, refuse := range map[string]func(*scripted){
		"on the same connection": func(*scripted) {},
		"with the connection":    func(s *scripted) { s.quit() },
		"with a stream error":    func(s *scripted) { s.fault(fmt.Sprintf(streamErrorText, "policy-violation", "")) },
		"with something strange": func(s *scripted) { s.fault("<strange/>") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &modernServer{inline: allInline + fastInline("HT-SHA-256-NONE")}
				cfg := modernConfig(t, ca, m, nil)
				l, err := connect(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				l.close()
				m.refuse, m.resumes = refuse, "<resumed xmlns='"+nsSM+"' previd='some' h='1'/>"
				cfg.resume = &resumption{managed: *l.managed, jid: jid.MustParse("alice@example.test/Linnet.1"), handled: func() uint32 { return 0 }}
				l, err = connect(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				l.close()
				if !l.info.Resumed || cfg.resume.refused || l.info.Mechanism != "SCRAM-SHA-256" {
					t.Errorf("got %+v", l.info)
				}
			})
		})
	}
}

// Whoever leaves while a token is tried gets no second connection.
func TestTokenCanceled(t *testing.T) {
	ca := newTestCA(t)
	gone := errors.New("the user closed the window")
	synctest.Test(t, func(t *testing.T) {
		m := &modernServer{inline: allInline + fastInline("HT-SHA-256-NONE")}
		ctx, cancel := context.WithCancelCause(t.Context())
		cfg := modernConfig(t, ca, m, func(s *scripted) {
			s.at = func(step Step) {
				if step == StepToken {
					cancel(gone)
					s.quiet()
				}
			}
		})
		l, err := connect(ctx, cfg)
		if err != nil {
			t.Fatal(err)
		}
		l.close()
		if _, err := connect(ctx, cfg); !errors.Is(err, gone) {
			t.Errorf("got %v", err)
		}
		if n := len(m.requests()); n != 2 {
			t.Errorf("%d tries", n)
		}
		if cfg.Tokens.Token().Secret == "" {
			t.Error("a token nobody refused is lost")
		}
	})
}
