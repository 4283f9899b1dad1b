// Package blocking has the payloads of the blocking command (XEP-0191).
package blocking

import (
	"encoding/xml"

	"linnet/account/xep/stanzaid"
)

// NS is the namespace of the command and the feature of a server that has it.
const NS = "urn:xmpp:blocking"

// NSReport is the namespace of reports and the feature of a server that takes
// them (XEP-0377).
const NSReport = "urn:xmpp:reporting:1"

// The reasons of a Report.
const (
	Spam  = "urn:xmpp:reporting:spam"
	Abuse = "urn:xmpp:reporting:abuse"
)

// Block asks the server to block addresses, or tells that it does.
type Block struct {
	XMLName xml.Name `xml:"urn:xmpp:blocking block"`
	Items   []Item   `xml:"urn:xmpp:blocking item"`
}

// Unblock asks the server to let addresses through again, or tells that it does:
// without any, all of them.
type Unblock struct {
	XMLName xml.Name `xml:"urn:xmpp:blocking unblock"`
	Items   []Item   `xml:"urn:xmpp:blocking item"`
}

// List asks for the blocked addresses, and is the answer with them.
type List struct {
	XMLName xml.Name `xml:"urn:xmpp:blocking blocklist"`
	Items   []Item   `xml:"urn:xmpp:blocking item"`
}

// Item is one blocked address.
type Item struct {
	XMLName xml.Name `xml:"urn:xmpp:blocking item"`
	JID     string   `xml:"jid,attr"`
	Report  *Report
}

// Report goes with an address that is blocked: what for, and by which messages.
type Report struct {
	XMLName  xml.Name            `xml:"urn:xmpp:reporting:1 report"`
	Reason   string              `xml:"reason,attr"`
	Messages []stanzaid.StanzaID `xml:"urn:xmpp:sid:0 stanza-id"`
	Text     string              `xml:"urn:xmpp:reporting:1 text,omitempty"`
}
