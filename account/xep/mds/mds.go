// Package mds has the payload of message displayed synchronization (XEP-0490):
// how far each chat was shown on any device of the account.
package mds

import (
	"encoding/xml"

	"linnet/account/xep/stanzaid"
)

// NS is the namespace of the payload and the name of the node. The id of an
// item is the bare JID of a chat.
const NS = "urn:xmpp:mds:displayed:0"

// Displayed names the last message of a chat that was shown, by the archive of
// the account, or of the room.
type Displayed struct {
	XMLName  xml.Name `xml:"urn:xmpp:mds:displayed:0 displayed"`
	StanzaID stanzaid.StanzaID
}
