package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	// enterTimeout covers the time a copy takes to sign out and end, or to
	// begin to listen; enterPause lies between two looks.
	enterTimeout = 10 * time.Second
	enterPause   = 50 * time.Millisecond
	// handTimeout bounds the talk between two copies of the program.
	handTimeout = 3 * time.Second
	// handLimit is the longest xmpp: address one copy takes from another.
	handLimit = 8 << 10
	// socketPathLimit is what every system allows for the path of a Unix
	// socket (104 bytes on macOS, with the final zero).
	socketPathLimit = 100
)

// errRunning says that another copy has the profile.
var errRunning = errors.New("another copy already runs on this profile")

// instance is the hold of one process on its profile. While it lasts, other
// copies hand their xmpp: address over and end.
type instance struct {
	lock     *flock.Flock
	listener net.Listener
	done     chan struct{}
}

// enter takes the profile for this process, or hands uri to the copy that has
// it: then hold is nil. A copy that is just ending does neither for a moment.
func enter(dir, uri string) (hold *instance, err error) {
	if len(uri) >= handLimit || strings.ContainsAny(uri, "\r\n") {
		return nil, errors.New("this xmpp: address is too long or broken")
	}
	for end := time.Now().Add(enterTimeout); ; time.Sleep(enterPause) {
		hold, err = holdProfile(dir)
		if !errors.Is(err, errRunning) {
			return hold, err
		}
		if err = handOver(dir, uri); err == nil || time.Now().After(end) {
			return nil, err
		}
	}
}

// holdProfile takes the profile for this process, or returns errRunning.
func holdProfile(dir string) (*instance, error) {
	lock := flock.New(filepath.Join(dir, "lock"))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the profile: %w", err)
	}
	if !ok {
		return nil, errRunning
	}
	return &instance{lock: lock}, nil
}

// listen calls open, on a goroutine of its own, with what other copies hand
// over: an xmpp: address, or "" when only the window is asked for.
func (i *instance) listen(dir string, open func(uri string)) error {
	path, err := socketPath(dir)
	if err != nil {
		return err
	}
	// Only the holder of the lock gets here: a socket file is a dead one's.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the old socket: %w", err)
	}
	var lc net.ListenConfig
	i.listener, err = lc.Listen(context.Background(), "unix", path)
	if err != nil {
		return fmt.Errorf("listen for other copies: %w", err)
	}
	i.done = make(chan struct{})
	go func() {
		defer close(i.done)
		for {
			conn, err := i.listener.Accept()
			if err != nil {
				return
			}
			if uri, ok := takeOver(conn); ok {
				open(uri)
			}
		}
	}()
	return nil
}

// takeOver reads one line from another copy and answers it.
func takeOver(conn net.Conn) (uri string, ok bool) {
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(handTimeout)); err != nil {
		return "", false
	}
	line, err := bufio.NewReader(io.LimitReader(conn, handLimit)).ReadString('\n')
	if err != nil {
		return "", false
	}
	_, err = io.WriteString(conn, "ok\n")
	return strings.TrimSuffix(line, "\n"), err == nil
}

// handOver gives an xmpp: address, or "", to the copy that runs on the
// profile, which raises its window.
func handOver(dir, uri string) error {
	path, err := socketPath(dir)
	if err != nil {
		return err
	}
	conn, err := net.DialTimeout("unix", path, handTimeout)
	if err != nil {
		return fmt.Errorf("%w, but it does not answer: %w", errRunning, err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(handTimeout)); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, uri+"\n"); err != nil {
		return fmt.Errorf("%w, but it does not answer: %w", errRunning, err)
	}
	if answer, err := bufio.NewReader(conn).ReadString('\n'); err != nil || answer != "ok\n" {
		return fmt.Errorf("%w, but it does not answer", errRunning)
	}
	return nil
}

// deafen ends listening: from here on another copy waits for the profile
// instead of handing its address to one that is about to end.
func (i *instance) deafen() {
	if i.listener != nil {
		i.listener.Close()
		<-i.done
		i.listener = nil
	}
}

// close lets the next copy have the profile.
func (i *instance) close() {
	i.deafen()
	i.lock.Unlock()
}

// socketPath is in the profile, or, where that path is too long for a socket,
// in a directory of this user's under the system's place for temporary files.
func socketPath(dir string) (string, error) {
	path := filepath.Join(dir, "socket")
	if len(path) <= socketPathLimit {
		return path, nil
	}
	sum := sha256.Sum256([]byte(dir))
	short := filepath.Join(os.TempDir(), fmt.Sprintf("linnet-%d-%s", os.Getuid(), hex.EncodeToString(sum[:8])))
	if err := os.MkdirAll(short, 0o700); err != nil {
		return "", fmt.Errorf("make the directory of the socket: %w", err)
	}
	// Somebody else may have made it first: only the owner can make it private.
	if err := os.Chmod(short, 0o700); err != nil {
		return "", fmt.Errorf("the directory of the socket is not ours: %w", err)
	}
	return filepath.Join(short, "socket"), nil
}
