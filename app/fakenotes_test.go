package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"linnet/account"
	"linnet/storage"
)

// edit changes a message as storage would, and tells of it.
func (f *fakeBackend) edit(chat storage.ChatID, pos storage.Pos, change func(*storage.Message)) {
	for i := range f.messages[chat] {
		if m := &f.messages[chat][i]; m.Pos == pos {
			change(m)
			f.events <- []account.Event{account.MessageChanged{Message: *m}}
		}
	}
}

func (f *fakeBackend) Correct(_ context.Context, chat storage.ChatID, pos storage.Pos, body string) error {
	if err := f.note("correct", body); err != nil {
		return err
	}
	f.edit(chat, pos, func(m *storage.Message) {
		f.edits[pos] = append(f.edits[pos], storage.Edit{At: m.EditedAt, Body: m.Body})
		m.Body, m.EditedAt = body, testNow.UnixMilli()
	})
	return nil
}

func (f *fakeBackend) Retract(_ context.Context, chat storage.ChatID, pos storage.Pos) error {
	f.edit(chat, pos, func(m *storage.Message) { m.Body, m.RetractedAt = "", testNow.UnixMilli() })
	return f.note("retract", fmt.Sprint(pos.Seq))
}

func (f *fakeBackend) React(_ context.Context, chat storage.ChatID, pos storage.Pos, emoji []string) error {
	f.edit(chat, pos, func(m *storage.Message) {
		m.Reactions = slices.DeleteFunc(slices.Clone(m.Reactions), func(r storage.Reaction) bool { return r.Out })
		if len(emoji) > 0 {
			m.Reactions = append(m.Reactions, storage.Reaction{Out: true, Emoji: emoji})
		}
	})
	return f.note("react", strings.Join(emoji, " "))
}

func (f *fakeBackend) DropAct(_ context.Context, chat storage.ChatID, pos storage.Pos) error {
	f.edit(chat, pos, func(m *storage.Message) {
		if m.Act.State == storage.StateFailed {
			m.Act = storage.Act{}
		} else {
			m.Reacted = storage.Act{}
		}
	})
	return f.note("drop")
}

func (f *fakeBackend) Forward(_ context.Context, from storage.ChatID, pos []storage.Pos, to storage.ChatID) error {
	return f.note("forward", fmt.Sprint(len(pos)), "from", fmt.Sprint(from), "to", f.chats[to].JID)
}

func (f *fakeBackend) Edits(_ storage.ChatID, pos storage.Pos) ([]storage.Edit, error) {
	return f.edits[pos], nil
}

// Quoted finds the originals by their ids.
func (f *fakeBackend) Quoted(chat storage.ChatID, messages []storage.Message) (map[storage.Pos]storage.Message, error) {
	out := map[storage.Pos]storage.Message{}
	for _, m := range messages {
		for _, o := range f.messages[chat] {
			if m.Reply.ID != "" && o.ID == m.Reply.ID {
				out[m.Pos] = o
			}
		}
	}
	return out, nil
}

func (f *fakeBackend) SetStarred(chat storage.ChatID, pos storage.Pos, on bool) error {
	f.edit(chat, pos, func(m *storage.Message) { m.Starred = on })
	return f.note("star", fmt.Sprint(pos.Seq, on))
}

func (f *fakeBackend) Starred(n int) ([]storage.Message, error) {
	return f.newest(n, func(m storage.Message) bool { return m.Starred }), nil
}

func (f *fakeBackend) Find(_ context.Context, chat storage.ChatID, query string, before storage.Pos, n int) ([]storage.Message, error) {
	return f.newest(n, func(m storage.Message) bool {
		return m.Chat == chat && strings.Contains(m.Body, query) && (before.IsZero() || m.Pos.Before(before))
	}), f.note("find", query)
}

// newest gives the newest messages that fit.
func (f *fakeBackend) newest(n int, fits func(storage.Message) bool) []storage.Message {
	var out []storage.Message
	for _, messages := range f.messages {
		for _, m := range messages {
			if fits(m) {
				out = append(out, m)
			}
		}
	}
	slices.SortFunc(out, func(a, b storage.Message) int { return comparePos(b, a.Pos) })
	return out[:min(n, len(out))]
}

func (f *fakeBackend) DeleteMessages(_ context.Context, chat storage.ChatID, pos []storage.Pos) error {
	if err := f.note("delete", fmt.Sprint(len(pos)), "messages"); err != nil {
		return err
	}
	f.messages[chat] = slices.DeleteFunc(f.messages[chat], func(m storage.Message) bool { return slices.Contains(pos, m.Pos) })
	f.change(chat, func(c *storage.Chat) {
		c.Last = storage.Summary{}
		if n := len(f.messages[chat]); n > 0 {
			m := f.messages[chat][n-1]
			c.Last = storage.Summary{Pos: m.Pos, Out: m.Out, Text: m.Body, State: m.State}
		}
	})
	f.events <- []account.Event{account.ChatReload{Chat: chat}}
	return nil
}

func (f *fakeBackend) Source(_ context.Context, _ storage.ChatID, pos storage.Pos) (string, error) {
	return "<message>\n  <body>&#x202E; " + fmt.Sprint(pos.Seq) + "</body>\n</message>", f.note("source", fmt.Sprint(pos.Seq))
}

func (f *fakeBackend) HasMessages(chat storage.ChatID, between []time.Time) ([]bool, error) {
	has := make([]bool, len(between)-1)
	for i := range has {
		has[i] = slices.ContainsFunc(f.messages[chat], func(m storage.Message) bool {
			return !m.Pos.At().Before(between[i]) && m.Pos.At().Before(between[i+1])
		})
	}
	return has, f.noReads
}
