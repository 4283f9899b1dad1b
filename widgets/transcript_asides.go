package widgets

import (
	"math"
	"slices"
	"sort"
	"time"
)

// The places of asides that belong to no row held.
var (
	// AtTop is where an aside stands above all rows. It is shown while the
	// history does not go on above them.
	AtTop = RowID{Time: math.MinInt64, Aside: true}
	// AtBottom is where an aside stands below all rows. It is shown while the
	// history does not go on below them.
	AtBottom = RowID{Time: math.MaxInt64, Seq: math.MaxUint64, Aside: true}
)

// AsideOf gives the id of an aside directly above a row.
func AsideOf(id RowID) RowID {
	id.Aside = true
	return id
}

// Has tells whether a row is held.
func (t *Transcript) Has(id RowID) bool {
	_, held := t.rows.find(id)
	return held
}

// Above gives the row that stands above a place, asides left out, or zero.
func (t *Transcript) Above(id RowID) RowID {
	i, _ := t.rows.find(id)
	for i--; i >= 0; i-- {
		if it := t.rows.items[i]; !it.ID.Aside {
			return it.ID
		}
	}
	return RowID{}
}

// SetAsides shows other asides: rows of kind RowGap and RowStart, each above
// the row it has the place of. Those whose row is not held wait until it is.
func (t *Transcript) SetAsides(asides []Row) {
	asides = slices.Clone(asides)
	sort.Slice(asides, func(i, j int) bool { return asides[i].ID.Less(asides[j].ID) })
	if slices.EqualFunc(asides, t.asides, Row.same) {
		return
	}
	t.asides = asides
	t.changed()
}

// Together shows what several calls change at once, so that the view keeps its
// place over all of them.
func (t *Transcript) Together(change func()) {
	t.together = true
	change()
	t.together = false
	t.changed()
}

// changed brings everything up to date after rows came or went.
func (t *Transcript) changed() {
	if t.together {
		return
	}
	t.trim()
	t.placeAsides()
	t.relayout()
}

// placeAsides puts the asides between the rows held.
func (t *Transcript) placeAsides() {
	var now []Row
	for _, a := range t.asides {
		shown := false
		switch a.ID {
		case AtTop:
			shown = !t.view.older && (a.Kind == RowGap || t.First() != RowID{})
		case AtBottom:
			shown = !t.view.newer
		default:
			_, shown = t.rows.find(RowID{Time: a.ID.Time, Seq: a.ID.Seq})
		}
		if shown {
			now = append(now, a)
		}
	}
	t.rows.setAsides(now)
	busy := slices.ContainsFunc(now, func(a Row) bool { return a.Busy })
	t.dots.run(busy, t.stepDots)
}

// setAsides has the list hold these asides and no others. Those that are held
// already stay as they are, with their looks.
func (l *rowList) setAsides(now []Row) {
	kept := 0
	for i := 0; i < len(l.items); i++ {
		it := l.items[i]
		if !it.ID.Aside {
			continue
		}
		k := slices.IndexFunc(now, func(a Row) bool { return a.ID == it.ID })
		if k < 0 {
			l.items = slices.Delete(l.items, i, i+1)
			l.restyle(i)
			l.dirty(i)
			i--
			continue
		}
		if !now[k].same(it.Row) {
			l.update(now[k])
		}
		kept++
	}
	if kept == len(now) {
		return
	}
	for _, a := range now {
		i, found := l.find(a.ID)
		if found {
			continue
		}
		l.items = slices.Insert(l.items, i, newItem(a))
		l.restyle(i + 1)
		l.dirty(i)
	}
}

// askGap tells of the gap in view, or within a screen of it, that is nearest to
// the middle of the view.
func (t *Transcript) askGap() {
	v := &t.view
	if t.OnGap == nil || v.size.Height == 0 || len(t.rows.items) == 0 {
		return
	}
	middle := v.size.Height / 2
	best, dist := RowID{}, float32(math.MaxFloat32)
	below := false
	look := func(i int, y float32) {
		it := t.rows.items[i]
		if it.Kind != RowGap || it.Busy || it.Act != "" {
			return
		}
		if d := abs(y + it.height/2 - middle); d < dist {
			best, dist, below = it.ID, d, y > middle
		}
	}
	y := v.firstY
	for i := v.first; i < len(t.rows.items) && y < 2*v.size.Height; i++ {
		look(i, y)
		y += t.rows.items[i].height
	}
	y = v.firstY
	for i := v.first - 1; i >= 0 && y > -v.size.Height; i-- {
		y -= t.rows.items[i].height
		look(i, y)
	}
	if best != (RowID{}) {
		t.OnGap(best, below, false)
	}
}

// dotEvery is how often the next of the dots is lit that say that something is
// on its way: each step paints the window.
const dotEvery = 400 * time.Millisecond

// dots are what moves while a gap is being filled.
type dots struct {
	lit  int
	stop func()
}

// run has the dots move or not.
func (d *dots) run(on bool, step func()) {
	switch {
	case on && d.stop == nil:
		d.stop = startTicker(dotEvery, step)
	case !on && d.stop != nil:
		d.stop()
		d.stop = nil
	}
}

// stepDots lights the next dot of the gaps in view.
func (t *Transcript) stepDots() {
	if t.dots.stop == nil {
		return // of a tick that was under way
	}
	t.dots.lit = (t.dots.lit + 1) % dotCount
	for _, it := range t.rows.items[t.view.first:t.view.last] {
		if it.Busy {
			t.redraw()
			return
		}
	}
}
