package app

import (
	"context"
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// Bounds of one step through the messages of a chat: a step reads until it has
// filled a pane or seen so many messages, and the user asks for the next.
const (
	sharedPage = 200 // messages read at once
	sharedStep = 25  // pages read in a step
	sharedMany = 40  // found, which end a step
)

// sharedItem is a link of a message.
type sharedItem struct {
	pos storage.Pos
	url string
	out bool
}

// sharedList lists the links of a chat, the newest first, from the messages
// that are on this computer.
type sharedList struct {
	a    *App
	chat storage.Chat
	box  *fyne.Container
	list *widgets.ConversationList
	foot *fyne.Container // says how far it looked, or that there is nothing
	more *widgets.Button

	items  []sharedItem
	before storage.Pos // all that is not before was looked at; zero at first
	all    bool        // there is nothing older
	busy   bool
	gone   bool
}

func newSharedList(a *App, c storage.Chat) *sharedList {
	s := &sharedList{a: a, chat: c}
	s.list = widgets.NewConversationList()
	s.list.OnOpen = func(key string) {
		if item, ok := s.at(key); ok {
			a.openLink(item.url)
		}
	}
	s.list.OnMenu = s.menu
	s.more = widgets.NewButton(lang.L("Look further back"), widgets.ButtonLink, s.look)
	s.foot = container.NewStack()
	s.box = container.New(free(s.layout), s.list, s.foot)
	s.look()
	return s
}

func (s *sharedList) layout(_ []fyne.CanvasObject, size fyne.Size) {
	foot := float32(0)
	switch {
	case len(s.items) == 0:
		foot = size.Height
	case !s.all:
		foot = widgets.ButtonHeight + 8
	}
	place(s.list, 0, 0, size.Width, size.Height-foot)
	place(s.foot, 0, size.Height-foot, size.Width, foot)
}

func (s *sharedList) title() string             { return lang.L("Links") }
func (s *sharedList) object() fyne.CanvasObject { return s.box }
func (s *sharedList) closed()                   { s.gone = true }

// focus puts the keyboard into the list, which is empty at first.
func (s *sharedList) focus() {
	if len(s.items) > 0 {
		s.a.win.Canvas().Focus(s.list)
		return
	}
	s.a.win.Canvas().Focus(s.a.shell.details.back)
}

// look reads a step further back.
func (s *sharedList) look() {
	if s.busy || s.all {
		return
	}
	s.busy = true
	s.show()
	id, before := s.chat.ID, s.before
	s.a.read(func(ctx context.Context) func() {
		found, before, all, err := s.a.findLinks(ctx, id, before)
		return func() {
			s.busy = false
			if s.gone {
				return
			}
			if err != nil {
				s.a.fail(err)
			}
			had := len(s.items)
			s.items, s.before, s.all = append(s.items, found...), before, all
			s.show()
			if had == 0 && s.a.win.Canvas().Focused() == fyne.Focusable(s.a.shell.details.back) {
				s.focus()
			}
		}
	})
}

// findLinks reads one step of a chat, from before a place towards older ones.
func (a *App) findLinks(ctx context.Context, id storage.ChatID, before storage.Pos) (found []sharedItem, upTo storage.Pos, all bool, err error) {
	for range sharedStep {
		page, err := a.backend.Before(id, before, sharedPage)
		if err != nil || ctx.Err() != nil {
			return found, before, false, err
		}
		for i := len(page.Messages) - 1; i >= 0; i-- {
			m := page.Messages[i]
			for _, link := range widgets.LinksIn(m.Body) {
				found = append(found, sharedItem{pos: m.Pos, url: link, out: m.Out})
			}
		}
		if len(page.Messages) < sharedPage {
			return found, before, true, nil
		}
		if before = page.Messages[0].Pos; len(found) >= sharedMany {
			break
		}
	}
	return found, before, false, nil
}

// show puts what was found into the list.
func (s *sharedList) show() {
	items := make([]widgets.Conversation, len(s.items))
	for i, item := range s.items {
		host, rest := linkText(item.url)
		who := s.a.model.shortName(s.chat.Account, s.chat.JID)
		if item.out {
			who = lang.L("You")
		}
		items[i] = widgets.Conversation{
			Key: sharedKey(i), Name: host, Last: who + " · " + rest, Time: rowTime(item.pos.At(), s.a.now()),
			Face: widgets.Face{Icon: assets.IconLink, Color: colorOf(host)},
		}
	}
	s.list.SetItems(items)
	s.foot.Objects = []fyne.CanvasObject{s.below()}
	show(s.list, len(items) > 0)
	s.layout(nil, s.box.Size())
	s.box.Refresh()
}

// below is what stands under the list, or in its place.
func (s *sharedList) below() fyne.CanvasObject {
	switch {
	case len(s.items) > 0 && s.all:
		return container.NewStack()
	case s.busy:
		return container.NewCenter(widgets.NewParagraph(lang.L("Looking…"), widgets.TextSecondary, widgets.ColorSecondary))
	case len(s.items) > 0:
		return widgets.NewCenterRow(0, s.more)
	case !s.all:
		return widgets.NewEmptyState(assets.IconLink, lang.L("No links yet"), lang.L("None in the newest messages"), s.more)
	}
	return widgets.NewEmptyState(assets.IconLink, lang.L("No links"), lang.L("Links in messages on this computer are listed here"), nil)
}

func (s *sharedList) menu(key string, at fyne.Position) {
	item, ok := s.at(key)
	if !ok {
		return
	}
	widgets.ShowMenu(s.a.win.Canvas(), at, []widgets.MenuItem{
		{Text: lang.L("Open link"), Icon: assets.IconLink, Do: func() { s.a.openLink(item.url) }},
		{Text: lang.L("Copy link"), Icon: assets.IconCopy, Do: func() { s.a.fyne.Clipboard().SetContent(item.url) }},
	})
}

// sharedKey names an item of the list by its number, as chats are named.
func sharedKey(i int) string { return chatKey(storage.ChatID(i + 1)) }

func (s *sharedList) at(key string) (sharedItem, bool) {
	i := int(chatOfKey(key)) - 1
	if i < 0 || i >= len(s.items) {
		return sharedItem{}, false
	}
	return s.items[i], true
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
