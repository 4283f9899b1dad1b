package app

import (
	"context"
	"net/url"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// chatPane is the open conversation: who it is with, how things stand, what
// was said, and where to write.
type chatPane struct {
	a        *App
	box      *fyne.Container
	header   *chatHeader
	banners  *bannerStack
	view     *widgets.Transcript
	composer *widgets.Composer
	empty    *fyne.Container
	blank    *widgets.Paragraph // says that nothing was said yet

	chat   storage.Chat
	hist   *history // nil while no chat is open
	draft  draft    // as it was stored last
	day    string   // that day separators were made on
	typist *typist
	rest   func() // keeps the draft from being stored while the user types

	loads map[storage.ChatID]*chatLoad // whole histories on their way
	about *messageCard                 // the card opened last

	named   [2]string // what both sides were called when the rows were made
	writing writing
	linked  linkWriting
	picks   *pickBar
	find    *findBar
	voice   *voice
	dim     func() // ends that the message jumped to stands out
}

func newChatPane(a *App) *chatPane {
	p := &chatPane{a: a, rest: func() {}, linked: linkWriting{rest: func() {}}, dim: func() {}, loads: map[storage.ChatID]*chatLoad{}}
	p.typist = newTypist(a)
	p.header = newChatHeader(a)
	p.banners = newBannerStack()
	p.view = widgets.NewTranscript()
	p.view.DayLabel = func(day time.Time) string { return dayLabel(day, a.now()) }
	p.view.OnNeedOlder = p.needOlder
	p.view.OnNeedNewer = p.needNewer
	p.view.OnNeedEnd = func() { p.load(historyPage) }
	p.view.OnGap = p.gap
	p.view.OnSeen = p.seen
	p.view.OnOpenLink = a.openLink
	p.view.OnRetry = p.retry
	p.view.OnFile, p.view.OnSeek = a.files.act, a.files.seek
	p.view.OnPicture = a.files.picture
	p.view.OnMenu = p.menu
	p.view.OnShortcut = a.typedShortcut
	p.view.OnKey = p.key
	p.view.OnReply = p.reply
	p.view.OnReact = p.react
	p.view.OnReactMore = p.offerReactions
	p.view.OnQuote = p.jumpToQuoted
	p.view.OnEdits = p.showEdits
	p.view.OnDrop = p.drop
	p.picks = newPickBar(p)
	p.view.OnPicked = p.picks.set
	p.find = newFindBar(p)
	p.view.OnRune = func(r rune) {
		p.focusWriting()
		if p.composer.Visible() { // and no recording in its place
			p.composer.Insert(string(r))
		}
	}
	p.composer = widgets.NewComposer()
	p.composer.OnSend = p.send
	p.composer.OnChanged = p.typed
	p.composer.OnEditLast = p.editLast
	p.composer.OnCancelContext = p.endWriting
	p.composer.OnLink, p.composer.OnLeaveLink = p.askLink, p.leaveLink
	p.composer.OnEscape = a.back
	p.composer.OnShortcut = a.typedShortcut
	p.composer.OnTooLong = a.toast
	p.composer.OnResize = p.relayout
	p.composer.OnAccount = p.accountMenu
	p.wireEmoji()
	p.composer.OnAttach = a.files.choose
	p.voice = newVoice(p)
	p.composer.OnRecord = p.voice.begin
	p.composer.OnPasteImage = a.files.paste
	p.empty = container.NewStack(widgets.NewEmptyState(assets.IconBird, lang.L("No chat is open"),
		lang.L("Choose one on the left, or press {{.Keys}} to find somebody", map[string]any{"Keys": chord{fyne.KeyK, ctrl}.String()}), nil))
	p.blank = widgets.NewParagraph(lang.L("No messages yet"), widgets.TextSecondary, widgets.ColorSecondary).Centered()
	p.blank.Hide()
	p.box = container.New(free(p.layout), p.header.box, p.picks.box, p.find.box, p.banners.box, p.view, p.composer, p.voice.bar, p.empty, p.blank)
	p.arrange()
	return p
}

func (p *chatPane) layout(_ []fyne.CanvasObject, size fyne.Size) {
	place(p.empty, 0, 0, size.Width, size.Height)
	place(p.header.box, 0, 0, size.Width, widgets.HeaderHeight)
	place(p.picks.box, 0, 0, size.Width, widgets.HeaderHeight)
	top := widgets.HeaderHeight
	place(p.find.box, 0, top, size.Width, p.find.height())
	top += p.find.height()
	p.banners.box.Resize(fyne.NewSize(size.Width, 0))
	h := p.banners.box.MinSize().Height
	place(p.banners.box, 0, top, size.Width, h)
	top += h
	p.composer.Resize(fyne.NewSize(size.Width, p.composer.Size().Height))
	bottom := p.composer.MinSize().Height
	if p.voice.bar.Visible() {
		bottom = p.voice.bar.MinSize().Height
	}
	place(p.view, 0, top, size.Width, size.Height-top-bottom)
	place(p.composer, 0, size.Height-bottom, size.Width, bottom)
	place(p.voice.bar, 0, size.Height-bottom, size.Width, bottom)
	place(p.blank, 0, (size.Height+top-bottom)/2-10, size.Width, 20)
}

func (p *chatPane) relayout() { p.layout(p.box.Objects, p.box.Size()) }

// arrange shows the parts of an open chat, or that there is none.
func (p *chatPane) arrange() {
	open := p.open()
	for _, o := range []fyne.CanvasObject{p.header.box, p.banners.box, p.view} {
		show(o, open)
	}
	show(p.composer, open && !p.voice.bar.Visible())
	show(p.empty, !open)
	p.relayout()
}

func (p *chatPane) open() bool { return p.hist != nil }

// id is the open chat; 0 for none.
func (p *chatPane) id() storage.ChatID { return p.chat.ID }

// title is whom the window shows.
func (p *chatPane) title() string {
	if !p.open() {
		return ""
	}
	return p.a.model.name(p.chat.Account, p.chat.JID)
}

// show opens a chat.
func (p *chatPane) show(c storage.Chat, body string) {
	if p.open() && p.chat.ID == c.ID {
		p.putBody(body)
		return
	}
	p.leave()
	p.chat, p.draft = c, draft{c.Draft, c.DraftReply}
	var n int
	p.hist, n = openHistory(c)
	p.named = p.names()
	p.hist.phase = p.a.model.phase(c.Account)
	p.a.backend.View(c.ID)
	p.a.files.forget()
	p.view.Clear()
	p.blank.Hide()
	p.showDivider()
	p.load(n)
	p.composer.SetText(c.Draft)
	p.takeUp(c.DraftReply)
	p.putBody(body)
	p.refresh(everything)
	p.arrange()
	p.voice.show()
}

// putBody writes a text that came with an address, unless something is written
// already.
func (p *chatPane) putBody(body string) {
	if body != "" && strings.TrimSpace(p.composer.Text()) == "" {
		p.composer.SetText(body)
	}
}

// leave ends what goes on in the open chat. What is written or recorded is kept.
func (p *chatPane) leave() {
	p.typist.end(account.Inactive)
	p.putAway()
	p.voice.leave()
	p.find.hide()
}

// close shows no chat any more.
func (p *chatPane) close() {
	p.leave()
	if p.open() {
		p.a.backend.View(0)
	}
	p.chat, p.hist, p.draft = storage.Chat{}, nil, draft{}
	p.view.Clear()
	p.blank.Hide()
	p.composer.SetText("")
	p.arrange()
}

// removed leaves the chat when it is the one that is gone.
func (p *chatPane) removed(id storage.ChatID) {
	if p.open() && p.chat.ID == id {
		p.endWriting()
		p.composer.SetText("")
		p.draft = draft{} // there is nothing left to keep it in
		p.a.shell.closeChat()
	}
}

func (p *chatPane) rows(messages []storage.Message) []widgets.Row {
	rows := make([]widgets.Row, len(messages))
	for i, m := range messages {
		rows[i] = p.row(m)
	}
	return rows
}

func (p *chatPane) row(m storage.Message) widgets.Row {
	var original *storage.Message
	if q, ok := p.hist.quoted[m.Pos]; ok {
		original = &q
	}
	return p.a.model.transcriptRow(p.chat, m, original)
}

// added takes messages that are new here.
func (p *chatPane) added(e account.MessagesAdded) {
	if !p.open() || p.chat.ID != e.Chat || len(e.Messages) == 0 {
		return
	}
	had := p.hist.divider
	switch e.Source {
	case account.Live:
		if p.hist.add(e.Messages, p.reading()) {
			p.view.Append(p.rows(e.Messages)...)
			p.readQuoted(e.Messages)
			p.lookBefore(e.Messages[0].Pos)
		}
	case account.FromCatchUp:
		p.hist.divide(e.Messages, false)
		p.found(e.Messages)
	default:
		p.found(e.Messages)
	}
	if p.hist.divider && !had {
		p.showDivider()
	}
}

// changed takes a message whose state changed.
func (p *chatPane) changed(m storage.Message) {
	if p.open() && p.chat.ID == m.Chat {
		p.tellTried(m)
		if p.hist.change(m) {
			p.view.Update(p.row(m))
			p.quotedChanged(m)
		}
	}
	p.about.follow(m)
}

func (p *chatPane) showDivider() {
	if p.hist.divider {
		p.view.SetUnread(rowID(p.hist.read))
	} else {
		p.view.ClearUnread()
	}
}

// inView reports whether the user sees the chat.
func (p *chatPane) inView() bool {
	return p.open() && p.a.focused && p.a.pages.top() == page(p.a.shell) && (!p.a.shell.narrow || p.a.shell.inChat)
}

// reading reports whether the user is looking at the end of the chat.
func (p *chatPane) reading() bool { return p.inView() && p.view.AtEnd() }

func (p *chatPane) seen(newest widgets.RowID) {
	if p.open() {
		p.hist.view(posOf(newest))
		p.markRead()
	}
}

// markRead tells the backend how far the user has seen.
func (p *chatPane) markRead() {
	if !p.inView() {
		return
	}
	if pos, ok := p.hist.toMark(); ok {
		id := p.chat.ID
		p.a.act(laneWrite, func(context.Context) error { return p.a.backend.MarkRead(id, pos) })
	}
}

// draftAfter is how long nobody types until what is written is stored: a crash
// loses a sentence at most, and typing does not write to the disk all the time.
const draftAfter = 2 * time.Second

// typed has the draft stored when the user rests.
func (p *chatPane) typed(text string) {
	p.a.typing()
	p.typist.typed(p.chat.ID, text)
	p.linked.typed(p)
	p.rest()
	p.rest = p.a.after(draftAfter, p.saveDraft)
}

// back leaves what is open over the chat: a recording, the search, or picking.
func (p *chatPane) back() bool {
	switch {
	case p.voice.back():
	case p.view.Picking():
		p.view.StopPicking()
	case p.find.box.Visible():
		p.find.hide()
	default:
		return false
	}
	return true
}

// stepMessage puts the keyboard at the message above, or below.
func (p *chatPane) stepMessage(by int) {
	p.focusTranscript()
	p.view.StepRow(by)
}

// focusTranscript puts the keyboard into the messages, to read and select.
func (p *chatPane) focusTranscript() { p.a.win.Canvas().Focus(p.view) }

// refresh shows what changed in the model.
func (p *chatPane) refresh(c changes) {
	if !p.open() {
		return
	}
	if kept, ok := p.a.model.chats[p.chat.ID]; ok {
		p.chat = kept
	}
	p.followPhase()
	p.followNames()
	if c.roster || c.accounts || c.times || c.chats || c.faces {
		p.header.set(p.a.model, p.chat, p.a.now())
		p.composer.SetPlaceholder(p.placeholder())
		p.showAccount()
	}
	if day := p.a.now().Format(time.DateOnly); day != p.day {
		p.day = day
		p.view.Refresh() // "Today" has become "Yesterday"
	}
	p.showBanners()
}

// placeholder says what the composer is for.
func (p *chatPane) placeholder() string {
	if p.a.model.isOwn(contactKey{p.chat.Account, p.chat.JID}) {
		return lang.L("Write a note")
	}
	return lang.L("Message {{.Name}}", map[string]any{"Name": p.a.model.shortName(p.chat.Account, p.chat.JID)})
}

// openLink opens an address from a message: our own kind here, others with the
// desktop.
func (a *App) openLink(link string) {
	u, err := url.Parse(link)
	switch {
	case err != nil:
		a.toast(badURIText())
	case strings.EqualFold(u.Scheme, "xmpp"):
		a.openURI(link)
	default:
		if err := a.fyne.OpenURL(u); err != nil {
			a.fail(err)
		}
	}
}

// rowID is the place of a message in the transcript.
func rowID(p storage.Pos) widgets.RowID { return widgets.RowID{Time: p.Time, Seq: p.Seq} }

// posOf is the counterpart of rowID; of an aside it gives the message below.
func posOf(r widgets.RowID) storage.Pos { return storage.Pos{Time: r.Time, Seq: r.Seq} }
