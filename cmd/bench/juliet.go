//go:build linux

package main

import (
	"context"
	"encoding/xml"
	"errors"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
)

// juliet is the other end: she notes when what arrives, and sends.
type juliet struct {
	client *stream.Client
	online chan struct{}
	came   chan visit
	heard  chan time.Time
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

// send waits when more is on its way than the connection takes.
func (j *juliet) send(ctx context.Context, m message) error {
	for {
		err := j.client.Send(m)
		if !errors.Is(err, stream.ErrBusy) {
			return err
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// StateChanged implements stream.Handler.
func (j *juliet) StateChanged(st stream.State) {
	if st.Phase == stream.Online {
		j.online <- struct{}{}
	}
}

// Stanzas implements stream.Handler.
func (j *juliet) Stanzas(batch []*stream.Stanza) error {
	now := time.Now()
	for _, st := range batch {
		switch {
		case st.From.JID.Localpart() != "romeo":
		case st.Kind == stream.Presence && (st.Type == "" || st.Type == "unavailable"):
			j.came <- visit{now, st.From.JID, st.Type == ""}
		case st.Kind == stream.Message && st.Child(xml.Name{Local: "body"}):
			j.heard <- now
		}
	}
	return nil
}

// Acknowledged implements stream.Handler.
func (j *juliet) Acknowledged(uint64) {}
