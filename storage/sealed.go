package storage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime/debug"
	"sync"

	"filippo.io/age"
)

const (
	// sealedWorkFactor is the cost of one guess at the passphrase, as the
	// logarithm of scrypt's N: a third to half a second and 128 MiB for that
	// moment, which a user accepts at the start and a guesser pays for every
	// try. The next step would take as much memory as the program itself twice.
	sealedWorkFactor = 17
	// sealedMaxWorkFactor bounds what a file may make us compute: some
	// seconds, and room for a later version to raise the cost.
	sealedMaxWorkFactor = 20
	// sealedMaxBytes bounds what is read: a few hundred passwords and keys
	// have a few ten kilobytes.
	sealedMaxBytes = 1 << 20
)

// SealedExists reports whether there is a file for OpenSealed to open.
func SealedExists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// OpenSealed returns the secrets in the file at path, which is encrypted with
// the passphrase in the age format, and makes the file when there is none. It
// is for systems without a keyring. Errors: ErrWrongPassphrase, ErrDiskFull,
// and *DamagedError, which leaves the file where it is: only the user can say
// that its secrets may go. The passphrase must not be empty and is not kept in
// the argument's memory. Only one process may have the file open.
func OpenSealed(path string, passphrase []byte) (Secrets, error) {
	return openSealed(path, passphrase, sealedWorkFactor)
}

func openSealed(path string, passphrase []byte, workFactor int) (Secrets, error) {
	recipient, err := age.NewScryptRecipient(string(passphrase))
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	recipient.SetWorkFactor(workFactor)
	s := &sealed{path: path, recipient: recipient}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		s.values = map[string][]byte{}
		return s, s.write(s.values)
	} else if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	if s.values, err = unseal(data, passphrase); err == nil || err == ErrWrongPassphrase {
		return s, err
	}
	return nil, &DamagedError{Path: path, Err: err}
}

// sealed is a file of secrets. The values are held in memory, so that the
// passphrase is computed with at the start and at changes only.
type sealed struct {
	path      string
	recipient *age.ScryptRecipient
	mu        sync.Mutex
	values    map[string][]byte
}

func unseal(data, passphrase []byte) (map[string][]byte, error) {
	identity, err := age.NewScryptIdentity(string(passphrase))
	if err != nil {
		return nil, err
	}
	identity.SetMaxWorkFactor(sealedMaxWorkFactor)
	// Go would keep the memory of the computation for minutes, in a program
	// that needs less than that for everything else.
	defer debug.FreeOSMemory()
	r, err := age.Decrypt(bytes.NewReader(data), identity)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return nil, ErrWrongPassphrase
	} else if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(r, sealedMaxBytes+1))
	if err != nil {
		return nil, err
	}
	var values map[string][]byte
	if err := json.Unmarshal(plain, &values); err != nil {
		return nil, err
	}
	return values, nil
}

// write replaces the file.
func (s *sealed) write(values map[string][]byte) error {
	plain, err := json.Marshal(values)
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	defer debug.FreeOSMemory()                         // as in unseal
	err = replaceFile(s.path, func(f *os.File) error { // made with mode 0600
		w, err := age.Encrypt(f, s.recipient)
		if err != nil {
			return err
		}
		if _, err := w.Write(plain); err != nil {
			return err
		}
		return w.Close()
	})
	if err != nil {
		return fmt.Errorf("storage: writing the sealed secrets: %w", err)
	}
	return nil
}

func (s *sealed) Get(name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.values[name]
	if !ok {
		return nil, ErrNoSecret
	}
	return bytes.Clone(v), nil
}

func (s *sealed) Set(name string, value []byte) error {
	return s.change(func(m map[string][]byte) { m[name] = append([]byte{}, value...) })
}

func (s *sealed) Delete(name string) error {
	if _, err := s.Get(name); err != nil {
		return nil
	}
	return s.change(func(m map[string][]byte) { delete(m, name) })
}

// change makes a change on the disk first, so that memory never has what a
// restart would not find.
func (s *sealed) change(fn func(map[string][]byte)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	values := maps.Clone(s.values)
	fn(values)
	if err := s.write(values); err != nil {
		return err
	}
	s.values = values
	return nil
}
