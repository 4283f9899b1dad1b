//go:build unix

package main

import (
	"bytes"
	"image"
	"image/gif"
	"io"
	"net/http"
	"strings"
	"testing"

	"linnet/account/media"
)

func TestDepot(t *testing.T) {
	d := openDepot(false)
	defer d.close()
	get := func(url string) (int, string) {
		r, err := d.Client().Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(body)
	}
	put, err := http.NewRequestWithContext(t.Context(), http.MethodPut, d.URL+"/a/letter.txt", strings.NewReader("to be delivered"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Client().Do(put)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusCreated {
		t.Errorf("sending is answered %d", r.StatusCode)
	}
	if code, got := get(d.URL + "/a/letter.txt"); code != http.StatusOK || got != "to be delivered" {
		t.Errorf("got %d %q", code, got)
	}
	if code, got := get(d.keep("/blank", nil, 100_000)); code != http.StatusOK || len(got) != 100_000 {
		t.Errorf("got %d and %d bytes", code, len(got))
	}
	if code, _ := get(d.URL + "/nothing"); code != http.StatusNotFound {
		t.Errorf("got %d for nothing", code)
	}
}

// TestPaintings holds that the pictures of the demo are what the window shows.
func TestPaintings(t *testing.T) {
	for _, e := range []*enclosed{view, moon, lanterns, street} {
		info, err := media.Probe(bytes.NewReader(e.data()), e.name)
		if err != nil || !info.Picture {
			t.Errorf("%s is %+v: %v", e.name, info, err)
		}
	}
	if g, err := gif.DecodeAll(bytes.NewReader(moonGIF())); err != nil || len(g.Image) < 2 {
		t.Errorf("the moon does not move: %v", err)
	}
	for _, p := range people {
		if p.face == nil {
			continue
		}
		if im := paint(32, 32, p.face); im.Bounds() != image.Rect(0, 0, 32, 32) || im.NRGBAAt(0, 0) == im.NRGBAAt(16, 16) {
			t.Errorf("%s has no face", p.name)
		}
	}
}
