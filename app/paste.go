package app

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/storage"
)

// Clipboard is what of the desktop's clipboard the toolkit knows nothing of:
// pictures and files.
type Clipboard interface {
	// Holds tells at once what was copied last, as far as it is known. Any
	// goroutine.
	Holds() Copied
	// Read gets what Holds tells of: a picture, or the absolute paths of files.
	// It waits for the program it was copied in, until ctx ends. Any goroutine
	// but the UI's.
	Read(ctx context.Context) (picture []byte, files []string, err error)
	// SetPicture puts a picture, a PNG, in the place of what was copied. Any
	// goroutine but the UI's.
	SetPicture(ctx context.Context, png []byte) error
}

// Copied says what is on a clipboard.
type Copied uint8

// What a clipboard may hold.
const (
	CopiedOther   Copied = iota // text or nothing, which the toolkit knows
	CopiedPicture               // a picture and no text
	CopiedFiles
)

// pasteTime bounds how long a program may take to hand over what was copied in
// it: a picture of many megabytes takes a moment.
const pasteTime = 10 * time.Second

// paste offers to send what was copied, if that is a picture or files, and
// reports whether it is. Text stays with who asks.
func (d *fileDesk) paste() bool {
	clip, pane := d.a.cfg.Clipboard, d.a.shell.chat
	if clip == nil || clip.Holds() == CopiedOther || !pane.open() {
		return false
	}
	chat, at := pane.chat, d.a.now()
	d.a.on(laneFiles, func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, pasteTime)
		defer cancel()
		picture, paths, err := clip.Read(ctx)
		if err != nil {
			d.a.log.Info("what was copied cannot be pasted", "err", err)
			return func() { d.a.toast(lang.L("The program this was copied in did not hand it over")) }
		}
		files := filesAt(paths)
		if len(picture) > 0 {
			files = append(files, account.NewFile{Data: picture, Name: pastedName(picture, at)})
		}
		return func() {
			switch {
			case len(files) > 0:
				d.offer(chat, files...)
			case pane.chat.ID == chat.ID: // of no use here, but there may be words for it
				pane.composer.Insert(d.a.fyne.Clipboard().Content())
			}
		}
	})
	return true
}

// pastedName is what a picture that has no name is called.
func pastedName(picture []byte, at time.Time) string {
	ending := ".png"
	switch http.DetectContentType(picture) {
	case "image/jpeg":
		ending = ".jpg"
	case "image/gif":
		ending = ".gif"
	case "image/webp":
		ending = ".webp"
	}
	return lang.L("Picture {{.Time}}", map[string]any{"Time": at.Format(nameTime)}) + ending
}

// copyPicture puts a picture that is here onto the clipboard, as large as the
// viewer shows it.
func (d *fileDesk) copyPicture(f storage.File) {
	clip := d.a.cfg.Clipboard
	if clip == nil {
		return
	}
	d.a.on(lanePictures, func(ctx context.Context) func() {
		data, err := d.asPNG(&f)
		if err == nil {
			err = clip.SetPicture(ctx, data)
		}
		if err != nil {
			return func() { d.a.fail(err) }
		}
		return func() { d.a.toast(lang.L("The picture is copied")) }
	})
}

// asPNG reads a picture of any kind as the one that every program takes.
func (d *fileDesk) asPNG(f *storage.File) ([]byte, error) {
	im, _, err := decodeFile(d.a.backend, f, image.Pt(viewerSide, viewerSide), 0)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, im)
	return out.Bytes(), err
}
