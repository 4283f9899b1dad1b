package stream

import (
	"context"
	"encoding/xml"
	"testing"
	"time"
)

// offerCSI makes every link of a world one whose server offers client state
// indication.
func offerCSI(w *world) {
	connect := w.connect
	w.connect = func(ctx context.Context, cfg *Config) (*link, error) {
		l, err := connect(ctx, cfg)
		if err == nil {
			l.features = map[xml.Name][]byte{{Space: nsCSI, Local: "csi"}: []byte("<csi xmlns='" + nsCSI + "'/>")}
		}
		return l, err
	}
}

const (
	activeText   = "<active xmlns='" + nsCSI + "'/>"
	inactiveText = "<inactive xmlns='" + nsCSI + "'/>"
)

func TestSetActive(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newManagedWorld(t, offerCSI)
		defer w.end()
		p := w.begin(enabledText) // and a new stream is active
		w.SetActive(true)         // so that is no news
		w.SetActive(false)
		p.expect(inactiveText, "r")
		w.SetActive(false)
		w.SetActive(true)
		p.expect(activeText, "r")
		w.SetActive(false)
		p.expect(inactiveText, "r")
		w.post("one") // the first that counts
		p.expect("one", "r")
		p.send(ackText(1))
		<-w.acks

		p.conn.Close()
		w.until(t, Waiting)
		w.SetActive(true)
		p = w.link()
		p.resume(0, resumedText(1))
		w.until(t, Online)
		p.expect(activeText, "r") // the stream goes on, and was told the contrary
		w.SetActive(false)
		p.expect(inactiveText, "r")

		p.conn.Close()
		p = w.link()
		p.resume(0, "<failed xmlns='"+nsSM+"'/>")
		p.begin(enabledText)
		w.until(t, Online)
		p.expect(inactiveText, "r")
		go p.serve(0)
	})
}

// Nothing is said to a server that does not offer it, and nothing waits for
// one that does not read.
func TestSetActiveSaysNoMore(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		w.SetActive(false)
		if s := p.next(); !isPing(s) {
			t.Errorf("sent %s", s.raw)
		}
		go p.obey()
	})
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, offerCSI)
		defer w.end()
		p := w.online()
		begun := time.Now()
		for i := range 10001 {
			w.SetActive(i%2 == 1)
		}
		if took := time.Since(begun); took > 0 {
			t.Errorf("it took %v", took)
		}
		var said []string
		for s := p.next(); !isPing(s); s = p.next() {
			said = append(said, s.raw)
		}
		// One was being written; of the others only the last counts.
		if n := len(said); n == 0 || n > 2 || said[n-1] != inactiveText {
			t.Errorf("said %d times: %q", n, said)
		}
		go p.obey()
	})
}
