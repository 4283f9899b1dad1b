package storage

import (
	"bytes"
	"sync"
)

// Forgetful returns Secrets that live in memory only, for a user who wants to
// be asked at every start.
func Forgetful() Secrets { return &forgetful{values: map[string][]byte{}} }

type forgetful struct {
	mu     sync.Mutex
	values map[string][]byte
}

func (f *forgetful) Get(name string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v, ok := f.values[name]
	if !ok {
		return nil, ErrNoSecret
	}
	return bytes.Clone(v), nil
}

func (f *forgetful) Set(name string, value []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.values[name] = append([]byte{}, value...)
	return nil
}

func (f *forgetful) Delete(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.values[name])
	delete(f.values, name)
	return nil
}
