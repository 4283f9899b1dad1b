package storage

import (
	"bytes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeySize is the length in bytes of the key Open takes.
const KeySize = 32

// nameSize is the length of a sealed name. 16 bytes make a chance collision of
// two names in one bucket out of the question and keep the indexes small.
const nameSize = 16

// Labels of the keys derived from the archive key. A new use gets a new label;
// a label never changes, because the files made with it stay.
const (
	labelValues = "linnet archive values 1"
	labelNames  = "linnet archive names 1"
	labelCheck  = "linnet archive check 1"
	labelFiles  = "linnet archive files 1"
	labelFile   = "linnet archive file 1" // of one, with its salt
)

// errSeal says that a value was changed, cut or moved since it was sealed.
var errSeal = errors.New("a sealed value does not open")

// sealer turns values and names into what may stand on the disk. It is safe
// for use by several goroutines when random is.
type sealer struct {
	values cipher.AEAD
	names  []byte
	files  []byte // what the keys of files come from
	tag    []byte // tells this key from another, and tells nothing about it
	random io.Reader
}

func newSealer(key []byte, random io.Reader) (*sealer, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("storage: a key has %d bytes, not %d", KeySize, len(key))
	}
	derive := func(label string) ([]byte, error) {
		return hkdf.Key(sha256.New, key, nil, label, KeySize)
	}
	values, err := derive(labelValues)
	if err != nil {
		return nil, err
	}
	names, err := derive(labelNames)
	if err != nil {
		return nil, err
	}
	files, err := derive(labelFiles)
	if err != nil {
		return nil, err
	}
	tag, err := derive(labelCheck)
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(values)
	if err != nil {
		return nil, err
	}
	return &sealer{values: aead, names: names, files: files, tag: tag, random: random}, nil
}

// seal returns nonce and ciphertext of plain for one place in the file. The
// place is authenticated with the value, so that a value copied to another
// place does not open there.
func (s *sealer) seal(b bucket, key, plain []byte) ([]byte, error) {
	out := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	if _, err := io.ReadFull(s.random, out); err != nil {
		return nil, fmt.Errorf("storage: no random numbers: %w", err)
	}
	return s.values.Seal(out, out, plain, place(b, key)), nil
}

// open is the inverse of seal. The result does not alias sealed.
func (s *sealer) open(b bucket, key, sealed []byte) ([]byte, error) {
	if len(sealed) < chacha20poly1305.NonceSizeX+chacha20poly1305.Overhead {
		return nil, errSeal
	}
	nonce, text := sealed[:chacha20poly1305.NonceSizeX], sealed[chacha20poly1305.NonceSizeX:]
	plain, err := s.values.Open(nil, nonce, text, place(b, key))
	if err != nil {
		return nil, errSeal
	}
	return plain, nil
}

func place(b bucket, key []byte) []byte {
	return append(append(make([]byte, 0, 1+len(key)), byte(b)), key...)
}

// newNamer returns the hash that name uses. Its key schedule costs as much as
// a name, so a transaction makes one and uses it again.
func (s *sealer) newNamer() hash.Hash { return hmac.New(sha256.New, s.names) }

// name appends to prefix the sealed form of a name. Bucket and prefix go into
// it, so that the same name in two places does not look the same.
func name(h hash.Hash, b bucket, prefix []byte, name string) []byte {
	h.Reset()
	h.Write(place(b, prefix))
	io.WriteString(h, name)
	return h.Sum(bytes.Clone(prefix))[:len(prefix)+nameSize]
}

// keyCheck is the value in the file that tells a wrong key from damage: the
// tag of the key, and a checksum over the tag that needs no key.
func (s *sealer) keyCheck() []byte {
	sum := sha256.Sum256(s.tag)
	return append(bytes.Clone(s.tag), sum[:]...)
}

// verify compares the key with the check value of a file.
func (s *sealer) verify(check []byte) error {
	if len(check) != 2*sha256.Size {
		return errors.New("the key check has the wrong size")
	}
	sum := sha256.Sum256(check[:sha256.Size])
	if !bytes.Equal(sum[:], check[sha256.Size:]) {
		return errors.New("the key check has the wrong sum")
	}
	if !hmac.Equal(s.tag, check[:sha256.Size]) {
		return ErrWrongKey
	}
	return nil
}
