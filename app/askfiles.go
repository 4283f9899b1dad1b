package app

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"

	"linnet/widgets"
)

// DesktopFiles is what the desktop does about files: its own dialogs, and its
// program that shows folders. The methods may be called on any goroutine but the
// UI's. Their error is errors.ErrUnsupported where there is no such thing; the
// window then does with what the toolkit has.
type DesktopFiles interface {
	// AskFiles shows a dialog and waits for the user; the end of ctx takes it
	// away. It gives absolute paths, none when the user wants none.
	AskFiles(ctx context.Context, q FileQuestion) ([]string, error)
	// ShowFile shows the folder of a file with the file marked. It opens nothing
	// of what is in the file.
	ShowFile(ctx context.Context, path string) error
}

// FileKind says what a FileQuestion asks for.
type FileKind uint8

// The kinds of a FileQuestion.
const (
	AskOpen   FileKind = iota // files to read
	AskSave                   // a file to write; the dialog asks before one that is there
	AskFolder                 // a folder
)

// FileQuestion is what a dialog for files asks.
type FileQuestion struct {
	Kind       FileKind
	Title      string
	Button     string   // what the button that takes the files says
	Extensions []string // of the files to offer, with their dots; none for all
	Several    bool     // more than one file may be chosen
	Dir        string   // where it begins; empty: where the desktop thinks
	Name       string   // what is proposed for AskSave
	Parent     uintptr  // the window as the desktop knows it; 0 when that is not known
}

// The largest the toolkit's dialog for files gets in dp, and what it leaves free
// of the window.
const (
	fileDialogWidth, fileDialogHeight = 900, 640
	fileDialogRest                    = 48
)

// askFiles asks the user for files and gives their paths to then, at least one.
// There is one dialog at a time.
func (a *App) askFiles(q FileQuestion, then func(paths []string)) {
	if a.choosing != nil {
		return
	}
	if a.cfg.Files == nil {
		a.askByToolkit(q, then)
		return
	}
	q.Parent = a.handle()
	ctx, cancel := context.WithCancel(context.Background())
	a.choosing = cancel
	a.on(laneDialogs, func(end context.Context) func() {
		defer cancel()
		defer context.AfterFunc(end, cancel)()
		paths, err := a.cfg.Files.AskFiles(ctx, q)
		left := ctx.Err() != nil
		return func() {
			a.choosing = nil
			switch {
			case errors.Is(err, errors.ErrUnsupported):
				a.askByToolkit(q, then)
			case err != nil && !left:
				a.fail(err)
			case len(paths) > 0:
				then(paths)
			}
		}
	})
}

// handle is the window as the desktop knows it; 0 when it does not say.
func (a *App) handle() (id uintptr) {
	if native, ok := a.win.(driver.NativeWindow); ok {
		native.RunNative(func(c any) {
			switch c := c.(type) {
			case driver.X11WindowContext:
				id = c.WindowHandle
			case driver.WindowsWindowContext:
				id = c.HWND
			}
		})
	}
	return id
}

// askByToolkit shows the toolkit's own dialog, over the window, which gives one
// file at a time.
func (a *App) askByToolkit(q FileQuestion, then func(paths []string)) {
	got := func(u fyne.URI, err error) {
		switch {
		case err != nil:
			a.fail(err)
		case u != nil:
			then([]string{filepath.FromSlash(u.Path())})
		}
	}
	var d *dialog.FileDialog
	switch q.Kind {
	case AskSave:
		d = dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
			if w == nil {
				got(nil, err)
				return
			}
			got(w.URI(), w.Close())
		}, a.win)
		d.SetFileName(q.Name)
	case AskFolder:
		d = dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
			if u == nil {
				got(nil, err)
				return
			}
			got(u, err)
		}, a.win)
	default:
		d = dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
			if r == nil {
				got(nil, err)
				return
			}
			got(r.URI(), r.Close())
		}, a.win)
		if len(q.Extensions) > 0 {
			d.SetFilter(storage.NewExtensionFileFilter(q.Extensions))
		}
	}
	if at, err := storage.ListerForURI(storage.NewFileURI(q.Dir)); q.Dir != "" && err == nil {
		d.SetLocation(at)
	}
	d.SetTitleText(q.Title)
	d.SetConfirmText(q.Button)
	// The toolkit dims the window with the colour that fades the edges of its
	// scroll areas, which is clear in ours.
	overlays := a.win.Canvas().Overlays()
	dim := widgets.NewGround(widgets.ColorScrim)
	overlays.Add(dim)
	d.SetOnClosed(func() {
		a.choosing, a.choosingHere = nil, false
		overlays.Remove(dim)
	})
	size := a.win.Canvas().Size()
	d.Show()
	a.choosing, a.choosingHere = d.Hide, true
	d.Resize(fyne.NewSize(min(fileDialogWidth, size.Width-fileDialogRest), min(fileDialogHeight, size.Height-fileDialogRest)))
	// It has its size only now that it is there, and what is over the window is
	// put into the middle when the window gets a size.
	over := overlays.Top()
	over.Resize(size.SubtractWidthHeight(1, 1))
	over.Resize(size)
}

// askPicture asks for one picture.
func (a *App) askPicture(then func(path string)) {
	a.askFiles(FileQuestion{
		Kind: AskOpen, Title: lang.L("Choose a picture"), Button: lang.L("Choose"), Extensions: []string{".png", ".jpg", ".jpeg", ".gif", ".webp"},
	}, func(paths []string) { then(paths[0]) })
}
