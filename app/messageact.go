package app

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// This file is what can be done with messages of the open chat: by their menu,
// by a letter while the keyboard is at one, and with several at once.

// messageCommands are the commands for a message. Their keys work while the
// keyboard is at one; from the palette they are about the last one in view.
func (a *App) messageCommands() []command {
	group := lang.L("Message")
	p := func() *chatPane { return a.shell.chat }
	one := func(id, title string, key fyne.KeyName, can func(widgets.Row) bool, run func(widgets.Row)) command {
		return command{
			id: id, title: title, group: group, keys: []chord{{key, 0}}, atMessage: true,
			enabled: func() bool { row, ok := p().current(); return ok && can(row) },
			run: func() {
				if row, ok := p().current(); ok {
					run(row)
				}
			},
		}
	}
	some := func(id, title string, key fyne.KeyName, can func(widgets.Row) bool, run func([]widgets.RowID)) command {
		return command{
			id: id, title: title, group: group, keys: []chord{{key, 0}}, atMessage: true,
			enabled: func() bool { return slices.ContainsFunc(p().chosen(), can) },
			run:     func() { run(p().chosenIDs(can)) },
		}
	}
	return []command{
		one("message.play", lang.L("Play or pause"), fyne.KeyP, canPlay, func(r widgets.Row) { p().playRow(r) }),
		{id: "message.soundback", title: lang.L("Back 5 seconds"), group: group, keys: []chord{{fyne.KeyLeft, 0}}, atMessage: true, plain: true, run: func() { a.files.sounds.step(-soundStep) }},
		{id: "message.soundon", title: lang.L("Forward 5 seconds"), group: group, keys: []chord{{fyne.KeyRight, 0}}, atMessage: true, plain: true, run: func() { a.files.sounds.step(soundStep) }},
		one("message.reply", lang.L("Reply"), fyne.KeyR, canAnswer, func(r widgets.Row) { p().reply(r.ID) }),
		one("message.react", lang.L("React"), fyne.KeyPlus, canAnswer, func(r widgets.Row) { p().reactByKey(r.ID) }),
		one("message.resend", lang.L("Try again"), fyne.KeyA, canResend, func(r widgets.Row) { p().retry(r.ID) }),
		one("message.edit", lang.L("Edit"), fyne.KeyE, canEdit, func(r widgets.Row) { p().edit(r.ID) }),
		some("message.copy", lang.L("Copy message"), fyne.KeyC, canCopy, func(ids []widgets.RowID) { p().copyMessages(ids) }),
		one("message.preview", lang.L("Show preview"), fyne.KeyL, func(r widgets.Row) bool { return p().canPreview(r) }, func(r widgets.Row) { p().preview(r.ID, bareLink(r)) }),
		some("message.forward", lang.L("Forward"), fyne.KeyF, canForward, func(ids []widgets.RowID) { p().forward(ids) }),
		some("message.star", lang.L("Star or unstar"), fyne.KeyS, canStar, func(ids []widgets.RowID) { p().star(ids) }),
		one("message.select", lang.L("Select message"), fyne.KeySpace, canPick, func(r widgets.Row) { p().pick(r.ID) }),
		some("message.retract", lang.L("Take back"), fyne.KeyT, canRetract, func(ids []widgets.RowID) { p().askRetract(ids) }),
		some("message.delete", lang.L("Delete here"), fyne.KeyDelete, canPick, func(ids []widgets.RowID) { p().askDelete(ids) }),
	}
}

// What can be done with a message.
func canAnswer(r widgets.Row) bool { return r.IsSaid() && !r.Nameless && !r.Unsent }
func canResend(r widgets.Row) bool { return r.State == widgets.StateFailed || r.Notice.Failed }

func canCopy(r widgets.Row) bool {
	return r.Text != "" && (r.Kind == widgets.RowMessage || r.Kind == widgets.RowAction)
}
func canEdit(r widgets.Row) bool    { return r.Out && canCopy(r) && !r.Nameless }
func canForward(r widgets.Row) bool { return r.IsSaid() && r.Kind != widgets.RowForeign && !r.Unsent }
func canStar(r widgets.Row) bool    { return r.IsSaid() && (!r.Unsent || r.Starred) } // to take it off
func canRetract(r widgets.Row) bool { return r.Out && canAnswer(r) }
func canPlay(r widgets.Row) bool    { return soundIn(r) >= 0 }
func canPick(r widgets.Row) bool    { return r.Pickable() }

// soundIn gives the first sound in a message that can be played; -1 for none.
func soundIn(r widgets.Row) int {
	return slices.IndexFunc(r.Files, func(f widgets.FileView) bool { return f.Kind == widgets.FileSound && f.State == widgets.FileHere })
}

// playRow plays the sound in a message, or pauses it.
func (p *chatPane) playRow(r widgets.Row) { p.a.files.act(r.ID, soundIn(r), widgets.FileOpen) }

// current is the message the keyboard is at, or the last one in view.
func (p *chatPane) current() (widgets.Row, bool) {
	if !p.open() {
		return widgets.Row{}, false
	}
	return p.view.Row(p.view.Current())
}

// chosen are the messages that are picked, else the current one.
func (p *chatPane) chosen() []widgets.Row {
	if !p.open() {
		return nil
	}
	ids := p.view.Picked()
	if len(ids) == 0 {
		ids = []widgets.RowID{p.view.Current()}
	}
	var rows []widgets.Row
	for _, id := range ids {
		if row, ok := p.view.Row(id); ok {
			rows = append(rows, row)
		}
	}
	return rows
}

// chosenIDs are those of the chosen messages with which something can be done.
func (p *chatPane) chosenIDs(can func(widgets.Row) bool) []widgets.RowID {
	var ids []widgets.RowID
	for _, row := range p.chosen() {
		if can(row) {
			ids = append(ids, row.ID)
		}
	}
	return ids
}

// key runs the command of a key that is typed while the keyboard is at a
// message, and reports whether there is one.
func (p *chatPane) key(name fyne.KeyName) bool {
	c, ok := p.a.chords[chord{key: name}]
	if !ok || !c.atMessage || !c.can() {
		return false
	}
	p.a.runCommand(c)
	return true
}

// pick begins to pick messages, or picks one more or less.
func (p *chatPane) pick(id widgets.RowID) {
	p.view.Pick(id, !slices.Contains(p.view.Picked(), id))
	p.focusTranscript()
	p.view.Point(id)
}

// copyMessages copies the words of messages, which ends picking.
func (p *chatPane) copyMessages(ids []widgets.RowID) {
	p.a.fyne.Clipboard().SetContent(p.view.CopyOf(ids))
	if p.view.Picking() {
		p.view.StopPicking()
		p.a.toast(lang.L("Copied"))
	}
}

// quickEmoji are the reactions that are offered first.
var quickEmoji = []string{"👍", "❤️", "😂", "😮", "😢", "🙏"}

// quickStrip is the line of reactions in the menu of a message, which is at a
// place on the canvas.
func (p *chatPane) quickStrip(row widgets.Row, at fyne.Position) *widgets.MenuStrip {
	return &widgets.MenuStrip{
		Emoji: quickEmoji, Chosen: ownReactions(row),
		Pick: func(emoji string) { p.react(row.ID, emoji) },
		More: func() { p.a.pickEmoji(at, nil, func(emoji string) { p.react(row.ID, emoji) }) },
	}
}

// offerReactions asks for a reaction, at a place on the canvas.
func (p *chatPane) offerReactions(id widgets.RowID, at fyne.Position) {
	p.showReactions(id, at, widgets.ShowMenu)
}

// reactByKey asks for a reaction above the message itself.
func (p *chatPane) reactByKey(id widgets.RowID) {
	p.showReactions(id, p.view.PlaceOf(id), widgets.ShowMenuOver)
}

func (p *chatPane) showReactions(id widgets.RowID, at fyne.Position, show func(fyne.Canvas, fyne.Position, []widgets.MenuItem) *widgets.Menu) {
	if row, ok := p.view.Row(id); ok && canAnswer(row) {
		show(p.a.win.Canvas(), at, []widgets.MenuItem{{Strip: p.quickStrip(row, at)}})
	}
}

// ownReactions are the user's among the reactions to a message.
func ownReactions(row widgets.Row) []string {
	var own []string
	for _, r := range row.Reactions {
		if r.Mine {
			own = append(own, r.Emoji)
		}
	}
	return own
}

// react adds a reaction of the user, or takes it back.
func (p *chatPane) react(id widgets.RowID, emoji string) {
	row, ok := p.view.Row(id)
	if !ok {
		return
	}
	own := ownReactions(row)
	if i := slices.Index(own, emoji); i >= 0 {
		own = slices.Delete(own, i, i+1)
	} else {
		own = append(own, emoji)
	}
	chat, pos := p.chat.ID, posOf(id)
	p.a.act(laneWrite, func(ctx context.Context) error { return p.a.backend.React(ctx, chat, pos, own) })
}

// star marks messages, or takes the marks off when all have one.
func (p *chatPane) star(ids []widgets.RowID) {
	on := slices.ContainsFunc(ids, func(id widgets.RowID) bool { row, _ := p.view.Row(id); return !row.Starred })
	p.view.StopPicking()
	chat := p.chat.ID
	p.withEach(ids, func(_ context.Context, pos storage.Pos) error { return p.a.backend.SetStarred(chat, pos, on) })
}

// withEach does something with each of several messages. One that fails does not
// keep the others from it.
func (p *chatPane) withEach(ids []widgets.RowID, do func(context.Context, storage.Pos) error) {
	p.a.on(laneWrite, func(ctx context.Context) func() {
		var last error
		failed := 0
		for _, id := range ids {
			if err := do(ctx, posOf(id)); err != nil {
				last = err
				failed++
			}
		}
		switch {
		case failed == 0:
			return nil
		case len(ids) == 1:
			return func() { p.a.fail(last) }
		}
		return func() {
			p.a.log.Warn("failed", "messages", failed, "error", last)
			p.a.toast(lang.L("{{.N}} of {{.All}} messages: {{.Reason}}", map[string]any{"N": failed, "All": len(ids), "Reason": failureText(last)}))
		}
	})
}

// askRetract asks before messages are taken back.
func (p *chatPane) askRetract(ids []widgets.RowID) {
	if len(ids) == 0 {
		return
	}
	title := lang.L("Take back this message?")
	if len(ids) > 1 {
		title = lang.L("Take back {{.N}} messages?", count(len(ids)))
	}
	chat := p.chat.ID
	p.a.ask(question{
		title: title,
		text:  lang.L("The words are erased here, and the program of the other side is asked to erase them. What was read stays read."),
		yes:   lang.L("Take back"), no: lang.L("Keep"),
		run: func() { p.retract(chat, ids) },
	})
}

// retract takes messages of a chat back, if it is still open.
func (p *chatPane) retract(chat storage.ChatID, ids []widgets.RowID) {
	if p.chat.ID != chat {
		return
	}
	p.view.StopPicking()
	p.withEach(ids, func(ctx context.Context, pos storage.Pos) error { return p.a.backend.Retract(ctx, chat, pos) })
}

// menu is the context menu of a message.
func (p *chatPane) menu(id widgets.RowID, at fyne.Position, link, selected string) {
	row, ok := p.view.Row(id)
	if !ok {
		return
	}
	clip := p.a.fyne.Clipboard()
	var items []widgets.MenuItem
	add := func(can bool, text, icon, key string, do func()) {
		if can {
			items = append(items, widgets.MenuItem{Text: text, Icon: icon, Shortcut: key, Do: do})
		}
	}
	if canAnswer(row) {
		items = append(items, widgets.MenuItem{Strip: p.quickStrip(row, at)}, widgets.MenuItem{Separator: true})
	}
	add(canResend(row), lang.L("Try again"), assets.IconSend, "A", func() { p.retry(id) })
	add(link != "", lang.L("Open link"), assets.IconLink, "", func() { p.a.openLink(link) })
	add(link != "", lang.L("Copy link"), assets.IconCopy, "", func() { clip.SetContent(link) })
	add(canPlay(row), lang.L("Play or pause"), assets.IconTriangleRight, "P", func() { p.playRow(row) })
	if p.canPreview(row) && !hasPreview(row, link) {
		wanted := bareLink(row)
		if slices.Contains(pagesIn(row.Text), link) {
			wanted = link
		}
		add(true, lang.L("Show preview"), assets.IconEye, "L", func() { p.preview(id, wanted) })
	}
	add(canAnswer(row), lang.L("Reply"), assets.IconReply, "R", func() { p.reply(id) })
	add(canEdit(row), lang.L("Edit"), assets.IconEdit, "E", func() { p.edit(id) })
	add(selected != "", lang.L("Copy selection"), assets.IconCopy, "", p.view.CopySelection)
	add(canCopy(row), lang.L("Copy message"), assets.IconCopy, "C", func() { p.copyMessages([]widgets.RowID{id}) })
	if f, here := p.a.files.only(id); here {
		add(viewable(f) && p.a.cfg.Clipboard != nil, lang.L("Copy picture"), assets.IconCopy, "", func() { p.a.files.copyPicture(f) })
		add(true, lang.L("Save"), assets.IconDownload, "", func() { p.a.files.save(f) })
		add(true, lang.L("Save as…"), assets.IconDownload, "", func() { p.a.files.saveAs(f) })
	}
	add(canForward(row), lang.L("Forward"), assets.IconForward, "F", func() { p.forward([]widgets.RowID{id}) })
	star, icon := lang.L("Star"), assets.IconStar
	if row.Starred {
		star, icon = lang.L("Take the star off"), assets.IconStarred
	}
	add(canStar(row), star, icon, "S", func() { p.star([]widgets.RowID{id}) })
	add(canPick(row), lang.L("Select"), assets.IconCheck, keyName(fyne.KeySpace), func() { p.pick(id) })
	add(true, lang.L("Message details"), assets.IconInfo, keyName(fyne.KeyReturn), func() { p.withMessage(id, p.showMessage) })
	items = append(items, widgets.MenuItem{Separator: true})
	if canRetract(row) {
		items = append(items, widgets.MenuItem{
			Text: lang.L("Take back…"), Icon: assets.IconUndo, Danger: true, Shortcut: "T",
			Do: func() { p.askRetract([]widgets.RowID{id}) },
		})
	}
	items = append(items, widgets.MenuItem{
		Text: lang.L("Delete here…"), Icon: assets.IconTrash, Danger: true, Shortcut: keyName(fyne.KeyDelete),
		Do: func() { p.askDelete([]widgets.RowID{id}) },
	})
	widgets.ShowMenu(p.a.win.Canvas(), at, items)
}

// withMessage reads a message and acts on it.
func (p *chatPane) withMessage(row widgets.RowID, act func(storage.Message)) {
	p.lookUp(row, func(m storage.Message, found bool) {
		if found {
			act(m)
		}
	})
}

// lookUp reads a message of the open chat and tells whether it is there, if the
// chat is still open by then.
func (p *chatPane) lookUp(row widgets.RowID, then func(m storage.Message, found bool)) {
	id, pos := p.chat.ID, posOf(row)
	p.a.read(func(context.Context) func() {
		page, err := p.a.backend.After(id, upon(pos), 1)
		return func() {
			switch {
			case p.chat.ID != id:
			case err != nil:
				p.a.fail(err)
			case len(page.Messages) == 1 && page.Messages[0].Pos == pos:
				then(page.Messages[0], true)
			default:
				then(storage.Message{}, false)
			}
		}
	})
}
