package stream

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

func upgradeOffer(tasks ...string) string {
	text := ""
	for _, task := range tasks {
		text += "<upgrade xmlns='" + nsUpgrade + "'>" + task + "</upgrade>"
	}
	return text
}

// TestUpgrade helps a server that knows the password by a weak hash to better
// ones, where nobody can be in the middle.
func TestUpgrade(t *testing.T) {
	ca := newTestCA(t)
	const sha256Task, sha512Task = "UPGR-SCRAM-SHA-256", "UPGR-SCRAM-SHA-512"
	for _, row := range []struct {
		name       string
		mechanisms []string
		upgrades   string
		want       []string
	}{
		{"one", []string{"SCRAM-SHA-1-PLUS"}, upgradeOffer(sha256Task), []string{sha256Task}},
		{"two", []string{"SCRAM-SHA-1-PLUS"}, upgradeOffer("UPGR-OTHER", sha512Task, sha256Task, sha512Task), []string{sha512Task, sha256Task}},
		{"to a worse one", []string{"SCRAM-SHA-256-PLUS"}, upgradeOffer("UPGR-SCRAM-SHA-1", "UPGR-PLAIN"), nil},
		{"of another namespace", []string{"SCRAM-SHA-1-PLUS"}, "<upgrade>" + sha256Task + "</upgrade>", nil},
		{"without binding", []string{"SCRAM-SHA-1"}, upgradeOffer(sha256Task), nil},
		{"by PLAIN", []string{"PLAIN"}, upgradeOffer(sha256Task), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &modernServer{inline: allInline, mechanisms: row.mechanisms, upgrades: row.upgrades}
				cfg := modernConfig(t, ca, m, func(s *scripted) {
					if slices.ContainsFunc(row.mechanisms, isPlus) {
						s.offer, s.binding = bindingList(bindExporter), bindExporter
					}
				})
				l, err := connect(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				l.close()
				if !slices.Equal(m.upgraded, row.want) {
					t.Errorf("did %v", m.upgraded)
				}
				if l.managed == nil || l.info.Mechanism != row.mechanisms[0] {
					t.Errorf("got %+v", l.info)
				}
			})
		})
	}
}

// TestUpgradeHostile is for servers that use a task for something else.
func TestUpgradeHostile(t *testing.T) {
	ca := newTestCA(t)
	data := func(inner string) string {
		return "<task-data xmlns='" + nsSASL2 + "'>" + inner + "</task-data>"
	}
	salt := func(iterations, salt string) string {
		return data(fmt.Sprintf("<salt xmlns='%s' iterations='%s'>%s</salt>", nsSCRAMUpgrade, iterations, salt))
	}
	garbage := &ProtocolError{Step: StepUpgrade, Reason: Garbage}
	unexpected := &ProtocolError{Step: StepUpgrade, Reason: Unexpected}
	for _, row := range []struct {
		name, answer string
		want         error
	}{
		{"few iterations", salt("4095", serverSalt), garbage},
		{"a bomb of iterations", salt("2000000000", serverSalt), garbage},
		{"no iterations", salt("", serverSalt), garbage},
		{"no salt", salt("4096", ""), garbage},
		{"bad salt", salt("4096", "*"), garbage},
		{"no data", data(""), unexpected},
		{"data of another namespace", data("<salt iterations='4096'>" + serverSalt + "</salt>"), unexpected},
		{"a challenge", "<challenge xmlns='" + nsSASL2 + "'>dj1BQUFB</challenge>", unexpected},
		{"success before it is done", "<success xmlns='" + nsSASL2 + "'><authorization-identifier>alice@example.test</authorization-identifier></success>", unexpected},
		{"failure", "<failure xmlns='" + nsSASL2 + "'><temporary-auth-failure xmlns='" + nsSASL + "'/></failure>", &AuthError{Reason: AuthTemporary, Condition: "temporary-auth-failure"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &modernServer{inline: allInline, mechanisms: []string{"SCRAM-SHA-1-PLUS"}, upgrades: upgradeOffer("UPGR-SCRAM-SHA-256")}
				cfg := modernConfig(t, ca, m, func(s *scripted) {
					s.offer, s.binding = bindingList(bindExporter), bindExporter
					s.at = func(step Step) {
						if step == StepUpgrade {
							s.fault(row.answer)
						}
					}
				})
				l, err := connect(t.Context(), cfg)
				if l != nil {
					l.close()
				}
				checkError(t, err, row.want)
			})
		})
	}
}

// What comes behind a task ends it, and is nothing else.
func TestUpgradeEnds(t *testing.T) {
	ca := newTestCA(t)
	m := &modernServer{inline: allInline, mechanisms: []string{"SCRAM-SHA-1-PLUS"}, upgrades: upgradeOffer("UPGR-SCRAM-SHA-256")}
	m.change = func(success string) string { return strings.ReplaceAll(success, "success", "challenge") }
	cfg := modernConfig(t, ca, m, func(s *scripted) { s.offer, s.binding = bindingList(bindExporter), bindExporter })
	_, err := connect(t.Context(), cfg)
	checkError(t, err, &ProtocolError{Step: StepUpgrade, Reason: Unexpected})
}

// The same task twice would have us work as long as the server likes.
func TestUpgradeOnce(t *testing.T) {
	ca := newTestCA(t)
	m := &modernServer{inline: allInline, mechanisms: []string{"SCRAM-SHA-1-PLUS"}, upgrades: upgradeOffer("UPGR-SCRAM-SHA-256")}
	const again = "<continue xmlns='" + nsSASL2 + "'><tasks><task>UPGR-SCRAM-SHA-256</task></tasks></continue>"
	m.change = func(string) string { return again }
	cfg := modernConfig(t, ca, m, func(s *scripted) { s.offer, s.binding = bindingList(bindExporter), bindExporter })
	_, err := connect(t.Context(), cfg)
	checkError(t, err, &AuthError{Reason: AuthMore})
}

// The key another implementation of PBKDF2 derives with the salt of the example
// in XEP-0480, section 3, from the password of RFC 5802.
func TestUpgradeKey(t *testing.T) {
	salt, iterations, err := saltOf("QV9TWENSWFE2c2VrOGJmX1o=", "4096")
	if err != nil {
		t.Fatal(err)
	}
	key, err := newSCRAM(sha256.New, "user", "pencil").saltedPassword(t.Context(), salt, iterations)
	if got := base64.StdEncoding.EncodeToString(key); err != nil || got != "Q8abK3WIX500A5++8zDamXbZWpoXgWMwdXKO9eFKk8w=" {
		t.Errorf("got %s, %v", got, err)
	}
}
