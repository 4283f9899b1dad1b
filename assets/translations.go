package assets

import "embed"

// Translations holds the texts of the window, translations/LANGUAGE.json in the
// format of Fyne's package lang. The key of a text is its English wording.
//
//go:embed translations/*.json
var Translations embed.FS
