package widgets

import (
	"image/color"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// soundRow is a row with one sound.
func soundRow(seq uint64, out bool, f FileView) Row {
	f.Kind, f.State = FileSound, FileHere
	if f.Name == "" {
		f.Name = "song.ogg"
	}
	return Row{ID: RowID{Time: int64(seq), Seq: seq}, Time: time.Unix(int64(seq), 0), Out: out, Files: []FileView{f}}
}

// TestSoundRow presses the parts of a sound.
func TestSoundRow(t *testing.T) {
	useTheme(lightTheme)
	tr := NewTranscript()
	var files []FileAct
	var parts []float32
	tr.OnFile = func(_ RowID, _ int, act FileAct) { files = append(files, act) }
	tr.OnSeek = func(_ RowID, _ int, part float32) { parts = append(parts, part) }
	win := test.NewTempWindow(t, tr)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(600, 400))
	wave := strings.Repeat("\x10\xFF", 32)
	tr.SetRows([]Row{
		soundRow(1, false, FileView{Note: "1:05", Sound: SoundView{Wave: wave}}),
		soundRow(2, true, FileView{Note: "0:01 / 0:05", Sound: SoundView{Voice: true, Wave: wave, Heard: 0.25, Playing: true, Speed: "1.5×"}}),
	}, false, false)
	hit := func(row int, kind hitKind) (x, y float32) {
		for _, h := range tr.rows.items[row].lay.hits {
			if h.kind == kind {
				return h.x + h.w/4, rowY(t, tr, tr.rows.items[row].ID) + h.y + h.h/2
			}
		}
		t.Fatalf("row %d has no part %d", row, kind)
		return 0, 0
	}
	for row := range 2 {
		x, y := hit(row, hitFile)
		slowClick(win, x, y)
		x, y = hit(row, hitSeek)
		slowClick(win, x, y)
	}
	x, y := hit(1, hitSpeed)
	slowClick(win, x, y)
	if len(files) != 3 || files[0] != FileOpen || files[1] != FileOpen || files[2] != FileFaster {
		t.Errorf("pressed %v", files)
	}
	if len(parts) != 2 || parts[0] < 0.24 || parts[0] > 0.26 {
		t.Errorf("went to %v", parts)
	}
	x, y = hit(1, hitSeek)
	tr.MouseDown(mouse(x, y, desktop.MouseButtonPrimary, 0))
	tr.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x+2000, y)}})
	tr.MouseUp(mouse(x+2000, y, desktop.MouseButtonPrimary, 0))
	tr.DragEnd()
	if len(parts) != 4 || parts[3] != 1 || tr.SelectedText() != "" {
		t.Errorf("dragged to %v, and %q is selected", parts, tr.SelectedText())
	}
	if a, b := tr.rows.items[0].Files[0].soundTip(), tr.rows.items[1].Files[0].soundTip(); a != "Play" || b != "Pause" {
		t.Errorf("the buttons are called %q and %q", a, b)
	}
	for range 3 { // with the Tab key the wave is no stop
		next, ok := tr.nextTarget(false)
		if !ok {
			break
		}
		tr.setTarget(next)
		if h, _ := tr.targetHit(); h.kind == hitSeek {
			t.Error("the keyboard stops at the wave")
		}
	}
}

// TestWavePicture holds what is drawn: silence low, loudness high, and the part
// that was heard in another colour.
func TestWavePicture(t *testing.T) {
	red, blue := color.RGBA{R: 255, A: 255}, color.RGBA{B: 255, A: 255}
	look := waveLook{peaks: strings.Repeat("\x00\xFF", 32), heard: 0.5, w: 64, h: 20, scale: 2, done: red, ahead: blue}
	im := look.draw()
	if b := im.Bounds(); b.Dx() != 128 || b.Dy() != 40 {
		t.Errorf("it is %v", b)
	}
	if im.At(0, 20) != red || im.At(0, 2) != red {
		t.Errorf("at the beginning there is %v", im.At(0, 20))
	}
	if got := im.At(120, 20); got != blue {
		t.Errorf("at the end there is %v", got)
	}
	look.peaks = ""
	if im = look.draw(); im.At(0, 2) == red || im.At(0, 20) != red {
		t.Error("what is not known is drawn as loud")
	}
	p := newWavePicture()
	p.set(look)
	was := p.image.Image
	look.heard = 0.5001
	p.set(look)
	if p.image.Image != was {
		t.Error("it is drawn anew for less than a pixel")
	}
}

// TestSoundTime holds that the time of a message that is a sound stands beside
// how long that is, where both fit, and below it else.
func TestSoundTime(t *testing.T) {
	l := newLayouter()
	height := func(it *rowItem) (float32, *rowLayout) {
		r := l.row(it, rowContext{width: 600, dayLabel: func(time.Time) string { return "" }})
		return r.bubble.h, r
	}
	of := func(note, text string, playing bool) *rowItem {
		row := soundRow(1, true, FileView{Note: note, Sound: SoundView{Voice: true}})
		row.Text = text
		if playing {
			row.Files[0].Sound.Playing, row.Files[0].Sound.Speed = true, "1.5×"
		}
		return newItem(row)
	}
	flat, r := height(of("1:05", "", false))
	if want := waveHeight + soundLine + 2*BubblePadY; flat != want {
		t.Errorf("the bubble is %v high, not %v", flat, want)
	}
	if end := r.meta.x + r.meta.w; end > r.bubble.x+r.bubble.w || r.meta.y+r.meta.h > r.bubble.y+r.bubble.h {
		t.Errorf("the time stands at %+v in %+v", r.meta, r.bubble)
	}
	on, r := height(of("0:01 / 1:05", "", true))
	if on != flat {
		t.Errorf("it is %v high while it is played", on)
	}
	for _, h := range r.hits {
		if h.kind == hitSpeed && h.x+h.w > r.meta.x {
			t.Error("the time stands on the speed")
		}
	}
	if long, _ := height(of("A note that takes all the room there is", "", false)); long <= flat {
		t.Error("the time stands on the note")
	}
	if text, _ := height(of("1:05", "Hear this", false)); text <= flat {
		t.Error("there is no room for words")
	}
}

// TestMarkContrast holds that the round mark of a file stands out from the bubble
// it is in, and what is on it from the mark.
func TestMarkContrast(t *testing.T) {
	for _, on := range []fyne.ThemeColorName{ColorBubbleIn, ColorBubbleOut} {
		fill, ink := (&rowLayout{on: on}).markColors()
		for _, v := range []fyne.ThemeVariant{theme.VariantLight, theme.VariantDark} {
			for _, pair := range [][2]fyne.ThemeColorName{{fill, on}, {ink, fill}} {
				a, b := luminance(t, pair[0], v), luminance(t, pair[1], v)
				if c := (max(a, b) + 0.05) / (min(a, b) + 0.05); c < 2.4 {
					t.Errorf("%s on %s: %.1f", pair[0], pair[1], c)
				}
			}
		}
	}
}
