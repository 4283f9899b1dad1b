package sound

import (
	"context"
	"errors"
	"io"
	"math"
	"time"
)

const (
	// WaveBars is how many peaks a sound is drawn with.
	WaveBars = 64
	// maxMeasured is how much of a sound is decoded to see how loud it is.
	maxMeasured = 2 * time.Hour
	// peakEvery is for how long one peak stands until it is known how long all
	// is.
	peakEvery = 50 * time.Millisecond
)

// Shape is what is to be known of a sound to show it.
type Shape struct {
	Length time.Duration
	Wave   []byte // WaveBars peaks, 0 to 255; nil if it was too much to decode
	Speech bool
}

// Measure looks at a sound. It takes as long as decoding it all, at most until
// ctx ends; then, and when it is very long, its peaks are missing. Errors are
// those of Open, and of ctx when not even the length was found.
func Measure(ctx context.Context, r io.ReadSeeker) (Shape, error) {
	dec, err := Open(&wantedFile{r, ctx.Err})
	if ctx.Err() != nil {
		return Shape{}, ctx.Err()
	} else if err != nil {
		return Shape{}, err
	}
	s := Shape{Length: dec.Length(), Speech: dec.Speech()}
	if s.Length > maxMeasured {
		return s, nil
	}
	p := newPeaks(dec.Format())
	buf := make([]int16, dec.Format().Samples(peakEvery))
	for ctx.Err() == nil && p.length() <= maxMeasured {
		n, err := dec.Read(buf)
		p.add(buf[:n])
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			break
		}
		if p.frames == 0 {
			return Shape{}, ErrBroken
		}
		if !errors.Is(err, io.EOF) && !errors.Is(err, ErrBroken) {
			return Shape{}, err
		}
		s.Length, s.Wave = p.length(), p.wave()
		return s, nil
	}
	return s, nil
}

// peaks gathers how loud a sound is over time.
type peaks struct {
	format Format
	every  int // samples for each peak
	all    []uint16
	peak   uint16
	n      int // samples in peak
	frames int64
}

func newPeaks(f Format) *peaks {
	return &peaks{format: f, every: max(f.Channels, f.Samples(peakEvery))}
}

// add takes the next samples.
func (p *peaks) add(samples []int16) {
	p.frames += int64(len(samples) / p.format.Channels)
	for _, s := range samples {
		p.peak = max(p.peak, magnitude(s))
		if p.n++; p.n == p.every {
			p.all = append(p.all, p.peak)
			p.peak, p.n = 0, 0
		}
	}
}

func magnitude(s int16) uint16 {
	if s < 0 {
		return uint16(-int32(s))
	}
	return uint16(s)
}

func (p *peaks) length() time.Duration { return p.format.Length(p.frames) }

// wave gives WaveBars peaks for all of it. The loudest is at the top, so that
// what was recorded softly shows, too; and what is half as loud as heard, half as
// high.
func (p *peaks) wave() []byte {
	all := p.all
	if p.n > 0 || len(all) == 0 {
		all = append(all, p.peak)
	}
	bars := make([]byte, WaveBars)
	most := quietest
	for _, x := range all {
		most = max(most, float64(x))
	}
	for i := range bars {
		from := i * len(all) / WaveBars
		to := max(from+1, (i+1)*len(all)/WaveBars)
		top := uint16(0)
		for _, x := range all[from:to] {
			top = max(top, x)
		}
		bars[i] = byte(255 * math.Sqrt(float64(top)/most))
	}
	return bars
}

// quietest is the peak below which nothing is raised to the top: noise.
const quietest = 600.0

// floor is how many decibels below the loudest count as nothing in a level.
const floor = 50.0

// loudness gives a peak as it is heard, 0 to 1.
func loudness(peak uint16) float64 {
	if peak == 0 {
		return 0
	}
	return max(0, 1+20*math.Log10(float64(peak)/math.MaxInt16)/floor)
}
