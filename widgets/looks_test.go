package widgets

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"linnet/assets"
)

func TestPresenceHasShapesAndWords(t *testing.T) {
	shapes, words := map[string]bool{}, map[string]bool{}
	for _, p := range []Presence{PresenceOnline, PresenceAway, PresenceExtendedAway, PresenceBusy, PresenceOffline} {
		shapes[p.icon()] = true
		words[p.Word()] = true
		if assets.Icon(p.icon()) == nil {
			t.Errorf("presence %d has no shape", p)
		}
	}
	if len(shapes) != 5 || len(words) != 5 || words[""] {
		t.Errorf("%d shapes and %d words for 5 presences", len(shapes), len(words))
	}
}

func TestPageCentersAndScrolls(t *testing.T) {
	card := NewCard(NewColumn(10, NewHeading("Sign in", TextHeading), NewField("Address"), NewButton("Sign in", ButtonFilled, nil)))
	w := window(t, NewPage(card, 400), 1200, 800)
	p, s := card.Position(), card.Size()
	if s.Width != 400 || p.X != 400 || p.Y+s.Height/2 < 399 || p.Y+s.Height/2 > 401 {
		t.Errorf("card at %v, %v", p, s)
	}
	w.Resize(fyne.NewSize(360, 200))
	if w := card.Size().Width; w != 360-2*pageMargin {
		t.Errorf("in a narrow window the card is %v wide", w)
	}
	if card.Size().Height != s.Height {
		t.Error("in a low window the card is squeezed")
	}
}

func TestColorsFollowTheTheme(t *testing.T) {
	b := NewButton("Go", ButtonOutlined, nil)
	i := NewIcon(assets.IconPlus, 20, ColorText)
	window(t, NewColumn(0, b, i), 200, 100)
	before := i.mark.image.Resource.Name()
	useTheme(darkTheme)
	defer useTheme(lightTheme)
	b.Refresh()
	i.Refresh()
	if want, _ := Palette(ColorText, theme.VariantDark); b.label.drawn.ink != want {
		t.Errorf("text %v in the dark theme, want %v", b.label.drawn.ink, want)
	}
	if i.mark.image.Resource.Name() == before {
		t.Error("the icon keeps its light colour in the dark theme")
	}
}

// luminance looks a colour up and gives how light it is.
func luminance(t *testing.T, n fyne.ThemeColorName, v fyne.ThemeVariant) float64 {
	t.Helper()
	c, ok := Palette(n, v)
	if !ok {
		t.Fatalf("no colour %s", n)
	}
	return relativeLuminance(c)
}

func TestTextContrast(t *testing.T) {
	grounds := []fyne.ThemeColorName{ColorBackground, ColorSide, ColorField, ColorHover}
	pairs := [][2]fyne.ThemeColorName{
		{ColorOnAccent, ColorAccentFill},
		{ColorOnAccent, ColorAccentHover},
		{ColorOnAccent, ColorDangerFill},
		{ColorOnAccent, ColorMuted},
		{ColorText, ColorSelected},
		{ColorSecondary, ColorSelected},
		{ColorAccentText, ColorSelected},
		{ColorText, ColorBubbleIn},
		{ColorText, ColorBubbleOut},
		{ColorText, ColorWarning},
		{ColorAccentText, ColorWarning},
		{ColorOnTooltip, ColorTooltip},
		{ColorAccentOnDark, ColorTooltip},
		{ColorText, ColorOverlay},
		{ColorDanger, ColorOverlay},
		{ColorDanger, ColorBackground},
		{ColorDanger, ColorSide},
		{ColorDanger, ColorSelected},
	}
	for _, g := range grounds {
		for _, ink := range []fyne.ThemeColorName{ColorText, ColorSecondary, ColorAccentText} {
			pairs = append(pairs, [2]fyne.ThemeColorName{ink, g})
		}
	}
	for _, v := range []fyne.ThemeVariant{theme.VariantLight, theme.VariantDark} {
		for _, p := range pairs {
			a, b := luminance(t, p[0], v), luminance(t, p[1], v)
			if r := (max(a, b) + 0.05) / (min(a, b) + 0.05); r < 4.5 {
				t.Errorf("variant %d: %s on %s has a contrast of %.2f", v, p[0], p[1], r)
			}
		}
	}
}

func TestParagraphWraps(t *testing.T) {
	p := NewParagraph("The server showed a certificate that nobody your computer trusts has signed.", TextBody, ColorText)
	window(t, NewColumn(0, p), 200, 400)
	if len(p.block.lines) < 3 || p.MinSize().Height != float32(len(p.block.lines))*20 {
		t.Errorf("%d lines, %v high", len(p.block.lines), p.MinSize().Height)
	}
	for _, o := range all[*Run](p) {
		if w := o.MinSize().Width; w > 200 {
			t.Errorf("line %q is %v wide", o.Text(), w)
		}
	}
}

func TestParagraphDirection(t *testing.T) {
	for _, c := range []struct {
		text  string
		right bool
	}{
		{"“רומיאו” is not in your contacts", false},
		{"רומיאו", true},
		{"Romeo", false},
		{"רומיאו Romeo", false},
	} {
		p := NewParagraph(c.text, TextBody, ColorText)
		window(t, NewColumn(0, p), 400, 100)
		x := float32(400)
		for _, o := range all[*Run](p) {
			x = min(x, o.Position().X)
		}
		if got := x > 200; got != c.right {
			t.Errorf("%q begins at %v", c.text, x)
		}
	}
	name := NewParagraph("רומיאו Romeo", TextBody, ColorText).Named()
	window(t, NewColumn(0, name), 400, 100)
	if x := all[*Run](name)[0].Position().X; x < 200 {
		t.Errorf("a name from right to left begins at %v", x)
	}
	p := NewParagraph("A\u202Eb\r\nc\u0000", TextBody, ColorText)
	window(t, NewColumn(0, p), 400, 100)
	if texts := all[*Run](p); len(texts) != 2 || texts[0].Text() != "Ab" || texts[1].Text() != "c" {
		t.Errorf("a text of others is not made harmless: %d lines", len(texts))
	}
}

// relativeLuminance is that of WCAG 2.
func relativeLuminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	part := func(v uint32) float64 {
		f := float64(v) / 0xffff
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}

func TestKeysNobodyWantsReachTheWindow(t *testing.T) {
	list, field, comp := NewConversationList(), NewField("Address"), NewComposer()
	list.SetItems(conversations(3))
	button, tabs := NewButton("Go", ButtonFilled, nil), NewTabs([]string{"a", "b"}, nil)
	search := NewSearchField("Search")
	w := window(t, NewColumn(0, list, field, comp, button, tabs, search), 400, 600)
	var got []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { got = append(got, e.Name) })
	for _, f := range []fyne.Focusable{list, field.entry, comp.entry, button, tabs, search.entry} {
		got = nil
		w.Canvas().Focus(f)
		typed(w.Canvas(), fyne.KeyEscape, fyne.KeyF6)
		if fmt.Sprint(got) != "[Escape F6]" {
			t.Errorf("%T lets %v through, want Escape and F6", f, got)
		}
	}
	got = nil
	w.Canvas().Focus(field.entry)
	typed(w.Canvas(), fyne.KeyHome, fyne.KeyEnd, fyne.KeyBackspace)
	if len(got) != 0 {
		t.Errorf("a field lets editing keys through: %v", got)
	}
}

func TestValueRowIsCutAndChanges(t *testing.T) {
	r := NewValueRow("Phone", "online")
	window(t, r, 200, 40)
	r.SetValue("away for a very long time, longer than there is room for")
	if s := r.value.look.text; len(s) < 10 || s == r.value.Text() {
		t.Errorf("value shown as %q", s)
	}
	r.SetValue("offline")
	if r.value.look.text != "offline" {
		t.Errorf("value %q, want offline", r.value.look.text)
	}
}

// TestSpaceThatBringsUpAFieldIsNotTyped gives a field the focus while Space is
// down, as a button does that was pressed by it.
func TestSpaceThatBringsUpAFieldIsNotTyped(t *testing.T) {
	f := NewField("Password")
	w := test.NewTempWindow(t, f)
	f.Focus()
	in := w.Canvas().Focused().(*input)
	in.TypedRune(' ')
	if f.Text() != "" {
		t.Errorf("the field has %q", f.Text())
	}
	in.KeyDown(&fyne.KeyEvent{Name: fyne.KeySpace})
	in.TypedRune(' ')
	in.TypedRune('a')
	in.TypedRune(' ')
	if f.Text() != " a " {
		t.Errorf("typed was %q", f.Text())
	}
}
