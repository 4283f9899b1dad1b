package app

import (
	"context"
	"time"

	"linnet/account"
	"linnet/storage"
)

// Backend is what the window needs of the accounts of a profile.
// account.Manager has these methods; their documentation is there.
type Backend interface {
	Snapshots
	Chats
	Acts
	Settings
	Files
}

// Snapshots answer at once, on any goroutine, without reading the disk.
type Snapshots interface {
	Events() <-chan []account.Event
	Accounts() []account.Info
	Contacts(storage.AccountID) []account.Contact
	Contact(id storage.AccountID, jid string) (account.Contact, bool)
	Requests() []account.Request
	Status() storage.Status
	IsBlocked(id storage.AccountID, jid string) bool
	BlockedHere(storage.AccountID) []string
	CanReport(storage.AccountID) bool
	// Avatar reads the disk and is not called on the UI goroutine.
	Avatar(id storage.AccountID, jid string) (data []byte, hash string, ok bool)
	Report(storage.AccountID) (account.Report, error)
}

// Chats read and write the archive and are never called on the UI goroutine.
type Chats interface {
	Chats() ([]storage.Chat, error)
	Chat(storage.ChatID) (storage.Chat, error)
	Before(chat storage.ChatID, before storage.Pos, n int) (account.Page, error)
	After(chat storage.ChatID, after storage.Pos, n int) (account.Page, error)
	HasMessages(chat storage.ChatID, between []time.Time) ([]bool, error)
	OpenChat(id storage.AccountID, jid string) (storage.Chat, error)
	Send(ctx context.Context, chat storage.ChatID, t account.Text) error
	Retry(ctx context.Context, chat storage.ChatID, pos storage.Pos) error
	Forward(ctx context.Context, from storage.ChatID, pos []storage.Pos, to storage.ChatID) error
	SetStarred(chat storage.ChatID, pos storage.Pos, on bool) error
	Starred(n int) ([]storage.Message, error)
	Find(ctx context.Context, chat storage.ChatID, query string, before storage.Pos, n int) ([]storage.Message, error)
	Correct(ctx context.Context, chat storage.ChatID, pos storage.Pos, body string) error
	Retract(ctx context.Context, chat storage.ChatID, pos storage.Pos) error
	React(ctx context.Context, chat storage.ChatID, pos storage.Pos, emoji []string) error
	DeleteMessages(ctx context.Context, chat storage.ChatID, pos []storage.Pos) error
	Source(ctx context.Context, chat storage.ChatID, pos storage.Pos) (string, error)
	DropAct(ctx context.Context, chat storage.ChatID, pos storage.Pos) error
	Edits(chat storage.ChatID, pos storage.Pos) ([]storage.Edit, error)
	Quoted(chat storage.ChatID, messages []storage.Message) (map[storage.Pos]storage.Message, error)
	MarkRead(chat storage.ChatID, upTo storage.Pos) error
	SetDraft(chat storage.ChatID, text string, reply storage.Pos) error
	KeepRecording(chat storage.ChatID, data []byte) (name string, err error)
	ForgetRecording(chat storage.ChatID, name string) error
	SetPinned(chat storage.ChatID, pinned bool) error
	SetMuted(chat storage.ChatID, until time.Time) error
	SetArchived(chat storage.ChatID, archived bool) error
	SetMarkedUnread(chat storage.ChatID, marked bool) error
	SetChatTyping(chat storage.ChatID, typing storage.Choice) error
	SetChatReceipts(chat storage.ChatID, receipts, markers storage.Choice) error
	AcceptChat(chat storage.ChatID) error
	DeleteChat(chat storage.ChatID) error

	View(chat storage.ChatID) // does not wait
	// SetTyping does not wait.
	SetTyping(chat storage.ChatID, state account.ChatState)
	FetchGap(ctx context.Context, chat storage.ChatID, before storage.Pos) (closed bool, err error)
	FetchGapAfter(ctx context.Context, chat storage.ChatID, after storage.Pos) (closed bool, err error)
	LoadAll(ctx context.Context, chat storage.ChatID, progress func(loaded int)) error
}

// Files are what goes with messages. Never called on the UI goroutine.
type Files interface {
	UploadLimit(ctx context.Context, chat storage.ChatID) (int64, error)
	SendFiles(ctx context.Context, chat storage.ChatID, files []account.NewFile, caption string, reply storage.Pos) error
	Download(ctx context.Context, chat storage.ChatID, pos storage.Pos, file int) error
	WantFiles(chat storage.ChatID, pos []storage.Pos) error
	CancelFile(ctx context.Context, chat storage.ChatID, pos storage.Pos, file int) error
	OpenFile(f *storage.File) (account.FileReader, error)
	SaveFile(ctx context.Context, f *storage.File, dir string) (string, error)
	SaveFileAs(ctx context.Context, f *storage.File, path string) error
	AutoDownload(storage.AccountID) (limit int64, err error)
	SetAutoDownload(id storage.AccountID, limit int64) error
	SetChatAutoDownload(chat storage.ChatID, choice storage.Choice) error

	Preview(ctx context.Context, chat storage.ChatID, pos storage.Pos, link string) error
	LookUp(ctx context.Context, id storage.AccountID, link string) (storage.Link, error)
	WantPreview(ctx context.Context, chat storage.ChatID, pos storage.Pos, link string) error
}

// Acts may wait for a server and are never called on the UI goroutine.
type Acts interface {
	CheckSignIn(context.Context, account.NewAccount) error
	AddAccount(context.Context, account.NewAccount) (storage.AccountID, error)
	EditAccount(context.Context, storage.AccountID, account.Edit) error
	SetEnabled(context.Context, storage.AccountID, bool) error
	RemoveAccount(ctx context.Context, id storage.AccountID, erase bool) error
	SetPassword(ctx context.Context, id storage.AccountID, password string) error
	TrustCertificate(ctx context.Context, id storage.AccountID, sha256 []byte) error
	RetryNow(storage.AccountID)
	SetActive(active bool)

	LocalTimes(ctx context.Context, id storage.AccountID, jid string) (map[string]*time.Location, error)
	Profile(ctx context.Context, id storage.AccountID, jid string) (account.Profile, error)
	SetProfile(ctx context.Context, id storage.AccountID, p account.Profile) error
	Audiences(ctx context.Context, id storage.AccountID) (account.Audiences, error)
	SetAvatar(ctx context.Context, id storage.AccountID, picture []byte, open bool) error
	ClearAvatar(ctx context.Context, id storage.AccountID) error
	SetPreviews(ctx context.Context, id storage.AccountID, on bool) error
	SetTypingSwitch(ctx context.Context, id storage.AccountID, on bool) error
	SetReceipts(ctx context.Context, id storage.AccountID, receipts, markers bool) error
	ArchivePolicy(context.Context, storage.AccountID) (account.ArchivePolicy, error)
	SetArchivePolicy(context.Context, storage.AccountID, account.ArchivePolicy) error
	LoadAllOf(ctx context.Context, id storage.AccountID, progress func(loaded int)) error

	SetStatus(context.Context, storage.Status) error
	SetAccountStatus(context.Context, storage.AccountID, *storage.Status) error

	AddContact(ctx context.Context, id storage.AccountID, jid, name string, groups []string, message string) error
	RenameContact(ctx context.Context, id storage.AccountID, jid, name string) error
	SetGroups(ctx context.Context, id storage.AccountID, jid string, groups []string) error
	RemoveContact(ctx context.Context, id storage.AccountID, jid string) error
	Accept(ctx context.Context, id storage.AccountID, jid string) error
	Decline(ctx context.Context, id storage.AccountID, jid string) error
	Block(ctx context.Context, id storage.AccountID, jid string) error
	BlockAndReport(ctx context.Context, id storage.AccountID, jid string, reason account.ReportReason, messages []storage.Message, text string) error
	Unblock(ctx context.Context, id storage.AccountID, jid string) error
	Blocked(ctx context.Context, id storage.AccountID) ([]string, error)
	Resubscribe(ctx context.Context, id storage.AccountID, jid string) error
	StopSharing(ctx context.Context, id storage.AccountID, jid string) error
}

// Settings keeps small values of the window in the profile. Never called on
// the UI goroutine.
type Settings interface {
	Setting(name string) (value []byte, ok bool, err error)
	PutSetting(name string, value []byte) error
}
