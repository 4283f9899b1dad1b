package account

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"linnet/account/xep/links"
	"linnet/storage"
)

// about writes what a message tells of a link, given as XML.
func about(link, inner string) string {
	return "<rdf:Description xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:og='https://ogp.me/ns#' rdf:about='" + link + "'>" + inner + "</rdf:Description>"
}

// dataOf gives a picture as an address that carries it along.
func dataOf(data []byte) string {
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(data)
}

func pictureOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White})); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// stored gives the messages with ann.
func (s *scene) stored() (all []storage.Message) {
	s.t.Helper()
	chat := s.chat()
	s.must(s.store.View(func(tx *storage.Tx) (err error) {
		all, err = tx.MessagesAfter(chat.ID, storage.Pos{}, 100)
		return err
	}))
	return all
}

// TestLinksOfMessages holds what is believed of what a message tells of links.
func TestLinksOfMessages(t *testing.T) {
	const link = "https://a.example/x"
	small := pictureOf(t, 9, 9)
	body := func(text string) string { return "<body>" + text + "</body>" }
	see := body("see " + link + " and www.b.example")
	one := storage.Link{URL: link, Title: "T"}
	many, four := "<body>", []storage.Link(nil)
	for i := range 9 {
		u := fmt.Sprint("https://a.example/", i)
		many += u + " "
		if i < maxLinks {
			four = append(four, storage.Link{URL: u, Title: "T"})
		}
	}
	many += "</body>"
	for i := range 9 {
		many += about(fmt.Sprint("https://a.example/", i), "<og:title>T</og:title>")
	}
	for name, x := range map[string]struct {
		inner string
		want  []storage.Link
	}{
		"all":               {see + about(link, "<og:title>T</og:title><og:description>D</og:description><og:image>"+dataOf(small)+"</og:image><og:site_name>Bank</og:site_name>"), []storage.Link{{URL: link, Title: "T", Text: "D", Image: small}}},
		"not in the text":   {body("see there") + about(link, "<og:title>T</og:title>"), nil},
		"of a bare name":    {see + about("https://www.b.example", "<og:title>T</og:title>"), []storage.Link{{URL: "https://www.b.example", Title: "T"}}},
		"nothing told":      {see + about(link, ""), nil},
		"white space":       {see + about(link, "<og:title> \n</og:title><og:description>\u202E</og:description>"), nil},
		"twice":             {see + about(link, "<og:title>T</og:title>") + about(link, "<og:title>U</og:title>"), []storage.Link{one}},
		"many":              {many, four},
		"a script":          {body("javascript:alert(1)") + about("javascript:alert(1)", "<og:title>T</og:title>"), nil},
		"a password":        {body("https://a:b@c.example") + about("https://a:b@c.example", "<og:title>T</og:title>"), nil},
		"no address":        {body("see https://") + about("https://", "<og:title>T</og:title>"), nil},
		"turned":            {see + about(link, "<og:title>a\u202Egnp.\u2066exe\t\n b\u0085\u200F</og:title>"), []storage.Link{{URL: link, Title: "agnp.exe b"}}},
		"picture elsewhere": {see + about(link, "<og:title>T</og:title><og:image>https://a.example/i.png</og:image><og:image>cid:sha1+00@bob.xmpp.org</og:image>"), []storage.Link{one}},
		"no picture":        {see + about(link, "<og:title>T</og:title><og:image>"+dataOf([]byte("GIF89a"))+"</og:image>"), []storage.Link{one}},
		"large picture":     {see + about(link, "<og:title>T</og:title><og:image>"+dataOf(pictureOf(t, maxLinkSide+1, 1))+"</og:image>"), []storage.Link{one}},
		"heavy picture":     {see + about(link, "<og:title>T</og:title><og:image>"+dataOf(append(bytes.Clone(small), make([]byte, maxLinkImage)...))+"</og:image>"), []storage.Link{one}},
		"an answer":         {"<reactions xmlns='urn:xmpp:reactions:0' id='x'/>" + see + about(link, "<og:title>T</og:title>"), []storage.Link{one}},
	} {
		s := newScene(t)
		s.live(fmt.Sprintf(annSends, "m", x.inner))
		if got := s.stored(); len(got) != 1 || !reflect.DeepEqual(got[0].Links, x.want) {
			t.Errorf("%s: %+v, want %+v", name, got, x.want)
		}
	}
}

// TestLinksComeAnyWay has a message come as a copy and from the archive.
func TestLinksComeAnyWay(t *testing.T) {
	inner := "<body>https://a.example</body>" + about("https://a.example", "<og:title>T</og:title>")
	want := []storage.Link{{URL: "https://a.example", Title: "T"}}
	for name, come := range map[string]func(s *scene){
		"a copy of ours":   func(s *scene) { s.live(carbonOf("sent")(fmt.Sprintf(phoneSends, "m", inner))) },
		"a copy of theirs": func(s *scene) { s.live(carbonOf("received")(fmt.Sprintf(annSends, "m", inner))) },
		"the archive": func(s *scene) {
			s.page(newSweep(FromHistory, false), []kept{{id: "a1", stamp: s.at, xml: fmt.Sprintf(annSends, "m", inner)}})
		},
		"twice": func(s *scene) {
			s.live(fmt.Sprintf(annSends, "m", inner))
			s.page(newSweep(FromHistory, false), []kept{{id: "a1", stamp: s.at, xml: fmt.Sprintf(annSends, "m", inner)}})
		},
	} {
		s := newScene(t)
		come(s)
		if got := s.stored(); len(got) != 1 || !reflect.DeepEqual(got[0].Links, want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestCorrectionsReplaceLinks corrects a message with a link in each order.
func TestCorrectionsReplaceLinks(t *testing.T) {
	told := func(n int) string {
		u := fmt.Sprint("https://a.example/", n)
		return about(u, fmt.Sprintf("<og:title>T%d</og:title>", n))
	}
	first := fmt.Sprintf(annSends, "m", "<body>https://a.example/1</body>"+told(1))
	second := fmt.Sprintf(annSends, "c2", fmt.Sprintf(replaced, "m", "https://a.example/2")+told(1)+told(2))
	third := fmt.Sprintf(annSends, "c3", fmt.Sprintf(replaced, "m", "none any more"))
	two := []storage.Link{{URL: "https://a.example/2", Title: "T2"}}
	for name, x := range map[string]struct {
		come []string
		want []storage.Link
	}{
		"once":         {[]string{first, second}, two},
		"before it":    {[]string{second, first}, two},
		"taken out":    {[]string{first, second, third}, nil},
		"from the end": {[]string{third, second, first}, two}, // the last that came, without an archive
	} {
		s := newScene(t)
		for _, raw := range x.come {
			s.at = s.at.Add(time.Second)
			s.live(raw)
		}
		if got := s.stored(); len(got) != 1 || !reflect.DeepEqual(got[0].Links, x.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}

	// What this device has fetched stays while the link does.
	s := newScene(t)
	s.live(first)
	m := s.stored()[0]
	m.Links = append(m.Links, storage.Link{URL: "https://a.example/2", Title: "P", Fetched: true})
	s.must(s.store.Update(func(tx *storage.Tx) error { return tx.PutMessage(&m) }))
	s.at = s.at.Add(time.Second)
	s.live(fmt.Sprintf(annSends, "c", fmt.Sprintf(replaced, "m", "https://a.example/2 it is")))
	if got := s.stored()[0].Links; len(got) != 1 || !got[0].Fetched || got[0].Title != "P" {
		t.Errorf("what was fetched: %+v", got)
	}
	s.at = s.at.Add(time.Second)
	s.live(fmt.Sprintf(annSends, "c4", fmt.Sprintf(replaced, "m", "nothing")))
	if got := s.stored()[0].Links; len(got) != 0 {
		t.Errorf("of a link that is gone: %+v", got)
	}
}

// TestEditsWithLinksAreBounded corrects a message again and again, with pictures.
func TestEditsWithLinksAreBounded(t *testing.T) {
	s := newScene(t)
	picture := append(pictureOf(t, 9, 9), make([]byte, maxLinkImage-200)...)
	inner := about("https://a.example", "<og:title>T</og:title><og:image>"+dataOf(picture)+"</og:image>")
	s.live(fmt.Sprintf(annSends, "m", "<body>https://a.example</body>"+inner))
	for i := range maxEdits {
		s.at = s.at.Add(time.Second)
		s.live(fmt.Sprintf(annSends, fmt.Sprint("c", i), fmt.Sprintf(replaced, "m", fmt.Sprint("https://a.example ", i))+inner))
	}
	m := s.stored()[0]
	size := 0
	s.must(s.store.View(func(tx *storage.Tx) error {
		edits, err := tx.Edits(m.Chat, m.Pos)
		for i := range edits {
			size += editSize(&edits[i])
		}
		return err
	}))
	if len(m.Links) != 1 || len(m.Links[0].Image) != len(picture) || size == 0 || size > maxEditBytes {
		t.Errorf("%d bytes are kept of what it said, now %+v", size, m.Links)
	}
}

// TestLinksAreSent tells of a link with a message of ours, and what becomes of
// it when that is corrected and forwarded.
func TestLinksAreSent(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	ctx := t.Context()
	picture := pictureOf(t, 9, 9)
	err := r.Send(ctx, chat.ID, Text{Body: "see https://a.example/x", Links: []storage.Link{
		{URL: "https://a.example/x", Title: "T", Text: "D & more", Image: picture, Fetched: true}, {URL: "https://b.example", Title: "not there"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	told := func(e element) (list []links.Description) {
		t.Helper()
		var x linksIn
		if err := xml.Unmarshal([]byte("<message>"+e.Inner+"</message>"), &x); err != nil {
			t.Fatal(err)
		}
		return x.Descriptions
	}
	got := told(c.message())
	if len(got) != 1 || got[0].About != "https://a.example/x" || got[0].Title != "T" || got[0].Text != "D & more" || !bytes.Equal(got[0].Image(maxLinkImage), picture) {
		t.Errorf("sent %+v", got)
	}
	m := r.state(chat.ID, storage.StateSent)
	if len(m.Links) != 1 || m.Links[0].Fetched {
		t.Errorf("stored %+v", m.Links)
	}
	r.inAccount(id, func(a *Account) {
		was := m
		if err := a.keepPreview(&was, storage.Link{URL: "https://a.example", Title: "P", Fetched: true}); err != nil {
			t.Error(err)
		}
	})
	if err := r.Correct(ctx, chat.ID, m.Pos, "look: https://a.example/x"); err != nil {
		t.Fatal(err)
	}
	if got := told(c.message()); len(got) != 1 || got[0].About != "https://a.example/x" {
		t.Errorf("with the correction %+v", got)
	}
	r.acted(chat.ID, storage.Act{})
	if err := r.Forward(ctx, chat.ID, []storage.Pos{m.Pos}, r.opened(id, "bob@example.org").ID); err != nil {
		t.Fatal(err)
	}
	if got := told(c.message()); len(got) != 1 || got[0].About != "https://a.example/x" {
		t.Errorf("forwarded %+v", got)
	}
	if err := r.Correct(ctx, chat.ID, m.Pos, "nothing"); err != nil {
		t.Fatal(err)
	}
	if got := told(c.message()); len(got) != 0 || len(r.messages(chat.ID)[0].Links) != 0 {
		t.Errorf("without the link %+v", got)
	}
}

func TestTidy(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "",
		" a\r\n\tb\u2028 c\u00a0":       "a b c",
		"a\x00b\x1b[31m\ue000\ufffe":    "ab[31m",
		"\u202Eabc\u202C \u2066d\u2069": "abc d",
		"\xffa\uFFFD":                   "a",
		"0123456789":                    "0123456789",
		"0123456789a":                   "012345678…",
		"äöüäöüäöüäöü":                  "äöüäöüäöü…",
	} {
		if got := tidy(text, 10); got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

// FuzzLinks holds the bounds of what is kept.
func FuzzLinks(f *testing.F) {
	f.Add("https://a.example", about("https://a.example", "<og:title>T</og:title><og:image>data:image/png;base64,AAAA</og:image>"))
	f.Add("see www.a.example now", about("http://www.a.example", "<og:description>\u202Ex</og:description>"))
	f.Fuzz(func(t *testing.T, body, inner string) {
		var x linksIn
		if xml.Unmarshal([]byte("<message>"+inner+"</message>"), &x) != nil {
			return
		}
		list := x.links(body)
		if len(list) > maxLinks {
			t.Errorf("%d links", len(list))
		}
		for _, l := range list {
			if !strings.Contains(body, bareLink(l.URL)) || l.Title == "" && l.Text == "" || len(l.Image) > maxLinkImage ||
				utf8.RuneCountInString(l.Title) > maxLinkTitle || utf8.RuneCountInString(l.Text) > maxLinkText || tidy(l.Title, maxLinkTitle) != l.Title {
				t.Errorf("%+v", l)
			}
			var out messageOut
			out.tell([]storage.Link{l})
			if _, err := xml.Marshal(&out); err != nil {
				t.Error(err)
			}
		}
	})
}
