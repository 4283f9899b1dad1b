package widgets

import (
	"reflect"
	"time"
)

// RowID says which row a row is and where it stands: rows are shown in the
// order of their ids, by Time and then by Seq. The zero value names no row.
type RowID struct {
	Time int64  // any unit, as long as all rows of a transcript agree
	Seq  uint64 // tells rows of one Time apart

	// Aside marks a row that is about the history and no part of it. It stands
	// directly above the row of the same Time and Seq. See SetAsides.
	Aside bool
}

// Less tells whether a stands above b in a transcript.
func (a RowID) Less(b RowID) bool {
	if a.Time != b.Time {
		return a.Time < b.Time
	}
	return a.Seq < b.Seq || a.Seq == b.Seq && a.Aside && !b.Aside
}

// RowKind is what a row of a transcript is.
type RowKind uint8

const (
	RowMessage   RowKind = iota // something said: a bubble
	RowAction                   // something done ("/me waves"): a line with the name
	RowNotice                   // something that happened ("You are now contacts"): a small centred line
	RowGap                      // an aside: messages are missing here
	RowStart                    // an aside: the conversation begins here
	RowRetracted                // what was said was taken back: a bubble in which Text says so
	RowForeign                  // what was said is for other programs: a bubble in which Text says so
)

// Row is one entry of a transcript. The transcript never changes it, nor what
// its slices hold, and takes two rows of the same values for the same.
type Row struct {
	ID     RowID
	Kind   RowKind
	Time   time.Time    // shown, in its own location
	Out    bool         // said by the user
	Author string       // tells speakers apart, for grouping; not shown
	Name   string       // the speaker's name, for actions and for what is copied
	Text   string       // as it came: it is made harmless and styled here
	Plain  bool         // Text has no styles (XEP-0393), whatever it looks like
	State  MessageState // how far an own message came; NoState for others
	Reason string       // why it failed, a sentence for the user
	About  string       // what a tooltip says of the time and the state, or empty
	Busy   bool         // of a gap: what is missing is on its way
	Act    string       // of a gap: a word to press that asks for it, or empty

	Nameless  bool       // it has no id: nobody can answer it or react to it
	Unsent    bool       // it failed and nobody has it: it is sent again, changed, or deleted
	Edited    bool       // its author changed the words; the earlier ones are asked for by OnEdits
	Starred   bool       // the user marked it
	Quote     *Quote     // what it answers, nil for nothing
	Reactions []Reaction // at most MaxReactions are shown
	Files     []FileView // above the text
	Links     []LinkView // below the text
	Notice    Notice     // of something the user did to it that is not done yet
}

// MaxReactions bounds the chips under a message: who reacts may send any number.
const MaxReactions = 20

// Quote is the message that another one answers.
type Quote struct {
	Name string // of its author
	Text string // its words, of which a line or two are shown
	Own  bool   // the user said it
}

// Reaction is one emoji under a message.
type Reaction struct {
	Emoji string
	Count int
	Mine  bool   // the user is one of them
	Who   string // their names, for a tooltip
}

// LinkView is what is told of a link in the message. Empty parts are left out.
type LinkView struct {
	URL     string // opened by a press
	Site    string // the host that the link leads to
	Title   string
	Text    string
	Picture string // the key of a picture for OnPicture
	Note    string // in place of the rest: that it is on its way, or why it is not here
	Failed  bool   // and that Note is about a failure
}

// Notice is a line below a message about what the user did to it. The zero
// Notice says nothing.
type Notice struct {
	Text   string
	Failed bool // and the user is asked whether to try again
}

// same tells whether two rows look the same.
func (a Row) same(b Row) bool { return reflect.DeepEqual(a, b) }
