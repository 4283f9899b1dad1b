package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

type (
	unreadMark struct {
		set   bool
		after RowID
	}
	focusState         struct{ on bool }
	layouter           struct{}
	rowLayout          struct{}
	transcriptRenderer struct{}
)

const (
	clockFormat = "15:04"
	foldLines   = 40
)

func sanitise(s string) string { return s }

func (t *Transcript) init()                  {}
func (t *Transcript) reset()                 {}
func (t *Transcript) trim(end bool)          {}
func (t *Transcript) relayout()              {}
func (t *Transcript) redraw()                {}
func (t *Transcript) admit(rows []Row) []Row { return rows }
func (t *Transcript) unreadRow() int         { return -1 }

// CreateRenderer is for Fyne.
func (t *Transcript) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{})
}
