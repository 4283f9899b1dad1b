package stream

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
)

// hostile lists what others may send through our server, or our server itself.
var hostile = []struct {
	name, xml string
	ends      bool // the stream may not live on (RFC 6120)
	lost      bool // nothing of it may be handed over
}{
	{name: "emoji with joiner in from", xml: "<message from='👩\u200d💻@example.test/x' type='chat'><body>x</body></message>"},
	{name: "emoji with selector in from", xml: "<presence from='❤\ufe0f@example.test/x'/>"},
	{name: "underscore in domain", xml: `<message from='a@under_score.example/x'><body>x</body></message>`},
	{name: "space in localpart", xml: `<presence from='a b@example.test'/>`},
	{name: "from of signs only", xml: `<message from='@@@///' to='////'/>`},
	{name: "empty from", xml: `<message from='' to=''><body>x</body></message>`},
	{name: "from of a megabyte", xml: `<presence from='` + strings.Repeat("a", 1<<20) + `@example.test'/>`},
	{name: "request with bad from", xml: `<iq type='get' id='h' from='@@@/'><query xmlns='jabber:iq:version'/></iq>`},
	{name: "request with bad to", xml: `<iq type='get' id='h' to='a b@@' from='b@example.test'><query xmlns='jabber:iq:version'/></iq>`},
	{name: "unknown caps hash", xml: `<presence from='b@example.test/x'><c xmlns='http://jabber.org/protocol/caps' hash='sha3-999' node='n' ver='v'/></presence>`},
	{name: "caps without anything", xml: `<presence from='b@example.test/x'><c xmlns='http://jabber.org/protocol/caps'/></presence>`},
	{name: "empty get", xml: `<iq type='get' id='h' from='b@example.test/x'/>`, lost: true},
	{name: "empty set", xml: `<iq type='set' id='h' from='b@example.test/x'/>`},
	{name: "empty result", xml: `<iq type='result' id='h' from='b@example.test/x'/>`, lost: true},
	{name: "empty error", xml: `<iq type='error' id='h' from='b@example.test/x'/>`, lost: true},
	{name: "iq without type", xml: `<iq id='h' from='b@example.test/x'><a xmlns='b'/></iq>`},
	{name: "iq of unknown type", xml: `<iq type='maybe' id='h' from='b@example.test/x'><a xmlns='b'/></iq>`},
	{name: "iq without id", xml: `<iq type='get' from='b@example.test/x'><a xmlns='b'/></iq>`},
	{name: "iq without anything", xml: `<iq/>`, lost: true},
	{name: "ping of type set", xml: `<iq type='set' id='h' from='b@example.test/x'><ping xmlns='urn:xmpp:ping'/></iq>`},
	{name: "bad JID in invite", xml: `<message from='b@example.test/x'><x xmlns='jabber:x:conference' jid='@@@/'/></message>`},
	{name: "bad boolean in invite", xml: `<message from='b@example.test/x'><x xmlns='jabber:x:conference' jid='a@b' continue='perhaps'/></message>`},
	{name: "bad mediated invite", xml: `<message from='b@example.test'><x xmlns='http://jabber.org/protocol/muc#user'><invite from='@'/></x></message>`},
	{name: "roster push of a stranger", xml: `<iq type='set' id='h' from='evil@example.test/x'><query xmlns='jabber:iq:roster'><item jid='evil@example.test' subscription='both'/></query></iq>`},
	{name: "carbon of a stranger", xml: `<message from='evil@example.test/x'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='bank@example.test'><body>x</body></message></forwarded></received></message>`},
	{name: "archive result of a stranger", xml: `<message from='evil@example.test/x'><result xmlns='urn:xmpp:mam:2' id='1'><forwarded xmlns='urn:xmpp:forward:0'/></result></message>`},
	{name: "deep", xml: `<message from='evil@example.test/x'>` + strings.Repeat("<a>", 5000) + strings.Repeat("</a>", 5000) + `</message>`, lost: true},
	{name: "deep beyond reason", xml: `<message>` + strings.Repeat("<a>", 200_000) + strings.Repeat("</a>", 200_000) + `</message>`, lost: true},
	{name: "many attributes", xml: `<message from='evil@example.test/x'><a ` + attributes(5000) + `/></message>`, lost: true},
	{name: "many attributes at the top", xml: `<message ` + attributes(5000) + `/>`, lost: true},
	{name: "many namespaces", xml: `<message><a ` + strings.ReplaceAll(attributes(2000), "a", "xmlns:a") + `/></message>`, lost: true},
	{name: "many children", xml: `<message>` + strings.Repeat("<a/>", 300_000) + `</message>`, lost: true},
	{name: "large text", xml: `<message><body>` + strings.Repeat("x", 1<<20) + `</body></message>`},
	{name: "longer than we read", xml: `<message from='evil@example.test/x'><body>` + strings.Repeat("&apos;", afterBind.bytes/2) + `</body></message>`, lost: true},
	{name: "long name", xml: `<message><` + strings.Repeat("a", afterBind.bytes) + `/></message>`, lost: true},
	{name: "long attribute", xml: `<message a='` + strings.Repeat(">", afterBind.bytes) + `'/>`, lost: true},
	{name: "long answer nobody asked for", xml: `<iq type='result' id='h'><a>` + strings.Repeat("<b/>", afterBind.bytes) + `</a></iq>`, lost: true},
	{name: "stanza inside one that is too long", xml: `<message from='evil@example.test'>` + strings.Repeat(" ", afterBind.bytes) + `<message from='bank@example.test'/></message>`, lost: true},
	{name: "stanza inside one that cannot be read", xml: `<message from='evil@example.test'><body>&lol;` + strings.Repeat(" ", 5000) + `</body><message from='bank@example.test'/></message>`, lost: true},
	{name: "stanza right at a buffer's start inside one that cannot be read", xml: `<message>&lol;` + strings.Repeat(" ", 4096-len(`<message>&lol;`)) + `<message from='bank@example.test'/></message>`, lost: true},
	{name: "same attribute twice", xml: `<message from='a@example.test' from='b@example.test'/>`, lost: true},
	{name: "broken UTF-8 in text", xml: "<message from='b@example.test'><body>\xff\xfe\xc0\xaf</body></message>", lost: true},
	{name: "broken UTF-8 in an attribute", xml: "<message from='b@example.test\xff'/>"},
	{name: "broken UTF-8 in a name", xml: "<message><\xc3\x28/></message>"},
	{name: "surrogates", xml: "<message><body>\xed\xa0\x80</body></message>"},
	{name: "control characters", xml: "<message><body>\x00\x01\x1b</body></message>", lost: true},
	{name: "forbidden character by number", xml: `<message><body>&#0;&#xFFFF;</body></message>`},
	{name: "unknown entity", xml: `<message><body>&lol;</body></message>`, lost: true},
	{name: "names that do not match", xml: `<message><a></b></message>`, lost: true},
	{name: "end of another element", xml: `<message></presence>`},
	{name: "attribute without quotes", xml: `<message a=b/>`},
	{name: "undeclared prefix", xml: `<message><foo:bar foo:x='y'/></message>`},
	{name: "colons", xml: `<message><a:b:c :d='e'/></message>`},
	{name: "stream error inside a message", xml: `<message from='evil@example.test/x'><error xmlns='http://etherx.jabber.org/streams'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error></message>`, lost: true},
	{name: "stream header inside a message", xml: `<message from='evil@example.test/x'><stream:stream xmlns:stream='http://etherx.jabber.org/streams'/></message>`, lost: true},
	{name: "features inside a message", xml: `<message><stream:features/></message>`},
	{name: "empty form", xml: `<message><x xmlns='jabber:x:data'/></message>`},
	{name: "empty form in disco", xml: `<iq type='result' id='h' from='b@example.test/x'><query xmlns='http://jabber.org/protocol/disco#info'><x xmlns='jabber:x:data'/></query></iq>`},
	{name: "foreign namespace", xml: `<message xmlns='jabber:server'><body>x</body></message>`, lost: true},
	{name: "no namespace", xml: `<message xmlns=''><body>x</body></message>`, lost: true},
	{name: "unknown element", xml: `<surprise xmlns='urn:example:surprise'/>`, lost: true},
	{name: "error of nothing", xml: `<message type='error'/>`},
	{name: "error with strange condition", xml: `<message type='error'><error><a/><b xmlns='c'/></error></message>`},
	{name: "prefixed attributes", xml: `<message xmlns:a='b' a:type='chat' a:id='1' a:from='evil@example.test'/>`},
	{name: "white space between stanzas", xml: " \r\n\t "},

	{name: "comment", xml: `<!-- x -->`, ends: true},
	{name: "comment in a stanza", xml: `<message><!-- x --></message>`, ends: true},
	{name: "processing instruction", xml: `<?php x ?>`, ends: true},
	{name: "processing instruction in a stanza", xml: `<message><?a b?></message>`, ends: true},
	{name: "document type", xml: `<!DOCTYPE a [<!ENTITY lol "lol">]>`, ends: true},
	{name: "stray text", xml: `hello`, ends: true},
	{name: "second stream header", xml: onlineHeader + "<message/>", ends: true},
	{name: "element without end", xml: `<message>` + strings.Repeat("x", afterBind.bytes+1), ends: true},
	{name: "end of the stream that does not end", xml: `</stream:stream` + strings.Repeat(" ", afterBind.bytes), ends: true},
	{name: "stream error", xml: `<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`, ends: true},
	{name: "end of the stream", xml: `</stream:stream>`, ends: true},
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d='1' ", i)
	}
	return b.String()
}

func TestHostileStanzas(t *testing.T) {
	for _, row := range hostile {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := newWorld(t, nil)
				defer w.end()
				// A handler that looks at everything, as the one above will.
				w.handle = func(batch []*Stanza) error {
					for _, st := range batch {
						var v struct {
							Body string `xml:"jabber:client body"`
							Any  []struct {
								XMLName xml.Name
							} `xml:",any"`
						}
						_ = st.Decode(&v)
						st.Error()
						st.Child(xml.Name{Local: "x"})
					}
					return nil
				}
				p := w.online()
				if !row.ends {
					if err := p.alive(row.xml); err != nil {
						t.Fatal(err)
					}
					go p.obey()
					synctest.Wait()
					if row.lost && len(w.batches) > 0 {
						t.Errorf("handed over %+v", (<-w.batches)[0])
					}
					return
				}
				go p.obey()
				go p.send(row.xml)
				s := w.until(t, Waiting)
				if s.Err == nil {
					t.Error("no reason given")
				}
				p = w.online()
				if err := p.alive(""); err != nil {
					t.Fatalf("after connecting again: %v", err)
				}
				go p.obey()
			})
		})
	}
}

// A stranger must not be able to say anything in our server's name.
func TestStreamErrorOnlyFromServer(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		go p.obey()
		p.send(`<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Elsewhere</text></stream:error>`)
		s := w.until(t, Failed)
		var se *StreamError
		if !errors.As(s.Err, &se) || se.Condition != "conflict" || se.Text != "Elsewhere" {
			t.Errorf("state is %v", s.Err)
		}
	})
}

func TestMalformedRequestsAreAnswered(t *testing.T) {
	for _, row := range []struct{ in, typ, id, condition string }{
		{`<iq type='get' id='h1' from='b@example.test/x'/>`, "error", "h1", "bad-request"},
		{`<iq type='set' id='h2' from='@@@/'>text</iq>`, "error", "h2", "bad-request"},
		{`<iq type='get' id='h3' from='@@@/'><query xmlns='jabber:iq:version'/></iq>`, "error", "h3", "service-unavailable"},
		{`<iq type='set' id='h4' from='b@example.test/x'><ping xmlns='urn:xmpp:ping'/></iq>`, "error", "h4", "service-unavailable"},
		{`<iq type='get' id='h5' from='b@example.test/x'><ping xmlns='urn:xmpp:ping'/></iq>`, "error", "h5", "service-unavailable"},
		{`<iq type='get' id='&lt;&apos;&#34;&amp;'><a xmlns='b'/></iq>`, "error", `<'"&`, "service-unavailable"},
	} {
		inBubble(t, func(t *testing.T) {
			w := newWorld(t, nil)
			defer w.end()
			p := w.online()
			p.send(row.in)
			got := p.next()
			if got.Type != row.typ || got.ID != row.id || !strings.Contains(got.Inner, row.condition) {
				t.Errorf("%s\nanswered with %s", row.in, got.raw)
			}
			go p.obey()
		})
	}
}
