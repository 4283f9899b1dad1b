package account

import (
	"strings"
	"unicode/utf8"

	"linnet/account/xep/correct"
	"linnet/account/xep/fallback"
	"linnet/account/xep/hints"
	"linnet/account/xep/reactions"
	"linnet/account/xep/reply"
	"linnet/account/xep/retract"
	"linnet/account/xep/stanzaid"
	"linnet/storage"
)

// retractedText is for programs that do not know retractions.
const retractedText = "(I took back an earlier message, but your program does not support that.)"

// notesOut is what of a message that is sent is about one before it.
type notesOut struct {
	Replace   *correct.Replace
	Retract   *retract.Retract
	Reactions *reactions.Reactions
	Reply     *reply.Reply
	Store     *hints.Store // what has no body of its own is archived all the same
}

// answer makes what is sent an answer: with the words it quotes before its own,
// for programs that know nothing else.
func (out *messageOut) answer(r *storage.Reply) {
	if r.ID == "" {
		return
	}
	out.Reply = &reply.Reply{To: r.From, ID: r.ID}
	// With files and no words, the body has to stay the address (XEP-0066).
	if r.Quote == "" || out.Body == "" || out.OOB != nil {
		return
	}
	quote := "> " + strings.ReplaceAll(r.Quote, "\n", "\n> ") + "\n"
	out.Body = quote + out.Body
	out.Fallback = append(out.Fallback, fallback.Fallback{
		For: reply.NS, Body: []fallback.Range{fallback.Part(0, utf8.RuneCountInString(quote))},
	})
}

// actOut gives what the user did to a message as it is sent.
func (a *Account) actOut(w *waiting) messageOut {
	n := noteOf(w.entry.Note)
	out := messageOut{To: w.chat.JID, Type: "chat", ID: n.ID, OriginID: stanzaid.OriginID{ID: n.ID}}
	switch w.entry.Kind {
	case storage.ActCorrect: // the whole message again, but for its words
		out.Body = n.Body
		out.words(&w.m)
		out.tell(n.Links)
		out.Replace = &correct.Replace{ID: w.m.ID}
	case storage.ActRetract:
		out.Body = retractedText
		out.Retract = &retract.Retract{ID: w.m.ID}
		out.Fallback = []fallback.Fallback{{For: retract.NS}}
		out.Store = new(hints.Store)
	case storage.ActReact:
		out.Reactions = &reactions.Reactions{ID: nameOfMessage(&w.m), Emoji: n.Emoji}
		out.Store = new(hints.Store)
	}
	return out
}

// replyTo gives what an answer to a message keeps of it.
func replyTo(tx *storage.Tx, chat storage.ChatID, pos storage.Pos) (storage.Reply, error) {
	if pos.IsZero() {
		return storage.Reply{}, nil
	}
	m, err := tx.Message(chat, pos)
	switch {
	case err != nil:
		return storage.Reply{}, err
	case m.RetractedAt != 0:
		return storage.Reply{}, ErrRetracted
	case nameOfMessage(&m) == "":
		return storage.Reply{}, ErrNoID
	}
	return storage.Reply{ID: nameOfMessage(&m), From: bareOf(m.From), Quote: cutRunes(strings.TrimSpace(m.Body), maxQuote)}, nil
}
