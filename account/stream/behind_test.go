package stream

import (
	"errors"
	"testing"
	"testing/synctest"

	"mellium.im/xmpp/jid"
)

// TestAnswerBehindWhatCame holds that an answer waits for what came before it,
// and does not count when some of that comes again.
func TestAnswerBehindWhatCame(t *testing.T) {
	for name, refused := range map[string]bool{"handled": false, "refused": true} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				kept, begun := make(chan string, 100), make(chan struct{})
				fails := 0
				if refused {
					fails = 1
				}
				handle := stumble("1", fails, kept)
				w := newManagedWorld(t, func(w *world) {
					w.handle = func(b []*Stanza) error {
						<-begun
						return handle(b)
					}
				})
				defer w.end()
				p := w.begin(enabledText)
				answered := make(chan error, 1)
				go func() { answered <- w.IQBehind(t.Context(), jid.JID{}, "get", versionQuery{}, nil) }()
				q := p.next()
				p.send(numbered(0, 3) + "<iq type='result' id='" + q.ID + "'/>")
				synctest.Wait()
				if len(answered) > 0 {
					t.Error("answered before what came first was handled")
				}
				close(begun)
				err := <-answered
				if refused != errors.Is(err, ErrOffline) || !refused && (err != nil || len(kept) != 3) {
					t.Errorf("%v, with %d handled", err, len(kept))
				}
				go p.serve(1)
			})
		})
	}
}
