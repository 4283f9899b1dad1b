package stream

import (
	"bytes"
	"context"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"hash"
	"strings"
	"testing"
)

// scramVectors are the examples of RFC 5802, section 5, and RFC 7677, section 3.
var scramVectors = []struct {
	name                             string
	hash                             func() hash.Hash
	nonce, first, final, client, end string
}{
	{
		"SHA-1", sha1.New, "fyko+d2lbbFgONRv9qkxdawL", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
		"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
		"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
		"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
	},
	{
		"SHA-256", sha256.New, "rOprNGfwEbeRWgbNEkqO", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
		"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
		"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
		"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
	},
}

func TestSCRAM(t *testing.T) {
	for _, tt := range scramVectors {
		t.Run(tt.name, func(t *testing.T) {
			fresh := func() *scram {
				s := newSCRAM(tt.hash, "user", "pencil")
				s.nonce = tt.nonce
				if first, err := s.start(); err != nil || string(first) != tt.first {
					t.Fatalf("got %q, %v, want %q", first, err, tt.first)
				}
				final, err := s.next(t.Context(), []byte(tt.final))
				if err != nil || string(final) != tt.client {
					t.Fatalf("got %q, %v, want %q", final, err, tt.client)
				}
				return s
			}
			if err := fresh().done([]byte(tt.end)); err != nil {
				t.Errorf("proof with the success: %v", err)
			}
			s := fresh()
			if reply, err := s.next(t.Context(), []byte(tt.end)); err != nil || len(reply) != 0 {
				t.Errorf("proof as a challenge: %q, %v", reply, err)
			}
			if err := s.done(nil); err != nil {
				t.Errorf("success after it: %v", err)
			}
			if _, err := s.next(t.Context(), []byte(tt.end)); err == nil {
				t.Error("a third challenge is answered")
			}
		})
	}
}

// The key is that of PBKDF2, and whoever leaves does not wait for it.
func TestSCRAMKey(t *testing.T) {
	for name, h := range map[string]func() hash.Hash{"SHA-1": sha1.New, "SHA-256": sha256.New, "SHA-512": sha512.New} {
		s := newSCRAM(h, "user", "pencil")
		salt := []byte("salt of some length")
		want, err := pbkdf2.Key(h, "pencil", salt, minIterations, h().Size())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.saltedPassword(t.Context(), salt, minIterations); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: got %x, %v, want %x", name, got, err, want)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if key, err := s.saltedPassword(ctx, salt, maxIterations); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %x, %v after all is over", name, key, err)
		}
	}
}

func TestSCRAMServerMustProve(t *testing.T) {
	v := scramVectors[1]
	answered := func() *scram {
		s := newSCRAM(v.hash, "user", "pencil")
		s.nonce = v.nonce
		if _, err := s.next(t.Context(), []byte(v.final)); err != nil {
			t.Fatal(err)
		}
		return s
	}
	tests := []struct {
		name   string
		data   []byte // nil for none
		reason AuthReason
		plain  bool // an error about the message, no judgement
	}{
		{"none", nil, AuthUntrusted, false},
		{"wrong", []byte("v=" + base64.StdEncoding.EncodeToString(make([]byte, 32))), AuthUntrusted, false},
		{"short", []byte("v=AA=="), AuthUntrusted, false},
		{"empty signature", []byte("v="), AuthUntrusted, false},
		{"not base64", []byte("v=*"), 0, true},
		{"empty", []byte{}, 0, true},
		{"other attribute", []byte("x=1"), 0, true},
		{"huge", []byte(v.end + "," + strings.Repeat("x", 5000)), 0, true},
		{"invalid proof", []byte("e=invalid-proof"), AuthWrongPassword, false},
		{"unknown user", []byte("e=unknown-user"), AuthWrongPassword, false},
		{"binding", []byte("e=channel-bindings-dont-match"), AuthUntrusted, false},
		{"binding hidden", []byte("e=server-does-support-channel-binding,x=y"), AuthUntrusted, false},
		{"no resources", []byte("e=no-resources"), AuthTemporary, false},
		{"some error", []byte("e=x"), AuthOther, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			check := func(err error) {
				t.Helper()
				auth := new(AuthError)
				if err == nil || errors.As(err, &auth) == tt.plain || !tt.plain && auth.Reason != tt.reason {
					t.Fatalf("got %#v", err)
				}
			}
			check(answered().done(tt.data))
			if tt.data != nil {
				s := answered()
				_, err := s.next(t.Context(), tt.data)
				check(err)
				if s.done(nil) == nil || s.done([]byte(v.end)) == nil {
					t.Error("a success is believed afterwards")
				}
			}
		})
	}
	if newSCRAM(v.hash, "user", "pencil").done([]byte("v=")) == nil {
		t.Error("a success before any challenge is believed")
	}
}

func TestSCRAMHostileChallenges(t *testing.T) {
	const nonce = "abcdef"
	const good = "r=abcdefX,s=QSXCR+Q6sek8bf92,i=4096"
	tests := []struct{ name, challenge string }{
		{"empty", ""},
		{"comma", ","},
		{"commas", ",,,,"},
		{"ends in a comma without i", "r=abcdefX,s=QSXCR+Q6sek8bf92,"},
		{"ends in x without i", "r=abcdefX,s=QSXCR+Q6sek8bf92,x"},
		{"no salt", "r=abcdefX,i=4096"},
		{"empty salt", "r=abcdefX,s=,i=4096"},
		{"bad salt", "r=abcdefX,s=*,i=4096"},
		{"salt with loose bits", "r=abcdefX,s=QR==,i=4096"},
		{"no nonce", "s=QSXCR+Q6sek8bf92,i=4096"},
		{"our nonce only", "r=abcdef,s=QSXCR+Q6sek8bf92,i=4096"},
		{"another nonce", "r=fedcbaX,s=QSXCR+Q6sek8bf92,i=4096"},
		{"part of our nonce", "r=abc,s=QSXCR+Q6sek8bf92,i=4096"},
		{"other order", "s=QSXCR+Q6sek8bf92,r=abcdefX,i=4096"},
		{"mandatory extension", "m=x," + good},
		{"no iterations", "r=abcdefX,s=QSXCR+Q6sek8bf92,i="},
		{"zero iterations", "r=abcdefX,s=QSXCR+Q6sek8bf92,i=0"},
		{"negative iterations", "r=abcdefX,s=QSXCR+Q6sek8bf92,i=-4096"},
		{"few iterations", "r=abcdefX,s=QSXCR+Q6sek8bf92,i=4095"},
		{"many iterations", "r=abcdefX,s=QSXCR+Q6sek8bf92,i=1000001"},
		{"a bomb of iterations", "r=abcdefX,s=QSXCR+Q6sek8bf92,i=2000000000"},
		{"iterations beyond numbers", "r=abcdefX,s=QSXCR+Q6sek8bf92,i=99999999999999999999"},
		{"iterations with a sign", "r=abcdefX,s=QSXCR+Q6sek8bf92,i=+4096"},
		{"iterations in hex", "r=abcdefX,s=QSXCR+Q6sek8bf92,i=0x1000"},
		{"huge", good + "," + strings.Repeat("x", 5000)},
		{"the final message", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
		{"an error", "e=unknown-user"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSCRAM(sha1.New, "user", "pencil")
			s.nonce = nonce
			if reply, err := s.next(t.Context(), []byte(tt.challenge)); err == nil {
				t.Fatalf("answered with %q", reply)
			}
			if _, err := s.next(t.Context(), []byte(good)); err == nil {
				t.Error("a second first message is answered")
			}
			if s.done(nil) == nil || s.done([]byte("v=")) == nil {
				t.Error("a success is believed afterwards")
			}
		})
	}
	s := newSCRAM(sha1.New, "user", "pencil")
	s.nonce = nonce
	if _, err := s.next(t.Context(), []byte(good+",x=extension")); err != nil {
		t.Errorf("an optional extension is refused: %v", err)
	}
}

func TestSCRAMNames(t *testing.T) {
	s := newSCRAM(sha1.New, "a=b,c\u00adü", "x")
	s.nonce = "n"
	s.flag = "p=tls-exporter"
	if first, _ := s.start(); string(first) != "p=tls-exporter,,n=a=3Db=2Ccü,r=n" {
		t.Errorf("got %q", first)
	}
	if a, b := newSCRAM(sha1.New, "u", "p"), newSCRAM(sha1.New, "u", "p"); a.nonce == b.nonce || len(a.nonce) < nonceSize || strings.Contains(a.nonce, ",") {
		t.Errorf("nonces %q and %q", a.nonce, b.nonce)
	}
}

// FuzzSCRAM lets a server say anything: it must not be believed, since it
// does not know the password.
func FuzzSCRAM(f *testing.F) {
	v := scramVectors[0]
	f.Add(v.final, "v=AAAA")
	f.Add(v.final, "e=other-error")
	f.Add(v.final, "")
	f.Add("r=,s=,i=", ",")
	f.Fuzz(func(t *testing.T, first, final string) {
		s := newSCRAM(sha1.New, "user", "other password")
		s.nonce = v.nonce
		if _, err := s.next(t.Context(), []byte(first)); err == nil && !strings.HasPrefix(first, "r="+v.nonce) {
			t.Fatalf("%q is answered", first)
		}
		if _, err := s.next(t.Context(), []byte(final)); err == nil {
			t.Fatalf("%q is a proof", final)
		}
		if s.done([]byte(final)) == nil || s.done(nil) == nil {
			t.Fatal("believed")
		}
	})
}
