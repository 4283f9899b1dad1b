package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

// signIn is the wish of a client to be let in by XEP-0388.
type signIn struct {
	Response string `xml:"urn:xmpp:sasl:2 initial-response"`
	Device   struct {
		ID string `xml:"id,attr"`
	} `xml:"urn:xmpp:sasl:2 user-agent"`
	Token *struct{} `xml:"urn:xmpp:fast:0 request-token"`
	Bind  *struct{} `xml:"urn:xmpp:bind:0 bind"`

	mechanism string
}

// signInModern lets in by password or token, and gives tokens out.
func (s *fakeServer) signInModern(conn net.Conn, offer string, step begins) (*fakeConn, *xml.Decoder) {
	dec, auth, ok := step(conn, "<authentication xmlns='urn:xmpp:sasl:2'><mechanism>PLAIN</mechanism><inline>"+
		"<bind xmlns='urn:xmpp:bind:0'/><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast></inline></authentication>")
	for ; ok; auth, ok = readElement(dec) {
		wish := signIn{mechanism: auth.attr("mechanism")}
		if err := xml.Unmarshal([]byte("<a xmlns='urn:xmpp:sasl:2'>"+auth.Inner+"</a>"), &wish); err != nil {
			s.t.Error(err)
		}
		s.mu.Lock()
		s.signIns = append(s.signIns, wish)
		mac := func(role string) string {
			h := hmac.New(sha256.New, []byte(s.tokens[wish.Device.ID]))
			h.Write([]byte(role))
			return string(h.Sum(nil))
		}
		right, proof, token := wish.Response == plain(s.password), "", ""
		if wish.mechanism != "PLAIN" {
			right = s.tokens[wish.Device.ID] != "" && wish.Response == base64Std.EncodeToString([]byte("me\x00"+mac("Initiator")))
			proof = "<additional-data>" + base64Std.EncodeToString([]byte(mac("Responder"))) + "</additional-data>"
		}
		if right && wish.Token != nil {
			s.tokens[wish.Device.ID] = fmt.Sprint("token ", len(s.signIns))
			token = "<token xmlns='urn:xmpp:fast:0' token='" + s.tokens[wish.Device.ID] + "' expiry='2100-01-01T00:00:00Z'/>"
		}
		s.mu.Unlock()
		if !right {
			fmt.Fprint(conn, "<failure xmlns='urn:xmpp:sasl:2'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>")
			continue
		}
		head := "<success xmlns='urn:xmpp:sasl:2'>" + proof + token + "<authorization-identifier>" + testAddress
		const end = "</authorization-identifier>%s</success><stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>%s</stream:features>"
		if wish.Bind != nil {
			fmt.Fprintf(conn, head+"/Linnet.1"+end, "<bound xmlns='urn:xmpp:bind:0'/>", offer)
			return s.newConn(conn, "Linnet.1"), dec
		}
		fmt.Fprintf(conn, head+end, "", offer)
		bind, ok := readElement(dec)
		if !ok {
			return nil, nil
		}
		return s.bind(conn, bind), dec
	}
	return nil, nil
}

// tried gives the mechanisms since the last call, and the device that used them.
func (s *fakeServer) tried() (mechanisms, device string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, wish := range s.signIns {
		mechanisms += " " + wish.mechanism
		device = wish.Device.ID
	}
	s.signIns = nil
	return mechanisms, device
}

func newModernProfile(t *testing.T) *profile {
	p := newProfile(t)
	p.server.modern, p.server.tokens = true, make(map[string]string)
	return p
}

// TestTokenIsKept holds that an account signs in by password once, and from
// then on by token: after a cut, after a restart, and as the same device. A
// token that is no longer good costs nothing but the password.
func TestTokenIsKept(t *testing.T) {
	p := newModernProfile(t)
	const byToken = " HT-SHA-256-NONE"
	r, c, id := p.online()
	r.eventually("online", func() bool { return r.phase(id).Phase == stream.Online })
	if info := r.phase(id).Info; !info.SASL2 || info.Mechanism != "PLAIN" || info.JID.String() != c.full {
		t.Errorf("connected by %+v", info)
	}
	mechanisms, device := p.server.tried()
	if mechanisms != " PLAIN" || device == "" {
		t.Errorf("tried%s as %q", mechanisms, device)
	}
	check := func(what, want string) {
		t.Helper()
		if mechanisms, as := p.server.tried(); mechanisms != want || as != device {
			t.Errorf("%s: tried%s as %q", what, mechanisms, as)
		}
	}
	c.conn.Close()
	p.server.next().presence("")
	check("after a cut", byToken)
	r.stop()
	r, _, _ = p.online()
	check("after a restart", byToken)
	r.eventually("online", func() bool { return r.phase(id).Phase == stream.Online })
	if info := r.phase(id).Info; info.Mechanism != "HT-SHA-256-NONE" || info.Binding != "" {
		t.Errorf("connected by %+v", info)
	}
	r.stop()
	p.server.set(func() { clear(p.server.tokens) })
	r, c, _ = p.online()
	check("revoked", byToken+" PLAIN")
	c.conn.Close()
	p.server.next().presence("")
	check("with the new one", byToken)
	if err := r.CheckSignIn(t.Context(), NewAccount{Address: testAddress, Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	p.server.next()
	if mechanisms, as := p.server.tried(); mechanisms != " PLAIN" || as != "" {
		t.Errorf("a trial tried%s as %q", mechanisms, as)
	}
}

// TestTokenGoesWithPassword holds that no token outlives the password it was
// got with.
func TestTokenGoesWithPassword(t *testing.T) {
	p := newModernProfile(t)
	r, _, id := p.online()
	_, device := p.server.tried()
	if err := r.SetPassword(t.Context(), id, "wrong"); err != nil {
		t.Fatal(err)
	}
	r.eventually("failed with the wrong password", func() bool {
		var auth *stream.AuthError
		s := r.phase(id)
		return s.Phase == stream.Failed && errors.As(s.Err, &auth) && auth.Reason == stream.AuthWrongPassword
	})
	if mechanisms, as := p.server.tried(); mechanisms != " PLAIN" || as == device {
		t.Errorf("tried%s, as the same device: %v", mechanisms, as == device)
	}
	if err := r.SetPassword(t.Context(), id, "secret"); err != nil {
		t.Fatal(err)
	}
	c := p.server.next()
	c.presence("")
	if err := r.RemoveAccount(t.Context(), id, false); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{PasswordName(testAddress), tokenName(testAddress)} {
		if _, err := p.secrets.Get(name); !errors.Is(err, storage.ErrNoSecret) {
			t.Errorf("%s is still there: %v", name, err)
		}
	}
}

// TestBoundAlongOnlyWhereAllIsArchived holds that a server is never made to
// throw away what is nowhere else (XEP-0386, section 3.2).
func TestBoundAlongOnlyWhereAllIsArchived(t *testing.T) {
	prefs := func(policy, never string) string {
		return "<prefs xmlns='urn:xmpp:mam:2' default='" + policy + "'><always/><never>" + never + "</never></prefs>"
	}
	for _, row := range []struct {
		name     string
		features []string
		prefs    string
		known    bool // from before
		want     bool
	}{
		{"everything", []string{"urn:xmpp:mam:2"}, prefs("always", ""), false, true},
		{"everything still", []string{"urn:xmpp:mam:2"}, prefs("always", ""), true, true},
		{"contacts", []string{"urn:xmpp:mam:2"}, prefs("roster", ""), true, false},
		{"nothing", []string{"urn:xmpp:mam:2"}, prefs("never", ""), true, false},
		{"not of one", []string{"urn:xmpp:mam:2"}, prefs("always", "<jid>a@example.org</jid>"), true, false},
		{"no sense", []string{"urn:xmpp:mam:2"}, "<prefs xmlns='urn:x' default='always'/>", true, false},
		{"no archive", []string{"urn:other"}, prefs("always", ""), true, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := newModernProfile(t)
			p.server.features, p.server.prefs = row.features, row.prefs
			id := p.addStored()
			if row.known {
				p.update(func(tx *storage.Tx) error { return tx.PutSetting(archivedSetting(id), []byte("all")) })
			}
			r := p.run()
			c := p.server.next()
			c.presence("")
			along := func() bool {
				p.server.mu.Lock()
				defer p.server.mu.Unlock()
				return p.server.signIns[len(p.server.signIns)-1].Bind != nil
			}
			if along() != row.known {
				t.Errorf("first it is bound along: %v", !row.known)
			}
			r.eventually("learnt", func() bool {
				var archived bool
				r.inAccount(id, func(a *Account) { archived = a.server.archived.Load() })
				return archived == row.want
			})
			c.conn.Close()
			c = p.server.next()
			c.presence("")
			if along() != row.want {
				t.Errorf("then it is bound along: %v", !row.want)
			}
			r.stop()
			p.online()
			if along() != row.want {
				t.Errorf("after a restart it is bound along: %v", !row.want)
			}
		})
	}
}

// What the user has changed holds from the next stream on.
func TestArchivePolicyIsReliedOn(t *testing.T) {
	p := newModernProfile(t)
	p.server.features = []string{"urn:xmpp:mam:2"}
	p.server.prefs = "<prefs xmlns='urn:xmpp:mam:2' default='roster'/>"
	r, _, id := p.online()
	for _, policy := range []ArchivePolicy{ArchiveAlways, ArchiveNever, ArchiveAlways, ArchiveContacts} {
		r.eventually("changed", func() bool {
			return r.SetArchivePolicy(t.Context(), id, policy) == nil // once it is known that there is an archive
		})
		r.inAccount(id, func(a *Account) {
			if archived := a.server.archived.Load(); archived != (policy == ArchiveAlways) {
				t.Errorf("with %s all is archived: %v", policy, archived)
			}
		})
		if got, err := r.ArchivePolicy(t.Context(), id); got != policy || err != nil {
			t.Errorf("the policy is %s, %v", got, err)
		}
	}
}

// slowSecrets count what is stored, and wait for the test while gate is set.
type slowSecrets struct {
	storage.Secrets
	mu   sync.Mutex
	sets map[string]int
	gate chan struct{}
	fail error
}

func (s *slowSecrets) Set(name string, value []byte) error {
	s.mu.Lock()
	s.sets[name]++
	gate, fail := s.gate, s.fail
	s.mu.Unlock()
	if gate != nil && strings.HasPrefix(name, "token ") {
		<-gate
	}
	if fail != nil {
		return fail
	}
	return s.Secrets.Set(name, value)
}

// TestSlowSecretsHoldNothingUp lets the secrets not answer: the account is
// online all the same, and what was meant to be stored is, before the next link
// asks for it.
func TestSlowSecretsHoldNothingUp(t *testing.T) {
	p := newModernProfile(t)
	slow := &slowSecrets{Secrets: p.secrets, sets: map[string]int{}, gate: make(chan struct{})}
	p.secrets = slow
	r, _, id := p.online()
	r.eventually("online", func() bool { return r.phase(id).Phase == stream.Online })
	if err := r.EditAccount(t.Context(), id, Edit{Host: "elsewhere.example.test"}); err != nil {
		t.Fatal(err)
	}
	close(slow.gate)
	p.server.next().presence("")
	if mechanisms, _ := p.server.tried(); mechanisms != " PLAIN HT-SHA-256-NONE" {
		t.Errorf("tried%s", mechanisms)
	}
}

// TestTokensAreStoredRarely counts the writes of many sign-ins.
func TestTokensAreStoredRarely(t *testing.T) {
	slow := &slowSecrets{Secrets: storage.Forgetful(), sets: map[string]int{}}
	const name = "token x"
	load := func() *tokens { return loadTokens(slow, name, slog.New(slog.DiscardHandler)) }
	use := func(k *tokens) uint32 {
		token := k.Token()
		token.Count++
		k.SetToken(token)
		return token.Count
	}
	k := load()
	if got := k.Token(); got != (stream.Token{}) {
		t.Errorf("begins with %+v", got)
	}
	token := stream.Token{UserAgent: "a", Mechanism: "HT-SHA-256-NONE", Secret: "s", Expiry: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
	k.SetToken(token)
	k.wait()
	k.SetToken(token)
	for range countStep {
		use(k)
	}
	k.wait()
	if n := slow.sets[name]; n != 1 {
		t.Errorf("%d writes", n)
	}
	used := use(k) // beyond what is counted ahead
	k.wait()
	if n := slow.sets[name]; n != 2 {
		t.Errorf("%d writes", n)
	}
	again := load()
	got := again.Token()
	if next := use(again); next <= used {
		t.Errorf("counts %d after %d", next, used)
	}
	again.wait()
	got.Count = 0
	if got != token {
		t.Errorf("kept %+v", got)
	}

	slow.fail = storage.ErrNoKeyring
	newer := token
	newer.Secret = "newer"
	again.SetToken(newer)
	again.wait()
	slow.fail = nil
	again.SetToken(newer)
	again.wait()
	if got := load().Token(); got.Secret != "newer" {
		t.Errorf("after a write that failed %+v is kept", got)
	}
	slow.fail = storage.ErrNoKeyring
	again.SetToken(stream.Token{UserAgent: "a"})
	again.wait()
	if got := again.Token(); got.Secret != "" {
		t.Error("a token is used on because its end could not be stored")
	}
	if err := slow.Secrets.Set(name, []byte("{")); err != nil {
		t.Fatal(err)
	}
	if got := load().Token(); got != (stream.Token{}) {
		t.Errorf("made %+v of nothing", got)
	}
}
