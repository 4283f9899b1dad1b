package stream

import (
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// whenDown is a world's refuse for a network that is down at times.
func whenDown(down *atomic.Bool, err error) func() error {
	return func() error {
		if down.Load() {
			return err
		}
		return nil
	}
}

// TestResumeMax holds that a stream is not asked for once the server has said
// that it does not keep it as long, and that the Handler is told at that time.
func TestResumeMax(t *testing.T) {
	for _, row := range []struct {
		name    string
		enabled string
		away    time.Duration
		resumes bool
	}{
		{"in time", enabledText, 299 * time.Second, true},
		{"too late", enabledText, 300 * time.Second, false},
		{"no limit", strings.Replace(enabledText, "max='300'", "", 1), 24 * time.Hour, true},
		{"nonsense", strings.Replace(enabledText, "300", "soon", 1), 24 * time.Hour, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				var down atomic.Bool
				w := newManagedWorld(t, func(w *world) { w.refuse = whenDown(&down, errors.New("refused")) })
				defer w.end()
				p := w.begin(row.enabled)
				down.Store(true)
				p.conn.Close()
				lost := w.until(t, Waiting)
				if !lost.Resumable {
					t.Fatal("cannot be resumed at all")
				}
				time.Sleep(row.away)
				synctest.Wait()
				if s := w.State(); s.Resumable != row.resumes || s.Phase != Waiting || s.Err == nil || s.RetryAt.IsZero() {
					t.Errorf("after %v: %+v", row.away, s)
				}
				for len(w.states) > 0 {
					lost = <-w.states
				}
				if lost.Resumable != row.resumes {
					t.Errorf("the Handler was told %+v", lost)
				}
				down.Store(false)
				w.Retry()
				p = w.link()
				if row.resumes {
					p.resume(0, resumedText(0))
				} else {
					p.begin(row.enabled)
				}
				if s := w.until(t, Online); s.Info.Resumed != row.resumes {
					t.Errorf("resumed: %v", s.Info.Resumed)
				}
				go p.serve(0)
			})
		})
	}
}

// The time runs while the machine sleeps, too, when no timer does.
func TestResumeMaxAfterSleep(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var m machine
		var down atomic.Bool
		w := newManagedWorld(t, func(w *world) {
			m.set(w)
			w.refuse = whenDown(&down, errors.New("refused"))
		})
		defer w.end()
		p := w.begin(enabledText)
		down.Store(true)
		p.conn.Close()
		w.until(t, Waiting)
		m.slept.Add(int64(time.Hour))
		down.Store(false)
		p = w.link()
		p.begin(enabledText)
		if s := w.until(t, Online); s.Info.Resumed {
			t.Error("resumed")
		}
		go p.serve(0)
	})
}

// lose brings a managed stream online and cuts its link; from then on
// connections fail with err, unless that is nil.
func lose(t *testing.T, err error) *world {
	t.Helper()
	var down atomic.Bool
	w := newManagedWorld(t, func(w *world) { w.refuse = whenDown(&down, err) })
	p := w.begin(enabledText)
	p.conn.Close()
	down.Store(true)
	w.until(t, Waiting)
	return w
}

// TestPart quits while the link is lost: the server is told all the same, so
// that nobody sees us there.
func TestPart(t *testing.T) {
	goodbye := func(t *testing.T, p *peer) {
		t.Helper()
		left := 0
		for {
			s, err := p.read()
			if errors.Is(err, io.EOF) {
				break
			}
			switch {
			case err != nil, isStanza(s.XMLName.Local) && s.Type != "unavailable":
				t.Fatalf("got %s, %v", s.raw, err)
			case s.XMLName.Local == "presence":
				left++
			}
		}
		if left != 1 {
			t.Errorf("left %d times", left)
		}
		p.send("</stream:stream>")
	}
	t.Run("resumed", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := lose(t, nil)
			w.stop()
			p := w.link()
			p.resume(0, resumedText(0))
			p.send(numbered(0, 1))
			goodbye(t, p)
			<-w.done
			if got := w.ids(1); got[0] != "0" { // what comes meanwhile is not lost
				t.Errorf("received %v", got)
			}
			for len(w.states) > 1 {
				if s := <-w.states; s.Phase == Online {
					t.Error("online once more")
				}
			}
			if s := <-w.states; s.Phase != Stopped || s.Resumable {
				t.Errorf("at last %+v", s)
			}
		})
	})
	t.Run("refused", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := lose(t, nil)
			w.stop()
			p := w.link()
			p.resume(0, "<failed xmlns='"+nsSM+"'/>")
			p.begin(enabledText)
			goodbye(t, p)
			<-w.done
		})
	})
	t.Run("silent", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := lose(t, nil)
			begun := time.Now()
			w.stop()
			w.link()
			<-w.done
			if took := time.Since(begun); took != goodbyeTime {
				t.Errorf("it took %v", took)
			}
		})
	})
	t.Run("no network", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := lose(t, errors.New("refused"))
			begun := time.Now()
			w.end()
			if took := time.Since(begun); took > 0 {
				t.Errorf("it took %v", took)
			}
		})
	})
	t.Run("wrong password", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := lose(t, &AuthError{Reason: AuthWrongPassword})
			w.until(t, Failed)
			for len(w.tries) > 0 {
				<-w.tries
			}
			w.end()
			if len(w.tries) > 0 {
				t.Error("tried once more")
			}
		})
	})
}

// What was posted before the loss is confirmed on the way out, and nothing of
// it is sent anew.
func TestPartConfirms(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newManagedWorld(t, nil)
		p := w.begin(enabledText)
		token := w.post("one")
		p.expect("one", "r")
		p.conn.Close()
		w.until(t, Waiting)
		w.stop()
		p = w.link()
		p.resume(0, resumedText(1))
		go p.serve(1)
		<-w.done
		if got := <-w.acks; got != token {
			t.Errorf("confirmed %d", got)
		}
	})
}
