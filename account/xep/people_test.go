package xep_test

import (
	"encoding/xml"
	"testing"

	"linnet/account/xep/chatstates"
	"linnet/account/xep/hints"
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
	} {
		sameBothWays(t, x.name, x.value, x.want)
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
