package app

import "time"

const (
	// inputEvery is how often input is taken while somebody types. The toolkit
	// takes it when it is about to paint, 60 times a second: a key would wait
	// 8 ms on average, and so would the message that Enter sends.
	inputEvery = 2 * time.Millisecond
	// typingFor is how long after a key somebody counts as typing: long enough
	// to think before Enter, which this is for. Looking that often costs some
	// percent of a core, which nobody should pay while they read.
	typingFor = 2 * time.Second
)

// typing is called for each change of a message that is being written.
func (a *App) typing() {
	a.looked()
	if a.cfg.TakeInput == nil {
		return
	}
	idle := !a.now().Before(a.typingUntil)
	a.typingUntil = a.now().Add(typingFor)
	if idle {
		a.takeInput()
	}
}

// takeInput goes on until nobody types any more.
func (a *App) takeInput() {
	a.after(inputEvery, func() {
		if a.now().Before(a.typingUntil) {
			a.takeInput()
			a.cfg.TakeInput()
		}
	})
}
