package widgets

import (
	"fyne.io/fyne/v2"

	"linnet/assets"
)

// FileKind says how a file is shown in a message.
type FileKind uint8

const (
	FileOther   FileKind = iota // a card with an icon, the name and a note
	FilePicture                 // the picture itself
	FileVideo                   // a picture of it, with a mark to play
	FileSound                   // its loudness over time, with a mark to play or to pause
)

// FileState is where a file is.
type FileState uint8

const (
	FileRemote FileState = iota // on the server only; a press asks for it
	FileMoving                  // on its way, one way or the other; a press ends that
	FileHere                    // on this machine; a press opens it
	FileFailed                  // on its way no more; a press tries again
	FileGone                    // nowhere; a press looks again
)

// FileAct is what a press on a file asks for.
type FileAct uint8

const (
	FileFetch  FileAct = iota // get it
	FileCancel                // no longer get it, or send it
	FileOpen                  // show or play it
	FileRetry                 // get it, or send it, again
	FileFaster                // play it at another speed
)

// FileView is a file of a message as the message shows it. What it says of the
// size of a picture must be known from the beginning, because the height of the
// row depends on it.
type FileView struct {
	Kind          FileKind
	Name          string
	Note          string // its size, or what went wrong
	Width, Height int    // of a picture, in any unit; 0 for not known
	Picture       string // the key of the picture for OnPicture, or empty
	State         FileState
	Done          float32 // of one that is moving, the part that is through: 0 to 1
	Sound         SoundView
}

// Sizes of files in messages in dp.
const (
	pictureMost   = float32(320) // the longer side of a picture
	pictureLeast  = float32(96)  // either side
	pictureRadius = BubbleRadius - edgeInset
	pictureButton = float32(44)
	fileMark      = float32(40)
	fileGap       = float32(10)
	fileHeight    = float32(44)
	fileMost      = float32(320)
	fileBar       = float32(3) // the height of the bar of progress
)

// rowPicture is a place where a picture is drawn, over the boxes.
type rowPicture struct {
	rowBox
	key string
}

// act gives what a press on the file asks for; ok is false when it asks for
// nothing.
func (f *FileView) act() (act FileAct, ok bool) {
	switch f.State {
	case FileRemote:
		return FileFetch, true
	case FileMoving:
		return FileCancel, true
	case FileHere:
		return FileOpen, true
	case FileFailed, FileGone:
		return FileRetry, true
	}
	return 0, false
}

// icon gives the mark of what a press does.
func (f *FileView) icon() string {
	switch f.State {
	case FileRemote:
		return assets.IconDownload
	case FileMoving:
		return assets.IconClose
	case FileFailed, FileGone:
		return assets.IconWarning
	case FileHere:
		switch f.Kind {
		case FileVideo:
			return assets.IconTriangleRight
		case FileSound:
			return f.soundIcon()
		}
	}
	return assets.IconFile
}

// file lays out one file of a message. Beside is the room that the time wants at
// the end of its last line; 0 for none.
func (l *layouter) file(f *FileView, n int, room, beside float32) rowPart {
	if (f.Kind == FilePicture || f.Kind == FileVideo) && f.Width > 0 && f.Height > 0 {
		return l.picture(f, n, room)
	}
	if f.Kind == FileSound {
		return l.sound(f, n, room, beside)
	}
	return l.fileCard(f, n, room, beside)
}

// pictureSize gives the size of a picture on a row, at most as wide as the room.
func pictureSize(w, h, room float32) fyne.Size {
	scale := min(1, min(pictureMost, room)/w, pictureMost/h)
	return fyne.NewSize(ceil(max(min(pictureLeast, room), w*scale)), ceil(max(pictureLeast, h*scale)))
}

// picture lays out a picture, with a button on it while it is not here, and a
// note in its corner.
func (l *layouter) picture(f *FileView, n int, room float32) rowPart {
	const out = 2 * (BubblePadX - edgeInset)
	size := pictureSize(float32(f.Width), float32(f.Height), room+out)
	return rowPart{w: size.Width - out, h: size.Height, gap: cardGap, edge: true, place: func(r *rowLayout, x, y, w float32) {
		box := rowBox{x: x, y: y, w: w, h: size.Height, fill: ColorPicture, radius: pictureRadius}
		r.boxes = append(r.boxes, box)
		if f.Picture != "" {
			r.pictures = append(r.pictures, rowPicture{box, f.Picture})
		}
		if f.State != FileHere || f.Kind == FileVideo {
			l.pictureButton(r, f, x+(w-pictureButton)/2, y+(size.Height-pictureButton)/2)
		}
		if f.State != FileHere && f.Note != "" {
			l.pictureNote(r, f, x+8, y+size.Height-8, w-16)
		}
		l.fileHit(r, f, n, box)
	}}
}

// pictureButton puts a round button onto a picture.
func (l *layouter) pictureButton(r *rowLayout, f *FileView, x, y float32) {
	const in = (pictureButton - IconSize) / 2
	r.over = append(r.over, rowBox{x: x, y: y, w: pictureButton, h: pictureButton, fill: ColorScrim, radius: pictureButton / 2})
	r.icons = append(r.icons, rowIcon{x: x + in, y: y + in, size: IconSize, name: f.icon(), color: ColorOnTooltip})
	if f.State == FileMoving {
		l.fileBar(r, f, x, y+pictureButton+6, pictureButton, ColorScrim)
	}
}

// pictureNote puts a line onto a picture, above the height y.
func (l *layouter) pictureNote(r *rowLayout, f *FileView, x, y, room float32) {
	const pad = 7
	look := lookOf(l.label, f.Note, room-2*pad)
	y -= l.label.line + 2
	r.over = append(r.over, rowBox{x: x, y: y, w: look.w + 2*pad, h: l.label.line + 2, fill: ColorScrim, radius: 8})
	r.line(look, x+pad, y+1, ColorOnTooltip)
}

// fileCard lays out a file as a mark beside its name and a note, with room beside
// that for the time where there is any. While it is on its way its width does not
// depend on what the note says of that.
func (l *layouter) fileCard(f *FileView, n int, room, beside float32) rowPart {
	room = min(room, fileMost)
	text := room - fileMark - fileGap
	name, note := lookOf(l.strongBody, f.Name, text), lookOf(l.label, f.Note, text)
	wide := name.w
	if f.State == FileMoving {
		wide, note = text, lookOf(l.label, f.Note, text-beside)
	}
	const inset = (fileHeight - fileMark) / 2
	noteY, last := inset+l.strongBody.line+1, float32(0)
	if whole := ceil(l.label.width(f.Note, faceText)); beside > 0 && (f.State == FileMoving || whole+beside <= text) {
		last = fileHeight - noteY
	} else {
		beside = 0
	}
	return rowPart{w: fileMark + fileGap + max(wide, note.w+beside), h: fileHeight, gap: cardGap, beside: last, place: func(r *rowLayout, x, y, w float32) {
		box := rowBox{x: x, y: y, w: w, h: fileHeight}
		y += inset
		r.fileMark(f, x, y)
		tx, ty := x+fileMark+fileGap, y
		r.line(name, tx, ty, ColorText)
		ink := ColorSecondary
		if f.State == FileFailed {
			ink = ColorDanger
		}
		r.line(note, tx, ty+l.strongBody.line+1, ink)
		if f.State == FileMoving {
			l.fileBar(r, f, tx, ty+fileMark+1, x+w-tx, ColorPicture)
		}
		l.fileHit(r, f, n, box)
	}}
}

// fileMark draws the round mark before a file.
func (r *rowLayout) fileMark(f *FileView, x, y float32) {
	fill, ink := r.markColors()
	if f.State == FileGone {
		fill, ink = ColorPicture, ColorSecondary
	}
	r.boxes = append(r.boxes, rowBox{x: x, y: y, w: fileMark, h: fileMark, fill: fill, radius: fileMark / 2})
	const in = (fileMark - IconSize) / 2
	r.icons = append(r.icons, rowIcon{x: x + in, y: y + in, size: IconSize, name: f.icon(), color: ink})
}

// markColors gives the colours of what stands out in a bubble, and of what is on
// it: the accent is too near to the ground of the user's own.
func (r *rowLayout) markColors() (fill, ink fyne.ThemeColorName) {
	if r.on == ColorBubbleOut {
		return ColorOwnMark, ColorOnOwnMark
	}
	return ColorAccentFill, ColorOnAccent
}

// fileBar draws how far a file is on its way.
func (l *layouter) fileBar(r *rowLayout, f *FileView, x, y, w float32, rest fyne.ThemeColorName) {
	done := ceil(w * min(1, max(0, f.Done)))
	r.over = append(r.over, rowBox{x: x, y: y, w: w, h: fileBar, fill: rest, radius: fileBar / 2})
	if done > 0 {
		r.over = append(r.over, rowBox{x: x, y: y, w: max(fileBar, done), h: fileBar, fill: ColorAccentText, radius: fileBar / 2})
	}
}

// fileHit has a press on a file do what its state asks for.
func (l *layouter) fileHit(r *rowLayout, f *FileView, n int, b rowBox) {
	if _, ok := f.act(); ok {
		r.hits = append(r.hits, rowHit{kind: hitFile, n: n, x: b.x, y: b.y, w: b.w, h: b.h})
	}
}
