package account

import (
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

const aboutPicture = "<media-type>image/png</media-type>"

// TestStalledDownloadsHoldNobodyUp has a contact name files whose host gives
// next to nothing of them.
func TestStalledDownloadsHoldNobodyUp(t *testing.T) {
	h, r, c, id := withFiles(t)
	free := make(chan struct{})
	t.Cleanup(func() { close(free) })
	h.set(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/wanted" {
			io.WriteString(w, "it")
			return
		}
		w.Header().Set("Content-Type", "image/png")
		io.WriteString(w, "x")
		w.(http.Flusher).Flush()
		select {
		case <-free:
		case <-req.Context().Done():
		}
	})
	for _, name := range []string{"a", "b", "c", "d"} {
		shares(c, ann, name, aboutPicture)
	}
	r.eventually("the first", func() bool { return len(h.requests()) == maxDownloads })
	shares(c, "evil@bad.example/x", "wanted", "")
	asked := r.chat("evil@bad.example")
	if err := r.Download(t.Context(), asked.ID, asked.Last.Pos, 0); err != nil {
		t.Fatal(err)
	}
	r.became("evil@bad.example", storage.FileHere)

	// Those come to an end by themselves.
	r.inAccount(id, func(*Account) { r.unaskedTime = time.Millisecond })
	for _, d := range r.downloadsOf(id) {
		if err := r.CancelFile(t.Context(), d.at.chat, d.m.Pos, 0); err != nil {
			t.Fatal(err)
		}
	}
	r.eventually("the end of the last", func() bool { return len(r.downloadsOf(id)) == 0 })
	if f := r.became("ann@example.org", storage.FileRemote); f.Reason != "" {
		t.Errorf("the last one: %+v", f)
	}
}

// downloadsOf gives what is being fetched.
func (r *running) downloadsOf(id storage.AccountID) (all []*download) {
	r.t.Helper()
	r.inAccount(id, func(a *Account) { all = slices.Collect(maps.Values(a.downloads.running)) })
	return all
}

// TestUnaskedIsBounded holds that one conversation cannot fill the disk.
func TestUnaskedIsBounded(t *testing.T) {
	h, r, c, id := withFiles(t)
	h.set(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		io.WriteString(w, strings.Repeat("x", 1000))
	})
	shares(c, ann, "first", aboutPicture)
	r.became("ann@example.org", storage.FileHere)
	chat := r.chat("ann@example.org")
	r.inAccount(id, func(a *Account) {
		if n := a.downloads.unasked[chat.ID]; n != 1000 {
			t.Errorf("%d bytes are counted", n)
		}
		a.downloads.unasked[chat.ID] = maxUnasked
	})
	shares(c, ann, "second", aboutPicture)
	if got := h.requests(); len(got) != 1 {
		t.Errorf("asked for %v", got)
	}
	if err := r.Download(t.Context(), chat.ID, r.chat("ann@example.org").Last.Pos, 0); err != nil {
		t.Fatal(err)
	}
	r.became("ann@example.org", storage.FileHere)

	s := downloadState{wanted: []*download{{at: fileAt{chat: 1}}}, unasked: map[storage.ChatID]int64{1: maxUnasked}}
	if s.next(time.Unix(1e9, 0).Add(unaskedDay)) == nil {
		t.Error("the next day nothing is fetched")
	}
}

// TestUnaskedStaysOutside holds that a message cannot have us knock at hosts
// around us.
func TestUnaskedStaysOutside(t *testing.T) {
	for at, want := range map[string]bool{
		"127.0.0.1": false, "::1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.178.1": false, "169.254.169.254": false,
		"fe80::1": false, "fd00::1": false, "0.0.0.0": false, "::": false, "224.0.0.251": false, "ff02::1": false, "100.64.0.1": false,
		"fec0::1": false, "fec0::1%2": false, "64:ff9b:1::a01:203": false,
		"255.255.255.255": false, "203.0.113.5": true, "2001:db8::1": true, "100.128.0.1": true,
		"64:ff9b::10.1.2.3": false, "64:ff9b::127.0.0.1": false, "64:ff9b::203.0.113.5": true, "2002:c0a8:0101::1": false, "2002:cb00:7105::1": true,
	} {
		if isOutside(netip.MustParseAddr(at)) != want {
			t.Errorf("%s is %v", at, !want)
		}
	}
	reached := make(chan struct{}, 9)
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			reached <- struct{}{}
		}
	}
	srv.StartTLS()
	defer srv.Close()
	stored := storage.Account{Address: testAddress}
	m := NewManager(Config{Stream: func(cfg *stream.Config) { cfg.Dial = nil }})
	client, err := m.httpClient(&stored, ofDomain(&stored))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Get(srv.URL); !errors.Is(err, errUnasked) {
		t.Errorf("fetched: %v", err)
	}
	if len(reached) > 0 {
		t.Error("a host around us was reached")
	}
	if client, err = m.httpClient(&stored, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Get(srv.URL); err == nil || errors.Is(err, errUnasked) {
		t.Errorf("asked for: %v", err)
	}
	<-reached
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	conn, err := dialOutside(func(host string) bool { return host == "localhost" }, nil)(t.Context(), "tcp", net.JoinHostPort("localhost", port))
	if err != nil {
		t.Fatalf("a host of our own domain: %v", err)
	}
	conn.Close()
}
