package account

import (
	"encoding/xml"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"linnet/account/media"
	"linnet/account/stream"
	"linnet/account/xep/reactions"
	"linnet/storage"
)

// contentSeeds are what messages hold.
var contentSeeds = []string{
	"<body>hello</body><body xml:lang='de'>hallo</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/><stanza-id xmlns='urn:xmpp:sid:0' by='" + testAddress + "' id='s1'/>",
	"<body>&gt; a\n&gt; b\nc</body><reply xmlns='urn:xmpp:reply:0' to='" + testAddress + "' id='m1'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='8'/></fallback>",
	"<body>new</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/><unstyled xmlns='urn:xmpp:styling:0'/>",
	"<retract xmlns='urn:xmpp:message-retract:1' id='m1'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/><body>gone</body>",
	"<retracted xmlns='urn:xmpp:message-retract:1' id='m1' stamp='2026-01-02T03:04:05.678Z'/>",
	"<reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>👍</reaction><reaction>🏳️‍🌈</reaction></reactions><body>x</body>",
	"<received xmlns='urn:xmpp:receipts' id='m1'/><displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>",
	"<body>x</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/><active xmlns='http://jabber.org/protocol/chatstates'/>",
	"<delay xmlns='urn:xmpp:delay' from='example.test' stamp='2023-11-14T22:00:00+01:00'/><body>late</body><retry xmlns='https://linnet.im/retry:0' id='r1'/>",
	"<body>https://example.org/a%20b.png</body><x xmlns='jabber:x:oob'><url>https://example.org/a%20b.png</url><desc>d</desc></x>",
	"<file-sharing xmlns='urn:xmpp:sfs:0' disposition='inline'><file xmlns='urn:xmpp:file:metadata:0'><media-type>image/png</media-type><name>../a.png</name><size>10</size><width>3</width><height>4</height><length>5</length>" +
		"<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</hash><thumbnail xmlns='urn:xmpp:thumbs:1' uri='data:image/png;base64,AAAA' media-type='image/png'/></file>" +
		"<sources><url-data xmlns='http://jabber.org/protocol/url-data' target='https://example.org/a.png'/></sources></file-sharing>",
	"<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='ann@example.org/x' to='" + testAddress + "' type='chat' id='c1'><body>x</body></message></forwarded></received>",
	"<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='" + testAddress + "/y' to='ann@example.org' type='chat' id='c2'><body>x</body></message></forwarded></sent>",
	"<result xmlns='urn:xmpp:mam:2' id='1' queryid='1'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2023-11-14T22:00:00Z'/><message xmlns='jabber:client' from='ann@example.org/x'><body>x</body></message></forwarded></result>",
	"<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:avatar:metadata'><item id='1'><metadata xmlns='urn:xmpp:avatar:metadata'><info bytes='12' id='111f4b3c50d7b0df729d299bc6f8e9ef9066971f' type='image/png' width='1' height='1'/></metadata></item></items></event>",
	"<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:mds:displayed:0'><item id='ann@example.org'><displayed xmlns='urn:xmpp:mds:displayed:0'><stanza-id xmlns='urn:xmpp:sid:0' by='" + testAddress + "' id='s1'/></displayed></item></items></event>",
	"<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no</text></error>",
}

// Whatever somebody writes speaks for that address alone, and is bounded.
func FuzzContent(f *testing.F) {
	for _, seed := range contentSeeds {
		for who := range fuzzSenders {
			f.Add(byte(who), "chat", seed)
		}
		f.Add(byte(0), "normal", seed)
	}
	f.Add(byte(0), "error", contentSeeds[len(contentSeeds)-1])
	s := newScene(f)
	f.Fuzz(func(t *testing.T, who byte, typ, inner string) {
		from := fuzzSenders[int(who)%len(fuzzSenders)]
		in := s.reads(from, typ, "id", inner)
		if in == nil {
			return
		}
		in.bounded(t)
		if from != testAddress {
			in.speaksFor(t, from)
		}
	})
}

// FuzzKept stores what messages hold: one that could not be stored would come
// again on every link, and end it.
func FuzzKept(f *testing.F) {
	for i, seed := range contentSeeds {
		f.Add(byte(i), "m1", seed)
	}
	s := newScene(f)
	s.must(s.m.SetAutoDownload(s.a.id, 0))
	f.Fuzz(func(t *testing.T, who byte, id, inner string) {
		from := fuzzSenders[int(who)%len(fuzzSenders)]
		in := s.reads(from, "chat", id, inner)
		if in == nil {
			return
		}
		if err := in.finish(); err != nil {
			t.Fatal(err)
		}
		if err := s.store.View(func(tx *storage.Tx) error {
			chat, ok, err := tx.FindChat(s.a.id, bareOf(from))
			if ok && err == nil {
				_, err = tx.MessagesBefore(chat.ID, storage.Pos{}, 3)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// reads takes in a message with what it holds; nil when that is no XML.
func (s *scene) reads(from, typ, id, inner string) *intake {
	var x messageIn
	if xml.Unmarshal([]byte("<message xmlns='jabber:client'>"+inner+"</message>"), &x) != nil {
		return nil
	}
	in := &intake{a: s.a, now: s.at}
	in.takeRead(&heard{from: stream.ParseAddress(from).JID, typ: typ, id: id}, &x)
	return in
}

// fuzzSenders are a contact, a stranger, the server, and two devices of ours, one
// of which is the account itself.
var fuzzSenders = []string{"ann@example.org/x", "evil@bad.example/y", testDomain, testAddress + "/phone", testAddress}

// bounded looks at what was taken of a message.
func (in *intake) bounded(t *testing.T) {
	for _, msg := range in.messages {
		m := &msg.m
		if len(m.Body) > maxReceived+len(cutMark) || !utf8.ValidString(m.Body) || m.Body == "" && len(m.Files) == 0 && m.RetractedAt == 0 {
			t.Errorf("a body of %d bytes: %.100q", len(m.Body), m.Body)
		}
		for _, id := range []string{m.ID, m.OriginID, m.StanzaID, m.Reply.ID} {
			if len(id) > maxIDSize {
				t.Errorf("an id of %d bytes", len(id))
			}
		}
		if n := utf8.RuneCountInString(m.Reply.Quote); n > maxQuote {
			t.Errorf("a quote of %d characters", n)
		}
		if len(m.Files) > maxFiles {
			t.Errorf("%d files", len(m.Files))
		}
		for _, file := range m.Files {
			boundedFile(t, &file)
		}
		if at := m.Pos.Time; at > in.now.UnixMilli() || at < in.now.Add(-maxOffline).UnixMilli() {
			t.Errorf("from %v", time.UnixMilli(at))
		}
	}
	for _, n := range in.notes {
		if n.Target == "" || len(n.Target) > maxIDSize || n.ID == "" || len(n.ID) > maxIDSize || len(n.Body) > maxReceived+len(cutMark) {
			t.Errorf("a note %+v", n.Note)
		}
		if clean := reactions.Clean(n.Emoji); !slices.Equal(clean, n.Emoji) {
			t.Errorf("reactions %q, which are %q", n.Emoji, clean)
		}
	}
	for _, m := range in.marks {
		if len(m.id)+len(m.stanzaID) == 0 || len(m.id) > maxIDSize || len(m.stanzaID) > maxIDSize {
			t.Errorf("a mark %+v", m)
		}
	}
}

func boundedFile(t *testing.T, f *storage.File) {
	if _, err := safeURL(f.URL); err != nil || f.Name != media.SafeName(f.Name) || len(f.Type) > 2*maxType || len(f.Desc) > maxDesc ||
		len(f.Thumb) > maxThumb || f.Size < 0 || f.Size > maxSize || f.Width < 0 || f.Width > maxPixels || f.Height < 0 || f.Height > maxPixels ||
		f.Duration < 0 || f.Duration > maxLength || len(f.Hash) != 0 && len(f.Hash) != 32 || f.Path != "" || f.State != storage.FileRemote {
		t.Errorf("a file %+v, %v", f, err)
	}
}

// speaksFor wants all that was taken of a message to be of its sender.
func (in *intake) speaksFor(t *testing.T, from string) {
	bare := bareOf(from)
	own := bare == testAddress
	for _, msg := range in.messages {
		if m := &msg.m; m.From != from || m.Out != own || msg.peer != bare || m.RetractedAt != 0 {
			t.Errorf("of %s came %+v in the conversation with %s", from, m, msg.peer)
		}
	}
	for _, n := range in.notes {
		if n.From != from || n.Out != own || n.peer != bare {
			t.Errorf("of %s came %+v in the conversation with %s", from, n.Note, n.peer)
		}
	}
	for _, m := range in.marks {
		if m.peer != bare || m.own != own || m.stanzaID != "" {
			t.Errorf("of %s came a mark %+v", from, m)
		}
	}
	for _, failed := range in.failures {
		if failed.peer != bare && (failed.peer != "" || !own && from != testDomain) {
			t.Errorf("of %s came a failure %+v", from, failed)
		}
	}
}
