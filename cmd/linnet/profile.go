package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	"linnet/account"
	"linnet/app"
	"linnet/storage"
)

// The files of a profile.
const (
	archiveFile = "linnet.db"
	sealedFile  = "secrets.age"
	// forgetFile is an empty file that says: the user chose to keep nothing.
	// Without it, an archive with no sealed file belongs to a keyring.
	forgetFile = "ask-at-every-start"
	// windowFile holds the look of the window, which has to be known before
	// the archive is open.
	windowFile = "window"
)

// profile is the directory that holds everything of one user. It implements
// app.Profile.
type profile struct {
	dir        string
	passphrase []byte // from --passphrase-file; nil means none was given
	log        *slog.Logger

	secrets storage.Secrets // the keyring, once Secrets found one that answers
	store   *storage.Store
	stop    context.CancelFunc
	done    chan struct{}
}

var _ app.Profile = (*profile)(nil)

// openProfile makes the directory when it is missing. Nobody but the user may
// read it.
func openProfile(o options, log *slog.Logger) (*profile, error) {
	dir, err := filepath.Abs(o.profile)
	if err != nil {
		return nil, fmt.Errorf("the profile %s cannot be used: %w", o.profile, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the profile cannot be made: %w", err)
	}
	p := &profile{dir: dir, log: log}
	if o.passphraseFile != "" {
		text, err := os.ReadFile(o.passphraseFile)
		if err != nil {
			return nil, fmt.Errorf("the passphrase file cannot be read: %w", err)
		}
		// Editors end a file with a line break that is no part of the passphrase.
		p.passphrase = bytes.TrimRight(text, "\r\n")
		if len(p.passphrase) == 0 {
			return nil, errors.New("the passphrase file is empty")
		}
	}
	return p, nil
}

// defaultProfile is the platform's place for the data of an application.
func defaultProfile() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no home directory, give --profile DIR: %w", err)
	}
	switch runtime.GOOS {
	case "windows":
		if dir := os.Getenv("LOCALAPPDATA"); dir != "" {
			return filepath.Join(dir, "Linnet"), nil
		}
		return filepath.Join(home, "AppData", "Local", "Linnet"), nil
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "Linnet"), nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "linnet"), nil
	}
	return filepath.Join(home, ".local", "share", "linnet"), nil
}

func (p *profile) path(name string) string { return filepath.Join(p.dir, name) }

func (p *profile) has(name string) bool {
	_, err := os.Stat(p.path(name))
	return !errors.Is(err, fs.ErrNotExist)
}

// Secrets implements app.Profile.
func (p *profile) Secrets(ctx context.Context) app.SecretsState {
	switch {
	case p.passphrase != nil:
		return app.SecretsReady
	case storage.SealedExists(p.path(sealedFile)):
		return app.SecretsLocked
	case p.has(forgetFile):
		return app.SecretsReady
	}
	keyring, err := storage.Keyring(ctx, p.dir)
	if err == nil {
		p.secrets = keyring
		return app.SecretsReady
	}
	p.log.Warn("no keyring", "error", err)
	if p.has(archiveFile) {
		return app.SecretsNoKeyring
	}
	return app.SecretsChoice
}

// Unlock implements app.Profile.
func (p *profile) Unlock(ctx context.Context, way app.SecretsWay, passphrase []byte) (app.Backend, error) {
	secrets, err := p.open(ctx, way, passphrase)
	if err != nil {
		return nil, err
	}
	resource, err := p.resource()
	if err != nil {
		return nil, err
	}
	m := account.NewManager(account.Config{
		Store:    p.store,
		Secrets:  secrets,
		Log:      p.log,
		Version:  version,
		Resource: resource,
	})
	run, stop := context.WithCancel(context.Background())
	p.stop, p.done = stop, make(chan struct{})
	go func() {
		defer close(p.done)
		if err := m.Run(run); err != nil && !errors.Is(err, context.Canceled) {
			p.log.Error("accounts stopped", "error", err)
		}
	}()
	return m, nil
}

// Window implements app.Profile.
func (p *profile) Window() (look app.WindowLook, ok bool) {
	text, err := os.ReadFile(p.path(windowFile))
	if err != nil {
		return look, false
	}
	var w, h uint16 // no screen is larger
	if _, err := fmt.Sscanf(string(text), windowFormat, &w, &h, &look.Theme); err != nil {
		return app.WindowLook{}, false
	}
	look.Width, look.Height = float32(w), float32(h)
	return look, true
}

// KeepWindow implements app.Profile. A file that was not written to its end
// reads as none.
func (p *profile) KeepWindow(look app.WindowLook) error {
	text := fmt.Sprintf(windowFormat, uint16(look.Width), uint16(look.Height), look.Theme)
	if err := os.WriteFile(p.path(windowFile), []byte(text), 0o600); err != nil {
		return fmt.Errorf("keep the look of the window: %w", err)
	}
	return nil
}

// windowFormat is width and height in dp, and the colours.
const windowFormat = "%d %d %q\n"

// open opens the secrets and with the key in them the archive.
func (p *profile) open(ctx context.Context, way app.SecretsWay, passphrase []byte) (storage.Secrets, error) {
	secrets, err := p.openSecrets(ctx, way, passphrase)
	if err != nil {
		return nil, err
	}
	key, err := storage.ArchiveKey(secrets)
	if err != nil {
		return nil, fmt.Errorf("archive key: %w", err)
	}
	p.store, err = storage.Open(p.path(archiveFile), key, storage.Options{Log: p.log})
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	return secrets, nil
}

func (p *profile) openSecrets(ctx context.Context, way app.SecretsWay, passphrase []byte) (storage.Secrets, error) {
	switch {
	case p.passphrase != nil:
		// A sealed file made beside an archive of another key would open
		// nothing, and hide from the next start where the right key is.
		if !storage.SealedExists(p.path(sealedFile)) && p.has(archiveFile) {
			return nil, errors.New("the secrets of this profile are not in a sealed file; start without --passphrase-file")
		}
		return storage.OpenSealed(p.path(sealedFile), p.passphrase)
	case way == app.WaySealed:
		return storage.OpenSealed(p.path(sealedFile), passphrase)
	case way == app.WayForgetful || p.has(forgetFile):
		return p.forgetful()
	case p.secrets == nil:
		keyring, err := storage.Keyring(ctx, p.dir)
		if err != nil {
			return nil, err
		}
		p.secrets = keyring
	}
	return p.secrets, nil
}

// forgetful remembers only the choice. The archive of the last run and its files
// are sealed with a key that is gone, so they are removed rather than left for
// nobody to ever read.
func (p *profile) forgetful() (storage.Secrets, error) {
	if p.has(forgetFile) {
		if err := os.Remove(p.path(archiveFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("remove the archive of the last run: %w", err)
		}
		if err := os.RemoveAll(storage.FilesDir(p.path(archiveFile))); err != nil {
			return nil, fmt.Errorf("remove the files of the last run: %w", err)
		}
	} else if err := os.WriteFile(p.path(forgetFile), nil, 0o600); err != nil {
		return nil, fmt.Errorf("keep the choice: %w", err)
	}
	return storage.Forgetful(), nil
}

// settingResource holds the random tail that tells this profile from others
// of the same user at the server.
const settingResource = "resource"

// resource returns "linnet." with the tail of this profile, made on first use.
func (p *profile) resource() (string, error) {
	var tail string
	err := p.store.Update(func(tx *storage.Tx) error {
		kept, ok, err := tx.Setting(settingResource)
		if ok || err != nil {
			tail = string(kept)
			return err
		}
		random := make([]byte, 4)
		rand.Read(random)
		tail = hex.EncodeToString(random)
		return tx.PutSetting(settingResource, []byte(tail))
	})
	if err != nil {
		return "", fmt.Errorf("resource: %w", err)
	}
	return "linnet." + tail, nil
}

// close takes the accounts offline and closes the archive.
func (p *profile) close() {
	if p.stop != nil {
		p.stop()
		<-p.done
	}
	if p.store != nil {
		if err := p.store.Close(); err != nil {
			p.log.Error("close archive", "error", err)
		}
	}
}
