package storage

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"
)

// Files of conversations are too large for the archive. They lie beside it,
// each sealed with a key of its own, in pieces, so that any part can be read
// without the rest:
//
//	files/CHAT/NAME = version(1) salt(32) piece...
//
// A piece has filePiece bytes, the last one fewer or as many; its number and
// whether it is the last are in its nonce, and the name of the file is
// authenticated with it: pieces cannot be changed, moved, or left off.
const (
	filesDir    = "files"
	fileVersion = 1
	fileSalt    = 32
	fileHead    = 1 + fileSalt
	filePiece   = 64 << 10
	fileSealed  = filePiece + chacha20poly1305.Overhead
	// unfinished is the ending of a file that is still being written.
	unfinished = ".part"
)

// FilesDir is where the files of the archive at path lie.
func FilesDir(path string) string { return filepath.Join(filepath.Dir(path), filesDir) }

func (s *Store) filesDir() string { return FilesDir(s.path) }

func (s *Store) chatDir(chat ChatID) string {
	return filepath.Join(s.filesDir(), strconv.FormatUint(uint64(chat), 10))
}

// fileKey gives what seals the file of a salt.
func (s *sealer) fileKey(salt []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, s.files, salt, labelFile, KeySize)
	if err != nil {
		return nil, err
	}
	return chacha20poly1305.NewX(key)
}

func fileNonce(piece int64, last bool) []byte {
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	binary.BigEndian.PutUint64(nonce, uint64(piece))
	if last {
		nonce[8] = 1
	}
	return nonce
}

// FileWriter writes a sealed file. It is for one goroutine; Finish or Discard
// ends it.
type FileWriter struct {
	f     *os.File
	seal  cipher.AEAD
	name  string // as Finish gives it
	piece int64
	buf   []byte // what is not sealed yet, at most filePiece
	size  int64
}

// NewFile begins a file of a conversation.
func (s *Store) NewFile(chat ChatID) (*FileWriter, error) {
	dir := s.chatDir(chat)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, diskFull(err)
	}
	name := filepath.Base(dir) + "/" + rand.Text()
	head := make([]byte, fileHead)
	head[0] = fileVersion
	if _, err := io.ReadFull(s.seal.random, head[1:]); err != nil {
		return nil, fmt.Errorf("storage: no random numbers: %w", err)
	}
	seal, err := s.seal.fileKey(head[1:])
	if err != nil {
		return nil, err
	}
	path := filepath.Join(s.filesDir(), filepath.FromSlash(name)) + unfinished
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, diskFull(err)
	}
	w := &FileWriter{f: f, seal: seal, name: name, buf: make([]byte, 0, filePiece)}
	if _, err := f.Write(head); err != nil {
		w.Discard()
		return nil, diskFull(err)
	}
	return w, nil
}

// KeepFile seals data that is in memory as a file of a conversation, and gives
// what it is called, as FileWriter.Finish does. It may be called inside Update.
func (s *Store) KeepFile(chat ChatID, data []byte) (name string, err error) {
	w, err := s.NewFile(chat)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(data); err != nil {
		w.Discard()
		return "", err
	}
	return w.Finish()
}

// Write implements io.Writer. Its error may be ErrDiskFull.
func (w *FileWriter) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		if len(w.buf) == filePiece {
			if err := w.flush(false); err != nil {
				return written, err
			}
		}
		n := copy(w.buf[len(w.buf):filePiece], p)
		w.buf, p = w.buf[:len(w.buf)+n], p[n:]
		written += n
		w.size += int64(n)
	}
	return written, nil
}

// Size is how much was written.
func (w *FileWriter) Size() int64 { return w.size }

func (w *FileWriter) flush(last bool) error {
	sealed := w.seal.Seal(nil, fileNonce(w.piece, last), w.buf, []byte(w.name))
	w.piece++
	w.buf = w.buf[:0]
	_, err := w.f.Write(sealed)
	return diskFull(err)
}

// Finish has the file on the disk when it returns, and gives the name for
// OpenFile.
func (w *FileWriter) Finish() (name string, err error) {
	if err := w.flush(true); err != nil {
		w.Discard()
		return "", err
	}
	if err := w.f.Sync(); err != nil {
		w.Discard()
		return "", diskFull(err)
	}
	path := w.f.Name()
	if err := w.f.Close(); err != nil {
		return "", errors.Join(diskFull(err), os.Remove(path))
	}
	if err := os.Rename(path, strings.TrimSuffix(path, unfinished)); err != nil {
		return "", errors.Join(diskFull(err), os.Remove(path))
	}
	return w.name, syncDir(filepath.Dir(path))
}

// Discard takes back what was written.
func (w *FileWriter) Discard() {
	w.f.Close()
	os.Remove(w.f.Name()) // what is left is swept away at the next start
}

// SealedFile is a file that is open. ReadAt is for several goroutines, the
// rest for one.
type SealedFile struct {
	*io.SectionReader
	f *os.File
}

// Close ends the reading.
func (f *SealedFile) Close() error { return f.f.Close() }

// OpenFile opens a file by the name Finish gave. Errors: fs.ErrNotExist, and
// *DamagedError for one that was cut or is not ours; what else was changed in
// it shows when it is read.
func (s *Store) OpenFile(name string) (*SealedFile, error) {
	path, err := s.filePath(name)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	p, err := s.openPieces(f, name)
	if err != nil {
		f.Close()
		return nil, &DamagedError{Path: path, Err: err}
	}
	return &SealedFile{SectionReader: io.NewSectionReader(p, 0, p.size), f: f}, nil
}

// filePath gives the place of a file, for a name that is one.
func (s *Store) filePath(name string) (string, error) {
	chat, file, ok := strings.Cut(name, "/")
	if _, err := strconv.ParseUint(chat, 10, 32); !ok || err != nil || file == "" || strings.ContainsAny(file, `/\.:`) {
		return "", fmt.Errorf("storage: %w", fs.ErrNotExist)
	}
	return filepath.Join(s.filesDir(), chat, file), nil
}

// RemoveFile removes a file no message has: those of messages go with them. One that is gone already is no error.
func (s *Store) RemoveFile(name string) error {
	path, err := s.filePath(name)
	if err != nil {
		return nil
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// dropFiles has the files of a message removed that it no longer has.
func (t *Tx) dropFiles(had, has []File) {
	for i := range had {
		path := had[i].Path
		if path != "" && !filepath.IsAbs(path) && !slices.ContainsFunc(has, func(f File) bool { return f.Path == path }) {
			t.dropped = append(t.dropped, path)
		}
	}
}

// removeDropped removes what a transaction has let go of.
func (s *Store) removeDropped(t *Tx) {
	var err error
	for _, name := range t.dropped {
		err = errors.Join(err, s.RemoveFile(name))
	}
	for _, chat := range t.chats {
		err = errors.Join(err, os.RemoveAll(s.chatDir(chat)))
	}
	if err != nil { // those of a conversation are looked for again at the next start
		s.log.Warn("archive: could not remove files", "err", err)
	}
}

// SweepFiles removes what a crash has left: files that were not finished, and
// those of conversations that are gone. It is for the start, before anything
// is written.
func (s *Store) SweepFiles() error {
	dirs, err := os.ReadDir(s.filesDir())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	for _, d := range dirs {
		id, err := strconv.ParseUint(d.Name(), 10, 32)
		if err != nil {
			continue // not ours
		}
		err = s.View(func(tx *Tx) error {
			_, err := tx.Chat(ChatID(id))
			return err
		})
		if errors.Is(err, ErrNotFound) {
			err = os.RemoveAll(s.chatDir(ChatID(id)))
		} else if err == nil {
			err = sweep(filepath.Join(s.filesDir(), d.Name()))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sweep removes the unfinished files of a directory.
func sweep(dir string) error {
	left, err := filepath.Glob(filepath.Join(dir, "*"+unfinished))
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// pieces reads a sealed file at any place.
type pieces struct {
	f    *os.File
	seal cipher.AEAD
	name []byte
	size int64 // of what is in it
	last int64 // the number of the last piece

	mu   sync.Mutex
	have int64  // the piece in text, -1 for none
	text []byte // of the piece that was read last
	raw  []byte
}

func (s *Store) openPieces(f *os.File, name string) (*pieces, error) {
	head := make([]byte, fileHead)
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, err
	}
	if head[0] != fileVersion {
		return nil, fmt.Errorf("version %d", head[0])
	}
	seal, err := s.seal.fileKey(head[1:])
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	body := info.Size() - fileHead
	n := (body + fileSealed - 1) / fileSealed
	if body < chacha20poly1305.Overhead {
		return nil, io.ErrUnexpectedEOF
	}
	p := &pieces{
		f: f, seal: seal, name: []byte(name), have: -1,
		last: n - 1, size: body - n*chacha20poly1305.Overhead, raw: make([]byte, fileSealed),
	}
	return p, p.load(p.last) // that it is the last says that nothing is missing
}

// load opens a piece; p.mu is held, or nobody else has p.
func (p *pieces) load(i int64) error {
	if p.have == i {
		return nil
	}
	n, err := p.f.ReadAt(p.raw, fileHead+i*fileSealed)
	if err != nil && err != io.EOF {
		return err
	}
	p.have = -1
	p.text, err = p.seal.Open(p.text[:0], fileNonce(i, i == p.last), p.raw[:n], p.name)
	if err != nil {
		return errSeal
	}
	p.have = i
	return nil
}

// ReadAt implements io.ReaderAt.
func (p *pieces) ReadAt(b []byte, off int64) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for n < len(b) && off < p.size {
		if err := p.load(off / filePiece); err != nil {
			return n, err
		}
		at := off % filePiece
		if at >= int64(len(p.text)) {
			return n, errSeal
		}
		c := copy(b[n:], p.text[at:])
		n, off = n+c, off+int64(c)
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}
