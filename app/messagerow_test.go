package app

import (
	"slices"
	"strings"
	"testing"

	"linnet/storage"
	"linnet/widgets"
)

func TestRowsOfEachKind(t *testing.T) {
	h := openTalk(t, talk())
	h.wantText("You", "What satisfaction canst thou have tonight?", "edited", "Message taken back", "You took this message back",
		"Linnet cannot read", "verona.example", "The balcony", "Edit not sent: The server is too busy.", "Try again", "Drop")
	h.wantNoText("What?") // the original is here
	row, _ := h.a.shell.chat.view.Row(rowID(h.back.messages[1][1].Pos))
	if row.Quote == nil || !row.Quote.Own || !row.Reactions[1].Mine || row.Reactions[1].Who != "Juliet Capulet, You" {
		t.Errorf("%+v", row)
	}
	row, _ = h.a.shell.chat.view.Row(rowID(h.back.messages[1][2].Pos))
	if row.Quote == nil || row.Quote.Own || row.Quote.Name != "Juliet Capulet" || !strings.HasPrefix(row.Quote.Text, "The exchange") {
		t.Errorf("%+v", row.Quote)
	}
}

func TestForeignMessages(t *testing.T) {
	for body, want := range map[string]bool{
		"I sent you an OMEMO encrypted message but your client doesn’t seem to support that.": true,
		"?OTRv23? wants to talk": true, "  [This message is OMEMO encrypted]": true,
		"Is this message OMEMO encrypted?": false, "OTR is old": false, "": false,
	} {
		if (foreignBody(body) != "") != want {
			t.Errorf("%q: %v", body, !want)
		}
	}
}

func TestLinksAreOnlyShownWhenTheyCanBeOpened(t *testing.T) {
	body := "javascript:alert(1) https:// file:///etc/passwd https://www.verona.example/x https://www.verona.example/y"
	got := (*linkDesk)(nil).views(storage.Chat{}, storage.Message{Body: body, Links: []storage.Link{
		{URL: "javascript:alert(1)", Title: "a"},
		{URL: "https://", Title: "b"},
		{URL: "file:///etc/passwd", Title: "c"},
		{URL: "https://www.verona.example/x"},
		{URL: "https://www.verona.example/y", Text: "words"},
		{URL: "https://other.example/", Title: "is not in the message"},
		{URL: "https://www.verona.example", Title: "nor is this one"},
	}})
	want := []widgets.LinkView{{URL: "https://www.verona.example/y", Site: "verona.example", Title: "words"}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}
