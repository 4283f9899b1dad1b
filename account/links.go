package account

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"linnet/account/media"
	"linnet/account/xep/links"
	"linnet/storage"
)

// Bounds of what is told of links, by messages and by pages.
const (
	maxLinks     = 4        // of a message
	maxLinkTitle = 200      // characters
	maxLinkText  = 500      // characters
	maxLinkImage = 32 << 10 // bytes
	maxLinkSide  = 1024     // pixels each way, of a picture that came along
)

// linksIn is what of a message is about the links in it.
type linksIn struct {
	Descriptions []links.Description `xml:"http://www.w3.org/1999/02/22-rdf-syntax-ns# Description"`
}

// links gives what a message tells of the links in its text. What it tells of
// any other link is left out: under a text it would pass for what the text leads
// to. Of a picture only what came along is taken.
func (x *linksIn) links(body string) []storage.Link {
	var list []storage.Link
	for i := range x.Descriptions {
		d := &x.Descriptions[i]
		l := storage.Link{URL: d.About, Title: tidy(d.Title, maxLinkTitle), Text: tidy(d.Text, maxLinkText)}
		if l.Title == "" && l.Text == "" || !standsIn(body, l.URL) || linkAt(list, l.URL) >= 0 {
			continue // several are of several languages
		}
		if picture := d.Image(maxLinkImage); isSmallPicture(picture) {
			l.Image = picture
		}
		if list = append(list, l); len(list) == maxLinks {
			break
		}
	}
	return list
}

// standsIn tells whether an address of a page stands in a text. The window finds
// by itself what of a text is a link, and shows nothing of what is none.
func standsIn(body, link string) bool {
	_, err := webURL(link, true)
	return err == nil && strings.Contains(body, bareLink(link))
}

// bareLink gives a link without its scheme, which a text may leave out.
func bareLink(link string) string {
	if _, rest, ok := strings.Cut(link, "://"); ok {
		return rest
	}
	return link
}

// linkAt gives the index of what is told of a link, or -1.
func linkAt(list []storage.Link, link string) int {
	return slices.IndexFunc(list, func(l storage.Link) bool { return l.URL == link })
}

// isSmallPicture tells whether a picture is one, by its head, and small as what
// goes with a message has to be.
func isSmallPicture(data []byte) bool {
	if len(data) == 0 {
		return false
	}
	info, err := media.Probe(bytes.NewReader(data), "")
	return err == nil && info.Picture && info.Width <= maxLinkSide && info.Height <= maxLinkSide
}

// linksStill gives what of links a text still has.
func linksStill(list []storage.Link, body string) []storage.Link {
	var still []storage.Link
	for _, l := range list {
		if standsIn(body, l.URL) {
			still = append(still, l)
		}
	}
	return still
}

// toldAlong gives what of links goes, or came, with a message. What this device
// has asked pages for since is nobody else's.
func toldAlong(list []storage.Link) []storage.Link {
	var along []storage.Link
	for _, l := range list {
		if !l.Fetched {
			along = append(along, l)
		}
	}
	return along
}

// withFetched adds to what is told of links what was fetched of those that a
// text still has.
func withFetched(told, had []storage.Link, body string) []storage.Link {
	list := slices.Clone(told)
	for _, l := range linksStill(had, body) {
		if l.Fetched && linkAt(list, l.URL) < 0 {
			list = append(list, l)
		}
	}
	return list
}

// linksToSend gives what is told of links along with a new text.
func linksToSend(list []storage.Link, body string) []storage.Link {
	list = linksStill(list, body)
	list = list[:min(len(list), maxLinks)]
	for i := range list {
		list[i].Fetched = false
	}
	return list
}

// tell puts what is told of links into a message that is sent.
func (out *messageOut) tell(list []storage.Link) {
	for _, l := range toldAlong(list) {
		out.Descriptions = append(out.Descriptions, links.New(l.URL, l.Title, l.Text, media.TypeOf(l.Image, ""), l.Image))
	}
}

// tidy makes of a text of others one line of at most n characters that can be
// shown and sent: without those that cannot be seen, or turn what follows.
func tidy(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Co, unicode.Bidi_Control), r == 0xFEFF, r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, clean(s))
	s = strings.Join(strings.Fields(s), " ")
	if len(cutRunes(s, n)) < len(s) {
		return cutRunes(s, n-1) + "…"
	}
	return s
}
