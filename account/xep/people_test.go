package xep_test

import (
	"encoding/xml"
	"testing"

	"linnet/account/xep/avatar"
	"linnet/account/xep/blocking"
	"linnet/account/xep/chatstates"
	"linnet/account/xep/form"
	"linnet/account/xep/hints"
	"linnet/account/xep/nick"
	"linnet/account/xep/pubsub"
	"linnet/account/xep/stanzaid"
	"linnet/account/xep/vcard"
)

// TestGoldenOfPeople is TestGolden for what people show of themselves.
func TestGoldenOfPeople(t *testing.T) {
	for _, x := range []struct {
		name  string
		value any
		want  string
	}{
		{"chat state", chatstates.New(chatstates.Composing), `<composing xmlns="http://jabber.org/protocol/chatstates"></composing>`},
		{"not to store", &hints.NoStore{}, `<no-store xmlns="urn:xmpp:hints"></no-store>`},
		{"picture", &avatar.Data{Base64: "QQ=="}, `<data xmlns="urn:xmpp:avatar:data">QQ==</data>`},
		{
			"what a picture is", &avatar.Metadata{Infos: []avatar.Info{{ID: "a", Type: "image/png", Bytes: "1", Width: "2", Height: "3"}}},
			`<metadata xmlns="urn:xmpp:avatar:metadata"><info xmlns="urn:xmpp:avatar:metadata" id="a" type="image/png" bytes="1" width="2" height="3"></info></metadata>`,
		},
		{"no picture", &avatar.Metadata{}, `<metadata xmlns="urn:xmpp:avatar:metadata"></metadata>`},
		{"name", &nick.Nick{Name: "A & B"}, `<nick xmlns="http://jabber.org/protocol/nick">A &amp; B</nick>`},
		{"picture in a vCard", &vcard.Update{Photo: ptr("a")}, `<x xmlns="vcard-temp:x:update"><photo xmlns="vcard-temp:x:update">a</photo></x>`},
		{"empty vCard", vcard.NewTemp(), `<vCard xmlns="vcard-temp"></vCard>`},
		{
			"report",
			&blocking.Block{Items: []blocking.Item{{JID: "a@b.example", Report: &blocking.Report{
				Reason: blocking.Spam, Messages: []stanzaid.StanzaID{{ID: "1", By: "c@b.example"}}, Text: "why",
			}}}},
			`<block xmlns="urn:xmpp:blocking"><item xmlns="urn:xmpp:blocking" jid="a@b.example"><report xmlns="urn:xmpp:reporting:1" reason="urn:xmpp:reporting:spam"><stanza-id xmlns="urn:xmpp:sid:0" id="1" by="c@b.example"></stanza-id><text xmlns="urn:xmpp:reporting:1">why</text></report></item></block>`,
		},
		{"node emptied", &pubsub.Event[box]{Purge: &pubsub.Emptied{Node: "n"}}, `<event xmlns="http://jabber.org/protocol/pubsub#event"><purge xmlns="http://jabber.org/protocol/pubsub#event" node="n"></purge></event>`},
		{"node removed", &pubsub.Event[box]{Delete: &pubsub.Emptied{Node: "n"}}, `<event xmlns="http://jabber.org/protocol/pubsub#event"><delete xmlns="http://jabber.org/protocol/pubsub#event" node="n"></delete></event>`},
	} {
		sameBothWays(t, x.name, x.value, x.want)
	}
}

func TestFormValue(t *testing.T) {
	f := form.NewSubmit("t")
	f.Add("a", "b")
	if f.Value("a") != "b" || f.Value("FORM_TYPE") != "t" || f.Value("c") != "" {
		t.Errorf("%+v", f)
	}
}

func TestChatStates(t *testing.T) {
	for text, want := range map[string]string{
		"<m/>": "", "<m><composing xmlns='urn:other'/></m>": "",
		"<m><composing xmlns='http://jabber.org/protocol/chatstates'/></m>":           chatstates.Composing,
		"<m><gone xmlns='http://jabber.org/protocol/chatstates'>x</gone></m>":         chatstates.Gone,
		"<m xmlns:c='http://jabber.org/protocol/chatstates'><c:paused/></m>":          chatstates.Paused,
		"<m xmlns:c='http://jabber.org/protocol/chatstates'><c:inactive/></m>":        chatstates.Inactive,
		"<m xmlns:c='http://jabber.org/protocol/chatstates'><c:gone/><c:active/></m>": chatstates.Active,
	} {
		var m struct{ chatstates.Received }
		if err := xml.Unmarshal([]byte(text), &m); err != nil || m.ChatState() != want {
			t.Errorf("%s gives %q, %v", text, m.ChatState(), err)
		}
	}
}
