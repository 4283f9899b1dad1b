package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		args string
		want options
		err  string
	}{
		{args: "--profile P", want: options{profile: "P"}},
		{args: "--profile P --debug xmpp:a@b.example", want: options{profile: "P", debug: true, address: "xmpp:a@b.example"}},
		{args: "--profile P XMPP:a@b.example", want: options{profile: "P", address: "XMPP:a@b.example"}},
		{args: "--profile P a@b.example", err: "not an xmpp: address"},
		{args: "--profile P xmpp:a@b xmpp:c@d", err: "one xmpp: address"},
		{args: "--bogus", err: "see linnet --help"},
		{args: "account add --profile P --server h:1 a@b.example", want: options{profile: "P", server: "h:1", address: "a@b.example", addAccount: true}},
		{args: "account add --profile P", err: "takes one address"},
		{args: "account add --version", err: "see linnet --help"},
		{args: "--server h:1", err: "see linnet --help"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			have, err := parse(strings.Fields(tt.args))
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("error %v, want one with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if have != tt.want {
				t.Errorf("got %+v, want %+v", have, tt.want)
			}
		})
	}
}

func TestNewAccountServer(t *testing.T) {
	for _, tt := range []struct {
		server string
		host   string
		port   uint16
		err    bool
	}{
		{server: ""},
		{server: "xmpp.example.org:5222", host: "xmpp.example.org", port: 5222},
		{server: "[::1]:5223", host: "::1", port: 5223},
		{server: "xmpp.example.org", err: true},
		{server: ":5222", err: true},
		{server: "h:0", err: true},
		{server: "h:65536", err: true},
		{server: "h:x", err: true},
	} {
		t.Run(tt.server, func(t *testing.T) {
			have, err := newAccount(options{address: "a@b.example", server: tt.server})
			if (err != nil) != tt.err {
				t.Fatalf("error %v, want one: %v", err, tt.err)
			}
			if err == nil && (have.Host != tt.host || have.Port != tt.port) {
				t.Errorf("got %s %d, want %s %d", have.Host, have.Port, tt.host, tt.port)
			}
		})
	}
}

func TestAddAccountNeedsPassword(t *testing.T) {
	dir := t.TempDir()
	var out, errs strings.Builder
	code := run([]string{"account", "add", "--profile", filepath.Join(dir, "p"), "a@b.example"}, strings.NewReader("\n"), &out, &errs)
	if code != exitError || !strings.Contains(errs.String(), "no password") {
		t.Errorf("exit %d, %q", code, errs.String())
	}
}

func TestVersionAndHelp(t *testing.T) {
	for _, flag := range []string{"--version", "--help"} {
		var out, errs strings.Builder
		if code := run([]string{flag}, strings.NewReader(""), &out, &errs); code != exitOK || out.Len() == 0 || errs.Len() != 0 {
			t.Errorf("%s: exit %d, out %q, err %q", flag, code, out.String(), errs.String())
		}
	}
}
