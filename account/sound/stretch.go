package sound

import (
	"math"
	"time"
)

const (
	// stretchHop is how much is joined at a time: some periods of a low voice,
	// and less than a syllable.
	stretchHop = 15 * time.Millisecond
	// stretchSearch is how far off a part may be taken so that it fits: half the
	// period of a low voice.
	stretchSearch = 8 * time.Millisecond
	// stretchStep is how many frames apart the places are that are compared
	// first, and the frames they are compared by.
	stretchStep = 4
)

// stretcher plays faster without raising the pitch: parts of the sound are left
// out, and what follows is joined where it fits what was there (WSOLA).
type stretcher struct {
	channels    int
	hop, search int // frames
	speed       float64
	in          []int16
	at          float64 // where the next part belongs in `in`, in frames
	follows     int     // where what was given last would go on, in frames
	begun       bool
	fade        []float64 // rises from 0 to 1 over a hop
	next        []int16
}

func newStretcher(f Format, speed float64) *stretcher {
	s := &stretcher{channels: f.Channels, speed: speed, hop: int(f.Frames(stretchHop)), search: int(f.Frames(stretchSearch))}
	s.fade = make([]float64, s.hop)
	for i := range s.fade {
		s.fade[i] = 0.5 - 0.5*math.Cos(math.Pi*(float64(i)+0.5)/float64(s.hop))
	}
	s.next = make([]int16, s.hop*s.channels)
	return s
}

// feed takes samples.
func (s *stretcher) feed(samples []int16) { s.in = append(s.in, samples...) }

// flush feeds silence, so that all that came is given.
func (s *stretcher) flush() { s.feed(make([]int16, (s.search+2*s.hop)*s.channels)) }

// give makes the next part, if there is enough; it is valid until the next call.
func (s *stretcher) give() ([]int16, bool) {
	have := len(s.in) / s.channels
	place := int(s.at)
	if place+s.search+2*s.hop > have || s.follows+s.hop > have {
		return nil, false
	}
	if s.begun {
		place = s.fitting(place)
		for i := range s.hop {
			up := s.fade[i]
			for c := range s.channels {
				old, young := s.in[(s.follows+i)*s.channels+c], s.in[(place+i)*s.channels+c]
				s.next[i*s.channels+c] = int16(float64(old)*(1-up) + float64(young)*up)
			}
		}
	} else {
		copy(s.next, s.in[place*s.channels:])
	}
	s.begun = true
	s.follows = place + s.hop
	s.at += float64(s.hop) * s.speed
	s.forget()
	return s.next, true
}

// forget lets go of what is not needed any more.
func (s *stretcher) forget() {
	gone := min(s.follows, int(s.at)-s.search)
	if gone < 8*s.hop {
		return
	}
	s.in = append(s.in[:0], s.in[gone*s.channels:]...)
	s.at -= float64(gone)
	s.follows -= gone
}

// fitting finds where near a place the sound is most like what would follow.
func (s *stretcher) fitting(place int) int {
	from := max(0, place-s.search)
	best, most := place, math.Inf(-1)
	try := func(p, step int) {
		if x := s.likeness(p, step); x > most {
			best, most = p, x
		}
	}
	for p := from; p <= place+s.search; p += stretchStep {
		try(p, stretchStep)
	}
	coarse := best
	most = math.Inf(-1)
	for p := max(from, coarse-stretchStep); p <= min(place+s.search, coarse+stretchStep); p++ {
		try(p, 1)
	}
	return best
}

// likeness compares a place with what would follow: the larger, the more alike.
// Every so many frames are looked at.
func (s *stretcher) likeness(p, step int) float64 {
	sum, energy := 0.0, 1.0
	for i := 0; i < s.hop; i += step {
		a, b := 0.0, 0.0
		for c := range s.channels {
			a += float64(s.in[(s.follows+i)*s.channels+c])
			b += float64(s.in[(p+i)*s.channels+c])
		}
		sum += a * b
		energy += b * b
	}
	return sum / math.Sqrt(energy)
}
