package assets

import _ "embed" // for the font files

// The fonts of the window, TrueType, covering Latin, Vietnamese, Greek and
// Cyrillic. FontBold is a semi-bold. All characters of FontMono are of one width,
// and none are joined. The toolkit falls back to its own and the system's fonts
// for all other scripts. fonts/NOTE.md says what they are made from.
var (
	//go:embed fonts/LinnetSans-Regular.ttf
	FontRegular []byte
	//go:embed fonts/LinnetSans-SemiBold.ttf
	FontBold []byte
	//go:embed fonts/LinnetSans-Italic.ttf
	FontItalic []byte
	//go:embed fonts/LinnetSans-SemiBoldItalic.ttf
	FontBoldItalic []byte
	//go:embed fonts/LinnetMono-Regular.ttf
	FontMono []byte
)
