package reactions

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestIsEmoji(t *testing.T) {
	for _, s := range []string{"👍", "👍🏽", "❤️", "❤", "👨‍👩‍👧‍👦", "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "#️⃣", "👩🏽‍❤️‍💋‍👨🏿", "©️", "‼️", "🫠", "↔️", "㊗️", "🐦‍🔥"} {
		if !IsEmoji(s) {
			t.Errorf("%q (% x) is none", s, s)
		}
	}
	for _, s := range []string{
		"", "a", "1", "#", "👍👍", "👍 ", " 👍", "ok👍", "é", "木", "°", "\u200d", "\ufe0f", "👍\n", "\u202e👍", "👍\u202e",
		"<b>", "☠\u0489\u0489", "👍" + strings.Repeat("\u200d👍", 12), "\xff", "👍\xff", "\U000E0041", "a\u20e3",
	} {
		if IsEmoji(s) {
			t.Errorf("%q (% x) is one", s, s)
		}
	}
}

func TestClean(t *testing.T) {
	if got := Clean([]string{"👍", "no", "❤️", "👍", "", "🎉"}); !slices.Equal(got, []string{"👍", "❤️", "🎉"}) {
		t.Errorf("got %q", got)
	}
	if got := Clean(nil); got != nil {
		t.Errorf("of nothing: %q", got)
	}
	var many []string
	for i := range 100 {
		many = append(many, fmt.Sprintf("%c", 0x1F600+i%40))
	}
	if got := Clean(many); !slices.Equal(got, many[:MaxEmoji]) {
		t.Errorf("of many: %q", got)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"👍|❤️|1️⃣", "👨‍👩‍👧‍👦|👨‍👩‍👧‍👦", "a|\xff|\u202e👍", "🏴󠁧󠁢󠁥󠁮󠁧󠁿|🇩🇪🇩🇪|#️⃣", "|"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		all := strings.Split(s, "|")
		got := Clean(all)
		if len(got) > MaxEmoji {
			t.Fatalf("%d of them", len(got))
		}
		for i, e := range got {
			if !slices.Contains(all, e) || slices.Contains(got[:i], e) || !utf8.ValidString(e) || len(e) > maxEmojiSize {
				t.Fatalf("%q of %q", e, s)
			}
			if strings.ContainsAny(e, "<>&\n\r\t ") || strings.ContainsFunc(e, func(r rune) bool { return r < 0x20 }) {
				t.Fatalf("%q is no emoji", e)
			}
		}
		if again := Clean(got); !slices.Equal(again, got) {
			t.Fatalf("%q again is %q", got, again)
		}
	})
}
