package app

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"linnet/account/stream"
	"linnet/storage"
)

var wide = fyne.NewSize(1200, 800)

func TestEveryViewFits(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		look := func(what string) {
			h.settle()
			h.checkLayout(what)
			h.shoot(what + "-" + name)
		}
		look("list")
		h.a.shell.openKey("1")
		look("chat")
		h.a.shell.showDetails(true)
		look("details")
		h.a.shell.showDetails(false)
		h.a.shell.inChat = false
		h.a.shell.relayout()
		h.a.shell.side.show(tabContacts)
		look("contacts")
		h.a.shell.side.show(tabRooms)
		look("rooms")
		h.a.shell.side.show(tabChats)
		h.a.showPalette("be")
		look("palette")
		h.a.cards.closeAll()
		h.a.showNewChatWith("ju", "")
		look("newchat")
		h.a.showAddContact(addContact{address: "tybalt"})
		h.press(fyne.KeyReturn, 0)
		look("addcontact")
		h.a.cards.closeAll()
		h.a.showShortcuts()
		look("shortcuts")
		h.a.cards.closeAll()
		h.a.withChat(1, chatAct.askDelete)
		look("question")
	})
}

func TestNarrowWindowShowsOnePane(t *testing.T) {
	h := open(t, verona(), sizes["narrow"])
	h.wantText("Chats", "Juliet Capulet")
	h.wantNoText("Message Juliet")
	h.press(fyne.Key1, fyne.KeyModifierAlt)
	h.wantText("Thou know")
	h.wantNoText("Chats")
	h.press(fyne.KeyI, fyne.KeyModifierControl)
	h.wantText("Devices")
	h.wantNoText("Thou know")
	h.press(fyne.KeyEscape, 0)
	h.wantText("Thou know")
	h.press(fyne.KeyEscape, 0)
	h.wantText("Chats")
	h.wantNoText("Thou know")
}

func TestPaletteOpensPeopleAndRunsCommands(t *testing.T) {
	h := open(t, verona(), wide)
	h.press(fyne.KeyK, fyne.KeyModifierControl)
	h.write("be")
	h.wantText("People", "Be nvolio", "do not disturb · “In rehearsal until five”")
	h.press(fyne.KeyReturn, 0)
	if h.a.shell.chat.title() != "Benvolio" {
		t.Errorf("open is %q", h.a.shell.chat.title())
	}
	h.press(fyne.KeyK, fyne.KeyModifierControl) // with the cursor in the composer
	h.write("away")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("status Away") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.press(fyne.KeyK, fyne.KeyModifierControl)
	h.write("nobody at all")
	h.wantText("Nothing found for")
	h.press(fyne.KeyEscape, 0)
	if h.a.cards.open() {
		t.Error("Esc left the palette open")
	}
}

func TestNewChatSaysWhatIsWrong(t *testing.T) {
	h := open(t, verona(), wide)
	h.press(fyne.KeyN, fyne.KeyModifierControl)
	h.write("nowhere")
	h.press(fyne.KeyReturn, 0)
	h.wantText("An address has an @ in it, like juliet@capulet.example")
	h.press(fyne.KeyA, fyne.KeyModifierControl)
	for range "nowhere" {
		h.press(fyne.KeyBackspace, 0)
	}
	h.write("tybalt@capulet.example")
	h.press(fyne.KeyReturn, 0)
	if h.a.cards.open() || h.a.shell.chat.title() != "tybalt@capulet.example" {
		t.Errorf("open is %q", h.a.shell.chat.title())
	}
	h.write("Peace")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("send Peace") {
		t.Error("the cursor was not in the composer")
	}
}

func TestAddContactTellsErrorsOfTheServer(t *testing.T) {
	h := open(t, verona(), wide)
	h.press(fyne.KeyN, ctrlShift)
	h.write("tybalt@capulet.example")
	h.back.fail = &stream.StanzaError{Type: "cancel", Condition: "remote-server-not-found"}
	h.press(fyne.KeyReturn, 0)
	h.wantText("The other server cannot be reached")
	h.back.fail = nil
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("add tybalt@capulet.example  ") {
		t.Errorf("asked was %q", h.back.said)
	}
	if h.a.cards.open() {
		t.Error("the card is still open")
	}
}

func TestDeleteAsksFirst(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.a.withOpenChat(chatAct.askDelete)
	h.wantText("Delete the chat with Juliet Capulet?")
	h.press(fyne.KeyReturn, 0) // the safe answer has the keyboard
	if h.back.asked("delete") {
		t.Fatal("deleted by Enter alone")
	}
	h.a.withOpenChat(chatAct.askDelete)
	h.tap("Delete chat")
	if !h.back.asked("delete") || h.a.shell.chat.open() {
		t.Error("not deleted")
	}
}

func TestTitleCountsUnread(t *testing.T) {
	h := open(t, verona(), wide)
	if got := h.a.win.Title(); got != "(2) Linnet" {
		t.Errorf("title %q", got)
	}
	h.a.shell.openKey("1")
	h.settle()
	if got := h.a.win.Title(); got != "(1) Juliet Capulet – Linnet" {
		t.Errorf("title %q", got)
	}
}

func TestOpenURI(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.OpenURI("xmpp:nurse@capulet.example?message;body=Peace%2C%20I%20pray")
	if h.a.shell.chat.title() != "Nurse" || h.a.shell.chat.composer.Text() != "Peace, I pray" {
		t.Errorf("open is %q with %q", h.a.shell.chat.title(), h.a.shell.chat.composer.Text())
	}
	h.a.OpenURI("xmpp:tybalt@capulet.example?subscribe")
	h.wantText("Add contact", "tybalt@capulet.example")
	h.a.cards.closeAll()
	h.a.OpenURI("xmpp:%zz")
	h.wantText("This is not an address that can be opened")
	h.a.OpenURI("xmpp:two@ats@example")
	h.wantText("An address has only one @")
}

func TestFocusGoesRoundThePanes(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.a.shell.showDetails(true)
	h.a.shell.chat.composer.Focus()
	var seen []string
	for range 5 {
		h.press(fyne.KeyF6, 0)
		seen = append(seen, typeName(h.a.win.Canvas().Focused().(fyne.CanvasObject)))
	}
	if got := strings.Join(seen, " "); got != "IconButton SearchButton ConversationList Transcript input" {
		t.Errorf("F6 goes to %s", got)
	}
}

func TestFocusStaysInTheOnePaneShown(t *testing.T) {
	h := open(t, verona(), sizes["narrow"])
	round := func(n int) string {
		var seen []string
		for range n {
			h.press(fyne.KeyF6, 0)
			seen = append(seen, typeName(h.a.win.Canvas().Focused().(fyne.CanvasObject)))
		}
		return strings.Join(seen, " ")
	}
	if got := round(3); got != "SearchButton ConversationList SearchButton" {
		t.Errorf("in the list F6 goes to %s", got)
	}
	h.a.shell.openKey("1")
	if got := round(3); got != "Transcript input Transcript" {
		t.Errorf("in the chat F6 goes to %s", got)
	}
	h.a.shell.showDetails(true)
	if got := round(2); got != "IconButton IconButton" {
		t.Errorf("in the details F6 goes to %s", got)
	}
}

func TestFoldedGroupsAreRemembered(t *testing.T) {
	back := verona()
	h := open(t, back, wide)
	h.a.shell.side.show(tabContacts)
	h.wantText("Offline · 2")
	h.wantNoText("Rosaline")
	h.a.shell.side.folded(groupOffline, false)
	h.wantText("Rosaline")
	h.a.shell.side.folded("Work", true)
	h = open(t, back, wide)
	h.a.shell.side.show(tabContacts)
	h.wantText("Rosaline", "Work")
	h.wantNoText("Mercutio")
}

// TestWindowOpensAsItWasLeft wants the look before anything was read of the
// profile: a window that changes after it was shown jumps and flashes.
func TestWindowOpensAsItWasLeft(t *testing.T) {
	left := WindowLook{Width: 900, Height: 700, Theme: themeDark}
	p := &fakeProfile{state: SecretsReady}
	h := locked(t, p)
	h.a.changePrefs(func(p *prefs) { p.Theme = left.Theme })
	h.a.win.Resize(fyne.NewSize(left.Width, left.Height))
	h.a.Close()
	if p.look != left {
		t.Fatalf("kept was %+v", p.look)
	}
	for _, tt := range []struct {
		kept WindowLook
		want fyne.Size
	}{
		{left, fyne.NewSize(left.Width, left.Height)},
		{WindowLook{Width: 10, Height: 10, Theme: themeDark}, fyne.NewSize(windowMinWidth, windowMinHeight)},
	} {
		p.look = tt.kept
		cfg := h.config()
		cfg.Profile = p
		again := New(h.app, cfg)
		t.Cleanup(again.Close)
		if got := again.win.Canvas().Size(); got != tt.want {
			t.Errorf("the window opens with %v, want %v", got, tt.want)
		}
		if again.theme.choice != themeDark {
			t.Error("the window does not open dark")
		}
	}
}

func TestWidthOfTheSidePaneIsRemembered(t *testing.T) {
	back := verona()
	h := open(t, back, wide)
	h.a.shell.split.OnWidth(400)
	h = open(t, back, wide)
	if h.a.prefs.Side != 400 {
		t.Errorf("remembered %v", h.a.prefs.Side)
	}
}

func TestEmptyStates(t *testing.T) {
	h := open(t, newFakeBackend(), wide)
	h.wantText("Sign in", "Any XMPP account, on any server")
	back := verona()
	back.chats, back.messages, back.contacts, back.requests = map[storage.ChatID]storage.Chat{}, nil, nil, nil
	h = open(t, back, wide)
	h.wantText("No chats yet", "No chat is open")
	h.checkLayout("no chats")
	h.a.shell.side.show(tabContacts)
	h.wantText("No contacts yet")
	h.tap("Add contact")
	h.wantText("Name (optional)")
}

func TestNewChatTakesTheAccountOfTheContact(t *testing.T) {
	h := open(t, verona(), wide)
	h.press(fyne.KeyN, fyne.KeyModifierControl)
	h.write("paris@verona.example") // a contact of the second account
	h.press(fyne.KeyReturn, 0)
	if got := h.a.shell.chat.chat; got.Account != 2 || got.ID != 5 {
		t.Errorf("open is %+v", got)
	}
}

func TestAddressOfAStrangerIsOffered(t *testing.T) {
	h := open(t, verona(), wide)
	h.press(fyne.KeyK, fyne.KeyModifierControl)
	h.write("juliet@capulet.example")
	h.wantNoText("Start a chat with")
	for range "juliet@capulet.example" {
		h.press(fyne.KeyBackspace, 0)
	}
	h.write("Tybalt@Capulet.example ")
	h.wantText("Start a chat with tybalt@capulet.example")
	h.press(fyne.KeyReturn, 0)
	h.wantText("New chat", "With account") // there are two
	h.press(fyne.KeyReturn, 0)
	if got := h.a.shell.chat.title(); got != "tybalt@capulet.example" {
		t.Errorf("open is %q", got)
	}
	h.press(fyne.KeyK, fyne.KeyModifierControl)
	h.write("romeo@montague.example")
	h.wantNoText("Start a chat with") // oneself
}

func TestDownGoesIntoTheContactsFound(t *testing.T) {
	h := open(t, verona(), wide)
	h.press(fyne.KeyN, fyne.KeyModifierControl)
	h.press(fyne.KeyDown, 0) // nothing is found yet
	h.write("@verona")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	if got := h.a.shell.chat.title(); got == "" || got == "Friar Laurence" {
		t.Errorf("open is %q", got)
	}
}
