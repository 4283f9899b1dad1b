package stream

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestResumeRefused is for servers that have given the stream up, or do not
// know how to resume it. What they say they have is confirmed; requests end.
func TestResumeRefused(t *testing.T) {
	failed := func(attrs string) string {
		return "<failed xmlns='" + nsSM + "'" + attrs + "><item-not-found xmlns='" + nsStanzas + "'/></failed>"
	}
	for _, row := range []struct {
		name, answer string
		acked        int  // of the two messages
		anew         bool // the answer ends the connection
	}{
		{"refused", failed(""), 0, false},
		{"refused with a count", failed(" h='1'"), 1, false},
		{"refused with all", failed(" h='3'"), 2, false},
		{"refused with more than was sent", failed(" h='9'"), 0, false},
		{"refused with garbage", failed(" h='x'"), 0, false},
		{"another stream", "<resumed xmlns='" + nsSM + "' previd='other' h='1'/>", 0, true},
		{"resumed without a count", "<resumed xmlns='" + nsSM + "' previd='s&lt;1'/>", 0, true},
		{"something else", "<message/>", 0, true},
		{"not well-formed", "<a></b>", 0, true},
		{"stream error", fmt.Sprintf(streamErrorText, "internal-server-error", ""), 0, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := newManagedWorld(t, nil)
				defer w.end()
				p := w.begin(enabledText)
				tokens := []uint64{0, w.post("one"), w.post("two")}
				answer := make(chan error, 1)
				go func() { answer <- w.IQ(t.Context(), testSelf.Domain(), "get", pingOut{}, nil) }()
				for p.next().XMLName.Local != "iq" {
				}
				p.conn.Close()
				p = w.link()
				p.resume(0, row.answer)
				if row.anew {
					if s := w.until(t, Waiting); !s.Resumable {
						t.Errorf("before it was asked: %+v", s)
					}
					if s := w.until(t, Waiting); s.Resumable {
						t.Errorf("after it was asked: %+v", s)
					}
					p = w.link()
				}
				p.begin(enabledText)
				if err := <-answer; !errors.Is(err, ErrOffline) {
					t.Errorf("a request across two streams: %v", err)
				}
				if s := w.until(t, Online); s.Info.Resumed {
					t.Error("resumed")
				}
				got := uint64(0)
				for len(w.acks) > 0 {
					got = <-w.acks
				}
				if got != tokens[row.acked] {
					t.Errorf("confirmed %d, want %d", got, tokens[row.acked])
				}
				again := w.post("again")
				p.expect("again", "r")
				p.send(ackText(1))
				if got := <-w.acks; got != again {
					t.Errorf("confirmed %d, want %d", got, again)
				}
				go p.serve(1)
			})
		})
	}
}

// TestHostileCounts is for servers that count as nobody can: they are left,
// and nothing is resumed. What only makes no sense is ignored.
func TestHostileCounts(t *testing.T) {
	const tooHigh = "handled-count-too-high"
	for _, row := range []struct {
		name, text string
		says       string // what the client says before it leaves
		leaves     bool
		resumes    bool
	}{
		{name: "more than was sent", text: ackText(2), says: tooHigh, leaves: true},
		{name: "far more", text: ackText(1 << 30), says: tooHigh, leaves: true},
		{name: "no count", text: "<a xmlns='" + nsSM + "'/>", leaves: true, resumes: true},
		{name: "no number", text: ackText("one"), leaves: true, resumes: true},
		{name: "a negative count", text: ackText(-1), leaves: true, resumes: true},
		{name: "a count of 33 bits", text: ackText(uint64(1) << 32), leaves: true, resumes: true},
		{name: "going back", text: ackText(1) + ackText(0)},
		{name: "going back beyond the first", text: ackText(^uint32(0))},
		{name: "the same again", text: ackText(1) + ackText(1) + ackText(1)},
		{name: "enabled again", text: enabledText},
		{name: "resumed out of place", text: resumedText(0)},
		{name: "failed out of place", text: "<failed xmlns='" + nsSM + "' h='9'/>"},
		{name: "asking without end", text: strings.Repeat(askText, 5000)},
		{name: "of another version", text: "<a xmlns='urn:xmpp:sm:2' h='99'/>"},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := newManagedWorld(t, nil)
				defer w.end()
				p := w.begin(enabledText)
				token := w.post("one")
				p.expect("one", "r")
				go p.send(row.text)
				if !row.leaves {
					synctest.Wait()
					go p.serve(1)
					p.send(ackText(1) + numbered(0, 1))
					w.ids(1)
					if got := <-w.acks; got != token || len(w.acks) > 0 {
						t.Errorf("confirmed %d, then %d more", got, len(w.acks))
					}
					time.Sleep(time.Minute)
					if s := w.Client.State(); s.Phase != Online || len(w.tries) != 1 {
						t.Errorf("after a minute: %+v", s)
					}
					return
				}
				said := ""
				for s, err := p.read(); err == nil; s, err = p.read() {
					said += s.raw
				}
				if !strings.Contains(said, row.says) {
					t.Errorf("the client says %s", said)
				}
				if s := w.until(t, Waiting); s.Resumable != row.resumes {
					t.Errorf("state: %+v", s)
				}
				p = w.link()
				if row.resumes {
					p.resume(0, resumedText(7)) // again too much
					for {
						s, err := p.read()
						if err != nil {
							t.Fatalf("no stream error: %v", err)
						}
						if strings.Contains(s.raw, tooHigh) {
							break
						}
					}
					if s := w.until(t, Waiting); s.Resumable {
						t.Errorf("state: %+v", s)
					}
					p = w.link()
				}
				p.begin(enabledText)
				w.until(t, Online)
				go p.serve(0)
			})
		})
	}
}

// A stream that breaks as soon as it is resumed is given up.
func TestResumedStreamBreaks(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newManagedWorld(t, nil)
		defer w.end()
		p := w.begin(enabledText)
		p.send(fmt.Sprintf(streamErrorText, "not-well-formed", "") + "</stream:stream>")
		w.until(t, Waiting)
		p = w.link()
		p.resume(0, resumedText(0))
		w.until(t, Online)
		p.send(fmt.Sprintf(streamErrorText, "not-well-formed", "") + "</stream:stream>")
		if s := w.until(t, Waiting); s.Resumable {
			t.Errorf("state: %+v", s)
		}
		p = w.begin(enabledText)
		go p.serve(0)
	})
}

// TestEnable is for the ways a server answers the wish for stream management.
func TestEnable(t *testing.T) {
	for _, row := range []struct {
		name, answer string
		managed      bool
		resumable    bool
	}{
		{"resumable", enabledText, true, true},
		{"resume is 1", "<enabled xmlns='" + nsSM + "' id='s&lt;1' resume='1'/>", true, true},
		{"not resumable", "<enabled xmlns='" + nsSM + "'/>", true, false},
		{"an id alone", "<enabled xmlns='" + nsSM + "' id='x'/>", true, false},
		{"refused", "<failed xmlns='" + nsSM + "'/>", false, false},
		{"stanzas before", numbered(0, 3) + enabledText, true, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := newManagedWorld(t, nil)
				defer w.end()
				p := w.begin(row.answer)
				early := strings.Count(row.answer, "<message")
				p.send(numbered(early, 1))
				for i, id := range w.ids(early + 1) {
					if id != fmt.Sprint(i) {
						t.Errorf("stanza %d is %s", i, id)
					}
				}
				w.post("one")
				p.expect("one")
				if s := p.next(); isPing(s) == row.managed {
					t.Errorf("behind a message comes %s", s.raw)
				}
				synctest.Wait()
				if row.managed {
					p.send(askText)
					if got := p.count(); got != "1" {
						t.Errorf("handled %s", got)
					}
				}
				p.conn.Close()
				if s := w.until(t, Waiting); s.Resumable != row.resumable {
					t.Errorf("state: %+v", s)
				}
				p = w.link()
				if row.resumable {
					p.resume(1, resumedText(1))
				} else {
					p.begin(row.answer)
				}
				w.until(t, Online)
				go p.serve(1)
			})
		})
	}
}
