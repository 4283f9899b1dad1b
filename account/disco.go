package account

import (
	"encoding/xml"
	"strings"

	"linnet/account/stream"
	"linnet/account/xep/avatar"
	"linnet/account/xep/blocking"
	"linnet/account/xep/caps"
	"linnet/account/xep/chatstates"
	"linnet/account/xep/correct"
	"linnet/account/xep/disco"
	"linnet/account/xep/fallback"
	"linnet/account/xep/hash"
	"linnet/account/xep/idle"
	"linnet/account/xep/markers"
	"linnet/account/xep/mds"
	"linnet/account/xep/nick"
	"linnet/account/xep/oob"
	"linnet/account/xep/reactions"
	"linnet/account/xep/receipts"
	"linnet/account/xep/reply"
	"linnet/account/xep/retract"
	"linnet/account/xep/roster"
	"linnet/account/xep/styling"
	"linnet/account/xep/version"
)

// clientName is how we call ourselves to others.
const clientName = "Linnet"

// capsNode says in our caps which program it is.
const capsNode = "https://linnet.im"

// pingNS is the namespace and feature of XEP-0199.
const pingNS = "urn:xmpp:ping"

// ownInfo is what we answer to disco#info, in the order in which XEP-0115
// hashes it. A feature is here when the account answers or understands it.
var ownInfo = disco.Info{
	Identities: []disco.Identity{{Category: "client", Type: "pc", Name: clientName}},
	Features: []disco.Feature{
		{Var: caps.NS},
		{Var: chatstates.NS},
		{Var: disco.NSInfo},
		{Var: disco.NSItems},
		{Var: nick.NS + "+notify"},
		{Var: version.NS},
		{Var: avatar.NSMetadata + "+notify"},
		{Var: oob.NS},
		{Var: markers.NS},
		{Var: hash.FeatureSHA256},
		{Var: hash.NS},
		{Var: idle.NS},
		{Var: mds.NS + "+notify"},
		{Var: pingNS},
		{Var: fallback.NS},
		{Var: correct.NS},
		{Var: retract.NS},
		{Var: reactions.NS},
		{Var: receipts.NS},
		{Var: reply.NS},
		{Var: styling.NS},
	},
}

// ownCaps goes with our presence.
var ownCaps = caps.C{Hash: "sha-1", Node: capsNode, Ver: ownVer()}

func ownVer() string {
	ver, err := caps.Hash("sha-1", &ownInfo)
	if err != nil {
		panic(err) // ownInfo is ill-formed, which its test excludes
	}
	return ver
}

// What the account answers. The elements are matched by name alone, so that a
// request with odd content gets an answer all the same.
var (
	rosterQuery  = xml.Name{Space: roster.NS, Local: "query"}
	infoQuery    = xml.Name{Space: disco.NSInfo, Local: "query"}
	itemsQuery   = xml.Name{Space: disco.NSItems, Local: "query"}
	versionQuery = xml.Name{Space: version.NS, Local: "query"}
	ping         = xml.Name{Space: pingNS, Local: "ping"}
	blockPush    = xml.Name{Space: blocking.NS, Local: "block"}
	unblockPush  = xml.Name{Space: blocking.NS, Local: "unblock"}
)

// takeIQ handles a request. What it leaves alone is answered by package stream
// with service-unavailable, as for an address that is not there.
func (in *intake) takeIQ(st *stream.Stanza) {
	if st.Type == "set" {
		switch {
		case st.Child(rosterQuery):
			in.takePush(st)
		case st.Child(blockPush), st.Child(unblockPush):
			in.takeBlocking(st)
		}
		return
	}
	if st.Type == "get" {
		in.answers = append(in.answers, func() { in.answerGet(st) })
	}
}

// answerGet answers a question. It comes after the batch has taken effect,
// since the push that lets a contact ask may be in it.
func (in *intake) answerGet(st *stream.Stanza) {
	if !in.a.mayAsk(st) {
		return
	}
	switch {
	case st.Child(infoQuery):
		in.answerInfo(st)
	case st.Child(itemsQuery):
		in.answerItems(st)
	case st.Child(ping):
		in.reply(st, nil)
	case st.Child(versionQuery):
		in.reply(st, version.Query{Name: clientName, Version: in.a.m.cfg.Version})
	}
}

// mayAsk tells whether the sender of a request may learn that we are here: our
// own account and server, and contacts that see our presence. To others the
// answer is the one they would get from the server if we were not.
func (a *Account) mayAsk(st *stream.Stanza) bool {
	from := st.From.JID
	if st.From.Raw == "" || from.Bare().Equal(a.own) || from.String() == a.own.Domainpart() {
		return true
	}
	return a.roster.entries[from.Bare().String()].seesUs()
}

func (in *intake) answerInfo(st *stream.Stanza) {
	var q struct {
		Info struct {
			Node string `xml:"node,attr"`
		} `xml:"http://jabber.org/protocol/disco#info query"`
	}
	if st.Decode(&q) != nil {
		return
	}
	node, ver, _ := strings.Cut(q.Info.Node, "#")
	if q.Info.Node != "" && (node != capsNode || ver != ownCaps.Ver) {
		in.replyError(st, "cancel", "item-not-found")
		return
	}
	info := ownInfo
	info.Node = q.Info.Node
	in.reply(st, info)
}

// answerItems says that there is nothing at whatever node was asked for.
func (in *intake) answerItems(st *stream.Stanza) {
	var q struct {
		Items struct {
			Node string `xml:"node,attr"`
		} `xml:"http://jabber.org/protocol/disco#items query"`
	}
	if st.Decode(&q) == nil {
		in.reply(st, disco.Items{Node: q.Items.Node})
	}
}

// reply answers a request.
func (in *intake) reply(st *stream.Stanza, payload any) {
	in.replied(in.l.client.Reply(st, payload))
}

func (in *intake) replyError(st *stream.Stanza, typ, condition string) {
	in.replied(in.l.client.ReplyError(st, stream.StanzaError{Type: typ, Condition: condition}))
}

// replied looks at the outcome: that the link is gone shows elsewhere.
func (in *intake) replied(err error) {
	if err != nil && err != stream.ErrOffline {
		in.a.log.Warn("could not answer a request", "err", err)
	}
}
