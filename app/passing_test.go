package app

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

// TestRowsPass holds that what is drawn is kept for a short time while rows pass,
// and for the usual time when they have.
func TestRowsPass(t *testing.T) {
	back := verona()
	for i := range 60 {
		back.store(1, testNow.Add(time.Duration(i-100)*time.Second), false, fmt.Sprintf("Word %d of many", i))
	}
	h := open(t, back, fyne.NewSize(800, 600))
	var kept []time.Duration
	h.a.cfg.KeepTextures = func(d time.Duration) { kept = append(kept, d) }
	h.a.shell.openKey("1")
	h.settle()
	h.pass(passingOver)
	if len(kept) < 2 || kept[0] != passingKept || kept[len(kept)-1] != 0 {
		t.Fatalf("opened, kept for %v", kept)
	}
	kept = nil
	scroll := func(dy float32) {
		h.a.shell.chat.view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, dy)})
	}
	scroll(200)
	h.pass(passingOver / 2)
	scroll(200)
	h.pass(passingOver / 2)
	if len(kept) == 0 || slices.Contains(kept, 0) {
		t.Errorf("while they pass, kept for %v", kept)
	}
	h.pass(passingOver / 2)
	if kept[len(kept)-1] != 0 {
		t.Errorf("when they have passed, kept for %v", kept)
	}
	kept = nil
	scroll(1)
	h.pass(2 * passingOver)
	if len(kept) != 0 {
		t.Errorf("no other row came into view, kept for %v", kept)
	}
}
