package native

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"linnet/app"
)

// fakeSystem has what was copied.
type fakeSystem struct {
	has    forms
	copied []byte
	paths  []string
	slow   chan struct{} // a program that answers when it is closed; nil for at once
	asked  chan struct{} // is told when the program is asked
	taken  func([]byte) error
}

func (s *fakeSystem) offers() forms { return s.has }

func (s *fakeSystem) picture(context.Context) ([]byte, error) {
	if s.slow != nil {
		s.asked <- struct{}{}
		<-s.slow
	}
	return s.copied, nil
}

func (s *fakeSystem) files(context.Context) ([]string, error) { return s.paths, nil }

func (s *fakeSystem) set(_ context.Context, png []byte) error { return s.taken(png) }

func TestHolds(t *testing.T) {
	for has, want := range map[forms]app.Copied{
		{}:                                       app.CopiedOther,
		{text: true}:                             app.CopiedOther,
		{picture: true}:                          app.CopiedPicture,
		{text: true, picture: true}:              app.CopiedOther,
		{files: true}:                            app.CopiedFiles,
		{files: true, text: true, picture: true}: app.CopiedFiles,
		{files: true, text: false, picture: true}: app.CopiedFiles,
	} {
		if got := newClipboard(&fakeSystem{has: has}).Holds(); got != want {
			t.Errorf("%+v holds %d, want %d", has, got, want)
		}
	}
}

func TestRead(t *testing.T) {
	here := filepath.Join(t.TempDir(), "a b")
	s := &fakeSystem{copied: []byte("png"), paths: []string{here, "relative", "", filepath.Join(here, "c") + "\x00", filepath.Join(here, "..", "d")}}
	c := newClipboard(s)
	for _, x := range []struct {
		has     forms
		picture string
		files   []string
	}{
		{forms{text: true}, "", nil},
		{forms{picture: true}, "png", nil},
		{forms{files: true, picture: true}, "", []string{here, filepath.Join(filepath.Dir(here), "d")}},
	} {
		s.has = x.has
		picture, files, err := c.Read(t.Context())
		if string(picture) != x.picture || !slices.Equal(files, x.files) || err != nil {
			t.Errorf("%+v gives %q, %q, %v", x.has, picture, files, err)
		}
	}
	s.has = forms{files: true}
	s.paths = slices.Repeat([]string{here}, maxFiles+1)
	if _, files, _ := c.Read(t.Context()); len(files) != maxFiles {
		t.Errorf("%d files", len(files))
	}
}

// A program that does not answer holds up who reads until that gives up, and
// nobody asks another time while it is asked.
func TestReadOfOneThatHangs(t *testing.T) {
	s := &fakeSystem{has: forms{picture: true}, copied: []byte("png"), slow: make(chan struct{}), asked: make(chan struct{}, 2)}
	c := newClipboard(s)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-s.asked
		cancel()
	}()
	if _, _, err := c.Read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if _, _, err := c.Read(ctx); !errors.Is(err, context.Canceled) || len(s.asked) > 0 {
		t.Errorf("while it is asked: %v, asked again %d times", err, len(s.asked))
	}
	if c.Holds() != app.CopiedPicture {
		t.Error("what there is is not known")
	}
	close(s.slow)
	if picture, _, err := c.Read(t.Context()); string(picture) != "png" || err != nil {
		t.Errorf("when it answers again: %q, %v", picture, err)
	}
}

func TestSetPicture(t *testing.T) {
	refused := errors.New("refused")
	var got string
	s := &fakeSystem{taken: func(png []byte) error { got = string(png); return refused }}
	if err := newClipboard(s).SetPicture(t.Context(), []byte("png")); !errors.Is(err, refused) || got != "png" {
		t.Errorf("%q, %v", got, err)
	}
}
