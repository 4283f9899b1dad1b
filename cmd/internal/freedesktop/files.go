//go:build unix && !darwin

package freedesktop

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/godbus/dbus/v5"

	"linnet/app"
)

// The file chooser of XDG Desktop Portal, and the File Manager D-Bus Interface.
const (
	portal       = "org.freedesktop.portal.Desktop"
	portalPath   = "/org/freedesktop/portal/desktop"
	portalFiles  = "org.freedesktop.portal.FileChooser"
	portalAnswer = "org.freedesktop.portal.Request"
	manager      = "org.freedesktop.FileManager1"
	managerPath  = "/org/freedesktop/FileManager1"
)

// maxChosen bounds how many files are taken from a dialog.
const maxChosen = 1000

// Files is the desktop's own dialogs for files and its file manager. The methods
// may be called on any goroutine; their error is errors.ErrUnsupported where the
// desktop has nothing of the kind.
type Files struct {
	connect func(context.Context) (*dbus.Conn, error)
}

// NewFiles makes a Files that looks for the session bus at each call.
func NewFiles() *Files { return &Files{sessionBus} }

// dial connects for one call; no bus is no desktop.
func (f *Files) dial(ctx context.Context) (*dbus.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	conn, err := f.connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	return conn, nil
}

// AskFiles shows the dialog of the desktop and waits for the user.
func (f *Files) AskFiles(ctx context.Context, q app.FileQuestion) ([]string, error) {
	conn, err := f.dial(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	answers := make(chan *dbus.Signal, signalRoom)
	conn.Signal(answers)
	// Where the answer will come is known before, so that none is missed.
	token := "linnet" + rand.Text()
	sender := strings.ReplaceAll(strings.TrimPrefix(conn.Names()[0], ":"), ".", "_")
	request := dbus.ObjectPath(portalPath + "/request/" + sender + "/" + token)
	begin := func() error {
		soon, cancel := context.WithTimeout(ctx, callTime)
		defer cancel()
		err := conn.AddMatchSignalContext(soon, dbus.WithMatchObjectPath(request), dbus.WithMatchInterface(portalAnswer))
		if err != nil {
			return err
		}
		method, options := portalQuestion(q, token)
		var handle dbus.ObjectPath
		parent := ""
		if q.Parent != 0 {
			parent = fmt.Sprintf("x11:%x", q.Parent)
		}
		return conn.Object(portal, portalPath).CallWithContext(soon, portalFiles+"."+method, 0, parent, q.Title, options).Store(&handle)
	}
	if err := begin(); err != nil {
		// One that did come up has to go again: another takes its place.
		conn.Object(portal, request).Go(portalAnswer+".Close", dbus.FlagNoReplyExpected, nil)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	for {
		select {
		case <-ctx.Done():
			conn.Object(portal, request).Go(portalAnswer+".Close", dbus.FlagNoReplyExpected, nil)
			return nil, ctx.Err()
		case s, ok := <-answers:
			if !ok {
				return nil, errBusGone
			}
			if s.Path == request && s.Name == portalAnswer+".Response" {
				return chosen(s.Body)
			}
		}
	}
}

// filter is a name of kinds of files, with the patterns that they have.
type filter struct {
	Name     string
	Patterns []pattern
}

// pattern is a glob (kind 0) that names of files match.
type pattern struct {
	Kind uint32
	Glob string
}

// portalQuestion puts a question into the words of the portal.
func portalQuestion(q app.FileQuestion, token string) (method string, options map[string]dbus.Variant) {
	options = map[string]dbus.Variant{"handle_token": dbus.MakeVariant(token), "modal": dbus.MakeVariant(true)}
	if q.Button != "" {
		options["accept_label"] = dbus.MakeVariant(q.Button)
	}
	if q.Dir != "" {
		options["current_folder"] = dbus.MakeVariant(append([]byte(q.Dir), 0))
	}
	switch q.Kind {
	case app.AskSave:
		options["current_name"] = dbus.MakeVariant(q.Name)
		return "SaveFile", options
	case app.AskFolder:
		options["directory"] = dbus.MakeVariant(true)
	default:
		options["multiple"] = dbus.MakeVariant(q.Several)
		if len(q.Extensions) > 0 {
			one := filter{Name: strings.Join(q.Extensions, ", ")}
			for _, e := range q.Extensions {
				one.Patterns = append(one.Patterns, pattern{0, "*" + anyCase(e)})
			}
			options["filters"] = dbus.MakeVariant([]filter{one})
		}
	}
	return "OpenFile", options
}

// anyCase is a glob that matches a text whatever its case.
func anyCase(s string) string {
	var b strings.Builder
	for _, r := range s {
		if up, low := strings.ToUpper(string(r)), strings.ToLower(string(r)); up != low {
			b.WriteString("[" + low + up + "]")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// chosen reads the answer of the portal: 0 with addresses, 1 when the user wants
// nothing.
func chosen(body []any) ([]string, error) {
	if len(body) < 2 {
		return nil, errors.New("the portal gave no answer")
	}
	code, _ := body[0].(uint32)
	results, _ := body[1].(map[string]dbus.Variant)
	switch code {
	case 0:
	case 1:
		return nil, nil
	default:
		return nil, fmt.Errorf("the portal ended with %d", code)
	}
	uris, _ := results["uris"].Value().([]string)
	var paths []string
	for _, s := range uris[:min(len(uris), maxChosen)] {
		if path, ok := LocalFile(s); ok {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		return nil, errors.New("what was chosen is no file of this computer")
	}
	return paths, nil
}

// LocalFile gives the path of a file of this computer by its address; false for
// the address of anything else.
func LocalFile(address string) (path string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "file" || u.Host != "" && u.Host != "localhost" || !filepath.IsAbs(u.Path) || strings.Contains(u.Path, "\x00") {
		return "", false
	}
	return filepath.Clean(u.Path), true
}

// ShowFile has the file manager show the folder of a file, with the file marked.
func (f *Files) ShowFile(ctx context.Context, path string) error {
	conn, err := f.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	uri := (&url.URL{Scheme: "file", Path: path}).String()
	err = conn.Object(manager, managerPath).CallWithContext(ctx, manager+".ShowItems", 0, []string{uri}, "").Err
	if err != nil {
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	return nil
}
