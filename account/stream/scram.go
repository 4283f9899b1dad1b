package stream

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strconv"
	"strings"
)

const (
	// minIterations is the least RFC 5802 and RFC 7677 allow. Fewer would let
	// whoever poses as the server guess passwords faster.
	minIterations = 4096
	// maxIterations takes about half a second; servers use 4096 to 600,000.
	maxIterations = 1_000_000
	// maxChallenge bounds a SCRAM message, which holds two nonces and a salt.
	maxChallenge = 4 << 10
	// nonceSize is in bytes of entropy.
	nonceSize = 24
)

// scramState is what a scram waits for.
type scramState uint8

const (
	wantServerFirst scramState = iota
	wantServerFinal
	serverProved
	scramFailed
)

// scram is RFC 5802 with any hash.
type scram struct {
	hash     func() hash.Hash
	user     string
	password string
	nonce    string
	flag     string // gs2-cbind-flag: n, y or p=type
	binding  []byte // the data of that type

	protection protection

	state     scramState
	signature []byte // the server has to send
}

func newSCRAM(h func() hash.Hash, user, password string) *scram {
	nonce := make([]byte, nonceSize)
	rand.Read(nonce) // never fails
	return &scram{
		hash: h, user: saslprep(user), password: saslprep(password),
		nonce: base64.StdEncoding.EncodeToString(nonce), flag: "n",
	}
}

func (s *scram) gs2Header() string { return s.flag + ",," }

func (s *scram) firstBare() string {
	return "n=" + strings.NewReplacer("=", "=3D", ",", "=2C").Replace(s.user) + ",r=" + s.nonce
}

func (s *scram) start() ([]byte, error) {
	return []byte(s.gs2Header() + s.firstBare()), nil
}

func (s *scram) next(ctx context.Context, challenge []byte) ([]byte, error) {
	switch s.state {
	case wantServerFirst:
		return s.final(ctx, challenge)
	case wantServerFinal:
		return nil, s.verify(challenge)
	}
	s.state = scramFailed
	return nil, errors.New("SCRAM message out of turn")
}

func (s *scram) done(data []byte) error {
	if s.state == wantServerFinal && data != nil {
		return s.verify(data)
	}
	if s.state != serverProved {
		return untrusted("the server did not prove that it knows the password")
	}
	return nil
}

var errTooLongSCRAM = errors.New("SCRAM message is too long")

// serverFirst is the server's first message.
type serverFirst struct {
	nonce      string
	salt       []byte
	iterations int
	extensions []string
}

func (s *scram) parseFirst(msg string) (serverFirst, error) {
	var f serverFirst
	if len(msg) > maxChallenge {
		return f, errTooLongSCRAM
	}
	// Extensions may follow; one in front ("m=") would be mandatory.
	parts := strings.Split(msg, ",")
	if len(parts) < 3 {
		return f, errors.New("SCRAM message lacks attributes")
	}
	var values [3]string
	for i, name := range []string{"r=", "s=", "i="} {
		value, ok := strings.CutPrefix(parts[i], name)
		if !ok {
			return f, fmt.Errorf("SCRAM message without %s", name)
		}
		values[i] = value
	}
	f.nonce = values[0]
	if !strings.HasPrefix(f.nonce, s.nonce) || len(f.nonce) == len(s.nonce) {
		return f, errors.New("SCRAM nonce is not built on ours")
	}
	var err error
	if f.salt, f.iterations, err = saltOf(values[1], values[2]); err != nil {
		return f, err
	}
	f.extensions = parts[3:]
	return f, nil
}

// saltOf reads what a key is derived with.
func saltOf(salt64, count string) (salt []byte, iterations int, err error) {
	if salt, err = base64.StdEncoding.Strict().DecodeString(salt64); err != nil || len(salt) == 0 {
		return nil, 0, errors.New("SCRAM salt is not valid")
	}
	n, err := strconv.ParseUint(count, 10, 32)
	if err != nil || n < minIterations || n > maxIterations {
		return nil, 0, fmt.Errorf("SCRAM iteration count is not in %d to %d", minIterations, maxIterations)
	}
	return salt, int(n), nil
}

// final answers the server's first message.
func (s *scram) final(ctx context.Context, challenge []byte) ([]byte, error) {
	s.state = scramFailed
	first, err := s.parseFirst(string(challenge))
	if err == nil {
		err = s.protection.verify(first.extensions, s.hash)
	}
	if err != nil {
		return nil, err
	}
	salted, err := s.saltedPassword(ctx, first.salt, first.iterations)
	if err != nil {
		return nil, fmt.Errorf("derive SCRAM key: %w", err)
	}
	clientKey := s.mac(salted, "Client Key")
	stored := s.hash()
	stored.Write(clientKey)

	bound := append([]byte(s.gs2Header()), s.binding...)
	bare := "c=" + base64.StdEncoding.EncodeToString(bound) + ",r=" + first.nonce
	authMessage := s.firstBare() + "," + string(challenge) + "," + bare
	proof := s.mac(stored.Sum(nil), authMessage)
	for i := range proof {
		proof[i] ^= clientKey[i]
	}
	s.signature = s.mac(s.mac(salted, "Server Key"), authMessage)
	s.state = wantServerFinal
	return []byte(bare + ",p=" + base64.StdEncoding.EncodeToString(proof)), nil
}

// saltedPassword is PBKDF2 with one block of the hash (RFC 5802, section 2.2:
// Hi). Other than the one of the standard library it ends with ctx: the server
// chooses how long it takes.
func (s *scram) saltedPassword(ctx context.Context, salt []byte, iterations int) ([]byte, error) {
	m := hmac.New(s.hash, []byte(s.password))
	m.Write(salt)
	m.Write([]byte{0, 0, 0, 1}) // the number of the block
	u := m.Sum(nil)
	key := bytes.Clone(u)
	for i := 1; i < iterations; i++ {
		if i%minIterations == 1 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		m.Reset()
		m.Write(u)
		u = m.Sum(u[:0])
		subtle.XORBytes(key, key, u)
	}
	return key, nil
}

func (s *scram) mac(key []byte, text string) []byte {
	m := hmac.New(s.hash, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// verify checks the server's last message.
func (s *scram) verify(msg []byte) error {
	s.state = scramFailed
	if len(msg) > maxChallenge {
		return errTooLongSCRAM
	}
	head, _, _ := bytes.Cut(msg, []byte(","))
	if cond, ok := bytes.CutPrefix(head, []byte("e=")); ok {
		return serverSaid(string(cond))
	}
	value, ok := bytes.CutPrefix(head, []byte("v="))
	if !ok {
		return errors.New("SCRAM message without the server's signature")
	}
	got, err := base64.StdEncoding.Strict().DecodeString(string(value))
	if err != nil {
		return errors.New("SCRAM signature is not valid base64")
	}
	if !hmac.Equal(got, s.signature) {
		return untrusted("the server's proof that it knows the password is wrong")
	}
	s.state = serverProved
	return nil
}

func untrusted(text string) error { return &AuthError{Reason: AuthUntrusted, Text: text} }

// serverSaid turns the error of a server's last message (RFC 5802, section 7)
// into ours.
func serverSaid(condition string) error {
	e := &AuthError{Reason: AuthOther, Text: condition}
	switch condition {
	case "invalid-proof", "unknown-user":
		e.Reason = AuthWrongPassword
	case "channel-bindings-dont-match", "server-does-support-channel-binding":
		e.Reason = AuthUntrusted
	case "other-error", "no-resources":
		e.Reason = AuthTemporary
	}
	return e
}
