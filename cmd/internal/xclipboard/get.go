//go:build unix && !darwin

package xclipboard

import (
	"context"
	"errors"
)

var (
	errRefused = errors.New("it is not to be had in this form")
	errLarge   = errors.New("it is too large")
)

// get asks the owner of the clipboard for what it has, in a form, up to so many
// bytes. kind is what it calls what it gave.
func (c *Clipboard) get(ctx context.Context, target uint32, most int) (kind uint32, data []byte, err error) {
	select {
	case c.reading <- struct{}{}:
	case <-ctx.Done():
		return 0, nil, ctx.Err()
	}
	defer func() { <-c.reading }()
	drain(c.notified)
	drain(c.property)
	const currentTime = 0
	err = c.x.send(request(reqConvert, 0, []uint32{c.window, c.atoms.clipboard, target, c.atoms.property, currentTime}))
	if err != nil {
		return 0, nil, err
	}
	for {
		e, err := next(ctx, c.notified)
		if err != nil {
			return 0, nil, err
		}
		if order.Uint32(e[12:]) != c.atoms.clipboard || order.Uint32(e[16:]) != target {
			continue // of a question that was given up
		}
		if order.Uint32(e[20:]) == 0 {
			return 0, nil, errRefused
		}
		break
	}
	drain(c.property) // that it came is no news of what follows
	kind, data, err = c.take(ctx, nil, most)
	if err != nil || kind != c.atoms.incr {
		return kind, data, err
	}
	return c.getParts(ctx, most)
}

// getParts takes what comes in parts, each in the place of the one before, the
// last of which is empty. Taking the announcement away has asked for the first.
func (c *Clipboard) getParts(ctx context.Context, most int) (kind uint32, data []byte, err error) {
	for {
		e, err := next(ctx, c.property)
		if err != nil {
			return 0, nil, err
		}
		const newValue = 0
		if e[16] != newValue || order.Uint32(e[8:]) != c.atoms.property {
			continue
		}
		before := len(data)
		if kind, data, err = c.take(ctx, data, most); err != nil || len(data) == before {
			return kind, data, err
		}
	}
}

// take adds what lies in our property to data and takes it away.
func (c *Clipboard) take(ctx context.Context, data []byte, most int) (kind uint32, all []byte, err error) {
	begin := len(data)
	for {
		const anyType = 0
		at := len(data) - begin
		reply, err := c.x.ask(ctx, request(reqGetProperty, 0, []uint32{c.window, c.atoms.property, anyType, uint32(at / 4), maxPart / 4}))
		if err != nil {
			return 0, nil, err
		}
		unit, left := int(reply[1])/8, int(order.Uint32(reply[12:]))
		n := int(order.Uint32(reply[16:])) * unit
		kind = order.Uint32(reply[8:])
		if n > len(reply)-32 {
			return 0, nil, errGone
		}
		if len(data)+n+left > most && kind != c.atoms.incr {
			return 0, nil, errLarge
		}
		data = append(data, reply[32:32+n]...)
		if left == 0 || n == 0 {
			return kind, data, c.x.send(request(reqDeleteProperty, 0, []uint32{c.window, c.atoms.property}))
		}
	}
}

// next waits for an event.
func next(ctx context.Context, from <-chan []byte) ([]byte, error) {
	select {
	case e := <-from:
		return e, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func drain(c chan []byte) {
	for {
		select {
		case <-c:
		default:
			return
		}
	}
}
