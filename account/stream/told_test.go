package stream

import (
	"encoding/xml"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestNewStreamIsUsedOnceTold holds the Handler while one stream is lost and
// the next is there: what the Handler means for the first must not go out on
// the second.
func TestNewStreamIsUsedOnceTold(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		release := make(chan struct{})
		w := newWorld(t, func(w *world) {
			w.handle = func([]*Stanza) error { <-release; return nil }
		})
		defer w.end()
		p := w.online()
		p.send(numbered(0, 1))
		synctest.Wait()
		p.conn.Close()
		time.Sleep(time.Minute)
		next := <-w.links
		synctest.Wait()
		if w.Client.State().Phase != Online {
			t.Fatal("there is no second stream")
		}
		if _, err := w.Post(pingOut{}); !errors.Is(err, ErrOffline) {
			t.Errorf("posted on a stream the Handler has not heard of: %v", err)
		}
		close(release)
		w.until(t, Waiting)
		w.until(t, Online)
		go next.obey()
		if _, err := w.Post(pingOut{}); err != nil {
			t.Errorf("posted after it was told: %v", err)
		}
	})
}

func TestInfoHas(t *testing.T) {
	info := Info{features: namespaces(map[xml.Name][]byte{
		{Space: "urn:a", Local: "x"}: nil, {Space: "urn:bc", Local: "x"}: nil,
	})}
	for ns, want := range map[string]bool{"urn:a": true, "urn:bc": true, "urn:b": false, "": false} {
		if info.Has(ns) != want {
			t.Errorf("%q: %v", ns, !want)
		}
	}
}
