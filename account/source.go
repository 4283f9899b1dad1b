package account

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/forward"
	"linnet/account/xep/mam"
	"linnet/storage"
)

const (
	// maxSource bounds the text of a stanza, in bytes: nobody reads more.
	maxSource = 32 << 10
	// sourceAround is how far the time of a message in the archive may be from
	// the one we know: the error of clocks, and the way to the server. It is
	// looked for within timeError first, since much may be said in a minute.
	sourceAround = time.Minute
	// sourcePages is how many pages are asked for at most, each time.
	sourcePages = 4
)

// resultPath is where in a result of the archive the message is.
var resultPath = []xml.Name{
	{Space: mam.NS, Local: "result"}, {Space: forward.NS, Local: "forwarded"}, {Space: "jabber:client", Local: "message"},
}

// Source gives the stanza of a message as XML to be read by people: as it will be
// sent while it waits, else as the server's archive has it, since none of it is
// kept here. It is cut at 32 kB. Errors: ErrNoArchive, ErrNoSource when it is not
// there, stream.ErrOffline, those of the server and of ctx.
func (m *Manager) Source(ctx context.Context, chat storage.ChatID, pos storage.Pos) (string, error) {
	row, err := m.Chat(chat)
	if err != nil {
		return "", err
	}
	var text string
	var msg storage.Message
	err = m.do(ctx, row.Account, func(a *Account) error {
		if msg, err = a.messageAt(chat, pos); err != nil || msg.State != storage.StateWaiting {
			return err
		}
		text, err = a.waitingSource(&row, &msg)
		return err
	})
	if err != nil || text != "" {
		return text, err
	}
	a, c, err := m.archive(ctx, row.Account)
	if err != nil {
		return "", err
	}
	return a.askSource(ctx, c, &row, &msg)
}

// waitingSource gives what will be sent of a message.
func (a *Account) waitingSource(chat *storage.Chat, m *storage.Message) (string, error) {
	raw, err := xml.Marshal(a.messageOut(&waiting{chat: *chat, m: *m}))
	if err != nil {
		return "", fmt.Errorf("write a message: %w", err)
	}
	return stream.Text(xml.NewDecoder(strings.NewReader(string(raw))), maxSource), nil
}

// askSource looks for a message in the archive: by its id there if the archive
// can, else around its time.
func (a *Account) askSource(ctx context.Context, c *stream.Client, chat *storage.Chat, m *storage.Message) (string, error) {
	look := func(x *mam.Result[copied]) bool { return a.isSource(x, chat, m) }
	if m.StanzaID != "" && a.announces(mam.Extended) {
		part, err := a.askFor(ctx, c, archiveQuery{id: m.StanzaID, up: true}, look)
		refused := (*stream.StanzaError)(nil)
		switch {
		case isNotFound(err):
			return "", ErrNoSource
		case part.text != "" || err != nil && !errors.As(err, &refused):
			return part.text, err
		}
	}
	at := m.Pos.At()
	if m.Out && m.SentAt != 0 {
		at = time.UnixMilli(m.SentAt)
	}
	for _, around := range []time.Duration{timeError, sourceAround} {
		q := archiveQuery{with: chat.JID, start: at.Add(-around).UnixMilli(), end: at.Add(around).UnixMilli()}
		for range sourcePages {
			part, err := a.askFor(ctx, c, q, look)
			if err != nil || part.text != "" {
				return part.text, err
			}
			if part.complete || part.first.ID == q.before {
				break
			}
			q.before = part.first.ID
		}
	}
	return "", ErrNoSource
}

// isSource tells whether a result of the archive is a message.
func (a *Account) isSource(x *mam.Result[copied], chat *storage.Chat, m *storage.Message) bool {
	h, ok := a.unwrap(x.Forwarded.Message)
	switch {
	case !ok || h.own != m.Out || h.peer != chat.JID:
		return false
	case m.StanzaID != "":
		return x.ID == m.StanzaID
	}
	return m.OriginID != "" && m.OriginID == h.OriginID.ID || m.ID != "" && m.ID == h.id
}
