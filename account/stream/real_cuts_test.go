//go:build unix

package stream_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"linnet/account/servertest"
	"linnet/account/servertest/proxy"
	"linnet/account/stream"

	"mellium.im/xmpp/jid"
)

// cut ends all connections of a line: cleanly, by a reset, or in the middle of
// what is under way next.
func cut(l *proxy.Line, n int) {
	switch n % 3 {
	case 0:
		l.Cut()
	case 1:
		l.Reset()
	case 2:
		l.CutAfter(100 + 700*n)
	}
}

// post sends a message as soon as there is a link.
func (u *user) post(m messageOut) uint64 {
	u.t.Helper()
	limit := time.After(patience)
	for {
		token, err := u.Post(m)
		if err == nil {
			return token
		}
		if !errors.Is(err, stream.ErrOffline) {
			u.t.Errorf("post: %v", err)
			return 0
		}
		select {
		case s := <-u.states:
			u.saw(s)
		case <-limit:
			u.t.Errorf("no link; state is %+v", u.State())
			return 0
		}
	}
}

// wait returns when the stream has gone on for the nth time.
func (u *user) wait(n int) {
	limit := time.After(patience)
	for u.resumed < n && !u.t.Failed() {
		select {
		case s := <-u.states:
			u.saw(s)
		case <-limit:
			u.t.Errorf("resumed %d times, not %d; state is %+v", u.resumed, n, u.State())
		}
	}
}

// confirmed waits until the server has what was posted up to a token.
func (u *user) confirmed(token uint64) {
	limit := time.After(patience)
	for u.acked < token && !u.t.Failed() {
		select {
		case s := <-u.states:
			u.saw(s)
		case u.acked = <-u.acks:
		case <-limit:
			u.t.Errorf("%d of %d messages confirmed; state is %+v", u.acked, token, u.State())
		}
	}
}

// saw takes note of a state.
func (u *user) saw(s stream.State) {
	switch {
	case s.Phase == stream.Waiting:
		u.Retry()
	case s.Phase == stream.Online && s.Info.Resumed:
		u.resumed++
	case s.Phase == stream.Online:
		u.t.Error("signed in anew")
	}
}

// finish waits until all is confirmed and received, once each.
func (u *user) finish(last uint64, from string, n int, inOrder bool) {
	u.t.Helper()
	limit := time.After(patience)
	seen := make(map[int]bool)
	for len(seen) < n || u.acked < last {
		select {
		case s := <-u.states:
			u.saw(s)
		case u.acked = <-u.acks:
		case body := <-u.bodies:
			var who string
			var i int
			if _, err := fmt.Sscan(body, &who, &i); err != nil || who != from || seen[i] || inOrder && i != len(seen) {
				u.t.Errorf("as number %d came %.30q (%v)", len(seen), body, err)
				return
			}
			seen[i] = true
		case <-limit:
			u.t.Errorf("%d of %d messages from %s came; %d of %d confirmed; state is %+v",
				len(seen), n, from, u.acked, last, u.State())
			return
		}
	}
	select {
	case body := <-u.bodies:
		u.t.Errorf("once more came %.30q", body)
	default:
	}
}

// TestRealServersResume cuts the connections of two clients again and again
// while they write to each other: every stream goes on, and every message
// arrives once, in order. (What reaches ejabberd for a client just while that
// resumes, it passes on behind what came later.)
func TestRealServersResume(t *testing.T) {
	const messages, cuts = 200, 10
	for name, start := range map[string]func(testing.TB, servertest.Options) *servertest.Server{
		"prosody": servertest.Prosody, "ejabberd": servertest.Ejabberd,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, servertest.Options{
				Users: map[string]string{"alice": "Wonder-1", "bob": "Builder-2"}, Friends: true, CuredResume: true,
			})
			names := []string{"alice", "bob"}
			var users [2]*user
			var lines [2]*proxy.Line
			var at [2]jid.JID
			for i, n := range names {
				line, err := proxy.New(fmt.Sprintf("%s:%d", s.Host, s.Port))
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(line.Close)
				lines[i] = line
				users[i] = signInAt(t, s, n, line.Port())
				at[i] = users[i].until(stream.Online).Info.JID
				if err := users[i].Send(presenceOut{}); err != nil {
					t.Fatal(err)
				}
			}
			for i, u := range users { // the server has taken the presences
				if err := u.IQ(t.Context(), jid.MustParse(s.Domain), "get", discoQuery{}, nil); err != nil {
					t.Fatalf("%s: %v", names[i], err)
				}
			}
			var both sync.WaitGroup
			for i, u := range users {
				both.Go(func() {
					var last uint64
					for n := range messages {
						if n%(messages/cuts) == messages/cuts/2 {
							done := n / (messages / cuts)
							u.wait(done)
							u.confirmed(last)
							cut(lines[i], done)
						}
						body := fmt.Sprint(names[i], " ", n, " ")
						if n%10 == 0 {
							body += strings.Repeat("long ", 8000)
						}
						last = u.post(messageOut{Type: "chat", To: at[1-i], Body: body})
					}
					u.wait(cuts)
					u.finish(last, names[1-i], messages, name == "prosody")
				})
			}
			both.Wait()
		})
	}
}
