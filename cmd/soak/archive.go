//go:build unix

package main

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/mam"
	"linnet/account/xep/rsm"
	"linnet/account/xep/stanzaid"
	"linnet/storage"
)

const (
	// pageTime bounds a page of the server's archive: to find one, Prosody
	// reads all of it.
	pageTime = time.Minute
	// pageSize is more than servers give at once.
	pageSize = 250
)

// archived is what is read of a message in the server's archive.
type archived struct {
	Body     string            `xml:"jabber:client body"`
	OriginID stanzaid.OriginID `xml:"urn:xmpp:sid:0 origin-id"`
}

// reader is a client that only reads an archive.
type reader struct {
	client  *stream.Client
	online  chan struct{}
	results chan mam.Result[archived]
}

// onServer reads the conversation of a device's account in the server's archive.
func (s *soak) onServer(ctx context.Context, d setup) (holding, error) {
	h := holding{place: "archive of " + d.Own, account: d.Own}
	ctx, cancel := context.WithCancel(ctx)
	own := jid.MustParse(d.Address)
	r := &reader{online: make(chan struct{}, 1), results: make(chan mam.Result[archived], pageSize)}
	r.client = stream.New(stream.Config{
		JID: own, Resource: "archive", Password: d.Password,
		Host: s.server.Host, Port: s.server.Port, Roots: s.server.Roots,
	}, r)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.client.Run(ctx)
	}()
	defer func() { cancel(); <-ended }()
	select {
	case <-r.online:
	case <-time.After(pageTime):
		return h, fmt.Errorf("not online: %+v", r.client.State())
	}
	after := ""
	for {
		last, complete, err := r.page(ctx, own, d.Peer, after, &h)
		if err != nil || complete || last == "" {
			return h, err
		}
		after = last
	}
}

// page reads the page behind an id, and gives the id of its last message.
func (r *reader) page(ctx context.Context, own jid.JID, peer, after string, h *holding) (last string, complete bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	most := pageSize
	q := mam.Query{QueryID: "soak", Form: mam.Filter{With: peer}.Form(), Set: &rsm.Set{Max: &most}}
	if after != "" {
		q.Set.After = &after
	}
	var fin mam.Fin
	if err := r.client.IQ(ctx, own, "set", q, &fin); err != nil {
		return "", false, err
	}
	if fin.Set == nil {
		return "", false, errors.New("a page without a set")
	}
	for fin.Set.Last != "" && last != fin.Set.Last {
		select {
		case m := <-r.results:
			if last = m.ID; m.Forwarded.Message != nil && m.Forwarded.Message.Body != "" {
				h.add(m.Forwarded.Message.Body, m.Forwarded.Message.OriginID.ID, storage.StateReceived)
			}
		case <-ctx.Done():
			return "", false, ctx.Err()
		}
	}
	return last, fin.Complete, nil
}

// StateChanged implements stream.Handler.
func (r *reader) StateChanged(s stream.State) {
	if s.Phase == stream.Online {
		notify(r.online)
	}
}

// Stanzas implements stream.Handler.
func (r *reader) Stanzas(batch []*stream.Stanza) error {
	for _, st := range batch {
		var m struct {
			Result *mam.Result[archived] `xml:"urn:xmpp:mam:2 result"`
		}
		if st.Kind == stream.Message && st.Child(xml.Name{Space: mam.NS, Local: "result"}) && st.Decode(&m) == nil && m.Result != nil {
			r.results <- *m.Result
		}
	}
	return nil
}

// Acknowledged implements stream.Handler.
func (r *reader) Acknowledged(uint64) {}
