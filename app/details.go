package app

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// detailsPane tells about the open chat and its contact, and changes them.
// From there it leads to lists of what was said in the chat.
type detailsPane struct {
	a      *App
	box    *fyne.Container
	title  *widgets.Label
	back   *widgets.IconButton // leaves the list that is open
	close  *widgets.IconButton
	body   *fyne.Container
	room   *fyne.Container // the body, or the list that is open
	scroll *container.Scroll
	list   detailsList // nil while the body is shown

	rename *widgets.Field // nil unless the name is being changed
	shown  detailsContent
	times  localTimes
}

// detailsList is a list that takes the place of what the pane tells.
type detailsList interface {
	title() string
	object() fyne.CanvasObject
	focus()
	closed()
}

// detailsContent is what the pane shows; when it is the same as before, the
// widgets stay, and with them the keyboard focus.
type detailsContent struct {
	chat                    storage.ChatID
	key                     contactKey
	name, state, sub        string
	account, accountAddress string
	groups, devices         string
	muted                   string
	pinned, known, own      bool
	archived, blocked       bool
	told                    told
	usually                 usually
	show                    storage.Show
	picture                 *widgets.Portrait
	hasShow                 bool
}

func newDetailsPane(a *App) *detailsPane {
	p := &detailsPane{a: a, body: widgets.NewColumn(4)}
	p.close = widgets.NewIconButton(assets.IconClose, lang.L("Close details"), func() { a.shell.showDetails(false) })
	p.back = widgets.NewIconButton(assets.IconBack, lang.L("Back to the details"), func() { p.leaveList() })
	p.back.Hide()
	p.title = widgets.NewBoldLabel(lang.L("Details"), widgets.TextBody, widgets.ColorText)
	p.scroll = container.NewVScroll(container.New(margin(widgets.PagePadding), p.body))
	p.room = container.NewStack(p.scroll)
	p.box = container.New(free(p.layout), widgets.NewCover(widgets.ColorSide), widgets.NewLine(), p.title, p.back, p.close, p.room)
	return p
}

func (p *detailsPane) layout(o []fyne.CanvasObject, size fyne.Size) {
	const button, edge = widgets.IconButtonSize, 10
	place(o[0], 0, 0, size.Width, size.Height)
	place(o[1], 0, widgets.HeaderHeight-1, size.Width, 1)
	x := widgets.PagePadding
	if p.back.Visible() {
		place(p.back, edge, (widgets.HeaderHeight-button)/2, button, button)
		x = edge + button + 6
	}
	place(p.title, x, (widgets.HeaderHeight-20)/2, size.Width-x-button-edge-6, 20)
	place(p.close, size.Width-button-edge, (widgets.HeaderHeight-button)/2, button, button)
	place(p.room, 0, widgets.HeaderHeight, size.Width, size.Height-widgets.HeaderHeight)
}

// focus puts the keyboard into the pane.
func (p *detailsPane) focus() {
	if p.list != nil {
		p.list.focus()
		return
	}
	p.a.win.Canvas().Focus(p.close)
}

// show takes another chat.
func (p *detailsPane) show(c storage.Chat) {
	if c.ID != p.shown.chat {
		p.rename = nil
		p.leaveList()
		p.scroll.ScrollToTop()
	}
	p.refresh(everything)
}

// open shows a list in place of the details.
func (p *detailsPane) open(list detailsList) {
	p.list = list
	p.turn(list.title(), list.object())
	list.focus()
}

// leaveList goes back from a list to the details and reports whether one was
// open.
func (p *detailsPane) leaveList() bool {
	if p.list == nil {
		return false
	}
	p.list.closed()
	p.list = nil
	p.turn(lang.L("Details"), p.scroll)
	if p.a.shell != nil && p.a.shell.detailsShown() {
		p.focus()
	}
	return true
}

// turn puts something into the pane.
func (p *detailsPane) turn(title string, content fyne.CanvasObject) {
	p.title.SetText(title)
	p.room.Objects = []fyne.CanvasObject{content}
	show(p.back, p.list != nil)
	p.layout(p.box.Objects, p.box.Size())
	p.room.Refresh()
}

// refresh shows what changed in the model.
func (p *detailsPane) refresh(changes) {
	chat := p.a.shell.chat
	if !chat.open() {
		return
	}
	c := chat.chat
	contact, known := p.a.model.contact(c.Account, c.JID)
	next := p.content(c, contact, known)
	if next != p.shown {
		p.shown = next
		p.fill(c, contact, known)
	}
	if known {
		p.askTime(contact)
	}
}

func (p *detailsPane) content(c storage.Chat, contact account.Contact, known bool) detailsContent {
	m, now := p.a.model, p.a.now()
	d := detailsContent{
		chat: c.ID, key: contactKey{c.Account, c.JID}, name: m.name(c.Account, c.JID), state: lang.L("not in your contacts"),
		muted: mutedText(c, now), pinned: c.Pinned, known: known,
		told: told{c.Receipts, c.Markers, c.Typing, c.AutoDownload},
	}
	if info := m.account(c.Account); info != nil {
		limit, read := p.a.automatic[c.Account]
		if !read {
			p.a.readAutomatic(c.Account, func() { p.refresh(everything) })
		}
		d.usually = usually{!info.NoReceipts, !info.NoMarkers, !info.NoTyping, limit > 0}
		if len(m.accounts) > 1 {
			d.account, d.accountAddress = accountName(*info), info.Address
		}
	}
	d.archived, d.blocked = c.Archived, p.a.backend.IsBlocked(c.Account, c.JID)
	d.picture = m.faceAt(widgets.PortraitLarge, d.key, false, 0).Picture
	if d.own = m.isOwn(d.key); d.own {
		d.state = ownNotesState()
	}
	if !known {
		return d
	}
	d.state, d.show, d.hasShow = headerText(contact, now), contact.Best.Show, seesPresence(contact)
	d.groups = strings.Join(contact.Groups, "\x00")
	d.sub = subscriptionText(contact)
	for _, r := range contact.Resources {
		d.devices += deviceName(r) + "\x00" + p.deviceState(d.key, r) + "\x00"
	}
	return d
}

// fill makes the content anew.
func (p *detailsPane) fill(c storage.Chat, contact account.Contact, known bool) {
	d := p.shown
	p.body.RemoveAll()
	p.head(c, contact, known)
	if d.account != "" {
		p.section(lang.L("Account"))
		p.add(widgets.NewParagraph(d.account, widgets.TextSecondary, widgets.ColorText))
	}
	if len(contact.Resources) > 0 {
		p.section(lang.L("Devices"))
		for _, r := range contact.Resources {
			p.add(widgets.NewSettingRow(deviceName(r), p.deviceState(d.key, r), nil))
		}
	}
	if known {
		p.about()
		p.groups(contact)
		p.subscription(contact)
	}
	p.thisChat(c)
	if !d.own {
		p.telling(c)
	}
	if known && !d.own {
		p.fetching(c)
	}
	p.acts(c, known)
	p.body.Refresh()
}

func (p *detailsPane) add(objects ...fyne.CanvasObject) {
	for _, o := range objects {
		p.body.Add(o)
	}
}

func (p *detailsPane) section(title string) {
	p.add(widgets.NewGap(8), widgets.NewSectionLabel(title))
}
