package app

import (
	"strconv"

	"linnet/storage"
	"linnet/widgets"
)

// This file puts rows of the models into the terms of the widgets.

// conversation is a row of the chat list.
func conversation(m *model, r chatRow) widgets.Conversation {
	c := widgets.Conversation{
		Key: chatKey(r.ID), Name: r.Name, Time: r.Time, Last: r.Line,
		Face:   m.faceOf(contactKey{r.Account, r.JID}, r.HasShow, r.Show),
		Stripe: rgb(r.Stripe), Unread: r.Unread, Marked: r.Marked, Muted: r.Muted, Pinned: r.Pinned,
	}
	if r.Typing {
		c.Typing = typingText()
	}
	switch {
	case r.Draft:
		c.Draft = r.Line
	case r.Out:
		c.State = listState(r.State)
	}
	return c
}

// listState is how far an own message came.
func listState(s storage.MessageState) widgets.MessageState {
	switch s {
	case storage.StateWaiting:
		return widgets.StateWaiting
	case storage.StateSent:
		return widgets.StateSent
	case storage.StateDelivered:
		return widgets.StateDelivered
	case storage.StateRead:
		return widgets.StateRead
	case storage.StateFailed:
		return widgets.StateFailed
	}
	return widgets.NoState
}

// rosterEntries are the groups of the contact list.
func rosterEntries(m *model, groups []rosterGroup) []widgets.RosterGroup {
	out := make([]widgets.RosterGroup, len(groups))
	for i, g := range groups {
		out[i] = widgets.RosterGroup{Key: g.Group, Name: g.Title, Collapsed: g.Folded}
		if g.Folded || g.Group == groupOffline {
			out[i].Count = len(g.Contacts)
		}
		for _, c := range g.Contacts {
			out[i].Entries = append(out[i].Entries, widgets.RosterEntry{
				Key: rosterKey(g.Group, c.Key), Name: c.Name, Note: c.Line, Notice: c.Waiting,
				Face: m.faceOf(c.Key, c.HasShow, c.Show), Stripe: rgb(c.Stripe),
			})
		}
	}
	return out
}

// rosterKey names a contact under one group.
func rosterKey(group string, key contactKey) string {
	return strconv.FormatUint(uint64(key.account), 10) + " " + key.jid + " " + group
}
