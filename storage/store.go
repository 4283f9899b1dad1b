package storage

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// lockTime is how long Open waits for another process to let go of the file: a
// program that is just ending gets the time to, and nobody looks at nothing.
const lockTime = 300 * time.Millisecond

// Options are what the package takes from its surroundings. A nil field means
// the real one.
type Options struct {
	Now  func() time.Time // stamps the names of files put aside
	Rand io.Reader        // nonces; must be good random numbers, and safe for several goroutines
	Log  *slog.Logger     // never given bodies, names or keys
}

// Store is an open archive. Its methods may be called from any goroutine.
type Store struct {
	path string
	now  func() time.Time
	log  *slog.Logger
	seal *sealer
	db   *bbolt.DB
	file *os.File // the file under db

	// write lets one Update at a time reach db, so that none waits inside db
	// for one that ended in a panic there.
	write sync.Mutex

	mu     sync.Mutex
	broken error // set once db cannot be used any more: what every call returns
	stuck  bool  // db may hold its own locks for ever
}

// Open opens the archive at path with a key of KeySize bytes, and makes it when
// there is no file. The directory must be there. It does not read the history.
//
// Errors: ErrLocked when another process has it, ErrWrongKey, *NewerError, and
// ErrDiskFull leave the file alone. *DamagedError says that the file is damaged
// or not ours and was renamed to MovedTo; calling Open again then makes a new
// archive.
func Open(path string, key []byte, o Options) (*Store, error) {
	return openSchema(path, key, o, currentSchema)
}

func openSchema(path string, key []byte, o Options, want schema) (*Store, error) {
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	seal, err := newSealer(key, o.Rand)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, now: o.Now, log: o.Log, seal: seal}
	err = guard(s.openFile)
	if err == nil {
		if err = s.prepare(want); err == nil {
			return s, nil
		}
		if cerr := s.Close(); cerr != nil {
			s.log.Warn("archive: closing after a failed start", "err", cerr)
		}
	} else if s.file != nil {
		s.file.Close() // closed already unless bbolt panicked
	}
	var damaged *DamagedError
	switch {
	case isFault(err):
		err = s.putAside(err)
	case errors.As(err, &damaged) && damaged.MovedTo == "":
		err = s.putAside(damaged.Err)
	}
	return nil, err
}

// openFile opens the file under the store. What bbolt would trust blindly is
// looked at first, with the file opened for reading and thereby locked.
func (s *Store) openFile() error {
	if info, err := os.Stat(s.path); err == nil && info.Size() > 0 {
		db, err := s.bolt(true)
		if err != nil {
			return err
		}
		err = errors.Join(checkPages(s.file, db.Info().PageSize), db.Close())
		if err != nil {
			return s.openError(err)
		}
	}
	db, err := s.bolt(false)
	s.db = db
	return err
}

func (s *Store) bolt(readOnly bool) (*bbolt.DB, error) {
	db, err := bbolt.Open(s.path, 0o600, &bbolt.Options{
		ReadOnly:     readOnly,
		Timeout:      lockTime,
		FreelistType: bbolt.FreelistMapType, // stays fast after a large conversation was removed
		NoStatistics: true,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			f, err := os.OpenFile(name, flag, mode)
			s.file = f
			return f, err
		},
	})
	return db, s.openError(err)
}

// openError tells apart why a file did not open.
func (s *Store) openError(err error) error {
	var osError syscall.Errno
	var pathError *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, berrors.ErrTimeout):
		return ErrLocked
	case errors.As(err, &osError), errors.As(err, &pathError):
		return fmt.Errorf("storage: opening the archive: %w", diskFull(err))
	}
	return &DamagedError{Path: s.path, Err: err}
}

// Close waits for the transactions that run and lets go of the file.
func (s *Store) Close() error {
	s.write.Lock()
	defer s.write.Unlock()
	s.mu.Lock()
	stuck, closed := s.stuck, errors.Is(s.broken, ErrClosed)
	s.broken = ErrClosed
	s.mu.Unlock()
	switch {
	case closed:
		return nil
	case stuck:
		return s.file.Close()
	}
	return guard(s.db.Close)
}

// Update runs fn in a transaction that may change everything; one runs at a
// time. When fn returns nil the changes are on the disk before Update returns;
// when fn or the disk fails nothing of them is. fn must not call Update, View
// or Close. An error of fn is returned as it is; others are ErrDiskFull,
// ErrClosed, and *DamagedError when the file cannot be changed any more: it is
// then renamed, every later call fails alike, and Open makes a new one.
func (s *Store) Update(fn func(*Tx) error) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.run(true, fn)
}

// View runs fn in a transaction that sees the archive as it is now; any number
// run at a time, beside an Update. fn must not take long, because the file
// grows meanwhile, and must not call Update or Close. A *DamagedError says that
// a part of the file cannot be read; the rest can.
func (s *Store) View(fn func(*Tx) error) error { return s.run(false, fn) }

func (s *Store) run(writable bool, fn func(*Tx) error) error {
	s.mu.Lock()
	err := s.broken
	s.mu.Unlock()
	if err != nil {
		return err
	}
	var tx *bbolt.Tx
	err = guard(func() (err error) {
		tx, err = s.db.Begin(writable)
		return err
	})
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return ErrClosed
	} else if err != nil {
		return s.failed(diskFull(err), true, true)
	}
	defer func() { // also when fn panics
		if err := guard(tx.Rollback); isFault(err) {
			_ = s.failed(err, true, true)
		}
	}()
	t := &Tx{tx: tx, store: s}
	err = guard(func() error { return fn(t) })
	if err == nil && writable {
		if err = diskFull(guard(tx.Commit)); err == nil {
			s.removeDropped(t)
		}
	}
	return s.failed(err, writable, false)
}

// failed turns the outcome of a transaction into what the caller gets. A panic
// inside bbolt while writing ends the use of the file.
func (s *Store) failed(err error, writable, stuck bool) error {
	if !isFault(err) {
		return err
	}
	if !writable {
		return &DamagedError{Path: s.path, Err: err}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stuck = s.stuck || stuck
	if s.broken == nil {
		s.broken = s.putAside(err)
	}
	return s.broken
}

// putAside renames the file and returns the error that says so.
func (s *Store) putAside(cause error) error {
	to := unused(s.path + ".damaged-" + s.stamp())
	if err := os.Rename(s.path, to); err != nil {
		return &DamagedError{Path: s.path, Err: errors.Join(cause, err)}
	}
	if err := syncDir(filepath.Dir(s.path)); err != nil {
		s.log.Warn("archive: syncing the directory", "err", err)
	}
	s.log.Error("archive: damaged file put aside", "file", to, "err", cause)
	return &DamagedError{Path: s.path, MovedTo: to, Err: cause}
}

func (s *Store) stamp() string { return s.now().UTC().Format("20060102T150405Z") }

// syncDir makes a renaming in a directory last.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // directories cannot be synced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
