package media

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxName bounds a file name in bytes: file systems take 255, some
	// encrypted ones 143, and room is left for a number.
	maxName = 120
	// maxEnding bounds what counts as its ending.
	maxEnding = 16
	// unnamed is the name of what has none.
	unnamed = "file"
)

// SafeName makes a name that somebody chose fit for a file here, on any system:
// no place in the tree, no hidden file, nothing that shows as something else,
// none of the names Windows keeps for devices. It is never empty and has at
// most 120 bytes; a name that is safe already stays as it is.
func SafeName(name string) string {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1 // control, and what turns the reading around or is not seen
		}
		return r
	}, name)
	name = norm.NFC.String(name)
	name = shorten(trim(name))
	if isDevice(name) {
		name = "_" + name
	}
	if name == "" {
		return unnamed
	}
	return name
}

// trim takes away what hides a file, and what Windows would take away itself.
func trim(name string) string { return strings.Trim(name, " .") }

// shorten keeps the ending.
func shorten(name string) string {
	if len(name) < maxName {
		return name
	}
	ending := path.Ext(name)
	if len(ending) > maxEnding {
		ending = ""
	}
	stem := strings.TrimSuffix(name, ending)
	n := maxName - 1 - len(ending)
	for n > 0 && n < len(stem) && !utf8.RuneStart(stem[n]) {
		n--
	}
	return trim(stem[:min(n, len(stem))]) + ending
}

// isDevice tells whether Windows would open a device of this name.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	for _, port := range []string{"COM", "LPT"} {
		if n, ok := strings.CutPrefix(stem, port); ok && utf8.RuneCountInString(n) == 1 && strings.ContainsAny(n, "0123456789¹²³") {
			return true
		}
	}
	return false
}
