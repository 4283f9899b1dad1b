package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// entry is an emoji as the package of names tells of it.
type entry struct {
	Label   string          `json:"label"`
	Hexcode string          `json:"hexcode"`
	Emoji   string          `json:"emoji"`
	Type    int             `json:"type"`
	Tags    []string        `json:"tags"`
	Order   int             `json:"order"`
	Group   *int            `json:"group"`
	Tone    json.RawMessage `json:"tone"`
	Skins   []entry         `json:"skins"`
}

// groupComponent holds what is no emoji alone, such as skin tones.
const groupComponent = 2

type emojiNames struct {
	entries    []entry
	shortcodes map[string][]string // by hexcode
}

func readNames(dir string) (*emojiNames, error) {
	n := &emojiNames{shortcodes: map[string][]string{}}
	if err := readJSON(filepath.Join(dir, "en", "data.json"), &n.entries); err != nil {
		return nil, err
	}
	var raw map[string]json.RawMessage
	if err := readJSON(filepath.Join(dir, "en", "shortcodes", "github.json"), &raw); err != nil {
		return nil, err
	}
	for hex, value := range raw {
		var many []string
		if json.Unmarshal(value, &many) != nil {
			var one string
			if err := json.Unmarshal(value, &one); err != nil {
				return nil, fmt.Errorf("shortcode of %s: %w", hex, err)
			}
			many = []string{one}
		}
		n.shortcodes[hex] = many
	}
	slices.SortStableFunc(n.entries, func(a, b entry) int { return cmp.Compare(a.Order, b.Order) })
	return n, nil
}

func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// sequence is an emoji to find a picture for.
type sequence struct{ text, hex, name string }

func (n *emojiNames) sequences() []sequence {
	var out []sequence
	for _, e := range n.entries {
		for _, e := range append([]entry{e}, e.Skins...) {
			out = append(out, sequence{text: e.text(), hex: strings.ToLower(e.Hexcode), name: e.Label})
		}
	}
	return out
}

// table gives a line for each emoji that can be chosen: itself, itself in the
// lightest skin tone if it has tones, its group, its name, its shortcodes and
// its keywords, with tabs between and blanks within the last two.
func (n *emojiNames) table() []byte {
	var b bytes.Buffer
	for _, e := range n.entries {
		if e.Group == nil || *e.Group == groupComponent {
			continue
		}
		group := *e.Group
		if group > groupComponent {
			group--
		}
		light := ""
		for _, s := range e.Skins {
			if string(s.Tone) == "1" {
				light = s.text()
			}
		}
		var words []string
		for _, t := range e.Tags {
			for w := range strings.FieldsSeq(strings.ToLower(t)) {
				if !slices.Contains(words, w) {
					words = append(words, w)
				}
			}
		}
		fmt.Fprintf(&b, "%s\t%s\t%d\t%s\t%s\t%s\n", e.text(), light, group, strings.ToLower(e.Label),
			strings.Join(n.shortcodes[e.Hexcode], " "), strings.Join(words, " "))
	}
	return b.Bytes()
}

// typeText is the type of what shows as text unless a selector follows. The
// package puts one behind all others as well, which Unicode advises against.
const typeText = 0

func (e entry) text() string {
	if e.Type == typeText {
		return e.Emoji
	}
	return fromHex(e.Hexcode)
}

// fromHex turns "1F44B-1F3FB" into text.
func fromHex(hex string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(hex, "-") {
		var r rune
		if _, err := fmt.Sscanf(part, "%x", &r); err == nil {
			b.WriteRune(r)
		}
	}
	return b.String()
}
