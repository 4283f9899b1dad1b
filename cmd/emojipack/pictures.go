package main

import (
	"path/filepath"
	"strings"
)

// pictureSet is a set of drawings in the form of Iconify: SVG bodies by name,
// and the names by what they show.
type pictureSet struct {
	icons   map[string]icon
	aliases map[string]alias
	chars   map[string]string // names by hex code points with dashes between
}

type icon struct {
	Body string `json:"body"`
}

type alias struct {
	Parent string `json:"parent"`
}

func readPictures(dir string) (*pictureSet, error) {
	var file struct {
		Icons   map[string]icon  `json:"icons"`
		Aliases map[string]alias `json:"aliases"`
	}
	if err := readJSON(filepath.Join(dir, "icons.json"), &file); err != nil {
		return nil, err
	}
	s := &pictureSet{icons: file.Icons, aliases: file.Aliases}
	return s, readJSON(filepath.Join(dir, "chars.json"), &s.chars)
}

// body gives the drawing of an emoji. The table of the set is not at one about
// the selectors within a sequence; components of emoji are only under their
// names.
func (s *pictureSet) body(seq sequence) (string, bool) {
	bare := strings.ReplaceAll(seq.hex, "-fe0f", "")
	for _, hex := range []string{seq.hex, bare, seq.hex + "-fe0f"} {
		if name, ok := s.chars[hex]; ok {
			return s.named(name)
		}
	}
	return s.named(strings.ReplaceAll(seq.name, " ", "-"))
}

func (s *pictureSet) named(name string) (string, bool) {
	if a, ok := s.aliases[name]; ok {
		name = a.Parent
	}
	i, ok := s.icons[name]
	return i.Body, ok
}
