package app

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"linnet/account"
	"linnet/storage"
)

// fakeBackend is a profile in memory. Its methods note what they were asked.
type fakeBackend struct {
	mu        sync.Mutex
	events    chan []account.Event
	accounts  []account.Info
	contacts  []account.Contact
	requests  []account.Request
	status    storage.Status
	blocked   []string
	reporting bool                      // the server takes reports
	zones     map[string]*time.Location // where people are, by resource
	avatars   map[string][]byte         // by address
	profiles  map[string]account.Profile
	// pictureFor is who can see the picture of a profile that is not open.
	pictureFor account.Audience
	chats      map[storage.ChatID]storage.Chat
	messages   map[storage.ChatID][]storage.Message
	sent       account.Text // last
	edits      map[storage.Pos][]storage.Edit
	settings   map[string][]byte
	files      map[string][]byte // by File.Path
	automatic  map[storage.AccountID]int64
	reports    map[storage.AccountID]account.Report
	policy     account.ArchivePolicy
	noPolicy   error // what asking for it ends with
	loadAll    func(ctx context.Context, progress func(int)) error
	said       []string // what was asked of it
	fail       error    // what acts return
	noReads    error    // what reads of the archive return
	archive    fakeArchive
	checks     []error // what the next tries to sign in end with, then fail
	seq        uint64
}

var _ Backend = (*fakeBackend)(nil)

func newFakeBackend() *fakeBackend {
	return &fakeBackend{
		events: make(chan []account.Event, 100), chats: map[storage.ChatID]storage.Chat{},
		avatars: map[string][]byte{}, profiles: map[string]account.Profile{}, automatic: map[storage.AccountID]int64{},
		messages: map[storage.ChatID][]storage.Message{}, settings: map[string][]byte{}, edits: map[storage.Pos][]storage.Edit{}, policy: account.ArchiveAlways,
	}
}

func (f *fakeBackend) note(parts ...string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	line := ""
	for i, p := range parts {
		if i > 0 {
			line += " "
		}
		line += p
	}
	f.said = append(f.said, line)
	return f.fail
}

// asked reports whether something was asked, and forgets it.
func (f *fakeBackend) asked(line string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.Index(f.said, line)
	if i < 0 {
		return false
	}
	f.said = slices.Delete(f.said, i, i+1)
	return true
}

func (f *fakeBackend) Events() <-chan []account.Event { return f.events }
func (f *fakeBackend) Accounts() []account.Info       { return slices.Clone(f.accounts) }
func (f *fakeBackend) Requests() []account.Request    { return slices.Clone(f.requests) }
func (f *fakeBackend) Status() storage.Status         { return f.status }
func (f *fakeBackend) Contacts(id storage.AccountID) (out []account.Contact) {
	for _, c := range f.contacts {
		if c.Account == id {
			out = append(out, c)
		}
	}
	return out
}

func (f *fakeBackend) Contact(id storage.AccountID, jid string) (account.Contact, bool) {
	for _, c := range f.contacts {
		if c.Account == id && c.JID == jid {
			return c, true
		}
	}
	return account.Contact{}, false
}

func (f *fakeBackend) Chats() ([]storage.Chat, error) {
	if f.noReads != nil {
		return nil, f.noReads
	}
	var out []storage.Chat
	for _, c := range f.chats {
		out = append(out, c)
	}
	return out, nil
}

func (f *fakeBackend) Chat(id storage.ChatID) (storage.Chat, error) {
	c, ok := f.chats[id]
	if !ok {
		return c, storage.ErrNotFound
	}
	return c, nil
}

func (f *fakeBackend) Before(id storage.ChatID, before storage.Pos, n int) (account.Page, error) {
	if f.noReads != nil {
		return account.Page{}, f.noReads
	}
	f.archive.mu.Lock()
	defer f.archive.mu.Unlock()
	all := f.messages[id]
	end := len(all)
	if !before.IsZero() {
		end, _ = slices.BinarySearchFunc(all, before, comparePos)
	}
	return f.page(id, all[max(0, end-n):end], before), nil
}

func (f *fakeBackend) After(id storage.ChatID, after storage.Pos, n int) (account.Page, error) {
	if f.noReads != nil {
		return account.Page{}, f.noReads
	}
	f.archive.mu.Lock()
	defer f.archive.mu.Unlock()
	all := f.messages[id]
	start, found := slices.BinarySearchFunc(all, after, comparePos)
	if found {
		start++
	}
	return f.page(id, all[start:min(len(all), start+n)], storage.Pos{Time: -1}), nil
}

func (f *fakeBackend) OpenChat(id storage.AccountID, jid string) (storage.Chat, error) {
	for _, c := range f.chats {
		if c.Account == id && c.JID == jid {
			return c, nil
		}
	}
	c := storage.Chat{ID: storage.ChatID(len(f.chats) + 1), Account: id, JID: jid}
	f.chats[c.ID] = c
	return c, f.note("open", jid)
}

// store adds a message as the archive would, and gives the events of it.
func (f *fakeBackend) store(id storage.ChatID, at time.Time, out bool, body string) []account.Event {
	f.seq++
	m := storage.Message{Pos: storage.Pos{Time: at.UnixMilli(), Seq: f.seq}, Chat: id, Out: out, Body: body, ID: fmt.Sprint("id ", f.seq)}
	if out {
		m.State = storage.StateSent
	}
	f.messages[id] = append(f.messages[id], m)
	c := f.chats[id]
	c.Last = storage.Summary{Pos: m.Pos, Out: out, Text: body, State: m.State}
	if !out {
		c.Unread++
	}
	f.chats[id] = c
	return []account.Event{account.ChatChanged{Chat: c}, account.MessagesAdded{Chat: id, Messages: []storage.Message{m}}}
}

func (f *fakeBackend) Send(_ context.Context, id storage.ChatID, t account.Text) error {
	if err := f.note("send", t.Body); err != nil {
		return err
	}
	f.sent = t
	f.events <- f.store(id, testNow, true, t.Body)
	return nil
}

func (f *fakeBackend) change(id storage.ChatID, edit func(*storage.Chat)) {
	c := f.chats[id]
	edit(&c)
	f.chats[id] = c
	f.events <- []account.Event{account.ChatChanged{Chat: c}}
}

func (f *fakeBackend) MarkRead(id storage.ChatID, upTo storage.Pos) error {
	f.change(id, func(c *storage.Chat) { c.Unread, c.ReadUpTo = 0, upTo })
	return f.note("read")
}

func (f *fakeBackend) SetDraft(id storage.ChatID, text string, reply storage.Pos) error {
	f.change(id, func(c *storage.Chat) { c.Draft, c.DraftReply = text, reply })
	return f.note("draft", text)
}

func (f *fakeBackend) KeepRecording(id storage.ChatID, data []byte) (string, error) {
	name := fmt.Sprintf("recording %d of %d", len(f.files), id)
	if f.files == nil {
		f.files = map[string][]byte{}
	}
	f.files[name] = data
	f.change(id, func(c *storage.Chat) { c.Recording = name })
	return name, f.note("keep recording")
}

func (f *fakeBackend) ForgetRecording(id storage.ChatID, name string) error {
	f.change(id, func(c *storage.Chat) {
		if c.Recording == name {
			c.Recording = ""
		}
	})
	delete(f.files, name)
	return f.note("forget recording")
}

func (f *fakeBackend) SetPinned(id storage.ChatID, on bool) error {
	f.change(id, func(c *storage.Chat) { c.Pinned = on })
	return f.note("pin")
}

func (f *fakeBackend) SetMuted(id storage.ChatID, until time.Time) error {
	f.change(id, func(c *storage.Chat) { c.MutedUntil = until })
	return f.note("mute")
}

func (f *fakeBackend) SetArchived(id storage.ChatID, on bool) error {
	f.change(id, func(c *storage.Chat) { c.Archived = on })
	return f.note("archive", strconv.FormatBool(on))
}

func (f *fakeBackend) SetMarkedUnread(id storage.ChatID, on bool) error {
	f.change(id, func(c *storage.Chat) { c.MarkedUnread = on })
	return f.note("mark unread", strconv.FormatBool(on))
}

func (f *fakeBackend) AcceptChat(id storage.ChatID) error {
	f.change(id, func(c *storage.Chat) { c.Request = false })
	return f.note("accept chat", strconv.Itoa(int(id)))
}

func (f *fakeBackend) DeleteChat(id storage.ChatID) error {
	delete(f.chats, id)
	f.events <- []account.Event{account.ChatRemoved{Chat: id}}
	return f.note("delete")
}

func (f *fakeBackend) Retry(context.Context, storage.ChatID, storage.Pos) error {
	return f.note("retry")
}

func (f *fakeBackend) CheckSignIn(_ context.Context, n account.NewAccount) error {
	line := "check " + n.Address
	if n.Trusted != nil {
		line += " trusting"
	}
	err := f.note(line)
	if len(f.checks) > 0 {
		err, f.checks = f.checks[0], f.checks[1:]
	}
	return err
}

func (f *fakeBackend) AddAccount(_ context.Context, n account.NewAccount) (storage.AccountID, error) {
	return 1, f.note("add account", n.Address)
}

func (f *fakeBackend) EditAccount(_ context.Context, _ storage.AccountID, e account.Edit) error {
	return f.note("edit account", e.Name, e.Host)
}

func (f *fakeBackend) SetEnabled(context.Context, storage.AccountID, bool) error {
	return f.note("enable")
}

func (f *fakeBackend) RemoveAccount(_ context.Context, id storage.AccountID, erase bool) error {
	f.accounts = slices.DeleteFunc(f.accounts, func(info account.Info) bool { return info.ID == id })
	f.events <- []account.Event{account.AccountsChanged{}}
	if erase {
		return f.note("erase account")
	}
	return f.note("remove account")
}

func (f *fakeBackend) SetPassword(context.Context, storage.AccountID, string) error {
	return f.note("password")
}

func (f *fakeBackend) TrustCertificate(context.Context, storage.AccountID, []byte) error {
	return f.note("trust")
}

func (f *fakeBackend) RetryNow(storage.AccountID) { f.note("retry now") }

func (f *fakeBackend) SetActive(on bool) { f.note("active", strconv.FormatBool(on)) }

func (f *fakeBackend) Report(id storage.AccountID) (account.Report, error) {
	r, ok := f.reports[id]
	if !ok {
		return r, account.ErrNoAccount
	}
	return r, nil
}

func (f *fakeBackend) SetTypingSwitch(_ context.Context, id storage.AccountID, on bool) error {
	f.accounts[id-1].NoTyping = !on
	f.events <- []account.Event{account.AccountsChanged{}}
	return f.note("typing", strconv.FormatBool(on))
}

func (f *fakeBackend) SetChatTyping(id storage.ChatID, typing storage.Choice) error {
	f.change(id, func(c *storage.Chat) { c.Typing = typing })
	return f.note("chat typing")
}

func (f *fakeBackend) SetReceipts(_ context.Context, id storage.AccountID, receipts, markers bool) error {
	info := &f.accounts[id-1]
	info.NoReceipts, info.NoMarkers = !receipts, !markers
	f.events <- []account.Event{account.AccountsChanged{}}
	return f.note("receipts", strconv.FormatBool(receipts), strconv.FormatBool(markers))
}

func (f *fakeBackend) ArchivePolicy(context.Context, storage.AccountID) (account.ArchivePolicy, error) {
	return f.policy, f.noPolicy
}

func (f *fakeBackend) SetArchivePolicy(_ context.Context, _ storage.AccountID, p account.ArchivePolicy) error {
	err := f.note("keep", string(p))
	if err == nil {
		f.policy = p
	}
	return err
}

func (f *fakeBackend) LoadAllOf(ctx context.Context, _ storage.AccountID, progress func(int)) error {
	return f.loadAll(ctx, progress)
}

func (f *fakeBackend) SetStatus(_ context.Context, s storage.Status) error {
	return f.note("status", showText(s.Show))
}

func (f *fakeBackend) SetAccountStatus(context.Context, storage.AccountID, *storage.Status) error {
	return f.note("account status")
}

func (f *fakeBackend) Setting(name string) ([]byte, bool, error) {
	v, ok := f.settings[name]
	return v, ok, nil
}

func (f *fakeBackend) PutSetting(name string, value []byte) error {
	f.settings[name] = value
	return nil
}
