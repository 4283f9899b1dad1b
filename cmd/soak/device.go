//go:build unix

package main

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
)

// setup is what a device is told first: a line of JSON.
type setup struct {
	Dir      string // its profile, which is kept between its lives
	Address  string
	Password string
	Resource string
	Host     string
	Port     uint16
	CAFile   string

	Peer  string // the bare JID of the other
	Own   string // the direction of the account's messages
	Other string // that of the peer's
	Read  int    // up to this number, what the peer writes is read
}

// report is what a device tells whenever it changes: a line of JSON.
type report struct {
	Own     int // different messages of the account on its disk
	Last    int // the highest number among them
	Other   int // different messages of the peer on its disk
	Waiting int // messages in the outbox; countMany is that or more
	Online  bool
	Loading bool   // history is being fetched
	Resumed int    // in this life: streams that went on
	Fresh   int    // and new ones
	GaveUp  int    // how often it would connect no more by itself
	Why     string // the last time
}

const (
	// tellEvery is how often a device reports at most.
	tellEvery = 100 * time.Millisecond
	// countMany is how far messages of the outbox are counted.
	countMany = 1000
	// retryWithin is how long a person with no connection looks on before
	// pressing "Try again": without, the waits between tries grow, and most of
	// a soak would be waiting.
	retryWithin = time.Second
	// pace is the mean time between two messages of a device.
	pace = 8 * time.Millisecond
	// readEvery is after how many messages of the peer the person looks.
	readEvery = 7
)

// archiveKey opens the archives of the devices. A key that is no secret lets
// the driver read them, and survives the device.
var archiveKey = []byte("0123456789abcdef0123456789abcdef")

// openArchive opens the archive of a device that does not run.
func openArchive(dir string) (*storage.Store, error) {
	return storage.Open(filepath.Join(dir, "linnet.db"), archiveKey, storage.Options{})
}

// device is one running Linnet without a window, and the person before it.
type device struct {
	setup
	out     io.Writer
	manager *account.Manager
	store   *storage.Store
	id      storage.AccountID
	chat    storage.ChatID

	own, other numbers
	last       int // the highest of own
	upTo       int // how far we may write
	online     bool
	is, told   report
}

// numbers is a set of the numbers of messages.
type numbers map[int]struct{}

// runDevice is a device from its start to its end: that of its input, or the
// line "quit".
func runDevice(in io.Reader, out io.Writer, logTo io.Writer) error {
	lines := bufio.NewScanner(in)
	if !lines.Scan() {
		return fmt.Errorf("nobody said what to be: %w", lines.Err())
	}
	d := &device{out: out}
	if err := json.Unmarshal(lines.Bytes(), &d.setup); err != nil {
		return err
	}
	orders := make(chan string)
	go func() { // ends with the process
		defer close(orders)
		for lines.Scan() {
			orders <- lines.Text()
		}
	}()
	if err := d.open(slog.New(slog.NewTextHandler(logTo, &slog.HandlerOptions{Level: slog.LevelDebug}))); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.manager.Run(ctx) }()
	err := d.live(ctx, orders)
	cancel()
	for range d.manager.Events() {
	}
	return errors.Join(err, <-ended, d.store.Close())
}

// open opens the profile, and makes the account when there is none.
func (d *device) open(log *slog.Logger) error {
	ca, err := os.ReadFile(d.CAFile)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	if d.store, err = openArchive(d.Dir); err != nil {
		return err
	}
	secrets := storage.Forgetful()
	err = account.StoreAccount(d.store, secrets, account.NewAccount{
		Address: d.Address, Password: d.Password, Host: d.Host, Port: d.Port,
	})
	if errors.Is(err, account.ErrAccountExists) {
		err = secrets.Set(account.PasswordName(d.Address), []byte(d.Password))
	}
	if err != nil {
		return err
	}
	d.manager = account.NewManager(account.Config{
		Store: d.store, Secrets: secrets, Log: log, Resource: d.Resource,
		Stream: func(c *stream.Config) { c.Roots = roots },
	})
	return nil
}

// live does what it is told, and tells how things are, until it is told to quit.
func (d *device) live(ctx context.Context, orders <-chan string) error {
	tell := time.NewTicker(tellEvery)
	defer tell.Stop()
	write := time.NewTicker(pace)
	defer write.Stop()
	for {
		select {
		case order, ok := <-orders:
			if n, isLimit := strings.CutPrefix(order, "write "); isLimit {
				d.upTo, _ = strconv.Atoi(n)
			} else if !ok || order == "quit" {
				return nil
			}
		case events := <-d.manager.Events():
			for _, e := range events {
				if err := d.hear(e); err != nil {
					return err
				}
			}
		case <-write.C:
			if err := d.write(ctx); err != nil {
				return err
			}
		case <-tell.C:
			if err := d.tell(); err != nil {
				return err
			}
		}
	}
}

// write sends the next message if that is due, and on some days two.
func (d *device) write(ctx context.Context) error {
	if d.chat == 0 {
		return nil
	}
	for range rand.IntN(3) {
		if d.last >= d.upTo {
			return nil
		}
		if err := d.manager.Send(ctx, d.chat, account.Text{Body: bodyOf(d.Own, d.last+1)}); err != nil {
			return fmt.Errorf("message %d: %w", d.last+1, err)
		}
		d.took(d.Own, d.last+1)
	}
	return nil
}

// hear takes an event.
func (d *device) hear(e account.Event) error {
	switch e := e.(type) {
	case account.Reset:
		return d.recount()
	case account.ChatReload:
		return d.recount()
	case account.MessagesAdded:
		if e.Chat != d.chat {
			return nil
		}
		for i := range e.Messages {
			if err := d.see(&e.Messages[i]); err != nil {
				return err
			}
		}
	case account.StateChanged:
		d.state(e.Account.State)
		d.is.Loading = e.Account.History.Active
	}
	return nil
}

// see takes note of a message, and reads it as a person does: now and then,
// and not all.
func (d *device) see(m *storage.Message) error {
	direction, n, ok := numberOf(m.Body)
	if !ok {
		return nil // the driver will find it, too
	}
	d.took(direction, n)
	if m.Out || n%readEvery != 0 || n > d.Read {
		return nil
	}
	return d.manager.MarkRead(d.chat, m.Pos)
}

func (d *device) took(direction string, n int) {
	switch direction {
	case d.Own:
		d.own[n] = struct{}{}
		d.last = max(d.last, n)
	case d.Other:
		d.other[n] = struct{}{}
	}
}

// recount reads all of the conversation.
func (d *device) recount() error {
	d.own, d.other = make(numbers), make(numbers)
	if d.chat == 0 {
		list := d.manager.Accounts()
		if len(list) != 1 {
			return fmt.Errorf("%d accounts", len(list))
		}
		d.id = list[0].ID
		chat, err := d.manager.OpenChat(d.id, d.Peer)
		if err != nil {
			return err
		}
		d.chat = chat.ID
	}
	return d.store.View(func(tx *storage.Tx) error {
		return eachMessage(tx, d.chat, func(m *storage.Message) {
			if direction, n, ok := numberOf(m.Body); ok {
				d.took(direction, n)
			}
		})
	})
}

// eachMessage walks a conversation from its beginning.
func eachMessage(tx *storage.Tx, chat storage.ChatID, f func(*storage.Message)) error {
	const page = 500
	var after storage.Pos
	for {
		list, err := tx.MessagesAfter(chat, after, page)
		if err != nil || len(list) == 0 {
			return err
		}
		for i := range list {
			f(&list[i])
		}
		after = list[len(list)-1].Pos
	}
}

// state takes note of the connection.
func (d *device) state(s stream.State) {
	is := s.Phase == stream.Online
	if is && !d.online {
		if s.Info.Resumed {
			d.is.Resumed++
		} else {
			d.is.Fresh++
		}
	}
	d.online = is
	if s.Phase == stream.Failed {
		d.is.GaveUp++
		d.is.Why = fmt.Sprint(s.Err)
	}
	if s.Phase == stream.Failed || s.Phase == stream.Waiting {
		time.AfterFunc(rand.N(retryWithin), func() { d.manager.RetryNow(d.id) })
	}
}

// tell reports if there is news.
func (d *device) tell() error {
	d.is.Own, d.is.Last, d.is.Other, d.is.Online = len(d.own), d.last, len(d.other), d.online
	err := d.store.View(func(tx *storage.Tx) error {
		waiting, err := tx.Outbox(d.id, countMany)
		d.is.Waiting = len(waiting)
		return err
	})
	if err != nil || d.is == d.told {
		return err
	}
	d.told = d.is
	return json.NewEncoder(d.out).Encode(d.is)
}
