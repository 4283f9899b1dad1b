package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
)

// The largest the dialog for files gets in dp, and what it leaves free of the
// window.
const (
	fileDialogWidth, fileDialogHeight = 900, 640
	fileDialogRest                    = 48
)

// chooseFile has the user choose a file, with one of these extensions unless
// there are none, and gives its path to then.
func (a *App) chooseFile(extensions []string, then func(path string)) {
	if a.cfg.chooseFile != nil {
		a.cfg.chooseFile(then)
		return
	}
	open := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			a.fail(err)
		case r != nil:
			path := r.URI().Path()
			r.Close()
			then(path)
		}
	}, a.win)
	if len(extensions) > 0 {
		open.SetFilter(storage.NewExtensionFileFilter(extensions))
	}
	open.SetOnClosed(func() { a.choosing = nil })
	size := a.win.Canvas().Size()
	open.Show()
	a.choosing = open
	open.Resize(fyne.NewSize(min(fileDialogWidth, size.Width-fileDialogRest), min(fileDialogHeight, size.Height-fileDialogRest)))
	// It has its size only now that it is there, and what is over the window is
	// put into the middle when the window gets a size.
	over := a.win.Canvas().Overlays().Top()
	over.Resize(size.SubtractWidthHeight(1, 1))
	over.Resize(size)
}
