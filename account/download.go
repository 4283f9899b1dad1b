package account

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"linnet/account/media"
	"linnet/storage"
)

// maxDownload bounds a file the user asks for, in bytes: no server's limit is
// near, and a stream without end comes to one.
const maxDownload = 8 << 30

// errDiffers says that what came is not what was announced, errUnasked that it
// is nothing to be fetched without being asked for.
var (
	errDiffers = errors.New("the file is another one than was announced")
	errUnasked = errors.New("the file is not fetched unasked")
)

// download is the fetching of one file of a message.
type download struct {
	at     fileAt
	m      storage.Message // as it was when it began
	limit  int64           // bytes; of one that nobody asked for
	asked  bool
	moved  int64 // bytes that came
	ctx    context.Context
	cancel context.CancelFunc
}

// fetched is what a download has got so far. A transfer that was cut goes on
// where it was.
type fetched struct {
	w     *storage.FileWriter
	sum   hash.Hash
	total int64  // bytes; 0: not known
	tag   string // what has to be the same for a part to fit
}

// fetch gets the file, outside the account's goroutine, and gives what is to be
// known of it.
func (a *Account) fetch(d *download, stored *storage.Account) (storage.File, error) {
	f := d.m.Files[d.at.i]
	if _, err := safeURL(f.URL); err != nil {
		return f, err
	}
	near := ofDomain(stored)
	if d.asked {
		near = nil
	}
	client, err := a.m.httpClient(stored, near)
	if err != nil {
		return f, err
	}
	defer client.CloseIdleConnections()
	w, err := a.m.cfg.Store.NewFile(d.at.chat)
	if err != nil {
		return f, err
	}
	got := &fetched{w: w, sum: sha256.New()}
	for try, wait := 0, a.m.httpWait; ; try, wait = try+1, 2*wait {
		before := w.Size()
		if err = a.fetchPart(d, client, got); err == nil || isLasting(err) || errors.Is(err, errUnasked) || d.ctx.Err() != nil {
			break
		}
		if w.Size() > before {
			try, wait = 0, a.m.httpWait // it gets on
		}
		if try >= httpTries {
			break
		}
		a.log.Info("a download was cut and goes on", "err", err, "at", w.Size())
		if !sleep(d.ctx, wait) {
			err = d.ctx.Err()
			break
		}
	}
	d.moved = w.Size()
	if err != nil && !d.asked && errors.Is(d.ctx.Err(), context.DeadlineExceeded) {
		err = errUnasked
	}
	if err == nil && len(f.Hash) > 0 && string(got.sum.Sum(nil)) != string(f.Hash) {
		err = errDiffers
	}
	if err != nil {
		w.Discard()
		if errors.Is(err, errUnasked) {
			f.Size = max(f.Size, got.total) // so that the user knows before asking
		}
		return f, err
	}
	f.Size = w.Size()
	if f.Path, err = w.Finish(); err != nil {
		return f, err
	}
	return a.looked(d.ctx, f), nil
}

// sleep waits; false when the context ends before.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// looked fills in what the content says, which is believed more than what the
// sender says.
func (a *Account) looked(ctx context.Context, f storage.File) storage.File {
	f.State, f.Reason = storage.FileHere, ""
	r, err := a.m.OpenFile(&f)
	if err != nil {
		return f
	}
	defer r.Close()
	if info, err := media.Probe(r, f.Name); err == nil {
		f.Type, f.Width, f.Height = info.Type, int32(info.Width), int32(info.Height)
	}
	if err := measure(ctx, measureIn, r, &f); err != nil {
		a.log.Info("could not measure a sound", "err", err)
	}
	return f
}

// fetchPart gets what is missing, or all if the server gives no parts.
func (a *Account) fetchPart(d *download, client *http.Client, got *fetched) error {
	ctx, wrap, stop := watch(d.ctx)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.m.Files[d.at.i].URL, nil)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", clientName)
	from := got.w.Size()
	if from > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
		if got.tag != "" {
			req.Header.Set("If-Range", got.tag)
		}
	}
	resp, err := client.Do(req)
	if err != nil {
		return transferError(ctx, err)
	}
	defer resp.Body.Close()
	skip, err := got.begin(resp, from)
	if err != nil {
		return err
	}
	if err := d.allows(resp, got.total); err != nil {
		return err
	}
	tell := a.m.progress(FileProgress{Chat: d.at.chat, Pos: d.m.Pos, File: d.at.i, Total: got.total})
	body := wrap(resp.Body, func(int) { tell(got.w.Size()) })
	if _, err := io.CopyN(io.Discard, body, skip); err != nil {
		return transferError(ctx, err)
	}
	left := d.limit - from
	n, err := io.Copy(&sink{io.MultiWriter(got.w, got.sum)}, io.LimitReader(body, left+1))
	switch {
	case n > left && d.asked:
		return &TooLargeError{Size: from + n, Max: d.limit}
	case n > left:
		return errUnasked
	case err != nil:
		return transferError(ctx, err)
	case got.total > 0 && got.w.Size() != got.total:
		return io.ErrUnexpectedEOF
	}
	return nil
}

// sink hides that a writer could read by itself, which would not be watched.
type sink struct{ io.Writer }

// begin judges an answer and says how much of it is here already.
func (g *fetched) begin(resp *http.Response, from int64) (skip int64, err error) {
	switch {
	case resp.StatusCode == http.StatusPartialContent && from > 0:
		span, total := parseRange(resp.Header.Get("Content-Range"))
		if span != from || g.total > 0 && total != g.total {
			return 0, errDiffers
		}
		g.total = total
	case resp.StatusCode == http.StatusOK:
		size := max(resp.ContentLength, 0)
		tag := resp.Header.Get("ETag")
		if strings.HasPrefix(tag, "W/") {
			tag = "" // promises too little for parts
		}
		if from > 0 && (size != g.total || tag != g.tag) {
			return 0, errDiffers // it was changed in between
		}
		g.total, g.tag, skip = size, tag, from
	default:
		return 0, &httpError{resp.StatusCode}
	}
	return skip, nil
}

// parseRange reads a Content-Range of bytes; -1 for none.
func parseRange(s string) (from, total int64) {
	span, all, ok := strings.Cut(strings.TrimPrefix(s, "bytes "), "/")
	first, _, ok2 := strings.Cut(span, "-")
	from, err := strconv.ParseInt(first, 10, 64)
	if !ok || !ok2 || err != nil {
		return -1, 0
	}
	if total, err = strconv.ParseInt(all, 10, 64); err != nil {
		total = 0
	}
	return from, total
}

// allows tells from the head of an answer whether to go on.
func (d *download) allows(resp *http.Response, total int64) error {
	if d.asked {
		if total > d.limit {
			return &TooLargeError{Size: total, Max: d.limit}
		}
		return nil
	}
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if total > d.limit || err != nil || !isAutomatic(kind) {
		return errUnasked
	}
	return nil
}

// isAutomatic tells whether files of a type may be fetched unasked: what is
// shown or heard where it stands.
func isAutomatic(mediaType string) bool {
	return media.IsPicture(mediaType) || strings.HasPrefix(mediaType, "audio/") || mediaType == "application/ogg"
}
