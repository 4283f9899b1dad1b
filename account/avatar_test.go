package account

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"linnet/account/xep/avatar"
	"linnet/account/xep/nick"
	"linnet/storage"
)

const (
	nodeEvent   = "<message type='headline' from='%s'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='%s'>%s</items></event></message>"
	nickItem    = "<item id='current'><nick xmlns='http://jabber.org/protocol/nick'>%s</nick></item>"
	photoXML    = "<presence from='%s/x'><x xmlns='vcard-temp:x:update'>%s</x></presence>"
	metadataXML = "<item id='%[1]s'><metadata xmlns='urn:xmpp:avatar:metadata'>%[2]s</metadata></item>"
)

// picture makes a PNG of one colour with its hash.
func picture(t *testing.T, c color.Color, width, height int) ([]byte, string) {
	t.Helper()
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range p.Pix {
		r, g, b, a := c.RGBA()
		p.Pix[i] = []byte{byte(r), byte(g), byte(b), byte(a)}[i%4]
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), hashOf(b.Bytes())
}

func hashOf(data []byte) string {
	sum := sha1.Sum(data)
	return hex.EncodeToString(sum[:])
}

// shows has somebody publish a picture.
func (c *fakeConn) shows(who, hash string) {
	info := fmt.Sprintf("<info id='%s' bytes='100' type='image/png'/>", hash)
	c.send(nodeEvent, who, avatar.NSMetadata, fmt.Sprintf(metadataXML, hash, info))
}

// dataQuery waits for the question for a picture on a node.
func (c *fakeConn) dataQuery(who, hash string) element {
	c.s.t.Helper()
	q := c.find("the question for a picture of "+who, func(e element) bool {
		return e.attr("type") == "get" && e.attr("to") == who && contains(e.Inner, avatar.NSData)
	})
	if !contains(q.Inner, `id="`+hash+`"`) {
		c.s.t.Errorf("asked for %v, want %s", q, hash)
	}
	return q
}

func (c *fakeConn) giveData(q element, id string, data []byte) {
	c.send("<iq type='result' id='%s' from='%s'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'><item id='%s'><data xmlns='urn:xmpp:avatar:data'>\n%s\n</data></item></items></pubsub></iq>",
		q.attr("id"), q.attr("to"), id, base64.StdEncoding.EncodeToString(data))
}

// fetching tells how many pictures are being fetched or wanted.
func (r *running) fetching(id storage.AccountID) (n int) {
	r.inAccount(id, func(a *Account) { n = a.people.avatars.running + len(a.people.avatars.wanted) })
	return n
}

func (r *running) hasAvatar(id storage.AccountID, who string, want []byte) {
	r.t.Helper()
	r.eventually("the picture of "+who, func() bool {
		got, hash, ok := r.Avatar(id, who)
		return ok == (want != nil) && bytes.Equal(got, want) && (!ok || hash == hashOf(want))
	})
}

// quiet fails if anything was asked of anybody.
func (c *fakeConn) quiet(what string) {
	c.s.t.Helper()
	c.barrier()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.missed {
		if e.XMLName.Local == "iq" && e.attr("type") != "result" && (contains(e.Inner, avatar.NSData) || contains(e.Inner, "vcard-temp")) {
			c.s.t.Errorf("%s: asked %v", what, e)
		}
	}
}

// TestAvatarOfContact fetches what a contact shows, once, and keeps it.
func TestAvatarOfContact(t *testing.T) {
	p, r, c, id := withRoster(t)
	red, redHash := picture(t, color.NRGBA{R: 255, A: 255}, 8, 8)
	blue, blueHash := picture(t, color.NRGBA{B: 255, A: 255}, 8, 8)
	c.shows(ann, strings.ToUpper(redHash))
	c.giveData(c.dataQuery(ann, redHash), redHash, red)
	r.hasAvatar(id, ann, red)
	r.eventually("the event", func() bool { return slices.Contains(r.events, Event(AvatarChanged{id, ann})) })
	if contact, _ := r.Contact(id, ann); contact.Avatar != redHash {
		t.Errorf("contact: %+v", contact)
	}
	c.shows(ann, redHash)
	c.send(photoXML, ann, "<photo>"+redHash+"</photo>") // what a server made of it
	c.shows("bob@example.org", redHash)                 // another who shows the same
	r.hasAvatar(id, "bob@example.org", red)
	c.quiet("it is here")
	c.send(photoXML, ann, "<photo>"+blueHash+"</photo>")
	c.send(photoXML, ann, "<photo/>")
	c.quiet("a node counts more than a vCard")
	r.hasAvatar(id, ann, red)

	c.shows(ann, blueHash)
	q := c.dataQuery(ann, blueHash)
	c.giveData(q, blueHash, red) // not what was announced
	r.eventually("refused", func() bool { return r.fetching(id) == 0 })
	r.hasAvatar(id, ann, red)
	c.shows(ann, blueHash)
	c.giveData(c.dataQuery(ann, blueHash), blueHash, blue)
	r.hasAvatar(id, ann, blue)
	r.stop()

	r = p.run()
	c = p.server.next()
	c.presence("")
	r.hasAvatar(id, ann, blue)
	c.shows(ann, blueHash)
	c.quiet("after a restart")
	c.send(nodeEvent, ann, avatar.NSMetadata, fmt.Sprintf(metadataXML, "x", ""))
	r.hasAvatar(id, ann, nil)
	c.send("<message type='headline' from='bob@example.org'><event xmlns='http://jabber.org/protocol/pubsub#event'><delete node='urn:xmpp:avatar:metadata'/></event></message>")
	r.hasAvatar(id, "bob@example.org", nil)
}

// TestAvatarInCard fetches a picture that a presence tells of.
func TestAvatarInCard(t *testing.T) {
	_, r, c, id := withRoster(t)
	red, redHash := picture(t, color.NRGBA{R: 255, A: 255}, 8, 8)
	c.send(photoXML, ann, "")
	c.send(photoXML, ann, "<photo>nonsense</photo>")
	c.quiet("nothing is told")
	c.send(photoXML, ann, "<photo>"+redHash+"</photo>")
	q := c.find("the question for a vCard", func(e element) bool { return e.attr("to") == ann && contains(e.Inner, "vcard-temp") })
	c.send("<iq type='result' id='%s' from='%s'><vCard xmlns='vcard-temp'><FN>Ann</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>%s</BINVAL></PHOTO></vCard></iq>",
		q.attr("id"), ann, base64.StdEncoding.EncodeToString(red))
	r.hasAvatar(id, ann, red)
	c.send(photoXML, ann, "<photo>"+redHash+"</photo>")
	c.quiet("it is here")
	c.shows(ann, redHash) // now by a node, which has the last word
	c.send(photoXML, ann, "<photo/>")
	c.barrier()
	r.hasAvatar(id, ann, red)
	r.inAccount(id, func(a *Account) { a.setPerson(storage.Person{JID: ann, Avatar: redHash, ByCard: true}) })
	c.send(photoXML, ann, "<photo/>")
	r.hasAvatar(id, ann, nil)
}

// TestHostilePictures holds that nothing of strangers is fetched, nor anything
// that is not what it should be kept.
func TestHostilePictures(t *testing.T) {
	_, r, c, id := withRoster(t)
	red, redHash := picture(t, color.NRGBA{R: 255, A: 255}, 8, 8)
	huge := image.NewPaletted(image.Rect(0, 0, 4096, 4096), color.Palette{color.Black})
	var bomb bytes.Buffer
	if err := gif.Encode(&bomb, huge, nil); err != nil {
		t.Fatal(err)
	}
	long := append(slices.Clone(red), make([]byte, storage.MaxAvatarBytes)...)
	const stranger = "evil@bad.example"
	c.shows(stranger, redHash)
	c.send(photoXML, stranger, "<photo>"+redHash+"</photo>")
	c.shows(ann+"/phone", redHash)
	c.shows(testDomain, redHash)
	c.send("<message type='chat' from='%s'><body>x</body><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='%s'>%s</items></event></message>", ann, avatar.NSMetadata, fmt.Sprintf(metadataXML, redHash, "<info id='"+redHash+"' bytes='1' type='image/png'/>"))
	for _, info := range []string{
		"<info id='" + redHash + "' bytes='1' type='image/png' url='http://bad.example/x'/>",
		"<info id='" + redHash + "' bytes='9999999' type='image/png'/>",
		"<info id='../../etc' bytes='1' type='image/png'/>", "<info/>",
	} {
		c.send(nodeEvent, ann, avatar.NSMetadata, fmt.Sprintf(metadataXML, "x", info))
	}
	c.quiet("what is not to be fetched")
	for name, data := range map[string][]byte{"empty": nil, "no picture": []byte("<svg/>"), "too many pixels": bomb.Bytes(), "too long": long} {
		c.shows(ann, hashOf(data))
		c.giveData(c.dataQuery(ann, hashOf(data)), hashOf(data), data)
		r.eventually(name, func() bool { return r.fetching(id) == 0 })
		r.hasAvatar(id, ann, nil)
		if r.inAccount(id, func(a *Account) {
			if a.hasPicture(hashOf(data)) {
				t.Errorf("%s was kept", name)
			}
		}); t.Failed() {
			return
		}
	}
	for i := range maxAvatarTries {
		hash := hashOf([]byte{byte(i)})
		c.shows(ann, hash)
		if i < maxAvatarTries-4 {
			q := c.dataQuery(ann, hash)
			c.send("<iq type='error' id='%s' from='%s'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", q.attr("id"), ann)
		}
		r.eventually("refused", func() bool { return r.fetching(id) == 0 })
	}
	c.quiet("one who plays")
	for i := range 50 {
		c.shows("bob@example.org", hashOf([]byte{byte(i)}))
	}
	c.barrier()
	r.inAccount(id, func(a *Account) {
		if n := len(a.people.avatars.queue); n > 1 {
			t.Errorf("%d pictures of one person are waited for", n)
		}
	})
}

// FuzzPicture holds that what passes is within bounds when it is decoded.
func FuzzPicture(f *testing.F) {
	var b bytes.Buffer
	if err := gif.Encode(&b, image.NewPaletted(image.Rect(0, 0, 3, 2), color.Palette{color.Black}), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("RIFF\x24\x00\x00\x00WEBPVP8L\x18\x00\x00\x00\x2f\x00\x00\x00"))
	f.Add([]byte("\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if checkPicture(data, storage.MaxAvatarBytes) != nil {
			return
		}
		p, err := makeAvatar(data)
		if err == nil && (p.width > ownAvatarSide || p.height > ownAvatarSide || p.width < 1 || p.height < 1) {
			t.Errorf("%dx%d", p.width, p.height)
		}
	})
}

// TestNodesOfPeople holds whose events are believed, and that those of contacts
// which come before the roster are.
func TestNodesOfPeople(t *testing.T) {
	p := newProfile(t)
	release := make(chan struct{})
	p.server.roster = func(string) string { <-release; return rosterOfTwo }
	id := p.addStored()
	r := p.run()
	c := p.server.next()
	c.presence("")
	event := func(who, name string) { c.send(nodeEvent, who, nick.NS, fmt.Sprintf(nickItem, name)) }
	event(ann, "Annie")
	event("evil@bad.example", "Ann")
	close(release)
	r.eventually("the name", func() bool {
		contact, _ := r.Contact(id, ann)
		return contact.Nick == "Annie"
	})
	c.barrier()
	r.inAccount(id, func(a *Account) {
		if len(a.people.known) != 1 || len(a.people.early) != 0 {
			t.Errorf("known are %v", a.people)
		}
	})
	for name, from := range map[string]string{"device": ann + "/x", "stranger": "evil@bad.example", "server": testDomain, "other": "bob@example.org"} {
		event(from, name)
	}
	event(testAddress, " Me \x7f")
	r.eventually("our own name", func() bool { return r.Accounts()[0].Nick == "Me \x7f" })
	event(ann, strings.Repeat("ä", maxNick))
	c.barrier()
	if contact, _ := r.Contact(id, ann); contact.Nick != strings.Repeat("ä", maxNick/2) {
		t.Errorf("Ann is called %q", contact.Nick)
	}
	if contact, _ := r.Contact(id, "bob@example.org"); contact.Nick != "other" {
		t.Errorf("Bob is called %q", contact.Nick)
	}
	c.send("<message from='%s'><event xmlns='http://jabber.org/protocol/pubsub#event'><purge node='%s'/></event></message>", ann, nick.NS)
	r.eventually("no name", func() bool {
		contact, _ := r.Contact(id, ann)
		return contact.Nick == ""
	})
	c.send("<iq type='set' id='p1'><query xmlns='jabber:iq:roster'><item jid='bob@example.org' subscription='remove'/></query></iq>")
	c.barrier()
	r.inAccount(id, func(a *Account) {
		if len(a.people.known) != 1 {
			t.Errorf("known are %v", a.people.known)
		}
	})
}

// TestNodesAreAskedFor holds that we are told of the nodes we follow, no others.
func TestNodesAreAskedFor(t *testing.T) {
	asked := 0
	for _, f := range ownInfo.Features {
		if node, ok := strings.CutSuffix(f.Var, "+notify"); ok {
			asked++
			if _, known := pepNodes[node]; !known {
				t.Errorf("asked for %s", node)
			}
		}
	}
	if asked != len(pepNodes) {
		t.Errorf("asked for %d of %d nodes", asked, len(pepNodes))
	}
}

// TestMakeAvatar holds what becomes of a picture before it is shown.
func TestMakeAvatar(t *testing.T) {
	noise := image.NewNRGBA(image.Rect(0, 0, 700, 350))
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = byte(rnd.Uint32())
	}
	var b bytes.Buffer
	if err := png.Encode(&b, noise); err != nil {
		t.Fatal(err)
	}
	small, _ := picture(t, color.NRGBA{G: 9, A: 255}, 20, 30)
	for _, x := range []struct {
		name, mediaType string
		data            []byte
		width, height   int
	}{{"small", "image/png", small, 20, 30}, {"noise", "image/jpeg", b.Bytes(), 256, 128}} {
		p, err := makeAvatar(x.data)
		if err != nil {
			t.Fatal(err)
		}
		cfg, format, err := image.DecodeConfig(bytes.NewReader(p.data))
		if err != nil || "image/"+format != x.mediaType || p.mediaType != x.mediaType || cfg.Width != x.width || cfg.Height != x.height || p.width != x.width || p.height != x.height {
			t.Errorf("%s becomes %s of %dx%d, %v", x.name, p.mediaType, cfg.Width, cfg.Height, err)
		}
		if len(p.data) > maxPublished || p.hash != hashOf(p.data) {
			t.Errorf("%s: %d bytes, %s", x.name, len(p.data), p.hash)
		}
	}
	if _, err := makeAvatar([]byte("text")); !errors.Is(err, ErrNoPicture) {
		t.Errorf("a text: %v", err)
	}
	if _, err := makeAvatar(make([]byte, maxOwnPicture+1)); !errors.Is(err, ErrPictureLarge) {
		t.Errorf("a large file: %v", err)
	}
}
