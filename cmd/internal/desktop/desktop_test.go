//go:build linux

package desktop

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDesktop runs a desktop and proves each of its parts with programs that come with it.
func TestDesktop(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an X server")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	d, err := Start(ctx, t.TempDir(), Options{Width: 640, Height: 480, Keyring: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Stop()
	screen, err := d.Screen()
	if err != nil {
		t.Fatal(err)
	}
	defer screen.Close()
	if color, err := screen.Pixel(320, 240); err != nil || color != 0 {
		t.Errorf("the empty screen is %06x: %v", color, err)
	}

	var out strings.Builder
	p, err := d.Launch(&out, nil, "display", "-title", "A picture", "rose:")
	if err != nil {
		t.Fatal(err)
	}
	w, err := d.Window(ctx, "A picture", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WaitTitle(ctx, "other", 50*time.Millisecond); err == nil || !strings.Contains(err.Error(), "A picture") {
		t.Errorf("waiting for another title: %v", err)
	}
	watch, err := w.Watch()
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Close()
	begin := time.Now()
	if err := w.Resize(ctx, 300, 200); err != nil {
		t.Fatal(err)
	}
	if last, err := watch.Rest(ctx, 100*time.Millisecond, time.Minute); err != nil || last.Before(begin) {
		t.Errorf("painted last at %v, resized from %v: %v", last, begin, err)
	}
	file := filepath.Join(t.TempDir(), "window.png")
	if err := w.Settled(ctx, file, time.Minute); err != nil {
		t.Fatal(err)
	}
	if png, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(png), "\x89PNG") {
		t.Errorf("no picture: %v", err)
	}
	if color, err := screen.Pixel(100, 100); err != nil || color == 0 {
		t.Errorf("the window is %06x: %v", color, err)
	}
	if image, err := screen.Image(100, 100, 20, 10); err != nil || len(image) < 4*20*10 {
		t.Errorf("%d bytes of a part of the screen: %v", len(image), err)
	}
	if err := w.Focus(ctx); err != nil {
		t.Fatal(err)
	}
	const keyQ = 24
	if err := screen.Press(keyQ); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.Done():
	case <-ctx.Done():
		t.Fatal("the key did not end the program")
	}
	if err := p.Err(); err != nil {
		t.Errorf("ended with %v: %s", err, out.String())
	}
}
