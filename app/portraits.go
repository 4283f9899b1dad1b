package app

import (
	"bytes"
	"context"
	"image"
	"time"

	"linnet/account/media"
	"linnet/widgets"
)

// Bounds of the pictures kept decoded: a screen of rows several times over, and
// the few that are shown large.
const (
	portraitsSmall = 256
	portraitsLarge = 8
)

// portraitRest is how long what has come waits for more, so that a list is
// drawn once for all its pictures.
const portraitRest = 100 * time.Millisecond

// portraitKey names a picture in a size.
type portraitKey struct {
	hash string
	side int
}

// portraits are the pictures of people, decoded where they do not hold up the
// window.
type portraits struct {
	a      *App
	held   map[portraitKey]*widgets.Portrait // nil for one that is on its way, or cannot be shown
	used   map[portraitKey]uint64            // when each was asked for last
	clock  uint64
	coming bool // a refresh for what has come is on its way
}

func newPortraits(a *App) *portraits {
	return &portraits{a: a, held: map[portraitKey]*widgets.Portrait{}, used: map[portraitKey]uint64{}}
}

// of gives the picture of somebody in a size of package widgets. It is nil
// without one, and until it is decoded: what is shown is then drawn again.
func (p *portraits) of(key contactKey, hash string, side int) *widgets.Portrait {
	if hash == "" || p.a.backend == nil {
		return nil
	}
	name := portraitKey{hash, side}
	p.clock++
	p.used[name] = p.clock
	if picture, ok := p.held[name]; ok {
		return picture
	}
	p.held[name] = nil
	p.shrink(side)
	p.a.on(laneFaces, func(context.Context) func() {
		data, now, ok := p.a.backend.Avatar(key.account, key.jid)
		switch {
		case ok && now != hash:
			return func() { p.forget(name) } // an event with the other hash is on its way
		case !ok:
			return nil
		}
		picture, err := media.Decode(bytes.NewReader(data), image.Pt(4*side, 4*side))
		if err != nil {
			return nil // it stays held as one that cannot be shown
		}
		portrait := widgets.NewPortrait(picture, side)
		return func() {
			p.held[name] = portrait
			p.came()
		}
	})
	return p.held[name]
}

// forget has a picture asked for again when it is shown next.
func (p *portraits) forget(name portraitKey) {
	delete(p.held, name)
	delete(p.used, name)
}

// shrink makes room for one of a size by forgetting what was not shown for the
// longest.
func (p *portraits) shrink(side int) {
	limit, n := portraitsSmall, 0
	if side == widgets.PortraitLarge {
		limit = portraitsLarge
	}
	var oldest portraitKey
	for name := range p.held {
		if name.side != side {
			continue
		}
		if n++; oldest.hash == "" || p.used[name] < p.used[oldest] {
			oldest = name
		}
	}
	if n > limit {
		p.forget(oldest)
	}
}

// came has everything with faces drawn again, soon.
func (p *portraits) came() {
	if p.coming {
		return
	}
	p.coming = true
	p.a.after(portraitRest, func() {
		p.coming = false
		p.a.refresh(changes{faces: true})
	})
}
