//go:build unix && !darwin

package xclipboard

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParseList(t *testing.T) {
	for list, want := range map[string][]string{
		"":                               nil,
		"file:///a\r\nfile:///b%20c\r\n": {"/a", "/b c"},
		"copy\nfile:///a/../b\nfile://host/c\nfile://localhost/d": {"/b", "/d"},
		"# a note\r\nhttps://x.example/file:///":                  nil,
		"file:relative\nfile:\nfile:///%00\n%":                    nil,
		"file:///a\x00":                                           {"/a"},
	} {
		if got := parseList(list); !slices.Equal(got, want) {
			t.Errorf("%q gives %q", list, got)
		}
	}
	if got := parseList(strings.Repeat("file:///a\n", maxFiles+1)); len(got) != maxFiles {
		t.Errorf("%d files", len(got))
	}
}

func FuzzParseList(f *testing.F) {
	f.Add("copy\nfile:///a%20b\r\nfile:///%ff")
	f.Fuzz(func(t *testing.T, list string) {
		for _, p := range parseList(list) {
			if !filepath.IsAbs(p) || strings.Contains(p, "\x00") {
				t.Errorf("%q gives %q", list, p)
			}
		}
	})
}

func TestAddress(t *testing.T) {
	for display, want := range map[string]string{
		":0": "unix /tmp/.X11-unix/X0 0", ":12.1": "unix /tmp/.X11-unix/X12 12", "unix:3": "unix /tmp/.X11-unix/X3 3",
		"localhost:10.0": "tcp localhost:6010 10", "[::1]:1": "tcp [::1]:6001 1",
		"": "", "x": "", ":a": "", ":99999": "",
	} {
		network, at, number, err := address(display)
		if got := strings.TrimSpace(network + " " + at + " " + number); got != want || (err == nil) != (want != "") {
			t.Errorf("%q gives %q, %v", display, got, err)
		}
	}
}

// entry is one of a file of xauth.
func entry(family byte, fields ...string) string {
	s := "\x01\x00" // this machine
	if family == 255 {
		s = "\xff\xff"
	}
	for _, f := range fields {
		s += string([]byte{0, byte(len(f))}) + f
	}
	return s
}

func TestFindCookie(t *testing.T) {
	const local, wild = 1, 255
	all := entry(local, "other", "0", cookieName, "a") + entry(local, "here", "1", cookieName, "b") +
		entry(local, "here", "0", "XDM", "c") + entry(local, "here", "0", cookieName, "d")
	for _, x := range []struct{ data, want string }{
		{all, "d"},
		{entry(wild, "", "", cookieName, "w") + all, "w"},
		{all[:len(all)-1], ""},
		{"", ""},
		{"\x01", ""},
	} {
		if got := findCookie([]byte(x.data), "here", "0"); string(got) != x.want {
			t.Errorf("%q gives %q, want %q", x.data, got, x.want)
		}
	}
}

func FuzzFindCookie(f *testing.F) {
	f.Add([]byte(entry(1, "here", "0", cookieName, "d")))
	f.Fuzz(func(t *testing.T, data []byte) { findCookie(data, "here", "0") })
}
