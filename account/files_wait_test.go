package account

import (
	"io"
	"net/http"
	"slices"
	"testing"

	"linnet/storage"
)

// told waits until a file does not move, and why is told.
func (r *running) told(chat storage.ChatID, pos storage.Pos, why FileWait) {
	r.t.Helper()
	r.eventually("a word about a file that waits", func() bool {
		return slices.ContainsFunc(r.events, func(e Event) bool {
			p, ok := e.(FileProgress)
			return ok && p.Chat == chat && p.Pos == pos && p.Wait == why
		})
	})
}

// TestCutTransfersAreTold holds that a transfer that was cut is known to wait.
func TestCutTransfersAreTold(t *testing.T) {
	h, r, c, _ := withFiles(t)
	h.set(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	chat := r.sendFile(c, NewFile{Data: []byte("a,b"), Name: "x.csv"}, 1, slotAt)
	r.told(chat, r.messages(chat)[0].Pos, FileCut) // the next slot is not given before

	seen := make(chan struct{})
	h.set(func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodPut {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		if len(h.requests()) > 1 {
			<-seen
			io.WriteString(w, "it")
			return
		}
		w.Header().Set("Content-Length", "2")
		io.WriteString(w, "i")
	})
	shares(c, "evil@bad.example/x", "wanted", "")
	from := r.chat("evil@bad.example")
	if err := r.Download(t.Context(), from.ID, from.Last.Pos, 0); err != nil {
		t.Fatal(err)
	}
	r.told(from.ID, from.Last.Pos, FileCut)
	close(seen)
	r.became("evil@bad.example", storage.FileHere)
}

// TestQueuedDownloadsAreTold holds that a file that waits for others is known to,
// and can be left.
func TestQueuedDownloadsAreTold(t *testing.T) {
	h, r, c, _ := withFiles(t)
	free := make(chan struct{})
	t.Cleanup(func() { close(free) })
	h.set(func(_ http.ResponseWriter, req *http.Request) {
		select {
		case <-free:
		case <-req.Context().Done():
		}
	})
	for _, name := range []string{"a", "b", "c", "d"} {
		shares(c, "evil@bad.example/x", name, "")
	}
	chat := r.chat("evil@bad.example").ID
	all := r.messages(chat)
	for _, m := range all {
		if err := r.Download(t.Context(), chat, m.Pos, 0); err != nil {
			t.Fatal(err)
		}
	}
	last := all[len(all)-1]
	r.told(chat, last.Pos, FileQueued)
	r.events = nil
	if err := r.CancelFile(t.Context(), chat, last.Pos, 0); err != nil {
		t.Fatal(err)
	}
	r.eventually("the end of it", func() bool {
		return slices.ContainsFunc(r.events, func(e Event) bool {
			m, ok := e.(MessageChanged)
			return ok && m.Message.Pos == last.Pos
		})
	})
}
