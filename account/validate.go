package account

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"mellium.im/xmpp/jid"
)

// What can be wrong with an address, a host or a port that the user typed.
var (
	ErrAddressEmpty      = errors.New("the address is empty")
	ErrAddressNoAt       = errors.New("the address has no @")
	ErrAddressManyAt     = errors.New("the address has more than one @")
	ErrAddressSpace      = errors.New("the address has a space in it")
	ErrAddressNoUser     = errors.New("nothing stands before the @")
	ErrAddressNoDomain   = errors.New("nothing stands after the @")
	ErrAddressResource   = errors.New("the address has a resource, the part after /")
	ErrAddressLocalChars = errors.New("the part before the @ has a character that is not allowed")
	ErrAddressDomain     = errors.New("the part after the @ is not a domain name")
	ErrAddressTooLong    = errors.New("the address is too long")
	ErrHostInvalid       = errors.New("this is not a host name or an IP address")
	ErrPortInvalid       = errors.New("the port is not a number from 1 to 65535")
)

// maxPart is the longest part of a JID in bytes (RFC 7622 section 3).
const maxPart = 1023

// ValidateAddress reads a bare JID that a person typed. Spaces around it, an
// "xmpp:" before it, uppercase and a trailing dot of the domain are put right
// silently. The error is one of the ErrAddress values; where the rest would be
// good, as with ErrAddressResource, the address without it is returned as well.
func ValidateAddress(s string) (jid.JID, error) {
	s = strings.TrimSpace(s)
	if len(s) > 5 && strings.EqualFold(s[:5], "xmpp:") {
		s = s[5:]
	}
	if s == "" {
		return jid.JID{}, ErrAddressEmpty
	}
	bare, _, hasResource := strings.Cut(s, "/")
	if strings.ContainsFunc(bare, unicode.IsSpace) {
		return jid.JID{}, ErrAddressSpace
	}
	local, domain, ok := strings.Cut(bare, "@")
	switch {
	case !ok:
		return jid.JID{}, ErrAddressNoAt
	case strings.Contains(domain, "@"):
		return jid.JID{}, ErrAddressManyAt
	case local == "":
		return jid.JID{}, ErrAddressNoUser
	case len(local) > maxPart || len(domain) > maxPart:
		return jid.JID{}, ErrAddressTooLong
	}
	domain = strings.TrimSuffix(domain, ".")
	if domain == "" {
		return jid.JID{}, ErrAddressNoDomain
	}
	if !validHost(domain) {
		return jid.JID{}, ErrAddressDomain
	}
	if _, err := jid.New("", domain, ""); err != nil {
		return jid.JID{}, ErrAddressDomain
	}
	j, err := jid.New(local, domain, "")
	if err != nil {
		return jid.JID{}, ErrAddressLocalChars
	}
	if hasResource {
		return j, ErrAddressResource
	}
	return j, nil
}

// ValidateHost checks a server name or IP address that is set by hand; empty
// is good and means that the domain is looked up. It gives the form to store.
// The error is ErrHostInvalid.
func ValidateHost(s string) (string, error) {
	s = strings.TrimSuffix(strings.TrimSpace(s), ".")
	if s == "" {
		return "", nil
	}
	unbracketed := strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	if a, err := netip.ParseAddr(unbracketed); err == nil {
		return a.String(), nil
	}
	if !validHost(s) {
		return "", ErrHostInvalid
	}
	return s, nil
}

// ValidatePort reads a port that is set by hand; empty is good and gives 0,
// the usual ports. The error is ErrPortInvalid.
func ValidatePort(s string) (uint16, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil || n == 0 {
		return 0, ErrPortInvalid
	}
	return uint16(n), nil
}

// validHost tells whether s is an IP address or a name DNS can have, in
// Unicode or in ASCII.
func validHost(s string) bool {
	if _, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")); err == nil {
		return true
	}
	ascii, err := idna.Lookup.ToASCII(s)
	if err != nil || len(ascii) > 253 {
		return false
	}
	for label := range strings.SplitSeq(ascii, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool {
			return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
		}) {
			return false
		}
	}
	return true
}
