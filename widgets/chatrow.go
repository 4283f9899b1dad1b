package widgets

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// MessageState is how far an own message got, as lists and bubbles mark it.
type MessageState uint8

// The states; NoState is for messages of others.
const (
	NoState MessageState = iota
	StateWaiting
	StateSent
	StateDelivered
	StateRead
	StateFailed
)

// icon gives the name of the mark of a state and of its colour, both empty for
// NoState. No two states have the same mark, so that colour is not all that
// tells them apart.
func (s MessageState) icon() (name string, c fyne.ThemeColorName) {
	switch s {
	case StateWaiting:
		return assets.IconClock, ColorSecondary
	case StateSent:
		return assets.IconCheck, ColorSecondary
	case StateDelivered:
		return assets.IconChecks, ColorSecondary
	case StateRead:
		return assets.IconRead, ColorAccentText
	case StateFailed:
		return assets.IconWarning, ColorDanger
	}
	return "", ""
}

// Word says a state in words; NoState gives none.
func (s MessageState) Word() string {
	switch s {
	case StateWaiting:
		return lang.L("waiting to be sent")
	case StateSent:
		return lang.L("sent")
	case StateDelivered:
		return lang.L("delivered")
	case StateRead:
		return lang.L("read")
	case StateFailed:
		return lang.L("not sent")
	}
	return ""
}

// Conversation is what a row of a ConversationList shows. All texts come
// translated; the row cuts them where they are too long.
type Conversation struct {
	Key    string // names the conversation, the same in each list given
	Name   string
	Face   Face
	Stripe color.NRGBA // colour of the account; zero for none
	Time   string      // of the last message, short
	Last   string      // the last message in one line
	State  MessageState
	Draft  string // an unsent text, shown in place of the last message
	Typing string // "typing…", shown before anything else
	Unread int
	Marked bool // as unread although nothing is, shown as a badge without a number
	Muted  bool
	Quiet  bool // what is unread does not ask for attention; a muted one never does
	Pinned bool
}

// conversationRow draws one Conversation.
type conversationRow struct {
	widget.BaseWidget
	get  func(int) Conversation
	item Conversation
	rowState

	ground *rowGround
	avatar *Avatar
	name   *Label
	time   *Label
	prefix *Label
	last   *Label
	state  *svgImage
	mute   *svgImage
	pin    *svgImage
	badge  *badge
	rend   *painter
}

func newConversationRow(get func(int) Conversation) *conversationRow {
	r := &conversationRow{
		get:    get,
		ground: newRowGround(),
		avatar: NewAvatar(AvatarSize, ColorSide),
		name:   NewBoldLabel("", TextBody, ColorText),
		time:   NewLabel("", TextTime, ColorSecondary),
		prefix: NewLabel("", TextSecondary, ColorDanger),
		last:   NewLabel("", TextSecondary, ColorSecondary),
		state:  newSVGImage(), mute: newSVGImage(), pin: newSVGImage(),
		badge: newBadge(),
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *conversationRow) bind(i int, s rowState) {
	item := r.get(i)
	if item == r.item && s == r.rowState {
		return
	}
	r.item, r.rowState = item, s
	r.Refresh()
}

// AccessibilityLabel says in words what the row shows.
func (r *conversationRow) AccessibilityLabel() string {
	s := r.item.Name
	if w := r.item.Face.Presence.Word(); w != "" {
		s += ", " + w
	}
	if w := r.item.State.Word(); w != "" {
		s += ", " + lang.L("your last message: {{.State}}", map[string]any{"State": w})
	}
	if r.item.Marked {
		s += ", " + lang.L("marked as unread")
	}
	if r.item.Typing != "" {
		s += ", " + r.item.Typing
	}
	if r.item.Unread > 0 {
		s += ", " + lang.N("{{.Count}} unread", r.item.Unread, map[string]any{"Count": r.item.Unread})
	}
	return s
}

// AccessibilityRole says that this is a button.
func (r *conversationRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer is Fyne's.
func (r *conversationRow) CreateRenderer() fyne.WidgetRenderer {
	r.rend = &painter{min: fixed(120, ChatRowHeight), layout: r.layout, refresh: r.update}
	r.rend.objects = []fyne.CanvasObject{
		r.ground.fill, r.ground.ring, r.ground.stripe, r.avatar, r.name, r.time, r.prefix, r.last,
		r.state.image, r.mute.image, r.pin.image, r.badge.ground, r.badge.label,
	}
	r.update()
	return r.rend
}

// Places in a conversation row in dp.
const (
	rowLeft   = 14 // left of the avatar
	rowGap    = 12 // between avatar and text
	rowRight  = 12
	nameTop   = 10
	lastTop   = 30
	lineBox   = 20
	stripeLen = 32
)

func (r *conversationRow) update() {
	it := r.item
	pane := r.ground.update(r.rowState, it.Stripe)
	r.avatar.SetPane(pane)
	r.avatar.Set(it.Face)
	r.name.set(it.Name)
	r.time.set(it.Time)
	r.badge.set(it.Unread, it.Marked, it.Muted || it.Quiet)
	quiet := theme.Color(ColorSecondary)
	show(r.mute.image, it.Muted)
	if it.Muted {
		r.mute.set(assets.IconMute, quiet)
	}
	show(r.pin.image, it.Pinned)
	if it.Pinned {
		r.pin.set(assets.IconPin, quiet)
	}
	state, ink := it.State.icon()
	plain := it.Typing == "" && it.Draft == ""
	show(r.state.image, plain && state != "")
	if state != "" {
		r.state.set(state, theme.Color(ink))
	}
}

func (r *conversationRow) layout(s fyne.Size) {
	it := r.item
	r.ground.layout(s, stripeLen)
	put(r.avatar, rowLeft, (s.Height-AvatarSize)/2, AvatarSize, AvatarSize)
	x := rowLeft + AvatarSize + rowGap
	end := s.Width - rowRight

	tw := r.time.Width()
	putLabel(r.time, end-tw, nameTop-1, tw, lineBox)
	nameEnd := end - tw - 8
	if it.Muted {
		nameEnd -= IconSmallSize + 4
	}
	nw := putLabel(r.name, x, nameTop, nameEnd-x, lineBox)
	put(r.mute.image, x+nw+4, nameTop+(lineBox-IconSmallSize)/2, IconSmallSize, IconSmallSize)

	textEnd := end
	if w := r.badge.width(); w > 0 {
		r.badge.place(end-w, lastTop-1+(lineBox-badgeHeight)/2)
		textEnd -= w + 8
	}
	if it.Pinned {
		put(r.pin.image, textEnd-IconSmallSize, lastTop+(lineBox-IconSmallSize)/2, IconSmallSize, IconSmallSize)
		textEnd -= IconSmallSize + 6
	}
	r.layoutLast(x, textEnd)
}

// layoutLast fills the second line between x and end.
func (r *conversationRow) layoutLast(x, end float32) {
	it := r.item
	text, prefix, ink := it.Last, "", ColorSecondary
	switch {
	case it.Typing != "":
		text, ink = it.Typing, ColorAccentText
	case it.Draft != "":
		text, prefix = it.Draft, lang.L("Draft:")
	}
	r.prefix.set(prefix)
	if w := putLabel(r.prefix, x, lastTop, end-x, lineBox); w > 0 {
		x += w + 4
	}
	r.last.set(text)
	r.last.color = ink
	if r.state.image.Visible() {
		end -= IconSmallSize + 4
	}
	w := putLabel(r.last, x, lastTop, end-x, lineBox)
	put(r.state.image, x+w+4, lastTop+(lineBox-IconSmallSize)/2, IconSmallSize, IconSmallSize)
}

// badgeHeight is the height of a badge of unread messages.
const badgeHeight = 18

// badge is a number in a pill.
type badge struct {
	ground *canvas.Rectangle
	label  *Label
	dot    bool
}

func newBadge() *badge {
	return &badge{ground: rounded(badgeHeight / 2), label: NewBoldLabel("", TextTime, ColorOnAccent).Centered()}
}

// set shows a count, cut at 99, or nothing for none, or with dot the pill
// alone; quiet is for what does not ask for attention.
func (b *badge) set(n int, dot, quiet bool) {
	b.dot = dot && n == 0
	show(b.ground, n > 0 || b.dot)
	show(b.label, n > 0)
	text := ""
	switch {
	case n > 99:
		text = "99+"
	case n > 0:
		text = strconv.Itoa(n)
	}
	b.label.set(text)
	ground := ColorAccentFill
	if quiet {
		ground = ColorMuted
	}
	b.ground.FillColor = theme.Color(ground)
}

// badgeDot is the diameter of a badge without a number.
const badgeDot = 10

func (b *badge) width() float32 {
	switch {
	case b.dot:
		return badgeDot
	case b.label.Text() == "":
		return 0
	}
	return max(badgeHeight, b.label.Width()+11)
}

func (b *badge) place(x, y float32) {
	h := float32(badgeHeight)
	if b.dot {
		h = badgeDot
	}
	b.ground.CornerRadius = h / 2
	put(b.ground, x, y+(badgeHeight-h)/2, b.width(), h)
	putLabel(b.label, x, y, b.width(), badgeHeight)
}

// rowGround is what is behind a row: nothing, or hovered, or selected, and a
// ring where the keyboard is; and at its left a stripe in the colour of the
// account.
type rowGround struct {
	fill   *canvas.Rectangle
	ring   *canvas.Rectangle
	stripe *canvas.Rectangle
}

func newRowGround() *rowGround {
	g := &rowGround{fill: canvas.NewRectangle(color.Transparent), ring: newRing(6), stripe: rounded(0)}
	g.stripe.TopRightCornerRadius, g.stripe.BottomRightCornerRadius = 2, 2
	return g
}

// update sets the colours and gives the name of the ground's; a stripe without
// colour is not drawn.
func (g *rowGround) update(s rowState, stripe color.NRGBA) fyne.ThemeColorName {
	show(g.stripe, stripe.A != 0)
	g.stripe.FillColor = stripe
	pane := ColorSide
	switch {
	case s.selected:
		pane = ColorSelected
	case s.hovered:
		pane = ColorHover
	}
	show(g.fill, pane != ColorSide)
	g.fill.FillColor = theme.Color(pane)
	g.ring.StrokeColor = theme.Color(ColorAccentText)
	show(g.ring, s.focused)
	return pane
}

func (g *rowGround) layout(s fyne.Size, stripe float32) {
	put(g.stripe, 0, (s.Height-stripe)/2, 3, stripe)
	put(g.fill, 0, 0, s.Width, s.Height)
	put(g.ring, 1, 1, s.Width-2, s.Height-2)
}
