//go:build linux

package main

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/servertest"
	"linnet/account/stream"
	"linnet/account/xep/mam"
)

// person is somebody at the other end, who notes when what arrives, and sends.
type person struct {
	client *stream.Client
	jid    jid.JID // of the connection
	online chan jid.JID
	came   chan visit
	heard  chan time.Time
	leave  func()

	results atomic.Int64 // of archives
}

// visit is a presence of the program.
type visit struct {
	at        time.Time
	from      jid.JID
	available bool
}

type presence struct {
	XMLName xml.Name `xml:"presence"`
}

type message struct {
	XMLName xml.Name `xml:"message"`
	To      string   `xml:"to,attr"`
	Type    string   `xml:"type,attr"`
	Body    string   `xml:"body"`
}

// enter brings a user of the server online.
func enter(ctx context.Context, server *servertest.Server, name string) (*person, error) {
	ctx, cancel := context.WithCancel(ctx)
	p := &person{online: make(chan jid.JID, 1), came: make(chan visit, 64), heard: make(chan time.Time, 2*received)}
	p.client = stream.New(stream.Config{
		JID: jid.MustParse(name + "@" + domain), Resource: "bench", Password: server.Password(name),
		Host: server.Host, Port: server.Port, Roots: server.Roots, Log: slog.New(slog.DiscardHandler),
	}, p)
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.client.Run(ctx)
	}()
	p.leave = func() { cancel(); <-done }
	var err error
	if p.jid, err = receive(ctx, p.online, name+" online"); err == nil {
		err = p.client.Send(presence{})
	}
	if err != nil {
		p.leave()
		return nil, err
	}
	return p, nil
}

// say sends one message.
func (p *person) say(to, body string) error {
	return p.client.Send(message{To: to, Type: "chat", Body: body})
}

// flood sends n messages as fast as the connection takes them, then a ping,
// and waits for its answer.
func (p *person) flood(ctx context.Context, to jid.JID, n int) error {
	for i := range n {
		body := fmt.Sprintf("Message %d of many that come at once, of a usual length", i)
		err := p.say(to.String(), body)
		for errors.Is(err, stream.ErrBusy) && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
			err = p.say(to.String(), body)
		}
		if err != nil {
			return err
		}
	}
	return p.ping(ctx, to)
}

// ping waits for the answer of another connection.
func (p *person) ping(ctx context.Context, to jid.JID) error {
	var answer struct{ XMLName xml.Name }
	ping := struct {
		XMLName xml.Name `xml:"urn:xmpp:ping ping"`
	}{}
	return p.client.IQ(ctx, to, "get", ping, &answer)
}

// forget drops what was heard.
func (p *person) forget() {
	for len(p.heard) > 0 {
		<-p.heard
	}
}

// StateChanged implements stream.Handler.
func (p *person) StateChanged(st stream.State) {
	if st.Phase == stream.Online {
		select {
		case p.online <- st.Info.JID:
		default: // nobody has asked since the last
		}
	}
}

// Stanzas implements stream.Handler.
func (p *person) Stanzas(batch []*stream.Stanza) error {
	now := time.Now()
	for _, st := range batch {
		switch {
		case st.Kind == stream.Presence && (st.Type == "" || st.Type == "unavailable") && st.From.JID.Localpart() == "romeo":
			select {
			case p.came <- visit{now, st.From.JID, st.Type == ""}:
			default: // nobody asks this one
			}
		case st.Kind == stream.Message && st.Child(xml.Name{Local: "body"}):
			p.heard <- now
		case st.Kind == stream.Message && st.Child(xml.Name{Space: mam.NS, Local: "result"}):
			p.results.Add(1)
		case st.Kind == stream.IQ && st.Child(xml.Name{Space: "urn:xmpp:ping", Local: "ping"}):
			if err := p.client.Reply(st, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// Acknowledged implements stream.Handler.
func (p *person) Acknowledged(uint64) {}
