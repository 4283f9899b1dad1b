package app

import (
	"context"
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/account/media"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// The kinds of what is shared, in the order of their tabs.
const (
	sharedMedia = iota
	sharedLinks
	sharedFiles
	sharedKinds
)

// sharedList lists the pictures, links and files of a chat, the newest first,
// from the messages that are on this computer.
type sharedList struct {
	a     *App
	chat  storage.Chat
	box   *fyne.Container
	tabs  *widgets.Tabs
	list  *widgets.ConversationList // links and files
	tiles *fyne.Container           // media
	grid  *container.Scroll
	foot  *fyne.Container // says that there is more, or nothing

	kind   int
	found  [sharedKinds][]sharedItem
	before storage.Pos // all that is not before was looked at; zero at first
	all    bool        // there is nothing older
	busy   bool
	gone   bool
}

func newSharedList(a *App, c storage.Chat) *sharedList {
	s := &sharedList{a: a, chat: c, tiles: widgets.NewTiles(), foot: container.NewStack()}
	s.tabs = widgets.NewTabs([]string{lang.L("Media"), lang.L("Links"), lang.L("Files")}, func(kind int) {
		s.kind = kind
		s.show()
	})
	s.list = widgets.NewConversationList()
	s.list.OnOpen = func(key string) {
		if item, ok := s.at(key); ok {
			s.open(item)
		}
	}
	s.list.OnMenu = s.menu
	s.grid = container.NewVScroll(container.New(margin(sideMargin), s.tiles))
	s.box = container.New(free(s.layout), s.tabs, s.list, s.grid, s.foot)
	s.look()
	return s
}

func (s *sharedList) layout(_ []fyne.CanvasObject, size fyne.Size) {
	const top = widgets.TabHeight + 20
	place(s.tabs, sideMargin, 10, size.Width-2*sideMargin, widgets.TabHeight)
	foot := float32(0)
	switch {
	case len(s.found[s.kind]) == 0:
		foot = size.Height - top
	case !s.all:
		foot = widgets.ButtonHeight + 8
	}
	place(s.list, 0, top, size.Width, size.Height-top-foot)
	place(s.grid, 0, top-sideMargin, size.Width, size.Height-top-foot+sideMargin)
	place(s.foot, 0, size.Height-foot, size.Width, foot)
}

func (s *sharedList) title() string             { return lang.L("Media, links and files") }
func (s *sharedList) object() fyne.CanvasObject { return s.box }
func (s *sharedList) closed()                   { s.gone = true }
func (s *sharedList) focus()                    { s.a.win.Canvas().Focus(s.tabs) }

// look reads a step further back.
func (s *sharedList) look() {
	if s.busy || s.all {
		return
	}
	s.busy = true
	s.show()
	s.a.readShared(s.chat.ID, s.before, func(step sharedStep, err error) {
		s.busy = false
		if s.gone {
			return
		}
		if err != nil {
			s.a.fail(err)
		}
		for kind := range s.found {
			s.found[kind] = append(s.found[kind], step.found[kind]...)
		}
		s.before, s.all = step.upTo, step.all
		s.show()
	})
}

// show puts what was found into the open tab.
func (s *sharedList) show() {
	found := s.found[s.kind]
	if s.kind == sharedMedia {
		s.tiles.RemoveAll()
		for i, item := range found {
			tile := widgets.NewTile(s.about(item), mediaIcon(item.file), item.thumb, func() { s.open(item) })
			s.tiles.Add(tile)
			if !item.sharp && item.file.Path != "" && media.IsPicture(item.file.Type) {
				s.load(i, tile)
			}
		}
	} else {
		items := make([]widgets.Conversation, len(found))
		for i, item := range found {
			items[i] = s.row(item)
			items[i].Key = sharedKey(i)
		}
		s.list.SetItems(items)
	}
	s.foot.Objects = []fyne.CanvasObject{s.below(len(found))}
	show(s.list, len(found) > 0 && s.kind != sharedMedia)
	show(s.grid, len(found) > 0 && s.kind == sharedMedia)
	s.layout(nil, s.box.Size())
	s.box.Refresh()
}

// load shows a picture that is here as it is: what came with it is as small as can
// be.
func (s *sharedList) load(i int, tile *widgets.Tile) {
	f, back := s.found[sharedMedia][i].file, s.a.backend
	s.a.on(lanePictures, func(context.Context) func() {
		picture, _, err := decodeFile(back, &f, image.Pt(2*widgets.TilePixels, 2*widgets.TilePixels), 0)
		if err != nil {
			return nil // what stands for it stays
		}
		square := widgets.Square(picture, widgets.TilePixels)
		return func() {
			s.found[sharedMedia][i].thumb, s.found[sharedMedia][i].sharp = square, true
			tile.SetPicture(square)
		}
	})
}

// row is a link or a file in the list.
func (s *sharedList) row(item sharedItem) widgets.Conversation {
	if item.url == "" {
		about := s.who(item)
		if item.file.Size > 0 {
			about += " · " + sizeText(item.file.Size)
		}
		return widgets.Conversation{
			Name: fileName(item.file), Last: about, Time: rowTime(item.pos.At(), s.a.now()),
			Face: widgets.Face{Icon: assets.IconFile, Color: colorOf(item.file.Type)},
		}
	}
	host, rest := linkText(item.url)
	name := host
	if item.title != "" && !s.chat.Request {
		name = widgets.Harmless(item.title)
	}
	return widgets.Conversation{
		Name: name, Last: s.who(item) + " · " + rest, Time: rowTime(item.pos.At(), s.a.now()),
		Face: widgets.Face{Icon: assets.IconLink, Color: colorOf(host)},
	}
}

// who sent it.
func (s *sharedList) who(item sharedItem) string {
	if item.out {
		return lang.L("You")
	}
	return s.a.model.shortName(s.chat.Account, s.chat.JID)
}

// about says who sent a picture or a film, and when.
func (s *sharedList) about(item sharedItem) string {
	return s.who(item) + " · " + fileWord(item.file) + " · " + rowTime(item.pos.At(), s.a.now())
}

// below is what stands under the list, or in its place.
func (s *sharedList) below(n int) fyne.CanvasObject {
	more := widgets.NewButton(lang.L("Look further back"), widgets.ButtonLink, s.look)
	switch {
	case n > 0 && s.all:
		return container.NewStack()
	case s.busy:
		return container.NewCenter(widgets.NewParagraph(lang.L("Looking…"), widgets.TextSecondary, widgets.ColorSecondary))
	case n > 0:
		return widgets.NewCenterRow(0, more)
	}
	icon, title := assets.IconPicture, lang.L("No pictures")
	switch s.kind {
	case sharedLinks:
		icon, title = assets.IconLink, lang.L("No links")
	case sharedFiles:
		icon, title = assets.IconFile, lang.L("No files")
	}
	if !s.all {
		return widgets.NewEmptyState(icon, title, lang.L("None in the newest messages"), more)
	}
	return widgets.NewEmptyState(icon, title, lang.L("What comes in messages on this computer is listed here"), nil)
}

// open opens a link, shows a picture that is here with the others, or goes to the
// message of another file.
func (s *sharedList) open(item sharedItem) {
	switch {
	case item.url != "":
		s.a.openLink(item.url)
	case viewable(item.file):
		s.view(item)
	default:
		s.goTo(item)
	}
}

// view shows a picture, and by steps the others that were found, oldest first.
func (s *sharedList) view(item sharedItem) {
	var all []viewed
	for _, it := range slices.Backward(s.found[sharedMedia]) {
		if viewable(it.file) {
			all = append(all, viewed{it.pos, it.n, it.file})
		}
	}
	s.a.files.showViewer(all, item.pos, item.n, func(pos storage.Pos) { s.a.showAt(s.chat.ID, pos) })
}

// goTo shows the message something came with.
func (s *sharedList) goTo(item sharedItem) { s.a.showAt(s.chat.ID, item.pos) }

func (s *sharedList) menu(key string, at fyne.Position) {
	item, ok := s.at(key)
	if !ok {
		return
	}
	var items []widgets.MenuItem
	if item.url != "" {
		items = append(items,
			widgets.MenuItem{Text: lang.L("Open link"), Icon: assets.IconLink, Do: func() { s.a.openLink(item.url) }},
			widgets.MenuItem{Text: lang.L("Copy link"), Icon: assets.IconCopy, Do: func() { s.a.fyne.Clipboard().SetContent(item.url) }})
	}
	items = append(items, widgets.MenuItem{Text: lang.L("Show in the chat"), Icon: assets.IconEye, Do: func() { s.goTo(item) }})
	widgets.ShowMenu(s.a.win.Canvas(), at, items)
}

// sharedKey names an item of the list by its number, as chats are named.
func sharedKey(i int) string { return chatKey(storage.ChatID(i + 1)) }

func (s *sharedList) at(key string) (sharedItem, bool) {
	found := s.found[s.kind]
	i := int(chatOfKey(key)) - 1
	if i < 0 || i >= len(found) {
		return sharedItem{}, false
	}
	return found[i], true
}
