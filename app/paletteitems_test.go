package app

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
)

func titles(items []paletteItem) []string {
	var out []string
	for _, i := range items {
		out = append(out, i.title)
	}
	return out
}

func TestPalettePersons(t *testing.T) {
	m := testModel()
	for query, want := range map[string][]string{
		"":       {"Benvolio", "Juliet Capulet", "Lady Juliet"}, // talked to last
		"be":     {"Benvolio"},
		"juliet": {"Juliet Capulet", "Lady Juliet"},
		"paris":  {"paris@verona.example"}, // never talked to
		"nurse":  {"nurse@capulet.example"},
		"montag": {"Benvolio"}, // by address
		"zz":     {},
	} {
		if got := titles(palettePersons(m, query, testNow)); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
	got := palettePersons(m, "be", testNow)[0]
	if got.line != "do not disturb" || !slices.Equal(got.spans, spans(0, 2)) || got.stripe != 0x3B8BFF {
		t.Errorf("Benvolio: %+v", got)
	}
}

func TestPaletteCommands(t *testing.T) {
	var ran string
	run := func(c command) { ran = c.id }
	table := []command{
		{id: "away", title: "Set status: Away"},
		{id: "status", title: "Status message", keys: []chord{{fyne.KeyA, ctrlShift}}},
		{id: "key", title: "Status key", plain: true},
		{id: "off", title: "Status off", enabled: func() bool { return false }},
	}
	got := paletteCommandItems(table, "stat", run)
	if want := []string{"Status message", "Set status: Away"}; !slices.Equal(titles(got), want) {
		t.Fatalf("%q, want %q", titles(got), want)
	}
	got[1].run()
	if ran != "away" {
		t.Errorf("ran %q", ran)
	}
	if got := paletteCommandItems(table, "", run); len(got) != 0 {
		t.Errorf("without a query: %q", titles(got))
	}
}
