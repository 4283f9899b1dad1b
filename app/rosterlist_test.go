package app

import (
	"fmt"
	"slices"
	"testing"

	"linnet/account"
	"linnet/storage"
)

func rosterLines(groups []rosterGroup) []string {
	var out []string
	for _, g := range groups {
		out = append(out, fmt.Sprintf("%s %v", g.Title, g.Folded))
		for _, c := range g.Contacts {
			out = append(out, "- "+c.Name)
		}
	}
	return out
}

func unfolded(string) bool { return false }

func TestRosterGroups(t *testing.T) {
	m := testModel()
	got := rosterLines(rosterGroups(m, unfolded, testNow))
	want := []string{
		"Family false", "- Benvolio", "- Juliet Capulet",
		"Work false", "- Benvolio",
		"No group false", "- Lady Juliet",
		"Offline false", "- paris@verona.example",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestRosterGroupsFolded(t *testing.T) {
	m := testModel()
	shut := func(g string) bool { return g == groupOffline }
	groups := rosterGroups(m, shut, testNow)
	for _, g := range groups {
		if g.Folded != (g.Group == groupOffline) {
			t.Errorf("%s: folded %v", g.Title, g.Folded)
		}
	}
}

func TestAllGroups(t *testing.T) {
	m := testModel()
	if got := allGroups(m, 1); !slices.Equal(got, []string{"Family", "Work"}) {
		t.Errorf("groups %q", got)
	}
	if got := allGroups(m, 2); len(got) != 0 {
		t.Errorf("groups of the other account %q", got)
	}
}

func TestContactLine(t *testing.T) {
	both := storage.SubscriptionBoth
	for _, c := range []struct {
		contact account.Contact
		want    string
	}{
		{account.Contact{Subscription: both}, ""},
		{account.Contact{Subscription: both, Best: account.Presence{Status: "on the balcony"}}, "on the balcony"},
		{account.Contact{Subscription: both, Best: account.Presence{Show: storage.ShowAway, Idle: testNow.Add(-12 * 60e9)}}, "away 12 min"},
		{account.Contact{Subscription: both, Best: account.Presence{Show: storage.ShowBusy}}, "do not disturb"},
		{account.Contact{Subscription: both, Best: account.Presence{Show: storage.ShowOffline}, LastSeen: testNow.AddDate(0, 0, -2)}, "last seen Monday"},
		{account.Contact{Ask: true}, "request sent, no answer yet"},
		{account.Contact{Subscription: storage.SubscriptionFrom}, "sees you, you do not see them"},
		{account.Contact{}, "you do not see each other"},
	} {
		if got := contactLine(c.contact, testNow); got != c.want {
			t.Errorf("contactLine(%+v) = %q, want %q", c.contact, got, c.want)
		}
	}
}
