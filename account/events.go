package account

import (
	"time"

	"linnet/storage"
)

// Event is one thing that changed. The values are snapshots: nobody changes
// them after they were sent.
//
// A consumer that falls behind gets fewer, merged events, never stale ones:
// of several that say the same about the same thing it sees the last, and when
// too much has gathered it gets ChatReload or Reset in their place.
type Event interface{ event() }

// AccountsChanged tells that accounts were added, removed or edited, or that a
// status was set: read Manager.Accounts and Manager.Status again.
type AccountsChanged struct{}

// StateChanged tells that the connection of an account changed.
type StateChanged struct{ Account Info }

// RosterChanged tells that contacts of an account were added, removed, renamed
// or moved, or that a subscription changed: read Manager.Contacts again.
type RosterChanged struct{ Account storage.AccountID }

// PresenceChanged tells whose presence changed. JIDs are bare; nil means that
// everybody's may have (the account went offline, or too many to name).
type PresenceChanged struct {
	Account storage.AccountID
	JIDs    []string
}

// RequestsChanged tells to read Manager.Requests again.
type RequestsChanged struct{}

// ChatChanged carries the row of a conversation that is new or changed.
type ChatChanged struct{ Chat storage.Chat }

// ChatRemoved tells that a conversation and its messages are gone.
type ChatRemoved struct{ Chat storage.ChatID }

// MessagesAdded carries messages that are new in a conversation, incoming and
// outgoing, in the order they were stored. Their Pos says where each belongs,
// which for delayed ones is not always the end.
type MessagesAdded struct {
	Chat     storage.ChatID
	Messages []storage.Message
	Source   Source
}

// Source tells why messages are new here.
type Source uint8

// The sources. Those that were missed while nothing was connected count as
// unread like live ones; old ones are no news to anybody.
const (
	Live        Source = iota // received or sent just now, here or on another device
	FromCatchUp               // missed while this device was away
	FromHistory               // old; fetched because somebody looks back
)

// MessageChanged carries a message whose state changed.
type MessageChanged struct{ Message storage.Message }

// ChatReload stands for more messages added to and changed in one conversation
// than were worth keeping: read what is shown of it again.
type ChatReload struct{ Chat storage.ChatID }

// Reset stands for more events than were worth keeping: read everything again.
type Reset struct{}

// TypingChanged tells what the contact of a conversation does in it. Whoever is
// not named is not typing; a Reset says so of all.
type TypingChanged struct {
	Chat  storage.ChatID
	State ChatState
}

// FileProgress tells how far the transfer of a file of a message is. It begins
// with the first; that it has ended MessageChanged tells.
type FileProgress struct {
	Chat        storage.ChatID
	Pos         storage.Pos
	File        int
	Done, Total int64 // bytes; Total 0: not known
	Wait        FileWait
}

// FileWait says why a transfer does not move for the moment. It goes on by itself.
type FileWait uint8

const (
	FileMoves  FileWait = iota
	FileQueued          // others come first
	FileCut             // the connection was lost, and is tried again after a while
)

// AvatarChanged tells that a contact, or our own account, shows another picture
// or none any more: ask Manager.Avatar again.
type AvatarChanged struct {
	Account storage.AccountID
	JID     string // bare
}

// BlockedChanged tells that other addresses of an account are blocked than
// before: ask Manager.BlockedHere again.
type BlockedChanged struct{ Account storage.AccountID }

// StorageFull tells that the disk is full (Full) or no longer is. While it is
// full nothing new is stored: incoming messages wait at the server, Send and
// the other calls that store fail with storage.ErrDiskFull. Accounts keep
// trying by themselves.
type StorageFull struct {
	Full    bool
	RetryAt time.Time // the next try while Full
}

func (AccountsChanged) event() {}
func (StateChanged) event()    {}
func (RosterChanged) event()   {}
func (PresenceChanged) event() {}
func (RequestsChanged) event() {}
func (ChatChanged) event()     {}
func (ChatRemoved) event()     {}
func (MessagesAdded) event()   {}
func (MessageChanged) event()  {}
func (ChatReload) event()      {}
func (Reset) event()           {}
func (StorageFull) event()     {}
func (TypingChanged) event()   {}
func (FileProgress) event()    {}
func (AvatarChanged) event()   {}
func (BlockedChanged) event()  {}
