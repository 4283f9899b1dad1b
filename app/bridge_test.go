package app

import (
	"testing"
	"testing/synctest"
	"time"

	"linnet/account"
	"linnet/storage"
)

func TestBridgePostsOncePerFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		events := make(chan []account.Event)
		ui := make(chan func(), 100)
		var applied []time.Time
		b := startBridge(events, func(f func()) { ui <- f }, func([]account.Event) { applied = append(applied, time.Now()) })

		start := time.Now()
		send := func() bool {
			select {
			case events <- []account.Event{account.AccountsChanged{}}:
				return true
			default:
				return false
			}
		}
		synctest.Wait()
		if !send() {
			t.Fatal("the bridge does not read")
		}
		synctest.Wait()
		if send() {
			t.Error("a batch was read although the last one is not shown yet")
		}
		time.Sleep(3 * frame)
		(<-ui)()
		synctest.Wait()
		if !send() {
			t.Fatal("the bridge does not go on")
		}
		(<-ui)()
		synctest.Wait()
		if send() {
			t.Error("two batches within one frame")
		}
		time.Sleep(frame)
		synctest.Wait()
		if !send() {
			t.Error("the bridge does not go on after a frame")
		}
		(<-ui)()
		if len(applied) != 3 || applied[2].Sub(applied[1]) < frame {
			t.Errorf("applied after %v", applied[0].Sub(start))
		}
		b.close()
	})
}

func TestBridgeEndsWhileTheWindowIsBusy(t *testing.T) {
	events := make(chan []account.Event, 1)
	posted := make(chan struct{})
	b := startBridge(events, func(func()) { close(posted) }, func([]account.Event) { t.Error("applied") })
	events <- []account.Event{account.ChatRemoved{Chat: storage.ChatID(1)}}
	<-posted
	b.close()
}

func TestBridgeEndsWithItsEvents(t *testing.T) {
	events := make(chan []account.Event)
	b := startBridge(events, func(f func()) { f() }, func([]account.Event) {})
	close(events)
	<-b.done
}
