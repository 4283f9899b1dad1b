package app

import (
	"time"

	"linnet/account"
)

// frame is how often the window takes in what happened, at most: more often
// than it is painted would be work nobody sees.
const frame = 16 * time.Millisecond

// bridge carries events from the accounts to the UI goroutine. It reads no
// further batch while one waits to be shown, so that the accounts' queue can
// merge what a busy window does not keep up with.
type bridge struct {
	stop chan struct{}
	done chan struct{}
}

// startBridge reads events until close is called or the channel is closed.
// post runs a function on the UI goroutine, later or at once; apply is what it
// runs there.
func startBridge(events <-chan []account.Event, post func(func()), apply func([]account.Event)) *bridge {
	b := &bridge{stop: make(chan struct{}), done: make(chan struct{})}
	go b.run(events, post, apply)
	return b
}

func (b *bridge) run(events <-chan []account.Event, post func(func()), apply func([]account.Event)) {
	defer close(b.done)
	for {
		var batch []account.Event
		select {
		case got, ok := <-events:
			if !ok {
				return
			}
			batch = got
		case <-b.stop:
			return
		}
		next := time.NewTimer(frame)
		shown := make(chan struct{})
		post(func() {
			defer close(shown)
			apply(batch)
		})
		select {
		case <-shown:
		case <-b.stop:
			next.Stop()
			return
		}
		select {
		case <-next.C:
		case <-b.stop:
			next.Stop()
			return
		}
	}
}

// close ends the bridge and waits for its goroutine. What was posted may still
// run.
func (b *bridge) close() {
	close(b.stop)
	<-b.done
}
