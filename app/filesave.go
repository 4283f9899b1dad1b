package app

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"linnet/account/media"
	"linnet/storage"
)

// save writes a file into the folder for what is saved and says where it is.
func (d *fileDesk) save(f storage.File) {
	chosen := d.a.prefs.SaveTo
	d.a.on(laneFiles, func(ctx context.Context) func() {
		dir, err := saveDir(chosen)
		if err != nil {
			return func() { d.a.fail(err) }
		}
		path, err := d.a.backend.SaveFile(ctx, &f, dir)
		return d.saved(f, path, err)
	})
}

// saveAs asks where a file is to be written.
func (d *fileDesk) saveAs(f storage.File) {
	chosen := d.a.prefs.SaveTo
	d.a.on(laneFiles, func(context.Context) func() {
		dir, err := saveDir(chosen)
		if err != nil {
			dir = "" // the dialog begins where the desktop thinks
		}
		return func() {
			d.a.askFiles(FileQuestion{
				Kind: AskSave, Title: lang.L("Save as"), Button: lang.L("Save"), Dir: dir, Name: media.SafeName(f.Name),
			}, func(paths []string) {
				d.a.on(laneFiles, func(ctx context.Context) func() {
					return d.saved(f, paths[0], d.a.backend.SaveFileAs(ctx, &f, paths[0]))
				})
			})
		}
	})
}

// soundEnds are the ends of names that programs for sounds have. Another end may
// be one the desktop would run.
var soundEnds = []string{".aac", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".wma"}

// saved tells what became of a file that was to be saved. A sound that we cannot
// play can be opened by the desktop's program for such.
func (d *fileDesk) saved(f storage.File, path string, err error) func() {
	if err != nil {
		return func() { d.a.fail(err) }
	}
	return func() {
		text := lang.L("Saved as {{.Name}}", map[string]any{"Name": filepath.Base(path)})
		if isSound(&f) && !d.sounds.playable(&f) && slices.Contains(soundEnds, strings.ToLower(filepath.Ext(path))) {
			d.a.offer(text, lang.L("Open"), func() { d.a.openPath(path) })
			return
		}
		d.a.offer(text, lang.L("Show in folder"), func() { d.a.showFile(path) })
	}
}

// showFile shows where a file lies, with the desktop's own program.
func (a *App) showFile(path string) {
	if a.cfg.Files == nil {
		a.openPath(filepath.Dir(path))
		return
	}
	a.on(laneFiles, func(ctx context.Context) func() {
		err := a.cfg.Files.ShowFile(ctx, path)
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			return func() { a.openPath(filepath.Dir(path)) }
		case err != nil:
			return func() { a.fail(err) }
		}
		return nil
	})
}
