package app

import (
	"context"
	"maps"
	"slices"

	"linnet/storage"
)

// names is what the other side and the user are called.
func (p *chatPane) names() [2]string {
	return [2]string{p.a.model.name(p.chat.Account, p.chat.JID), p.a.model.ownName(p.chat.Account)}
}

// followNames makes the rows anew when somebody is called something else, as
// when the contacts come after the messages: names stand in them.
func (p *chatPane) followNames() {
	if now := p.names(); now != p.named {
		p.named = now
		if p.hist.loaded {
			p.reread()
		}
	}
}

// quotedBy reads the messages that others answer, by the place of the answer.
func (a *App) quotedBy(id storage.ChatID, messages []storage.Message) (map[storage.Pos]storage.Message, error) {
	if !slices.ContainsFunc(messages, func(m storage.Message) bool { return !m.Reply.IsZero() }) {
		return nil, nil
	}
	return a.backend.Quoted(id, messages)
}

// readQuoted shows what new messages answer as soon as that was read.
func (p *chatPane) readQuoted(messages []storage.Message) {
	h, id := p.hist, p.chat.ID
	answers := slices.DeleteFunc(slices.Clone(messages), func(m storage.Message) bool { return m.Reply.IsZero() })
	if len(answers) == 0 {
		return
	}
	p.a.read(func(context.Context) func() {
		quoted, err := p.a.quotedBy(id, answers)
		return func() {
			switch {
			case p.hist != h:
				return
			case err != nil:
				p.a.fail(err)
				return
			}
			maps.Copy(h.quoted, quoted)
			for _, m := range answers {
				p.showQuoted(m.Pos)
			}
		}
	})
}

// quotedChanged follows a change of a message in those that answer it.
func (p *chatPane) quotedChanged(m storage.Message) {
	for answer, q := range p.hist.quoted {
		if q.Pos == m.Pos {
			p.hist.quoted[answer] = m
			p.showQuoted(answer)
		}
	}
	if _, known := p.hist.quoted[m.Pos]; !known {
		p.readQuoted([]storage.Message{m})
	}
}

// showQuoted shows anew what a message answers.
func (p *chatPane) showQuoted(answer storage.Pos) {
	row, ok := p.view.Row(rowID(answer))
	q, known := p.hist.quoted[answer]
	if !ok || !known || row.Quote == nil {
		return
	}
	row.Quote = p.a.model.quoteOf(p.chat, q)
	p.view.Update(row)
}
