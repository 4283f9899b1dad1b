package app

import (
	"net/url"
	"strings"
)

// uriAction is what an xmpp: address asks for (XEP-0147).
type uriAction uint8

const (
	uriChat      uriAction = iota // open the chat with that address
	uriSubscribe                  // offer to add the address as a contact
)

// maxURI bounds an xmpp: address handed to us from outside. A message in it may
// be as long as one that is typed.
const maxURI = 200_000

// uriRequest is an xmpp: address taken apart. Address is not checked to be a
// valid JID.
type uriRequest struct {
	Action  uriAction
	Account string // the account it is to be used with (RFC 5122 authority); usually empty
	Address string
	Name    string
	Body    string
}

// parseURI reads "xmpp:[//account/]address[?action[;key=value...]]" of RFC 5122
// and XEP-0147. Actions and keys that are not known only open the chat. It
// reports false for anything that is not such an address.
func parseURI(raw string) (uriRequest, bool) {
	if len(raw) > maxURI || len(raw) < len("xmpp:") || !strings.EqualFold(raw[:5], "xmpp:") {
		return uriRequest{}, false
	}
	rest, _, _ := strings.Cut(raw[5:], "#")
	path, query, _ := strings.Cut(rest, "?")
	var r uriRequest
	var ok bool
	if after, has := strings.CutPrefix(path, "//"); has {
		account, address, found := strings.Cut(after, "/")
		if !found {
			return uriRequest{}, false
		}
		if r.Account, ok = unescape(account); !ok {
			return uriRequest{}, false
		}
		path = address
	}
	if r.Address, ok = unescape(path); !ok || r.Address == "" {
		return uriRequest{}, false
	}
	action, keys, _ := strings.Cut(query, ";")
	switch strings.ToLower(action) {
	case "roster", "subscribe":
		r.Action = uriSubscribe
	}
	for key := range strings.SplitSeq(keys, ";") {
		name, value, _ := strings.Cut(key, "=")
		value, ok := unescape(value)
		if !ok {
			continue
		}
		switch strings.ToLower(name) {
		case "body":
			r.Body = value
		case "name":
			r.Name = value
		}
	}
	return r, true
}

// unescape undoes percent escapes. A plus stays a plus (XEP-0147 section 3).
func unescape(s string) (string, bool) {
	out, err := url.PathUnescape(s)
	if err != nil {
		return "", false
	}
	return strings.ToValidUTF8(out, "\uFFFD"), true
}
