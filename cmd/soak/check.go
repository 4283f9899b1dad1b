//go:build unix

package main

import (
	"context"
	"fmt"

	"linnet/storage"
)

// entry is a message of one of ours in a list of messages.
type entry struct {
	direction string
	n         int
	state     storage.MessageState // on a device
	id        string               // origin-id
}

// holding is what one place has, in its order.
type holding struct {
	place   string
	account string // whose conversation it is: the direction that is outgoing
	device  bool   // has states; else it is an archive of the server
	list    []entry
	strange int // messages nobody wrote, or not so
}

// onDevices reads what the devices have, none of which runs.
func (s *soak) onDevices() ([]holding, error) {
	var all []holding
	for _, d := range s.devices {
		h, err := read(d.setup)
		if err != nil {
			return nil, fmt.Errorf("the archive of %s: %w", d.name, err)
		}
		h.place = d.name
		all = append(all, h)
	}
	return all, nil
}

// read reads the conversation of a device.
func read(d setup) (holding, error) {
	h := holding{account: d.Own, device: true}
	store, err := openArchive(d.Dir)
	if err != nil {
		return h, err
	}
	defer store.Close()
	err = store.View(func(tx *storage.Tx) error {
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		if len(accounts) != 1 {
			return fmt.Errorf("%d accounts", len(accounts))
		}
		chat, found, err := tx.FindChat(accounts[0].ID, d.Peer)
		if err != nil || !found {
			return err
		}
		return eachMessage(tx, chat.ID, func(m *storage.Message) {
			if !h.add(m.Body, m.OriginID, m.State) {
				return
			}
			if last := h.list[len(h.list)-1]; m.Out != (last.direction == h.account) {
				h.strange++
			}
		})
	})
	return h, err
}

// add puts a message at the end; false means that it is none of ours.
func (h *holding) add(body, id string, state storage.MessageState) bool {
	direction, n, ok := numberOf(body)
	if !ok {
		h.strange++
		return false
	}
	h.list = append(h.list, entry{direction, n, state, id})
	return true
}

// look is how one direction looks in one place. A copy is a message that comes
// twice with one origin-id in an archive of the server. Lost are those that the
// server took from the sender and forgot to keep: one that is stopped or frozen
// may do that, and nobody else can mend it.
type look struct {
	place, direction                          string
	have                                      int
	missing, lost, doubled, copies, misplaced []int // the numbers of the messages
	states                                    [storage.StateFailed + 1]int
	outgoing                                  bool // on a device: there it has states
}

// compare looks at every direction in every place.
func compare(places []holding, messages int) []look {
	var all []look
	for _, direction := range []string{"alice", "bob"} {
		for _, h := range places {
			all = append(all, h.look(direction, messages, lostByServer(places, direction, h.account)))
		}
	}
	return all
}

// takenByServer gives the messages of one direction that the server has taken:
// they are in one of its archives or with the receiver.
func takenByServer(places []holding, direction string) numbers {
	taken := make(numbers)
	for _, h := range places {
		if !h.device || h.account != direction {
			h.each(direction, func(n int) { taken[n] = struct{}{} })
		}
	}
	return taken
}

// lostByServer gives the messages that the server has taken and does not have in
// the archive of an account; nothing where places has no such archive.
func lostByServer(places []holding, direction, account string) numbers {
	for _, h := range places {
		if !h.device && h.account == account {
			lost := takenByServer(places, direction)
			h.each(direction, func(n int) { delete(lost, n) })
			return lost
		}
	}
	return nil
}

// each gives the numbers of one direction.
func (h *holding) each(direction string, f func(n int)) {
	for _, e := range h.list {
		if e.direction == direction {
			f(e.n)
		}
	}
}

// look finds what is wrong with one direction, some of which the server has lost.
func (h *holding) look(direction string, messages int, lost numbers) look {
	l := look{place: h.place, direction: direction, outgoing: h.device && h.account == direction}
	seen := make(map[int]string)
	highest := 0
	for _, e := range h.list {
		if e.direction != direction {
			continue
		}
		id, again := seen[e.n]
		seen[e.n] = e.id
		switch {
		case again && !h.device && id != "" && id == e.id:
			l.copies = append(l.copies, e.n)
		case again:
			l.doubled = append(l.doubled, e.n)
		case e.n < highest:
			l.misplaced = append(l.misplaced, e.n)
		}
		highest = max(highest, e.n)
		if l.outgoing {
			l.states[e.state]++
		}
	}
	l.have = len(seen)
	for n := 1; n <= messages; n++ {
		_, here := seen[n]
		_, gone := lost[n]
		switch {
		case here:
		case gone:
			l.lost = append(l.lost, n)
		default:
			l.missing = append(l.missing, n)
		}
	}
	return l
}

// check looks at what all have in the end.
func (s *soak) check(ctx context.Context) {
	places, err := s.onDevices()
	if err != nil {
		s.outcome.violate("%v", err)
		return
	}
	for _, d := range []*process{s.devices[alice], s.devices[bob]} {
		h, err := s.onServer(ctx, d.setup)
		if err != nil {
			s.outcome.violate("the archive of %s at the server: %v", d.name, err)
			return
		}
		places = append(places, h)
	}
	s.outcome.after = compare(places, s.messages)
	s.outcome.judge(places)
}

// judge finds what must not be.
func (o *outcome) judge(places []holding) {
	for _, h := range places {
		if h.strange > 0 {
			o.violate("%s has %d messages nobody wrote", h.place, h.strange)
		}
	}
	for _, l := range o.after {
		for what, list := range map[string][]int{
			"missing": l.missing, "doubled": l.doubled, "copies": l.copies, "misplaced": l.misplaced,
		} {
			if len(list) > 0 && (what != "copies" || !servers[o.server].copies) {
				o.violate("%s, messages of %s: %d %s: %s", l.place, l.direction, len(list), what, some(list))
			}
		}
	}
	for _, h := range places {
		if h.device {
			o.judgeStates(h, places)
		}
	}
}

// judgeStates wants every state of a device to be true: what is sent was taken by
// the server, what is delivered is with a device of the other, what is
// read was read there, and nothing waits or has failed.
func (o *outcome) judgeStates(h holding, places []holding) {
	atServer, delivered := takenByServer(places, h.account), make(numbers)
	for _, other := range places {
		if other.device && other.account != h.account {
			other.each(h.account, func(n int) { delivered[n] = struct{}{} })
		}
	}
	wrong := make(map[string][]int)
	for _, e := range h.list {
		if e.direction != h.account {
			if e.state != storage.StateReceived {
				wrong["not received"] = append(wrong["not received"], e.n)
			}
			continue
		}
		if why := untrue(e, atServer, delivered, o.messages); why != "" {
			wrong[why] = append(wrong[why], e.n)
		}
	}
	for why, list := range wrong {
		o.violate("%s: %d messages are %s: %s", h.place, len(list), why, some(list))
	}
}

// untrue says what is wrong with the state of an outgoing message. Read may
// also be one that never came: who has read a message has read those before it.
func untrue(e entry, atServer, delivered numbers, messages int) string {
	_, archived := atServer[e.n]
	_, there := delivered[e.n]
	switch {
	case e.state == storage.StateReceived:
		return "incoming"
	case e.state == storage.StateWaiting:
		return "still waiting"
	case e.state == storage.StateFailed:
		return "failed"
	case !archived:
		return "sent, and not at the server"
	case e.state == storage.StateDelivered && !there:
		return "delivered, and not there"
	case e.state == storage.StateRead && e.n > lastRead(messages):
		return "read, and nobody has"
	}
	return ""
}

// lastRead is the last message that is read: not all are, so that a state that
// says more than is true is seen.
func lastRead(messages int) int { return messages * 3 / 4 }

// some gives the first of a list of numbers.
func some(list []int) string {
	const few = 12
	if len(list) <= few {
		return fmt.Sprint(list)
	}
	return fmt.Sprint(list[:few], " ...")
}
