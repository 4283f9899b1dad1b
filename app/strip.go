package app

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// accountStrip shows the own accounts with their states, the button for
// something new, and the settings.
type accountStrip struct {
	a        *App
	box      *fyne.Container
	faces    *fyne.Container
	add      *widgets.IconButton
	settings *widgets.IconButton
	buttons  map[storage.AccountID]*widgets.AvatarButton
	shown    []storage.AccountID
}

func newAccountStrip(a *App) *accountStrip {
	s := &accountStrip{a: a, buttons: map[storage.AccountID]*widgets.AvatarButton{}}
	s.faces = container.New(free(layoutFaces))
	s.add = widgets.NewIconButton(assets.IconPlus, lang.L("New"), s.addMenu)
	s.settings = widgets.NewIconButton(assets.IconSliders, lang.L("Settings"), func() { a.showSettings("") })
	s.box = container.New(free(s.layout), s.faces, s.add, s.settings)
	return s
}

// faceStep is the distance from one avatar of the strip to the next.
const faceStep = widgets.AvatarSmallSize + 10

func layoutFaces(o []fyne.CanvasObject, size fyne.Size) {
	for i, face := range o {
		place(face, float32(i)*faceStep, (size.Height-widgets.AvatarSmallSize)/2, widgets.AvatarSmallSize, widgets.AvatarSmallSize)
		show(face, float32(i+1)*faceStep <= size.Width+10)
	}
}

func (s *accountStrip) layout(_ []fyne.CanvasObject, size fyne.Size) {
	const button, edge = widgets.IconButtonSize, 14
	room := size.Width - 2*edge - 2*button - 8
	faces := min(room, float32(len(s.faces.Objects))*faceStep)
	place(s.faces, edge, 0, faces, size.Height)
	place(s.add, edge+faces-2, (size.Height-button)/2, button, button)
	place(s.settings, size.Width-edge-button+2, (size.Height-button)/2, button, button)
}

// refresh shows the accounts as they are now.
func (s *accountStrip) refresh() {
	var ids []storage.AccountID
	for _, info := range s.a.model.accounts {
		ids = append(ids, info.ID)
		b := s.buttons[info.ID]
		if b == nil {
			id := info.ID
			b = widgets.NewAvatarButton(widgets.AvatarSmallSize, widgets.ColorSide, "", nil)
			b.OnTapped(func() { s.menu(id, b) })
			s.buttons[id] = b
		}
		state, _ := accountState(info, s.a.now())
		b.Set(s.a.model.accountFace(info), accountName(info)+" · "+state)
	}
	if !equal(ids, s.shown) {
		s.shown = ids
		s.faces.RemoveAll()
		for _, id := range ids {
			s.faces.Add(s.buttons[id])
		}
		s.layout(nil, s.box.Size())
	}
}

func equal(a, b []storage.AccountID) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// addMenu offers what can be begun.
func (s *accountStrip) addMenu() {
	a := s.a
	widgets.ShowMenuUnder(s.add, []widgets.MenuItem{
		{Text: lang.L("New chat"), Icon: assets.IconEdit, Shortcut: chord{fyne.KeyN, ctrl}.String(), Disabled: !a.hasAccount(), Do: a.showNewChat},
		{Text: lang.L("Add contact"), Icon: assets.IconPersonAdd, Shortcut: chord{fyne.KeyN, ctrlShift}.String(), Disabled: !a.hasAccount(), Do: func() { a.showAddContact(addContact{}) }},
		{Text: ownNotesName(), Icon: assets.IconBookmark, Disabled: !a.hasAccount(), Do: a.openOwnNotes},
		{Separator: true},
		{Text: lang.L("Add account"), Icon: assets.IconKey, Do: a.showAddAccount},
	})
}

// shows are the choices of a status, best first.
var shows = []storage.Show{storage.ShowOnline, storage.ShowAway, storage.ShowExtendedAway, storage.ShowBusy, storage.ShowOffline}

// menu is what can be done with an own account.
func (s *accountStrip) menu(id storage.AccountID, under fyne.CanvasObject) {
	a := s.a
	info := a.model.account(id)
	if info == nil {
		return
	}
	state, bad := accountState(*info, a.now())
	items := []widgets.MenuItem{
		{Text: accountName(*info), Note: true},
		{Text: state, Note: !bad, Danger: bad, Do: func() { a.cure(*info) }},
	}
	if info.State.Phase == stream.Waiting {
		items = append(items, widgets.MenuItem{Text: lang.L("Try now"), Do: func() { a.reconnect(id) }})
	}
	items = append(items, widgets.MenuItem{Separator: true})
	if !info.Enabled {
		items = append(items, widgets.MenuItem{Text: lang.L("Switch on"), Do: func() { a.enable(id) }})
	} else {
		items = append(items, a.statusItems(*info)...)
	}
	items = append(items,
		widgets.MenuItem{Separator: true},
		widgets.MenuItem{Text: lang.L("Connection details"), Icon: assets.IconInfo, Do: func() { a.showConnection(id) }},
		widgets.MenuItem{Text: lang.L("Account settings"), Icon: assets.IconSliders, Do: func() { a.showAccount(id) }},
	)
	widgets.ShowMenuUnder(under, items)
}

// statusItems choose a status and, with several accounts, whether it is that of
// all or of this one only.
func (a *App) statusItems(info account.Info) []widgets.MenuItem {
	var items []widgets.MenuItem
	for _, choice := range shows {
		items = append(items, widgets.MenuItem{
			Text: showText(choice), Presence: presenceOf(true, choice), Checked: info.Effective.Show == choice,
			Do: func() { a.setShow(info, choice) },
		})
	}
	if len(a.model.accounts) < 2 {
		return items
	}
	own := func(s *storage.Status) func() {
		return func() {
			a.act(laneNet, func(ctx context.Context) error { return a.backend.SetAccountStatus(ctx, info.ID, s) })
		}
	}
	return append(items,
		widgets.MenuItem{Separator: true},
		widgets.MenuItem{Text: lang.L("The same for all accounts"), Checked: !info.OwnStatus, Do: own(nil)},
		widgets.MenuItem{Text: lang.L("For this account only"), Checked: info.OwnStatus, Do: own(&info.Effective)},
	)
}

// enable switches an account on.
func (a *App) enable(id storage.AccountID) {
	a.act(laneNet, func(ctx context.Context) error { return a.backend.SetEnabled(ctx, id, true) })
}

// setShow changes the status of an account: its own where it has one, else the
// common one. The words of the status stay.
func (a *App) setShow(info account.Info, choice storage.Show) {
	status := storage.Status{Show: choice, Message: info.Effective.Message}
	a.act(laneNet, func(ctx context.Context) error {
		if info.OwnStatus {
			return a.backend.SetAccountStatus(ctx, info.ID, &status)
		}
		return a.backend.SetStatus(ctx, status)
	})
}
