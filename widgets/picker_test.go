package widgets

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"linnet/assets"
)

// testPicker opens a picker over a composer and gives what is picked.
func testPicker(t *testing.T, w, h float32, o EmojiOptions) (*EmojiPicker, fyne.Canvas, *[]string) {
	c := NewComposer()
	win := window(t, c, w, h)
	c.Focus()
	picked := &[]string{}
	p := ShowEmojiPicker(win.Canvas(), fyne.NewPos(w-60, h-50), o, func(s string) { *picked = append(*picked, s) })
	return p, win.Canvas(), picked
}

func TestPickerStandsInTheWindow(t *testing.T) {
	for _, s := range []fyne.Size{{Width: 1200, Height: 800}, {Width: 700, Height: 480}, {Width: 360, Height: 420}, {Width: 260, Height: 220}} {
		p, _, _ := testPicker(t, s.Width, s.Height, EmojiOptions{Recent: []string{"👍"}})
		at, size := p.panel.Position(), p.panel.Size()
		if at.X < 0 || at.Y < 0 || at.X+size.Width > s.Width || at.Y+size.Height > s.Height {
			t.Errorf("in %v it is %v at %v", s, size, at)
		}
		if s.Height > pickerHeight+100 && (size.Width != pickerWidth || size.Height != pickerHeight || at.Y+size.Height > s.Height-50) {
			t.Errorf("in %v it is %v at %v, over what it is about", s, size, at)
		}
		rows := all[*gridRow](p)
		if len(rows) == 0 || len(rows) > 12 {
			t.Errorf("in %v %d rows are drawn", s, len(rows))
		}
		for _, r := range rows {
			for _, im := range all[*canvas.Image](r) {
				if im.Image == nil || im.Position().X < 0 || im.Position().X+im.Size().Width > size.Width {
					t.Errorf("in %v a picture is at %v", s, im.Position())
				}
			}
		}
	}
}

func TestPickerByKeys(t *testing.T) {
	p, cv, picked := testPicker(t, 800, 600, EmojiOptions{Recent: []string{"👍", "🎉"}})
	if got := p.grid.current(); got != "" {
		t.Errorf("%q is chosen at first", got)
	}
	typed(cv, fyne.KeyReturn)
	if len(*picked) != 0 || cv.Overlays().Top() == nil {
		t.Error("Enter took what nobody chose")
	}
	var at []string
	for _, k := range []fyne.KeyName{
		fyne.KeyDown, fyne.KeyRight, fyne.KeyDown, fyne.KeyDown, fyne.KeyLeft, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp,
	} {
		typed(cv, k)
		at = append(at, p.grid.current())
	}
	if want := "[👍 🎉 😃 🙃 🙂 😀 👍 👍 👍]"; fmt.Sprint(at) != want {
		t.Errorf("went %v, want %s", at, want)
	}
	if p.name.Text() != "thumbs up" || p.code.Text() != ":+1:" {
		t.Errorf("says %q, %q", p.name.Text(), p.code.Text())
	}
	typed(cv, fyne.KeyPageDown)
	if i := p.grid.lineOf(p.grid.chosen); p.grid.tops[i+1] > p.grid.offset+p.grid.Size().Height || p.grid.offset == 0 {
		t.Error("a page down is not in view")
	}
	typed(cv, fyne.KeyReturn)
	if len(*picked) != 1 || cv.Overlays().Top() != nil {
		t.Errorf("picked %q, still open: %v", *picked, cv.Overlays().Top() != nil)
	}
}

func TestPickerSearch(t *testing.T) {
	p, cv, picked := testPicker(t, 800, 600, EmojiOptions{})
	write(cv, "orca")
	if p.grid.current() != "🫍" || p.tabs.Visible() {
		t.Errorf("found %q, tabs %v", p.grid.current(), p.tabs.Visible())
	}
	write(cv, "zzz")
	if !p.nothing.Visible() || p.grid.current() != "" {
		t.Error("does not say that nothing is found")
	}
	typed(cv, fyne.KeyReturn)
	typed(cv, fyne.KeyEscape)
	if p.field.Text() != "" || !p.tabs.Visible() || cv.Overlays().Top() == nil {
		t.Error("the first Escape did not empty the search")
	}
	typed(cv, fyne.KeyEscape)
	if cv.Overlays().Top() != nil || len(*picked) != 0 {
		t.Errorf("the second Escape did not leave, picked %q", *picked)
	}
}

func TestPickerByPointer(t *testing.T) {
	closed := 0
	p, cv, picked := testPicker(t, 800, 600, EmojiOptions{OnClosed: func() { closed++ }})
	p.tabs.Tapped(&fyne.PointEvent{Position: fyne.NewPos(p.tabs.Size().Width-5, 5)})
	if e, _ := assets.EmojiOf(p.grid.current()); e.Group != assets.EmojiFlags || p.tabs.Selected() != int(assets.EmojiFlags) {
		t.Errorf("the last tab shows %q", p.grid.current())
	}
	p.grid.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 1e6)})
	if p.tabs.Selected() != 0 {
		t.Errorf("at the top the tab is %d", p.tabs.Selected())
	}
	second := fyne.NewPos(pickerPad+emojiCell*1.5, emojiHeading+emojiRow/2)
	p.grid.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: second}})
	if p.name.Text() != "grinning face with big eyes" {
		t.Errorf("over the second it says %q", p.name.Text())
	}
	p.grid.Tapped(&fyne.PointEvent{Position: fyne.NewPos(2, 2)}) // the heading
	p.Tapped(&fyne.PointEvent{Position: p.panel.Position().AddXY(3, 3)})
	if len(*picked) != 0 || cv.Overlays().Top() == nil {
		t.Error("a press on nothing did something")
	}
	p.grid.Tapped(&fyne.PointEvent{Position: second})
	if fmt.Sprint(*picked) != "[😃]" || cv.Overlays().Top() != nil || closed != 1 {
		t.Errorf("picked %q, closed %d times", *picked, closed)
	}
	p, cv, _ = testPicker(t, 800, 600, EmojiOptions{})
	p.Tapped(&fyne.PointEvent{Position: fyne.NewPos(2, 2)})
	if cv.Overlays().Top() != nil {
		t.Error("a press beside it did not close it")
	}
}

func TestPickerTones(t *testing.T) {
	var tone assets.EmojiTone
	p, cv, picked := testPicker(t, 800, 600, EmojiOptions{Tone: 5, OnTone: func(n assets.EmojiTone) { tone = n }})
	write(cv, "+1")
	if p.grid.current() != "👍🏿" {
		t.Errorf("offers %q", p.grid.current())
	}
	test.Tap(p.tone)
	typed(cv, fyne.KeyRight, fyne.KeyReturn)
	if tone != 1 || p.grid.current() != "👍🏻" || p.tones.Visible() {
		t.Errorf("tone %d, offers %q", tone, p.grid.current())
	}
	typed(cv, desktop.KeyMenu)
	if !p.tones.Visible() {
		t.Fatal("the menu key offers no tones")
	}
	typed(cv, fyne.KeyEscape)
	if p.tones.Visible() || cv.Overlays().Top() == nil {
		t.Error("Escape left more than the tones")
	}
	p.grid.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(pickerPad+5, 20)})
	typed(cv, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeySpace)
	if fmt.Sprint(*picked) != "[👍🏽]" || tone != 1 {
		t.Errorf("picked %q with tone %d kept", *picked, tone)
	}
	p, _, _ = testPicker(t, 800, 600, EmojiOptions{})
	if p.tone.Visible() {
		t.Error("offers to choose a tone nobody keeps")
	}
	p.grid.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(pickerPad+5, emojiHeading+20)})
	if p.tones.Visible() {
		t.Error("offers tones of a face that has none")
	}
}
