package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"linnet/widgets"
)

// Enter sends to the first of the list, which is never who has the message, and
// Down to the next.
func TestForwardToWhomEnterTakes(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	c := h.a.model.chats[1]
	var others []string
	for _, p := range palettePersons(h.a.model, "", h.a.now()) {
		if p.key != (contactKey{c.Account, c.JID}) {
			others = append(others, p.key.jid)
		}
	}
	for i, keys := range [][]fyne.KeyName{{fyne.KeyReturn}, {fyne.KeyDown, fyne.KeyReturn}} {
		h.a.shell.chat.forward([]widgets.RowID{rowID(h.back.messages[1][0].Pos)})
		for _, key := range keys {
			h.press(key, 0)
		}
		if want := "forward 1 from 1 to " + others[i]; !h.back.asked(want) {
			t.Errorf("%s: asked %q", want, h.back.said)
		}
	}
}

func TestKeysAreNamedByTheirArrows(t *testing.T) {
	for key, want := range map[fyne.KeyName]string{fyne.KeyLeft: "←", fyne.KeyRight: "→", fyne.KeyUp: "↑", fyne.KeyDown: "↓"} {
		if got := (chord{key: key}).String(); got != want {
			t.Errorf("%s is shown as %q", key, got)
		}
	}
}
