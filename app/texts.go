package app

import (
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// This file holds the sentences for the states of the layers below, failures.go
// those for their errors. A sentence has no full stop at its end, so that a line can go on after it.

// accountState is an account's state in words. bad says that only the user can
// help.
func accountState(info account.Info, now time.Time) (text string, bad bool) {
	state := info.State
	switch state.Phase {
	case stream.Connecting:
		return lang.L("Connecting"), false
	case stream.Online:
		return showText(info.Effective.Show), false
	case stream.Waiting:
		return failureText(state.Err) + ". " + retryText(state.RetryAt, now), false
	case stream.Failed:
		text := failureText(state.Err)
		if signInHelps(state.Err) {
			text += ". " + lang.L("Sign in again")
		}
		return text, true
	}
	if !info.Enabled {
		return lang.L("Switched off"), false
	}
	return lang.L("Offline"), false
}

// retryText counts down to the next try.
func retryText(at, now time.Time) string {
	left := at.Sub(now)
	if left < time.Second {
		return lang.L("Trying again")
	}
	s := int((left + time.Second - 1) / time.Second)
	if s >= 120 {
		return lang.L("Trying again in {{.N}} min", count(s/60))
	}
	return lang.L("Trying again in {{.N}} s", count(s))
}

// signInHelps reports whether entering the password again may help.
func signInHelps(err error) bool {
	var auth *stream.AuthError
	return errors.Is(err, account.ErrNoPassword) ||
		errors.As(err, &auth) && (auth.Reason == stream.AuthWrongPassword || auth.Reason == stream.AuthExpired)
}

// showText is a show as a choice or a state of an account.
func showText(s storage.Show) string {
	switch s {
	case storage.ShowAway:
		return lang.L("Away")
	case storage.ShowExtendedAway:
		return lang.L("Away for long")
	case storage.ShowBusy:
		return lang.L("Do not disturb")
	case storage.ShowOffline:
		return lang.L("Offline")
	}
	return lang.L("Online")
}

// presenceText is a presence in words, with how long the person is away:
// "online", "away 12 min".
func presenceText(p account.Presence, now time.Time) string {
	switch p.Show {
	case storage.ShowAway, storage.ShowExtendedAway:
		return awayText(p, now)
	case storage.ShowBusy:
		return lang.L("do not disturb")
	case storage.ShowOffline:
		return lang.L("offline")
	}
	return lang.L("online")
}

func awayText(p account.Presence, now time.Time) string {
	word := lang.L("away")
	switch p.Show {
	case storage.ShowBusy:
		return lang.L("do not disturb")
	case storage.ShowExtendedAway:
		word = lang.L("away for long")
	}
	since := p.Idle
	if since.IsZero() {
		since = p.Since
	}
	if idle := idleFor(since, now); idle != "" {
		return word + " " + idle
	}
	return word
}

// headerText is the line under the name of a contact: its presence and words.
func headerText(c account.Contact, now time.Time) string {
	switch {
	case c.Ask:
		return askText()
	case c.Subscription == storage.SubscriptionFrom:
		return oneWayText()
	case c.Subscription == storage.SubscriptionNone:
		return noSubscriptionText()
	}
	text := presenceText(c.Best, now)
	if c.Best.Show == storage.ShowOffline {
		if seen := lastSeen(c.LastSeen, now); seen != "" {
			text = seen
		}
	}
	if words := widgets.Harmless(c.Best.Status); words != "" {
		text += " · “" + words + "”"
	}
	return text
}

func typingText() string         { return lang.L("typing…") }
func askText() string            { return lang.L("request sent, no answer yet") }
func oneWayText() string         { return lang.L("sees you, you do not see them") }
func noSubscriptionText() string { return lang.L("you do not see each other") }
func badURIText() string         { return lang.L("This is not an address that can be opened") }
func noAccountText() string      { return lang.L("Add an account first") }

// summaryText is the line of a conversation about its last message.
func summaryText(s storage.Summary, name string) string {
	if s.Pos.IsZero() {
		return lang.L("No messages yet")
	}
	if s.Retracted {
		return retractedText(s.Out)
	}
	text := s.Text
	switch {
	case s.Encrypted || foreignBody(text) != "":
		text = foreignLine()
	case strings.TrimSpace(text) == "" && s.Files > 0:
		text = fileWord(storage.File{Type: s.FileType, Voice: s.Voice})
	}
	if act, ok := strings.CutPrefix(text, "/me "); ok {
		if s.Out {
			name = lang.L("You")
		}
		return name + " " + lineText(act, s.Unstyled)
	}
	text = lineText(text, s.Unstyled)
	if s.Out {
		return lang.L("You: {{.Text}}", map[string]any{"Text": text})
	}
	return text
}

// previewText is what a message says, on one line and without its styles.
func previewText(m storage.Message) string { return lineText(m.Body, m.Unstyled) }

// lineText is a text on one line and without its styles, if it has any.
func lineText(text string, unstyled bool) string {
	if unstyled {
		return widgets.Harmless(text)
	}
	return widgets.Preview(text)
}

// firstLine is what a row can show of a longer text.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return widgets.Harmless(line)
}

// groupTitle is the heading of a group.
func groupTitle(group string) string {
	switch group {
	case groupNone:
		return lang.L("No group")
	case groupOffline:
		return lang.L("Offline")
	}
	return group
}
