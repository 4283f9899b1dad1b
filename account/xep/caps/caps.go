// Package caps has entity capabilities (XEP-0115): the element in a presence
// and the hash over what an entity tells about itself.
package caps

import (
	"cmp"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"hash"
	"slices"
	"strings"

	"linnet/account/xep/disco"
	"linnet/account/xep/form"
)

// NS is the namespace of the element and the feature.
const NS = "http://jabber.org/protocol/caps"

// C is the element in a presence, as received.
type C struct {
	XMLName xml.Name `xml:"http://jabber.org/protocol/caps c"`
	Hash    string   `xml:"hash,attr"`
	Node    string   `xml:"node,attr"`
	Ver     string   `xml:"ver,attr"`
}

// Errors of Verify and Hash.
var (
	ErrUnknownHash = errors.New("caps: hash function is not known")
	ErrIllFormed   = errors.New("caps: information is ill-formed")
	ErrMismatch    = errors.New("caps: hash does not match")
)

// Known tells whether a hash function can be checked.
func Known(name string) bool { return newHash(name) != nil }

func newHash(name string) hash.Hash {
	switch name {
	case "sha-1": // the only one in wide use; mandatory by the XEP
		return sha1.New()
	case "sha-256":
		return sha256.New()
	case "sha-512":
		return sha512.New()
	}
	return nil
}

// Verify checks what an entity told in a disco#info result against the element
// in its presence (section 5.4).
func Verify(c C, info *disco.Info) error {
	ver, err := Hash(c.Hash, info)
	if err != nil {
		return err
	}
	if ver != c.Ver {
		return ErrMismatch
	}
	return nil
}

// Hash computes the verification string over info with the named function
// (section 5.1). Information that section 5.4 calls ill-formed (an identity, a
// feature or a FORM_TYPE given twice, a FORM_TYPE of several values), and any
// that holds the separator of the string and could so stand for something
// else, is ErrIllFormed.
func Hash(name string, info *disco.Info) (string, error) {
	h := newHash(name)
	if h == nil {
		return "", ErrUnknownHash
	}
	parts, ok := identityStrings(info.Identities)
	features := make([]string, len(info.Features))
	for i, f := range info.Features {
		features[i] = f.Var
	}
	ok = sortUnique(features) && ok
	parts = append(parts, features...)
	forms, formsOK := formStrings(info.Forms)
	if !ok || !formsOK {
		return "", ErrIllFormed
	}
	parts = append(parts, forms...)
	for _, p := range parts {
		if strings.Contains(p, "<") {
			return "", ErrIllFormed
		}
		h.Write([]byte(p))
		h.Write([]byte{'<'})
	}
	return base64.StdEncoding.EncodeToString(h.Sum(nil)), nil
}

// identityStrings gives the parts of the identities, and whether no two are
// equal. They are in the order of what they consist of: that of the parts
// themselves has "en-GB" before "en".
func identityStrings(identities []disco.Identity) (parts []string, ok bool) {
	sorted := slices.SortedFunc(slices.Values(identities), func(a, b disco.Identity) int {
		return cmp.Or(
			strings.Compare(a.Category, b.Category), strings.Compare(a.Type, b.Type),
			strings.Compare(a.Lang, b.Lang), strings.Compare(a.Name, b.Name),
		)
	})
	ok = true
	for n, i := range sorted {
		ok = ok && (n == 0 || i != sorted[n-1])
		parts = append(parts, strings.Join([]string{i.Category, i.Type, i.Lang, i.Name}, "/"))
	}
	return parts, ok
}

// sortUnique sorts by octets and tells whether no two are equal.
func sortUnique(s []string) bool {
	slices.Sort(s)
	for i := 1; i < len(s); i++ {
		if s[i] == s[i-1] {
			return false
		}
	}
	return true
}

// formStrings gives the parts of the forms that count, those with a hidden
// FORM_TYPE.
func formStrings(forms []form.Form) (parts []string, ok bool) {
	types := make(map[string][]form.Field)
	var names []string
	for _, f := range forms {
		i := slices.IndexFunc(f.Fields, func(f form.Field) bool { return f.Var == "FORM_TYPE" })
		if i < 0 || f.Fields[i].Type != "hidden" {
			continue
		}
		values := f.Fields[i].Values
		if len(values) == 0 || slices.ContainsFunc(values, func(v string) bool { return v != values[0] }) {
			return nil, false
		}
		if _, twice := types[values[0]]; twice {
			return nil, false
		}
		types[values[0]] = f.Fields
		names = append(names, values[0])
	}
	slices.Sort(names)
	for _, name := range names {
		parts = append(parts, name)
		fields := slices.SortedFunc(slices.Values(types[name]), func(a, b form.Field) int { return strings.Compare(a.Var, b.Var) })
		for _, f := range fields {
			if f.Var == "FORM_TYPE" {
				continue
			}
			parts = append(parts, f.Var)
			parts = append(parts, slices.Sorted(slices.Values(f.Values))...)
		}
	}
	return parts, true
}
