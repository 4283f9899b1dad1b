package app

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// encryptions are the names of what XEP-0380 names by namespaces.
var encryptions = map[string]string{
	"eu.siacs.conversations.axolotl": "OMEMO",
	"urn:xmpp:omemo:1":               "OMEMO",
	"urn:xmpp:omemo:2":               "OMEMO",
	"urn:xmpp:otr:0":                 "OTR",
	"jabber:x:encrypted":             "OpenPGP",
	"urn:xmpp:openpgp:0":             "OpenPGP",
}

// foreignWords begin the bodies of messages whose words are encrypted: programs
// send them for those that cannot read the rest.
var foreignWords = []struct{ words, encryption string }{
	{"?OTR", "OTR"},
	{"I sent you an OMEMO encrypted message but your client", "OMEMO"},
	{"You received a message encrypted with OMEMO but your client", "OMEMO"},
	{"This message is encrypted with OMEMO", "OMEMO"},
	{"[This message is OMEMO encrypted]", "OMEMO"},
	{"This message is encrypted with OpenPGP", "OpenPGP"},
	{"This message is *encrypted* (See :XEP:", "OpenPGP"},
	{"This message is encrypted (XEP-0374)", "OpenPGP"},
	{"This is an OpenPGP encrypted message", "OpenPGP"},
}

// isForeign reports whether a message is for programs which can decrypt it, by
// what it says of itself or as a body that says nothing else.
func isForeign(m storage.Message) bool { return encryptionOf(m) != "" }

// encryptionOf names how a message is encrypted end to end; empty when it is not.
func encryptionOf(m storage.Message) string {
	if m.Encryption == "" {
		return foreignBody(m.Body)
	}
	if name := encryptions[m.Encryption]; name != "" {
		return name
	}
	return widgets.Harmless(m.Encryption)
}

// foreignBody names the encryption that a body stands for; empty for none.
func foreignBody(body string) string {
	body = strings.TrimSpace(body)
	i := slices.IndexFunc(foreignWords, func(f struct{ words, encryption string }) bool { return strings.HasPrefix(body, f.words) })
	if i < 0 {
		return ""
	}
	return foreignWords[i].encryption
}

// foreignText stands in place of the words of such a message.
func foreignText(m storage.Message) string {
	return lang.L("This message is encrypted with {{.Name}}, which Linnet cannot read. It is for another program.", map[string]any{"Name": encryptionOf(m)})
}

// foreignLine does the same in a line that repeats a message.
func foreignLine() string { return lang.L("A message for another program") }

// encryptionText says in the details of a message how it is encrypted.
func encryptionText(m storage.Message) string {
	if name := encryptionOf(m); name != "" {
		return lang.L("{{.Name}}, which Linnet cannot read", map[string]any{"Name": name})
	}
	return lang.L("Not encrypted end to end")
}
