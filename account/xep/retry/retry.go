// Package retry has the mark of a message that was refused and is sent again
// with the same id. It is our own: no XEP has one.
package retry

import "encoding/xml"

// NS is the namespace of the element.
const NS = "https://linnet.im/retry:0"

// Retry tells the copies of a message apart that its sender's archive has: of
// the one that was refused, and of each time the user tried again.
type Retry struct {
	XMLName xml.Name `xml:"https://linnet.im/retry:0 retry"`
	ID      string   `xml:"id,attr"` // of the try
}
