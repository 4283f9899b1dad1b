//go:build unix && !darwin

package xclipboard

import (
	"context"
	"errors"
	"slices"
)

// transfer is a picture that is handed over in parts.
type transfer struct {
	window, property uint32
	left             []byte
}

// SetPicture puts a PNG onto the clipboard. It stays there until something else
// is copied, or the Clipboard is closed.
func (c *Clipboard) SetPicture(ctx context.Context, png []byte) error {
	c.mu.Lock()
	c.own = png
	c.mu.Unlock()
	const currentTime = 0
	if err := c.x.send(request(reqSetOwner, 0, []uint32{c.window, c.atoms.clipboard, currentTime})); err != nil {
		return err
	}
	reply, err := c.x.ask(ctx, request(reqGetOwner, 0, []uint32{c.atoms.clipboard}))
	if err != nil {
		return err
	}
	if order.Uint32(reply[8:]) != c.window {
		return errors.New("the clipboard was taken by another program")
	}
	return nil
}

// event takes an event of the X server, in the goroutine that reads.
func (c *Clipboard) event(e []byte) {
	const sent = 0x80
	switch e[0] &^ sent {
	case eventNotify:
		offer(c.notified, e)
	case eventProperty:
		if order.Uint32(e[4:]) == c.window {
			offer(c.property, e)
		} else {
			c.handOn(order.Uint32(e[4:]), order.Uint32(e[8:]), e[16])
		}
	case eventClear:
		c.mu.Lock()
		c.own = nil
		c.mu.Unlock()
	case eventRequest:
		c.hand(e)
	case c.fixes:
		if c.fixes != 0 {
			c.changed()
		}
	}
}

// offer hands an event to who reads. One that has no room is of no use any more:
// there are only so many at a time.
func offer(to chan []byte, e []byte) {
	select {
	case to <- e:
	default:
	}
}

// hand answers a program that wants what we have put onto the clipboard.
func (c *Clipboard) hand(e []byte) {
	at, requestor, selection := order.Uint32(e[4:]), order.Uint32(e[12:]), order.Uint32(e[16:])
	target, property := order.Uint32(e[20:]), order.Uint32(e[24:])
	if property == 0 {
		property = target // as programs of long ago ask
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	answered := property
	switch {
	case selection != c.atoms.clipboard || c.own == nil:
		answered = 0
	case target == c.atoms.targets:
		var all []byte
		for _, t := range []uint32{c.atoms.targets, c.atoms.timestamp, c.atoms.png} {
			all = order.AppendUint32(all, t)
		}
		c.put(requestor, property, c.atoms.atom, 32, all)
	case target == c.atoms.timestamp:
		c.put(requestor, property, c.atoms.integer, 32, order.AppendUint32(nil, at))
	case target != c.atoms.png:
		answered = 0
	case len(c.own) <= c.part():
		c.put(requestor, property, c.atoms.png, 8, c.own)
	default:
		if len(c.outs) == maxTransfers {
			c.outs = c.outs[1:]
		}
		c.outs = append(c.outs, &transfer{window: requestor, property: property, left: c.own})
		const eventMask = 1 << 11
		c.request(request(reqChangeAttributes, 0, []uint32{requestor, eventMask, propertyChange}))
		c.put(requestor, property, c.atoms.incr, 32, order.AppendUint32(nil, uint32(len(c.own))))
	}
	notify := make([]byte, 32)
	notify[0] = eventNotify
	for i, v := range []uint32{at, requestor, selection, target, answered} {
		order.PutUint32(notify[4+4*i:], v)
	}
	const noMask = 0
	c.request(request(reqSendEvent, 0, []uint32{requestor, noMask}, notify...))
}

// part is how much goes into one request.
func (c *Clipboard) part() int { return min(maxPart, c.x.most) - 64 }

// handOn gives the next part to a program that has taken the one before.
func (c *Clipboard) handOn(window, property uint32, state byte) {
	const deleted = 1
	if state != deleted {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.outs, func(t *transfer) bool { return t.window == window && t.property == property })
	if i < 0 {
		return
	}
	t := c.outs[i]
	n := min(len(t.left), c.part())
	c.put(window, property, c.atoms.png, 8, t.left[:n])
	if n == 0 {
		c.outs = slices.Delete(c.outs, i, i+1)
		const eventMask, nothing = 1 << 11, 0
		c.request(request(reqChangeAttributes, 0, []uint32{window, eventMask, nothing}))
		return
	}
	t.left = t.left[n:]
}

// put writes a property of another window, in units of so many bits.
func (c *Clipboard) put(window, property, kind uint32, unit int, data []byte) {
	const replace = 0
	c.request(request(reqChangeProperty, replace, []uint32{window, property, kind, uint32(unit), uint32(8 * len(data) / unit)}, data...))
}

// request makes a request in the goroutine that reads. That the server is gone
// shows there, too.
func (c *Clipboard) request(b []byte) { _ = c.x.send(b) }
