package app

import (
	"context"
	"slices"
	"sync"
	"testing"
)

func TestWorkerKeepsOrderInALane(t *testing.T) {
	w := newWorker(false)
	var mu sync.Mutex
	var got []int
	for i := range 100 {
		w.do(laneWrite, func(context.Context) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, i)
		})
	}
	w.close()
	if len(got) != 100 || !slices.IsSorted(got) {
		t.Errorf("ran %v", got)
	}
	w.do(laneWrite, func(context.Context) { t.Error("ran after close") })
}

func TestWorkerLanesDoNotWaitForEachOther(t *testing.T) {
	w := newWorker(false)
	started := make(chan struct{})
	w.do(laneNet, func(ctx context.Context) {
		close(started)
		<-ctx.Done() // a server that does not answer
	})
	<-started
	read := make(chan struct{})
	w.do(laneRead, func(context.Context) { close(read) })
	<-read
	w.close()
}
