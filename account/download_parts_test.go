package account

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"linnet/account/media"
	"linnet/account/xep/file"
	"linnet/account/xep/sfs"
	"linnet/storage"
)

// TestPartsOfOneVersion cuts downloads of which no hash is known, while another
// version takes the place of the file.
func TestPartsOfOneVersion(t *testing.T) {
	h, r, c, _ := withFiles(t)
	first, second := bytes.Repeat([]byte("1"), 4000), bytes.Repeat([]byte("2"), 4000)
	long := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)
	for _, x := range []struct {
		name   string
		tag    func(h http.Header, version string)
		ranged string // If-Range of the second request
		state  storage.FileState
	}{
		{"nothing to tell by", func(http.Header, string) {}, "", storage.FileHere},
		{"weak tag", func(h http.Header, v string) { h.Set("ETag", `W/"`+v+`"`); h.Set("Last-Modified", long) }, "", storage.FileHere},
		{"young date", func(h http.Header, _ string) {
			h.Set("Last-Modified", time.Now().Add(time.Minute).UTC().Format(http.TimeFormat))
		}, "", storage.FileHere},
		{"tag", func(h http.Header, v string) { h.Set("ETag", `"`+v+`"`) }, `"1"`, storage.FileFailed},
		{"old date", func(h http.Header, _ string) { h.Set("Last-Modified", long) }, long, storage.FileHere},
	} {
		requests, ranged := 0, ""
		h.set(func(w http.ResponseWriter, req *http.Request) {
			h.mu.Lock()
			requests++
			n := requests
			if n == 2 {
				ranged = req.Header.Get("If-Range")
			}
			h.mu.Unlock()
			data, version := first, "1"
			if n > 1 {
				data, version = second, "2"
			}
			x.tag(w.Header(), version)
			w.Header().Set("Content-Type", "text/plain")
			if from := req.Header.Get("Range"); from != "" && req.Header.Get("If-Range") == w.Header().Get("Last-Modified") {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes 2000-3999/%d", len(first))) // of the same version
				w.WriteHeader(http.StatusPartialContent)
				w.Write(first[2000:])
				return
			}
			w.Header().Set("Content-Length", fmt.Sprint(len(data)))
			if n == 1 {
				w.Write(data[:2000])
				w.(http.Flusher).Flush()
				panic(http.ErrAbortHandler)
			}
			w.Write(data)
		})
		shares(c, ann, strings.ReplaceAll(x.name, " ", "-"), "<media-type>text/plain</media-type>")
		chat := r.chat("ann@example.org")
		if err := r.Download(t.Context(), chat.ID, chat.Last.Pos, 0); err != nil {
			t.Fatal(err)
		}
		f := r.became("ann@example.org", x.state)
		h.mu.Lock()
		got := ranged
		h.mu.Unlock()
		if got != x.ranged {
			t.Errorf("%s: If-Range is %q, want %q", x.name, got, x.ranged)
		}
		if x.state != storage.FileHere {
			continue
		}
		in, err := r.OpenFile(&f)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		in.Close()
		if err != nil || !bytes.Equal(data, first) && !bytes.Equal(data, second) {
			t.Errorf("%s: two versions were joined: %q…%q, %v", x.name, data[:1], data[len(data)-1:], err)
		}
	}
}

// TestAskedWhileFetched has the user ask for a file that is on its way unasked.
func TestAskedWhileFetched(t *testing.T) {
	h, r, c, id := withFiles(t)
	if err := r.SetAutoDownload(id, 1000); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name     string
		size     int
		requests int
	}{
		{"small", 900, 1},
		{"large", 5000, 2}, // the first try was bounded
	} {
		going := make(chan struct{})
		h.set(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			w.Write(make([]byte, 100))
			w.(http.Flusher).Flush() // without saying how long it is
			<-going
			w.Write(make([]byte, x.size-100))
		})
		shares(c, ann, x.name, aboutPicture)
		r.eventually("the question", func() bool { return len(h.requests()) == 1 })
		chat := r.chat("ann@example.org")
		if err := r.Download(t.Context(), chat.ID, chat.Last.Pos, 0); err != nil {
			t.Fatal(err)
		}
		close(going)
		if f := r.became("ann@example.org", storage.FileHere); f.Size != int64(x.size) {
			t.Errorf("%s: %d bytes", x.name, f.Size)
		}
		if got := h.requests(); len(got) > x.requests {
			t.Errorf("%s: asked for %q", x.name, got)
		}
	}
}

// TestLate holds that what the user asked for is not ended because nobody did.
func TestLate(t *testing.T) {
	for lifted, want := range map[bool]error{false: errUnasked, true: nil} {
		d := &download{}
		d.ctx, d.cancel = context.WithCancelCause(t.Context())
		d.lifted.Store(lifted)
		d.late()
		if got := context.Cause(d.ctx); !errors.Is(got, want) {
			t.Errorf("lifted %v: ended with %v", lifted, got)
		}
		d.cancel(nil)
	}
}

// TestWordsOfFiles holds what is believed of the words about a file.
func TestWordsOfFiles(t *testing.T) {
	for in, want := range map[string][2]string{
		"image/PNG":                     {"image/png", "image/PNG"},
		"text/plain; charset=utf-8":     {"text/plain", "text/plain; charset=utf-8"},
		"a\u202Eb\x00c\u2066d\r\ne\t":   {media.Octets, "abcd\ne"},
		"image/png\n":                   {"image/png", "image/png"},
		"image":                         {media.Octets, "image"},
		"im\u0000age/png":               {media.Octets, "image/png"},
		"":                              {media.Octets, ""},
		"a/b/c":                         {media.Octets, "a/b/c"},
		string(make([]byte, 2*maxDesc)): {media.Octets, ""},
	} {
		x := sfs.Sharing{File: file.File{MediaType: in, Desc: in}, Sources: &sfs.Sources{URLs: []sfs.URLData{{Target: "https://x.example/y"}}}}
		f, ok := fileOf(&x)
		if !ok || f.Type != want[0] || f.Desc != want[1] {
			t.Errorf("%q gives %q and %q", in, f.Type, f.Desc)
		}
	}
}

// TestParseRange reads what says where a part of a file is.
func TestParseRange(t *testing.T) {
	for s, want := range map[string][2]int64{
		"bytes 5-9/10": {5, 10}, "bytes 5-9/*": {5, 0}, "bytes 5-9/-10": {5, 0}, "bytes 5-9": {-1, 0},
		"bytes */10": {-1, 0}, "bytes -5-9/10": {-1, 0}, "": {-1, 0},
	} {
		if from, total := parseRange(s); from != want[0] || total != want[1] {
			t.Errorf("%q: %d of %d", s, from, total)
		}
	}
}
