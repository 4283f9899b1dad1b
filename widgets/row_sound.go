package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"linnet/assets"
)

// Measures of a sound in a message, in dp.
const (
	soundMost  = float32(280)
	waveHeight = float32(26)
	speedPad   = float32(7)
	soundLine  = float32(18)
)

// SoundView is what a message shows of a sound besides its file.
type SoundView struct {
	Voice   bool    // a voice message, which needs no name
	Wave    string  // its peaks, a byte each, 0 to 255; empty for not known
	Heard   float32 // the part that was played, 0 to 1
	Playing bool    // a press pauses it
	Speed   string  // how fast it is played, as it is shown; empty for nothing
	Trouble bool    // the note says why it cannot be played
}

// rowWave is a place where a sound is drawn.
type rowWave struct {
	rowBox
	peaks string
	heard float32
	on    fyne.ThemeColorName
}

// sound lays out a sound: a button, how loud it is over time, and how long. The
// time of the message stands beside that where all of it fits.
func (l *layouter) sound(f *FileView, n int, room, beside float32) rowPart {
	room = min(room, soundMost)
	if need := ceil(l.label.width(f.Note, faceText)) + l.speedWidth(f); need+beside > room-fileMark-fileGap {
		beside = 0
	}
	h := waveHeight + soundLine
	if !f.Sound.Voice {
		h += l.strongBody.line
	}
	last := float32(0)
	if beside > 0 {
		last = soundLine
	}
	return rowPart{w: room, h: h, gap: cardGap, beside: last, place: func(r *rowLayout, x, y, w float32) {
		l.soundButton(r, f, n, x, y+h-(waveHeight+soundLine+fileMark)/2)
		tx := x + fileMark + fileGap
		tw := w - fileMark - fileGap
		if !f.Sound.Voice {
			r.line(lookOf(l.strongBody, f.Name, tw), tx, y, ColorText)
			y += l.strongBody.line
		}
		wave := rowBox{x: tx, y: y, w: tw, h: waveHeight}
		r.waves = append(r.waves, rowWave{wave, f.Sound.Wave, f.Sound.Heard, r.on})
		if f.State == FileHere {
			r.hits = append(r.hits, rowHit{kind: hitSeek, n: n, x: wave.x, y: wave.y, w: wave.w, h: wave.h})
		}
		y += waveHeight
		if f.State == FileMoving {
			l.fileBar(r, f, tx, y-1, tw, ColorPicture)
		}
		l.soundNote(r, f, n, tx, y, tw-beside)
	}}
}

// soundButton puts the button at the beginning.
func (l *layouter) soundButton(r *rowLayout, f *FileView, n int, x, y float32) {
	r.fileMark(f, x, y)
	l.fileHit(r, f, n, rowBox{x: x, y: y, w: fileMark, h: fileMark})
}

// speedWidth is the room that the speed takes behind the note.
func (l *layouter) speedWidth(f *FileView) float32 {
	if f.Sound.Speed == "" {
		return 0
	}
	return fileGap + ceil(l.strong.width(f.Sound.Speed, faceText)) + 2*speedPad
}

// soundNote writes how long it is, and beside it how fast it is played.
func (l *layouter) soundNote(r *rowLayout, f *FileView, n int, x, y, w float32) {
	if s := f.Sound.Speed; s != "" {
		look := lookOf(l.strong, s, w)
		fill, ink := r.markColors()
		box := rowBox{x: x + w - look.w - 2*speedPad, y: y, w: look.w + 2*speedPad, h: soundLine, fill: fill, radius: soundLine / 2}
		r.boxes = append(r.boxes, box)
		on := r.on
		r.on = fill
		r.line(look, box.x+speedPad, y, ink)
		r.on = on
		r.hits = append(r.hits, rowHit{kind: hitSpeed, n: n, x: box.x, y: box.y, w: box.w, h: box.h})
		w -= box.w + fileGap
	}
	ink := ColorSecondary
	if f.Sound.Trouble || f.State == FileFailed {
		ink = ColorDanger
	}
	r.line(lookOf(l.label, f.Note, w), x, y, ink)
}

// soundTip says what a press on a sound does.
func (f *FileView) soundTip() string {
	switch {
	case f.State != FileHere:
		return f.Name
	case f.Sound.Playing:
		return lang.L("Pause")
	}
	return lang.L("Play")
}

// soundIcon gives the mark of a sound that is here.
func (f *FileView) soundIcon() string {
	if f.Sound.Playing {
		return assets.IconPause
	}
	return assets.IconTriangleRight
}

// wave draws a sound.
func (v *rowView) wave(w *rowWave) {
	if v.nWave == len(v.waves) {
		v.waves = append(v.waves, newWavePicture())
	}
	p := v.waves[v.nWave]
	v.nWave++
	ground := w.on
	p.set(waveLook{
		peaks: w.peaks, heard: w.heard, w: w.w, h: w.h, scale: v.scale,
		done: inkOn(ColorAccentText, ground), ahead: mix(inkOn(ColorSecondary, ground), theme.Color(ground), 0.5),
	})
	put(p.image, w.x, w.y, w.w, w.h)
	v.box.Objects = append(v.box.Objects, p.image)
}

// seekAt goes to the place of a sound at a height and width of the view.
func (t *Transcript) seekAt(id RowID, hit rowHit, x float32) {
	if t.OnSeek != nil && hit.w > 0 {
		t.OnSeek(id, hit.n, min(1, max(0, (x-hit.x)/hit.w)))
	}
}
