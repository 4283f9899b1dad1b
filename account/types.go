package account

import (
	"errors"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

// Info is an account as the window shows it.
type Info struct {
	storage.Account

	// State is where the connection is. With Phase Failed, Err is one of the
	// typed errors of package stream that only the user can cure,
	// ErrNoPassword, or what Secrets said instead of giving the password. An
	// account that is disabled or whose status is offline is Stopped without
	// an error.
	State stream.State

	// Effective is the status that holds: the account's own or the common one.
	Effective storage.Status

	Contacts int // in the roster
	Requests int // subscription requests that wait for an answer

	History HistoryState

	// Nick and Avatar are what the account shows of itself: a name (XEP-0172) and
	// the SHA-1 of a picture (see Manager.Avatar). Either may be empty.
	Nick, Avatar string
}

// Presence is one resource of a contact. The zero Show is online.
type Presence struct {
	Resource string
	Show     storage.Show
	Status   string
	Priority int8
	Since    time.Time // when this presence was sent, as far as known
	Idle     time.Time // since when the person is away from it (XEP-0319); zero if not told
	Client   string    // the program's name by verified XEP-0115 caps; empty if not known
}

// Contact is an entry of the roster with its presence. The same person on two
// accounts is two contacts.
type Contact struct {
	Account      storage.AccountID
	JID          string // bare
	Name         string // as the user named it; may be empty
	Groups       []string
	Subscription storage.Subscription
	Ask          bool // we asked to see their presence; no answer yet

	// Nick is the name they gave themselves (XEP-0172), to be shown where Name
	// is empty; Avatar is the SHA-1 of their picture (see Manager.Avatar). Either
	// may be empty, and neither says who somebody is.
	Nick, Avatar string

	// Best is the resource to show: highest priority, then show, then the
	// latest. When the contact is not available its Show is ShowOffline and
	// Status is what the last unavailable presence said.
	Best      Presence
	Resources []Presence // best first; empty when not available

	// LastSeen is since when the contact is away from Best (XEP-0319) or, when
	// it is not available, since when it is gone. Zero means not known or, of
	// one that is available, not away.
	LastSeen time.Time
}

// Request is somebody's wish to see our presence.
type Request struct {
	Account storage.AccountID
	storage.Request
}

// NewAccount is what the user fills in to sign in.
type NewAccount struct {
	Address  string // user@domain; see ValidateAddress
	Password string
	Host     string // empty: look the domain up
	Port     uint16 // 0: the usual ones
	Trusted  []byte // SHA-256 of a certificate the user chose to trust; usually nil
}

// Edit is what of an account can be changed.
type Edit struct {
	Name  string
	Color uint32 // 0xRRGGBB
	Host  string
	Port  uint16
}

// Errors of the Manager's methods. Those of package storage
// (storage.ErrDiskFull) and stream (stream.ErrOffline, *stream.StanzaError when
// the server refuses) come through as they are.
var (
	ErrStopped       = errors.New("the accounts are not running")
	ErrNoAccount     = errors.New("no such account")
	ErrAccountExists = errors.New("this account is already there")
	ErrNoPassword    = errors.New("no password is stored")
	ErrNoContact     = errors.New("no such contact")
	ErrOwnAddress    = errors.New("this is the account's own address")
	ErrNoRequest     = errors.New("no such request")
	ErrNoBlocking    = errors.New("the server cannot block addresses")
	ErrEmpty         = errors.New("the message is empty")
	ErrTooLong       = errors.New("the message is too long")
	ErrNotFailed     = errors.New("the message did not fail")
	ErrNotOwn        = errors.New("the message is not the account's own")
	ErrRetracted     = errors.New("the message was taken back")
	ErrNoID          = errors.New("the message has no id")
	ErrRetracting    = errors.New("the message waits to be taken back")
	ErrNoArchive     = errors.New("the server keeps no messages")
	ErrNoSource      = errors.New("the server does not have the message")
	ErrNoPicture     = errors.New("not a picture that is known")
	ErrPictureLarge  = errors.New("the picture is too large")
)
