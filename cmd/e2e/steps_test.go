//go:build linux

package e2e

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// signIn fills the first page in by keyboard; the focus starts in the address.
// No name server knows the domain, which the page says; it then asks where the
// server is, with the focus in the field for that.
func (r *run) signIn(name string) {
	r.t.Helper()
	r.firstField(name + "@" + r.server.Domain)
	r.key("Tab")
	r.write(r.server.Password(name))
	r.key("Return")
	r.logged("cannot reach the server")
	r.settle()
	r.nameServer()
}

// nameServer says where the server is, from the field for its host on, and goes on.
func (r *run) nameServer() {
	r.t.Helper()
	r.write(r.server.Host)
	r.key("Tab")
	r.write(strconv.Itoa(int(r.server.Port)))
	r.key("Return")
}

// firstField writes into the field that has the focus at the start, as soon as
// there is one: what comes back by way of the clipboard has arrived.
func (r *run) firstField(text string) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		r.key("ctrl+a")
		r.write(text)
		r.key("ctrl+a", "ctrl+c")
		r.settle()
		copied, err := r.desktop.Clipboard(r.ctx)
		r.must(err)
		if copied == text {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("the focused field holds %q", copied)
		}
	}
}

// logged waits until the program has logged a text.
func (r *run) logged(text string) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); !strings.Contains(r.log.String(), text); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("the program never logged %q", text)
		}
	}
}

// openChat opens a chat by its address; the focus is then in its composer.
func (r *run) openChat(address string) {
	r.t.Helper()
	r.settle()
	r.key("ctrl+n")
	r.settle()
	r.write(address)
	r.key("Return")
	name, _, _ := strings.Cut(address, "@")
	r.title(name)
}

// changes wants the window to look different from a picture of it.
func (r *run) changes(why string, from []byte) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		if !bytes.Equal(r.shot(), from) {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("the window looks as before although %s", why)
		}
	}
}

// transcript wants the open conversation to hold texts, in this order. It
// selects all and copies.
func (r *run) transcript(texts ...string) {
	r.t.Helper()
	var copied string
	for deadline := time.Now().Add(patience); ; {
		r.key("shift+F6", "ctrl+a", "ctrl+c")
		r.settle()
		var err error
		copied, err = r.desktop.Clipboard(r.ctx)
		r.must(err)
		r.key("F6")
		if holds(copied, texts) {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("copied %q, want %q in it", copied, texts)
		}
	}
}

func holds(all string, texts []string) bool {
	for _, text := range texts {
		_, rest, found := strings.Cut(all, text)
		if !found {
			return false
		}
		all = rest
	}
	return true
}
