package account

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

// noise is a picture that cannot be made small.
func noise(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(rand.Uint32()) | byte(i&3/3*255)
	}
	return m
}

// fileHost is a server of files, found as example.com.
type fileHost struct {
	*httptest.Server
	path  string // of the archive
	mu    sync.Mutex
	asked []string // methods and paths
	serve http.HandlerFunc
}

func newFileHost(t *testing.T, p *profile) *fileHost {
	t.Helper()
	h := &fileHost{path: p.path, serve: http.NotFound}
	h.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h.mu.Lock()
		h.asked = append(h.asked, req.Method+" "+req.URL.Path)
		serve := h.serve
		h.mu.Unlock()
		serve(w, req)
	}))
	t.Cleanup(h.Server.Close)
	as := p.stream
	p.stream = func(cfg *stream.Config) {
		as(cfg)
		cfg.Roots = cfg.Roots.Clone()
		cfg.Roots.AddCert(h.Certificate())
		cfg.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if strings.HasPrefix(address, "example.com:") {
				address = h.Listener.Addr().String()
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		}
	}
	return h
}

func (h *fileHost) set(serve http.HandlerFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked, h.serve = nil, serve
}

func (h *fileHost) requests() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asked
}

// withFiles is withRoster with a server of files.
func withFiles(t *testing.T) (*fileHost, *running, *fakeConn, storage.AccountID) {
	t.Helper()
	p := newProfile(t)
	p.server.roster = func(string) string { return rosterOfTwo }
	h := newFileHost(t, p)
	r, c, id := p.online()
	r.eventually("the roster", func() bool { return len(r.Contacts(id)) == 2 })
	return h, r, c, id
}

// shares has somebody share a file at example.com.
func shares(c *fakeConn, from, name, about string) {
	c.send("<message type='chat' from='%s' id='%s'><file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'>"+
		"<name>%s</name>%s</file><sources><url-data xmlns='http://jabber.org/protocol/url-data' target='https://example.com/%s'/></sources></file-sharing></message>",
		from, name, name, about, name)
	c.barrier()
}

// became waits until the newest file of a conversation has a state.
func (r *running) became(address string, state storage.FileState) storage.File {
	r.t.Helper()
	var f storage.File
	r.eventually(fmt.Sprintf("a file in state %d", state), func() bool {
		all := r.messages(r.chat(address).ID)
		f = all[len(all)-1].Files[0]
		return f.State == state
	})
	return f
}

func TestDownloads(t *testing.T) {
	h, r, c, id := withFiles(t)
	var picture bytes.Buffer
	if err := png.Encode(&picture, noise(200, 200)); err != nil {
		t.Fatal(err)
	}
	data := picture.Bytes()
	sum := sha256.Sum256(data)
	about := "<media-type>image/png</media-type><hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>" + base64.StdEncoding.EncodeToString(sum[:]) + "</hash>"
	whole := func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("ETag", `"1"`)
		http.ServeContent(w, req, "x.png", time.Time{}, bytes.NewReader(data))
	}
	// half serves what is asked for up to a part of the file and breaks.
	half := func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Range") != "" {
			whole(w, req)
			return
		}
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		w.Write(data[:len(data)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	otherTag := func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Range") != "" {
			w.Header().Set("ETag", `"2"`)
			w.Write(data)
			return
		}
		half(w, req)
	}
	// weak has a tag that is not good for parts, and gives none.
	weak := func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("ETag", `W/"1"`)
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		if req.Header.Get("Range") != "" {
			w.Write(data)
			return
		}
		w.Write(data[:len(data)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	for _, x := range []struct {
		name   string
		serve  http.HandlerFunc
		about  string
		state  storage.FileState
		reason string
	}{
		{"whole", whole, about, storage.FileHere, ""},
		{"cut", half, about, storage.FileHere, ""},
		{"cut, with a weak tag", weak, about, storage.FileHere, ""},
		{"changed meanwhile", otherTag, about, storage.FileFailed, ReasonDiffers},
		{"another one", func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			w.Write(data[1:])
		}, about, storage.FileFailed, ReasonDiffers},
		{"not there", http.NotFound, about, storage.FileGone, ""},
		{"refused", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, about, storage.FileFailed, ReasonRefused},
		{"led out of TLS", func(w http.ResponseWriter, req *http.Request) {
			http.Redirect(w, req, "http://example.com/x", http.StatusFound)
		}, about, storage.FileFailed, ReasonUnsafe},
		{"broken for ever", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, about, storage.FileFailed, ReasonLost},
	} {
		h.set(x.serve)
		name := strings.NewReplacer(" ", "-", ",", "").Replace(x.name)
		shares(c, ann, name, x.about)
		f := r.became("ann@example.org", x.state)
		if reason, _ := SplitReason(f.Reason); reason != x.reason {
			t.Errorf("%s: failed for %q", x.name, f.Reason)
		}
		if f.State != storage.FileHere {
			continue
		}
		if in, err := r.OpenFile(&f); err != nil {
			t.Errorf("%s: %v", x.name, err)
		} else if got, err := io.ReadAll(in); err != nil || !bytes.Equal(got, data) || f.Width != 200 {
			t.Errorf("%s: %d of %d bytes, %+v, %v", x.name, len(got), len(data), f, err)
		}
	}

	// Nobody asks for these.
	if err := r.SetAutoDownload(id, int64(len(data))-1); err != nil {
		t.Fatal(err)
	}
	h.set(whole)
	shares(c, "evil@bad.example/x", "stranger", about)
	shares(c, ann, "video", "<media-type>video/mp4</media-type>")
	shares(c, ann, "large", about+fmt.Sprintf("<size>%d</size>", len(data)))
	if got := h.requests(); len(got) > 0 {
		t.Errorf("asked for %v", got)
	}
	shares(c, ann, "larger-than-told", about)
	r.eventually("the size", func() bool { return r.became("ann@example.org", storage.FileRemote).Size == int64(len(data)) })
	h.set(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") })
	shares(c, ann, "page", about)
	r.eventually("the question", func() bool { return len(h.requests()) == 1 })
	r.became("ann@example.org", storage.FileRemote)

	// The user does.
	h.set(whole)
	stranger := r.chat("evil@bad.example")
	if err := r.Download(t.Context(), stranger.ID, stranger.Last.Pos, 0); err != nil {
		t.Fatal(err)
	}
	f := r.became("evil@bad.example", storage.FileHere)
	if err := r.DeleteChat(stranger.ID); err != nil {
		t.Fatal(err)
	}
	if in, err := r.OpenFile(&f); err == nil {
		in.Close()
		t.Error("the file of a conversation that was deleted is there")
	}
}

// TestFilesOfMessages holds what is a file, and what are words.
func TestFilesOfMessages(t *testing.T) {
	h, r, c, _ := withFiles(t)
	const url = "https://example.com/a/x%20y.bin"
	sfs := "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><name>../z.bin</name><size>-5</size></file><sources>" +
		"<url-data xmlns='http://jabber.org/protocol/url-data' target='" + url + "'/></sources></file-sharing>"
	oob := func(u string) string { return "<x xmlns='jabber:x:oob'><url>" + u + "</url></x>" }
	for i, x := range []struct{ inner, body, name string }{
		{"<body>" + url + "</body>" + oob(url), "", "x y.bin"},
		{"<body>see " + url + "</body>" + oob(url), "see " + url, ""},
		{"<body>" + url + "</body>", url, ""},
		{"<body>http://example.com/x</body>" + oob("http://example.com/x"), "http://example.com/x", ""},
		{"<body>https://a:b@example.com/x</body>" + oob("https://a:b@example.com/x"), "https://a:b@example.com/x", ""},
		{sfs, "", "z.bin"},
		{"<body>" + url + "</body>" + sfs + oob(url), "", "z.bin"},
		{"<body>words\n" + url + "</body>" + sfs + "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body start='5' end='60'/></fallback>", "words\n" + url, "z.bin"},
		{"<body>words" + url + "</body>" + sfs + fmt.Sprintf("<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body start='5' end='%d'/></fallback>", 5+len(url)), "words", "z.bin"},
		{"<body>any</body>" + sfs + "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body/></fallback>", "", "z.bin"},
		{"<body>any</body>" + strings.ReplaceAll(sfs, "https:", "http:"), "any", ""},
	} {
		c.send("<message type='chat' from='%s' id='m%d'>%s</message>", ann, i, x.inner)
		c.barrier()
		all := r.messages(r.chat("ann@example.org").ID)
		m, name := all[len(all)-1], ""
		if len(m.Files) > 0 {
			name = m.Files[0].Name
			if m.Files[0].Size != 0 || m.Files[0].URL != url {
				t.Errorf("%s: %+v", x.inner, m.Files[0])
			}
		}
		if len(all) != i+1 || m.Body != x.body || name != x.name {
			t.Errorf("%s: %d messages, body %q, file %q", x.inner, len(all), m.Body, name)
		}
	}
	if got := h.requests(); len(got) > 0 {
		t.Errorf("asked for %v", got)
	}
}
