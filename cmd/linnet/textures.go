package main

import (
	"time"
	_ "unsafe" // for go:linkname
)

// textureTime is how long Fyne keeps what it has drawn, text above all, after it
// was seen last: a minute, in which who scrolls passes 30 MB of text. Fyne reads
// it from the environment, before any code of ours runs, and offers no other way
// to set it. It belongs to the UI goroutine.
//
//go:linkname textureTime fyne.io/fyne/v2/internal/cache.ValidDuration
var textureTime time.Duration

// usualTextureTime is what Fyne sets.
const usualTextureTime = time.Minute

// keepTextures sets how long that is from now on, 0 for as long as usual.
func keepTextures(d time.Duration) {
	if d == 0 {
		d = usualTextureTime
	}
	textureTime = d
}
