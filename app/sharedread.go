package app

import (
	"bytes"
	"context"
	"image"
	"net/url"
	"strings"

	"fyne.io/fyne/v2/lang"

	"linnet/account/media"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// Bounds of one step through the messages of a chat: a step reads until it has
// filled a pane with something or seen so many messages, and the user asks for
// the next.
const (
	sharedPage  = 200 // messages read at once
	sharedPages = 25  // read in a step
	sharedMany  = 40  // found of one kind, which end a step
)

// sharedItem is a link of a message, or one of its files.
type sharedItem struct {
	pos   storage.Pos
	out   bool
	url   string // empty for a file
	title string // what was told of the link
	file  storage.File
	n     int         // of the file in its message
	thumb image.Image // of a picture or a film; nil when none came with it
	sharp bool        // the thumb is of the picture itself, not what came with it
}

// sharedStep is what was found in one step.
type sharedStep struct {
	found [sharedKinds][]sharedItem
	upTo  storage.Pos // where the next step begins
	all   bool        // there is nothing older
}

// readShared reads one step of a chat, from before a place towards older ones,
// and then runs done.
func (a *App) readShared(id storage.ChatID, before storage.Pos, done func(sharedStep, error)) {
	a.read(func(ctx context.Context) func() {
		step, err := sharedStep{upTo: before}, error(nil)
		for range sharedPages {
			if step.all || step.full() || ctx.Err() != nil || err != nil {
				break
			}
			page, readErr := a.backend.Before(id, step.upTo, sharedPage)
			if err = readErr; err == nil {
				step.take(page.Messages)
			}
		}
		return func() { done(step, err) }
	})
}

// full reports whether there is enough of a kind to show.
func (s *sharedStep) full() bool {
	for _, found := range s.found {
		if len(found) >= sharedMany {
			return true
		}
	}
	return false
}

// take goes through a page of messages.
func (s *sharedStep) take(messages []storage.Message) {
	for i := len(messages) - 1; i >= 0; i-- {
		m := messages[i]
		for _, link := range widgets.LinksIn(m.Body) {
			item := sharedItem{pos: m.Pos, out: m.Out, url: link}
			for _, k := range m.Links {
				if k.URL == link {
					item.title = k.Title
				}
			}
			s.found[sharedLinks] = append(s.found[sharedLinks], item)
		}
		for n, f := range m.Files {
			item := sharedItem{pos: m.Pos, out: m.Out, file: f, n: n}
			if !isMedia(f) {
				s.found[sharedFiles] = append(s.found[sharedFiles], item)
				continue
			}
			if picture, err := media.Decode(bytes.NewReader(f.Thumb), image.Pt(2*widgets.TilePixels, 2*widgets.TilePixels)); err == nil {
				item.thumb = widgets.Square(picture, widgets.TilePixels)
			}
			item.file.Thumb = nil // it is large, and not needed any more
			s.found[sharedMedia] = append(s.found[sharedMedia], item)
		}
	}
	s.all = len(messages) < sharedPage
	if len(messages) > 0 {
		s.upTo = messages[0].Pos
	}
}

// isMedia reports whether a file is to be looked at: a picture or a film.
func isMedia(f storage.File) bool {
	kind, _, _ := strings.Cut(f.Type, "/")
	return kind == "image" || kind == "video"
}

// mediaIcon stands for a picture or a film that is not here.
func mediaIcon(f storage.File) string {
	if strings.HasPrefix(f.Type, "video/") {
		return assets.IconFile
	}
	return assets.IconPicture
}

// fileName is what a file is called in a list.
func fileName(f storage.File) string {
	switch {
	case f.Voice:
		return lang.L("Voice message")
	case f.Name == "":
		return lang.L("File")
	}
	return media.SafeName(f.Name)
}

// linkText is a link in two parts: where it leads, and the whole without the
// part that says nothing.
func linkText(link string) (host, rest string) {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		scheme, rest, _ := strings.Cut(link, ":")
		return rest, scheme
	}
	return strings.TrimPrefix(u.Host, "www."), strings.TrimPrefix(strings.TrimPrefix(link, "https://"), "http://")
}
