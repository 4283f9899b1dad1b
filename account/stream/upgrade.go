package stream

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"slices"
	"strings"
)

const (
	nsUpgrade      = "urn:xmpp:sasl:upgrade:0" // XEP-0480
	nsSCRAMUpgrade = "urn:xmpp:scram-upgrade:0"
)

// upgradeTasks are those we do. A server that knows the password by SHA-1 alone
// is helped to a better way, never to a worse one.
var upgradeTasks = map[string]func() hash.Hash{
	"UPGR-SCRAM-SHA-256": sha256.New,
	"UPGR-SCRAM-SHA-512": sha512.New,
}

// upgrades gives the tasks of an offer that we do. What they tell is as good as
// the password, so they are for a channel nobody else is on.
func upgrades(list *element) []string {
	var tasks []string
	for _, name := range list.texts(nsUpgrade, "upgrade") {
		if upgradeTasks[name] != nil && !slices.Contains(tasks, name) {
			tasks = append(tasks, name)
		}
	}
	return tasks
}

// upgrade does one of the tasks the server wants done before it lets us in, and
// gives what it says then.
func (m *modern) upgrade(ctx context.Context, wanted *element) (*element, error) {
	var names []string
	if tasks := wanted.child(nsSASL2, "tasks"); tasks != nil {
		names = tasks.texts(nsSASL2, "task")
	}
	i := slices.IndexFunc(m.upgrades, func(t string) bool { return slices.Contains(names, t) })
	if i < 0 {
		return nil, &AuthError{Reason: AuthMore, Text: "the server asks for " + short(strings.Join(names, ", "))}
	}
	task := m.upgrades[i]
	m.upgrades = slices.Delete(m.upgrades, i, i+1) // each is done once
	data, err := m.task("<next xmlns='" + nsSASL2 + "' task='" + task + "'/>")
	if err != nil {
		return nil, err
	}
	given := data.child(nsSCRAMUpgrade, "salt")
	if !data.is(nsSASL2, "task-data") || given == nil {
		return nil, m.unexpected(data)
	}
	salt, iterations, err := saltOf(strings.TrimSpace(given.Text), given.attr("iterations"))
	if err != nil {
		return nil, m.judged(err)
	}
	key, err := newSCRAM(upgradeTasks[task], m.me.user, m.me.password).saltedPassword(ctx, salt, iterations)
	if err != nil {
		return nil, err
	}
	end, err := m.task("<task-data xmlns='" + nsSASL2 + "'><hash xmlns='" + nsSCRAMUpgrade + "'>" +
		base64.StdEncoding.EncodeToString(key) + "</hash></task-data>")
	if err == nil && !end.is(nsSASL2, "success") && !end.is(nsSASL2, "continue") {
		return nil, m.unexpected(end)
	}
	return end, err
}

// task says something of a task and reads the answer.
func (m *modern) task(text string) (*element, error) {
	if err := m.begin(StepUpgrade, text); err != nil {
		return nil, err
	}
	e, err := m.read()
	if err == nil && e.is(nsSASL2, "failure") {
		return nil, newAuthError(e)
	}
	return e, err
}
