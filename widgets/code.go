package widgets

import (
	"log/slog"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

const (
	// maxColoured is the longest code that is coloured, in bytes, so that it
	// takes milliseconds.
	maxColoured = 20 << 10
	// colourTime bounds the work on one block: what is not coloured then stays
	// so. It takes a few milliseconds, but the expressions that find the parts of
	// code can be slow on code that was made to be.
	colourTime = time.Second
	// maxColourings is how many blocks are remembered, some screens of them, and
	// maxWaiting how many may wait for their colours.
	maxColourings = 128
	maxWaiting    = 32
)

// codeTint is what a part of code is, which its colour tells.
type codeTint uint8

const (
	tintNone codeTint = iota
	tintKeyword
	tintString
	tintNumber
	tintComment
	tintName // of a function, a type or a tag
	tintMeta // what speaks to the tools: directives, headings, prompts
)

// color gives the colour of a part of code.
func (t codeTint) color() fyne.ThemeColorName {
	switch t {
	case tintKeyword:
		return ColorCodeKeyword
	case tintString:
		return ColorCodeString
	case tintNumber:
		return ColorCodeNumber
	case tintComment:
		return ColorCodeComment
	case tintName:
		return ColorCodeName
	case tintMeta:
		return ColorCodeMeta
	}
	return ColorText
}

// codeKey names some code in a language as its author called it.
type codeKey struct{ language, code string }

// colourUser shows code. It is comparable.
type colourUser interface {
	recolour() // the colours of some code are known
}

// colouring is an order to find the colours of code.
type colouring struct {
	key   codeKey
	users []colourUser
}

// colours finds the colours of code beside the UI goroutine, to which all of it
// belongs but work. One block is worked on at a time, and the worker ends when
// there is nothing to do.
var colours struct {
	known   map[codeKey][]styleSpan
	waiting []*colouring
	working bool
}

// startColouring runs work beside the UI goroutine.
var startColouring = func(work func()) { go work() }

// coloursOf gives the colours of code when they are known. When they are not, it
// has them found and tells the user on the UI goroutine once they are; with more
// than a few blocks waiting it does not, and is to be asked again.
func coloursOf(language, code string, user colourUser) []styleSpan {
	if language == "" || len(code) > maxColoured {
		return nil
	}
	key := codeKey{language, code}
	if spans, ok := colours.known[key]; ok {
		return spans
	}
	for _, w := range colours.waiting {
		if w.key == key {
			if !slices.Contains(w.users, user) {
				w.users = append(w.users, user)
			}
			return nil
		}
	}
	if len(colours.waiting) < maxWaiting {
		key.code = strings.Clone(code) // not a piece of the message, which would stay in memory
		colours.waiting = append(colours.waiting, &colouring{key, []colourUser{user}})
		nextColouring()
	}
	return nil
}

// nextColouring has the first block that waits worked on.
func nextColouring() {
	if colours.working || len(colours.waiting) == 0 {
		return
	}
	colours.working = true
	next := colours.waiting[0]
	startColouring(func() {
		spans := colourCode(next.key.language, next.key.code, colourTime)
		fyne.Do(func() {
			colours.working = false
			colours.waiting = colours.waiting[1:]
			if colours.known == nil || len(colours.known) >= maxColourings {
				colours.known = make(map[codeKey][]styleSpan)
			}
			colours.known[next.key] = spans
			for _, u := range next.users {
				u.recolour()
			}
			nextColouring()
		})
	})
}

// colourCode finds the colours of code as far as it comes in a time. Code in a
// language that is not known has none.
func colourCode(language, code string, atMost time.Duration) (spans []styleSpan) {
	defer func() {
		if r := recover(); r != nil { // a fault in the description of a language
			slog.Warn("colouring code", "language", language, "fault", r)
			spans = nil
		}
	}()
	// Only what works off the text bit by bit can be stopped.
	lexer, ok := lexers.Get(language).(*chroma.RegexLexer)
	if !ok {
		return nil
	}
	next, err := lexer.Tokenise(nil, code)
	if err != nil {
		return nil
	}
	at, start := 0, time.Now()
	for t := next(); t != chroma.EOF && time.Since(start) < atMost; t = next() {
		if !strings.HasPrefix(code[at:], t.Value) {
			break // only a line feed may be added, at the end
		}
		spans = addTint(spans, at, at+len(t.Value), tintOf(t.Type), strings.TrimSpace(t.Value) == "")
		at += len(t.Value)
	}
	return spans
}

// addTint adds a part of code to the spans before it. White space has no colour,
// so it takes the one that makes for fewer parts.
func addTint(spans []styleSpan, from, to int, tint codeTint, blank bool) []styleSpan {
	if n := len(spans) - 1; n >= 0 && spans[n].to == from && (blank || spans[n].tint == tint) {
		spans[n].to = to
		return spans
	}
	if blank || tint == tintNone || from == to {
		return spans
	}
	return append(spans, styleSpan{from: from, to: to, tint: tint})
}

// tintOf sorts the many kinds of parts into a few.
func tintOf(t chroma.TokenType) codeTint {
	switch t {
	case chroma.KeywordConstant, chroma.NameConstant, chroma.GenericStrong:
		return tintNumber
	case chroma.NameDecorator, chroma.NameEntity, chroma.NameLabel, chroma.CommentHashbang,
		chroma.GenericDeleted, chroma.GenericHeading, chroma.GenericSubheading, chroma.GenericPrompt:
		return tintMeta
	case chroma.NameClass, chroma.NameTag, chroma.NameException, chroma.NameAttribute, chroma.NameProperty, chroma.NameNamespace:
		return tintName
	case chroma.OperatorWord, chroma.NameKeyword:
		return tintKeyword
	case chroma.GenericInserted:
		return tintString
	}
	switch {
	case t.InSubCategory(chroma.CommentPreproc):
		return tintMeta
	case t.InCategory(chroma.Comment):
		return tintComment
	case t.InCategory(chroma.Keyword):
		return tintKeyword
	case t.InSubCategory(chroma.LiteralString):
		return tintString
	case t.InSubCategory(chroma.LiteralNumber), t == chroma.LiteralDate:
		return tintNumber
	case t.InSubCategory(chroma.NameFunction), t.InSubCategory(chroma.NameBuiltin):
		return tintName
	}
	return tintNone
}
