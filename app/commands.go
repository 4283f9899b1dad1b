package app

import (
	"runtime"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"linnet/widgets"
)

// command is something the user can do from the whole window. The menu, the
// palette and the sheet of shortcuts are made from the table of them.
type command struct {
	id    string
	title string  // in the user's language
	words string  // by which the palette finds it, too
	group string  // the menu it is in
	keys  []chord // the first one is shown
	// enabled reports whether it can run now; nil means always.
	enabled func() bool
	run     func()
	// plain keeps the command out of the palette: it only makes sense as a key.
	plain bool
	// everywhere lets it run while a page or a card covers the chats.
	everywhere bool
	// atMessage says that its bare keys work while the keyboard is at a message,
	// and only then.
	atMessage bool
	// keysText stands for the keys of this command and of those after it that
	// are unlisted.
	keysText string
	unlisted bool
}

func (c command) can() bool { return c.enabled == nil || c.enabled() }

// chord is a key with its modifiers.
type chord struct {
	key fyne.KeyName
	mod fyne.KeyModifier
}

const (
	ctrl      = fyne.KeyModifierShortcutDefault
	shift     = fyne.KeyModifierShift
	alt       = fyne.KeyModifierAlt
	ctrlShift = ctrl | shift
)

// bare reports whether a chord is a key alone, which Fyne gives to the focused
// widget instead of making a shortcut of it.
func (c chord) bare() bool { return c.mod == 0 || c.mod == shift }

func (c chord) shortcut() *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: c.key, Modifier: c.mod}
}

// String is the chord as it is shown: "Ctrl Shift A".
func (c chord) String() string {
	var parts []string
	for _, m := range []struct {
		mod       fyne.KeyModifier
		name, mac string
	}{
		{fyne.KeyModifierControl, "Ctrl", "⌃"},
		{fyne.KeyModifierAlt, "Alt", "⌥"},
		{fyne.KeyModifierShift, "Shift", "⇧"},
		{fyne.KeyModifierSuper, "Super", "⌘"},
	} {
		switch {
		case c.mod&m.mod == 0:
		case runtime.GOOS == "darwin":
			parts = append(parts, m.mac)
		default:
			parts = append(parts, m.name)
		}
	}
	return strings.Join(append(parts, keyName(c.key)), " ")
}

func keyName(k fyne.KeyName) string {
	switch k {
	case fyne.KeyEscape:
		return "Esc"
	case fyne.KeyUp:
		return "↑"
	case fyne.KeyDown:
		return "↓"
	case fyne.KeyLeft:
		return "←"
	case fyne.KeyRight:
		return "→"
	case fyne.KeyReturn:
		return "Enter"
	case fyne.KeyDelete:
		return "Del"
	}
	return string(k)
}

// commandTable lists every command, in the order of the menus.
func (a *App) commandTable() []command {
	var table []command
	for _, part := range [][]command{
		a.chatCommands(), a.messageCommands(), a.chatActCommands(), a.contactCommands(), a.viewCommands(), a.statusCommands(), a.programCommands(),
	} {
		table = append(table, part...)
	}
	return table
}

func (a *App) chatCommands() []command {
	group := lang.L("Chat")
	open := func() bool { return a.shell.chat.open() }
	inChat := func(act func(chatAct)) func() {
		return func() { a.withOpenChat(act) }
	}
	return []command{
		{id: "chat.new", title: lang.L("New chat"), group: group, keys: []chord{{fyne.KeyN, ctrl}}, enabled: a.hasAccount, run: a.showNewChat},
		{id: "chat.next", title: lang.L("Next chat"), group: group, keys: []chord{{fyne.KeyDown, alt}, {fyne.KeyTab, ctrl}}, run: func() { a.shell.step(1) }, plain: true},
		{id: "chat.previous", title: lang.L("Previous chat"), group: group, keys: []chord{{fyne.KeyUp, alt}, {fyne.KeyTab, ctrlShift}}, run: func() { a.shell.step(-1) }, plain: true},
		{id: "chat.details", title: lang.L("Details"), group: group, keys: []chord{{fyne.KeyI, ctrl}}, enabled: open, run: func() { a.shell.toggleDetails() }},
		{id: "chat.shared", title: lang.L("Media, links and files"), group: group, enabled: open, run: func() {
			a.shell.showDetails(true)
			a.shell.details.openShared()
		}},
		{
			id: "chat.loadall", title: lang.L("Load all history"), group: group, run: inChat(chatAct.loadAll),
			enabled: func() bool { c, ok := a.model.chats[a.shell.chat.id()]; return ok && chatAct{a, c}.canLoadAll() },
		},
		{id: "chat.record", title: lang.L("Record a voice message"), group: group, keys: []chord{{fyne.KeyR, ctrlShift}}, enabled: open, run: func() { a.shell.chat.voice.begin() }},
		{id: "chat.find", title: lang.L("Search in this chat"), group: group, keys: []chord{{fyne.KeyF, ctrl}}, enabled: open, run: func() { a.shell.chat.find.show() }},
		{id: "chat.day", title: lang.L("Go to a day"), group: group, enabled: open, run: func() { a.shell.chat.showGoToDay() }},
		{id: "chat.starred", title: lang.L("Starred messages of this chat"), group: group, enabled: open, run: func() { a.showStarred(a.shell.chat.id()) }},
		{id: "message.starred", title: lang.L("Starred messages"), group: group, run: func() { a.showStarred(0) }},
		{id: "message.above", title: lang.L("Message above"), group: group, keys: []chord{{fyne.KeyUp, ctrl}}, enabled: open, run: func() { a.shell.chat.stepMessage(-1) }, plain: true},
		{id: "message.below", title: lang.L("Message below"), group: group, keys: []chord{{fyne.KeyDown, ctrl}}, enabled: open, run: func() { a.shell.chat.stepMessage(1) }, plain: true},
		{id: "message.details", title: lang.L("Message details"), group: group, keys: []chord{{fyne.KeyI, ctrlShift}, {fyne.KeyReturn, 0}}, atMessage: true, enabled: open, run: func() { a.shell.chat.showCurrent() }},
		{id: commandEmoji, title: lang.L("Choose an emoji"), group: group, keys: []chord{{fyne.KeyE, ctrl}}, enabled: open, run: func() { a.shell.chat.composer.ShowEmoji() }},
		{id: "chat.close", title: lang.L("Close this chat"), group: group, keys: []chord{{fyne.KeyW, ctrl}}, enabled: open, run: func() { a.shell.closeChat() }},
	}
}

// commandEmoji opens the picker, or closes it, and commandBack leaves whatever
// is on top, as the toolkit's dialog for files.
const (
	commandEmoji = "message.emoji"
	commandBack  = "view.back"
)

func (a *App) contactCommands() []command {
	group := lang.L("Contacts")
	return []command{
		{id: "contact.add", title: lang.L("Add contact"), group: group, keys: []chord{{fyne.KeyN, ctrlShift}}, enabled: a.hasAccount, run: func() { a.showAddContact(addContact{}) }},
		{id: "contact.requests", title: lang.L("Show requests"), group: group, enabled: func() bool { return len(inquiries(a.model)) > 0 }, run: a.showRequests},
	}
}

func (a *App) viewCommands() []command {
	group := lang.L("View")
	table := []command{
		{id: "view.palette", title: lang.L("Search"), group: group, keys: []chord{{fyne.KeyK, ctrl}}, run: func() { a.showPalette("") }, plain: true, everywhere: true},
		{id: "view.chats", title: lang.L("Show chats"), group: group, run: func() { a.shell.side.show(tabChats) }},
		{id: "view.contacts", title: lang.L("Show contacts"), group: group, run: func() { a.shell.side.show(tabContacts) }},
		{id: "view.nextpane", title: lang.L("Next pane"), group: group, keys: []chord{{fyne.KeyF6, 0}}, run: func() { a.shell.cyclePane(1) }, plain: true},
		{id: "view.previouspane", title: lang.L("Previous pane"), group: group, keys: []chord{{fyne.KeyF6, shift}}, run: func() { a.shell.cyclePane(-1) }, plain: true},
		{id: commandBack, title: lang.L("Back"), group: group, keys: []chord{{fyne.KeyEscape, 0}}, run: a.back, plain: true, everywhere: true},
		{id: "view.shortcuts", title: lang.L("Keyboard shortcuts"), group: group, keys: []chord{{fyne.KeySlash, ctrl}}, run: a.showShortcuts, everywhere: true},
	}
	digits := []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9}
	for i, key := range digits {
		c := command{
			id: "chat.nth." + string(key), title: lang.L("Open a chat by its place"), group: group,
			keys: []chord{{key, alt}}, run: func() { a.shell.openNth(i) }, plain: true, unlisted: i > 0,
		}
		c.keysText = chord{fyne.Key1, alt}.String() + " … 9"
		table = append(table, c)
	}
	return table
}

func (a *App) programCommands() []command {
	group := lang.L("Linnet")
	return []command{
		{id: "program.settings", title: lang.L("Settings"), group: group, keys: []chord{{fyne.KeyComma, ctrl}}, run: func() { a.showSettings("") }},
		{
			id: "program.accounts", title: lang.L("Account settings"), group: group, words: lang.L("password certificate archive receipts previews sign out remove"),
			run: func() { a.showSettings(sectionAccounts) },
		},
		{
			id: "program.appearance", title: lang.L("Appearance settings"), group: group, words: lang.L("theme dark light colours"),
			run: func() { a.showSettings(sectionAppearance) },
		},
		{
			id: "program.notifications", title: lang.L("Notification settings"), group: group, words: lang.L("desktop alerts"),
			run: func() { a.showSettings(sectionNotifications) },
		},
		{
			id: "program.files", title: lang.L("File settings"), group: group, words: lang.L("downloads save folder fetch pictures sounds automatic"),
			run: func() { a.showSettings(sectionFiles) },
		},
		{id: "program.profile", title: lang.L("Your profile"), group: group, enabled: a.hasAccount, run: func() { a.showOfAccount((*settingsPage).openProfile) }},
		{id: "program.blocked", title: lang.L("Blocked addresses"), group: group, enabled: a.hasAccount, run: func() { a.showOfAccount((*settingsPage).openBlocked) }},
		{id: "program.addaccount", title: lang.L("Add account"), group: group, run: a.showAddAccount},
		{id: "program.connection", title: lang.L("Connection details"), group: group, enabled: func() bool { return len(a.model.accounts) > 0 }, run: a.showConnections},
		{id: "program.about", title: lang.L("About Linnet"), group: group, run: func() { a.showSettings(sectionAbout) }},
		{id: "program.quit", title: lang.L("Quit"), group: group, keys: []chord{{fyne.KeyQ, ctrl}}, run: a.Quit, everywhere: true},
	}
}

// listen makes every chord of the table work, wherever the keyboard is. Fyne
// gives shortcuts to the focused object when that takes any, as every entry
// does, else to the canvas; our entries pass on to typedShortcut what they do
// not edit with. Keys without a modifier come by typedKey in the same way.
func (a *App) listen() {
	a.chords = map[chord]command{}
	for _, c := range a.commands {
		for _, key := range c.keys {
			a.chords[key] = c
			if !key.bare() {
				a.win.Canvas().AddShortcut(key.shortcut(), a.typedShortcut)
			}
		}
	}
	a.win.Canvas().SetOnTypedKey(a.typedKey)
}

// typedShortcut runs the command of a shortcut, if there is one.
func (a *App) typedShortcut(s fyne.Shortcut) {
	if k, ok := s.(fyne.KeyboardShortcut); ok {
		a.typedChord(chord{k.Key(), k.Mod()})
	}
}

// typedKey runs the command of a key that the focused object has no use for.
func (a *App) typedKey(e *fyne.KeyEvent) {
	key := chord{key: e.Name}
	if d, ok := a.fyne.Driver().(desktop.Driver); ok {
		key.mod = d.CurrentKeyModifiers() & shift
	}
	a.typedChord(key)
}

func (a *App) typedChord(key chord) {
	if c, ok := a.chords[key]; ok && !(c.atMessage && key.bare()) {
		a.runCommand(c)
	}
}

// runCommand runs a command if it can run now. While a page covers the chats
// or a card is open, only commands that work everywhere do: the others would
// change what the user does not see. Over the toolkit's dialog for files nothing
// is opened, because closing that would take it away as well.
func (a *App) runCommand(c command) {
	if !c.can() || !c.everywhere && a.covered() || a.choosingHere && c.id != commandBack {
		return
	}
	switch top := a.win.Canvas().Overlays().Top().(type) {
	case *widgets.Menu:
		top.Close() // it was about what was in view before
	case *widgets.EmojiPicker:
		top.Close()
		if c.id == commandEmoji {
			return // its key leaves it as well
		}
	}
	c.run()
}

// commandByID finds a command of the table.
func (a *App) commandByID(id string) (command, bool) {
	i := slices.IndexFunc(a.commands, func(c command) bool { return c.id == id })
	if i < 0 {
		return command{}, false
	}
	return a.commands[i], true
}

// runByID runs a command of the table, as a button does.
func (a *App) runByID(id string) {
	if c, ok := a.commandByID(id); ok {
		a.runCommand(c)
	}
}

// covered reports whether something lies over the chats.
func (a *App) covered() bool { return a.pages.top() != page(a.shell) || a.cards.open() }

// runFromPalette runs a command that was looked for by name: what covers the
// chats is left first.
func (a *App) runFromPalette(c command) {
	a.leavePages()
	a.runCommand(c)
}

// mainMenu is the table as the menu bar of systems that have one outside the
// window.
func (a *App) mainMenu() *fyne.MainMenu {
	menu := fyne.NewMainMenu()
	byGroup := map[string]*fyne.Menu{}
	for _, c := range a.commands {
		if c.plain {
			continue
		}
		m := byGroup[c.group]
		if m == nil {
			m = fyne.NewMenu(c.group)
			byGroup[c.group] = m
			menu.Items = append(menu.Items, m)
		}
		item := fyne.NewMenuItem(c.title, func() { a.runCommand(c) })
		if len(c.keys) > 0 && !c.keys[0].bare() {
			item.Shortcut = c.keys[0].shortcut()
		}
		m.Items = append(m.Items, item)
	}
	return menu
}
