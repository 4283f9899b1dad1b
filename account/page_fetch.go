package account

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"linnet/account/media"
	"linnet/account/webpage"
	"linnet/storage"
)

const (
	// pageTime is how long a page and its picture may take together: whoever
	// asked for it waits.
	pageTime = 15 * time.Second
	// maxPagePicture bounds the picture of a page in bytes, before it is made
	// small.
	maxPagePicture = 3 << 20
	// previewSide and previewBytes bound what is kept of it: sharp beside a few
	// lines of text, also on a dense screen, and no burden for a message.
	previewSide  = 288
	previewBytes = 16 << 10
)

// Why there is no preview of a link. An error that is none of these is one of
// reaching the page, or of this machine.
var (
	ErrNoPreview       = errors.New("the page says nothing of itself")
	ErrNotPage         = errors.New("the address is not that of a page")
	ErrPageGone        = errors.New("there is no such page")
	ErrPageRefused     = errors.New("the page was refused")
	ErrPageCertificate = errors.New("the site could not prove who it is")
	ErrPageUnsafe      = errors.New("the address leads where it must not")
)

// pageFetch asks a page for what it says of itself.
type pageFetch struct {
	client *http.Client
	plain  bool  // http will do
	moved  int64 // bytes that came
}

// fetchPage gives what the page of a link says of itself, and how many bytes
// that took. Of what nobody asked for (asked) only https is fetched, and nothing
// around us; else that is left to the host that was named.
func (m *Manager) fetchPage(ctx context.Context, stored *storage.Account, link string, asked bool) (storage.Link, int64, error) {
	l := storage.Link{URL: link, Fetched: true}
	u, err := webURL(link, asked)
	if err != nil {
		return l, 0, fmt.Errorf("%w: %w", ErrPageUnsafe, err)
	}
	client, err := m.httpClient(stored, func(host string) bool { return asked && host == u.Hostname() })
	if err != nil {
		return l, 0, err
	}
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, m.pageTime)
	defer cancel()
	p := &pageFetch{client: client, plain: u.Scheme == "http"}
	client.CheckRedirect = p.checkRedirect
	page, at, err := p.page(ctx, link)
	if err != nil {
		return l, p.moved, pageError(err)
	}
	l.Title, l.Text = tidy(page.Title, maxLinkTitle), tidy(page.Text, maxLinkText)
	if l.Title == "" && l.Text == "" {
		return l, p.moved, ErrNoPreview
	}
	if page.Image != "" {
		if l.Image, err = p.picture(ctx, m, at, page.Image); err != nil {
			m.log.Debug("no picture of a page", "err", err)
		}
	}
	return l, p.moved, nil
}

// checkRedirect lets a page lead elsewhere, a few times, and never out of TLS.
func (p *pageFetch) checkRedirect(req *http.Request, via []*http.Request) error {
	p.plain = p.plain && req.URL.Scheme == "http"
	return ledOn(req, via, p.plain)
}

// get asks for something of a kind. The caller closes the body.
func (p *pageFetch) get(ctx context.Context, address, accept string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", clientName)
	req.Header.Set("Accept", accept)
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, &httpError{resp.StatusCode}
	}
	if coding := resp.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		resp.Body.Close() // nobody asked for that, and it may grow without bound
		return nil, ErrNotPage
	}
	resp.Body = &counted{resp.Body, &p.moved}
	return resp, nil
}

// counted counts what is read.
type counted struct {
	io.ReadCloser
	n *int64
}

// Read implements io.Reader.
func (c *counted) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	*c.n += int64(n)
	return n, err
}

// page reads a page and says where it was found in the end.
func (p *pageFetch) page(ctx context.Context, link string) (webpage.Page, *url.URL, error) {
	resp, err := p.get(ctx, link, "text/html, application/xhtml+xml")
	if err != nil {
		return webpage.Page{}, nil, err
	}
	defer resp.Body.Close()
	contentType := resp.Header.Get("Content-Type")
	if kind, _, err := mime.ParseMediaType(contentType); err != nil || kind != "text/html" && kind != "application/xhtml+xml" {
		return webpage.Page{}, nil, ErrNotPage
	}
	data, err := webpage.Head(resp.Body)
	page := webpage.Read(data, contentType)
	if page != (webpage.Page{}) {
		return page, resp.Request.URL, nil // what has come says enough
	}
	return page, nil, errors.Join(ctx.Err(), err) // a page that was cut has come to its end
}

// picture gives the picture of a page, made small.
func (p *pageFetch) picture(ctx context.Context, m *Manager, page *url.URL, address string) ([]byte, error) {
	u, err := page.Parse(address)
	if err != nil {
		return nil, err
	}
	if _, err := webURL(u.String(), p.plain); err != nil {
		return nil, err
	}
	resp, err := p.get(ctx, u.String(), "image/jpeg, image/png, image/webp, image/gif")
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxPagePicture+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxPagePicture {
		return nil, media.ErrTooLarge
	}
	m.decoding.Lock()
	defer m.decoding.Unlock()
	im, err := media.Decode(bytes.NewReader(data), image.Pt(previewSide, previewSide))
	if err != nil {
		return nil, err
	}
	small, _, _ := media.Small(im, previewSide, previewBytes)
	return small, nil
}

// pageError says why a page could not be had.
func pageError(err error) error {
	var answer *httpError
	why := error(nil)
	switch {
	case errors.As(err, &answer) && answer.gone():
		why = ErrPageGone
	case errors.As(err, &answer):
		why = ErrPageRefused
	case errors.Is(err, errNotHTTPS), errors.Is(err, errUnasked):
		why = ErrPageUnsafe
	case isCertificate(err):
		why = ErrPageCertificate
	default:
		return err
	}
	return fmt.Errorf("%w: %w", why, err)
}
