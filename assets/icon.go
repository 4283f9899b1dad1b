package assets

import _ "embed" // for the picture

// AppIcon is the application icon as PNG, 256 px square: a linnet, drawn in
// icon/linnet.svg. Beside it are the sizes packages ask for; the smallest is
// simpler, and one has the mark for unread messages.
//
//go:embed icon/linnet-256.png
var AppIcon []byte
