package caps

import (
	"encoding/xml"
	"errors"
	"testing"

	"linnet/account/xep/disco"
)

func parse(t testing.TB, s string) *disco.Info {
	t.Helper()
	info := new(disco.Info)
	if err := xml.Unmarshal([]byte("<query xmlns='http://jabber.org/protocol/disco#info'>"+s+"</query>"), info); err != nil {
		t.Fatal(err)
	}
	return info
}

// The two examples of XEP-0115 sections 5.2 and 5.3.
const (
	simple = `<identity category='client' name='Exodus 0.9.1' type='pc'/>
		<feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/>
		<feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/>`
	complicated = `<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>
		<identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>
		<feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/>
		<feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/>
		<x xmlns='jabber:x:data' type='result'>
		<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>
		<field var='ip_version' type='text-multi'><value>ipv4</value><value>ipv6</value></field>
		<field var='os'><value>Mac</value></field><field var='os_version'><value>10.5.1</value></field>
		<field var='software'><value>Psi</value></field><field var='software_version'><value>0.11</value></field></x>`
)

func TestHash(t *testing.T) {
	form := func(s string) string { return "<x xmlns='jabber:x:data' type='result'>" + s + "</x>" }
	typ := func(s string) string { return "<field var='FORM_TYPE' type='hidden'>" + s + "</field>" }
	plain, err := Hash("sha-1", parse(t, "<feature var='a'/>"))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name, hash, in, want string
		err                  error
	}{
		{"simple", "sha-1", simple, "QgayPKawpkPSDYmwT/WM94uAlu0=", nil},
		{"complicated", "sha-1", complicated, "q07IKJEyjvHSyhy//CH0CxmKi8w=", nil},
		{"unknown hash", "sha3-999", simple, "", ErrUnknownHash},
		{"no hash", "", simple, "", ErrUnknownHash},
		{"empty form", "sha-1", "<feature var='a'/><x xmlns='jabber:x:data'/>", plain, nil},
		{"form without FORM_TYPE", "sha-1", "<feature var='a'/>" + form("<field var='x'><value>y</value></field>"), plain, nil},
		{"FORM_TYPE not hidden", "sha-1", "<feature var='a'/>" + form("<field var='FORM_TYPE'><value>y</value></field>"), plain, nil},
		{"FORM_TYPE without value", "sha-1", form(typ("")), "", ErrIllFormed},
		{"FORM_TYPE of two values", "sha-1", form(typ("<value>a</value><value>b</value>")), "", ErrIllFormed},
		{"FORM_TYPE twice", "sha-1", form(typ("<value>a</value>")) + form(typ("<value>a</value>")), "", ErrIllFormed},
		{"feature twice", "sha-1", "<feature var='a'/><feature var='a'/>", "", ErrIllFormed},
		{"identity twice", "sha-1", "<identity category='a' type='b'/><identity category='a' type='b'/>", "", ErrIllFormed},
		{"separator in a feature", "sha-1", "<feature var='a&lt;b'/>", "", ErrIllFormed},
		{"separator in an identity", "sha-1", "<identity category='a' type='b' name='c&lt;d'/>", "", ErrIllFormed},
	} {
		got, err := Hash(x.hash, parse(t, x.in))
		if got != x.want || !errors.Is(err, x.err) {
			t.Errorf("%s: %q, %v; want %q, %v", x.name, got, err, x.want, x.err)
		}
	}
	if _, err := Hash("sha-512", parse(t, simple)); err != nil {
		t.Error(err)
	}
}

func TestVerify(t *testing.T) {
	c := C{Hash: "sha-1", Ver: "QgayPKawpkPSDYmwT/WM94uAlu0="}
	if err := Verify(c, parse(t, simple)); err != nil {
		t.Error(err)
	}
	if err := Verify(c, parse(t, simple+"<feature var='x'/>")); !errors.Is(err, ErrMismatch) {
		t.Errorf("poisoned: %v", err)
	}
}

func FuzzHash(f *testing.F) {
	for _, s := range []string{simple, complicated, "<x xmlns='jabber:x:data'><field/></x>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		info := new(disco.Info)
		if xml.Unmarshal([]byte("<query xmlns='http://jabber.org/protocol/disco#info'>"+s+"</query>"), info) != nil {
			return
		}
		ver, err := Hash("sha-1", info)
		if err != nil {
			return
		}
		if err := Verify(C{Hash: "sha-1", Ver: ver}, info); err != nil {
			t.Errorf("not the same twice: %v", err)
		}
	})
}
