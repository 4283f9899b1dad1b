package native

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ncruces/zenity"

	"linnet/app"
)

// errNoFile is said of what was chosen and has no path, like a telephone.
var errNoFile = errors.New("what was chosen is no file of this computer")

// Files is the system's dialogs for files and its program that shows folders. The
// methods may be called on any goroutine but the UI's; their error is
// errors.ErrUnsupported where the system cannot do it.
type Files struct{}

// AskFiles shows the dialog of the system and waits for the user, without an end
// of its own. What the button says and, on macOS, which window asks, is not said:
// the dialogs do not take it.
func (Files) AskFiles(ctx context.Context, q app.FileQuestion) ([]string, error) {
	var paths []string
	var err error
	inDialog(func() { paths, err = ask(options(ctx, q), q) })
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, zenity.ErrCanceled):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	if paths = absolute(paths); len(paths) == 0 {
		return nil, errNoFile
	}
	return paths, nil
}

// ask shows the dialog for a question.
func ask(options []zenity.Option, q app.FileQuestion) ([]string, error) {
	one := zenity.SelectFile
	switch {
	case q.Kind == app.AskSave:
		one = zenity.SelectFileSave
	case q.Kind == app.AskOpen && q.Several:
		return zenity.SelectFileMultiple(options...)
	}
	path, err := one(options...)
	return []string{path}, err
}

// options puts a question into the words of the dialogs.
func options(ctx context.Context, q app.FileQuestion) []zenity.Option {
	all := append(parent(q.Parent), zenity.Context(ctx), zenity.Title(q.Title))
	begin := ""
	// Of a folder that is not there, the dialog would take the end for a name.
	if i, err := os.Stat(q.Dir); err == nil && i.IsDir() {
		begin = q.Dir
	}
	switch q.Kind {
	case app.AskSave:
		begin = filepath.Join(begin, q.Name)
		all = append(all, zenity.ConfirmOverwrite())
	case app.AskFolder:
		all = append(all, zenity.Directory())
	default:
		if len(q.Extensions) > 0 {
			one := zenity.FileFilter{CaseFold: true}
			for _, e := range q.Extensions {
				one.Patterns = append(one.Patterns, "*"+e)
			}
			all = append(all, one)
		}
	}
	if begin != "" {
		all = append(all, zenity.Filename(begin))
	}
	return all
}

// ShowFile has the system's program for folders show where a file lies, marked.
func (Files) ShowFile(ctx context.Context, path string) error {
	if !filepath.IsAbs(path) {
		return errNoFile
	}
	return show(ctx, path)
}
