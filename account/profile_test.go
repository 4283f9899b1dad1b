package account

import (
	"encoding/base64"
	"errors"
	"image/color"
	"strings"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/avatar"
	"linnet/account/xep/nick"
	"linnet/account/xep/vcard"
	"linnet/storage"
)

// nodes answers what an account asks of its nodes and vCard, as a server does
// that has them and converts nothing, and keeps what was published.
type nodes struct {
	c      *fakeConn
	items  map[string]string // by node; what is inside of items
	access map[string]string // by node
	temp   string            // the vcard-temp
}

// serve answers until done is closed.
func (n *nodes) serve(done <-chan struct{}, ended chan<- struct{}) {
	defer close(ended)
	for {
		select {
		case e := <-n.c.got:
			n.answer(e)
		case <-done:
			return
		}
	}
}

// during runs f while the nodes are served.
func (n *nodes) during(f func() error) error {
	done, ended := make(chan struct{}), make(chan struct{})
	go n.serve(done, ended)
	err := f()
	close(done)
	<-ended
	return err
}

func (n *nodes) answer(e element) {
	result := func(inner string) {
		n.c.send("<iq type='result' id='%s'>%s</iq>", e.attr("id"), inner)
	}
	node := between(e.Inner, `node="`, `"`)
	const pubsub = "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
	switch {
	case e.XMLName.Local != "iq":
	case strings.Contains(e.Inner, "<publish "):
		n.items[node] = between(e.Inner, "<item", "</publish>")
		n.access[node] = between(e.Inner, `var="pubsub#access_model"><value xmlns="jabber:x:data">`, "<")
		result("")
	case strings.Contains(e.Inner, "<configure "):
		result("<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='" + node + "'><x xmlns='jabber:x:data' type='form'><field var='pubsub#access_model'><value>" + n.access[node] + "</value></field></x></configure></pubsub>")
	case strings.Contains(e.Inner, "<items ") && n.items[node] != "":
		result(pubsub + "<items node='" + node + "'><item" + n.items[node] + "</items></pubsub>")
	case strings.Contains(e.Inner, "<items "), strings.Contains(e.Inner, "<vCard ") && e.attr("type") == "get" && n.temp == "":
		n.c.refuse(e, "item-not-found")
	case strings.Contains(e.Inner, "<vCard ") && e.attr("type") == "get":
		result(n.temp)
	case strings.Contains(e.Inner, "<vCard "):
		n.temp = e.Inner
		result("")
	}
}

func between(s, before, after string) string {
	_, s, _ = strings.Cut(s, before)
	s, _, _ = strings.Cut(s, after)
	return s
}

// TestProfile writes our profile for all and for contacts, and keeps what other
// clients have put there.
func TestProfile(t *testing.T) {
	_, r, c, id := withRoster(t)
	r.synced(id)
	n := &nodes{
		c: c, access: map[string]string{},
		items: map[string]string{vcard.Node4: " id='x'><vcard xmlns='" + vcard.NS4 + "'><lang><language-tag>en</language-tag></lang></vcard></item>"},
		temp:  "<vCard xmlns='vcard-temp'><ADR><CTRY>Italy</CTRY></ADR><EMAIL><HOME/><USERID>old@example.org</USERID></EMAIL></vCard>",
	}
	want := Profile{Name: "Me & you", Nick: "Moi", Email: "me@example.org", Birthday: "in spring", Note: "a\nb", Open: true}
	set := func(p Profile) {
		t.Helper()
		if err := n.during(func() error { return r.SetProfile(t.Context(), id, p) }); err != nil {
			t.Fatal(err)
		}
		var got Profile
		if err := n.during(func() (err error) { got, err = r.Profile(t.Context(), id, testAddress); return err }); err != nil || got != p {
			t.Errorf("profile %+v, %v, want %+v", got, err, p)
		}
	}
	set(want)
	if card := n.items[vcard.Node4]; !contains(card, "language-tag", "Me &amp; you", "<bday", "in spring") || n.access[vcard.Node4] != "open" {
		t.Errorf("published %s for %s", card, n.access[vcard.Node4])
	}
	if !contains(n.temp, "Italy", "Me &amp; you", "me@example.org", "<HOME") || contains(n.temp, "old@example.org") {
		t.Errorf("vcard-temp %s", n.temp)
	}
	sees := func(want Audiences) {
		t.Helper()
		if err := n.during(func() error {
			got, err := r.Audiences(t.Context(), id)
			if got != want {
				t.Errorf("seen by %+v, want %+v", got, want)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
	sees(Audiences{AudienceUnknown, AudienceAll, AudienceAll})
	if !contains(n.items[nick.NS], "Moi") || n.access[nick.NS] != "open" || r.Accounts()[0].Nick != "Moi" {
		t.Errorf("name %s for %s, %+v", n.items[nick.NS], n.access[nick.NS], r.Accounts()[0])
	}
	want.Open, want.Birthday = false, "2000-12-31"
	set(want)
	if !contains(n.items[vcard.Node4], "2000-12-31</date>") || contains(n.items[vcard.Node4], "in spring") || n.access[vcard.Node4] != "presence" {
		t.Errorf("published %s for %s", n.items[vcard.Node4], n.access[vcard.Node4])
	}
	if !contains(n.temp, "Italy") || contains(n.temp, "example.org") || contains(n.temp, "Me ") {
		t.Errorf("everybody may still read %s", n.temp)
	}
	sees(Audiences{AudienceUnknown, AudienceContacts, AudienceContacts})
	n.temp = "<vCard xmlns='vcard-temp'><DESC>a\nb</DESC><PHOTO><BINVAL>AAAA</BINVAL></PHOTO></vCard>"
	sees(Audiences{AudienceAll, AudienceContacts, AudienceAll})
	set(Profile{})
	n.items, n.access = map[string]string{}, map[string]string{}
	n.temp = "<vCard xmlns='vcard-temp'><DESC>a\nb</DESC></vCard>" // of another client
	if err := n.during(func() error {
		p, err := r.Profile(t.Context(), id, testAddress)
		if p != (Profile{Note: "a\nb", Open: true}) {
			t.Errorf("of another client: %+v", p)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	n.temp = ""
	if err := n.during(func() error {
		p, err := r.Profile(t.Context(), id, testAddress)
		if p != (Profile{}) {
			t.Errorf("of nobody: %+v", p)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

// TestOwnAvatar publishes a picture to a server that converts nothing, and takes
// it away.
func TestOwnAvatar(t *testing.T) {
	p, r, c, id := withRoster(t)
	r.synced(id)
	n := &nodes{c: c, items: map[string]string{}, access: map[string]string{}, temp: "<vCard xmlns='vcard-temp'><FN>Me</FN></vCard>"}
	red, _ := picture(t, color.NRGBA{R: 255, A: 255}, 500, 500)
	set := func(open bool) string {
		t.Helper()
		if err := n.during(func() error { return r.SetAvatar(t.Context(), id, red, open) }); err != nil {
			t.Fatal(err)
		}
		r.eventually("our picture", func() bool { return r.Accounts()[0].Avatar != "" })
		data, hash, ok := r.Avatar(id, testAddress)
		if !ok || !contains(n.items[avatar.NSData], base64.StdEncoding.EncodeToString(data), hash) ||
			!contains(n.items[avatar.NSMetadata], `id="`+hash+`"`, `width="256"`, `type="image/png"`) {
			t.Fatalf("published %s", n.items[avatar.NSMetadata])
		}
		return hash
	}
	hash := set(true)
	if !contains(n.temp, "<FN", "<BINVAL", "image/png") || n.access[avatar.NSData] != "open" || n.access[avatar.NSMetadata] != "open" {
		t.Errorf("vCard %s, access %v", n.temp, n.access)
	}
	tells := func(what, inner string, not bool) {
		t.Helper()
		if err := r.SetStatus(t.Context(), storage.Status{Message: what}); err != nil {
			t.Fatal(err)
		}
		e := c.find(what, func(e element) bool { return contains(e.Inner, "<status>"+what) })
		if contains(e.Inner, inner) == not {
			t.Errorf("%s: presence %v", what, e)
		}
	}
	tells("in the vCard", "<photo", false)
	c.shows(testAddress, hash) // as the server tells all our devices
	c.barrier()
	tells("still there", hash, false)
	set(false)
	if contains(n.temp, "<PHOTO") || !contains(n.temp, "<FN") || n.access[avatar.NSData] != "presence" {
		t.Errorf("for contacts alone: %s, access %v", n.temp, n.access)
	}
	tells("not in the vCard", "<photo", true)
	if err := n.during(func() error { return r.ClearAvatar(t.Context(), id) }); err != nil {
		t.Fatal(err)
	}
	if contains(n.items[avatar.NSMetadata], "<info") || n.access[avatar.NSMetadata] != "presence" || r.Accounts()[0].Avatar != "" {
		t.Errorf("left is %s for %s", n.items[avatar.NSMetadata], n.access[avatar.NSMetadata])
	}
	r.stop()
	if err := r.SetAvatar(t.Context(), id, []byte("no picture"), true); !errors.Is(err, ErrNoPicture) {
		t.Errorf("no picture: %v", err)
	}
	p.server.set(func() { p.server.features = []string{avatar.FeatureConversion} })
	r, c, _ = p.online()
	r.synced(id)
	n = &nodes{c: c, items: map[string]string{}, access: map[string]string{}}
	set(true)
	if n.temp != "" {
		t.Errorf("the server makes the vCard, and we wrote %s", n.temp)
	}
}

// TestLocalTime asks contacts that may see us what time it is there.
func TestLocalTime(t *testing.T) {
	p, r, c, id := withRoster(t)
	r.synced(id)
	c.send("<presence from='bob@example.org/x'/>")
	c.barrier()
	for _, who := range []string{ann, "bob@example.org", "stranger@bad.example"} { // away, may not see us, nobody
		if _, err := r.LocalTimes(t.Context(), id, who); !errors.Is(err, ErrNoTime) {
			t.Errorf("%s: %v", who, err)
		}
	}
	c.send(annHere)
	c.barrier()
	p.server.set(func() { p.server.mute = true }) // it would answer for Ann
	ask := func(answer string) (zones map[string]*time.Location, err error) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			zones, err = r.LocalTimes(t.Context(), id, ann)
		}()
		q := c.find("the question", func(e element) bool { return e.attr("to") == ann+"/x" && contains(e.Inner, "urn:xmpp:time") })
		c.send("<iq type='result' id='%s' from='%s'><time xmlns='urn:xmpp:time'>%s</time></iq>", q.attr("id"), ann+"/x", answer)
		<-done
		return zones, err
	}
	zones, err := ask("<tzo>-03:30</tzo><utc>2020-01-02T03:04:05Z</utc>")
	if err != nil || len(zones) != 1 || time.Unix(0, 0).In(zones["x"]).Format("15:04") != "20:30" {
		t.Errorf("%v, %v", zones, err)
	}
	for _, bad := range []string{"", "<tzo>x</tzo><utc>2020-01-02T03:04:05Z</utc>", "<tzo>Z</tzo><utc>noon</utc>"} {
		if _, err := ask(bad); !errors.Is(err, ErrNoTime) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	r.stop()
	if _, err := r.LocalTimes(t.Context(), id, ann); err == nil || errors.Is(err, stream.ErrOffline) {
		t.Errorf("after the end: %v", err)
	}
}
