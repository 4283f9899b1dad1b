package storage

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	oskeyring "github.com/zalando/go-keyring"
)

const (
	// KeyringTime is how long one call may take. A keyring answers in
	// milliseconds; one that asks the user to unlock it gets the time to type
	// a password, and one whose question nobody sees does not hold the start.
	KeyringTime = 5 * time.Second

	keyringService = "linnet"
	keyringProbe   = "probe"
)

// keyringCalls are the calls to the keyring of the system.
type keyringCalls interface {
	Get(service, user string) (string, error)
	Set(service, user, password string) error
	Delete(service, user string) error
}

// osKeyring is the keyring of the system: Secret Service, Keychain or
// Credential Manager.
type osKeyring struct{}

func (osKeyring) Get(service, user string) (string, error) { return oskeyring.Get(service, user) }
func (osKeyring) Set(service, user, pw string) error       { return oskeyring.Set(service, user, pw) }

func (osKeyring) Delete(service, user string) error { return oskeyring.Delete(service, user) }

// Keyring returns the secrets of a profile in the keyring of the system, after
// a trial write, reading and removal. When nothing answers, or a call takes
// longer than KeyringTime or ctx, the error is ErrNoKeyring; so it is in later
// calls. A call that ran out of time may still take effect afterwards.
func Keyring(ctx context.Context, profile string) (Secrets, error) {
	return newKeyring(ctx, profile, osKeyring{}, KeyringTime)
}

func newKeyring(ctx context.Context, profile string, calls keyringCalls, limit time.Duration) (Secrets, error) {
	k := &keyring{profile: profile, calls: calls, limit: limit, turn: make(chan struct{}, 1)}
	probe := []byte(keyringProbe)
	if err := k.set(ctx, keyringProbe, probe); err != nil {
		return nil, err
	}
	got, err := k.get(ctx, keyringProbe)
	if err != nil {
		return nil, err
	}
	if string(got) != string(probe) {
		return nil, fmt.Errorf("%w: it does not keep what it is given", ErrNoKeyring)
	}
	return k, k.delete(ctx, keyringProbe)
}

type keyring struct {
	profile string
	calls   keyringCalls
	limit   time.Duration
	// turn is held by the call under way. A call that never returns keeps it,
	// so that one goroutine at most waits for a keyring that hangs.
	turn chan struct{}
}

func (k *keyring) Get(name string) ([]byte, error) { return k.get(context.Background(), name) }
func (k *keyring) Set(name string, value []byte) error {
	return k.set(context.Background(), name, value)
}
func (k *keyring) Delete(name string) error { return k.delete(context.Background(), name) }

func (k *keyring) get(ctx context.Context, name string) ([]byte, error) {
	text, err := k.do(ctx, func() (string, error) { return k.calls.Get(keyringService, k.user(name)) })
	if err != nil {
		return nil, err
	}
	value, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("storage: the keyring gave back something else: %w", err)
	}
	return value, nil
}

// set stores the value as text, since some keyrings take nothing else.
func (k *keyring) set(ctx context.Context, name string, value []byte) error {
	text := base64.StdEncoding.EncodeToString(value)
	_, err := k.do(ctx, func() (string, error) { return "", k.calls.Set(keyringService, k.user(name), text) })
	return err
}

func (k *keyring) delete(ctx context.Context, name string) error {
	_, err := k.do(ctx, func() (string, error) { return "", k.calls.Delete(keyringService, k.user(name)) })
	if errors.Is(err, ErrNoSecret) {
		return nil
	}
	return err
}

func (k *keyring) user(name string) string { return k.profile + "/" + name }

// do runs a call in a goroutine of its own, because a call to a keyring cannot
// be interrupted and may wait for ever.
func (k *keyring) do(ctx context.Context, call func() (string, error)) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, k.limit)
	defer cancel()
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return "", fmt.Errorf("%w: %w", ErrNoKeyring, ctx.Err())
	}
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := call()
		<-k.turn
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		switch {
		case a.err == nil:
			return a.text, nil
		case errors.Is(a.err, oskeyring.ErrNotFound):
			return "", ErrNoSecret
		case errors.Is(a.err, oskeyring.ErrSetDataTooBig):
			return "", fmt.Errorf("storage: %w", a.err)
		}
		return "", fmt.Errorf("%w: %w", ErrNoKeyring, a.err)
	case <-ctx.Done():
		return "", fmt.Errorf("%w: %w", ErrNoKeyring, ctx.Err())
	}
}
