package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"linnet/account"
)

var _ Backend = (*account.Manager)(nil)

func TestCommandTable(t *testing.T) {
	h := open(t, verona(), wide)
	ids, keys := map[string]bool{}, map[chord]string{}
	for _, c := range h.a.commands {
		if c.id == "" || c.title == "" || c.group == "" || c.run == nil {
			t.Errorf("%+v is not whole", c)
		}
		if ids[c.id] {
			t.Errorf("the id %s is taken twice", c.id)
		}
		ids[c.id] = true
		for _, k := range c.keys {
			if other := keys[k]; other != "" {
				t.Errorf("%v is a key of %s and of %s", k, other, c.id)
			}
			keys[k] = c.id
		}
	}
	for _, k := range []chord{
		{fyne.KeyK, ctrl},
		{fyne.KeyN, ctrl},
		{fyne.KeyUp, alt},
		{fyne.KeyDown, alt},
		{fyne.KeyTab, ctrl},
		{fyne.Key1, alt},
		{fyne.Key9, alt},
		{fyne.KeyEscape, 0},
		{fyne.KeyF6, 0},
		{fyne.KeySlash, ctrl},
		{fyne.KeyComma, ctrl},
		{fyne.KeyQ, ctrl},
		{fyne.KeyW, ctrl},
	} {
		if keys[k] == "" {
			t.Errorf("%v does nothing", k)
		}
	}
}

func TestMainMenuIsTheTable(t *testing.T) {
	h := open(t, verona(), wide)
	items := map[string]*fyne.MenuItem{}
	for _, m := range h.a.mainMenu().Items {
		for _, item := range m.Items {
			items[item.Label] = item
		}
	}
	for _, c := range h.a.commands {
		if _, ok := items[c.title]; ok == c.plain {
			t.Errorf("%s: in the menu %v, plain %v", c.id, ok, c.plain)
		}
	}
	items["New chat"].Action()
	h.wantText("New chat", "Address")
}

func TestCommandsRunOnlyWhereTheyAreSeen(t *testing.T) {
	h := open(t, verona(), wide)
	h.press(fyne.Key1, fyne.KeyModifierAlt)
	h.press(fyne.KeyComma, fyne.KeyModifierControl)
	if h.a.pages.top() == page(h.a.shell) {
		t.Fatal("no settings")
	}
	h.press(fyne.KeyW, fyne.KeyModifierControl)
	if !h.a.shell.chat.open() {
		t.Error("the chat under the settings was closed")
	}
	h.press(fyne.KeyK, fyne.KeyModifierControl)
	h.write("new chat")
	h.press(fyne.KeyReturn, 0)
	if h.a.pages.top() != page(h.a.shell) || !h.a.cards.open() {
		t.Error("a command of the palette does not leave the settings")
	}
	h.press(fyne.KeyEscape, 0)
	h.press(fyne.KeySlash, fyne.KeyModifierControl)
	h.wantText("Keyboard shortcuts", "Ctrl N", "Alt 1 … 9")
}

func TestTypingInAListSearches(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.side.focus()
	h.write("ros")
	h.wantText("Ros aline")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyUp, 0)
	h.press(fyne.KeyReturn, 0)
	if h.a.shell.chat.title() != "Rosaline" {
		t.Errorf("open is %q", h.a.shell.chat.title())
	}
}
