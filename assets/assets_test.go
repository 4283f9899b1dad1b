package assets

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

func TestIconsAreFilledPaths(t *testing.T) {
	entries, err := fs.ReadDir(icons, "icons")
	if err != nil || len(entries) == 0 {
		t.Fatalf("no icons: %v", err)
	}
	allowed := regexp.MustCompile(`^[MLCZ0-9 .\-]+$`)
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".svg")
		svg := string(Icon(name))
		if svg == "" {
			t.Errorf("%s: not an icon", name)
			continue
		}
		if strings.Contains(svg, "stroke") {
			t.Errorf("%s: a stroke is left, which would not scale", name)
		}
		if !strings.Contains(svg, "currentColor") {
			t.Errorf("%s: takes no colour", name)
		}
		for _, m := range regexp.MustCompile(` d="([^"]*)"`).FindAllStringSubmatch(svg, -1) {
			if !allowed.MatchString(m[1]) {
				t.Errorf("%s: more than lines and cubic curves in %q", name, m[1])
			}
		}
	}
}

func TestUnknownIcon(t *testing.T) {
	if Icon("no such icon") != nil {
		t.Error("an unknown name gave an icon")
	}
}

func TestStrokeOfALineIsARoundedBar(t *testing.T) {
	curves, err := parsePath("M4 12 L20 12")
	if err != nil {
		t.Fatal(err)
	}
	var lo, hi point
	lo = point{99, 99}
	outline, err := parsePath(strokePath(curves, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range outline {
		for _, p := range []point{c[0], c[3]} {
			lo = point{min(lo.x, p.x), min(lo.y, p.y)}
			hi = point{max(hi.x, p.x), max(hi.y, p.y)}
		}
	}
	if (lo != point{3, 11}) || (hi != point{21, 13}) {
		t.Errorf("outline spans %v to %v, want 3 11 to 21 13", lo, hi)
	}
}

func TestStrokeOfAnArcKeepsItsWidth(t *testing.T) {
	// A quarter circle of radius 10 round 0,0.
	curves := []curve{{{10, 0}, {10, 5.523}, {5.523, 10}, {0, 10}}}
	outline, err := parsePath(strokePath(curves, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range outline[:2*pieces+2] {
		for _, at := range []float64{0, 0.3, 0.5, 0.8} {
			p, _ := c.at(at)
			if r := p.length(); r < 8.98 || r > 11.02 || (r > 9.02 && r < 10.98 && p.x > 0.01 && p.y > 0.01) {
				t.Errorf("a point of the outline is %.3f from the middle, want 9 or 11", r)
			}
		}
	}
}

func TestParsePathRefuses(t *testing.T) {
	for _, d := range []string{"M1", "M1 x", "A1 2 3", "M1 2 C1 2 3 4", "Q1 2"} {
		if _, err := parsePath(d); err == nil {
			t.Errorf("%q was taken", d)
		}
	}
}

func TestFontsAreOpenType(t *testing.T) {
	for name, b := range map[string][]byte{"regular": FontRegular, "bold": FontBold, "italic": FontItalic, "bold italic": FontBoldItalic, "mono": FontMono} {
		if head := string(b[:4]); len(b) < 90_000 || head != "OTTO" && head != "\x00\x01\x00\x00" {
			t.Errorf("%s is not an OpenType font with all its glyphs (%d bytes)", name, len(b))
		}
	}
}

func TestTranslationsAreJSON(t *testing.T) {
	names, err := fs.Glob(Translations, "translations/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no translations: %v", err)
	}
	for _, n := range names {
		b, err := Translations.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]any
		if err := json.Unmarshal(b, &texts); err != nil {
			t.Errorf("%s: %v", n, err)
		}
		for k, v := range texts {
			if s, ok := v.(string); ok && s == "" {
				t.Errorf("%s: %q has no text", n, k)
			}
		}
	}
}

func TestAppIconIsAPicture(t *testing.T) {
	c, err := png.DecodeConfig(bytes.NewReader(AppIcon))
	if err != nil || c.Width != 256 || c.Height != 256 {
		t.Errorf("%d by %d, %v; want a PNG of 256", c.Width, c.Height, err)
	}
}
