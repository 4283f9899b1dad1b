package app

import (
	"context"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

// writing is what the text in the composer is for.
type writing struct {
	kind widgets.ComposerContext
	pos  storage.Pos // the message answered or changed
	kept draft       // what was being written before a message was changed
}

// draft is what was written and not sent.
type draft struct {
	text  string
	reply storage.Pos // the message it answers; zero for none
}

// saveDraft keeps what is written but not sent.
func (p *chatPane) saveDraft() {
	if !p.open() || p.writing.kind == widgets.ContextEdit {
		return
	}
	d := draft{text: p.composer.Text()}
	if d.text != "" && p.writing.kind == widgets.ContextReply {
		d.reply = p.writing.pos
	}
	if d == p.draft {
		return
	}
	p.draft = d
	id := p.chat.ID
	p.a.act(laneWrite, func(context.Context) error { return p.a.backend.SetDraft(id, d.text, d.reply) })
}

// putAway keeps what is being written for when the chat is opened again.
func (p *chatPane) putAway() {
	p.takeLinks()
	if p.writing.kind == widgets.ContextEdit {
		p.endWriting()
	}
	p.saveDraft()
	p.endWriting()
}

// takeUp goes on with an answer whose words were kept. Until the message was
// read it is known by its place alone, so that leaving at once loses nothing.
func (p *chatPane) takeUp(reply storage.Pos) {
	if reply.IsZero() {
		return
	}
	p.writing = writing{kind: widgets.ContextReply, pos: reply}
	p.lookUp(rowID(reply), func(m storage.Message, found bool) {
		switch {
		case p.writing.kind != widgets.ContextReply || p.writing.pos != reply:
		case found:
			p.answer(m)
		default:
			p.endWriting()
		}
	})
}

// reply answers a message with what is being written. The keyboard goes there at
// once, not when the message was read: what is typed meanwhile is for the answer.
func (p *chatPane) reply(id widgets.RowID) {
	p.focusWriting()
	p.withMessage(id, func(m storage.Message) {
		p.endWriting()
		p.answer(m)
	})
}

// answer has what is being written answer a message.
func (p *chatPane) answer(m storage.Message) {
	p.writing = writing{kind: widgets.ContextReply, pos: m.Pos}
	name := lang.L("yourself")
	if !m.Out {
		name = p.a.model.name(p.chat.Account, p.chat.JID)
	}
	p.composer.SetContext(widgets.ContextReply, lang.L("Reply to {{.Name}}", map[string]any{"Name": name}), quotedText(m))
}

// edit changes an own message.
func (p *chatPane) edit(id widgets.RowID) {
	p.focusWriting()
	p.withMessage(id, func(m storage.Message) { p.change(m, m.Body) })
}

// change goes on with changing an own message, which is to say these words.
func (p *chatPane) change(m storage.Message, words string) {
	p.putAway()
	p.writing = writing{kind: widgets.ContextEdit, pos: m.Pos, kept: p.draft}
	p.composer.SetContext(widgets.ContextEdit, lang.L("Edit message"), quotedText(m))
	p.composer.SetText(words)
}

// drop gives up what was done to a message and could not be sent.
func (p *chatPane) drop(id widgets.RowID) {
	chat, pos := p.chat.ID, posOf(id)
	p.a.act(laneWrite, func(ctx context.Context) error { return p.a.backend.DropAct(ctx, chat, pos) })
}

// editLast changes the last own message, if it can be found near the end.
func (p *chatPane) editLast() {
	for id := range p.view.Newest {
		if row, ok := p.view.Row(id); ok && canEdit(row) {
			p.edit(id)
			return
		}
	}
}

// endWriting leaves the answer or the change, and goes on with what was being
// written.
func (p *chatPane) endWriting() {
	w := p.writing
	if w.kind == widgets.ContextNone {
		return
	}
	p.writing = writing{}
	p.composer.ClearContext()
	if w.kind == widgets.ContextEdit {
		p.composer.SetText(w.kept.text)
		p.takeUp(w.kept.reply)
	}
}

// answered gives the message that is being answered, for something that is sent
// in the place of words; zero for none. The answer is given with that.
func (p *chatPane) answered() storage.Pos {
	if p.writing.kind != widgets.ContextReply {
		return storage.Pos{}
	}
	pos := p.writing.pos
	p.endWriting()
	return pos
}

// send hands a message over, or the change of one. When it cannot even be
// stored, the text comes back.
func (p *chatPane) send(text string) {
	id, w := p.chat.ID, p.writing
	p.endWriting()
	if w.kind == widgets.ContextEdit {
		p.typist.end(account.Active)
		p.a.on(laneWrite, func(ctx context.Context) func() {
			if err := p.a.backend.Correct(ctx, id, w.pos, text); err != nil {
				return func() {
					p.a.fail(err)
					p.changeAgain(id, w.pos, text)
				}
			}
			return nil
		})
		return
	}
	p.typist.sent()
	links := p.takeLinks()
	hadDraft := p.draft != (draft{})
	p.draft = draft{}
	p.a.on(laneWrite, func(ctx context.Context) func() {
		if err := p.a.backend.Send(ctx, id, account.Text{Body: text, Reply: w.pos, Links: links}); err != nil {
			p.a.backend.SetTyping(id, account.Active) // no message says so
			return func() {
				p.a.fail(err)
				// It is there as yet if this was quick.
				if left := p.composer.Text(); p.chat.ID == id && (left == "" || left == text) {
					p.composer.SetText(text)
					p.takeUp(w.pos)
				}
			}
		}
		if !hadDraft {
			return nil
		}
		if err := p.a.backend.SetDraft(id, "", storage.Pos{}); err != nil {
			return func() { p.a.fail(err) }
		}
		return nil
	})
	p.view.ScrollToEnd()
}

// changeAgain gives back the words of a change that could not be stored, unless the
// user is with something else by then.
func (p *chatPane) changeAgain(chat storage.ChatID, pos storage.Pos, words string) {
	if p.chat.ID != chat || p.writing.kind == widgets.ContextEdit {
		return
	}
	p.withMessage(rowID(pos), func(m storage.Message) {
		if p.writing.kind != widgets.ContextEdit {
			p.change(m, words)
		}
	})
}
