package app

import (
	"context"
	"slices"
	"strconv"
	"time"

	"linnet/account"
	"linnet/storage"
)

// The part of fakeBackend that is about people.

func (f *fakeBackend) AddContact(_ context.Context, _ storage.AccountID, jid, name string, groups []string, message string) error {
	return f.note(append([]string{"add", jid, name, message}, groups...)...)
}

func (f *fakeBackend) RenameContact(_ context.Context, _ storage.AccountID, jid, name string) error {
	return f.note("rename", jid, name)
}

func (f *fakeBackend) SetGroups(_ context.Context, _ storage.AccountID, jid string, groups []string) error {
	return f.note(append([]string{"groups", jid}, groups...)...)
}

func (f *fakeBackend) RemoveContact(_ context.Context, _ storage.AccountID, jid string) error {
	return f.note("remove", jid)
}

func (f *fakeBackend) answer(word, jid string) error {
	f.requests = slices.DeleteFunc(f.requests, func(r account.Request) bool { return r.JID == jid })
	f.events <- []account.Event{account.RequestsChanged{}}
	return f.note(word, jid)
}

func (f *fakeBackend) Accept(_ context.Context, _ storage.AccountID, jid string) error {
	return f.answer("accept", jid)
}

func (f *fakeBackend) Decline(_ context.Context, _ storage.AccountID, jid string) error {
	return f.answer("decline", jid)
}

func (f *fakeBackend) Block(_ context.Context, id storage.AccountID, jid string) error {
	err := f.answer("block", jid)
	if err == nil {
		f.setBlocked(id, append(f.blocked, jid))
	}
	return err
}

func (f *fakeBackend) BlockAndReport(_ context.Context, id storage.AccountID, jid string, reason account.ReportReason, messages []storage.Message, text string) error {
	err := f.note("report", jid, string(reason), strconv.Itoa(len(messages)), text)
	if err == nil {
		f.setBlocked(id, append(f.blocked, jid))
	}
	return err
}

func (f *fakeBackend) setBlocked(id storage.AccountID, list []string) {
	f.blocked = list
	f.events <- []account.Event{account.BlockedChanged{Account: id}}
}

func (f *fakeBackend) Unblock(_ context.Context, id storage.AccountID, jid string) error {
	f.setBlocked(id, slices.DeleteFunc(f.blocked, func(b string) bool { return b == jid }))
	return f.note("unblock", jid)
}

func (f *fakeBackend) Blocked(context.Context, storage.AccountID) ([]string, error) {
	return slices.Clone(f.blocked), f.note("blocked")
}

func (f *fakeBackend) BlockedHere(storage.AccountID) []string { return slices.Clone(f.blocked) }

func (f *fakeBackend) IsBlocked(_ storage.AccountID, jid string) bool {
	return slices.Contains(f.blocked, jid)
}

func (f *fakeBackend) CanReport(storage.AccountID) bool { return f.reporting }

func (f *fakeBackend) SetTyping(id storage.ChatID, state account.ChatState) {
	f.note("typing", strconv.Itoa(int(id)), strconv.Itoa(int(state)))
}

func (f *fakeBackend) LocalTimes(context.Context, storage.AccountID, string) (map[string]*time.Location, error) {
	if len(f.zones) == 0 {
		return nil, account.ErrNoTime
	}
	return f.zones, nil
}

func (f *fakeBackend) Resubscribe(_ context.Context, _ storage.AccountID, jid string) error {
	return f.note("subscribe", jid)
}

func (f *fakeBackend) StopSharing(_ context.Context, _ storage.AccountID, jid string) error {
	return f.note("stop sharing", jid)
}

func (f *fakeBackend) Avatar(_ storage.AccountID, jid string) (data []byte, hash string, ok bool) {
	data, ok = f.avatars[jid]
	return data, avatarHash(data), ok
}

func (f *fakeBackend) SetAvatar(_ context.Context, id storage.AccountID, picture []byte, open bool) error {
	err := f.note("picture", strconv.FormatBool(open))
	if err == nil {
		f.showAvatar(id, f.accounts[id-1].Address, picture)
	}
	return err
}

func (f *fakeBackend) ClearAvatar(_ context.Context, id storage.AccountID) error {
	f.showAvatar(id, f.accounts[id-1].Address, nil)
	return f.note("no picture")
}

func (f *fakeBackend) Profile(_ context.Context, _ storage.AccountID, jid string) (account.Profile, error) {
	return f.profiles[jid], f.note("profile", jid)
}

func (f *fakeBackend) Audiences(_ context.Context, id storage.AccountID) (s account.Audiences, err error) {
	s = account.Audiences{Picture: f.pictureFor, Name: account.AudienceContacts, Card: account.AudienceContacts}
	if f.profiles[f.accounts[id-1].Address].Open {
		s = account.Audiences{Picture: account.AudienceAll, Name: account.AudienceAll, Card: account.AudienceAll}
	}
	return s, f.note("audiences")
}

func (f *fakeBackend) SetProfile(_ context.Context, id storage.AccountID, p account.Profile) error {
	err := f.note("set profile", p.Nick)
	if err == nil {
		f.profiles[f.accounts[id-1].Address] = p
	}
	return err
}
