package app

import "time"

const (
	// passingKept is how long what is drawn is kept while rows pass.
	passingKept = 750 * time.Millisecond
	// passingOver is when rows pass no more. What is in view is then drawn once
	// again, to be kept for long, before it is let go of.
	passingOver = 400 * time.Millisecond
)

// rowsPass is Transcript.OnPass: it has the toolkit let go of text soon that goes
// out of view, as long as that goes on.
func (p *chatPane) rowsPass() {
	keep := p.a.cfg.KeepTextures
	if keep == nil {
		return
	}
	keep(passingKept)
	p.passed()
	p.passed = p.a.after(passingOver, func() {
		keep(0)
		p.view.Repaint()
	})
}
