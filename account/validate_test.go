package account

import (
	"errors"
	"strings"
	"testing"

	"linnet/account/xep/caps"
)

func TestValidateAddress(t *testing.T) {
	for _, x := range []struct {
		in, out string
		err     error
	}{
		{"user@example.org", "user@example.org", nil},
		{" user@example.org\n", "user@example.org", nil},
		{"User@EXAMPLE.org", "user@example.org", nil},
		{"user@example.org.", "user@example.org", nil},
		{"xmpp:user@example.org", "user@example.org", nil},
		{"jörg@münchen.example", "jörg@münchen.example", nil},
		{"user@xn--mnchen-3ya.example", "user@münchen.example", nil},
		{"user@localhost", "user@localhost", nil},
		{"user@127.0.0.1", "user@127.0.0.1", nil},
		{"user@[::1]", "user@[::1]", nil},
		{"user@example.org/phone", "user@example.org", ErrAddressResource},
		{"", "", ErrAddressEmpty},
		{"  ", "", ErrAddressEmpty},
		{"user", "", ErrAddressNoAt},
		{"example.org", "", ErrAddressNoAt},
		{"a@b@example.org", "", ErrAddressManyAt},
		{"us er@example.org", "", ErrAddressSpace},
		{"user @example.org", "", ErrAddressSpace},
		{"@example.org", "", ErrAddressNoUser},
		{"user@", "", ErrAddressNoDomain},
		{"user@.", "", ErrAddressNoDomain},
		{"user@exam..ple", "", ErrAddressDomain},
		{"user@-x.example", "", ErrAddressDomain},
		{"user@exam_ple.org", "", ErrAddressDomain},
		{"user@example.org:5222", "", ErrAddressDomain},
		{"user@" + strings.Repeat("a", 64) + ".example", "", ErrAddressDomain},
		{"us\"er@example.org", "", ErrAddressLocalChars},
		{"us<er@example.org", "", ErrAddressLocalChars},
		{strings.Repeat("a", maxPart+1) + "@example.org", "", ErrAddressTooLong},
	} {
		j, err := ValidateAddress(x.in)
		if !errors.Is(err, x.err) || j.String() != x.out {
			t.Errorf("%q: %q, %v; want %q, %v", x.in, j, err, x.out, x.err)
		}
	}
}

func FuzzValidateAddress(f *testing.F) {
	for _, s := range []string{"user@example.org", "a@b/c", "@", "ß@ı.example", "a@\u2025.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		j, err := ValidateAddress(s)
		if err != nil {
			return
		}
		if again, err := ValidateAddress(j.String()); err != nil || !again.Equal(j) {
			t.Errorf("%q gives %q, which gives %q, %v", s, j, again, err)
		}
	})
}

func TestValidateHostAndPort(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " chat.example.org. ": "chat.example.org", "127.0.0.1": "127.0.0.1",
		"[::1]": "::1", "::1": "::1", "münchen.example": "münchen.example",
		"a b": "!", "http://x": "!", "x:5222": "!", "..": "!",
	} {
		got, err := ValidateHost(in)
		if err != nil {
			got = "!"
			if !errors.Is(err, ErrHostInvalid) {
				t.Errorf("%q: %v", in, err)
			}
		}
		if got != want {
			t.Errorf("host %q gives %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]uint16{"": 0, " 5222 ": 5222, "65535": 65535} {
		if got, err := ValidatePort(in); got != want || err != nil {
			t.Errorf("port %q gives %d, %v", in, got, err)
		}
	}
	for _, in := range []string{"0", "65536", "-1", "x", "5222.0"} {
		if got, err := ValidatePort(in); !errors.Is(err, ErrPortInvalid) {
			t.Errorf("port %q gives %d, %v", in, got, err)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb\rc\n": "a\nb\nc\n", "\x00a\x1b\x7f\t": "a\x7f\t", "a\xffb": "a\uFFFDb", "\uFFFE👍": "👍",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
	if got := cut("aää", 4); got != "aä" {
		t.Errorf("cut gives %q", got)
	}
}

func TestOwnInfoIsWellFormed(t *testing.T) {
	if err := caps.Verify(ownCaps, &ownInfo); err != nil {
		t.Error(err)
	}
}
