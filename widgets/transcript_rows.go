package widgets

import "sort"

// blockRows is how many rows share one sum of heights: the place of a row is
// then found by adding a few block sums and less than blockRows heights.
const blockRows = 256

// rowItem is a row with what is known of its looks.
type rowItem struct {
	Row
	said     styledText // Row.Text made harmless
	text     string     // of that, what is shown
	found    []Span     // in text, what is looked for
	foundFor string     // what that was
	height   float32    // with what stands above it
	head     float32    // of that, what stands above it: the gap, day and divider
	exact    bool       // height is measured for the current width, not guessed
	lay      *rowLayout // what to draw, kept while the row is near the view
}

// rowList holds the rows in the order of their ids, and sums of their heights.
type rowList struct {
	items []*rowItem
	sums  []float64 // per block, valid up to good
	good  int       // number of leading blocks whose sum is right
}

func newItem(r Row) *rowItem {
	r.Name = Harmless(r.Name)
	text := sanitise(r.Text)
	from := 0
	switch {
	case r.Kind == RowAction:
		from = len(r.Name) + 1
		text = r.Name + " " + text
	case r.ID.Aside:
		text = "" // nobody said it, so it is not for selecting
	}
	it := &rowItem{Row: r, said: unstyled(text), height: guessHeight(len(text))}
	if !r.Plain && (r.Kind == RowMessage || r.Kind == RowAction) {
		it.said = parseStyling(text, from)
	}
	it.text = it.said.shown
	return it
}

// guessHeight stands in for the height of a row that was not measured yet. Only
// the scroll bar is drawn from guesses.
func guessHeight(bytes int) float32 {
	const bytesPerLine = 60
	lines := min(bytes/bytesPerLine+1, foldLines)
	return float32(lines)*LineBody + 2*BubblePadY + GapBetweenGroups
}

func (l *rowList) set(rows []Row) {
	l.items = make([]*rowItem, 0, len(rows))
	for _, r := range rows {
		l.items = append(l.items, newItem(r))
	}
	sort.SliceStable(l.items, func(i, j int) bool { return l.items[i].ID.Less(l.items[j].ID) })
	l.items = dedup(l.items)
	l.dirty(0)
}

// dedup keeps the last of the items of one id, in place.
func dedup(items []*rowItem) []*rowItem {
	out := items[:0]
	for i, it := range items {
		if i+1 < len(items) && items[i+1].ID == it.ID {
			continue
		}
		out = append(out, it)
	}
	return out
}

// merge adds rows, each at the place of its id; a row that is held already is
// replaced.
func (l *rowList) merge(rows []Row) {
	if len(rows) == 0 {
		return
	}
	var add rowList
	add.set(rows)
	n := len(l.items)
	switch in := add.items; {
	case n == 0:
		l.items = in
	case l.items[n-1].ID.Less(in[0].ID):
		l.items = append(l.items, in...)
		l.dirty(n)
		return
	case in[len(in)-1].ID.Less(l.items[0].ID):
		l.items = append(in, l.items...)
		l.restyle(len(in))
		l.dirty(0)
	default:
		l.mix(in)
	}
}

// mix merges an ordered list of others in. Of rows of the same id the new one
// is held, unless nothing about it is new.
func (l *rowList) mix(in []*rowItem) {
	first, _ := l.find(in[0].ID)
	out := append(make([]*rowItem, 0, len(l.items)+len(in)), l.items[:first]...)
	var news []int // where rows of in came to stand
	for a := l.items[first:]; len(a) > 0 || len(in) > 0; {
		switch {
		case len(in) == 0 || len(a) > 0 && a[0].ID.Less(in[0].ID):
			out, a = append(out, a[0]), a[1:]
		case len(a) == 0 || in[0].ID.Less(a[0].ID):
			news = append(news, len(out))
			out, in = append(out, in[0]), in[1:]
		case a[0].Row.same(in[0].Row):
			out, a, in = append(out, a[0]), a[1:], in[1:]
		default:
			in[0].height = a[0].height // until it is measured
			news = append(news, len(out))
			out, a, in = append(out, in[0]), a[1:], in[1:]
		}
	}
	l.items = out
	for _, i := range news {
		l.restyle(i + 1)
	}
	l.dirty(first)
}

// find gives the index of the first row that is not above id, and whether it is
// the row of that id.
func (l *rowList) find(id RowID) (int, bool) {
	i := sort.Search(len(l.items), func(i int) bool { return !l.items[i].ID.Less(id) })
	return i, i < len(l.items) && l.items[i].ID == id
}

func (l *rowList) idAt(i int) RowID {
	if i < 0 || i >= len(l.items) {
		return RowID{}
	}
	return l.items[i].ID
}

func (l *rowList) update(r Row) bool {
	i, ok := l.find(r.ID)
	if !ok || l.items[i].same(r) {
		return false
	}
	height := l.items[i].height
	l.items[i] = newItem(r)
	l.items[i].height = height // until it is measured, so that the sums hold
	l.restyle(i + 1)
	return true
}

func (l *rowList) remove(id RowID) bool {
	i, ok := l.find(id)
	if !ok {
		return false
	}
	l.items = append(l.items[:i], l.items[i+1:]...)
	l.restyle(i)
	l.dirty(i)
	return true
}

// dropFirst and dropLast let go of n rows at an end.
func (l *rowList) dropFirst(n int) {
	l.items = append([]*rowItem(nil), l.items[n:]...)
	l.restyle(0)
	l.dirty(0)
}

func (l *rowList) dropLast(n int) {
	k := len(l.items) - n
	clear(l.items[k:])
	l.items = l.items[:k]
	l.dirty(k)
}

// restyle marks a row for measuring, because its neighbour changed. Past asides
// the next row of the conversation has the same neighbour.
func (l *rowList) restyle(i int) {
	for ; i >= 0 && i < len(l.items); i++ {
		l.items[i].exact, l.items[i].lay = false, nil
		if !l.items[i].ID.Aside {
			return
		}
	}
}

// staleAll marks all rows for measuring; until then their old heights serve as
// guesses.
func (l *rowList) staleAll() {
	for _, it := range l.items {
		it.exact, it.lay = false, nil
	}
}

// setHeight notes the measured height of a row.
func (l *rowList) setHeight(i int, h float32) {
	it := l.items[i]
	if b := i / blockRows; b < l.good {
		l.sums[b] += float64(h) - float64(it.height)
	}
	it.height, it.exact = h, true
}

// dirty forgets the block sums from row i on.
func (l *rowList) dirty(i int) {
	l.good = min(l.good, i/blockRows)
}

func (l *rowList) settleSums() {
	blocks := (len(l.items) + blockRows - 1) / blockRows
	for len(l.sums) < blocks {
		l.sums = append(l.sums, 0)
	}
	l.sums = l.sums[:blocks]
	for b := l.good; b < blocks; b++ {
		var s float64
		for _, it := range l.items[b*blockRows : min((b+1)*blockRows, len(l.items))] {
			s += float64(it.height)
		}
		l.sums[b] = s
	}
	l.good = blocks
}

// top gives how far row i is below the first one; i may be the number of rows.
func (l *rowList) top(i int) float32 {
	l.settleSums()
	var y float64
	b := i / blockRows
	for _, s := range l.sums[:b] {
		y += s
	}
	for _, it := range l.items[b*blockRows : i] {
		y += float64(it.height)
	}
	return float32(y)
}

// total gives the height of all rows.
func (l *rowList) total() float32 {
	l.settleSums()
	var y float64
	for _, s := range l.sums {
		y += s
	}
	return float32(y)
}

// at gives the row at a distance below the top of the first, and how far the
// row's own top is.
func (l *rowList) at(y float32) (i int, top float32) {
	l.settleSums()
	var acc float64
	b := 0
	for b < len(l.sums)-1 && acc+l.sums[b] <= float64(y) {
		acc += l.sums[b]
		b++
	}
	for i = b * blockRows; i < len(l.items)-1; i++ {
		h := float64(l.items[i].height)
		if acc+h > float64(y) {
			break
		}
		acc += h
	}
	return i, float32(acc)
}

// held tells whether both ends of a selection are among the rows.
func (s *selection) held(l *rowList) bool {
	_, from := l.find(s.from.row)
	_, to := l.find(s.upTo.row)
	return !s.on || from && to
}
