package stream

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"hash"
	"strings"
	"sync"
	"testing"
	"time"
)

// allInline is what a server of today lets ask for along with signing in.
const allInline = "<sm xmlns='" + nsSM + "'/><bind xmlns='" + nsBind2 + "'><inline>" +
	"<feature var='" + nsCarbons + "'/><feature var='" + nsCSI + "'/><feature var='" + nsSM + "'/></inline></bind>"

const modernFeatures = "<bind xmlns='" + nsBind + "'/><sm xmlns='" + nsSM + "'/><csi xmlns='" + nsCSI + "'/>"

// fastInline is the part of inline about tokens.
func fastInline(mechanisms ...string) string {
	return "<fast xmlns='" + nsFAST + "'><mechanism>" + strings.Join(mechanisms, "</mechanism><mechanism>") + "</mechanism></fast>"
}

// modernServer is a server of XEP-0388 over all the connections to it, written
// for itself so that it can disagree with us.
type modernServer struct {
	mechanisms []string // empty means SCRAM-SHA-256 and PLAIN
	inline     string
	upgrades   string // elements of XEP-0480
	features   string // after signing in; empty means modernFeatures
	resumes    string // the answer to the wish to resume a stream; empty refuses it
	enabled    string // the answer to the wish for stream management
	then       string // in a continue that comes in place of the success

	// change, if set, may change the success and what follows.
	change func(success string) string
	// refuse, if set, is what happens to a token that is right.
	refuse func(*scripted)
	// rotate has a new token given out with each token that is used.
	rotate bool

	mu     sync.Mutex
	seen   []*element // every authenticate
	tokens map[string]*givenToken
	made   int

	upgraded []string // tasks that were done
}

// givenToken is for one user agent.
type givenToken struct {
	mechanism, secret string
	count             int
}

func (m *modernServer) offer() string {
	names := m.mechanisms
	if names == nil {
		names = []string{"PLAIN", "SCRAM-SHA-256"}
	}
	return "<authentication xmlns='" + nsSASL2 + "'><mechanism>" + strings.Join(names, "</mechanism><mechanism>") +
		"</mechanism><inline>" + m.inline + "</inline>" + m.upgrades + "</authentication>"
}

// requests gives what clients have said.
func (m *modernServer) requests() []*element {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.seen
}

// session takes the client from the features behind TLS to a bound resource.
func (m *modernServer) session(s *scripted) {
	for {
		auth := s.expect("authenticate")
		m.mu.Lock()
		m.seen = append(m.seen, auth)
		m.mu.Unlock()
		if !auth.is(nsSASL2, "authenticate") {
			s.t.Errorf("the client sent %+v", auth)
		}
		step := StepAuth
		if strings.HasPrefix(auth.attr("mechanism"), "HT-") {
			step = StepToken
		}
		s.step(step)
		rest, condition := m.check(s, auth)
		if condition == "" {
			m.welcome(s, auth, rest)
			return
		}
		s.send("<failure xmlns='%s'><%s xmlns='%s'/><text>words</text></failure>", nsSASL2, condition, nsSASL)
	}
}

// check runs the mechanism and gives its additional data, or why it failed.
func (m *modernServer) check(s *scripted, auth *element) (rest, condition string) {
	first, err := base64.StdEncoding.DecodeString(auth.child(nsSASL2, "initial-response").Text)
	if err != nil {
		return "", "incorrect-encoding"
	}
	switch mechanism := auth.attr("mechanism"); {
	case strings.HasPrefix(mechanism, "HT-"):
		return m.checkToken(s, auth, string(first))
	case mechanism == "PLAIN":
		if string(first) != "\x00"+s.user+"\x00"+s.password {
			return "", "not-authorized"
		}
		return "", ""
	}
	x := s.scram(auth.attr("mechanism"))
	challenge, err := x.first(string(first))
	if err != nil {
		return "", err.Error()
	}
	s.send("<challenge xmlns='%s'>\n  %s\n</challenge>", nsSASL2, base64.StdEncoding.EncodeToString([]byte(challenge)))
	response, err := base64.StdEncoding.DecodeString(s.expect("response").Text)
	if err != nil {
		return "", "incorrect-encoding"
	}
	if rest, err = x.final(string(response)); err != nil {
		return "", err.Error()
	}
	return rest, ""
}

func (m *modernServer) checkToken(s *scripted, auth *element, first string) (rest, condition string) {
	user, proof, _ := strings.Cut(first, "\x00")
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.tokens[userAgent(auth)]
	fast := auth.child(nsFAST, "fast")
	switch {
	case fast == nil || auth.child(nsFAST, "request-token") != nil:
		s.t.Error("a token without fast, or with the wish for another")
	case t == nil || user != s.user || auth.attr("mechanism") != t.mechanism:
		return "", "not-authorized"
	}
	var count int
	if _, err := fmt.Sscan(fast.attr("count"), &count); err != nil || count <= t.count {
		return "", "not-authorized" // XEP-0484, section 3.4: somebody says it again
	}
	t.count = count
	data := string(s.channel()[map[string]string{"EXPR": bindExporter, "ENDP": bindEndPoint, "UNIQ": bindUnique}[t.mechanism[len(t.mechanism)-4:]]])
	mac := func(text string) string {
		h := hmac.New(sha256.New, []byte(t.secret))
		h.Write([]byte(text + data))
		return string(h.Sum(nil))
	}
	if proof != mac("Initiator") {
		return "", "not-authorized"
	}
	if m.refuse != nil {
		m.refuse(s)
		return "", "credentials-expired"
	}
	return mac("Responder"), ""
}

// userAgent gives the id of the client, and fails the test when the element
// tells anything else of it than which program it is.
func userAgent(auth *element) string {
	ua := auth.child(nsSASL2, "user-agent")
	if ua == nil || len(ua.Children) != 1 || ua.child(nsSASL2, "software") == nil || ua.child(nsSASL2, "software").Text != "Linnet" {
		return "strange: " + fmt.Sprint(ua)
	}
	return ua.attr("id")
}

// welcome sends the success, and the features where they are due.
func (m *modernServer) welcome(s *scripted, auth *element, rest string) {
	data := ""
	if rest != "" {
		data = "<additional-data>" + base64.StdEncoding.EncodeToString([]byte(rest)) + "</additional-data>"
	}
	if m.then != "" {
		s.fault("<continue xmlns='" + nsSASL2 + "'>" + data + m.then + "</continue>")
	}
	for _, task := range auth.texts(nsUpgrade, "upgrade") {
		m.upgrade(s, task, data)
		data = ""
	}
	m.finish(s, auth, data)
}

// upgrade has the client do a task of XEP-0480.
func (m *modernServer) upgrade(s *scripted, task, data string) {
	s.send("<continue xmlns='%s'>%s<tasks><task>OTHER</task><task>%s</task></tasks></continue>", nsSASL2, data, task)
	if got := s.expect("next").attr("task"); got != task {
		s.t.Errorf("task %q, not %q", got, task)
	}
	s.step(StepUpgrade)
	s.send("<task-data xmlns='%s'><salt xmlns='%s' iterations='5000'> %s </salt></task-data>", nsSASL2, nsSCRAMUpgrade, serverSalt)
	got := s.expect("task-data").child(nsSCRAMUpgrade, "hash")
	salt, _ := base64.StdEncoding.DecodeString(serverSalt)
	h := map[string]func() hash.Hash{"UPGR-SCRAM-SHA-256": sha256.New, "UPGR-SCRAM-SHA-512": sha512.New}[task]
	want, err := pbkdf2.Key(h, s.password, salt, 5000, h().Size())
	if err != nil || got == nil || got.Text != base64.StdEncoding.EncodeToString(want) {
		s.t.Errorf("%s gives %+v, not %x", task, got, want)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.upgraded = append(m.upgraded, task)
}

// finish sends the success with what was asked for.
func (m *modernServer) finish(s *scripted, auth *element, data string) {
	resumes, managed := m.resumes, m.enabled
	if resumes == "" {
		resumes = "<failed xmlns='" + nsSM + "' h='3'><item-not-found xmlns='" + nsStanzas + "'/></failed>"
	}
	if managed == "" {
		managed = "<enabled xmlns='" + nsSM + "' id='some' resume='true' max='600'/>"
	}
	inline, self, resumed := "", s.user+"@example.test", false
	if auth.child(nsSM, "resume") != nil {
		inline += resumes
		resumed = strings.HasPrefix(resumes, "<resumed")
	}
	bind := auth.child(nsBind2, "bind")
	if bind != nil && !resumed {
		self += "/" + bind.child(nsBind2, "tag").Text + ".1"
		bound := ""
		if bind.child(nsSM, "enable") != nil {
			bound = managed
		}
		inline += "<bound xmlns='" + nsBind2 + "'>" + bound + "</bound>"
	}
	if s.bound != "" {
		self = s.bound
	}
	success := fmt.Sprintf("<success xmlns='%s'>%s<authorization-identifier>%s</authorization-identifier>%s%s</success>",
		nsSASL2, data, self, inline, m.token(auth))
	features := m.features
	if features == "" {
		features = modernFeatures
	}
	if !resumed {
		success += "<stream:features>" + features + "</stream:features>"
	}
	if m.change != nil {
		success = m.change(success)
	}
	head, rest, found := strings.Cut(success, "<stream:features>")
	s.send("%s", head)
	if found {
		s.step(StepFeaturesAuth)
		s.send("<stream:features>%s", rest)
	}
	if resumed || bind != nil {
		return
	}
	m.classic(s, features)
}

// classic is for what was not asked for along with signing in.
func (m *modernServer) classic(s *scripted, features string) {
	s.step(StepBind)
	iq := s.expect("iq")
	s.send("<iq type='result' id='%s'><bind xmlns='%s'><jid>%s@example.test/classic</jid></bind></iq>", iq.attr("id"), nsBind, s.user)
	if strings.Contains(features, nsSM) {
		s.expect("enable")
		s.send("<enabled xmlns='%s' id='classic' resume='true'/>", nsSM)
	}
}

// token gives a token to who asks for one.
func (m *modernServer) token(auth *element) string {
	mechanism := ""
	if ask := auth.child(nsFAST, "request-token"); ask != nil {
		mechanism = ask.attr("mechanism")
	}
	if m.rotate && auth.child(nsFAST, "fast") != nil {
		mechanism = auth.attr("mechanism")
	}
	if mechanism == "" {
		return ""
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tokens == nil {
		m.tokens = make(map[string]*givenToken)
	}
	m.made++
	t := &givenToken{mechanism: mechanism, secret: fmt.Sprintf("secret&lt;%d", m.made)}
	m.tokens[userAgent(auth)] = t
	text := fmt.Sprintf("<token xmlns='%s' token='%s' expiry='%s'/>", nsFAST, t.secret, time.Now().Add(24*time.Hour).UTC().Format(time.RFC3339))
	t.secret = strings.ReplaceAll(t.secret, "&lt;", "<")
	return text
}

// memoryTokens is a Tokens.
type memoryTokens struct {
	mu   sync.Mutex
	t    Token
	sets int
}

func (m *memoryTokens) Token() Token {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.t
}

func (m *memoryTokens) SetToken(t Token) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.t = t
	m.sets++
}

// modernConfig is an account on a server of XEP-0388, which may be changed for
// each connection.
func modernConfig(t testing.TB, ca *testCA, m *modernServer, change func(*scripted), then ...script) *Config {
	cert := ca.leaf(t, nil, "example.test")
	cfg := testConfig(t, ca, scriptedDial(t, testServer(cert, func(s *scripted) {
		s.modern = m
		if change != nil {
			change(s)
		}
	}, then...)))
	cfg.Tokens = new(memoryTokens)
	cfg.Archived = func() bool { return true }
	return cfg
}
