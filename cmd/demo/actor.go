//go:build unix

package main

import (
	"context"
	crand "crypto/rand"
	"encoding/xml"
	"log/slog"
	"math/rand/v2"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/servertest"
	"linnet/account/stream"
	"linnet/account/xep/chatstates"
	"linnet/account/xep/markers"
	"linnet/account/xep/receipts"
)

// actor plays a contact.
type actor struct {
	person
	live   bool
	client *stream.Client
	online chan struct{} // gets a value whenever it is signed in
	heard  chan heard    // what waits for an answer
	seen   chan struct{} // gets a value when the owner comes online
	next   int           // of lines
}

// Times that make a contact look alive without being a nuisance.
const (
	shortestThought = 900 * time.Millisecond
	longestThought  = 2600 * time.Millisecond
	openingAfter    = 9 * time.Second
	shortestMood    = 15 * time.Second
	longestMood     = 45 * time.Second
)

func newActor(p person, s *servertest.Server, live bool) *actor {
	a := &actor{person: p, live: live, online: make(chan struct{}, 1), heard: make(chan heard, 16), seen: make(chan struct{}, 1)}
	a.client = stream.New(stream.Config{
		JID: jid.MustParse(p.name + "@" + s.Domain), Resource: "stage", Password: password,
		Host: s.Host, Port: s.Port, Roots: s.Roots, Log: slog.New(slog.DiscardHandler),
	}, a)
	return a
}

// run plays until ctx ends.
func (a *actor) run(ctx context.Context) {
	if a.moods[0].show == offline || a.live && !pause(ctx, a.comes) {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.client.Run(ctx)
	}()
	a.play(ctx)
	<-done
}

func (a *actor) play(ctx context.Context) {
	var opening, change <-chan time.Time
	if a.live {
		if a.opening != "" {
			opening = time.After(openingAfter)
		}
		change = time.After(between(shortestMood, longestMood))
	}
	now := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.online:
			a.show(a.moods[now])
			if _, asks := wishes[a.name]; asks {
				_ = a.client.Send(presence{To: a.owner + "@" + domain, Type: "subscribe", Status: wishes[a.name].text})
			}
		case <-a.seen:
			if a.types && !a.live {
				a.typing(a.owner + "@" + domain)
			}
		case <-opening:
			a.say(a.owner+"@"+domain, a.opening)
		case <-change:
			now = (now + 1) % len(a.moods)
			a.show(a.moods[now])
			change = time.After(between(shortestMood, longestMood))
		case h := <-a.heard:
			if len(a.lines) == 0 || !pause(ctx, between(shortestThought, longestThought)) {
				continue
			}
			a.mark(message{To: h.from, Displayed: &markers.Displayed{ID: h.id}})
			a.typing(h.from)
			if !pause(ctx, between(shortestThought, longestThought)) {
				continue
			}
			a.say(h.from, a.lines[a.next%len(a.lines)])
			a.next++
		}
	}
}

// show and say do nothing while there is no connection: a contact that is gone
// for a moment has nothing to make up for.

func (a *actor) show(m mood) {
	_ = a.client.Send(presence{Show: m.show, Status: m.status})
}

func (a *actor) say(to, text string) {
	_ = a.client.Send(message{To: to, Type: "chat", ID: crand.Text(), Body: text})
}

// typing shows that something is being written.
func (a *actor) typing(to string) {
	_ = a.client.Send(message{To: to, Type: "chat", State: chatstates.New(chatstates.Composing)})
}

// mark tells what became of a message.
func (a *actor) mark(m message) {
	m.Type = "chat"
	_ = a.client.Send(m)
}

// heard is a message: who wrote it, and its id.
type heard struct{ from, id string }

type presence struct {
	XMLName xml.Name `xml:"presence"`
	To      string   `xml:"to,attr,omitempty"`
	Type    string   `xml:"type,attr,omitempty"`
	Show    string   `xml:"show,omitempty"`
	Status  string   `xml:"status,omitempty"`
}

type message struct {
	XMLName   xml.Name `xml:"message"`
	To        string   `xml:"to,attr"`
	Type      string   `xml:"type,attr"`
	ID        string   `xml:"id,attr,omitempty"` // what answers and reactions refer to
	Body      string   `xml:"body,omitempty"`
	Receipt   *receipts.Received
	Displayed *markers.Displayed
	State     *chatstates.State
}

// StateChanged implements stream.Handler.
func (a *actor) StateChanged(st stream.State) {
	if st.Phase == stream.Online {
		select {
		case a.online <- struct{}{}:
		default:
		}
	}
}

// Stanzas implements stream.Handler: whoever writes is told that it has come and
// gets an answer, unless too many wait for one. Our owner is seen coming.
func (a *actor) Stanzas(batch []*stream.Stanza) error {
	for _, st := range batch {
		var m struct {
			ID   string `xml:"id,attr"`
			Body string `xml:"jabber:client body"`
		}
		if st.Kind == stream.Presence && st.Type == "" && st.From.JID.Localpart() == a.owner {
			select {
			case a.seen <- struct{}{}:
			default:
			}
		}
		if st.Kind != stream.Message || st.Type == "error" || st.Decode(&m) != nil || m.Body == "" {
			continue
		}
		from := st.From.JID.Bare().String()
		a.mark(message{To: from, Receipt: &receipts.Received{ID: m.ID}})
		select {
		case a.heard <- heard{from, m.ID}:
		default:
		}
	}
	return nil
}

// Acknowledged implements stream.Handler.
func (a *actor) Acknowledged(uint64) {}

func between(shortest, longest time.Duration) time.Duration {
	return shortest + rand.N(longest-shortest)
}

// pause reports false when ctx has ended meanwhile.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
