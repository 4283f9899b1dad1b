package account

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// floodSize is how many messages a long absence brings at once.
const floodSize = 2000

// BenchmarkReceive takes floodSize messages into one conversation: from the
// socket to the disk and the events for the window.
func BenchmarkReceive(b *testing.B) {
	p := newProfile(b)
	p.server.roster = func(string) string { return rosterOfTwo }
	r, c, _ := p.online()
	go func() { // what the account answers, which would fill up
		for {
			select {
			case <-c.got:
			case <-c.gone:
				return
			}
		}
	}()
	added := make(chan int, 64)
	go func() {
		for batch := range r.Events() {
			for _, e := range batch {
				if e, ok := e.(MessagesAdded); ok {
					added <- len(e.Messages)
				}
			}
		}
	}()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		var flood strings.Builder
		for range floodSize {
			n++
			fmt.Fprintf(&flood, "<message type='chat' from='ann@example.org/phone' to='%s' id='id-%d'><body>Are we still on for lunch tomorrow? The usual place? %d</body>"+
				"<active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/><origin-id xmlns='urn:xmpp:sid:0' id='id-%d'/></message>", c.full, n, n, n)
		}
		c.send("%s", flood.String())
		for left := floodSize; left > 0; {
			select {
			case k := <-added:
				left -= k
			case <-time.After(testPatient):
				b.Fatalf("%d messages were not told", left)
			}
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkStart goes from the start of the accounts to presence at the
// server, and says how much of it came after the server had bound the stream.
func BenchmarkStart(b *testing.B) {
	p := newProfile(b)
	p.addStored()
	var all time.Duration
	for b.Loop() {
		r := p.run()
		c := p.server.next()
		bound := time.Now()
		c.presence("")
		all += time.Since(bound)
		b.StopTimer()
		r.stop()
		b.StartTimer()
	}
	b.ReportMetric(float64(all.Nanoseconds())/float64(b.N), "ns-bind-to-presence/op")
}
