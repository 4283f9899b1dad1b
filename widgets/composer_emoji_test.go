package widgets

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

func TestComposerShowsPicturesOfEmoji(t *testing.T) {
	c, cv, _ := newTestComposer(t)
	pictures := func() int {
		n := 0
		for _, im := range all[*canvas.Image](c.cover.box) {
			at, s := im.Position(), c.entry.Size()
			if im.Image == nil || at.X < 0 || at.Y < 0 || at.X+im.Size().Width > s.Width || at.Y+im.Size().Height > s.Height+2 {
				t.Errorf("a picture at %v of size %v in %v", at, im.Size(), s)
			}
			n++
		}
		return n
	}
	write(cv, "plain ½ text → 12")
	if n := pictures(); n != 0 {
		t.Errorf("%d pictures in letters", n)
	}
	write(cv, " 😀 and 🫠 1️⃣ 👩🏽‍🚀")
	if n := pictures(); n != 4 {
		t.Errorf("%d pictures of 4 emoji", n)
	}
	first := all[*canvas.Image](c.cover.box)[0].Position()
	write(cv, "\n😀"+strings.Repeat(" word", 60)+" 😀")
	if n := pictures(); n != 6 {
		t.Errorf("%d pictures of 6 emoji in several lines", n)
	}
	placed := all[*canvas.Image](c.cover.box)
	if placed[0].Position() != first || placed[4].Position().Y <= first.Y || placed[5].Position().Y <= placed[4].Position().Y {
		t.Errorf("the lines have pictures at %v, %v and %v", first, placed[4].Position(), placed[5].Position())
	}
	c.SetText(strings.Repeat("😀\n", composerRows+1))
	if n := pictures(); n != 0 {
		t.Errorf("%d pictures over a text that scrolls", n)
	}
	c.SetText(strings.Repeat("😀", coveredMost+20))
	if n := pictures(); n > coveredMost {
		t.Errorf("%d pictures", n)
	}
	c.SetText("")
	if n := pictures(); n != 0 {
		t.Errorf("%d pictures are left", n)
	}
}

func TestKeysTakeEmojiWhole(t *testing.T) {
	const family, flag, thumb = "👨‍👩‍👧", "🇫🇷", "👍🏽"
	for _, s := range []struct {
		text string
		keys []fyne.KeyName
		want string
	}{
		{"a" + family, []fyne.KeyName{fyne.KeyBackspace}, "a"},
		{"a" + family + family, []fyne.KeyName{fyne.KeyBackspace}, "a" + family},
		{"🇩🇪" + flag, []fyne.KeyName{fyne.KeyBackspace}, "🇩🇪"},
		{"1️⃣", []fyne.KeyName{fyne.KeyBackspace}, ""},
		{"x" + thumb + "y", []fyne.KeyName{fyne.KeyLeft, fyne.KeyLeft, fyne.KeyDelete}, "xy"},
		{"x" + thumb + "y", []fyne.KeyName{fyne.KeyLeft, fyne.KeyLeft, fyne.KeyRight, fyne.KeyDelete}, "x" + thumb},
		{"x" + thumb + "y", []fyne.KeyName{fyne.KeyLeft, fyne.KeyLeft, fyne.KeyBackspace}, thumb + "y"},
		{"é", []fyne.KeyName{fyne.KeyBackspace}, ""},
		{"e\u0301", []fyne.KeyName{fyne.KeyBackspace}, "e"}, // an accent can be mended
		{"", []fyne.KeyName{fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyLeft, fyne.KeyRight}, ""},
	} {
		c, cv, _ := newTestComposer(t)
		changes := 0
		c.OnChanged = func(string) { changes++ }
		c.SetText(s.text)
		typed(cv, s.keys...)
		if c.Text() != s.want || (changes > 0) != (s.text != s.want) {
			t.Errorf("%q after %v is %q, want %q; %d changes", s.text, s.keys, c.Text(), s.want, changes)
		}
		if s.text != s.want {
			cv.Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutUndo{})
			if c.Text() != s.text {
				t.Errorf("%q undone is %q", s.text, c.Text())
			}
		}
	}
}

func TestEmojiIn(t *testing.T) {
	for text, want := range map[string]string{
		"": "[]", "ab": "[]", "a😀b": "[{😀 1 1}]", "12️⃣": "[{2️⃣ 1 3}]", "❤ ❤️": "[{❤️ 2 2}]", "→é": "[]", "é👍🏽": "[{👍🏽 1 2}]",
	} {
		if got := fmt.Sprint(emojiIn(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
