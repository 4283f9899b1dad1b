package storage

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
)

var (
	// ErrNoSecret says that there is no secret of that name.
	ErrNoSecret = errors.New("storage: no such secret")
	// ErrNoKeyring says that no keyring of the system answers, or that it
	// stays locked.
	ErrNoKeyring = errors.New("storage: no keyring answers")
	// ErrWrongPassphrase says that a passphrase does not open the sealed file.
	ErrWrongPassphrase = errors.New("storage: the passphrase is wrong")
)

// Secrets keeps passwords and keys by name, apart from the archive. Its methods
// may be called from any goroutine; they take time (a keyring up to
// KeyringTime, the sealed file about a second), so not from the one that draws.
// The names are the caller's: short, and without the secret in them.
type Secrets interface {
	// Get returns a copy of a secret, or ErrNoSecret.
	Get(name string) ([]byte, error)
	// Set stores a secret in place of an earlier one.
	Set(name string, value []byte) error
	// Delete removes a secret. One that is not there is no error.
	Delete(name string) error
}

// archiveKeyName is the name of the archive key among the secrets.
const archiveKeyName = "archive key"

// ArchiveKey returns the key of the archive, for Open. It is made once, from
// the system's random numbers, and kept in s; with Forgetful it therefore does
// not survive, and neither does an archive sealed with it.
func ArchiveKey(s Secrets) ([]byte, error) {
	key, err := s.Get(archiveKeyName)
	switch {
	case err == nil && len(key) == KeySize:
		return key, nil
	case err == nil:
		return nil, fmt.Errorf("storage: the archive key has %d bytes, not %d", len(key), KeySize)
	case !errors.Is(err, ErrNoSecret):
		return nil, err
	}
	key = make([]byte, KeySize)
	rand.Read(key)
	if err := s.Set(archiveKeyName, key); err != nil {
		return nil, err
	}
	// An archive must not be sealed with a key that was not kept.
	kept, err := s.Get(archiveKeyName)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(kept, key) {
		return nil, errors.New("storage: the archive key was not kept as it was given")
	}
	return key, nil
}
