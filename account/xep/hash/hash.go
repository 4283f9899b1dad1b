// Package hash has the checksums of XEP-0300.
package hash

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"strings"
)

// The features of who reads the element, and this function in it.
const (
	NS            = "urn:xmpp:hashes:2"
	FeatureSHA256 = "urn:xmpp:hash-function-text-names:sha-256"
)

// SHA256 is Hash.Algo of the one function that is used here.
const SHA256 = "sha-256"

// Hash is a checksum, as received.
type Hash struct {
	XMLName xml.Name `xml:"urn:xmpp:hashes:2 hash"`
	Algo    string   `xml:"algo,attr"`
	Value   string   `xml:",chardata"` // base64
}

// New gives the element of a SHA-256 sum.
func New(sum []byte) Hash {
	return Hash{Algo: SHA256, Value: base64.StdEncoding.EncodeToString(sum)}
}

// Sum gives the SHA-256 sum among a list; nil when there is none, or it is not
// one.
func Sum(list []Hash) []byte {
	for _, h := range list {
		if h.Algo != SHA256 || len(h.Value) > 4*sha256.Size {
			continue
		}
		sum, err := base64.StdEncoding.DecodeString(strings.TrimSpace(h.Value))
		if err == nil && len(sum) == sha256.Size {
			return sum
		}
	}
	return nil
}
