package stream

import "time"

const (
	// firstDelay comes after the loss of a connection that worked: servers
	// restart, networks blink.
	firstDelay = time.Second
	// resumeDelay comes instead where the server keeps the stream for us: most
	// such losses are the network's, and a talk goes on.
	resumeDelay = 200 * time.Millisecond
	// maxDelay keeps a server that is down for long from being the only one
	// to notice that it is back.
	maxDelay = 3 * time.Minute
	// stableAfter is how long a connection has to hold before the next loss
	// counts as the first again.
	stableAfter = time.Minute
)

// backoff gives the delays between tries to connect: growing, and spread so
// that the clients of a server that restarts do not all come at once.
type backoff struct {
	tries  int
	jitter func() float64 // in [0,1)
}

// next returns between half of and one and a half times a delay that doubles
// from firstDelay, or once from resumeDelay, to maxDelay.
func (b *backoff) next(resume bool) time.Duration {
	d := maxDelay
	if b.tries == 0 && resume {
		d = resumeDelay
	} else if b.tries < 16 {
		d = min(firstDelay<<b.tries, maxDelay)
	}
	b.tries++
	return d/2 + time.Duration(b.jitter()*float64(d))
}

func (b *backoff) reset() { b.tries = 0 }
