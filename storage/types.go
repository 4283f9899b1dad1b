package storage

import "time"

// AccountID names an account inside one profile. It is never used again after
// the account is removed.
type AccountID uint32

// ChatID names a conversation inside one profile, over all accounts. It is
// never used again after the conversation is removed.
type ChatID uint32

// Account is what is kept of a signed-in account. The password is not here: it
// lives in Secrets.
type Account struct {
	ID      AccountID
	Address string // bare JID
	Name    string // shown in the window; empty means the address
	Color   uint32 // 0xRRGGBB, the stripe in lists
	Enabled bool

	Host string // set by hand; empty means look the domain up
	Port uint16 // set by hand; 0 means look the domain up

	// Trusted is the SHA-256 of the one certificate the user chose to trust
	// for this account although it did not verify; nil means none.
	Trusted []byte

	// OwnStatus says that Status holds here; otherwise the common status of
	// the profile does.
	OwnStatus bool
	Status    Status

	RosterVersion string // RFC 6121 section 2.6; empty means never fetched

	// NoReceipts and NoMarkers say that contacts are not told when their
	// messages arrive (XEP-0184) and when they were read (XEP-0333).
	NoReceipts, NoMarkers bool
}

// Show is what a person says about being available.
type Show uint8

// The shows, best first. Offline is a choice of the user as well as the state
// of a contact that is not available.
const (
	ShowOnline Show = iota
	ShowChat
	ShowAway
	ShowExtendedAway
	ShowBusy
	ShowOffline
)

// Status is a show with the words that go with it.
type Status struct {
	Show    Show
	Message string
}

// ChatKind tells a one-to-one conversation from a room.
type ChatKind uint8

const (
	ChatDirect ChatKind = iota
	ChatRoom
)

// Chat is a conversation as the list shows it.
type Chat struct {
	ID      ChatID
	Account AccountID
	JID     string // bare JID of the contact or the room
	Kind    ChatKind

	Unread     int       // incoming messages after ReadUpTo
	ReadUpTo   Pos       // the newest message the user has seen; zero means none
	Draft      string    // text in the composer that was not sent
	Pinned     bool      // stays on top
	MutedUntil time.Time // zero means not muted

	// Receipts and Markers say whether this contact is told when messages
	// arrive and when they were read; ChoiceDefault is as the account has it.
	Receipts, Markers Choice

	Last Summary // the newest message; a zero Pos means an empty conversation
}

// Choice is a switch of a conversation that may be left to its account.
type Choice uint8

// The choices; the numbers are stored.
const (
	ChoiceDefault Choice = iota
	ChoiceYes
	ChoiceNo
)

// Summary is the newest message of a conversation, short enough for a row.
type Summary struct {
	Pos   Pos
	From  string // as Message.From
	Out   bool
	Text  string // at most SummaryRunes runes, on one line
	State MessageState
}

// SummaryRunes is the longest text a row of the conversation list can show.
const SummaryRunes = 160

// Pos is the place of a message in its conversation. Positions sort by time,
// equal times by Seq, which grows with every message stored in the profile.
type Pos struct {
	Time int64  // Unix time in milliseconds
	Seq  uint64 // 0 only in the zero Pos
}

// Before reports whether p comes before q.
func (p Pos) Before(q Pos) bool {
	return p.Time < q.Time || p.Time == q.Time && p.Seq < q.Seq
}

// IsZero reports whether p is no place at all.
func (p Pos) IsZero() bool { return p == Pos{} }

// At is the time of p.
func (p Pos) At() time.Time { return time.UnixMilli(p.Time) }

// MessageState says where a message is, truthfully: a state is stored before
// it is shown and only a confirmed fact raises it.
type MessageState uint8

const (
	StateReceived  MessageState = iota // incoming
	StateWaiting                       // outgoing, stored, not yet confirmed by our server
	StateSent                          // our server has it
	StateDelivered                     // a device of the contact has it (XEP-0184)
	StateRead                          // the contact has seen it (XEP-0333)
	StateFailed                        // refused; Reason says why
)

// Message is one entry of a conversation.
type Message struct {
	Pos   Pos
	Chat  ChatID
	Out   bool
	From  string // JID as received, with its resource; the own full JID for outgoing
	Body  string // as received; making it harmless is the window's work
	State MessageState

	// Reason is the server's words or condition for StateFailed.
	Reason string

	// ID is the id attribute, OriginID the sender's XEP-0359 origin-id and
	// StanzaID the id our own archive gave it. Each may be empty.
	ID       string
	OriginID string
	StanzaID string

	// When an outgoing message reached a state, as far as that is known, in
	// Unix milliseconds; 0 means not known. SentAt of one that is tried again
	// is since when.
	SentAt, DeliveredAt, ReadAt int64

	// Markable says that the sender of an incoming message wants to be told
	// when it was read (XEP-0333).
	Markable bool
}

// Gap is a stretch of the server's archive of an account (XEP-0313) that may
// hold messages which are not here.
type Gap struct {
	ID   uint64 // 0 in a new one
	From Edge   // the newest known below it; the zero Edge is the beginning of the archive
	To   Edge   // the oldest known above it
}

// Edge is an end of a gap.
type Edge struct {
	Time int64  `json:"t,omitempty"` // Unix milliseconds, by the clock of the server
	ID   string `json:"i,omitempty"` // of the message there in the archive; may not be known
}

// IsZero reports whether e is no edge at all.
func (e Edge) IsZero() bool { return e == Edge{} }

// ChatGap is what one conversation has of a Gap already: more than the others,
// since somebody looked at it.
type ChatGap struct {
	From   Edge `json:"f,omitzero"`  // everything from the lower end of the gap up to here; zero means nothing
	To     Edge `json:"t,omitzero"`  // everything from here up to the upper end of the gap; zero means nothing
	Closed bool `json:"c,omitempty"` // nothing is missing
}

// Subscription is who sees whose presence (RFC 6121 section 2.1.2.5).
type Subscription uint8

const (
	SubscriptionNone Subscription = iota
	SubscriptionTo                // we see theirs
	SubscriptionFrom              // they see ours
	SubscriptionBoth
)

// RosterItem is a contact as the server keeps it.
type RosterItem struct {
	JID          string // bare
	Name         string
	Groups       []string
	Subscription Subscription
	Ask          bool  // our request is not answered yet
	LastSeen     int64 // Unix milliseconds of the last unavailable presence; 0 means not known
}

// Request is a subscription request that waits for the user's answer.
type Request struct {
	JID     string // bare
	Message string
	Time    int64 // Unix milliseconds
}
