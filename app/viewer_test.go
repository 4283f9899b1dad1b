package app

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"linnet/storage"
	"linnet/widgets"
)

// gifOf is a picture that is red for a second and then blue for a second.
func gifOf(t *testing.T) []byte {
	t.Helper()
	red, blue := color.RGBA{R: 255, A: 255}, color.RGBA{B: 255, A: 255}
	g := &gif.GIF{Delay: []int{100, 100}}
	for i := range 2 {
		frame := image.NewPaletted(image.Rect(0, 0, 30, 20), color.Palette{red, blue})
		for p := range frame.Pix {
			frame.Pix[p] = uint8(i)
		}
		g.Image = append(g.Image, frame)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, g); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// shownColor is what a viewer shows in its upper left corner.
func shownColor(v *viewer) color.Color {
	for _, o := range test.WidgetRenderer(v.view).Objects() {
		if im, ok := o.(*canvas.Image); ok && im.Image != nil {
			return color.RGBAModel.Convert(im.Image.At(0, 0))
		}
	}
	return nil
}

// TestViewerMoves holds that a picture that moves does so in the viewer, as long
// as it is looked at.
func TestViewerMoves(t *testing.T) {
	back := verona()
	back.files = map[string][]byte{"1/G": gifOf(t), "1/P": pngOf(t, 30, 20)}
	file := storage.File{Name: "moon.gif", Type: "image/gif", Width: 30, Height: 20, State: storage.FileHere, Path: "1/G"}
	m := back.share(1, false, file)
	file.Name, file.Type, file.Path = "p.png", "image/png", "1/P"
	back.share(1, false, file)
	h := open(t, back, fyne.NewSize(1000, 700))
	h.a.setFocused(true)
	h.a.shell.openKey("1")
	h.settle()
	h.a.files.act(rowID(m.Pos), 0, widgets.FileOpen)
	v := h.a.pages.top().(*viewer)
	red, blue := color.RGBA{R: 255, A: 255}, color.RGBA{B: 255, A: 255}
	for i, want := range []color.Color{red, blue, red} {
		if got := shownColor(v); got != want {
			t.Errorf("frame %d is %v", i, got)
		}
		h.pass(1100 * time.Millisecond)
	}
	h.a.setFocused(false)
	was := shownColor(v)
	h.pass(1100 * time.Millisecond)
	h.pass(1100 * time.Millisecond)
	if got := shownColor(v); got != was {
		t.Error("it moves while another window is in front")
	}
	h.a.setFocused(true)
	h.pass(1100 * time.Millisecond)
	if got := shownColor(v); got == was {
		t.Error("it moves no more")
	}
	v.step(1)
	still := shownColor(v)
	h.pass(1100 * time.Millisecond)
	if got := shownColor(v); got != still || got == red || got == blue {
		t.Errorf("the next picture is %v, then %v", still, got)
	}
	v.step(-1)
	h.a.back()
	h.pass(1100 * time.Millisecond)
	if shownColor(v) != nil {
		t.Error("it moves when the viewer is closed")
	}
}

// TestViewerOfShared looks at the pictures that are listed of a chat and goes to
// the message of one.
func TestViewerOfShared(t *testing.T) {
	back := verona()
	back.files = map[string][]byte{"1/A": pngOf(t, 30, 20), "1/B": pngOf(t, 20, 30)}
	file := func(name, path string) storage.File {
		return storage.File{Name: name, Type: "image/png", Width: 30, Height: 20, State: storage.FileHere, Path: path}
	}
	back.share(1, false, file("a.png", "1/A"))
	back.share(1, true, file("b.png", "1/B"))
	h := open(t, back, wide)
	h.a.shell.openKey("1")
	h.a.runByID("chat.shared")
	h.settle()
	s := h.a.shell.details.list.(*sharedList)
	test.Tap(s.tiles.Objects[0].(fyne.Tappable))
	h.settle()
	v, ok := h.a.pages.top().(*viewer)
	if !ok || len(v.all) != 2 || v.name.Text() != "b.png" {
		t.Fatalf("the newest is not shown: %+v", v)
	}
	h.tap("Picture before")
	if v.name.Text() != "a.png" {
		t.Errorf("before it is %s", v.name.Text())
	}
	if !v.before.Disabled() || v.after.Disabled() {
		t.Error("the first picture has one before it, or none after it")
	}
	h.checkLayout("viewer")
	h.a.back()
	if h.a.pages.top() != page(h.a.shell) || h.a.shell.details.list != s {
		t.Error("the list is gone")
	}
	test.Tap(s.tiles.Objects[1].(fyne.Tappable))
	h.settle()
	h.tap("Show in the chat")
	if h.a.pages.top() != page(h.a.shell) || h.a.openChatID() != 1 {
		t.Error("the message is not shown")
	}
}
