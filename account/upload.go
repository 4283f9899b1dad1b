package account

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/upload"
	"linnet/storage"
)

// slotTime is how long a service may take to give a slot.
const slotTime = 30 * time.Second

// uploadState is what goes on with files on their way to the server: one at a
// time, in the order of the outbox.
type uploadState struct {
	service *uploadService // of this stream; nil: not asked yet
	job     *uploadJob     // that runs; nil: none
	failed  map[place]int  // how often in a row
	notYet  map[place]time.Time
}

// uploadJob is the upload of one file of a message.
type uploadJob struct {
	place
	i      int
	file   storage.File
	ctx    context.Context
	cancel context.CancelFunc
}

func (s *uploadState) init() {
	s.failed = make(map[place]int)
	s.notYet = make(map[place]time.Time)
}

// toUpload gives the first file of a message that has to be uploaded before it
// can be sent; -1 for none.
func toUpload(m *storage.Message) int {
	for i := range m.Files {
		if m.Files[i].URL == "" {
			return i
		}
	}
	return -1
}

// retryFiles is for a message that is tried again.
func retryFiles(m *storage.Message) {
	for i := range m.Files {
		if f := &m.Files[i]; f.URL == "" {
			f.State, f.Reason = storage.FileWaiting, ""
		}
	}
}

// startUpload begins with the first file of the outbox that waits, if none is
// on its way.
func (a *Account) startUpload(list []waiting) {
	if a.uploads.job != nil {
		return
	}
	for i := range list {
		w := &list[i]
		at := place{w.entry.Chat, w.entry.Pos}
		n := -1
		if !w.gone && w.entry.Kind == storage.ActNone {
			n = toUpload(&w.m)
		}
		if n < 0 || a.now().Before(a.uploads.notYet[at]) {
			continue
		}
		a.runUpload(&uploadJob{place: at, i: n, file: w.m.Files[n]})
		return
	}
}

func (a *Account) runUpload(job *uploadJob) {
	c, err := a.client()
	if err != nil {
		return
	}
	stored := a.stored
	job.ctx, job.cancel = context.WithCancel(a.ctx)
	a.uploads.job = job
	a.tasks.Go(func() {
		defer job.cancel()
		url, err := a.uploadFile(job, c, &stored)
		a.post(func() { a.uploadEnded(job, url, err) })
	})
}

// uploadFile does it, outside the account's goroutine, and gives the address of
// the file.
func (a *Account) uploadFile(job *uploadJob, c *stream.Client, stored *storage.Account) (string, error) {
	service, err := a.findUpload(job.ctx, c)
	if err != nil {
		return "", err
	}
	f := &job.file
	if service.Max > 0 && f.Size > service.Max {
		return "", &TooLargeError{Name: f.Name, Size: f.Size, Max: service.Max}
	}
	src, err := a.m.OpenFile(f)
	if err != nil {
		return "", err
	}
	defer src.Close()
	if size, err := src.Seek(0, io.SeekEnd); err != nil || size != f.Size {
		return "", errors.Join(errFileChanged, err)
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	slot, err := service.slot(job.ctx, c, f)
	if err != nil {
		return "", err
	}
	client, err := a.m.httpClient(stored, nil)
	if err != nil {
		return "", err
	}
	defer client.CloseIdleConnections()
	return slot.Get.URL, a.put(job, client, slot, src)
}

// errFileChanged says that a file of the user is not what it was.
var errFileChanged = errors.New("the file has changed")

// put sends the file to its slot.
func (a *Account) put(job *uploadJob, client *http.Client, slot *upload.Slot, src io.Reader) error {
	ctx, wrap, stop := watch(job.ctx)
	defer stop()
	var sent atomic.Int64
	sum := sha256.New()
	tell := a.m.progress(FileProgress{Chat: job.chat, Pos: job.pos, File: job.i, Total: job.file.Size})
	body := wrap(io.TeeReader(src, sum), func(n int) { tell(sent.Add(int64(n))) })
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, slot.Put.URL, io.NopCloser(body))
	if err != nil {
		return err
	}
	req.Header = slot.Put.Header()
	req.Header.Set("Content-Type", job.file.Type)
	req.Header.Set("User-Agent", clientName)
	req.ContentLength = job.file.Size
	resp, err := client.Do(req)
	if err != nil {
		return transferError(ctx, err)
	}
	resp.Body.Close()
	switch {
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return &httpError{resp.StatusCode}
	case sent.Load() != job.file.Size:
		return io.ErrUnexpectedEOF // it says so without having all
	case len(job.file.Hash) > 0 && string(sum.Sum(nil)) != string(job.file.Hash):
		return errFileChanged
	}
	return nil
}

// transferError tells why a transfer ended, where its context knows better.
func transferError(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return fmt.Errorf("transfer: %w", cause)
	}
	return err
}

// progress gives what tells of a transfer, at most every fileStep and at its end.
func (m *Manager) progress(e FileProgress) func(done int64) {
	var last time.Time
	return func(done int64) {
		if now := time.Now(); now.Sub(last) >= fileStep || done == e.Total {
			last, e.Done = now, done
			m.emit(e)
		}
	}
}

// uploadEnded takes the outcome.
func (a *Account) uploadEnded(job *uploadJob, url string, err error) {
	if a.uploads.job == job {
		a.uploads.job = nil
	}
	switch {
	case err == nil:
		err = a.keepUploaded(job, url)
		if err != nil {
			a.log.Error("could not store that a file was uploaded", "err", err)
			a.uploadLater(job, a.m.fullRetry)
			return
		}
		delete(a.uploads.failed, job.place)
	case job.ctx.Err() != nil && a.ctx.Err() != nil, errors.Is(err, context.Canceled):
		return // the account stops, or the user has taken it back
	case errors.Is(err, stream.ErrOffline):
		// The next link begins anew.
	case isLasting(err) || a.uploads.failed[job.place] >= httpTries:
		delete(a.uploads.failed, job.place)
		a.log.Info("could not upload a file", "err", err)
		a.failUpload(job, fileReason(err))
	default:
		wait := a.m.httpWait << a.uploads.failed[job.place]
		if later := (*retryLater)(nil); errors.As(err, &later) {
			wait = max(wait, later.at.Sub(a.now()))
		}
		a.uploads.failed[job.place]++
		a.log.Info("an upload was cut and is tried again", "err", err, "in", wait)
		a.note(FileProgress{Chat: job.chat, Pos: job.pos, File: job.i, Total: job.file.Size, Wait: FileCut})
		a.uploadLater(job, wait)
	}
	a.flushOutbox()
}

// uploadLater has an upload tried again after a while.
func (a *Account) uploadLater(job *uploadJob, wait time.Duration) {
	a.uploads.notYet[job.place] = a.now().Add(wait)
	timer := time.AfterFunc(wait, func() {
		a.post(func() {
			delete(a.uploads.notYet, job.place)
			a.flushOutbox()
		})
	})
	context.AfterFunc(a.ctx, func() { timer.Stop() })
}

// keepUploaded writes the address down; then the message can go out, now or
// after a restart, and the file is never uploaded again.
func (a *Account) keepUploaded(job *uploadJob, url string) error {
	var m storage.Message
	err := a.m.update(func(tx *storage.Tx) (err error) {
		m, err = tx.Message(job.chat, job.pos)
		if isLost(err) || err == nil && job.i >= len(m.Files) {
			return errUnchanged // deleted meanwhile
		}
		if err != nil {
			return err
		}
		f := &m.Files[job.i]
		f.URL, f.State, f.Reason = url, storage.FileHere, ""
		return tx.PutMessage(&m)
	})
	if err == nil {
		a.note(MessageChanged{m})
	}
	return ignoreUnchanged(err)
}

// failUpload marks a message whose file cannot be uploaded.
func (a *Account) failUpload(job *uploadJob, reason string) {
	var done chatChanges
	err := a.m.update(func(tx *storage.Tx) error {
		done = chatChanges{}
		m, err := tx.Message(job.chat, job.pos)
		if err != nil || job.i >= len(m.Files) {
			return ignoreLost(err)
		}
		m.Files[job.i].State, m.Files[job.i].Reason = storage.FileFailed, reason
		if err := a.fail(tx, &m, reason, a.serverNow(), &done); err != nil {
			return err
		}
		return done.readRows(tx)
	})
	if err != nil {
		a.log.Error("could not store that a file was not uploaded", "err", err)
		a.uploadLater(job, a.m.fullRetry)
		return
	}
	a.tellChats(done)
}

// Conditions of storage.File.Reason and, for a message whose file could not be
// uploaded, of storage.Message.Reason; see SplitReason.
const (
	ReasonTooLarge    = "file-too-large"   // the text is the limit in bytes
	ReasonChanged     = "file-changed"     // since the user chose it
	ReasonMissing     = "file-missing"     // from where the user had it
	ReasonNoUpload    = "no-upload"        // the server takes no files
	ReasonRefused     = "file-refused"     // the text is why, in the words of the server
	ReasonLost        = "transfer-lost"    // the connection was cut, again and again
	ReasonCertificate = "file-certificate" // the server of the file cannot prove who it is
	ReasonDiffers     = "file-differs"     // what came is not what was announced
	ReasonUnsafe      = "file-unsafe"      // the address is not https
	ReasonDiskFull    = "file-disk-full"   // there is no room
	ReasonUnreadable  = "file-unreadable"  // what is in the profile was damaged
)

// fileReason puts why a transfer failed into a Reason.
func fileReason(err error) string {
	var large *TooLargeError
	var refused *stream.StanzaError
	var answer *httpError
	var damaged *storage.DamagedError
	switch {
	case errors.As(err, &large):
		return ReasonTooLarge + ": " + strconv.FormatInt(large.Max, 10)
	case errors.Is(err, errFileChanged):
		return ReasonChanged
	case errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission), errors.Is(err, ErrNotFile):
		return ReasonMissing
	case errors.Is(err, ErrNoUpload):
		return ReasonNoUpload
	case errors.Is(err, errDiffers):
		return ReasonDiffers
	case errors.Is(err, errNotHTTPS):
		return ReasonUnsafe
	case errors.Is(err, storage.ErrDiskFull):
		return ReasonDiskFull
	case errors.As(err, &damaged):
		return ReasonUnreadable
	case errors.As(err, &refused):
		return cut(ReasonRefused+": "+refused.Error(), maxReason)
	case errors.As(err, &answer):
		return cut(ReasonRefused+": "+answer.Error(), maxReason)
	case isCertificate(err):
		return ReasonCertificate
	}
	return ReasonLost
}
