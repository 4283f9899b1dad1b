package account

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linnet/storage"
)

const uploadNS = "urn:xmpp:http:upload:0"

// service answers for the upload service of the server until n requests for a
// slot came, or for none until it was asked what it is; slot gives the inside of each answer, and whether it is a refusal.
func (c *fakeConn) service(limit int, n int, slot func(i int, request string) (typ, inner string)) {
	c.s.t.Helper()
	answer := func(e element, typ, inner string) {
		c.send("<iq type='%s' id='%s' from='%s'>%s</iq>", typ, e.attr("id"), e.attr("to"), inner)
	}
	for i := 0; i < max(n, 1); {
		e := c.find("a question about uploads", func(e element) bool {
			return e.XMLName.Local == "iq" && (strings.Contains(e.Inner, "disco#items") || e.attr("to") == "up."+testDomain || e.attr("to") == "no."+testDomain)
		})
		switch {
		case strings.Contains(e.Inner, "disco#items"):
			answer(e, "result", "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='no."+testDomain+"'/><item jid='up."+testDomain+"'/></query>")
		case e.attr("to") == "no."+testDomain:
			answer(e, "error", "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>")
		case strings.Contains(e.Inner, "disco#info"):
			answer(e, "result", fmt.Sprintf("<query xmlns='http://jabber.org/protocol/disco#info'><feature var='%s'/><feature var='urn:xmpp:http:upload:purpose:0#message'/>"+
				"<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>%s</value></field><field var='max-file-size'><value>%d</value></field></x></query>", uploadNS, uploadNS, limit))
			if n == 0 {
				return
			}
		default:
			typ, inner := slot(i, e.Inner)
			answer(e, typ, inner)
			i++
		}
	}
}

// slotAt is a slot at example.com.
func slotAt(i int, _ string) (typ, inner string) {
	return "result", fmt.Sprintf("<slot xmlns='%s'><put url='https://example.com/put%d'><header name='Authorization'>Bearer\n x</header>"+
		"<header name='Host'>evil.example</header></put><get url='https://example.com/get%d'/></slot>", uploadNS, i, i)
}

func refused(condition, more string) func(int, string) (string, string) {
	return func(int, string) (string, string) {
		return "error", "<error type='modify'><" + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Never.</text>" + more + "</error>"
	}
}

// sendFile sends one file while the service answers n times.
func (r *running) sendFile(c *fakeConn, f NewFile, n int, slot func(int, string) (string, string)) storage.ChatID {
	r.t.Helper()
	chat, err := r.OpenChat(r.Accounts()[0].ID, ann)
	if err != nil {
		r.t.Fatal(err)
	}
	sent := make(chan error, 1)
	go func() { sent <- r.SendFiles(r.t.Context(), chat.ID, []NewFile{f}, "", storage.Pos{}) }()
	c.service(1000, n, slot)
	if err := <-sent; err != nil {
		r.t.Fatal(err)
	}
	return chat.ID
}

func TestUpload(t *testing.T) {
	h, r, c, _ := withFiles(t)
	var got []byte
	h.set(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/put0" {
			w.WriteHeader(http.StatusBadGateway) // and is tried again in a new slot
			return
		}
		got, _ = io.ReadAll(req.Body)
		if req.Host != "example.com" || req.Header.Get("Authorization") != "Bearer x" || req.Header.Get("Content-Type") != "text/csv" || req.ContentLength != 3 {
			t.Errorf("asked by %+v", req)
		}
		w.WriteHeader(http.StatusCreated)
	})
	chat := r.sendFile(c, NewFile{Data: []byte("a,b"), Name: "../x.csv"}, 2, func(i int, request string) (string, string) {
		for _, want := range []string{`filename="x.csv"`, `size="3"`, `content-type="text/csv"`, `<message xmlns="urn:xmpp:http:upload:purpose:0">`} {
			if !strings.Contains(request, want) {
				t.Errorf("no %s in %s", want, request)
			}
		}
		return slotAt(i, request)
	})
	m := c.message()
	for _, want := range []string{
		"<body>https://example.com/get1</body>", `<url xmlns="jabber:x:oob">https://example.com/get1</url>`, `target="https://example.com/get1"`,
		">x.csv</name>", `disposition="attachment"`, `<fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:sfs:0">`, "urn:xmpp:receipts",
	} {
		if !strings.Contains(m.Inner, want) {
			t.Errorf("no %s in %s", want, m.Inner)
		}
	}
	if f := r.state(chat, storage.StateSent).Files[0]; string(got) != "a,b" || f.State != storage.FileHere || f.URL != "https://example.com/get1" {
		t.Errorf("%q is %+v", got, f)
	}
}

// TestUploadFails holds why files are not sent, and that they can be later.
func TestUploadFails(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for name, x := range map[string]struct {
		slot   func(int, string) (string, string)
		serve  http.HandlerFunc
		reason string
	}{
		"too large":  {refused("not-acceptable", "<file-too-large xmlns='"+uploadNS+"'><max-file-size>2</max-file-size></file-too-large>"), nil, ReasonTooLarge + ": 2"},
		"forbidden":  {refused("forbidden", ""), nil, ReasonRefused + ": forbidden: Never."},
		"no quota":   {slotAt, status(http.StatusInsufficientStorage), ReasonRefused + ": the server answered 507 Insufficient Storage"},
		"redirected": {slotAt, status(http.StatusFound), ReasonRefused + ": the server answered 302 Found"},
		"no TLS": {func(i int, s string) (string, string) {
			typ, inner := slotAt(i, s)
			return typ, strings.Replace(inner, "https:", "http:", 1)
		}, nil, ReasonUnsafe},
	} {
		t.Run(name, func(t *testing.T) {
			h, r, c, _ := withFiles(t)
			if x.serve != nil {
				h.set(x.serve)
			}
			chat := r.sendFile(c, NewFile{Data: []byte("abc"), Name: "x"}, 1, x.slot)
			m := r.state(chat, storage.StateFailed)
			if m.Reason != x.reason || m.Files[0].State != storage.FileFailed || m.Files[0].Reason != x.reason {
				t.Errorf("failed for %q, %+v", m.Reason, m.Files[0])
			}
			h.set(status(http.StatusCreated))
			if err := r.Retry(t.Context(), chat, m.Pos); err != nil {
				t.Fatal(err)
			}
			c.service(1000, 1, slotAt)
			c.message()
			if m := r.state(chat, storage.StateSent); m.Reason != "" || m.Files[0].Reason != "" {
				t.Errorf("%+v", m)
			}
		})
	}
}

// TestUploadOfWhatChanged holds that a file of the user that is not what it was
// is not sent.
func TestUploadOfWhatChanged(t *testing.T) {
	h, r, c, id := withFiles(t)
	h.set(func(w http.ResponseWriter, req *http.Request) {
		io.Copy(io.Discard, req.Body)
		w.WriteHeader(http.StatusCreated)
	})
	path := filepath.Join(t.TempDir(), "x.bin")
	data := bytes.Repeat([]byte{0, 1}, maxKeptData/2+1) // no copy is made of it
	put := func(data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f := storage.File{Name: "x.bin", Path: path, State: storage.FileWaiting, Type: "application/octet-stream"}
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		want   string
		change func()
	}{
		{ReasonChanged, func() { put(append([]byte{2}, data[1:]...)) }},
		{ReasonMissing, func() { os.Remove(path) }},
	} {
		put(data)
		var err error
		if f, err = r.prepare(t.Context(), chat.ID, &NewFile{Path: path}, 0); err != nil || f.Path != path {
			t.Fatalf("%+v, %v", f, err)
		}
		x.change()
		r.inAccount(id, func(a *Account) { err = a.sendFiles(chat.ID, []storage.File{f}, "", "", storage.Pos{}) })
		if err != nil {
			t.Fatal(err)
		}
		if x.want == ReasonChanged {
			c.service(len(data), 1, slotAt)
		}
		r.eventually(x.want, func() bool {
			all := r.messages(chat.ID)
			return all[len(all)-1].Reason == x.want
		})
	}
}

// TestCancelUpload holds that a file that was taken back is not sent, and the
// next one is.
func TestCancelUpload(t *testing.T) {
	h, r, c, _ := withFiles(t)
	begun, free := make(chan struct{}, 1), make(chan struct{})
	defer close(free)
	h.set(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/put0" {
			begun <- struct{}{}
			select {
			case <-free:
			case <-req.Context().Done():
			}
			return
		}
		w.WriteHeader(http.StatusCreated)
	})
	chat := r.sendFile(c, NewFile{Data: []byte("abc"), Name: "first"}, 1, slotAt)
	<-begun
	first := r.messages(chat)[0]
	if err := r.SendFiles(t.Context(), chat, []NewFile{{Data: []byte("abc"), Name: "second"}}, "", storage.Pos{}); err != nil {
		t.Fatal(err)
	}
	if err := r.Send(t.Context(), chat, Text{Body: "text"}); err != nil {
		t.Fatal(err)
	}
	if m := c.message(); !strings.Contains(m.Inner, "<body>text</body>") {
		t.Errorf("a text waits for a file: %s", m.Inner)
	}
	if err := r.CancelFile(t.Context(), chat, first.Pos, 0); err != nil {
		t.Fatal(err)
	}
	c.service(1000, 1, func(_ int, request string) (string, string) { return slotAt(1, request) })
	if m := c.message(); !strings.Contains(m.Inner, ">second</name>") {
		t.Errorf("sent was %s", m.Inner)
	}
	if all := r.messages(chat); len(all) != 2 {
		t.Errorf("left are %+v", all)
	}
	if f, err := r.OpenFile(&first.Files[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the copy is %v, %v", f, err)
	}
}

// TestForwardCopies holds that a file that waits is there for the message it was
// forwarded with when the first is taken away.
func TestForwardCopies(t *testing.T) {
	h, r, c, id := withFiles(t)
	free := make(chan struct{})
	t.Cleanup(func() { close(free) })
	h.set(func(http.ResponseWriter, *http.Request) { <-free })
	chat := r.sendFile(c, NewFile{Data: []byte("abc"), Name: "first"}, 1, slotAt)
	first, self := r.messages(chat)[0], r.opened(id, testAddress)
	if err := r.Forward(t.Context(), chat, []storage.Pos{first.Pos}, self.ID); err != nil {
		t.Fatal(err)
	}
	if err := r.DeleteChat(chat); err != nil {
		t.Fatal(err)
	}
	f := r.messages(self.ID)[0].Files[0]
	in, err := r.OpenFile(&f)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if got, err := io.ReadAll(in); err != nil || string(got) != "abc" {
		t.Errorf("forwarded was %q, %v", got, err)
	}
}

func TestSendFilesRefuses(t *testing.T) {
	h, r, c, id := withFiles(t)
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	go c.service(2, 0, nil)
	dir := t.TempDir()
	for name, x := range map[string]struct {
		files []NewFile
		want  error
	}{
		"none":           {nil, ErrEmpty},
		"too many":       {make([]NewFile, maxTogether+1), ErrTooMany},
		"empty":          {[]NewFile{{Data: []byte{}}}, ErrEmptyFile},
		"a directory":    {[]NewFile{{Path: dir}}, ErrNotFile},
		"nothing":        {[]NewFile{{Path: filepath.Join(dir, "x")}}, os.ErrNotExist},
		"the second one": {[]NewFile{{Data: []byte("x")}, {Path: dir}}, ErrNotFile},
	} {
		if err := r.SendFiles(t.Context(), chat.ID, x.files, "", storage.Pos{}); !errors.Is(err, x.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all := r.messages(chat.ID); len(all) > 0 {
		t.Errorf("sent: %+v", all)
	}
	left, err := filepath.Glob(filepath.Join(storage.FilesDir(h.path), "*", "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left are %q, %v", left, err)
	}
}
