package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
)

// bare tells whether a row is its text and nothing else.
func (it *rowItem) bare() bool {
	return it.said.blocks == nil && it.Quote == nil && len(it.Files) == 0 && len(it.Links) == 0
}

// actPart does what a part of row i besides its text is for.
func (t *Transcript) actPart(i int, hit rowHit) {
	it := t.rows.items[i]
	tell := func(f func(RowID)) {
		if f != nil {
			f(it.ID)
		}
	}
	switch hit.kind {
	case hitDrop:
		tell(t.OnDrop)
	case hitQuote:
		tell(t.OnQuote)
	case hitEdits:
		tell(t.OnEdits)
	case hitReact:
		if t.OnReact != nil {
			t.OnReact(it.ID, it.Reactions[hit.n].Emoji)
		}
	case hitReactMore:
		if t.OnReactMore != nil {
			t.OnReactMore(it.ID, t.onCanvas(i, hit.x, hit.y+hit.h))
		}
	case hitCard:
		if t.OnOpenLink != nil {
			t.OnOpenLink(it.Links[hit.n].URL)
		}
	case hitFile:
		if act, ok := it.Files[hit.n].act(); ok && t.OnFile != nil {
			t.OnFile(it.ID, hit.n, act)
		}
	case hitSpeed:
		if t.OnFile != nil {
			t.OnFile(it.ID, hit.n, FileFaster)
		}
	}
}

// onCanvas gives where a place of row i, which is in view, is on the canvas.
func (t *Transcript) onCanvas(i int, x, y float32) fyne.Position {
	y += t.view.firstY + t.rows.top(i) - t.rows.top(t.view.first)
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(t).AddXY(x, max(0, y))
}

// tipOf gives what a tooltip says of a part of a row, and where that is.
func (it *rowItem) tipOf(hit rowHit) (text string, over rowBox) {
	over = rowBox{x: hit.x, y: hit.y, w: hit.w, h: hit.h}
	switch hit.kind {
	case hitReact:
		text = it.Reactions[hit.n].Who
	case hitReactMore:
		text = lang.L("Add a reaction")
	case hitEdits:
		text = lang.L("Show the earlier words")
	case hitQuote:
		text = lang.L("Go to this message")
	case hitCard:
		text = it.Links[hit.n].URL
	case hitFile:
		text = it.Files[hit.n].Name
		if it.Files[hit.n].Kind == FileSound {
			text = it.Files[hit.n].soundTip()
		}
	case hitSpeed:
		text = lang.L("Speed")
	}
	return text, over
}

// Pictures draws pictures anew, after what OnPicture gives for a key changed.
func (t *Transcript) Pictures(key string) {
	for _, v := range t.drawn.views {
		for i := range v.lay.pictures {
			if v.lay.pictures[i].key == key {
				v.lay = nil // which has it drawn
				break
			}
		}
	}
	t.redraw()
}

// picture draws what there is of a picture.
func (v *rowView) picture(p *rowPicture) {
	if v.source == nil {
		return
	}
	im := v.source(p.key, int(p.w*v.scale), int(p.h*v.scale))
	if im == nil {
		return
	}
	if v.nView == len(v.views) {
		v.views = append(v.views, &canvas.Image{FillMode: canvas.ImageFillCover})
	}
	o := v.views[v.nView]
	v.nView++
	o.CornerRadius = p.radius
	if o.Image != im {
		o.Image = im
		o.Refresh()
	}
	put(o, p.x, p.y, p.w, p.h)
	v.box.Objects = append(v.box.Objects, o)
}

// dropPictures lets go of the pictures, of which the toolkit keeps a copy.
func (v *rowView) dropPictures() {
	for _, o := range v.views {
		if o.Image != nil {
			o.Image = nil
			o.Refresh()
		}
	}
}
