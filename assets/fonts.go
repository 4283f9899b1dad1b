package assets

import _ "embed" // for the font files

// The fonts of the window, OpenType, covering Latin, Vietnamese, Greek and
// Cyrillic. FontBold is a semi-bold. All characters of FontMono are of one width,
// and none are joined. The toolkit falls back to its own and the system's fonts
// for all other scripts. fonts/NOTE.md says what they are made from.
var (
	//go:embed fonts/LinnetSans-Regular.otf
	FontRegular []byte
	//go:embed fonts/LinnetSans-SemiBold.otf
	FontBold []byte
	//go:embed fonts/LinnetSans-Italic.otf
	FontItalic []byte
	//go:embed fonts/LinnetSans-SemiBoldItalic.otf
	FontBoldItalic []byte
	//go:embed fonts/LinnetMono-Regular.ttf
	FontMono []byte
)
