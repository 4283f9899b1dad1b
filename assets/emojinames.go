package assets

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// EmojiVersion is the version of Unicode's emoji that Emojis lists, all of
// which have a picture.
const EmojiVersion = "17.0"

// emojiTable is made by cmd/emojipack, which says what a line holds.
//
//go:embed emoji/names.txt
var emojiTable string

// EmojiGroup is the kind of thing an emoji shows, as Unicode sorts them.
type EmojiGroup uint8

// The groups of emoji in their order.
const (
	EmojiSmileys EmojiGroup = iota
	EmojiPeople
	EmojiNature
	EmojiFood
	EmojiTravel
	EmojiActivities
	EmojiObjects
	EmojiSymbols
	EmojiFlags
	EmojiGroups // how many there are
)

// EmojiTone is a skin tone, from light (1) to dark (5); 0 is none, which shows
// in yellow.
type EmojiTone uint8

// EmojiTones is how many skin tones there are besides none.
const EmojiTones EmojiTone = 5

// firstTone is the character that asks for the lightest skin.
const firstTone = '\U0001F3FB'

// Emoji is one that can be chosen, without a skin tone.
type Emoji struct {
	Text  string // the characters themselves
	Name  string // in English and lower case
	Group EmojiGroup

	light string // Text in the lightest skin, or ""
	codes string // names without blanks that people write between colons
	words string // what else one might look for
}

// Toned tells whether the emoji comes in skin tones.
func (e Emoji) Toned() bool { return e.light != "" }

// WithTone gives the characters in a skin tone, in which all persons it shows
// are; an emoji without tones stays as it is.
func (e Emoji) WithTone(t EmojiTone) string {
	if t == 0 || t > EmojiTones || e.light == "" {
		return e.Text
	}
	return strings.ReplaceAll(e.light, string(firstTone), string(firstTone+rune(t)-1))
}

// Code gives the name to write between colons.
func (e Emoji) Code() string {
	if code, _, _ := strings.Cut(e.codes, " "); code != "" {
		return code
	}
	return strings.Join(emojiWords(e.Name), "_")
}

// CodeFor gives the code that begins with what was looked for, or else Code.
func (e Emoji) CodeFor(query string) string {
	query = strings.ToLower(query)
	for code := range strings.FieldsSeq(e.codes) {
		if strings.HasPrefix(code, query) {
			return code
		}
	}
	return e.Code()
}

// Emojis lists all emoji in the order of Unicode. The slice is shared.
var Emojis = sync.OnceValue(func() []Emoji {
	out := make([]Emoji, 0, strings.Count(emojiTable, "\n"))
	for line := range strings.Lines(emojiTable) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		out = append(out, Emoji{Text: f[0], light: f[1], Group: EmojiGroup(f[2][0] - '0'), Name: f[3], codes: f[4], words: f[5]})
	}
	return out
})

var emojiByText = sync.OnceValue(func() map[string]Emoji {
	m := make(map[string]Emoji)
	for _, e := range Emojis() {
		m[bareEmoji(e.Text)] = e
	}
	return m
})

// bareEmoji takes selectors and skin tones away.
func bareEmoji(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= firstTone && r < firstTone+rune(EmojiTones) || string(r) == EmojiSelector {
			return -1
		}
		return r
	}, s)
}

// EmojiByCode finds the emoji of a code, without its colons.
func EmojiByCode(code string) (Emoji, bool) {
	code = strings.ToLower(code)
	for _, e := range Emojis() {
		if e.codes == "" && e.Code() == code {
			return e, true
		}
		for c := range strings.FieldsSeq(e.codes) {
			if c == code {
				return e, true
			}
		}
	}
	return Emoji{}, false
}

// EmojiOf finds what is known of an emoji, which may have a skin tone.
func EmojiOf(text string) (Emoji, bool) {
	e, ok := emojiByText()[bareEmoji(text)]
	return e, ok
}

// How well an emoji answers a search; lower is better.
const (
	emojiExact = iota // it is called just so
	emojiCode         // its code begins so
	emojiName         // its name begins so
	emojiPart         // words of its name or code begin so
	emojiAbout        // it has to do with that
	emojiHint         // it has to do with something that begins so
	emojiNoMatch
)

// FindEmoji looks for emoji by the beginnings of words of their names, codes and
// keywords, or by themselves, and gives at most n, those that answer best first.
// Colons round the query do not count.
func FindEmoji(query string, n int) []Emoji {
	query = strings.Trim(strings.ToLower(query), ": \t")
	if query == "" {
		return nil
	}
	q := emojiQuery{whole: query, words: emojiWords(query)}
	q.code = strings.Join(q.words, "_")
	type hit struct {
		Emoji
		score, more int
	}
	var hits []hit
	for _, e := range Emojis() {
		if s := q.score(e); s < emojiNoMatch {
			hits = append(hits, hit{e, s, q.more(e)})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.more, b.more))
	})
	out := make([]Emoji, min(n, len(hits)))
	for i := range out {
		out[i] = hits[i].Emoji
	}
	return out
}

// emojiWords cuts a name, a code or a query into words.
func emojiWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

type emojiQuery struct {
	whole, code string
	words       []string
}

func (q *emojiQuery) score(e Emoji) int {
	best := emojiNoMatch
	for code := range strings.FieldsSeq(e.codes) {
		switch {
		case code == q.whole || code == q.code:
			return emojiExact
		case strings.HasPrefix(code, q.whole) || q.code != "" && strings.HasPrefix(code, q.code):
			best = emojiCode
		}
	}
	switch {
	case e.Name == q.whole || e.Text == q.whole:
		return emojiExact
	case strings.HasPrefix(e.Name, q.whole):
		best = min(best, emojiName)
	}
	if best < emojiNoMatch || len(q.words) == 0 {
		return best
	}
	for i, w := range q.words {
		s := e.about(w)
		if i == 0 || s > best {
			best = s
		}
		if s == emojiNoMatch {
			break
		}
	}
	return best
}

// more is how many letters of the code are still to be written, 0 where no code
// begins so.
func (q *emojiQuery) more(e Emoji) int {
	best := 0
	for code := range strings.FieldsSeq(e.codes) {
		if n := len(code) - len(q.whole); strings.HasPrefix(code, q.whole) && (best == 0 || n < best) {
			best = n
		}
	}
	return best
}

// about tells how much an emoji has to do with a word.
func (e Emoji) about(word string) int {
	best := emojiNoMatch
	for w := range strings.FieldsSeq(e.words) {
		switch {
		case w == word:
			best = min(best, emojiAbout)
		case strings.HasPrefix(w, word):
			best = min(best, emojiHint)
		}
	}
	for _, of := range []string{e.Name, e.codes} {
		for _, w := range emojiWords(of) {
			if strings.HasPrefix(w, word) {
				return emojiPart
			}
		}
	}
	return best
}
