package app

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// This file puts messages into the terms of the transcript.

// transcriptRow is a message in the transcript. original is the message it
// answers, nil when that is not here.
func (m *model) transcriptRow(c storage.Chat, msg storage.Message, original *storage.Message) widgets.Row {
	row := widgets.Row{
		ID: rowID(msg.Pos), Time: msg.Pos.At(), Out: msg.Out, Author: "them", Text: msg.Body, Plain: msg.Unstyled,
		Name: m.name(c.Account, c.JID), State: listState(msg.State),
		Edited: msg.EditedAt != 0, Starred: msg.Starred, Nameless: msg.ID == "" && msg.OriginID == "",
	}
	if msg.Out {
		row.Author = "me"
		row.Name = m.ownName(c.Account)
	}
	if msg.State == storage.StateFailed {
		row.Reason, row.Unsent = unsentText(msg), msg.StanzaID == "" // else its server has it
	}
	row.About = aboutMessage(msg)
	if act, ok := strings.CutPrefix(msg.Body, "/me "); ok {
		row.Kind, row.Text = widgets.RowAction, act
	}
	if isForeign(msg) {
		row.Kind, row.Text = widgets.RowForeign, foreignText(msg)
	}
	if msg.RetractedAt != 0 {
		row.Kind, row.Text, row.Edited, row.State = widgets.RowRetracted, retractedText(msg.Out), false, widgets.NoState
		m.undone(&row, msg)
		return row
	}
	row.Files = m.files.views(msg)
	row.Quote = m.quote(c, msg, original)
	row.Reactions = m.reactions(c, msg.Reactions)
	row.Links = m.links.views(c, msg)
	m.undone(&row, msg)
	return row
}

// ownName is what the user is called on an account.
func (m *model) ownName(id storage.AccountID) string {
	if info := m.account(id); info != nil {
		return speakerName(*info)
	}
	return ""
}

// retractedText stands in place of a message that was taken back.
func retractedText(out bool) string {
	if out {
		return lang.L("You took this message back")
	}
	return lang.L("Message taken back")
}

// undone tells of what the user did to a message and has not reached the server.
func (m *model) undone(row *widgets.Row, msg storage.Message) {
	act, failed := msg.FailedAct()
	if !failed {
		if !msg.Act.IsZero() && msg.RetractedAt == 0 {
			row.State, row.About = widgets.StateWaiting, lang.L("The change is waiting to be sent")
		}
		return
	}
	reason := map[string]any{"Reason": reasonText(act.Reason)}
	row.Notice.Failed = true
	switch {
	case msg.RetractedAt != 0: // its words are gone here
		row.Notice.Text = lang.L("They may still see it: {{.Reason}}.", reason)
	case act.Kind == storage.ActRetract:
		row.Notice.Text = lang.L("Not taken back: {{.Reason}}.", reason)
	case act.Kind == storage.ActReact:
		row.Notice.Text = lang.L("Reaction not sent: {{.Reason}}.", reason)
	default:
		row.Notice.Text = lang.L("Edit not sent: {{.Reason}}.", reason)
	}
}

// quote is what a message answers; nil for nothing. Without the original it is
// what the answer says of it.
func (m *model) quote(c storage.Chat, msg storage.Message, original *storage.Message) *widgets.Quote {
	if msg.Reply.IsZero() {
		return nil
	}
	if original != nil {
		return m.quoteOf(c, *original)
	}
	q := &widgets.Quote{Text: msg.Reply.Quote}
	if q.Text == "" {
		q.Text = lang.L("A message that is not on this computer")
	}
	// Nobody else can say what we have said.
	if msg.Reply.From != "" && (msg.Out || msg.Reply.From == c.JID) {
		q.Own = msg.Reply.From != c.JID
		q.Name = m.speaker(c, q.Own)
	}
	return q
}

// quoteOf is a message that is answered.
func (m *model) quoteOf(c storage.Chat, original storage.Message) *widgets.Quote {
	return &widgets.Quote{Name: m.speaker(c, original.Out), Text: quotedText(original), Own: original.Out}
}

// speaker is what one of the two sides of a chat is called beside the other.
func (m *model) speaker(c storage.Chat, own bool) string {
	if own {
		return lang.L("You")
	}
	return m.name(c.Account, c.JID)
}

// quotedText is what a message says, in a line that repeats it.
func quotedText(msg storage.Message) string {
	switch {
	case msg.RetractedAt != 0:
		return retractedText(msg.Out)
	case isForeign(msg):
		return foreignLine()
	case strings.TrimSpace(msg.Body) != "":
		return previewText(msg)
	case len(msg.Files) > 0:
		return fileWord(msg.Files[0])
	}
	return ""
}

// fileWord says what a file is, in a line that repeats a message.
func fileWord(f storage.File) string {
	switch kind, _, _ := strings.Cut(f.Type, "/"); {
	case f.Voice:
		return lang.L("Voice message")
	case kind == "image":
		return lang.L("Picture")
	case kind == "video":
		return lang.L("Video")
	case f.Name != "":
		return f.Name
	}
	return lang.L("File")
}

// reactions gathers what people think of a message by emoji, in the order the
// emoji came.
func (m *model) reactions(c storage.Chat, given []storage.Reaction) []widgets.Reaction {
	var out []widgets.Reaction
	for _, r := range given {
		who := m.speaker(c, r.Out)
		for _, emoji := range r.Emoji {
			i := slices.IndexFunc(out, func(o widgets.Reaction) bool { return o.Emoji == emoji })
			if i < 0 {
				i = len(out)
				out = append(out, widgets.Reaction{Emoji: emoji})
			}
			o := &out[i]
			o.Count++
			o.Mine = o.Mine || r.Out
			if o.Who != "" {
				o.Who += ", "
			}
			o.Who += who
		}
	}
	return out
}
