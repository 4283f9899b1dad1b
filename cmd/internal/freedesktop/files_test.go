//go:build unix && !darwin

package freedesktop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"linnet/app"
)

// fakePortal is asked for files.
type fakePortal struct {
	conn   *dbus.Conn
	asked  chan string
	answer chan func(p *fakePortal, to dbus.ObjectPath)
	closed chan dbus.ObjectPath
}

func (p *fakePortal) ask(method string, from dbus.Sender, parent, title string, options map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	answer := <-p.answer // from here on conn is known
	var said []string
	for k, v := range options {
		if k != "handle_token" {
			said = append(said, k+"="+v.String())
		}
	}
	slices.Sort(said)
	p.asked <- fmt.Sprintf("%s %s %q %s", method, parent, title, strings.Join(said, " "))
	token, _ := options["handle_token"].Value().(string)
	name := strings.ReplaceAll(strings.TrimPrefix(string(from), ":"), ".", "_")
	to := dbus.ObjectPath(portalPath + "/request/" + name + "/" + token)
	if err := p.conn.Export(closer{p, to}, to, portalAnswer); err != nil {
		return to, dbus.MakeFailedError(err)
	}
	go answer(p, to)
	return to, nil
}

func (p *fakePortal) OpenFile(from dbus.Sender, parent, title string, options map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	return p.ask("open", from, parent, title, options)
}

func (p *fakePortal) SaveFile(from dbus.Sender, parent, title string, options map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	return p.ask("save", from, parent, title, options)
}

// closer is a question that can be taken back.
type closer struct {
	p  *fakePortal
	to dbus.ObjectPath
}

func (c closer) Close() *dbus.Error {
	c.p.closed <- c.to
	return nil
}

// gives answers with addresses.
func gives(code uint32, uris ...string) func(*fakePortal, dbus.ObjectPath) {
	return func(p *fakePortal, to dbus.ObjectPath) {
		p.conn.Emit(to, portalAnswer+".Response", code, map[string]dbus.Variant{"uris": dbus.MakeVariant(uris)})
	}
}

func TestAskFiles(t *testing.T) {
	connect, _ := testBus(t)
	p := &fakePortal{asked: make(chan string, 1), closed: make(chan dbus.ObjectPath, 1), answer: make(chan func(*fakePortal, dbus.ObjectPath), 1)}
	p.conn = serve(t, connect, portal, portalPath, portalFiles, p)
	files := &Files{connect}
	for _, x := range []struct {
		q      app.FileQuestion
		answer func(*fakePortal, dbus.ObjectPath)
		asked  string
		paths  []string
		fails  bool
	}{
		{
			app.FileQuestion{Title: "Send", Button: "Choose", Several: true, Parent: 0x2a},
			gives(0, "file:///a%20b/c.png", "file:///d", "https://x.example/e", "file://x.example/f"),
			`open x11:2a "Send" accept_label="Choose" modal=true multiple=true`,
			[]string{"/a b/c.png", "/d"},
			false,
		},
		{
			app.FileQuestion{Extensions: []string{".png"}},
			gives(1), `open  "" filters=@aav [["", [[0, "*.[pP][nN][gG]"]]]]`, nil, false,
		},
		{
			app.FileQuestion{Kind: app.AskSave, Name: "x.pdf", Dir: "/tmp"},
			gives(0, "file:///tmp/y.pdf"), `save  "" current_folder=`,
			[]string{"/tmp/y.pdf"},
			false,
		},
		{app.FileQuestion{Kind: app.AskFolder}, gives(0, "file:///tmp/"), `open  "" directory=true modal=true`, []string{"/tmp"}, false},
		{app.FileQuestion{}, gives(0, "https://x.example/e"), "open", nil, true},
		{app.FileQuestion{}, gives(2), "open", nil, true},
	} {
		p.answer <- x.answer
		paths, err := files.AskFiles(t.Context(), x.q)
		asked := get(t, p.asked, "a question")
		if x.q.Extensions != nil {
			asked = strings.Replace(asked, `".png"`, `""`, 1) // its name
		}
		if !strings.HasPrefix(asked, x.asked) || !slices.Equal(paths, x.paths) || (err != nil) != x.fails || errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%+v: asked %s, got %q, %v", x.q, asked, paths, err)
		}
	}

	// The end of the program takes the dialog away.
	ctx, cancel := context.WithCancel(t.Context())
	p.answer <- func(*fakePortal, dbus.ObjectPath) { cancel() }
	if _, err := files.AskFiles(ctx, app.FileQuestion{}); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	get(t, p.closed, "the end of the dialog")
}

// fakeManager shows files.
type fakeManager struct{ shown chan []string }

func (m *fakeManager) ShowItems(uris []string, _ string) *dbus.Error {
	m.shown <- uris
	return nil
}

func TestShowFile(t *testing.T) {
	connect, _ := testBus(t)
	files := &Files{connect}
	if err := files.ShowFile(t.Context(), "/a"); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("without a file manager: %v", err)
	}
	m := &fakeManager{make(chan []string, 1)}
	serve(t, connect, manager, managerPath, manager, m)
	if err := files.ShowFile(t.Context(), "/a b/ü.png"); err != nil {
		t.Fatal(err)
	}
	if got := get(t, m.shown, "a file"); !slices.Equal(got, []string{"file:///a%20b/%C3%BC.png"}) {
		t.Errorf("shown %q", got)
	}
}

// TestNoPortal holds that a desktop without dialogs says so.
func TestNoPortal(t *testing.T) {
	connect, _ := testBus(t)
	none := func(context.Context) (*dbus.Conn, error) { return nil, errors.New("no bus") }
	for _, c := range []func(context.Context) (*dbus.Conn, error){connect, none} {
		if _, err := (&Files{c}).AskFiles(t.Context(), app.FileQuestion{}); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("ended with %v", err)
		}
	}
}
