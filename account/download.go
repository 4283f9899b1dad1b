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
	"sync/atomic"
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
	lifted atomic.Bool // the user has asked for it since it began
	moved  int64       // bytes that came
	ctx    context.Context
	cancel context.CancelCauseFunc
}

// wanted tells whether the user asked for it, so that it is bounded only by what
// bounds everything.
func (d *download) wanted() bool { return d.asked || d.lifted.Load() }

// most is how many bytes it may have.
func (d *download) most() int64 {
	if d.wanted() {
		return maxDownload
	}
	return d.limit
}

// late ends what nobody asked for, when it takes too long.
func (d *download) late() {
	if !d.wanted() {
		d.cancel(errUnasked)
	}
}

// fetched is what a download has got so far. A transfer that was cut goes on
// where it was, if what comes then can be told from another version of the file.
type fetched struct {
	w      *storage.FileWriter
	sum    hash.Hash
	hashed bool   // it is compared with a hash in the end
	total  int64  // bytes; 0: not known
	tag    string // what has to be the same for a part to fit
}

// fits tells whether more can be put behind what is here.
func (g *fetched) fits() bool { return g.hashed || g.tag != "" || g.w.Size() == 0 }

// anew begins with nothing.
func (g *fetched) anew(a *Account, d *download) (err error) {
	if g.w != nil {
		d.moved += g.w.Size()
		g.w.Discard()
	}
	g.sum, g.total, g.tag = sha256.New(), 0, ""
	g.w, err = a.m.cfg.Store.NewFile(d.at.chat)
	return err
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
	got := &fetched{hashed: len(f.Hash) > 0}
	if err := got.anew(a, d); err != nil {
		return f, err
	}
	for try, wait := 0, a.m.httpWait; ; try, wait = try+1, 2*wait {
		before := got.w.Size()
		if err = a.fetchPart(d, client, got); err == nil || isLasting(err) || errors.Is(err, errUnasked) || d.ctx.Err() != nil {
			break
		}
		if got.w.Size() > before && got.fits() {
			try, wait = 0, a.m.httpWait // it gets on
		}
		if try >= httpTries {
			break
		}
		a.log.Info("a download was cut and goes on", "err", err, "at", got.w.Size())
		a.m.emit(FileProgress{Chat: d.at.chat, Pos: d.m.Pos, File: d.at.i, Done: got.w.Size(), Total: got.total, Wait: FileCut})
		if !sleep(d.ctx, wait) {
			err = d.ctx.Err()
			break
		}
		if !got.fits() {
			if err = got.anew(a, d); err != nil {
				return f, err
			}
		}
	}
	w := got.w
	d.moved += w.Size()
	if err != nil && errors.Is(context.Cause(d.ctx), errUnasked) {
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
	left := d.most() - from
	n, err := io.Copy(&sink{io.MultiWriter(got.w, got.sum)}, io.LimitReader(body, left+1))
	switch {
	case n > left && d.asked:
		return &TooLargeError{Size: from + n, Max: maxDownload}
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
		if tag := validator(resp.Header); g.tag != "" && tag != "" && tag != g.tag {
			return 0, errDiffers
		}
		g.total = total
	case resp.StatusCode == http.StatusOK:
		size, tag := max(resp.ContentLength, 0), validator(resp.Header)
		if from > 0 && (size != g.total || tag != g.tag) {
			return 0, errDiffers // it was changed in between
		}
		g.total, g.tag, skip = size, tag, from
	default:
		return 0, &httpError{resp.StatusCode}
	}
	return skip, nil
}

// validator gives what has to be the same for a part of a file to fit: a strong
// tag, or without any tag a date that is as good (RFC 9110, sections 8.8 and
// 13.1.5). Empty for none.
func validator(h http.Header) string {
	if tag := h.Get("ETag"); strings.HasPrefix(tag, "W/") {
		return "" // promises too little for parts
	} else if tag != "" {
		return tag
	}
	changed, err := http.ParseTime(h.Get("Last-Modified"))
	if err != nil {
		return ""
	}
	said, err := http.ParseTime(h.Get("Date"))
	if err != nil || said.Sub(changed) < time.Second {
		return "" // it may have changed again within that second
	}
	return h.Get("Last-Modified")
}

// parseRange reads a Content-Range of bytes; -1 for none.
func parseRange(s string) (from, total int64) {
	span, all, ok := strings.Cut(strings.TrimPrefix(s, "bytes "), "/")
	first, _, ok2 := strings.Cut(span, "-")
	from, err := strconv.ParseInt(first, 10, 64)
	if !ok || !ok2 || err != nil {
		return -1, 0
	}
	if total, err = strconv.ParseInt(all, 10, 64); err != nil || total < 0 {
		total = 0
	}
	return from, total
}

// allows tells from the head of an answer whether to go on.
func (d *download) allows(resp *http.Response, total int64) error {
	if d.wanted() {
		if total > maxDownload {
			return &TooLargeError{Size: total, Max: maxDownload}
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
