package account

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"

	"linnet/account/stream"
	"linnet/account/xep/caps"
	"linnet/account/xep/vcard"
	"linnet/storage"
)

// settingStatus names the setting that holds the common status.
const settingStatus = "account/status"

// maxStatus bounds a status message in bytes, ours and others': what is longer
// is no line to show in a list.
const maxStatus = 1024

func loadStatus(tx *storage.Tx) (storage.Status, error) {
	var s storage.Status
	raw, ok, err := tx.Setting(settingStatus)
	if err != nil || !ok {
		return s, err
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("read the common status: %w", err)
	}
	return s, nil
}

// SetStatus stores the common status and takes it on for every account without
// one of its own. ShowOffline disconnects them politely; they stay enabled. It
// works without a connection too.
func (m *Manager) SetStatus(ctx context.Context, s storage.Status) error {
	if err := m.wait(ctx); err != nil {
		return err
	}
	s.Message = cut(s.Message, maxStatus)
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	err = m.update(func(tx *storage.Tx) error { return tx.PutSetting(settingStatus, raw) })
	if err != nil {
		return err
	}
	m.status.Store(&s)
	for _, a := range m.list() {
		// An account that is just being removed does not need to know.
		_ = a.do(ctx, func() error { a.statusChanged(); return nil })
	}
	m.emit(AccountsChanged{})
	return ctx.Err()
}

// SetAccountStatus gives one account a status of its own; nil makes it follow
// the common one again.
func (m *Manager) SetAccountStatus(ctx context.Context, id storage.AccountID, s *storage.Status) error {
	return m.do(ctx, id, func(a *Account) error {
		err := a.change(func(stored *storage.Account) {
			stored.OwnStatus = s != nil
			stored.Status = storage.Status{}
			if s != nil {
				stored.Status = storage.Status{Show: s.Show, Message: cut(s.Message, maxStatus)}
			}
		})
		if err == nil {
			a.statusChanged()
		}
		return err
	})
}

// effective is the status that holds.
func (a *Account) effective() storage.Status {
	if a.stored.OwnStatus {
		return a.stored.Status
	}
	return a.m.Status()
}

// statusChanged tells the server, or ends or starts the link.
func (a *Account) statusChanged() {
	a.infoChanged = true
	if a.online() && a.effective().Show != storage.ShowOffline {
		a.sendPresence()
		return
	}
	a.reconsider()
}

// presenceOut is a presence stanza that we send.
type presenceOut struct {
	XMLName xml.Name `xml:"presence"`
	To      string   `xml:"to,attr,omitempty"`
	Type    string   `xml:"type,attr,omitempty"`
	Show    string   `xml:"show,omitempty"`
	Status  string   `xml:"status,omitempty"`
	Caps    *caps.C
	Photo   *vcard.Update
}

// sendPresence tells our contacts, through the server, that and how we are
// there.
func (a *Account) sendPresence() {
	s := a.effective()
	p := presenceOut{Show: showNames[s.Show], Status: s.Message, Caps: &ownCaps, Photo: a.photoUpdate()}
	a.send(p)
}

// send queues a stanza that needs no answer. That the link is gone shows
// elsewhere.
func (a *Account) send(v any) {
	c, err := a.client()
	if err == nil {
		err = c.Send(v)
	}
	if err != nil && err != stream.ErrOffline {
		a.log.Warn("could not send", "err", err)
	}
}

// showNames has the values of the show element (RFC 6121 section 4.7.2.1).
var showNames = map[storage.Show]string{
	storage.ShowOnline:       "",
	storage.ShowChat:         "chat",
	storage.ShowAway:         "away",
	storage.ShowExtendedAway: "xa",
	storage.ShowBusy:         "dnd",
}
