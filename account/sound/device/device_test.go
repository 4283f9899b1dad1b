//go:build cgo

package device

import (
	"errors"
	"testing"

	"github.com/gen2brain/malgo"

	"linnet/account/sound"
)

// TestTrouble holds that each trouble is that of a device that is not there, with
// the reason where the system tells one that helps.
func TestTrouble(t *testing.T) {
	for err, want := range map[error]error{
		malgo.ErrAccessDenied: sound.ErrDenied,
		malgo.ErrBusy:         sound.ErrInUse,
		malgo.ErrAlreadyInUse: sound.ErrInUse,
		malgo.ErrNoBackend:    nil,
	} {
		got := trouble(sound.ErrNoInput, err)
		if !errors.Is(got, sound.ErrNoInput) || !errors.Is(got, err) {
			t.Errorf("%v is told as %v", err, got)
		}
		for _, why := range []error{sound.ErrDenied, sound.ErrInUse} {
			if errors.Is(got, why) != (why == want) {
				t.Errorf("%v is told as %v", err, got)
			}
		}
	}
}
