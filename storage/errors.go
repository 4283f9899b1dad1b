package storage

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"syscall"
)

var (
	// ErrLocked says that another process, or another Store, has the file open.
	ErrLocked = errors.New("storage: the archive is in use by another program")
	// ErrWrongKey says that the archive is sound but sealed with another key.
	ErrWrongKey = errors.New("storage: the key does not open this archive")
	// ErrDiskFull says that there was no room for a change. The change was not
	// made, nothing stored before is lost, and the same call works again once
	// there is room.
	ErrDiskFull = errors.New("storage: the disk is full")
	// ErrNotFound says that the account, conversation or message named by a
	// call is not there (any more).
	ErrNotFound = errors.New("storage: not found")
	// ErrExists says that the account already has another conversation with
	// the JID.
	ErrExists = errors.New("storage: the conversation exists already")
	// ErrClosed says that the Store was closed.
	ErrClosed = errors.New("storage: the archive is closed")
)

// DamagedError says that a file cannot be read: it was cut, overwritten, or is
// not one of ours. Nothing of it was changed.
type DamagedError struct {
	Path    string // where the file was
	MovedTo string // where it is now; empty means it was left at Path
	Err     error  // what did not fit
}

func (e *DamagedError) Error() string {
	if e.MovedTo == "" {
		return fmt.Sprintf("storage: %s is damaged: %v", e.Path, e.Err)
	}
	return fmt.Sprintf("storage: %s is damaged and was kept as %s: %v", e.Path, e.MovedTo, e.Err)
}

func (e *DamagedError) Unwrap() error { return e.Err }

// NewerError says that a later version of the program wrote the archive. The
// file is left as it is.
type NewerError struct {
	Path      string
	Version   uint64 // schema version of the file
	Supported uint64 // newest schema version this program knows
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("storage: %s has version %d, this program knows versions up to %d", e.Path, e.Version, e.Supported)
}

// Error numbers of Windows for a full disk; the portable names do not cover them.
const (
	windowsHandleDiskFull = syscall.Errno(39)
	windowsDiskFull       = syscall.Errno(112)
)

// diskFull wraps err in ErrDiskFull when the cause is a lack of room: a full
// disk, a quota, or a limit on the size of a file. bbolt keeps only the words
// of some causes, so where there is no number the words are compared.
func diskFull(err error) error {
	if err == nil || errors.Is(err, ErrDiskFull) {
		return err
	}
	full := []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
	if runtime.GOOS == "windows" {
		full = append(full, windowsDiskFull, windowsHandleDiskFull)
	}
	for _, no := range full {
		if errors.Is(err, no) || strings.HasSuffix(err.Error(), ": "+no.Error()) {
			return fmt.Errorf("%w: %w", ErrDiskFull, err)
		}
	}
	return err
}
