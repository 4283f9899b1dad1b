package webpage

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
	"unicode/utf8"
)

func TestRead(t *testing.T) {
	utf16le := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune("<title>Füße</title>")) {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	for name, x := range map[string]struct {
		data, contentType string
		want              Page
	}{
		"nothing":       {"", "text/html", Page{}},
		"no page":       {"just words & more", "text/html", Page{}},
		"a title alone": {"<!doctype html><html><head><title>\n The  title &amp; more </title>", "text/html", Page{Title: "The  title & more"}},
		"the first":     {"<title>One</title><title>Two</title><meta name=description content=a><meta name=description content=b>", "", Page{Title: "One", Text: "a"}},
		"OpenGraph is best": {
			`<title>T</title><meta name="description" content="D"><meta name="twitter:title" content="TT"><meta property="og:title" content="OT">` +
				`<meta property="og:description" content="OD"><meta property="og:image" content="/x.png"><meta name="twitter:image" content="/y.png">`,
			"text/html",
			Page{"OT", "OD", "/x.png"},
		},
		"that of cards":     {`<META NAME="Twitter:Title" CONTENT="TT"/><meta content="TD" name="twitter:description"><meta name="twitter:image:src" content="z">`, "", Page{"TT", "TD", "z"}},
		"property and name": {`<meta name="x" property="og:title" content="OT"><meta property="" name="description" content="D">`, "", Page{Title: "OT", Text: "D"}},
		"said in scripts":   {"<script>'<title>no</title><meta property=og:title content=no>'</script><title>yes</title>", "", Page{Title: "yes"}},
		"said in comments":  {"<!-- <title>no</title> --><title>yes</title>", "", Page{Title: "yes"}},
		"an empty title":    {"<title></title><meta property='og:title' content=''>", "", Page{}},
		"never closed":      {"<title>On and on", "", Page{Title: "On and on"}},
		"Latin 1 by HTTP":   {"<title>F\xfc\xdfe</title>", "text/html; charset=iso-8859-1", Page{Title: "Füße"}},
		"Latin 1 by itself": {"<meta charset=latin1><title>F\xfc\xdfe</title>", "text/html", Page{Title: "Füße"}},
		"Japanese":          {"<meta charset=shift_jis><title>\x93\xfa\x96{</title>", "text/html", Page{Title: "日本"}},
		"said to be Latin":  {"<title>Füße</title>", "text/html; charset=iso-8859-1", Page{Title: "Füße"}},
		"an unknown set":    {"<title>F\xfc</title>", "text/html; charset=klingon", Page{Title: "Fü"}},
		"UTF-16":            {string(utf16le), "text/html", Page{Title: "Füße"}},
		"cut in a letter":   {"<title>Gr\xc3\xbc\xc3", "text/html", Page{Title: "Grü"}},
	} {
		if got := Read([]byte(x.data), x.contentType); got != x.want {
			t.Errorf("%s: %+v, want %+v", name, got, x.want)
		}
	}
}

// TestReadIsBounded gives pages that are much of something.
func TestReadIsBounded(t *testing.T) {
	for name, data := range map[string]string{
		"tags":       strings.Repeat("<b>", 1e6) + "<title>x</title>",
		"attributes": "<meta " + strings.Repeat("a=b ", 1e5) + "name=description content=x>",
		"values":     "<title>" + strings.Repeat("ü", 1e5) + "</title><meta property=og:image content='" + strings.Repeat("x", 1e5) + "'>",
		"references": "<title>" + strings.Repeat("&amp;&#x10FFFF;", 1e5),
	} {
		p := Read([]byte(data), "text/html")
		if len(p.Title) > maxValue || len(p.Text) > maxValue || len(p.Image) > maxValue || p == (Page{}) {
			t.Errorf("%s: %d, %d and %d bytes", name, len(p.Title), len(p.Text), len(p.Image))
		}
	}
}

func TestHead(t *testing.T) {
	filler := strings.Repeat("x<y", chunk/3-1)
	failed := errors.New("failed")
	for name, x := range map[string]struct {
		from io.Reader
		want string
		err  error
	}{
		"all":             {strings.NewReader("<title>x"), "<title>x", nil},
		"up to its end":   {strings.NewReader("a<b</HEAD><body>"), "a<b", nil},
		"across pieces":   {strings.NewReader(filler + "</head>" + filler), filler, nil},
		"byte by byte":    {iotest.OneByteReader(strings.NewReader("ab</head>")), "ab", nil},
		"nearly":          {strings.NewReader("</hea<head</he"), "</hea<head</he", nil},
		"cut":             {io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(io.ErrUnexpectedEOF)), "ab", nil},
		"failed half-way": {io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(failed)), "ab", failed},
	} {
		got, err := Head(x.from)
		if string(got) != x.want || !errors.Is(err, x.err) {
			t.Errorf("%s: %d bytes of %d, %v", name, len(got), len(x.want), err)
		}
	}
	endless := &counter{}
	if got, err := Head(endless); len(got) != MaxBytes || err != nil || endless.n != MaxBytes {
		t.Errorf("of a page without end %d bytes are kept, %d read, %v", len(got), endless.n, err)
	}
}

// counter gives the same for ever, and counts it.
type counter struct{ n int }

func (c *counter) Read(p []byte) (int, error) {
	copy(p, bytes.Repeat([]byte("<"), len(p)))
	c.n += len(p)
	return len(p), nil
}

// FuzzPage holds that whatever a page is, what it says is text and bounded.
func FuzzPage(f *testing.F) {
	f.Add([]byte("<title>x</title><meta property='og:title' content='y'>"), "text/html")
	f.Add([]byte("<meta charset=shift_jis><title>\x93\xfa\x96{"), "text/html; charset=utf-16")
	f.Add([]byte("\xff\xfe<\x00t\x00"), "")
	f.Add([]byte("<meta name=description content='a\x00&#0;&nbsp;'><!--</head>"), "text/html; charset=gb18030")
	f.Fuzz(func(t *testing.T, data []byte, contentType string) {
		head, err := Head(bytes.NewReader(data))
		if err != nil || !bytes.HasPrefix(data, head) {
			t.Fatalf("%d of %d bytes, %v", len(head), len(data), err)
		}
		p := Read(head, contentType)
		for _, s := range []string{p.Title, p.Text, p.Image} {
			if len(s) > maxValue || !utf8.ValidString(s) {
				t.Errorf("%q", s)
			}
		}
	})
}
