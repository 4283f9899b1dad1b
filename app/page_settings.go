package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// Sections of the settings, by the name showSettings takes.
const (
	sectionAccounts      = "accounts"
	sectionAppearance    = "appearance"
	sectionNotifications = "notifications"
	sectionFiles         = "files"
	sectionAbout         = "about"
)

// section is one part of the settings.
type section interface {
	object() fyne.CanvasObject
	refresh(changes)
}

// settingsPage is the page of all settings: the sections at the left, the open
// one at the right. A narrow window shows one of the two.
type settingsPage struct {
	a       *App
	box     *fyne.Container
	nav     *widgets.NavList
	side    fyne.CanvasObject
	line    fyne.CanvasObject
	back1   *widgets.IconButton // leaves the settings
	back2   *widgets.IconButton // leaves an account, or in a narrow window the section
	title   *widgets.Label
	body    *fyne.Container
	scroll  *container.Scroll
	ids     []string
	open    section
	account storage.AccountID // the account that is open in the accounts section; 0 for none
	deep    bool              // its connection is open
	inside  bool              // a narrow window shows the section, not the list
}

// showSettings opens a section of the settings; "" means the first.
func (a *App) showSettings(id string) {
	p := a.settings()
	for i, known := range p.ids {
		if known == id {
			p.nav.Select(i)
		}
	}
	p.inside = id != ""
	p.showSection()
}

// showAccount opens the settings of one account.
func (a *App) showAccount(id storage.AccountID) {
	p := a.settings()
	p.nav.Select(0)
	p.inside = true
	p.openAccount(id)
}

// settings is the page, brought to the top.
func (a *App) settings() *settingsPage {
	for _, open := range a.pages.pages {
		if p, ok := open.(*settingsPage); ok {
			a.pages.remove(p)
			break
		}
	}
	p := newSettingsPage(a)
	a.pages.push(p)
	return p
}

func newSettingsPage(a *App) *settingsPage {
	p := &settingsPage{a: a, ids: []string{sectionAccounts, sectionAppearance, sectionNotifications, sectionFiles, sectionAbout}}
	p.nav = widgets.NewNavList([]string{lang.L("Accounts"), lang.L("Appearance"), lang.L("Notifications"), lang.L("Files"), lang.L("About")}, func(int) {
		p.account, p.inside = 0, true
		p.showSection()
		if !p.narrow(p.box.Size()) {
			p.focus() // what had the keyboard may be gone
		}
	})
	p.back1 = widgets.NewIconButton(assets.IconBack, lang.L("Back"), func() { a.pages.remove(p) })
	p.back2 = widgets.NewIconButton(assets.IconBack, lang.L("Back"), func() { p.back() })
	heading := widgets.NewBoldLabel(lang.L("Settings"), settingsTitleSize, widgets.ColorText)
	p.side = container.NewStack(widgets.NewGround(widgets.ColorSide),
		container.New(free(p.layoutSide), p.back1, heading, p.nav))
	p.line = widgets.NewGround(widgets.ColorLine)
	p.title = widgets.NewBoldLabel("", widgets.TextTitle, widgets.ColorText)
	p.body = container.New(free(func([]fyne.CanvasObject, fyne.Size) {}))
	p.scroll = container.NewVScroll(container.New(&settingsBody{p}, p.body))
	p.box = container.New(free(p.layout), p.side, p.line, p.back2, p.title, p.scroll)
	p.showSection()
	return p
}

// Sizes of the settings in dp.
const (
	settingsTitleSize = 18
	settingsMargin    = 40  // left of the open section
	settingsTight     = 18  // the same in a narrow window
	settingsWidth     = 680 // the widest a section gets
	settingsHead      = 72  // where a section begins under its title
)

func (p *settingsPage) layoutSide(o []fyne.CanvasObject, size fyne.Size) {
	place(o[0], 8, 12, widgets.IconButtonSize, widgets.IconButtonSize)
	place(o[1], 8+widgets.IconButtonSize+4, 12, size.Width-60, widgets.IconButtonSize)
	place(o[2], 14, 54, size.Width-28, p.nav.MinSize().Height)
}

func (p *settingsPage) narrow(size fyne.Size) bool { return size.Width < widgets.OnePaneBelow }

func (p *settingsPage) layout(_ []fyne.CanvasObject, size fyne.Size) {
	narrow := p.narrow(size)
	x, margin := float32(widgets.SideWidth), float32(settingsMargin)
	if narrow {
		x, margin = 0, settingsTight
	}
	show(p.side, !narrow || !p.inside)
	show(p.line, !narrow)
	if narrow {
		place(p.side, 0, 0, size.Width, size.Height)
	} else {
		place(p.side, 0, 0, x, size.Height)
		place(p.line, x, 0, widgets.LineWidth, size.Height)
	}
	section := !narrow || p.inside
	show(p.title, section)
	show(p.scroll, section)
	up := section && (p.account != 0 || narrow)
	show(p.back2, up)
	at := x + margin
	if up {
		place(p.back2, at-8, 24, widgets.IconButtonSize, widgets.IconButtonSize)
		at += widgets.IconButtonSize
	}
	place(p.title, at, 24, size.Width-at-margin, widgets.IconButtonSize)
	place(p.scroll, x+1, settingsHead, size.Width-x-1, size.Height-settingsHead)
}

// settingsBody gives the open section its width, and the height it needs then.
type settingsBody struct{ p *settingsPage }

func (l *settingsBody) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	margin := float32(settingsMargin)
	if l.p.narrow(l.p.box.Size()) {
		margin = settingsTight
	}
	w := min(settingsWidth, size.Width-2*margin)
	place(l.p.body, margin, 0, w, size.Height)
	for _, o := range l.p.body.Objects {
		o.Resize(fyne.NewSize(w, o.MinSize().Height))
		o.Resize(fyne.NewSize(w, o.MinSize().Height)) // wrapped text knows its height only at its width
	}
}

func (l *settingsBody) MinSize([]fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, o := range l.p.body.Objects {
		h = max(h, o.MinSize().Height)
	}
	return fyne.NewSize(0, h+24)
}

// showSection shows what the list has selected.
func (p *settingsPage) showSection() {
	p.account, p.deep = 0, false
	switch p.ids[p.nav.Selected()] {
	case sectionAccounts:
		p.set(lang.L("Accounts"), newAccountsSection(p))
	case sectionAppearance:
		p.set(lang.L("Appearance"), newAppearanceSection(p.a))
	case sectionNotifications:
		p.set(lang.L("Notifications"), newNotificationsSection(p.a))
	case sectionFiles:
		p.set(lang.L("Files"), newFilesSection(p))
	default:
		p.set(lang.L("About Linnet"), newAboutSection(p.a))
	}
}

// openAccount shows the settings of an account in place of the list of them.
func (p *settingsPage) openAccount(id storage.AccountID) {
	info := p.a.model.account(id)
	if info == nil {
		p.showSection()
		return
	}
	p.account, p.deep = id, false
	p.set(info.Address, newAccountSection(p, *info))
}

// openConnection shows how an account is connected in place of its settings.
func (p *settingsPage) openConnection(id storage.AccountID) {
	p.openBelow(id, lang.L("Connection"), func() section { return newConnectionSection(p, id) })
}

// openBelow shows a part of the settings of an account in their place.
func (p *settingsPage) openBelow(id storage.AccountID, title string, make func() section) {
	info := p.a.model.account(id)
	if info == nil {
		p.showSection()
		return
	}
	p.account, p.deep = id, true
	if len(p.a.model.accounts) > 1 {
		title += " · " + accountName(*info)
	}
	p.set(title, make())
	if !p.narrow(p.box.Size()) {
		p.focus() // what had the keyboard is gone
	}
}

func (p *settingsPage) set(title string, s section) {
	p.open = s
	p.title.SetText(title)
	p.body.Objects = []fyne.CanvasObject{s.object()}
	p.scroll.ScrollToTop()
	p.box.Layout.Layout(p.box.Objects, p.box.Size())
	p.fit()
}

// fit makes room after the open section changed its height.
func (p *settingsPage) fit() { p.scroll.Content.Refresh(); p.scroll.Refresh() }

func (p *settingsPage) object() fyne.CanvasObject { return p.box }
func (p *settingsPage) focus()                    { p.a.win.Canvas().Focus(p.nav) }

// back goes from a part of an account's settings to all of them, from an account
// to the list of them, and in a narrow window from the section to the list of
// sections.
func (p *settingsPage) back() bool {
	switch {
	case p.deep:
		p.openAccount(p.account)
	case p.account != 0:
		p.showSection()
	case p.inside && p.narrow(p.box.Size()):
		p.inside = false
		p.box.Layout.Layout(p.box.Objects, p.box.Size())
	default:
		return false
	}
	return true
}

func (p *settingsPage) refresh(c changes) {
	if p.account != 0 && p.a.model.account(p.account) == nil {
		p.showSection()
		return
	}
	p.open.refresh(c)
}
