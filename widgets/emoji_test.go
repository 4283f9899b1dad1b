package widgets

import "testing"

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
