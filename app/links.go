package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

const (
	// siteRunes is how much of the name of a host is shown: of a long one its
	// end, which says whose it is.
	siteRunes = 32
	// maxWaiting bounds the pages that wait to be fetched unasked.
	maxWaiting = 32
	// pagesAtOnce is how many pages the user asked for are fetched side by side: a
	// site that is slow does not hold up the others.
	pagesAtOnce = 4
)

// linkDesk knows what is told of the links of messages, and which pages the user
// has asked for.
type linkDesk struct {
	a       *App
	asked   map[linkKey]string // what to say of those that are not here; empty: on its way
	waiting int                // of those nobody asked for
	busy    [pagesAtOnce]int   // of those the user asked for, in each lane
}

// linkKey names a link of a message.
type linkKey struct {
	chat storage.ChatID
	seq  uint64 // of the message's Pos
	url  string
}

func newLinkDesk(a *App) *linkDesk { return &linkDesk{a: a, asked: map[linkKey]string{}} }

// pagesIn gives the links of a text that lead to pages.
func pagesIn(text string) []string {
	return slices.DeleteFunc(widgets.LinksIn(text), func(link string) bool { return siteOf(link) == "" })
}

// siteOf gives the host a link leads to, as it is shown; empty for a link that
// leads to no page.
func siteOf(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	for cut := utf8.RuneCountInString(host) - siteRunes; cut > 0; {
		_, n := utf8.DecodeRuneInString(host)
		if host, cut = host[n:], cut-1; cut == 0 {
			return "…" + host
		}
	}
	return host
}

// views is what is shown of the links in a message: what is told of those that
// stand in it, and of those the user asked for. Of what a stranger tells nothing
// is.
func (d *linkDesk) views(c storage.Chat, msg storage.Message) []widgets.LinkView {
	if c.Request || len(msg.Links) == 0 && (d == nil || len(d.asked) == 0) {
		return nil
	}
	var out []widgets.LinkView
	pages := pagesIn(msg.Body)
	for i := range msg.Links {
		k := &msg.Links[i]
		if !isTold(k) || !slices.Contains(pages, k.URL) {
			continue
		}
		v := widgets.LinkView{URL: k.URL, Site: siteOf(k.URL), Title: k.Title, Text: k.Text, Picture: d.picture(k)}
		if v.Title == "" {
			v.Title, v.Text = v.Text, ""
		}
		out = append(out, v)
	}
	if d == nil {
		return out
	}
	for _, link := range pages {
		note, asked := d.asked[linkKey{msg.Chat, msg.Pos.Seq, link}]
		if !asked || slices.ContainsFunc(out, func(v widgets.LinkView) bool { return v.URL == link }) {
			continue
		}
		v := widgets.LinkView{URL: link, Site: siteOf(link), Note: note, Failed: note != ""}
		if !v.Failed {
			v.Note = lang.L("Fetching the preview…")
		}
		out = append(out, v)
	}
	return out
}

// isTold tells whether there is something to show of a link.
func isTold(k *storage.Link) bool { return k.Title != "" || k.Text != "" }

// picture gives the key under which the picture of a link is asked for.
func (d *linkDesk) picture(k *storage.Link) string {
	if d == nil || len(k.Image) == 0 {
		return ""
	}
	key := fmt.Sprintf("link %x", sha256.Sum256(k.Image))
	d.a.files.sources[key] = storage.File{Thumb: k.Image}
	return key
}

// bareLink gives the first link of a row of which nothing is shown; empty for none.
func bareLink(row widgets.Row) string {
	if !canCopy(row) {
		return ""
	}
	for _, link := range pagesIn(row.Text) {
		if !hasPreview(row, link) {
			return link
		}
	}
	return ""
}

// hasPreview tells whether a row shows something of a link, or that it is fetched.
func hasPreview(row widgets.Row, link string) bool {
	return slices.ContainsFunc(row.Links, func(v widgets.LinkView) bool { return v.URL == link && !v.Failed })
}

// canPreview tells whether the preview of a link in a message may be asked for.
func (p *chatPane) canPreview(row widgets.Row) bool { return !p.chat.Request && bareLink(row) != "" }

// preview asks for the preview of a link in a message.
func (p *chatPane) preview(id widgets.RowID, link string) {
	d, chat, pos := p.a.links, p.chat.ID, posOf(id)
	key := linkKey{chat, pos.Seq, link}
	if note, asked := d.asked[key]; asked && note == "" {
		return
	}
	d.asked[key] = ""
	d.show(chat, pos)
	d.fetch(func(ctx context.Context) func() {
		err := p.a.backend.Preview(ctx, chat, pos, link)
		return func() {
			delete(d.asked, key)
			if err != nil && !errors.Is(err, context.Canceled) {
				d.asked[key] = previewFailure(err)
			}
			d.show(chat, pos)
		}
	})
}

// fetch runs what waits for a page in the lane where the least does.
func (d *linkDesk) fetch(job func(context.Context) func()) {
	n := slices.Index(d.busy[:], slices.Min(d.busy[:]))
	d.busy[n]++
	d.a.on(laneLinks+lane(n), func(ctx context.Context) func() {
		then := job(ctx)
		return func() {
			d.busy[n]--
			then()
		}
	})
}

// show shows a message anew.
func (d *linkDesk) show(chat storage.ChatID, pos storage.Pos) {
	if p := d.a.shell.chat; p.open() && p.chat.ID == chat {
		p.withMessage(rowID(pos), func(m storage.Message) { p.view.Update(p.row(m)) })
	}
}

// came takes messages that are new here: of links of contacts the pages are
// fetched, where that is wanted.
func (d *linkDesk) came(e account.MessagesAdded) {
	c, ok := d.a.model.chats[e.Chat]
	info := d.a.model.account(c.Account)
	if !ok || e.Source == account.FromHistory || info == nil || !info.Previews || c.Request {
		return
	}
	for _, m := range e.Messages {
		pages := pagesIn(m.Body)
		if m.Out || len(pages) == 0 || isForeign(m) || d.waiting >= maxWaiting {
			continue
		}
		d.waiting++
		d.a.on(laneLinksUnasked, func(ctx context.Context) func() {
			err := d.a.backend.WantPreview(ctx, m.Chat, m.Pos, pages[0])
			if err != nil {
				d.a.log.Debug("no preview of a link", "error", err)
			}
			return func() { d.waiting-- }
		})
	}
}

// previewFailure says why there is no preview.
func previewFailure(err error) string {
	switch {
	case errors.Is(err, account.ErrNoPreview):
		return lang.L("The page says nothing about itself")
	case errors.Is(err, account.ErrNotPage):
		return lang.L("No preview: this is not a web page")
	case errors.Is(err, account.ErrPageGone):
		return lang.L("No preview: there is no such page")
	case errors.Is(err, account.ErrPageRefused):
		return lang.L("No preview: the site refused")
	case errors.Is(err, account.ErrPageCertificate):
		return lang.L("No preview: the site could not prove who it is")
	case errors.Is(err, account.ErrPageUnsafe):
		return lang.L("No preview: the address is not safe to open unseen")
	case errors.Is(err, storage.ErrDiskFull):
		return lang.L("The disk is full")
	case errors.Is(err, context.DeadlineExceeded):
		return lang.L("No preview: the site took too long")
	}
	return lang.L("No preview: the site could not be reached")
}
