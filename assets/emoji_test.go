package assets

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// sequencesOf17 is how many emoji Unicode 17 lists, without components.
const sequencesOf17 = 3953

func TestEveryEmojiHasAPicture(t *testing.T) {
	all := Emojis()
	if len(all) != 1914 {
		t.Errorf("%d emoji", len(all))
	}
	if n := emojiNames.len(); n < sequencesOf17 {
		t.Errorf("%d pictures, fewer than Unicode has emoji", n)
	}
	seen := map[string]bool{}
	for _, e := range all {
		if seen[e.Text] || e.Name == "" || e.Code() == "" || e.Group >= EmojiGroups {
			t.Errorf("%q: twice, or without a name or a group: %+v", e.Text, e)
		}
		seen[e.Text] = true
		if by, ok := EmojiByCode(e.Code()); !ok || by.Text != e.Text {
			t.Errorf("the code %q is that of %q and %q", e.Code(), e.Text, by.Text)
		}
		for tone := range EmojiTones + 1 {
			s := e.WithTone(tone)
			if !HasEmoji(s) {
				t.Errorf("%s in tone %d has no picture", e.Name, tone)
			}
			if e.Toned() != (s != e.WithTone(0)) && tone > 0 {
				t.Errorf("%s in tone %d is %q", e.Name, tone, s)
			}
			if back, ok := EmojiOf(s); !ok || back.Text != e.Text {
				t.Errorf("%q is not known again, but as %q", s, back.Name)
			}
		}
	}
}

func TestEveryPictureCanBeDrawn(t *testing.T) {
	for i := range emojiNames.len() {
		name := emojiNames.at(i)
		if !utf8.ValidString(name) || i > 0 && name <= emojiNames.at(i-1) {
			t.Fatalf("name %d is %q after %q", i, name, emojiNames.at(i-1))
		}
		img := DrawEmoji(name, 12, false)
		if img == nil {
			t.Fatalf("no picture of %q", name)
		}
		filled := 0
		for p := 3; p < len(img.Pix); p += 4 {
			if img.Pix[p] > 127 {
				filled++
			}
		}
		if filled < 6 {
			t.Errorf("the picture of %q is nearly empty: %d of 144 pixels", name, filled)
		}
	}
}

func TestNoPictureOfOther(t *testing.T) {
	for _, s := range []string{"", "a", "12", "\uFE0F", "👩\u200D👩\u200D🚀", "👍👍", "\xF0\x9F"} {
		if HasEmoji(s) || DrawEmoji(s, 20, false) != nil {
			t.Errorf("%q has a picture", s)
		}
	}
	if DrawEmoji("👍", 0, false) != nil {
		t.Error("a picture without pixels")
	}
}

func TestSignsAreLightOnDark(t *testing.T) {
	for _, s := range []string{"✖️", "➕", "©️", "🔜"} {
		if bytes.Equal(DrawEmoji(s, 20, true).Pix, DrawEmoji(s, 20, false).Pix) {
			t.Errorf("%s is the same on dark and light", s)
		}
	}
	for _, s := range []string{"🖤", "⚫", "😀"} {
		if !bytes.Equal(DrawEmoji(s, 20, true).Pix, DrawEmoji(s, 20, false).Pix) {
			t.Errorf("%s changed its colour", s)
		}
	}
}

func TestFindEmoji(t *testing.T) {
	for _, c := range []struct{ query, first string }{
		{"+1", "👍"},
		{":thumbsup:", "👍"},
		{"thumbs d", "👎"},
		{"heart", "❤️"},
		{"hea", "❤️"},
		{"smile", "😄"},
		{"tada", "🎉"},
		{"Grinning Face", "😀"},
		{"red heart", "❤️"},
		{"joy", "😂"},
		{"flag france", "🇫🇷"},
		{"france", "🇫🇷"},
		{"orca", "🫍"},
		{"trombone", "🪊"},
		{"melting", "🫠"},
		{"thinking", "🤔"},
		{"thinking_f", "🤔"},
		{"rocket", "🚀"},
		{"🚀", "🚀"},
		{"100", "💯"},
		{"woman scientist", "👩‍🔬"},
	} {
		got := FindEmoji(c.query, 8)
		if len(got) == 0 || got[0].Text != c.first {
			t.Errorf("%q found %v", c.query, texts(got))
		}
		if len(got) > 8 {
			t.Errorf("%q found %d", c.query, len(got))
		}
	}
	if got := texts(FindEmoji("laugh", 8)); !strings.Contains(got, "😂") {
		t.Errorf("by keyword: %s", got)
	}
	for _, none := range []string{"", ":", "  ", "xyzzy", "red xyzzy", "::)", "/"} {
		if got := FindEmoji(none, 8); len(got) != 0 {
			t.Errorf("%q found %s", none, texts(got))
		}
	}
}

func texts(list []Emoji) string {
	var b strings.Builder
	for _, e := range list {
		b.WriteString(e.Text + " ")
	}
	return b.String()
}

func BenchmarkDrawEmoji(b *testing.B) {
	all := Emojis()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		DrawEmoji(all[i%len(all)].Text, 24, false)
	}
}
