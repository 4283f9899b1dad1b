package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// linkAfter is how long nobody types until a link that was written is whole.
const linkAfter = time.Second

// linkWriting is what goes along with a link in the message being written.
type linkWriting struct {
	link string       // the one that is shown; empty for none
	told storage.Link // what its page says, when the user has asked for it
	left string       // the one for which the user wants nothing
	rest func()       // keeps it from being looked for while the user types
}

// typed has the text looked at when the user rests.
func (w *linkWriting) typed(p *chatPane) {
	w.rest()
	w.rest = p.a.after(linkAfter, p.lookForLink)
}

// lookForLink offers the preview of the first link that is written.
func (p *chatPane) lookForLink() {
	w, link := &p.linked, ""
	if pages := pagesIn(p.composer.Text()); p.open() && len(pages) > 0 && p.writing.kind != widgets.ContextEdit {
		link = pages[0]
	}
	switch {
	case link == w.link:
	case link == "" || link == w.left:
		p.endLink()
	default:
		w.link, w.told = link, storage.Link{}
		p.composer.SetLink(siteOf(link), "", lang.L("Show preview"))
	}
}

// askLink fetches what is offered. Nothing is fetched before.
func (p *chatPane) askLink() {
	link, chat := p.linked.link, p.chat.ID
	id := p.chat.Account
	p.composer.SetLink(siteOf(link), lang.L("Fetching the preview…"), "")
	p.a.links.fetch(func(ctx context.Context) func() {
		told, err := p.a.backend.LookUp(ctx, id, link)
		return func() {
			w := &p.linked
			switch {
			case w.link != link || p.chat.ID != chat:
			case err != nil:
				p.composer.SetLink(siteOf(link), previewFailure(err), lang.L("Try again"))
			default:
				w.told = told
				title := told.Title
				if title == "" {
					title = told.Text
				}
				p.composer.SetLink(title, siteOf(link), "")
			}
		}
	})
}

// leaveLink is for a link for which the user wants nothing.
func (p *chatPane) leaveLink() {
	p.linked.left = p.linked.link
	p.endLink()
}

// endLink takes away what goes along with a link.
func (p *chatPane) endLink() {
	p.linked.link, p.linked.told = "", storage.Link{}
	p.composer.SetLink("", "", "")
}

// takeLinks gives what goes along with a message that is sent.
func (p *chatPane) takeLinks() (list []storage.Link) {
	w := &p.linked
	w.rest()
	if w.told.URL != "" {
		list = append(list, w.told)
	}
	w.left = ""
	p.endLink()
	return list
}
