package widgets

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
