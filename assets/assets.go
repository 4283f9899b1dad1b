// Package assets embeds what Linnet shows and does not compute: the fonts, the
// icons and the translations. It imports no toolkit; callers get bytes.
package assets
