package app

import (
	"context"
	"sync"
)

// lane names a queue of the worker. The jobs of one lane run one after the
// other in the order they were given; lanes do not wait for each other.
type lane uint8

const (
	laneRead         lane = iota // reads of the archive for the window
	laneWrite                    // what the user did: messages, drafts, marks
	laneNet                      // requests that wait for a server's answer
	laneFaces                    // pictures of people to decode
	lanePictures                 // decoding pictures of messages
	laneSound                    // opening and closing the microphone
	laneFiles                    // reading files to send and saving them, which may take long
	laneLinksUnasked             // pages of links nobody asked for
	laneHistory                  // pages of the server's archive for the open chat
	laneLoad                     // whole histories, each of which may take hours
	laneDialogs                  // dialogs of the desktop, which wait for the user
	laneSignIn                   // opening the profile and trying to sign in, which may take long
	laneLinks                    // the first of those for pages of links the user asked for
	laneCount        = laneLinks + pagesAtOnce
)

// worker runs what may take disk or network time away from the UI goroutine.
type worker struct {
	ctx    context.Context
	cancel context.CancelFunc
	lanes  [laneCount]queue
	done   sync.WaitGroup
	// inline runs jobs in the caller: tests are then free of waiting.
	inline bool
}

// queue is the unbounded list of jobs of one lane: the UI goroutine must never
// wait for room, and what fills it is the user's own doing.
type queue struct {
	mu   sync.Mutex
	wake *sync.Cond
	jobs []func(context.Context)
	end  bool
}

func newWorker(inline bool) *worker {
	w := &worker{inline: inline}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	for i := range w.lanes {
		q := &w.lanes[i]
		q.wake = sync.NewCond(&q.mu)
		if !inline {
			w.done.Go(func() { q.run(w.ctx) })
		}
	}
	return w
}

// do queues a job. The context ends when the worker is closed. After close the
// job is dropped.
func (w *worker) do(l lane, job func(context.Context)) {
	if w.inline {
		job(w.ctx)
		return
	}
	q := &w.lanes[l]
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.end {
		return
	}
	q.jobs = append(q.jobs, job)
	q.wake.Signal()
}

// close lets jobs that are queued finish where something would be lost (a draft
// typed last, a recording that was stopped), drops the others and waits for all to
// end.
func (w *worker) close() {
	for i := range w.lanes {
		q := &w.lanes[i]
		q.mu.Lock()
		q.end = true
		if lane(i) != laneWrite && lane(i) != laneSound {
			q.jobs = nil
		}
		q.wake.Signal()
		q.mu.Unlock()
	}
	// Writes end by themselves; requests to a server end with the context.
	w.lanes[laneSound].wait()
	w.lanes[laneWrite].wait()
	w.cancel()
	w.done.Wait()
}

func (q *queue) run(ctx context.Context) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		for len(q.jobs) == 0 {
			if q.end {
				q.wake.Broadcast()
				return
			}
			q.wake.Wait()
		}
		job := q.jobs[0]
		q.mu.Unlock()
		job(ctx)
		q.mu.Lock()
		// Popped after it ran, so that wait sees the job that is running.
		if len(q.jobs) > 0 {
			q.jobs = q.jobs[1:]
		}
		if len(q.jobs) == 0 {
			q.wake.Broadcast()
		}
	}
}

// wait blocks until the queue is empty.
func (q *queue) wait() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.jobs) > 0 {
		q.wake.Wait()
	}
}
