package widgets

import (
	"image/color"
	"strings"
	"testing"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

func TestIsEmoji(t *testing.T) {
	for s, want := range map[string]bool{
		"a": false, "1": false, "é": false, "你": false, "©": false, "©️": true, "☀": false, "☀️": true,
		"❤": false, "❤️": true, "❤\uFE0E": false, "😀": true, "😀\uFE0E": false, "👍🏽": true, "🇫🇷": true,
		"1️⃣": true, "1\uFE0F": false, "👩‍👩‍👧": true, "🫠": true, "⌚": true, "→": false,
	} {
		if got := isEmoji(s); got != want {
			t.Errorf("isEmoji(%q) is %v", s, got)
		}
	}
}

func TestIsFewEmoji(t *testing.T) {
	for s, want := range map[string]bool{
		"": false, "🔥": true, "🔥🔥🔥": true, "🔥 🔥": true, "🔥🔥🔥🔥": false, "🔥!": false, "ok 🔥": false,
		"👩‍👩‍👧👩‍👩‍👧": true, "❤️": true, "1️⃣": true, "12": false, "12️⃣": false, "🇫🇷🇩🇪": true,
	} {
		if got := isFewEmoji(s); got != want {
			t.Errorf("isFewEmoji(%q) is %v", s, got)
		}
	}
}

func TestUnknownJoinedEmojiFallApart(t *testing.T) {
	for s, want := range map[string]string{
		"👩‍👩‍👧":      "👩‍👩‍👧",
		"👩‍👩‍🚀":      "👩‍|👩‍🚀", // the second half is an astronaut
		"🐧‍🔥":        "🐧‍|🔥",
		"👩🏽‍❤️‍💋‍👩🏿": "👩🏽‍❤️‍💋‍👩🏿",
	} {
		var parts []string
		for rest, state := s, -1; rest != ""; {
			var c string
			c, rest, state = nextCluster(rest, state)
			parts = append(parts, c)
		}
		if got := strings.Join(parts, "|"); got != want {
			t.Errorf("%q falls into %q, want %q", s, got, want)
		}
	}
}

func TestEmojiAreDrawnAsPictures(t *testing.T) {
	window(t, widget.NewLabel(""), 100, 100)
	f := typefaceFor(TextBody, false)
	var pool runPool
	for range 2 { // the second time with the same objects
		pool.reset()
		im, ok := pool.draw("🫠", f, faceEmoji, 10, 15, 1.5, color.Black).(*canvas.Image)
		if !ok || im.Image == nil {
			t.Fatal("no picture")
		}
		if px := im.Image.Bounds().Dx(); px != 27 || im.Size().Width*1.5 != 27 {
			t.Errorf("%d pixels on %v dp", px, im.Size().Width)
		}
		if y := im.Position().Y; y < 0 || y+im.Size().Height > LineBody {
			t.Errorf("reaches from %v to %v of a line", y, y+im.Size().Height)
		}
	}
	if len(pool.emoji) != 1 {
		t.Errorf("%d images for one", len(pool.emoji))
	}
	if k := f.faceOf("🫠"); k != faceEmoji {
		t.Errorf("a new emoji is of face %d", k)
	}
	if w := f.word("👍🏽", faceEmoji); w != f.emojiWidth {
		t.Errorf("width %v, want %v", w, f.emojiWidth)
	}
}

func TestEmojiCacheIsBounded(t *testing.T) {
	for i := range 200 {
		if emojiPicture(emojiKey{"😀", 100 + i, false}) == nil {
			t.Fatal("no picture")
		}
		if emojiCache.bytes > emojiCacheMax {
			t.Fatalf("%d bytes kept", emojiCache.bytes)
		}
	}
	if emojiPicture(emojiKey{"x", 20, false}) != nil {
		t.Error("a picture of a letter")
	}
}
