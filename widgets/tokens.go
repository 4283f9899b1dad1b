// Package widgets holds the Fyne widgets of Linnet's window. They know
// nothing of XMPP or of storage: the caller gives them plain values and gets
// callbacks. All of them belong to Fyne's UI goroutine.
//
// Colours are asked for by name from the current theme, so that a widget
// follows a change of theme; Palette gives the names their values. Sizes are
// in dp, Fyne's density-independent pixels.
package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Names of the colours the widgets draw with. A theme must answer all of
// them; Palette does.
const (
	ColorBackground = theme.ColorNameBackground // the chat pane, cards
	ColorText       = theme.ColorNameForeground // body text and names

	ColorSide         fyne.ThemeColorName = "linnet.side"         // the side panes and empty pages
	ColorLine         fyne.ThemeColorName = "linnet.line"         // hair lines and outlines
	ColorHover        fyne.ThemeColorName = "linnet.hover"        // what the pointer is over
	ColorPressed      fyne.ThemeColorName = "linnet.pressed"      // what is held down
	ColorField        fyne.ThemeColorName = "linnet.field"        // the fill of fields, chips and search
	ColorSecondary    fyne.ThemeColorName = "linnet.secondary"    // quieter text and icons
	ColorDisabled     fyne.ThemeColorName = "linnet.disabled"     // text and icons that do not act now
	ColorAccentText   fyne.ThemeColorName = "linnet.accentText"   // links, focus rings
	ColorAccentFill   fyne.ThemeColorName = "linnet.accentFill"   // filled buttons, badges
	ColorAccentHover  fyne.ThemeColorName = "linnet.accentHover"  // a filled button under the pointer
	ColorOwnMark      fyne.ThemeColorName = "linnet.ownMark"      // a round button on what the user says
	ColorOnOwnMark    fyne.ThemeColorName = "linnet.onOwnMark"    // what is on it
	ColorOnAccent     fyne.ThemeColorName = "linnet.onAccent"     // text on the accent fill
	ColorSelected     fyne.ThemeColorName = "linnet.selected"     // the selected row or tab
	ColorBubbleIn     fyne.ThemeColorName = "linnet.bubbleIn"     // what others say
	ColorBubbleOut    fyne.ThemeColorName = "linnet.bubbleOut"    // what the user says
	ColorOnline       fyne.ThemeColorName = "linnet.online"       // presence
	ColorAway         fyne.ThemeColorName = "linnet.away"         // presence
	ColorBusy         fyne.ThemeColorName = "linnet.busy"         // presence
	ColorOffline      fyne.ThemeColorName = "linnet.offline"      // presence
	ColorDanger       fyne.ThemeColorName = "linnet.danger"       // errors and harmful acts, as text
	ColorDangerFill   fyne.ThemeColorName = "linnet.dangerFill"   // a harmful act as filled button, under white
	ColorDangerLine   fyne.ThemeColorName = "linnet.dangerLine"   // the line of the unread divider
	ColorWarning      fyne.ThemeColorName = "linnet.warning"      // the ground of a banner
	ColorMuted        fyne.ThemeColorName = "linnet.muted"        // the badge of a muted chat
	ColorSwitchOff    fyne.ThemeColorName = "linnet.switchOff"    // a switch that is off
	ColorScroll       fyne.ThemeColorName = "linnet.scroll"       // scroll bars
	ColorSelection    fyne.ThemeColorName = "linnet.selection"    // selected text
	ColorScrim        fyne.ThemeColorName = "linnet.scrim"        // what dims the window under an overlay
	ColorShadow       fyne.ThemeColorName = "linnet.shadow"       // shadows of overlays
	ColorOverlay      fyne.ThemeColorName = "linnet.overlay"      // menus and popups
	ColorTooltip      fyne.ThemeColorName = "linnet.tooltip"      // the ground of tooltips and toasts
	ColorOnTooltip    fyne.ThemeColorName = "linnet.onTooltip"    // text on it
	ColorAccentOnDark fyne.ThemeColorName = "linnet.accentOnDark" // an action on it
	ColorQuoteBar     fyne.ThemeColorName = "linnet.quoteBar"     // the bar beside quoted words
	ColorFound        fyne.ThemeColorName = "linnet.found"        // behind what a search found
	ColorCode         fyne.ThemeColorName = "linnet.code"         // the ground of code
	ColorCodeButton   fyne.ThemeColorName = "linnet.codeButton"   // a button on it
	ColorCodeKeyword  fyne.ThemeColorName = "linnet.codeKeyword"  // parts of code
	ColorCodeString   fyne.ThemeColorName = "linnet.codeString"   // parts of code
	ColorCodeNumber   fyne.ThemeColorName = "linnet.codeNumber"   // parts of code
	ColorCodeComment  fyne.ThemeColorName = "linnet.codeComment"  // parts of code
	ColorCodeName     fyne.ThemeColorName = "linnet.codeName"     // parts of code
	ColorCodeMeta     fyne.ThemeColorName = "linnet.codeMeta"     // parts of code
	ColorOther        fyne.ThemeColorName = "linnet.other"        // the name of the other side in a quote
	ColorPicture      fyne.ThemeColorName = "linnet.picture"      // the place of a picture that is not there yet
)

// Sizes of text in dp.
const (
	TextBody      float32 = 14 // messages, names, buttons
	TextSecondary float32 = 13 // second lines, labels
	TextSmall     float32 = 12 // section labels, tooltips
	TextTime      float32 = 11 // times and badges
	TextTitle     float32 = 20 // page titles
	TextHeading   float32 = 22 // the title of the sign-in card
	LineBody      float32 = 20 // height of a body line
)

// Sizes of the window's parts in dp.
const (
	SideWidth    float32 = 304
	SideMinWidth float32 = 220
	SideMaxWidth float32 = 420

	DetailsWidth float32 = 280

	// OnePaneBelow is the window width under which only one pane shows.
	OnePaneBelow float32 = 720

	HeaderHeight float32 = 60
	PagePadding  float32 = 18

	ChatRowHeight    float32 = 60
	RosterRowHeight  float32 = 48
	GroupRowHeight   float32 = 32
	AvatarSize       float32 = 40 // conversation list and header
	AvatarSmallSize  float32 = 32 // roster and account strip
	AvatarRoomSize   float32 = 36 // authors in rooms
	AvatarCardSize   float32 = 44 // account cards
	AvatarLargeSize  float32 = 88 // details
	IconSize         float32 = 20
	IconSmallSize    float32 = 14
	IconButtonSize   float32 = 34
	ButtonHeight     float32 = 38
	FieldHeight      float32 = 40
	FieldRadius      float32 = 9
	SearchHeight     float32 = 34
	TabHeight        float32 = 28
	CardRadius       float32 = 16
	FocusRing        float32 = 2
	LineWidth        float32 = 1
	BubbleRadius     float32 = 14
	BubbleTailRadius float32 = 5 // at the speaker's corner
	BubblePadX       float32 = 12
	BubblePadY       float32 = 7
	BubbleMaxWidth   float32 = 560
	GapInGroup       float32 = 3  // between bubbles of one author
	GapBetweenGroups float32 = 10 // between authors, or after a pause
)
