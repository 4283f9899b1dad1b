package main

import (
	"testing"
	"time"
)

// TestKeepTextures holds that the variable is the toolkit's.
func TestKeepTextures(t *testing.T) {
	if textureTime != usualTextureTime {
		t.Fatalf("Fyne keeps textures for %v, or has no such variable any more", textureTime)
	}
	keepTextures(time.Second)
	if textureTime != time.Second {
		t.Error("not set")
	}
	keepTextures(0)
	if textureTime != usualTextureTime {
		t.Error("not set back")
	}
}
