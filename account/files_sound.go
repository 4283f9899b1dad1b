package account

import (
	"context"
	"io"
	"time"

	"linnet/account/sound"
	"linnet/storage"
)

// Measuring a sound means decoding it. What takes longer than this, on the way in
// and on the way out, is shown without its loudness.
const (
	measureIn  = 20 * time.Second
	measureOut = 2 * time.Second
)

// measure fills in how long a sound is and how loud over time, which nobody else
// tells, and whether it is a voice message. A file that is none stays as it is.
func measure(ctx context.Context, most time.Duration, r io.ReadSeeker, f *storage.File) error {
	if !sound.Playable(f.Type) {
		return nil
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	s, err := sound.Measure(ctx, r)
	if err != nil {
		return nil // it shows when somebody plays it
	}
	f.Duration, f.Wave, f.Voice = s.Length.Milliseconds(), s.Wave, s.Speech
	return nil
}
