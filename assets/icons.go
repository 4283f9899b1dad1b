package assets

import "embed"

//go:embed icons/*.svg
var icons embed.FS

// Names of the icons. All are drawn on a square of 24 by 24 with strokes of
// 1.8, in the colour "currentColor".
const (
	IconArchive              = "archive"
	IconAttach               = "attach"
	IconBack                 = "back"
	IconBell                 = "bell"
	IconBird                 = "bird"
	IconBlock                = "block"
	IconBookmark             = "bookmark"
	IconCalendar             = "calendar"
	IconCheck                = "check"
	IconChecks               = "checks"
	IconChevronDown          = "chevron-down"
	IconChevronLeft          = "chevron-left"
	IconChevronRight         = "chevron-right"
	IconChevronUp            = "chevron-up"
	IconClock                = "clock"
	IconClose                = "close"
	IconCopy                 = "copy"
	IconDownload             = "download"
	IconEdit                 = "edit"
	IconEmoji                = "emoji"
	IconEye                  = "eye"
	IconEyeOff               = "eye-off"
	IconFile                 = "file"
	IconFlag                 = "flag"
	IconForward              = "forward"
	IconInbox                = "inbox"
	IconInfo                 = "info"
	IconKey                  = "key"
	IconLink                 = "link"
	IconMicrophone           = "microphone"
	IconMinus                = "minus"
	IconMore                 = "more"
	IconMute                 = "mute"
	IconPause                = "pause"
	IconPerson               = "person"
	IconPersonAdd            = "person-add"
	IconPicture              = "picture"
	IconPin                  = "pin"
	IconPlus                 = "plus"
	IconPresenceAway         = "presence-away"
	IconPresenceBusy         = "presence-busy"
	IconPresenceExtendedAway = "presence-extended-away"
	IconPresenceOffline      = "presence-offline"
	IconPresenceOnline       = "presence-online"
	IconRead                 = "read"
	IconReply                = "reply"
	IconSearch               = "search"
	IconSend                 = "send"
	IconSliders              = "sliders"
	IconStar                 = "star"
	IconStarred              = "starred"
	IconStop                 = "stop"
	IconTrash                = "trash"
	IconTriangleDown         = "triangle-down"
	IconTriangleRight        = "triangle-right"
	IconUndo                 = "undo"
	IconUnread               = "unread"
	IconUsers                = "users"
	IconWarning              = "warning"
)

// Icon gives an icon as SVG of filled paths, or nil for a name that is not one
// of the Icon constants. The caller replaces "currentColor" by a colour and
// keeps the result, because it is computed at each call.
func Icon(name string) []byte {
	b, err := icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		return nil
	}
	if b, err = outlined(b); err != nil {
		return nil
	}
	return b
}
