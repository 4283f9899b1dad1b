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
	// messages arrive (XEP-0184) and when they were read (XEP-0333), NoTyping
	// that they do not see whether the user is typing (XEP-0085).
	NoReceipts, NoMarkers, NoTyping bool

	// Previews says that the pages of links which contacts send are fetched
	// unasked.
	Previews bool
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
	DraftReply Pos       // the message the draft answers; zero means none
	Recording  string    // the sealed file of a voice message that was not sent; empty means none
	Pinned     bool      // stays on top
	MutedUntil time.Time // zero means not muted

	Archived     bool // out of the list until something new comes
	MarkedUnread bool // by the user, to come back to it
	Request      bool // from somebody unknown; the user has not accepted it

	// Receipts, Markers and Typing say whether this contact is told when
	// messages arrive, when they were read and that the user types;
	// ChoiceDefault is as the account has it.
	Receipts, Markers, Typing Choice

	// AutoDownload says whether files of this contact are fetched unasked.
	AutoDownload Choice

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
	Text  string // its beginning: at most SummaryRunes runes, with its lines
	State MessageState

	Unstyled  bool   // as Message.Unstyled
	Encrypted bool   // Message.Encryption is set
	Retracted bool   // its author took it back; Text is empty
	Files     int    // how many are attached
	FileType  string // media type of the first one
	Voice     bool   // the first one is a voice message
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
	// names the try, by when it was asked for.
	SentAt, DeliveredAt, ReadAt int64

	// Markable says that the sender of an incoming message wants to be told
	// when it was read (XEP-0333).
	Markable bool

	// Unstyled says that Body has no styles (XEP-0393), whatever it looks like.
	Unstyled bool

	// Encryption is how the message is encrypted end to end, as its sender says:
	// a name of XEP-0380, which is a namespace. Empty means that it is not.
	Encryption string

	Reply Reply // what it answers; the zero Reply: nothing

	// EditedAt is when its author last changed its words, in Unix milliseconds,
	// 0 never; EditID the id of the message that changed them, or with which we
	// took it back. Tx.Edits has what it said before.
	EditedAt int64
	EditID   string

	// Partial says that the first words are not here, only what they were
	// changed to; ID is then what the correction called the message.
	Partial bool

	// RetractedAt is when its author took it back; Body, Files, Links and
	// Reactions are empty then. 0 never.
	RetractedAt int64

	Reactions []Reaction // at most one per author, in the order they came
	Files     []File     // what is attached
	Links     []Link     // what is told of links in it
	Starred   bool       // set by Tx.SetStarred

	// Act is what the user did to it that has not reached the server, or was
	// refused; Reacted the same of what the user thinks of it (ActReact).
	Act, Reacted Act
}

// FailedAct gives what the user did to a message that failed, and is done again
// or given up first; false when nothing has.
func (m *Message) FailedAct() (Act, bool) {
	for _, a := range []Act{m.Act, m.Reacted} {
		if a.State == StateFailed {
			return a, true
		}
	}
	return Act{}, false
}

// Reply is what a message answers (XEP-0461).
type Reply struct {
	ID    string `json:"i,omitempty"` // of the message answered, as its author gave it
	From  string `json:"f,omitempty"` // bare JID of that author
	Quote string `json:"q,omitempty"` // its words as the answer quotes them, in case it is not here
}

// IsZero reports whether nothing is answered.
func (r Reply) IsZero() bool { return r == Reply{} }

// Reaction is what one person thinks of a message (XEP-0444).
type Reaction struct {
	From  string   `json:"f"` // bare JID
	Out   bool     `json:"o,omitempty"`
	Emoji []string `json:"e"`           // taken back when empty, which is not shown
	At    int64    `json:"t"`           // Unix milliseconds
	ID    string   `json:"i,omitempty"` // of the message that said so
}

// ActKind is what is done to a message that was said before.
type ActKind uint8

// The kinds; the numbers are stored.
const (
	ActNone    ActKind = iota
	ActCorrect         // XEP-0308
	ActRetract         // XEP-0424
	ActReact           // XEP-0444
)

// Act is what the user did to a message, as long as the server does not have
// it. The message shows it already, but for a retraction: its words stay until
// the server has that.
type Act struct {
	Kind   ActKind      `json:"k,omitempty"`
	State  MessageState `json:"s,omitempty"` // StateWaiting or StateFailed
	Reason string       `json:"r,omitempty"` // for StateFailed
	ID     string       `json:"i,omitempty"` // of the message that says it
	Note   []byte       `json:"n,omitempty"` // what doing it again or undoing it takes
}

// IsZero reports whether nothing was done.
func (a Act) IsZero() bool { return a.Kind == ActNone }

// Edit is what a message said before it was corrected, or says now.
type Edit struct {
	At   int64  `json:"t,omitempty"` // since when, in Unix milliseconds; 0 for the first words
	ID   string `json:"i,omitempty"` // of the message that said so; empty for the first words
	Body string `json:"b,omitempty"`

	Unstyled bool   `json:"us,omitempty"` // as Message.Unstyled
	Links    []Link `json:"l,omitempty"`  // what its author told of links in it
}

// Note is what somebody said about a message that is not here.
type Note struct {
	Seq    uint64   `json:"-"` // names it to DropNote
	Target string   `json:"-"` // id of the message it is about
	Out    bool     `json:"-"` // said by our own account
	Kind   ActKind  `json:"k"`
	From   string   `json:"f"` // JID as received
	At     int64    `json:"t"` // Unix milliseconds
	ID     string   `json:"i"`
	Body   string   `json:"b,omitempty"` // for ActCorrect
	Links  []Link   `json:"l,omitempty"` // for ActCorrect
	Emoji  []string `json:"e,omitempty"` // for ActReact

	Unstyled bool `json:"us,omitempty"` // as Message.Unstyled, for ActCorrect
}

// FileState says where a file of a message is.
type FileState uint8

// The states; the numbers are stored.
const (
	FileRemote      FileState = iota // at its URL only
	FileDownloading                  // on the way here
	FileHere                         // at Path
	FileWaiting                      // to be uploaded, from Path
	FileUploading                    // on the way to the server
	FileFailed                       // Reason says why
	FileGone                         // neither at its URL nor here
)

// File is a file of a message.
type File struct {
	Name     string    `json:"n,omitempty"` // as its sender says; making it safe is the reader's work
	Type     string    `json:"y,omitempty"` // media type
	Desc     string    `json:"e,omitempty"`
	Size     int64     `json:"z,omitempty"` // bytes; 0 means not known
	Width    int32     `json:"w,omitempty"` // pixels; 0 means not known
	Height   int32     `json:"h,omitempty"`
	Duration int64     `json:"d,omitempty"` // milliseconds
	Hash     []byte    `json:"s,omitempty"` // SHA-256
	Thumb    []byte    `json:"m,omitempty"` // a small picture, encoded
	URL      string    `json:"u,omitempty"`
	Path     string    `json:"p,omitempty"` // on this machine, absolute or inside the profile
	State    FileState `json:"t,omitempty"`
	Voice    bool      `json:"v,omitempty"`
	Wave     []byte    `json:"a,omitempty"` // peaks, 0 to 255
	Reason   string    `json:"r,omitempty"`
}

// Link is what is told of a link in a message: by its author along with it
// (XEP-0511), or, when Fetched, by the page itself, which this device has asked.
// One without a Title and a Text is there so that the page is not asked again.
type Link struct {
	URL     string `json:"u"` // as it stands in the message
	Title   string `json:"t,omitempty"`
	Text    string `json:"x,omitempty"`
	Image   []byte `json:"i,omitempty"` // a small picture, encoded
	Fetched bool   `json:"f,omitempty"`
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
