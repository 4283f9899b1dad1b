package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// cover is a ground that lets the pointer reach nothing under it.
type cover struct{ ground }

// NewCover makes a background for what may lie over something else: what is not
// taken by what stands on it goes no further.
func NewCover(c fyne.ThemeColorName) fyne.CanvasObject {
	v := &cover{ground{color: c}}
	v.ExtendBaseWidget(v)
	return v
}

// The pointer ends here.
func (*cover) MouseIn(*desktop.MouseEvent)      {}
func (*cover) MouseMoved(*desktop.MouseEvent)   {}
func (*cover) MouseOut()                        {}
func (*cover) MouseDown(*desktop.MouseEvent)    {}
func (*cover) MouseUp(*desktop.MouseEvent)      {}
func (*cover) Tapped(*fyne.PointEvent)          {}
func (*cover) TappedSecondary(*fyne.PointEvent) {}
func (*cover) Dragged(*fyne.DragEvent)          {}
func (*cover) DragEnd()                         {}
func (*cover) Scrolled(*fyne.ScrollEvent)       {}
