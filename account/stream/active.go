package stream

const nsCSI = "urn:xmpp:csi:0" // XEP-0352

// SetActive tells the Client whether the user is looking; at first it takes
// that to be so. A server that offers it (XEP-0352) is told, on this stream and
// on those to come, and may hold back what can wait while nobody looks. It may
// be called before Run, and never waits.
func (c *Client) SetActive(active bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.idle == !active {
		return
	}
	c.idle = !active
	if s := c.session; s != nil && c.state.Info.Has(nsCSI) {
		s.v.out.say(clientState(active))
	}
}

func (c *Client) inactive() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.idle
}

// tellActive is for a link that has just come: a new stream begins active, one
// that goes on does as the server likes. The Client is locked.
func (c *Client) tellActive(s *session, info Info) {
	if info.Has(nsCSI) && (c.idle || info.Resumed || info.Enabled(nsCSI)) {
		s.v.out.say(clientState(!c.idle))
	}
}

func clientState(active bool) string {
	if active {
		return "<active xmlns='" + nsCSI + "'/>"
	}
	return "<inactive xmlns='" + nsCSI + "'/>"
}
