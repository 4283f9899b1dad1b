package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// muteForever is what a mute without an end is stored as.
var muteForever = time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC)

// muteChoice is one of the times a chat can be muted for.
type muteChoice struct {
	id      string
	text    string // in the menu of a chat
	command string // by itself, as in the palette
	until   func(now time.Time) time.Time
}

// morning is the hour at which a mute for the night ends.
const morning = 8

// muteChoices are the times offered, the shortest first.
func muteChoices() []muteChoice {
	hours := func(n int) func(time.Time) time.Time {
		return func(now time.Time) time.Time { return now.Add(time.Duration(n) * time.Hour) }
	}
	return []muteChoice{
		{"hour", lang.L("For 1 hour"), lang.L("Mute this chat for 1 hour"), hours(1)},
		{"hours", lang.L("For 8 hours"), lang.L("Mute this chat for 8 hours"), hours(8)},
		{"morning", lang.L("Until tomorrow morning"), lang.L("Mute this chat until tomorrow morning"), func(now time.Time) time.Time {
			y, m, d := now.Date()
			return time.Date(y, m, d+1, morning, 0, 0, 0, now.Location())
		}},
		{"always", lang.L("Until I turn it on again"), lang.L("Mute this chat"), func(time.Time) time.Time { return muteForever }},
	}
}

// mutedText says how long a chat makes no noise; "" when it does.
func mutedText(c storage.Chat, now time.Time) string {
	switch until := c.MutedUntil.In(now.Location()); {
	case !muted(c, now):
		return ""
	case c.MutedUntil.Equal(muteForever):
		return lang.L("Muted")
	case daysBetween(until, now) == 0:
		return lang.L("Muted until {{.Time}}", map[string]any{"Time": clock(until)})
	case daysBetween(until, now) == -1:
		return lang.L("Muted until tomorrow, {{.Time}}", map[string]any{"Time": clock(until)})
	default:
		return lang.L("Muted until {{.Time}}", map[string]any{"Time": date(until) + ", " + clock(until)})
	}
}

// mute keeps the conversation quiet until a time; the zero time ends that.
func (c chatAct) mute(until time.Time) {
	c.a.act(laneWrite, func(context.Context) error { return c.a.backend.SetMuted(c.chat.ID, until) })
}

func (c chatAct) unmute() { c.mute(time.Time{}) }

// muteItems are the lines of a menu that mute the conversation, and end a mute.
func (c chatAct) muteItems() []widgets.MenuItem {
	var items []widgets.MenuItem
	now := c.a.now()
	if text := mutedText(c.chat, now); text != "" {
		items = append(items,
			widgets.MenuItem{Text: text, Note: true},
			widgets.MenuItem{Text: lang.L("Unmute"), Icon: assets.IconBell, Do: c.unmute},
			widgets.MenuItem{Separator: true},
		)
	}
	for _, choice := range muteChoices() {
		items = append(items, widgets.MenuItem{Text: choice.text, Icon: assets.IconMute, Do: func() { c.mute(choice.until(c.a.now())) }})
	}
	return items
}

// muteMenu asks for how long the conversation is to be quiet.
func (c chatAct) muteMenu(at fyne.Position) { widgets.ShowMenu(c.a.win.Canvas(), at, c.muteItems()) }
