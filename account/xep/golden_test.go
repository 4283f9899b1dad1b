// Package xep_test compares the payloads of all extensions with their XML.
package xep_test

import (
	"encoding/xml"
	"reflect"
	"testing"
	"time"

	"linnet/account/xep/blocking"
	"linnet/account/xep/caps"
	"linnet/account/xep/carbons"
	"linnet/account/xep/correct"
	"linnet/account/xep/delay"
	"linnet/account/xep/disco"
	"linnet/account/xep/eme"
	"linnet/account/xep/entitytime"
	"linnet/account/xep/fallback"
	"linnet/account/xep/file"
	"linnet/account/xep/form"
	"linnet/account/xep/forward"
	"linnet/account/xep/hash"
	"linnet/account/xep/hints"
	"linnet/account/xep/idle"
	"linnet/account/xep/links"
	"linnet/account/xep/mam"
	"linnet/account/xep/markers"
	"linnet/account/xep/mds"
	"linnet/account/xep/oob"
	"linnet/account/xep/pubsub"
	"linnet/account/xep/reactions"
	"linnet/account/xep/receipts"
	"linnet/account/xep/reply"
	"linnet/account/xep/retract"
	"linnet/account/xep/retry"
	"linnet/account/xep/roster"
	"linnet/account/xep/rsm"
	"linnet/account/xep/sfs"
	"linnet/account/xep/stanzaid"
	"linnet/account/xep/styling"
	"linnet/account/xep/thumb"
	"linnet/account/xep/upload"
	"linnet/account/xep/version"
)

func ptr[T any](v T) *T { return &v }

// note and box are what a caller of the generic payloads brings.
type note struct {
	From string `xml:"from,attr"`
	Body string `xml:"jabber:client body"`
}

type box struct {
	ID        string         `xml:"id,attr,omitempty"`
	Displayed *mds.Displayed `xml:"urn:xmpp:mds:displayed:0 displayed"`
}

var (
	forwarded = forward.Forwarded[note]{
		Delay:   &delay.Delay{From: "b.example", Stamp: "2020-01-02T03:04:05Z"},
		Message: &note{From: "a@b.example/x", Body: "hi"},
	}
	boxes = []box{{ID: "a@b.example", Displayed: &mds.Displayed{StanzaID: stanzaid.StanzaID{ID: "1", By: "c@b.example"}}}}
)

const (
	forwardedXML = `<forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" from="b.example" stamp="2020-01-02T03:04:05Z"></delay><message xmlns="jabber:client" from="a@b.example/x"><body xmlns="jabber:client">hi</body></message></forwarded>`
	displayedXML = `<displayed xmlns="urn:xmpp:mds:displayed:0"><stanza-id xmlns="urn:xmpp:sid:0" id="1" by="c@b.example"></stanza-id></displayed>`
)

// TestGolden writes each value, compares it with the text, and reads the text
// back into an equal value.
func TestGolden(t *testing.T) {
	for _, x := range []struct {
		name  string
		value any
		want  string
	}{
		{"roster get without versions", &roster.Query{}, `<query xmlns="jabber:iq:roster"></query>`},
		{"roster get, nothing cached", &roster.Query{Version: ptr("")}, `<query xmlns="jabber:iq:roster" ver=""></query>`},
		{"roster get, cached", &roster.Query{Version: ptr("7")}, `<query xmlns="jabber:iq:roster" ver="7"></query>`},
		{
			"roster item",
			&roster.Query{Items: []roster.Item{{JID: "a@b.example", Name: "A & B", Subscription: roster.Both, Ask: roster.AskSubscribe, Groups: []string{"x", "y"}}}},
			`<query xmlns="jabber:iq:roster"><item xmlns="jabber:iq:roster" jid="a@b.example" name="A &amp; B" subscription="both" ask="subscribe"><group xmlns="jabber:iq:roster">x</group><group xmlns="jabber:iq:roster">y</group></item></query>`,
		},
		{
			"what is told of a link", ptr(links.New("https://a.example", "A & B", "T", "image/png", []byte("abc"))),
			`<Description xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:_="http://www.w3.org/1999/02/22-rdf-syntax-ns#" _:about="https://a.example"><title xmlns="https://ogp.me/ns#">A &amp; B</title><description xmlns="https://ogp.me/ns#">T</description><image xmlns="https://ogp.me/ns#">data:image/png;base64,YWJj</image></Description>`,
		},
		{"retry", &retry.Retry{ID: "1795193660989"}, `<retry xmlns="https://linnet.im/retry:0" id="1795193660989"></retry>`},
		{
			"disco info",
			&disco.Info{
				Node: "n", Identities: []disco.Identity{{Category: "client", Type: "pc", Lang: "en", Name: "L"}},
				Features: []disco.Feature{{Var: "f"}},
				Forms:    []form.Form{{Type: "result", Fields: []form.Field{{Var: "FORM_TYPE", Type: "hidden", Values: []string{"t"}}}}},
			},
			`<query xmlns="http://jabber.org/protocol/disco#info" node="n"><identity xmlns="http://jabber.org/protocol/disco#info" category="client" type="pc" xml:lang="en" name="L"></identity><feature xmlns="http://jabber.org/protocol/disco#info" var="f"></feature><x xmlns="jabber:x:data" type="result"><field xmlns="jabber:x:data" var="FORM_TYPE" type="hidden"><value xmlns="jabber:x:data">t</value></field></x></query>`,
		},
		{
			"disco items",
			&disco.Items{Items: []disco.Item{{JID: "a.example", Node: "n", Name: "N"}}},
			`<query xmlns="http://jabber.org/protocol/disco#items"><item xmlns="http://jabber.org/protocol/disco#items" jid="a.example" node="n" name="N"></item></query>`,
		},
		{"caps", &caps.C{Hash: "sha-1", Node: "n", Ver: "v="}, `<c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="n" ver="v="></c>`},
		{"idle", &idle.Idle{Since: "2020-01-02T03:04:05Z"}, `<idle xmlns="urn:xmpp:idle:1" since="2020-01-02T03:04:05Z"></idle>`},
		{"delay", &delay.Delay{From: "a.example", Stamp: "2020-01-02T03:04:05Z"}, `<delay xmlns="urn:xmpp:delay" from="a.example" stamp="2020-01-02T03:04:05Z"></delay>`},
		{"block", &blocking.Block{Items: []blocking.Item{{JID: "a@b.example"}}}, `<block xmlns="urn:xmpp:blocking"><item xmlns="urn:xmpp:blocking" jid="a@b.example"></item></block>`},
		{"unblock", &blocking.Unblock{Items: []blocking.Item{{JID: "a@b.example"}}}, `<unblock xmlns="urn:xmpp:blocking"><item xmlns="urn:xmpp:blocking" jid="a@b.example"></item></unblock>`},
		{"blocklist", &blocking.List{Items: []blocking.Item{{JID: "b.example"}}}, `<blocklist xmlns="urn:xmpp:blocking"><item xmlns="urn:xmpp:blocking" jid="b.example"></item></blocklist>`},
		{"origin-id", &stanzaid.OriginID{ID: "1"}, `<origin-id xmlns="urn:xmpp:sid:0" id="1"></origin-id>`},
		{"stanza-id", &stanzaid.StanzaID{ID: "1", By: "a@b.example"}, `<stanza-id xmlns="urn:xmpp:sid:0" id="1" by="a@b.example"></stanza-id>`},
		{"version", &version.Query{Name: "L", Version: "1"}, `<query xmlns="jabber:iq:version"><name xmlns="jabber:iq:version">L</name><version xmlns="jabber:iq:version">1</version></query>`},
		{"form", form.NewSubmit("t"), `<x xmlns="jabber:x:data" type="submit"><field xmlns="jabber:x:data" var="FORM_TYPE" type="hidden"><value xmlns="jabber:x:data">t</value></field></x>`},
		{"page asked for", &rsm.Set{Max: ptr(0), Before: ptr("")}, `<set xmlns="http://jabber.org/protocol/rsm"><max xmlns="http://jabber.org/protocol/rsm">0</max><before xmlns="http://jabber.org/protocol/rsm"></before></set>`},
		{"page after", &rsm.Set{After: ptr("7")}, `<set xmlns="http://jabber.org/protocol/rsm"><after xmlns="http://jabber.org/protocol/rsm">7</after></set>`},
		{"page given", &rsm.Set{First: &rsm.First{Index: "3", ID: "a"}, Last: "b", Count: ptr(9)}, `<set xmlns="http://jabber.org/protocol/rsm"><first xmlns="http://jabber.org/protocol/rsm" index="3">a</first><last xmlns="http://jabber.org/protocol/rsm">b</last><count xmlns="http://jabber.org/protocol/rsm">9</count></set>`},
		{"archive query for all", &mam.Query{QueryID: "q"}, `<query xmlns="urn:xmpp:mam:2" queryid="q"></query>`},
		{
			"archive query",
			&mam.Query{
				QueryID: "q", Set: &rsm.Set{Before: ptr("x")},
				Form: mam.Filter{With: "a@b.example", Start: time.Unix(1, 0), End: time.Unix(2, 3e6)}.Form(),
			},
			`<query xmlns="urn:xmpp:mam:2" queryid="q"><x xmlns="jabber:x:data" type="submit"><field xmlns="jabber:x:data" var="FORM_TYPE" type="hidden"><value xmlns="jabber:x:data">urn:xmpp:mam:2</value></field><field xmlns="jabber:x:data" var="with"><value xmlns="jabber:x:data">a@b.example</value></field><field xmlns="jabber:x:data" var="start"><value xmlns="jabber:x:data">1970-01-01T00:00:01.000Z</value></field><field xmlns="jabber:x:data" var="end"><value xmlns="jabber:x:data">1970-01-01T00:00:02.003Z</value></field></x><set xmlns="http://jabber.org/protocol/rsm"><before xmlns="http://jabber.org/protocol/rsm">x</before></set></query>`,
		},
		{
			"archive query for one",
			&mam.Query{Form: mam.Filter{ID: "7"}.Form()},
			`<query xmlns="urn:xmpp:mam:2"><x xmlns="jabber:x:data" type="submit"><field xmlns="jabber:x:data" var="FORM_TYPE" type="hidden"><value xmlns="jabber:x:data">urn:xmpp:mam:2</value></field><field xmlns="jabber:x:data" var="ids"><value xmlns="jabber:x:data">7</value></field></x></query>`,
		},
		{"archive result", &mam.Result[note]{QueryID: "q", ID: "7", Forwarded: forwarded}, `<result xmlns="urn:xmpp:mam:2" queryid="q" id="7">` + forwardedXML + `</result>`},
		{"archive answer", &mam.Fin{Complete: true, Set: &rsm.Set{Last: "b"}}, `<fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><last xmlns="http://jabber.org/protocol/rsm">b</last></set></fin>`},
		{"archive preferences asked for", &mam.GetPrefs{}, `<prefs xmlns="urn:xmpp:mam:2"></prefs>`},
		{"archive preferences", &mam.Prefs{Default: mam.Roster, Never: mam.JIDs{JIDs: []string{"a@b.example"}}}, `<prefs xmlns="urn:xmpp:mam:2" default="roster"><always xmlns="urn:xmpp:mam:2"></always><never xmlns="urn:xmpp:mam:2"><jid xmlns="urn:xmpp:mam:2">a@b.example</jid></never></prefs>`},
		{"forwarded", &forwarded, forwardedXML},
		{"carbons on", &carbons.Enable{}, `<enable xmlns="urn:xmpp:carbons:2"></enable>`},
		{"carbon received", &carbons.Received[note]{Forwarded: forwarded}, `<received xmlns="urn:xmpp:carbons:2">` + forwardedXML + `</received>`},
		{"carbon sent", &carbons.Sent[note]{Forwarded: forwarded}, `<sent xmlns="urn:xmpp:carbons:2">` + forwardedXML + `</sent>`},
		{"encrypted", &eme.Encryption{Namespace: "urn:xmpp:omemo:2", Name: "OMEMO"}, `<encryption xmlns="urn:xmpp:eme:0" namespace="urn:xmpp:omemo:2" name="OMEMO"></encryption>`},
		{"no styles", &styling.Unstyled{}, `<unstyled xmlns="urn:xmpp:styling:0"></unstyled>`},
		{"receipt request", &receipts.Request{}, `<request xmlns="urn:xmpp:receipts"></request>`},
		{"receipt", &receipts.Received{ID: "1"}, `<received xmlns="urn:xmpp:receipts" id="1"></received>`},
		{"markable", &markers.Markable{}, `<markable xmlns="urn:xmpp:chat-markers:0"></markable>`},
		{"displayed", &markers.Displayed{ID: "1"}, `<displayed xmlns="urn:xmpp:chat-markers:0" id="1"></displayed>`},
		{"correction", &correct.Replace{ID: "1"}, `<replace xmlns="urn:xmpp:message-correct:0" id="1"></replace>`},
		{"retraction", &retract.Retract{ID: "1"}, `<retract xmlns="urn:xmpp:message-retract:1" id="1"></retract>`},
		{"tombstone", &retract.Retracted{ID: "1", Stamp: "2020-01-02T03:04:05Z"}, `<retracted xmlns="urn:xmpp:message-retract:1" id="1" stamp="2020-01-02T03:04:05Z"></retracted>`},
		{"reply", &reply.Reply{To: "a@b.example", ID: "1"}, `<reply xmlns="urn:xmpp:reply:0" to="a@b.example" id="1"></reply>`},
		{"reactions", &reactions.Reactions{ID: "1", Emoji: []string{"👍", "❤️"}}, `<reactions xmlns="urn:xmpp:reactions:0" id="1"><reaction xmlns="urn:xmpp:reactions:0">👍</reaction><reaction xmlns="urn:xmpp:reactions:0">❤️</reaction></reactions>`},
		{"reactions taken back", &reactions.Reactions{ID: "1"}, `<reactions xmlns="urn:xmpp:reactions:0" id="1"></reactions>`},
		{
			"fallback of a part", &fallback.Fallback{For: reply.NS, Body: []fallback.Range{fallback.Part(0, 7)}},
			`<fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:reply:0"><body xmlns="urn:xmpp:fallback:0" start="0" end="7"></body></fallback>`,
		},
		{"fallback of all", &fallback.Fallback{For: retract.NS}, `<fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:message-retract:1"></fallback>`},
		{"store", &hints.Store{}, `<store xmlns="urn:xmpp:hints"></store>`},
		{"displayed here", boxes[0].Displayed, displayedXML},
		{
			"publish",
			&pubsub.PubSub[box]{Publish: &pubsub.Items[box]{Node: "n", Items: boxes}, Options: &pubsub.Options{Form: form.NewSubmit(pubsub.FormOptions)}},
			`<pubsub xmlns="http://jabber.org/protocol/pubsub"><publish xmlns="http://jabber.org/protocol/pubsub" node="n"><item xmlns="http://jabber.org/protocol/pubsub" id="a@b.example">` + displayedXML + `</item></publish><publish-options xmlns="http://jabber.org/protocol/pubsub"><x xmlns="jabber:x:data" type="submit"><field xmlns="jabber:x:data" var="FORM_TYPE" type="hidden"><value xmlns="jabber:x:data">http://jabber.org/protocol/pubsub#publish-options</value></field></x></publish-options></pubsub>`,
		},
		{"items asked for", &pubsub.PubSub[box]{Items: &pubsub.Items[box]{Node: "n", Max: 3}}, `<pubsub xmlns="http://jabber.org/protocol/pubsub"><items xmlns="http://jabber.org/protocol/pubsub" node="n" max_items="3"></items></pubsub>`},
		{"configure", &pubsub.Owner{Configure: &pubsub.Configure{Node: "n", Form: form.NewSubmit("t")}}, `<pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure xmlns="http://jabber.org/protocol/pubsub#owner" node="n"><x xmlns="jabber:x:data" type="submit"><field xmlns="jabber:x:data" var="FORM_TYPE" type="hidden"><value xmlns="jabber:x:data">t</value></field></x></configure></pubsub>`},
		{
			"event",
			&pubsub.Event[box]{Items: &pubsub.EventItems[box]{Node: "n", Items: boxes}},
			`<event xmlns="http://jabber.org/protocol/pubsub#event"><items xmlns="http://jabber.org/protocol/pubsub#event" node="n"><item xmlns="http://jabber.org/protocol/pubsub#event" id="a@b.example">` + displayedXML + `</item></items></event>`,
		},
		{"address", &oob.X{URL: "https://a.example/x?y=1&z"}, `<x xmlns="jabber:x:oob"><url xmlns="jabber:x:oob">https://a.example/x?y=1&amp;z</url></x>`},
		{
			"slot asked for",
			&upload.Request{Filename: "très cool.jpg", Size: 23456, ContentType: "image/jpeg", Message: new(upload.Message)},
			`<request xmlns="urn:xmpp:http:upload:0" filename="très cool.jpg" size="23456" content-type="image/jpeg"><message xmlns="urn:xmpp:http:upload:purpose:0"></message></request>`,
		},
		{
			"slot",
			&upload.Slot{
				Put: upload.Put{URL: "https://p.example/x", Headers: []upload.Header{{Name: "Cookie", Value: "a"}}},
				Get: upload.Get{URL: "https://g.example/x"},
			},
			`<slot xmlns="urn:xmpp:http:upload:0"><put xmlns="urn:xmpp:http:upload:0" url="https://p.example/x"><header xmlns="urn:xmpp:http:upload:0" name="Cookie">a</header></put><get xmlns="urn:xmpp:http:upload:0" url="https://g.example/x"></get></slot>`,
		},
		{
			"too large",
			&upload.TooLarge{Max: "20000"},
			`<file-too-large xmlns="urn:xmpp:http:upload:0"><max-file-size xmlns="urn:xmpp:http:upload:0">20000</max-file-size></file-too-large>`,
		},
		{"not yet", &upload.Retry{Stamp: "2017-12-03T23:42:05Z"}, `<retry xmlns="urn:xmpp:http:upload:0" stamp="2017-12-03T23:42:05Z"></retry>`},
		{
			"shared file",
			&sfs.Sharing{
				Disposition: sfs.Inline, ID: "1",
				File: file.File{
					MediaType: "image/jpeg", Name: "summit.jpg", Size: "3032449", Width: "4096", Height: "2160", Length: "63000", Desc: "Summit",
					Hashes:     []hash.Hash{hash.New([]byte("abc"))},
					Thumbnails: []thumb.Thumbnail{thumb.New("image/png", []byte("abc"), 64, 48)},
				},
				Sources: &sfs.Sources{URLs: []sfs.URLData{{Target: "https://g.example/x"}}},
			},
			`<file-sharing xmlns="urn:xmpp:sfs:0" disposition="inline" id="1"><file xmlns="urn:xmpp:file:metadata:0"><media-type xmlns="urn:xmpp:file:metadata:0">image/jpeg</media-type><name xmlns="urn:xmpp:file:metadata:0">summit.jpg</name><size xmlns="urn:xmpp:file:metadata:0">3032449</size><width xmlns="urn:xmpp:file:metadata:0">4096</width><height xmlns="urn:xmpp:file:metadata:0">2160</height><length xmlns="urn:xmpp:file:metadata:0">63000</length><desc xmlns="urn:xmpp:file:metadata:0">Summit</desc><hash xmlns="urn:xmpp:hashes:2" algo="sha-256">YWJj</hash><thumbnail xmlns="urn:xmpp:thumbs:1" uri="data:image/png;base64,YWJj" media-type="image/png" width="64" height="48"></thumbnail></file><sources xmlns="urn:xmpp:sfs:0"><url-data xmlns="http://jabber.org/protocol/url-data" target="https://g.example/x"></url-data></sources></file-sharing>`,
		},
		{"time asked for", &entitytime.Query{}, `<time xmlns="urn:xmpp:time"></time>`},
		{"time", &entitytime.Query{Zone: "+00:00", UTC: delay.FormatTime(time.Unix(1, 5e6))}, `<time xmlns="urn:xmpp:time"><tzo xmlns="urn:xmpp:time">+00:00</tzo><utc xmlns="urn:xmpp:time">1970-01-01T00:00:01.005Z</utc></time>`},
	} {
		sameBothWays(t, x.name, x.value, x.want)
	}
}

// sameBothWays writes a value, compares it with a text, and reads that back.
func sameBothWays(t *testing.T, name string, value any, want string) {
	t.Helper()
	got, err := xml.Marshal(value)
	if err != nil || string(got) != want {
		t.Errorf("%s:\ngot  %s, %v\nwant %s", name, got, err, want)
		return
	}
	back := reflect.New(reflect.TypeOf(value).Elem())
	if err := xml.Unmarshal(got, back.Interface()); err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	again, err := xml.Marshal(back.Interface())
	if err != nil || string(again) != want {
		t.Errorf("%s comes back as %s, %v", name, again, err)
	}
}

func TestParseTime(t *testing.T) {
	want := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, s := range []string{"2020-01-02T03:04:05Z", "2020-01-02T05:04:05+02:00", " 2020-01-02T03:04:05.000Z "} {
		if got, ok := delay.ParseTime(s); !ok || !got.Equal(want) {
			t.Errorf("%q gives %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "noon", "2020-01-02", "20200102T03:04:05", "2020-13-02T03:04:05Z"} {
		if got, ok := delay.ParseTime(s); ok {
			t.Errorf("%q gives %v", s, got)
		}
	}
}

// TestForeignPayloads holds that what is not known in an item, or comes with
// namespaces of its own writing, hides nothing else.
func TestForeignPayloads(t *testing.T) {
	var e pubsub.Event[box]
	err := xml.Unmarshal([]byte(`<e:event xmlns:e='http://jabber.org/protocol/pubsub#event'><e:items node='n'>
		<e:item id='1'><displayed xmlns='urn:other'/></e:item><e:item id='2' publisher='x'/>
		<e:item id='3'><d:displayed xmlns:d='urn:xmpp:mds:displayed:0'><stanza-id xmlns='urn:xmpp:sid:0' id='9'/></d:displayed></e:item>
		</e:items></e:event>`), &e)
	if err != nil || e.Items == nil || len(e.Items.Items) != 3 {
		t.Fatalf("%+v, %v", e, err)
	}
	if i := e.Items.Items; i[0].Displayed != nil || i[1].Displayed != nil || i[2].Displayed == nil || i[2].Displayed.StanzaID.ID != "9" {
		t.Errorf("%+v", i)
	}
}

// TestEmptyFilter holds that nothing is asked for where there is nothing to ask.
func TestEmptyFilter(t *testing.T) {
	if f := (mam.Filter{}).Form(); f != nil {
		t.Errorf("a form of nothing: %v", f)
	}
}
