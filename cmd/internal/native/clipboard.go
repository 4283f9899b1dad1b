package native

import (
	"context"

	"linnet/app"
)

// Clipboard is the clipboard of the system. Its methods may be called on any
// goroutine, Read and SetPicture on any but the UI's.
type Clipboard struct {
	sys system
	// busy is held while the system is spoken to. The program something was copied
	// in makes it only when it is wanted, the system waits for that, and nothing
	// can end the wait.
	busy chan struct{}
}

// system is a clipboard without its waiting.
type system interface {
	// offers tells in which forms what was copied is to be had. It asks nobody
	// else, and reads nothing of it.
	offers() forms
	// picture and files read what was copied; files may hold anything.
	picture(context.Context) ([]byte, error)
	files(context.Context) ([]string, error)
	// set puts a PNG in its place.
	set(ctx context.Context, png []byte) error
}

// forms says what can be had of what was copied.
type forms struct{ files, text, picture bool }

func newClipboard(sys system) *Clipboard { return &Clipboard{sys, make(chan struct{}, 1)} }

// Holds tells what was copied last.
func (c *Clipboard) Holds() app.Copied {
	switch f := c.sys.offers(); {
	case f.files: // often with their names as text, and a picture of each
		return app.CopiedFiles
	case f.picture && !f.text:
		return app.CopiedPicture
	}
	return app.CopiedOther
}

// Read gets what Holds tells of. When ctx ends before the program it was copied in
// has answered, a goroutine stays with it until it does; there is one at most.
func (c *Clipboard) Read(ctx context.Context) (picture []byte, files []string, err error) {
	switch c.Holds() {
	case app.CopiedPicture:
		picture, err = wait(ctx, c, c.sys.picture)
	case app.CopiedFiles:
		files, err = wait(ctx, c, c.sys.files)
	}
	return picture, absolute(files), err
}

// SetPicture puts a PNG onto the clipboard, where it stays when the program ends.
func (c *Clipboard) SetPicture(ctx context.Context, png []byte) error {
	_, err := wait(ctx, c, func(ctx context.Context) (struct{}, error) { return struct{}{}, c.sys.set(ctx, png) })
	return err
}

// wait does something with the system when nothing else is done with it, and
// gives up when ctx ends.
func wait[T any](ctx context.Context, c *Clipboard, do func(context.Context) (T, error)) (T, error) {
	var none T
	select {
	case c.busy <- struct{}{}:
	case <-ctx.Done():
		return none, ctx.Err()
	}
	type result struct {
		of  T
		err error
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-c.busy }()
		of, err := do(ctx)
		done <- result{of, err}
	}()
	select {
	case r := <-done:
		return r.of, r.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}
