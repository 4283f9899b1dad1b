// Package xep_test compares the payloads of all extensions with their XML.
package xep_test

import (
	"encoding/xml"
	"reflect"
	"testing"
	"time"

	"linnet/account/xep/blocking"
	"linnet/account/xep/caps"
	"linnet/account/xep/delay"
	"linnet/account/xep/disco"
	"linnet/account/xep/idle"
	"linnet/account/xep/roster"
	"linnet/account/xep/stanzaid"
	"linnet/account/xep/version"
)

func ptr(s string) *string { return &s }

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
			"disco info",
			&disco.Info{
				Node: "n", Identities: []disco.Identity{{Category: "client", Type: "pc", Lang: "en", Name: "L"}},
				Features: []disco.Feature{{Var: "f"}},
				Forms:    []disco.Form{{Type: "result", Fields: []disco.Field{{Var: "FORM_TYPE", Type: "hidden", Values: []string{"t"}}}}},
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
	} {
		got, err := xml.Marshal(x.value)
		if err != nil || string(got) != x.want {
			t.Errorf("%s:\ngot  %s, %v\nwant %s", x.name, got, err, x.want)
			continue
		}
		back := reflect.New(reflect.TypeOf(x.value).Elem())
		if err := xml.Unmarshal(got, back.Interface()); err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		again, err := xml.Marshal(back.Interface())
		if err != nil || string(again) != x.want {
			t.Errorf("%s comes back as %s, %v", x.name, again, err)
		}
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
