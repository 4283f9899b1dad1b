package app

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// forwardCard asks to whom messages are sent on.
type forwardCard struct {
	a    *App
	card *card
	from storage.ChatID
	with contactKey // whose chat that is
	pos  []storage.Pos

	field *widgets.SearchField
	list  *widgets.ConversationList
	room  *fyne.Container
	keys  map[string]contactKey
}

// forwardFound is how many people the card offers at once; typing finds the rest.
const forwardFound = 40

// forward asks to whom messages of the open chat are sent on.
func (p *chatPane) forward(ids []widgets.RowID) {
	if len(ids) == 0 {
		return
	}
	f := &forwardCard{a: p.a, from: p.chat.ID, with: contactKey{p.chat.Account, p.chat.JID}}
	for _, id := range ids {
		f.pos = append(f.pos, posOf(id))
	}
	f.field = widgets.NewSearchField(lang.L("Search people"))
	f.field.OnChanged = f.search
	f.field.OnShortcut = p.a.typedShortcut
	f.field.OnEscape = p.a.back
	f.field.OnSubmitted = func(string) { f.choose(f.list.ItemAt(0)) }
	f.field.OnKey = f.key
	f.list = widgets.NewConversationList()
	f.list.OnOpen = f.choose
	f.list.OnTyped = func(r rune) {
		f.field.SetText(f.field.Text() + string(r))
		f.field.Focus()
	}
	f.room = container.New(fixedHeight(0), f.list)
	title := lang.L("Forward this message")
	if len(ids) > 1 {
		title = lang.L("Forward {{.N}} messages", count(len(ids)))
	}
	f.card = p.a.cards.show(widgets.NewColumn(14,
		widgets.NewHeading(title, titleSize), f.field, f.room,
		widgets.NewButtonRow(cancelButton(&f.card)),
	), widgets.OverlayOptions{Top: 90})
	f.search("")
	f.field.Focus()
}

// search offers the people that fit what is typed, those talked to last first,
// and marks whom Enter takes. Who has said or got the messages is only offered
// when looked for.
func (f *forwardCard) search(text string) {
	f.keys = map[string]contactKey{}
	var items []widgets.Conversation
	text = strings.TrimSpace(text)
	for _, p := range palettePersons(f.a.model, text, f.a.now()) {
		if len(items) == forwardFound {
			break
		}
		if text == "" && p.key == f.with {
			continue
		}
		key := rosterKey("", p.key)
		f.keys[key] = p.key
		items = append(items, widgets.Conversation{
			Key: key, Name: p.title, Last: widgets.Harmless(p.key.jid), Stripe: rgb(p.stripe),
			Face: f.a.model.faceOf(p.key, p.hasShow, p.show),
		})
	}
	f.list.SetItems(items)
	f.list.Select(f.list.ItemAt(0))
	f.room.Layout = fixedHeight(f.a.listHeight(len(items)))
	show(f.room, len(items) > 0)
	f.card.fit()
}

// listHeight is the height of a list of so many rows in a card, which scrolls
// when there are many or the window is low.
func (a *App) listHeight(rows int) float32 {
	const most, rest = 7, 220 // rows, and dp for what else is on the card
	room := max(widgets.ChatRowHeight, a.win.Canvas().Size().Height-rest)
	return min(float32(min(rows, most))*widgets.ChatRowHeight, room)
}

// key goes from the field down into the list, to the one after the marked.
func (f *forwardCard) key(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyDown || f.list.ItemAt(0) == "" {
		return false
	}
	f.a.win.Canvas().Focus(f.list)
	f.list.Select("") // the keyboard's place is the only mark from here on
	f.list.TypedKey(e)
	return true
}

// choose sends the messages on.
func (f *forwardCard) choose(key string) {
	to, ok := f.keys[key]
	if !ok {
		return
	}
	a := f.a
	f.card.close()
	a.shell.chat.view.StopPicking()
	a.on(laneWrite, func(ctx context.Context) func() {
		chat, err := a.backend.OpenChat(to.account, to.jid)
		if err == nil {
			err = a.backend.Forward(ctx, f.from, f.pos, chat.ID)
		}
		return func() {
			if err != nil {
				a.fail(err)
				return
			}
			name := a.model.name(to.account, to.jid)
			a.offer(lang.L("Forwarded to {{.Name}}", map[string]any{"Name": name}), lang.L("Open chat"), func() {
				a.openChatWith(to.account, to.jid, "")
			})
		}
	})
}
