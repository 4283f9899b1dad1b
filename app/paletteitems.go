package app

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

// Bounds of the palette: what a person reads at a glance. More typing finds
// the rest.
const (
	palettePeople   = 6
	paletteCommands = 6
)

// paletteItem is one thing the palette offers.
type paletteItem struct {
	section string // heading it stands under
	title   string
	spans   []widgets.Span // of title, what the query found
	line    string         // the second line; only people have one
	keys    string         // shortcut of a command

	// Of a person:
	person  bool
	key     contactKey
	show    storage.Show
	hasShow bool
	stripe  uint32

	run func()
}

// paletteItems lists what fits a query, best first within each section:
// contacts and conversations, a chat with an address that is none of them, then
// commands. Without a query it offers the people talked to last.
func (a *App) paletteItems(query string) []paletteItem {
	query = strings.TrimSpace(query)
	items := palettePersons(a.model, query, a.now())
	for i := range items {
		key := items[i].key
		items[i].run = func() { a.openChatWith(key.account, key.jid, "") }
	}
	if item, ok := a.paletteStranger(query, items); ok {
		items = append(items, item)
	}
	return append(items, paletteCommandItems(a.commands, query, a.runFromPalette)...)
}

// paletteStranger offers a chat with an address that is not among those found.
func (a *App) paletteStranger(query string, found []paletteItem) (paletteItem, bool) {
	address, err := account.ValidateAddress(query)
	if err != nil || !a.hasAccount() {
		return paletteItem{}, false
	}
	jid := address.String()
	for _, f := range found {
		if f.key.jid == jid {
			return paletteItem{}, false
		}
	}
	return paletteItem{
		section: lang.L("People"),
		title:   lang.L("Start a chat with {{.Address}}", map[string]any{"Address": widgets.Harmless(jid)}),
		run:     func() { a.startChat(jid) },
	}, true
}

// startChat opens a chat with a stranger, by the account of the user's choice.
func (a *App) startChat(jid string) {
	if own := a.model.enabled(); len(own) == 1 {
		a.openChatWith(own[0].ID, jid, "")
		return
	}
	a.leavePages()
	a.showNewChatWith(jid, "")
}

// scored is an item with how well it fits.
type scored struct {
	paletteItem
	rank  rank
	newer storage.Pos // the newest message, to put those talked to first
}

// palettePersons finds people by name and address.
func palettePersons(m *model, query string, now time.Time) []paletteItem {
	last := map[contactKey]storage.Pos{}
	keys := map[contactKey]bool{}
	for _, c := range m.chats {
		if m.account(c.Account) != nil && c.Kind == storage.ChatDirect && !c.Request {
			k := contactKey{c.Account, c.JID}
			last[k] = c.Last.Pos
			keys[k] = true
		}
	}
	if query != "" {
		for k := range m.contacts {
			keys[k] = true
		}
		for _, item := range ownNotesItems(m) {
			keys[item.key] = true
		}
	}
	var found []scored
	for k := range keys {
		s := scored{paletteItem: paletteItem{
			section: lang.L("People"), title: m.name(k.account, k.jid), person: true, key: k, stripe: m.stripe(k.account),
		}, newer: last[k]}
		s.rank, s.spans = match(query, s.title)
		if byAddress, _ := match(query, k.jid); s.rank < byAddress && s.rank == rankNone && (query == k.jid || !m.isOwn(k)) {
			s.rank, s.spans = byAddress, nil
		}
		if s.rank == rankNone || query == "" && s.newer.IsZero() {
			continue
		}
		s.line = widgets.Harmless(k.jid)
		if c, ok := m.contact(k.account, k.jid); ok {
			s.line, s.show, s.hasShow = headerText(c, now), c.Best.Show, seesPresence(c)
		}
		found = append(found, s)
	}
	slices.SortFunc(found, func(a, b scored) int {
		switch {
		case a.rank != b.rank:
			return int(b.rank) - int(a.rank)
		case a.newer != b.newer:
			return less(b.newer.Before(a.newer))
		}
		return compareNames(sortKey(a.title), sortKey(b.title), a.key, b.key)
	})
	return first(found, palettePeople)
}

// ownNotesItems are the notes of each account in use.
func ownNotesItems(m *model) []paletteItem {
	var items []paletteItem
	for _, info := range m.enabled() {
		items = append(items, paletteItem{
			section: lang.L("People"), title: ownNotesName(), person: true, line: info.Address,
			key: contactKey{info.ID, info.Address}, stripe: m.stripe(info.ID),
		})
	}
	return items
}

// paletteCommandItems finds commands by their titles, then by other words for them;
// without a query there are none.
func paletteCommandItems(commands []command, query string, run func(command)) []paletteItem {
	if query == "" {
		return nil
	}
	var found []scored
	for _, c := range commands {
		if c.plain || !c.can() {
			continue
		}
		s := scored{paletteItem: paletteItem{section: lang.L("Commands"), title: c.title, run: func() { run(c) }}}
		if len(c.keys) > 0 {
			s.keys = c.keys[0].String()
		}
		if s.rank, s.spans = match(query, c.title); s.rank < rankWords {
			byWords, _ := match(query, c.title+" "+c.words)
			s.rank, s.spans = min(byWords, rankWords), nil
		}
		if s.rank >= rankWords {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return int(b.rank) - int(a.rank) })
	return first(found, paletteCommands)
}

// first takes the first n items out of their scores.
func first(found []scored, n int) []paletteItem {
	items := make([]paletteItem, 0, n)
	for _, s := range found[:min(n, len(found))] {
		items = append(items, s.paletteItem)
	}
	return items
}
