package stream

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mellium.im/xmpp/jid"
)

// TestModern signs in at servers that let more or less be asked for along with
// it. Whatever is missing is done the classic way, without a second stream.
func TestModern(t *testing.T) {
	ca := newTestCA(t)
	bind := func(features ...string) string {
		text := "<bind xmlns='" + nsBind2 + "'><inline>"
		for _, f := range features {
			text += "<feature var='" + f + "'/>"
		}
		return text + "</inline></bind>"
	}
	along := []Step{StepAuth, StepFeaturesAuth}
	for _, row := range []struct {
		name    string
		server  *modernServer
		change  func(*scripted)
		config  func(*Config)
		bound   string
		steps   []Step
		managed string // id of the stream
		enabled []string
		wish    string // what the client asked for along with it
		want    Info
	}{
		{
			name: "all", server: &modernServer{inline: allInline},
			bound: "alice@example.test/Linnet.1", steps: along, managed: "some",
			enabled: []string{nsCarbons, nsCSI}, wish: "initial-response user-agent bind(tag enable=" + nsCarbons + " active=" + nsCSI + " enable=" + nsSM + ")",
			want: Info{Mechanism: "SCRAM-SHA-256", SASL2: true},
		},
		{
			name: "nobody looks", server: &modernServer{inline: allInline}, config: func(c *Config) { c.inactive = true },
			bound: "alice@example.test/Linnet.1", steps: along, managed: "some",
			enabled: []string{nsCarbons, nsCSI}, wish: "initial-response user-agent bind(tag enable=" + nsCarbons + " inactive=" + nsCSI + " enable=" + nsSM + ")",
			want: Info{Mechanism: "SCRAM-SHA-256", SASL2: true},
		},
		{
			name: "bound to the TLS session", server: &modernServer{inline: allInline, mechanisms: []string{"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"}},
			change: func(s *scripted) { s.offer, s.binding = bindingList(bindExporter, bindEndPoint), bindExporter },
			bound:  "alice@example.test/Linnet.1", steps: along, managed: "some",
			enabled: []string{nsCarbons, nsCSI}, wish: "initial-response user-agent bind(tag enable=" + nsCarbons + " active=" + nsCSI + " enable=" + nsSM + ")",
			want: Info{Mechanism: "SCRAM-SHA-1-PLUS", Binding: bindExporter, SASL2: true},
		},
		{
			name: "a resource and nothing else", server: &modernServer{inline: bind(), features: "<other xmlns='urn:x'/>"},
			bound: "alice@example.test/Linnet.1", steps: along, wish: "initial-response user-agent bind(tag)",
			want: Info{Mechanism: "SCRAM-SHA-256", SASL2: true},
		},
		{
			name: "carbons", server: &modernServer{inline: bind("urn:x", nsCarbons), features: "<other xmlns='urn:x'/>"},
			bound: "alice@example.test/Linnet.1", steps: along, enabled: []string{nsCarbons}, wish: "initial-response user-agent bind(tag enable=" + nsCarbons + ")",
			want: Info{Mechanism: "SCRAM-SHA-256", SASL2: true},
		},
		{
			name: "no resource", server: &modernServer{inline: "<sm xmlns='" + nsSM + "'/>"},
			bound: "alice@example.test/classic", steps: append(slices.Clone(along), StepBind, StepEnable), managed: "classic",
			wish: "initial-response user-agent", want: Info{Mechanism: "SCRAM-SHA-256", SASL2: true},
		},
		{
			name: "stream management fails", server: &modernServer{inline: allInline, enabled: "<failed xmlns='" + nsSM + "'/>"},
			bound: "alice@example.test/Linnet.1", steps: along, enabled: []string{nsCarbons, nsCSI},
			wish: "initial-response user-agent bind(tag enable=" + nsCarbons + " active=" + nsCSI + " enable=" + nsSM + ")",
			want: Info{Mechanism: "SCRAM-SHA-256", SASL2: true},
		},
		{
			name: "PLAIN", server: &modernServer{inline: bind(), mechanisms: []string{"PLAIN"}, features: "<other xmlns='urn:x'/>"},
			bound: "alice@example.test/Linnet.1", steps: along, wish: "initial-response user-agent bind(tag)",
			want: Info{Mechanism: "PLAIN", SASL2: true},
		},
		{
			name: "messages are kept for later", server: &modernServer{inline: allInline},
			config: func(c *Config) { c.Archived = func() bool { return false } },
			bound:  "alice@example.test/classic", steps: append(slices.Clone(along), StepBind, StepEnable), managed: "classic",
			wish: "initial-response user-agent", want: Info{Mechanism: "SCRAM-SHA-256", SASL2: true},
		},
		{
			name: "more than was asked for",
			server: &modernServer{inline: bind(), features: "<other xmlns='urn:x'/>", change: func(success string) string {
				return strings.Replace(success, "<bound", "<resumed xmlns='"+nsSM+"' previd='x' h='0'/><token xmlns='"+nsFAST+
					"' token='x' expiry='2100-01-01T00:00:00Z'/><else xmlns='urn:x'/><bound xmlns='"+nsBind2+
					"'><enabled xmlns='"+nsSM+"' id='x' resume='true'/></bound><bound", 1)
			}},
			bound: "alice@example.test/Linnet.1", steps: along, wish: "initial-response user-agent bind(tag)",
			want: Info{Mechanism: "SCRAM-SHA-256", SASL2: true},
		},
		{
			name: "a device that is not to be recognised", server: &modernServer{inline: bind() + fastInline("HT-SHA-256-NONE"), features: "<other xmlns='urn:x'/>"},
			config: func(c *Config) { c.Tokens = nil },
			bound:  "alice@example.test/Linnet.1", steps: along, wish: "initial-response user-agent bind(tag)",
			want: Info{Mechanism: "SCRAM-SHA-256", SASL2: true},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := modernConfig(t, ca, row.server, row.change)
				if row.config != nil {
					row.config(cfg)
				}
				l, err := connect(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				defer l.close()
				seen := row.server.requests()
				if len(seen) != 1 || wishOf(seen[0]) != row.wish {
					t.Errorf("asked for %s", wishOf(seen[0]))
				}
				if known := userAgent(seen[0]) != ""; known != (cfg.Tokens != nil) {
					t.Errorf("recognised: %v", known)
				}
				steps := append([]Step{StepHeader, StepFeatures, StepStartTLS, StepTLS, StepHeaderTLS, StepFeaturesTLS}, row.steps...)
				for i, s := range l.info.Steps {
					if i >= len(steps) || s.Step != steps[i] {
						t.Errorf("step %d of %v is %s", i, steps, s.Step)
					}
				}
				if got := l.info; got.JID.String() != row.bound || got.Mechanism != row.want.Mechanism || got.Binding != row.want.Binding || !got.SASL2 || got.Resumed {
					t.Errorf("got %+v", got)
				}
				for _, ns := range []string{nsCarbons, nsCSI, nsSM, ""} {
					if l.info.Enabled(ns) != slices.Contains(row.enabled, ns) {
						t.Errorf("%q is enabled: %v", ns, l.info.Enabled(ns))
					}
				}
				if (l.managed != nil) != (row.managed != "") || l.managed != nil && l.managed.id != row.managed {
					t.Errorf("the stream is %+v", l.managed)
				}
				if cfg.Tokens != nil && cfg.Tokens.Token().Secret != "" {
					t.Error("a token nobody asked for is kept")
				}
				if len(l.features) == 0 {
					t.Error("there are no features")
				}
			})
		})
	}
}

// wishOf writes down what is asked for along with signing in.
func wishOf(auth *element) string {
	var list func(e *element) []string
	list = func(e *element) []string {
		var all []string
		for i := range e.Children {
			c := &e.Children[i]
			text := c.XMLName.Local
			if c.XMLName.Space != e.XMLName.Space && c.XMLName.Local != "bind" {
				text += "=" + c.XMLName.Space
			}
			if c.is(nsBind2, "bind") {
				text += "(" + strings.Join(list(c), " ") + ")"
			}
			all = append(all, text)
		}
		return all
	}
	return strings.Join(list(auth), " ")
}

// TestModernResume takes the stream of the link before up again in one round
// trip, or gets a new one in the same.
func TestModernResume(t *testing.T) {
	ca := newTestCA(t)
	const resumed = "<resumed xmlns='" + nsSM + "' previd='s&lt;1' h='3'/>"
	const old = "alice@example.test/Linnet.1"
	for _, row := range []struct {
		name    string
		server  *modernServer
		bound   string // that the server tells; empty for the usual
		self    string // that we get
		resumed bool
		taken   bool // the server says what it had
		refused bool
		kept    bool // the server keeps messages for later
		step    Step // the last
		fails   bool
	}{
		{name: "resumed", server: &modernServer{inline: allInline, resumes: resumed}, self: old, resumed: true, step: StepAuth},
		{name: "resumed, and told the whole address", server: &modernServer{inline: allInline, resumes: resumed}, bound: old, self: old, resumed: true, step: StepAuth},
		{name: "refused", server: &modernServer{inline: allInline}, self: old, taken: true, refused: true, step: StepFeaturesAuth},
		{name: "refused without a count", server: &modernServer{inline: allInline, resumes: "<failed xmlns='" + nsSM + "'/>"}, self: old, refused: true, step: StepFeaturesAuth},
		{name: "no answer but a resource", server: &modernServer{inline: allInline, resumes: " "}, self: old, refused: true, step: StepFeaturesAuth},
		{name: "refused, and no resource along", server: &modernServer{inline: "<sm xmlns='" + nsSM + "'/>"}, self: "alice@example.test/classic", taken: true, refused: true, step: StepEnable},
		{name: "refused, and messages are kept for later", server: &modernServer{inline: allInline}, kept: true, self: "alice@example.test/classic", taken: true, refused: true, step: StepEnable},
		{name: "resumed, and messages are kept for later", server: &modernServer{inline: allInline, resumes: resumed}, kept: true, self: old, resumed: true, step: StepAuth},
		{name: "not along", server: &modernServer{inline: strings.Replace(allInline, "<sm ", "<sm2 ", 1), resumes: resumed}, self: old, resumed: true, step: StepResume},
		{name: "another stream", server: &modernServer{inline: allInline, resumes: strings.Replace(resumed, "s&lt;1", "s2", 1)}, refused: true, fails: true, step: StepAuth},
		{name: "no count", server: &modernServer{inline: allInline, resumes: strings.Replace(resumed, " h='3'", "", 1)}, refused: true, fails: true, step: StepAuth},
		{name: "another resource", server: &modernServer{inline: allInline, resumes: resumed}, bound: "alice@example.test/Linnet.2", refused: true, fails: true, step: StepAuth},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := modernConfig(t, ca, row.server, func(s *scripted) {
					s.bound = row.bound
					s.at = func(step Step) {
						if step == StepBind && row.step == StepResume {
							s.expect("resume")
							s.fault(resumed)
						}
					}
				})
				features, err := parseFeatures([]byte(testHeader), []byte("<stream:features><ver xmlns='urn:before'/></stream:features>"))
				if err != nil {
					t.Fatal(err)
				}
				r := &resumption{
					managed: managed{id: "s<1"}, jid: jid.MustParse(old), features: features, enabled: " " + nsCarbons + " ",
					handled: func() uint32 { return 7 },
				}
				cfg.resume = r
				cfg.Archived = func() bool { return !row.kept }
				l, err := connect(t.Context(), cfg)
				if r.refused != row.refused || (r.taken != nil) != row.taken || r.taken != nil && *r.taken != 3 {
					t.Errorf("refused %v, the server has %v", r.refused, r.taken)
				}
				asked := row.server.requests()[0]
				if wish := asked.child(nsSM, "resume"); row.step != StepResume && (wish == nil || wish.attr("h") != "7" || wish.attr("previd") != "s<1") {
					t.Errorf("asked for %s", wishOf(asked))
				}
				if row.step == StepResume && asked.child(nsBind2, "bind") != nil {
					t.Error("a resource is asked for before the stream")
				}
				if row.fails {
					checkError(t, err, &ProtocolError{Step: row.step, Reason: Unexpected})
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				defer l.close()
				info := l.info
				if info.Resumed != row.resumed || (l.resumed != nil) != row.resumed || info.JID.String() != row.self || row.resumed && *l.resumed != 3 {
					t.Errorf("got %+v, %v", info, l.resumed)
				}
				info.features = namespaces(l.features)
				if goesOn := row.step == StepAuth; info.Has("urn:before") != goesOn {
					t.Errorf("features %q", info.features)
				}
				if info.Enabled(nsCarbons) != (row.step != StepEnable) {
					t.Errorf("enabled %q", info.enabled)
				}
				if last := info.Steps[len(info.Steps)-1].Step; last != row.step {
					t.Errorf("the last step is %s", last)
				}
			})
		})
	}
}

// TestModernRefusals is for servers that say no, and for those that say what
// they may not.
func TestModernRefusals(t *testing.T) {
	ca := newTestCA(t)
	replace := func(old, by string) func(m *modernServer, s *scripted) {
		return func(m *modernServer, _ *scripted) {
			m.change = func(success string) string {
				changed := strings.Replace(success, old, by, 1)
				if changed == success {
					t.Errorf("no %q in %q", old, success)
				}
				return changed
			}
		}
	}
	answer := func(text string) func(*modernServer, *scripted) {
		return func(_ *modernServer, s *scripted) {
			s.at = func(step Step) {
				if step == StepAuth {
					s.fault(text)
				}
			}
		}
	}
	failure := func(condition string) func(*modernServer, *scripted) {
		return answer("<failure xmlns='" + nsSASL2 + "'><" + condition + " xmlns='" + nsSASL + "'/><other xmlns='urn:x'/><text>words</text></failure>")
	}
	success := func(inner string) func(*modernServer, *scripted) {
		return answer("<success xmlns='" + nsSASL2 + "'>" + inner + "<authorization-identifier>alice@example.test/x</authorization-identifier></success>")
	}
	tasks := func(inner string) func(*modernServer, *scripted) {
		return func(m *modernServer, _ *scripted) { m.then = inner }
	}
	unexpected := func(step Step) error { return &ProtocolError{Step: step, Reason: Unexpected} }
	const id = "<authorization-identifier>alice@example.test/Linnet.1</authorization-identifier>"
	for _, row := range []struct {
		name   string
		change func(*modernServer, *scripted)
		want   error
	}{
		{"wrong password", func(_ *modernServer, s *scripted) { s.password = "other" }, &AuthError{Reason: AuthWrongPassword, Condition: "not-authorized"}},
		{"wrong password, PLAIN", func(m *modernServer, s *scripted) { s.password, m.mechanisms = "other", []string{"PLAIN"} }, &AuthError{Reason: AuthWrongPassword, Condition: "not-authorized"}},
		{"disabled", failure("account-disabled"), &AuthError{Reason: AuthDisabled, Condition: "account-disabled"}},
		{"temporary", failure("temporary-auth-failure"), &AuthError{Reason: AuthTemporary, Condition: "temporary-auth-failure"}},
		{"failure without reason", answer("<failure xmlns='" + nsSASL2 + "'/>"), &AuthError{Reason: AuthOther}},
		{"unknown mechanisms", func(m *modernServer, _ *scripted) { m.mechanisms = []string{"X-OAUTH2"} }, &AuthError{Reason: AuthNoMechanism}},
		{"types without PLUS", func(_ *modernServer, s *scripted) { s.offer = bindingList(bindExporter) }, &AuthError{Reason: AuthUntrusted}},
		{"PLUS without types", func(m *modernServer, _ *scripted) {
			m.mechanisms = []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "PLAIN"}
		}, &AuthError{Reason: AuthUntrusted}},
		{"success at once", success(""), &AuthError{Reason: AuthUntrusted}},
		{"success with data at once", success("<additional-data>dj1BQUFB</additional-data>"), &AuthError{Reason: AuthUntrusted}},
		{"success without proof", replace("<additional-data>", "<other-data>"), &ProtocolError{Step: StepAuth, Reason: Garbage}},
		{"success with the proof of another", replace("<additional-data>", "<additional-data>dj1BQUFB</additional-data><additional-data>"), &AuthError{Reason: AuthUntrusted}},
		{"success of RFC 6120", answer("<success xmlns='" + nsSASL + "'>dj1BQUFB</success>"), unexpected(StepAuth)},
		{"challenge of RFC 6120", answer("<challenge xmlns='" + nsSASL + "'>dj1BQUFB</challenge>"), unexpected(StepAuth)},
		{"challenge of bad base64", answer("<challenge xmlns='" + nsSASL2 + "'>*</challenge>"), &ProtocolError{Step: StepAuth, Reason: Garbage}},
		{"stanza", answer("<message><body>x</body></message>"), unexpected(StepAuth)},
		{"task data", answer("<task-data xmlns='" + nsSASL2 + "'/>"), unexpected(StepAuth)},
		{"continue at once", answer("<continue xmlns='" + nsSASL2 + "'><tasks><task>X</task></tasks></continue>"), &AuthError{Reason: AuthUntrusted}},
		{"unknown task", tasks("<tasks><task>TOTP-EXAMPLE</task><task>HOTP-EXAMPLE</task></tasks><text>2FA</text>"), &AuthError{Reason: AuthMore}},
		{"a task nobody asked for", tasks("<tasks><task>UPGR-SCRAM-SHA-256</task></tasks>"), &AuthError{Reason: AuthMore}},
		{"no task", tasks("<tasks/>"), &AuthError{Reason: AuthMore}},
		{"no tasks at all", tasks(" "), &AuthError{Reason: AuthMore}},
		{"nobody's success", replace(id, ""), unexpected(StepAuth)},
		{"somebody else's success", replace(id, strings.Replace(id, "alice", "mallory", 1)), unexpected(StepAuth)},
		{"success on another server", replace(id, strings.Replace(id, "example.test", "other.test", 1)), unexpected(StepAuth)},
		{"success of no address", replace(id, "<authorization-identifier>@@/</authorization-identifier>"), unexpected(StepAuth)},
		{"identity of another namespace", replace(id, strings.Replace(id, "<authorization-identifier", "<authorization-identifier xmlns='urn:x'", 1)), unexpected(StepAuth)},
		{"bound without a resource", replace("/Linnet.1<", "<"), unexpected(StepFeaturesAuth)},
		{"no features", func(m *modernServer, _ *scripted) {
			m.change = func(success string) string { return success[:strings.Index(success, "<stream:features>")] }
		}, &ProtocolError{Step: StepFeaturesAuth, Reason: Silent}},
		{"a stanza before the features", replace("<stream:features>", "<message/><stream:features>"), unexpected(StepFeaturesAuth)},
		{"a header before the features", replace("<stream:features>", testHeader+"<stream:features>"), &ProtocolError{Step: StepFeaturesAuth, Reason: Silent}},
		{"two answers", replace("<stream:features>", "<failure xmlns='"+nsSASL2+"'/><stream:features>"), unexpected(StepFeaturesAuth)},
		{"stream error", replace("<stream:features>", fmt.Sprintf(streamErrorText, "conflict", "")), &StreamError{Step: StepFeaturesAuth, Condition: "conflict", Text: "words"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &modernServer{inline: allInline + fastInline("HT-SHA-256-NONE")}
				cfg := modernConfig(t, ca, m, func(s *scripted) { row.change(m, s) })
				begun := time.Now()
				l, err := connect(t.Context(), cfg)
				if l != nil {
					l.close()
					t.Fatalf("connected: %+v", l.info)
				}
				checkError(t, err, row.want)
				auth := new(AuthError)
				if errors.As(err, &auth) && auth.Reason != AuthNoMechanism && len(m.requests()) > 0 && auth.Mechanism == "" {
					t.Errorf("no mechanism in %#v", auth)
				}
				if took := time.Since(begun); took > stepTimeout {
					t.Errorf("it took %v", took)
				}
				if l := len(m.requests()); l > 1 {
					t.Errorf("%d tries", l)
				}
				if k := cfg.Tokens.Token(); k.Secret != "" && strings.Contains(row.name, "success") {
					t.Errorf("kept %+v", k)
				}
			})
		})
	}
}

// TestModernResumeBroken holds that a wish a server breaks over is not repeated
// for ever, while one that only got no answer is.
func TestModernResumeBroken(t *testing.T) {
	ca := newTestCA(t)
	for _, f := range faults {
		synctest.Test(t, func(t *testing.T) {
			cfg := modernConfig(t, ca, &modernServer{inline: allInline}, func(s *scripted) {
				s.at = func(step Step) {
					if step == StepAuth {
						f.fault(s, step)
					}
				}
			})
			cfg.resume = &resumption{managed: managed{id: "s1"}, jid: cfg.JID, handled: func() uint32 { return 0 }}
			_, err := connect(t.Context(), cfg)
			checkError(t, err, f.want(StepAuth))
			if cfg.resume.refused != isBroken(err) {
				t.Errorf("%s: refused %v", f.name, cfg.resume.refused)
			}
			time.Sleep(time.Minute) // for a script that is still at it
		})
	}
}
