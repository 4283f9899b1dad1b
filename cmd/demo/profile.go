//go:build unix

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"linnet/storage"
)

// The files the program keeps in a profile.
const (
	archiveFile = "linnet.db"
	sealedFile  = "secrets.age"
)

// passphrase opens the sealed secrets of the profile.
const passphrase = "throw-away"

// makeProfile signs the accounts in as an administrator would, and gives them a past.
func (s *stage) makeProfile(ctx context.Context) error {
	mkdir(s.dir, "profile")
	if err := os.WriteFile(filepath.Join(s.dir, "passphrase"), []byte(passphrase+"\n"), 0o600); err != nil {
		return err
	}
	for _, name := range ours {
		args := append([]string{"account", "add"}, s.arguments()...)
		args = append(args, "--server", net.JoinHostPort(s.server.Host, strconv.Itoa(int(s.server.Port))), name+"@"+domain)
		cmd := exec.CommandContext(ctx, s.binary, args...)
		cmd.Stdin = strings.NewReader(password + "\n")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("adding %s: %w: %s", name, err, out)
		}
	}
	return s.writeHistory()
}

func (s *stage) writeHistory() error {
	secrets, err := storage.OpenSealed(filepath.Join(s.dir, "profile", sealedFile), []byte(passphrase))
	if err != nil {
		return err
	}
	key, err := storage.ArchiveKey(secrets)
	if err != nil {
		return err
	}
	store, err := storage.Open(filepath.Join(s.dir, "profile", archiveFile), key, storage.Options{})
	if err != nil {
		return err
	}
	err = store.Update(func(tx *storage.Tx) error { return writePast(tx, lastDay(time.Now())) })
	if closeErr := store.Close(); err == nil {
		err = closeErr
	}
	return err
}

func writePast(tx *storage.Tx, last time.Time) error {
	accounts, err := tx.Accounts()
	if err != nil {
		return err
	}
	ids := make(map[string]storage.AccountID)
	for _, a := range accounts {
		ids[a.Address] = a.ID
	}
	for _, h := range history {
		own := owner(h.with) + "@" + domain
		chat := storage.Chat{Account: ids[own], JID: h.with + "@" + domain}
		if err := tx.PutChat(&chat); err != nil {
			return err
		}
		var readUpTo storage.Pos
		for i, l := range h.lines {
			m, err := l.message(chat.ID, chat.JID+"/stage", own, last)
			if err != nil {
				return err
			}
			if err := tx.AddMessage(&m); err != nil {
				return err
			}
			if i < len(h.lines)-h.unread {
				readUpTo = m.Pos
			}
		}
		// The messages changed the row since it was written.
		if chat, err = tx.Chat(chat.ID); err != nil {
			return err
		}
		chat.ReadUpTo, chat.Unread = readUpTo, h.unread
		if err := tx.PutChat(&chat); err != nil {
			return err
		}
	}
	return nil
}

// owner is which of our accounts has a contact.
func owner(name string) string {
	for _, p := range people {
		if p.name == name {
			return p.owner
		}
	}
	return ""
}
