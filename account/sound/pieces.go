package sound

import "time"

// playPiece is decoded sound.
type playPiece struct {
	samples []int16
	at      time.Duration // of its beginning
	speed   float64
}

// written is up to where the sound is in the queue.
func (t *track) written() time.Duration {
	n := len(t.queue)
	if n == 0 {
		return t.status.At
	}
	last := &t.queue[n-1]
	return last.at + last.lasts(t.format)
}

// lasts is how much of the sound a piece is, however fast it is played.
func (x *playPiece) lasts(f Format) time.Duration {
	return time.Duration(float64(f.Length(int64(len(x.samples)/f.Channels))) * x.speed)
}

// paced gives what is to be heard of samples at a speed. At the end it gives what
// was held back.
func (t *track) paced(samples []int16, speed float64, end bool) (out []int16) {
	if speed == 1 {
		return append(out, samples...)
	}
	if t.stretch == nil {
		t.stretch = newStretcher(t.format, speed)
	}
	t.stretch.feed(samples)
	if end {
		t.stretch.flush()
	}
	for {
		part, ok := t.stretch.give()
		if !ok {
			return out
		}
		out = append(out, part...)
	}
}
