package account

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"linnet/account/media"
	"linnet/account/webpage"
	"linnet/storage"
)

// servesPage serves one page.
func servesPage(contentType, page string) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/favicon.ico" {
			http.NotFound(w, req)
			return
		}
		w.Header().Set("Content-Type", contentType)
		io.WriteString(w, page)
	}
}

// linked has ann send a link, and gives the message.
func linked(t *testing.T, r *running, c *fakeConn, link string) storage.Message {
	t.Helper()
	c.send(annSends, rand.Text(), "<body>see "+link+"</body>")
	c.barrier()
	all := r.messages(r.chat(ann).ID)
	return all[len(all)-1]
}

// TestPreview asks pages of all kinds for what they say of themselves.
func TestPreview(t *testing.T) {
	h, r, c, _ := withFiles(t)
	r.pageTime = 10 * time.Second
	var squeezed bytes.Buffer
	zip := gzip.NewWriter(&squeezed)
	zip.Write(bytes.Repeat([]byte("<p>"), 1<<20))
	zip.Close()
	endless := func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<title>On and on</title>")
		for req.Context().Err() == nil {
			if _, err := w.Write(bytes.Repeat([]byte("<p>"), 1000)); err != nil {
				return
			}
		}
	}
	to := func(address string) http.HandlerFunc {
		return func(w http.ResponseWriter, req *http.Request) { http.Redirect(w, req, address, http.StatusFound) }
	}
	for _, x := range []struct {
		name  string
		serve http.HandlerFunc
		want  storage.Link
		err   error
	}{
		{"a page", servesPage("text/html; charset=utf-8", "<title> A\npage </title><meta name=description content='It is &lt;here&gt;'>"), storage.Link{Title: "A page", Text: "It is <here>"}, nil},
		{"in Latin 1", servesPage("text/html; charset=iso-8859-1", "<title>F\xfc\xdfe</title>"), storage.Link{Title: "Füße"}, nil},
		{"that turns text", servesPage("text/html", "<title>\u202Egnp.exe</title>"), storage.Link{Title: "gnp.exe"}, nil},
		{"led on", func(w http.ResponseWriter, req *http.Request) {
			if req.URL.Path != "/there" {
				to("/there")(w, req)
				return
			}
			servesPage("text/html", "<title>There</title>")(w, req)
		}, storage.Link{Title: "There"}, nil},
		{"without end", endless, storage.Link{Title: "On and on"}, nil},
		{"of tags", servesPage("text/html", "<title>Deep</title>"+strings.Repeat("<div>", 1e6)), storage.Link{Title: "Deep"}, nil},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, "<title>Cut</title>")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, storage.Link{Title: "Cut"}, nil},
		{"that says nothing", servesPage("text/html", "<p>Hello"), storage.Link{}, ErrNoPreview},
		{"a picture", servesPage("image/png", "<title>x</title>"), storage.Link{}, ErrNotPage},
		{"of no type", servesPage("", "<title>x</title>"), storage.Link{}, ErrNotPage},
		{"squeezed", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(squeezed.Bytes())
		}, storage.Link{}, ErrNotPage},
		{"not there", http.NotFound, storage.Link{}, ErrPageGone},
		{"in a circle", func(w http.ResponseWriter, req *http.Request) { to(req.URL.Path+"x")(w, req) }, storage.Link{}, ErrPageRefused},
		{"out of TLS", to("http://example.com/x"), storage.Link{}, ErrPageUnsafe},
		{"to us", to("https://127.0.0.1:" + portOf(h) + "/x"), storage.Link{}, ErrPageUnsafe},
		{"to us by another number", to("https://[::ffff:7f00:1]/x"), storage.Link{}, ErrPageUnsafe},
		{"around us", to("https://192.168.0.1/x"), storage.Link{}, ErrPageUnsafe},
		{"to a file", to("file:///etc/passwd"), storage.Link{}, ErrPageUnsafe},
	} {
		h.set(x.serve)
		m := linked(t, r, c, "https://example.com/"+strings.ReplaceAll(x.name, " ", "-"))
		x.want.URL, x.want.Fetched = strings.TrimPrefix(m.Body, "see "), true
		if err := r.Preview(t.Context(), m.Chat, m.Pos, x.want.URL); !errors.Is(err, x.err) {
			t.Errorf("%s: %v, want %v", x.name, err, x.err)
		}
		got := r.at(m.Chat, m.ID).Links
		if x.err != nil && len(got) != 0 || x.err == nil && (len(got) != 1 || got[0].Title != x.want.Title || got[0].Text != x.want.Text || !got[0].Fetched || got[0].URL != x.want.URL) {
			t.Errorf("%s: %+v", x.name, got)
		}
	}
	m := linked(t, r, c, "https://example.com/last")
	for _, link := range []string{"https://example.com/other", "", "javascript:1"} {
		if err := r.Preview(t.Context(), m.Chat, m.Pos, link); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("of %q, which is not in the message: %v", link, err)
		}
	}
	// What the user asks for himself may be here.
	h.set(servesPage("text/html", "<title>Mine</title>"))
	m = linked(t, r, c, "https://127.0.0.1:"+portOf(h)+"/mine")
	if err := r.Preview(t.Context(), m.Chat, m.Pos, strings.TrimPrefix(m.Body, "see ")); err != nil {
		t.Errorf("of a host around us that was asked for: %v", err)
	}
}

func portOf(h *fileHost) string { return h.URL[strings.LastIndexByte(h.URL, ':')+1:] }

// TestPreviewPicture holds what becomes of the picture of a page.
func TestPreviewPicture(t *testing.T) {
	h, r, c, _ := withFiles(t)
	large := pictureOf(t, 1200, 630)
	for name, x := range map[string]struct {
		address string
		serve   func(w http.ResponseWriter)
		has     bool
	}{
		"one":         {"/p.png", func(w http.ResponseWriter) { w.Write(large) }, true},
		"none":        {"/p.png", func(w http.ResponseWriter) { io.WriteString(w, "GIF89a") }, false},
		"a bomb":      {"/p.png", func(w http.ResponseWriter) { w.Write(pictureOf(t, media.MaxSide+1, 1)) }, false},
		"heavy":       {"/p.png", func(w http.ResponseWriter) { w.Write(append(bytes.Clone(large), make([]byte, maxPagePicture)...)) }, false},
		"around us":   {"https://127.0.0.1:" + portOf(h) + "/p.png", func(w http.ResponseWriter) { w.Write(large) }, false},
		"out of TLS":  {"http://example.com/p.png", func(w http.ResponseWriter) { w.Write(large) }, false},
		"no address":  {"::", func(w http.ResponseWriter) { w.Write(large) }, false},
		"not allowed": {"/p.png", func(w http.ResponseWriter) { w.WriteHeader(http.StatusForbidden) }, false},
	} {
		h.set(func(w http.ResponseWriter, req *http.Request) {
			if req.URL.Path == "/p.png" {
				x.serve(w)
				return
			}
			servesPage("text/html", "<title>T</title><meta property='og:image' content='"+x.address+"'>")(w, req)
		})
		m := linked(t, r, c, "https://example.com/page")
		if err := r.Preview(t.Context(), m.Chat, m.Pos, "https://example.com/page"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := r.at(m.Chat, m.ID).Links
		if len(got) != 1 || (len(got[0].Image) > 0) != x.has {
			t.Fatalf("%s: %+v", name, got)
		}
		if !x.has {
			continue
		}
		info, err := media.Probe(bytes.NewReader(got[0].Image), "")
		if err != nil || info.Type != "image/jpeg" || info.Width != previewSide || len(got[0].Image) > previewBytes {
			t.Errorf("%s: %+v of %d bytes, %v", name, info, len(got[0].Image), err)
		}
	}
}

// TestPreviewUnasked holds when pages are fetched that nobody asked for.
func TestPreviewUnasked(t *testing.T) {
	h, r, c, id := withFiles(t)
	h.set(servesPage("text/html", "<title>T</title>"))
	ctx := t.Context()
	want := func(m storage.Message, asked int) {
		t.Helper()
		if err := r.WantPreview(ctx, m.Chat, m.Pos, strings.TrimPrefix(m.Body, "see ")); err != nil {
			t.Errorf("%s: %v", m.Body, err)
		}
		if got := h.requests(); len(got) != asked {
			t.Errorf("%s: asked for %q, want %d", m.Body, got, asked)
		}
	}
	first := linked(t, r, c, "https://example.com/1")
	want(first, 0) // the setting is off
	if err := r.SetPreviews(ctx, id, true); err != nil {
		t.Fatal(err)
	}
	want(first, 1)
	want(first, 1) // once
	if got := r.at(first.Chat, first.ID).Links; len(got) != 1 || got[0].Title != "T" {
		t.Errorf("%+v", got)
	}
	c.send("<message type='chat' from='evil@bad.example/x' id='e'><body>see https://example.com/2</body></message>")
	c.barrier()
	stranger := r.messages(r.chat("evil@bad.example").ID)[0]
	want(stranger, 1)
	if err := r.AcceptChat(stranger.Chat); err != nil {
		t.Fatal(err)
	}
	want(stranger, 1) // is no contact yet
	if err := r.Send(ctx, first.Chat, Text{Body: "see https://example.com/3"}); err != nil {
		t.Fatal(err)
	}
	c.message()
	all := r.messages(first.Chat)
	want(all[len(all)-1], 1) // our own

	unsafe := func(link string) {
		t.Helper()
		m := linked(t, r, c, link)
		if err := r.WantPreview(ctx, m.Chat, m.Pos, link); !errors.Is(err, ErrPageUnsafe) {
			t.Errorf("%s: %v", link, err)
		}
		if got := h.requests(); len(got) != 1 {
			t.Errorf("%s: asked for %q", link, got)
		}
		want(r.at(m.Chat, m.ID), 1) // and it is not tried again
	}
	unsafe("http://example.com/4")
	unsafe("https://127.0.0.1:" + portOf(h) + "/5")

	// What says nothing is not asked again, what could not be reached is.
	h.set(servesPage("text/html", "nothing"))
	m := linked(t, r, c, "https://example.com/6")
	if err := r.WantPreview(ctx, m.Chat, m.Pos, "https://example.com/6"); !errors.Is(err, ErrNoPreview) {
		t.Error(err)
	}
	want(m, 1)
	counted := func() (n int64) {
		r.inAccount(id, func(a *Account) { n = a.downloads.unasked[m.Chat] })
		return n
	}
	before := counted()
	h.set(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%99000s\r\nnonsense\r\n", 99_000, "")
	})
	m = linked(t, r, c, "https://example.com/7")
	if err := r.WantPreview(ctx, m.Chat, m.Pos, "https://example.com/7"); err == nil || isLastingPage(err) {
		t.Error(err)
	}
	if n := counted() - before; n != 99_000 {
		t.Errorf("%d bytes of a page that went wrong are counted", n)
	}
	h.set(servesPage("text/html", "<title>T</title>"))
	want(m, 1)

	// Nor beyond what one conversation may have us fetch.
	r.inAccount(id, func(a *Account) { a.downloads.unasked[m.Chat] = maxUnasked })
	want(linked(t, r, c, "https://example.com/8"), 1)
	r.inAccount(id, func(a *Account) { a.downloads.since = a.downloads.since.Add(-unaskedDay - time.Second) })
	want(linked(t, r, c, "https://example.com/9"), 2) // the next day
}

// TestPreviewTakesNoLonger has a page that gives a few bytes and no more, and one
// whose message is gone when it has come.
func TestPreviewTakesNoLonger(t *testing.T) {
	h, r, c, _ := withFiles(t)
	h.set(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<p>")
		w.(http.Flusher).Flush()
		<-req.Context().Done()
	})
	m := linked(t, r, c, "https://example.com/slow")
	r.pageTime = 50 * time.Millisecond
	if err := r.Preview(t.Context(), m.Chat, m.Pos, "https://example.com/slow"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it ended with %v", err)
	}
	r.pageTime = pageTime
	asked, free := make(chan struct{}), make(chan struct{})
	h.set(func(w http.ResponseWriter, req *http.Request) {
		close(asked)
		<-free
		servesPage("text/html", "<title>T</title>")(w, req)
	})
	ended := make(chan error)
	go func() { ended <- r.Preview(t.Context(), m.Chat, m.Pos, "https://example.com/slow") }()
	<-asked
	c.send(annSends, "x", fmt.Sprintf(takenXML, m.ID))
	c.barrier()
	close(free)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := r.at(m.Chat, m.ID); got.RetractedAt == 0 || len(got.Links) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestLookUp asks for a page before there is a message.
func TestLookUp(t *testing.T) {
	h, r, _, id := withFiles(t)
	h.set(servesPage("text/html", "<title>T</title>"+strings.Repeat(" ", webpage.MaxBytes)))
	if l, err := r.LookUp(t.Context(), id, "https://example.com/x"); err != nil || l.Title != "T" || l.URL != "https://example.com/x" {
		t.Errorf("%+v, %v", l, err)
	}
	if _, err := r.LookUp(t.Context(), id, "xmpp:a@b.example"); !errors.Is(err, ErrPageUnsafe) {
		t.Error(err)
	}
}
