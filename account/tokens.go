package account

import (
	"encoding/json"
	"errors"
	"log/slog"
	"sync"

	"linnet/account/stream"
	"linnet/storage"
)

// countStep is how many sign-ins by token are counted ahead on disk. Each write
// may cost a second of work (see storage.Secrets), and a count that falls back
// costs only one sign-in by password.
const countStep = 1000

// tokenName is the name under which Secrets has the Token of the account with
// this bare JID. It goes with the password.
func tokenName(address string) string { return "token " + address }

// tokens is the stream.Tokens of one link. The secrets are given what is new
// behind it, one write at a time.
type tokens struct {
	secrets storage.Secrets
	name    string
	log     *slog.Logger

	mu     sync.Mutex
	token  stream.Token
	stored stream.Token // what the secrets have, or are just given
	saving bool
	saves  sync.WaitGroup
}

// loadTokens asks the secrets, which may take seconds. Without an answer the
// link begins as the first one did.
func loadTokens(secrets storage.Secrets, name string, log *slog.Logger) *tokens {
	t := &tokens{secrets: secrets, name: name, log: log}
	raw, err := secrets.Get(name)
	if err == nil {
		err = json.Unmarshal(raw, &t.stored)
	}
	switch {
	case err == nil:
		t.token = t.stored
	case !errors.Is(err, storage.ErrNoSecret):
		t.log.Warn("could not read the token", "err", err)
	}
	return t
}

// newTokens takes an earlier token away.
func newTokens(secrets storage.Secrets, name string, log *slog.Logger) *tokens {
	if err := secrets.Delete(name); err != nil {
		log.Warn("could not remove the token", "err", err)
	}
	return &tokens{secrets: secrets, name: name, log: log}
}

// Token implements stream.Tokens.
func (t *tokens) Token() stream.Token {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.token
}

// SetToken implements stream.Tokens.
func (t *tokens) SetToken(token stream.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token = token
	if t.isNew() && !t.saving {
		t.saving = true
		t.saves.Go(t.save)
	}
}

// isNew tells whether the secrets do not have the token yet; t is locked. They
// may count ahead of it.
func (t *tokens) isNew() bool {
	had := t.stored
	had.Count = t.token.Count
	return had != t.token || t.stored.Count < t.token.Count
}

func (t *tokens) save() {
	for {
		t.mu.Lock()
		if !t.isNew() {
			t.saving = false
			t.mu.Unlock()
			return
		}
		had, tried := t.stored, t.token
		t.stored = tried
		if t.token.Secret != "" {
			t.stored.Count += countStep
		}
		token := t.stored
		t.mu.Unlock()
		raw, err := json.Marshal(token)
		if err == nil {
			err = t.secrets.Set(t.name, raw)
		}
		if err != nil {
			t.log.Warn("could not store the token", "err", err)
			t.mu.Lock()
			t.stored = had
			if t.token == tried { // it is tried again when it is used
				t.saving = false
				t.mu.Unlock()
				return
			}
			t.mu.Unlock()
		}
	}
}

// wait returns when all that was set is stored. Nothing is set any more.
func (t *tokens) wait() { t.saves.Wait() }
