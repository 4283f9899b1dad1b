package assets

import (
	"bytes"
	"testing"
)

// TestOutlines wants fonts with quadratic outlines: to read a letter with cubic
// ones takes the toolkit twice the memory, each time it is drawn.
func TestOutlines(t *testing.T) {
	for name, font := range map[string][]byte{
		"regular": FontRegular, "bold": FontBold, "italic": FontItalic, "bold italic": FontBoldItalic, "mono": FontMono,
	} {
		if !bytes.HasPrefix(font, []byte{0, 1, 0, 0}) || !bytes.Contains(font[:512], []byte("glyf")) {
			t.Errorf("%s is no TrueType font", name)
		}
	}
}
