package stream

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

const testHeader = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

var testLimits = limits{bytes: 4096, depth: 8, attrs: 8, tags: 16}

// frames reads all of a stream and gives one line per frame.
func frames(r io.Reader, l limits) ([]string, error) {
	f := newFramer(r, l)
	var out []string
	for {
		fr, err := f.next()
		if err != nil {
			return out, err
		}
		out = append(out, fmt.Sprintf("%d %s %s", fr.kind, fr.name, fr.raw))
	}
}

func TestFramer(t *testing.T) {
	head := "0 stream " + testHeader
	tests := []struct {
		name, in string
		want     []string
		err      error
	}{
		{"declaration and header", "<?xml version='1.0' encoding=\"utf-8\"?>\n" + testHeader, []string{head}, io.EOF},
		{
			"elements", testHeader + "<a/> \r\n\t<message to='x'>hi</message><stream:b></stream:b>",
			[]string{head, "1 a <a/>", "1 message <message to='x'>hi</message>", "1 b <stream:b></stream:b>"},
			io.EOF,
		},
		{"end", testHeader + "<iq/></stream:stream>", []string{head, "1 iq <iq/>", "2 stream </stream:stream>"}, io.EOF},
		{"quotes", testHeader + `<a b='>"/>' c=">'</"/>`, []string{head}, errMalformed},
		{"greater in value", testHeader + `<a b='>"/>' c=">'/>"/>`, []string{head, `1 a <a b='>"/>' c=">'/>"/>`}, io.EOF},
		{"cdata", testHeader + "<a><![CDATA[</a>]]]>]]></a>", []string{head, "1 a <a><![CDATA[</a>]]]>]]></a>"}, io.EOF},
		{"cdata brackets", testHeader + "<a><![CDATA[]]]]]]></a>", []string{head, "1 a <a><![CDATA[]]]]]]></a>"}, io.EOF},
		{"cut in element", testHeader + "<a><b/>", []string{head}, io.ErrUnexpectedEOF},
		{"cut in header", testHeader[:20], nil, io.ErrUnexpectedEOF},
		{"nothing", "", nil, io.EOF},
		{"text between", testHeader + "<a/>x<b/>", []string{head, "1 a <a/>"}, errMalformed},
		{"comment", testHeader + "<a><!-- x --></a>", []string{head}, errRestricted},
		{"comment between", testHeader + "<!-- x --><a/>", []string{head}, errRestricted},
		{"instruction", testHeader + "<a><?php ?></a>", []string{head}, errRestricted},
		{"doctype", "<!DOCTYPE x>" + testHeader, nil, errRestricted},
		{"doctype after declaration", "<?xml version='1.0'?><!DOCTYPE x>" + testHeader, nil, errRestricted},
		{"two declarations", "<?xml version='1.0'?><?xml version='1.0'?>", nil, errRestricted},
		{"declaration late", testHeader + "<?xml version='1.0'?>", []string{head}, errRestricted},
		{"other instruction", "<?xmlx version='1.0'?>" + testHeader, nil, errRestricted},
		{"cdata at the top", testHeader + "<![CDATA[x]]>", []string{head}, errRestricted},
		{"http", "HTTP/1.1 400 Bad Request\r\n", nil, errNotStream},
		{"tls alert", "\x15\x03\x01\x00\x02\x02\x0a", nil, errNotStream},
		{"html", "<html><body/></html>", nil, errNotStream},
		{"header without content", "<stream:stream/>", nil, errNotStream},
		{"end first", "</stream:stream>", nil, errNotStream},
		{"less in tag", testHeader + "<a <b/>", []string{head}, errMalformed},
		{"less in end tag", testHeader + "<a></a<b>", []string{head}, errMalformed},
		{"slash in tag", testHeader + "<a / >", []string{head}, errMalformed},
		{"no name", testHeader + "<>", []string{head}, errMalformed},
		{"long text", testHeader + "<a>" + strings.Repeat("x", 5000), []string{head}, errTooLong},
		{"long value", testHeader + "<a b='" + strings.Repeat("x", 5000), []string{head}, errTooLong},
		{"long name", testHeader + "<" + strings.Repeat("x", 5000), []string{head}, errTooLong},
		{"long declaration", "<?xml " + strings.Repeat("x", 5000), nil, errTooLong},
		{"long but in pieces", testHeader + strings.Repeat(" ", 5000) + "<a/>", []string{head, "1 a <a/>"}, io.EOF},
		{
			"at the depth limit", testHeader + strings.Repeat("<a>", 8) + strings.Repeat("</a>", 8),
			[]string{head, "1 a " + strings.Repeat("<a>", 8) + strings.Repeat("</a>", 8)},
			io.EOF,
		},
		{"too deep", testHeader + strings.Repeat("<a>", 9), []string{head}, errTooDeep},
		{"too deep when empty", testHeader + strings.Repeat("<a>", 8) + "<a/>", []string{head}, errTooDeep},
		{"at the limit of tags", testHeader + "<a>" + strings.Repeat("<b/>", 15) + "</a><a/>", []string{head, "1 a <a>" + strings.Repeat("<b/>", 15) + "</a>", "1 a <a/>"}, io.EOF},
		{"too many tags", testHeader + "<a>" + strings.Repeat("<b/>", 16) + "</a>", []string{head}, errTooMany},
		{"too many attributes", testHeader + "<a" + strings.Repeat(" b=''", 9) + "/>", []string{head}, errTooMany},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, r := range map[string]io.Reader{
				"whole":   strings.NewReader(tt.in),
				"bytes":   iotest.OneByteReader(strings.NewReader(tt.in)),
				"halves":  iotest.HalfReader(strings.NewReader(tt.in)),
				"dataEOF": iotest.DataErrReader(strings.NewReader(tt.in)),
			} {
				got, err := frames(r, testLimits)
				if !errors.Is(err, tt.err) {
					t.Fatalf("error %v, want %v", err, tt.err)
				}
				if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
					t.Fatalf("got\n%q\nwant\n%q", got, tt.want)
				}
			}
		})
	}
}

func TestFramerGoesOnAfterReadError(t *testing.T) {
	in := testHeader + "<a>text</a>"
	f := newFramer(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(in))), testLimits)
	if _, err := f.next(); !errors.Is(err, iotest.ErrTimeout) {
		t.Fatalf("got %v, want a timeout", err)
	}
	for _, want := range []string{testHeader, "<a>text</a>"} {
		if fr, err := f.next(); err != nil || string(fr.raw) != want {
			t.Fatalf("got %q, %v, want %q", fr.raw, err, want)
		}
	}
}

// Elements beyond the limits are passed over where the limits say so. They
// leave no more than their name.
func TestFramerSkips(t *testing.T) {
	l := testLimits
	l.skip = 1 << 20
	long := strings.Repeat("x", 5000)
	for _, tt := range []struct {
		name, in string
		err      error
	}{
		{"text", "<a>" + long + "</a>", nil},
		{"cdata", "<a><![CDATA[</a>" + long + "]]]]></a>", nil},
		{"value", "<a b='>" + long + "'/>", nil},
		{"name", "<a><" + long + "/></a>", nil},
		{"end tag", "<a></a" + strings.Repeat(" ", 5000) + ">", nil},
		{"children", "<a>" + strings.Repeat("<b>x</b>", 5000) + "</a>", nil},
		{"tags", "<a>" + strings.Repeat("<b/>", 20) + "</a>", nil},
		{"depth", "<a>" + strings.Repeat("<b>", 500) + strings.Repeat("</b>", 500) + "</a>", nil},
		{"attributes", "<a" + strings.Repeat(" b='>'", 500) + "/>", nil},
		{"attributes below", "<a><b" + strings.Repeat(" b='>'", 500) + "/></a>", nil},
		{"most", "<a>" + strings.Repeat("x", 1<<20-7) + "</a>", nil},
		{"more", "<a>" + strings.Repeat("x", 1<<20-6) + "</a>", errTooLong},
		{"cut off", "<a>" + long, io.ErrUnexpectedEOF},
		{"not well-formed", "<a>" + long + "<b / ></a>", errMalformed},
		{"comment", "<a>" + long + "<!-- --></a>", errRestricted},
		{"end of the stream", "</stream:stream" + strings.Repeat(" ", 5000) + ">", errTooLong},
	} {
		for name, r := range map[string]func(io.Reader) io.Reader{
			"whole": func(r io.Reader) io.Reader { return r }, "bytes": iotest.OneByteReader, "halves": iotest.HalfReader,
		} {
			f := newFramer(r(strings.NewReader(testHeader+tt.in+"<c/>")), l)
			if _, err := f.next(); err != nil {
				t.Fatal(err)
			}
			fr, err := f.next()
			if !errors.Is(err, tt.err) {
				t.Errorf("%s, %s: %v", tt.name, name, err)
			}
			if err != nil {
				continue
			}
			if !fr.over || fr.kind != frameElement || fr.name != "a" || fr.raw != nil {
				t.Errorf("%s, %s: got %+v", tt.name, name, fr)
			}
			if cap(f.buf) > 4*readSize && name != "whole" {
				t.Errorf("%s, %s: %d bytes are held", tt.name, name, cap(f.buf))
			}
			if fr, err := f.next(); err != nil || fr.over || string(fr.raw) != "<c/>" {
				t.Errorf("%s, %s: then %q, %v", tt.name, name, fr.raw, err)
			}
		}
	}
}

func TestFramerRestart(t *testing.T) {
	in := testHeader + "<success/>" + "<?xml version='1.0'?>" + testHeader + "<a>" + strings.Repeat("x", 50) + "</a>"
	f := newFramer(strings.NewReader(in), limits{bytes: 110, depth: 1, attrs: 3, tags: 1})
	for _, want := range []frameKind{frameHeader, frameElement} {
		if fr, err := f.next(); err != nil || fr.kind != want {
			t.Fatalf("got %v, %v, want %v", fr.kind, err, want)
		}
	}
	if f.buffered() == 0 {
		t.Fatal("nothing is buffered")
	}
	f.restart()
	for _, want := range []frameKind{frameHeader, frameElement} {
		if fr, err := f.next(); err != nil || fr.kind != want {
			t.Fatalf("got %v, %v, want %v", fr.kind, err, want)
		}
	}
	if f.buffered() != 0 {
		t.Fatalf("%d bytes are buffered", f.buffered())
	}
}

func TestFramerLetsLargeBuffersGo(t *testing.T) {
	big := "<a>" + strings.Repeat("x", 1<<20) + "</a>"
	in := testHeader + big + strings.Repeat("<b/>", 100_000)
	f := newFramer(strings.NewReader(in), afterBind)
	for {
		if _, err := f.next(); err != nil {
			if err != io.EOF {
				t.Fatal(err)
			}
			break
		}
	}
	if cap(f.buf) > keepSize {
		t.Fatalf("%d bytes are kept", cap(f.buf))
	}
}

// parserFrames finds where encoding/xml sees the elements of a stream.
func parserFrames(in []byte) (raws []string, ok bool) {
	d := xml.NewDecoder(bytes.NewReader(in))
	depth, from := 0, int64(0)
	for {
		at := d.InputOffset()
		t, err := d.Token()
		if err != nil {
			return raws, err == io.EOF
		}
		switch t.(type) {
		case xml.StartElement:
			if depth == 0 {
				raws = append(raws, string(in[at:d.InputOffset()]))
			}
			if depth == 1 {
				from = at
			}
			depth++
		case xml.EndElement:
			// An empty tag is two tokens of one place.
			depth--
			if depth == 1 {
				raws = append(raws, string(in[from:d.InputOffset()]))
			}
			if depth == 0 {
				return append(raws, string(in[at:d.InputOffset()])), true
			}
		}
	}
}

// FuzzFramer holds the framer against encoding/xml: where the parser takes
// the whole stream, the framer either refuses it or cuts it at the same
// places; and it cuts the same however the bytes come.
func FuzzFramer(f *testing.F) {
	for _, s := range []string{
		"<a/>", "<a b='>'><![CDATA[<]]></a>", "<a><b c=\"'\"/>x</a> <d></d>", "<m>]]&gt;</m>", "<a\n b = 'c'\t/>",
		"<a xmlns:x='y'><x:b/></a>", "<!-- c --><a/>", "<a><?p?></a>", "<ü>é</ü>", "<a></a ><b></b\n>", "<a b='<'/>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		in := testHeader + body + "</stream:stream>"
		run := func(r io.Reader) (raws []string, err error) {
			fr := newFramer(r, testLimits)
			for {
				x, err := fr.next()
				if err != nil {
					return raws, err
				}
				raws = append(raws, string(x.raw))
				if x.kind == frameEnd {
					return raws, nil
				}
			}
		}
		whole, err := run(strings.NewReader(in))
		split, splitErr := run(iotest.OneByteReader(strings.NewReader(in)))
		if !errors.Is(splitErr, err) || strings.Join(whole, "\x00") != strings.Join(split, "\x00") {
			t.Fatalf("%q: whole %q %v, bytes %q %v", in, whole, err, split, splitErr)
		}
		want, ok := parserFrames([]byte(in))
		if ok && err == nil && strings.Join(want, "\x00") != strings.Join(whole, "\x00") {
			t.Fatalf("%q: cut to %q, parsed as %q", in, whole, want)
		}
		// Passing over what is beyond the limits loses nothing else.
		skipping := newFramer(strings.NewReader(in), testLimits)
		for i := 0; err == nil && i < len(whole)-1 && !strings.HasPrefix(whole[i], "</"); i++ {
			fr, err := skipping.next()
			if err != nil || !fr.over && string(fr.raw) != whole[i] {
				t.Fatalf("%q: frame %d is %q, %v, not %q", in, i, fr.raw, err, whole[i])
			}
			skipping.lim = limits{bytes: 40, depth: 2, attrs: 1, tags: 3, skip: 1 << 20}
		}
		// What we refuse of what the parser takes is only what is listed.
		if ok && errors.Is(err, errNotStream) {
			t.Fatalf("%q: %v", in, err)
		}
	})
}

func BenchmarkFramer(b *testing.B) {
	stanza := "<message xmlns='jabber:client' from='juliet@capulet.example/balcony' to='romeo@montague.example/orchard' " +
		"type='chat' id='ktx72v49'><body>Wherefore art thou, Romeo? Deny thy father and refuse thy name.</body>" +
		"<active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/>" +
		"<origin-id xmlns='urn:xmpp:sid:0' id='ktx72v49'/><stanza-id xmlns='urn:xmpp:sid:0' by='romeo@montague.example' id='5f3dbc5e'/></message>"
	in := testHeader + strings.Repeat(stanza, 1000)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		f := newFramer(strings.NewReader(in), afterBind)
		for {
			if _, err := f.next(); err != nil {
				break
			}
		}
	}
}
