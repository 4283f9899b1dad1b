package account

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"linnet/storage"
)

// findPage is how many messages are read in one transaction while searching,
// which must not be long.
const findPage = 512

// Find gives up to n messages of a conversation with a text in them that come
// before a place, the newest first; the zero place means the end. The text is
// looked for in what messages say now, and in the names of files, without regard
// to case, accents and the kind of space. It reads the conversation, however long
// that is, until n are found or ctx ends, and may run beside everything else.
func (m *Manager) Find(ctx context.Context, chat storage.ChatID, query string, before storage.Pos, n int) ([]storage.Message, error) {
	var found []storage.Message
	look := fold(strings.TrimSpace(query))
	if look == "" {
		return nil, nil
	}
	for len(found) < n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var page []storage.Message
		err := m.cfg.Store.View(func(tx *storage.Tx) (err error) {
			page, err = tx.MessagesBefore(chat, before, findPage)
			return err
		})
		if err != nil || len(page) == 0 {
			return found, err
		}
		for i := len(page) - 1; i >= 0 && len(found) < n; i-- {
			if says(&page[i], look) {
				found = append(found, page[i])
			}
		}
		before = page[0].Pos
	}
	return found, nil
}

func says(m *storage.Message, folded string) bool {
	if strings.Contains(fold(m.Body), folded) {
		return true
	}
	for i := range m.Files {
		if f := &m.Files[i]; strings.Contains(fold(f.Name), folded) || strings.Contains(fold(f.Desc), folded) {
			return true
		}
	}
	return false
}

// fold makes texts equal that differ in case, accents and the kind of space
// only.
func fold(s string) string {
	ascii := true
	for i := 0; i < len(s) && ascii; i++ {
		ascii = s[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.Map(spaceToSpace, strings.ToLower(s))
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return spaceToSpace(r)
	}, norm.NFKD.String(cases.Fold().String(norm.NFKD.String(s))))
}

func spaceToSpace(r rune) rune {
	if unicode.IsSpace(r) {
		return ' '
	}
	return r
}
