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

// busVariable is where programs look for the session bus.
const busVariable = "DBUS_SESSION_BUS_ADDRESS"

// keptFile is the archive as Keep found it.
const keptFile = "kept"

// passphrase opens the sealed secrets of the profile.
const passphrase = "throw-away"

// Options says how a profile is made.
type Options struct {
	Binary string // the program
	Dir    string // of the profile; it is made
	Server *servertest.Server
	Users  []string // of the server, to be signed in
	Port   uint16   // where the program connects; 0 means the server's own

	// Bus, when not empty, is the address of a session bus with an unlocked
	// keyring, which then keeps the secrets. This process's own session bus is
	// set to it.
	Bus string
}

// Profile is a directory the program can be started on.
type Profile struct {
	Options
	store *storage.Store // while Update runs
}

// New signs users of the server in with the program, as an administrator would.
func New(ctx context.Context, o Options) (*Profile, error) {
	p := &Profile{Options: o}
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		return nil, err
	}
	if p.Bus != "" {
		if err := os.Setenv(busVariable, p.Bus); err != nil {
			return nil, err
		}
	} else if err := os.WriteFile(p.passphraseFile(), []byte(passphrase+"\n"), 0o600); err != nil {
		return nil, err
	}
	if p.Port == 0 {
		p.Port = p.Server.Port
	}
	for _, name := range p.Users {
		args := append([]string{"account", "add"}, p.Args()...)
		args = append(args, "--server", net.JoinHostPort(p.Server.Host, strconv.Itoa(int(p.Port))), name+"@"+p.Server.Domain)
		cmd := exec.CommandContext(ctx, p.Binary, args...)
		cmd.Stdin = strings.NewReader(p.Server.Password(name) + "\n")
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("adding %s: %w: %s", name, err, out)
		}
	}
	return p, nil
}

func (p *Profile) passphraseFile() string { return filepath.Join(p.Dir, "passphrase") }

// Args are those every start of the program on this profile gets.
func (p *Profile) Args() []string {
	args := []string{"--profile", p.Dir}
	if p.Bus == "" {
		args = append(args, "--passphrase-file", p.passphraseFile())
	}
	return args
}

// Env makes the program trust the server of the profile, and no other.
func (p *Profile) Env() []string {
	return []string{"SSL_CERT_FILE=" + p.Server.CAFile, "SSL_CERT_DIR=" + filepath.Join(p.Dir, "none")}
}

// ArchiveFile is where the program keeps what it knows.
func (p *Profile) ArchiveFile() string { return filepath.Join(p.Dir, archiveFile) }

// Update changes the archive, while the program does not run. The function
// gets the accounts by their addresses.
func (p *Profile) Update(fn func(tx *storage.Tx, accounts map[string]storage.AccountID) error) error {
	secrets, err := p.secrets()
	if err != nil {
		return err
	}
	key, err := storage.ArchiveKey(secrets)
	if err != nil {
		return err
	}
	store, err := storage.Open(p.ArchiveFile(), key, storage.Options{})
	if err != nil {
		return err
	}
	p.store = store
	defer func() { p.store = nil }()
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

// KeepFile keeps a file of a conversation, as storage.Store does. It is for the
// function Update runs.
func (p *Profile) KeepFile(chat storage.ChatID, data []byte) (name string, err error) {
	return p.store.KeepFile(chat, data)
}

func (p *Profile) secrets() (storage.Secrets, error) {
	if p.Bus != "" {
		return storage.Keyring(context.Background(), p.Dir)
	}
	return storage.OpenSealed(filepath.Join(p.Dir, sealedFile), []byte(passphrase))
}

// Keep remembers the archive as it is now, while the program does not run.
func (p *Profile) Keep() error { return p.copyArchive(archiveFile, keptFile) }

// Restore brings the archive back to what it was at Keep.
func (p *Profile) Restore() error { return p.copyArchive(keptFile, archiveFile) }

func (p *Profile) copyArchive(from, to string) error {
	data, err := os.ReadFile(filepath.Join(p.Dir, from))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(p.Dir, to), data, 0o600)
}
