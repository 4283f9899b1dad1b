package assets

import _ "embed" // for the pictures

// The application icon: a linnet, drawn in icon/linnet.svg and kept as PNG in
// the sizes packages ask for; the smallest is simpler.
var (
	// AppIcon is 256 px square, for windows.
	//go:embed icon/linnet-256.png
	AppIcon []byte
	// TrayIcon is 64 px square.
	//go:embed icon/linnet-64.png
	TrayIcon []byte
	// TrayIconUnread is TrayIcon with a mark for unread messages.
	//go:embed icon/linnet-unread-64.png
	TrayIconUnread []byte
)
