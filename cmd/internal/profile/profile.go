//go:build unix

// Package profile makes throw-away profiles for the demo and the measurements:
// accounts signed in at a server of our own, secrets sealed by a passphrase
// that lies beside them, and a past to look at.
package profile

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"linnet/account/servertest"
	"linnet/storage"
)

// The files the program keeps in a profile.
const (
	archiveFile = "linnet.db"
	sealedFile  = "secrets.age"
)

// passphrase opens the sealed secrets of the profile.
const passphrase = "throw-away"

// Profile is a directory the program can be started on.
type Profile struct {
	dir    string
	binary string
	server *servertest.Server
}

// New signs users of the server in with the program, as an administrator
// would. The directory is made.
func New(ctx context.Context, binary, dir string, server *servertest.Server, users ...string) (*Profile, error) {
	p := &Profile{dir, binary, server}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(p.passphraseFile(), []byte(passphrase+"\n"), 0o600); err != nil {
		return nil, err
	}
	for _, name := range users {
		args := append([]string{"account", "add"}, p.Args()...)
		args = append(args, "--server", net.JoinHostPort(server.Host, strconv.Itoa(int(server.Port))), name+"@"+server.Domain)
		cmd := exec.CommandContext(ctx, binary, args...)
		cmd.Stdin = strings.NewReader(server.Password(name) + "\n")
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("adding %s: %w: %s", name, err, out)
		}
	}
	return p, nil
}

func (p *Profile) passphraseFile() string { return filepath.Join(p.dir, "passphrase") }

// Args are those every start of the program on this profile gets.
func (p *Profile) Args() []string {
	return []string{"--profile", p.dir, "--passphrase-file", p.passphraseFile()}
}

// Env makes the program trust the server of the profile, and no other.
func (p *Profile) Env() []string {
	return []string{"SSL_CERT_FILE=" + p.server.CAFile, "SSL_CERT_DIR=" + filepath.Join(p.dir, "none")}
}

// Update changes the archive, while the program does not run. The function
// gets the accounts by their addresses.
func (p *Profile) Update(fn func(tx *storage.Tx, accounts map[string]storage.AccountID) error) error {
	secrets, err := storage.OpenSealed(filepath.Join(p.dir, sealedFile), []byte(passphrase))
	if err != nil {
		return err
	}
	key, err := storage.ArchiveKey(secrets)
	if err != nil {
		return err
	}
	store, err := storage.Open(filepath.Join(p.dir, archiveFile), key, storage.Options{})
	if err != nil {
		return err
	}
	err = store.Update(func(tx *storage.Tx) error {
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		ids := make(map[string]storage.AccountID)
		for _, a := range accounts {
			ids[a.Address] = a.ID
		}
		return fn(tx, ids)
	})
	return errors.Join(err, store.Close())
}
