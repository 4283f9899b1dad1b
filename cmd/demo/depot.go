//go:build unix

package main

import (
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"time"
)

// depot is where the files of the demo lie: the server of Prosody's upload
// service, which has to be at a name that this machine cannot find. It is at
// an address instead.
type depot struct {
	*httptest.Server

	// stalls has files that are sent stop on the way, for a picture of that.
	stalls bool

	mu   sync.Mutex
	kept map[string]kept // by path
}

// kept is a file in the depot: of as many bytes, which are zeros after the data.
type kept struct {
	data []byte
	size int64
}

const (
	// depotMost is how large a file may be.
	depotMost = 16 << 20
	// stallAt is how much of a file gets through before it stalls, stallPause
	// how long that takes: longer than it takes until progress is told again.
	stallAt    = 2_600_000
	stallPause = 400 * time.Millisecond
)

func openDepot(stalls bool) *depot {
	d := &depot{stalls: stalls, kept: make(map[string]kept)}
	d.Server = httptest.NewUnstartedServer(d)
	d.EnableHTTP2 = true
	d.StartTLS()
	return d
}

// joins adds the certificate of the depot to those a file has.
func (d *depot) joins(file string) error {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: d.Certificate().Raw}))
	return errors.Join(err, f.Close())
}

func (d *depot) close() {
	d.CloseClientConnections()
	d.Close()
}

// ServeHTTP implements http.Handler.
func (d *depot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPut {
		d.take(w, r)
		return
	}
	d.mu.Lock()
	file, ok := d.kept[r.URL.Path]
	d.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Length", strconv.FormatInt(file.size, 10))
	_, _ = w.Write(file.data) // who asked may have gone
	blank := make([]byte, 64<<10)
	for rest := file.size - int64(len(file.data)); rest > 0 && r.Context().Err() == nil; rest -= int64(len(blank)) {
		_, _ = w.Write(blank[:min(rest, int64(len(blank)))])
	}
}

func (d *depot) take(w http.ResponseWriter, r *http.Request) {
	if d.stalls {
		_, _ = io.CopyN(io.Discard, r.Body, stallAt/2)
		pause(r.Context(), stallPause)
		_, _ = io.CopyN(io.Discard, r.Body, stallAt/2)
		<-r.Context().Done()
		return
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, depotMost))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	d.keep(r.URL.Path, data, int64(len(data)))
	w.WriteHeader(http.StatusCreated)
}

// keep puts a file there and gives its address.
func (d *depot) keep(path string, data []byte, size int64) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept[path] = kept{data, size}
	return d.URL + path
}
