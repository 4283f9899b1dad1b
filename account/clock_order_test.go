package account

import (
	"path/filepath"
	"testing"
	"time"

	"linnet/storage"
)

// TestSlowClockTearsNothingApart has our clock be behind by 23 minutes, which
// the server does not tell. What came live before catching up began is in the
// archive, which says when it was; what comes live meanwhile is not.
func TestSlowClockTearsNothingApart(t *testing.T) {
	store, err := storage.Open(filepath.Join(t.TempDir(), "a"), make([]byte, 32), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	s := newTelling(t, 1, store)
	s.exact, s.errs, s.dist, s.arch.most = false, false, -23*60_000, 2
	s.connect(false)
	for range 4 {
		s.annSays()
	}
	s.hear(len(s.line))
	for len(s.arch.list) < 8 {
		s.noise()
	}
	s.at = s.at.Add(time.Minute)
	s.catchUp() // from the end: nothing to store
	for range 3 {
		s.annSays()
		s.phoneSays()
	}
	s.hear(len(s.line))
	s.finish()
	s.check()
	s.a.cancel()
}
