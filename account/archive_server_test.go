package account

import (
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// fakeArchive is the archive of testAddress (XEP-0313).
type fakeArchive struct {
	list    []kept // oldest first
	most    int    // results of a page; 0: as many as are asked for
	seconds bool   // it tells whole seconds
	counts  bool   // it tells how many there are
	refuse  string // the condition with which it answers; empty: it gives pages

	// script answers in its place when it returns true.
	script func(c *fakeConn, id string, q asked) bool

	queries []asked // that came
}

// kept is one message of an archive.
type kept struct {
	id    string
	stamp time.Time
	with  string // bare JID of the conversation
	xml   string // the message
}

// asked is one query.
type asked struct {
	XMLName xml.Name `xml:"urn:xmpp:mam:2 query"`
	QueryID string   `xml:"queryid,attr"`
	Form    struct {
		Fields []struct {
			Var   string `xml:"var,attr"`
			Value string `xml:"value"`
		} `xml:"field"`
	} `xml:"jabber:x:data x"`
	Set struct {
		Max    int     `xml:"max"`
		Before *string `xml:"before"`
		After  *string `xml:"after"`
	} `xml:"http://jabber.org/protocol/rsm set"`
}

func (q *asked) field(name string) string {
	for _, f := range q.Form.Fields {
		if f.Var == name {
			return f.Value
		}
	}
	return ""
}

var errLost = errors.New("item-not-found")

// told is the time an archive tells.
func (f *fakeArchive) told(t time.Time) time.Time {
	if f.seconds {
		return t.Truncate(time.Second)
	}
	return t.Truncate(time.Millisecond)
}

// page gives what a query asks for.
func (f *fakeArchive) page(with, start, end string, most int, before, after *string) (page []kept, complete bool, err error) {
	bound := func(s string) time.Time {
		t, _ := time.Parse(time.RFC3339Nano, s)
		return t
	}
	var all []kept
	for _, k := range f.list {
		at := f.told(k.stamp)
		if with != "" && k.with != with || start != "" && at.Before(bound(start)) || end != "" && at.After(bound(end)) {
			continue
		}
		all = append(all, k)
	}
	place := func(id string) int { return slices.IndexFunc(f.list, func(k kept) bool { return k.id == id }) }
	if after != nil && *after != "" {
		i := place(*after)
		if i < 0 {
			return nil, false, errLost
		}
		all = slices.DeleteFunc(all, func(k kept) bool { return place(k.id) <= i })
	}
	if before != nil && *before != "" {
		i := place(*before)
		if i < 0 {
			return nil, false, errLost
		}
		all = slices.DeleteFunc(all, func(k kept) bool { return place(k.id) >= i })
	}
	if f.most != 0 {
		most = min(most, f.most)
	}
	n := min(most, len(all))
	if before != nil {
		return all[len(all)-n:], n == len(all), nil
	}
	return all[:n], n == len(all), nil
}

// answer answers a query as it comes in an IQ; false when it is none.
func (f *fakeArchive) answer(c *fakeConn, e element) bool {
	var q asked
	if xml.Unmarshal([]byte(e.Inner), &q) != nil {
		return false
	}
	f.queries = append(f.queries, q)
	id := e.attr("id")
	if f.script != nil && f.script(c, id, q) {
		return true
	}
	page, complete, err := f.page(q.field("with"), q.field("start"), q.field("end"), q.Set.Max, q.Set.Before, q.Set.After)
	if one := q.field("ids"); one != "" {
		page, complete, err = nil, true, errLost
		if i := slices.IndexFunc(f.list, func(k kept) bool { return k.id == one }); i >= 0 {
			page, err = f.list[i:i+1], nil
		}
	}
	condition := f.refuse
	if err != nil {
		condition = err.Error()
	}
	if condition != "" {
		c.send("<iq type='error' id='%s'><error type='cancel'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", id, condition)
		return true
	}
	c.send("%s", f.results(q.QueryID, page))
	f.finish(c, id, page, complete)
	return true
}

// results gives the messages of a page as they are sent.
func (f *fakeArchive) results(query string, page []kept) string {
	var b strings.Builder
	for _, k := range page {
		b.WriteString(resultOf(testAddress, query, k.id, f.told(k.stamp).UTC().Format("2006-01-02T15:04:05.000Z"), k.xml))
	}
	return b.String()
}

func resultOf(from, query, id, stamp, message string) string {
	return fmt.Sprintf("<message from='%s' to='%s/linnet.test'><result xmlns='urn:xmpp:mam:2' queryid='%s' id='%s'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='%s'/>%s</forwarded></result></message>",
		from, testAddress, query, id, stamp, message)
}

// finish ends a page.
func (f *fakeArchive) finish(c *fakeConn, id string, page []kept, complete bool) {
	set := ""
	if len(page) > 0 {
		set = fmt.Sprintf("<first>%s</first><last>%s</last>", page[0].id, page[len(page)-1].id)
	}
	if f.counts {
		set += fmt.Sprintf("<count>%d</count>", len(f.list))
	}
	c.send("<iq type='result' id='%s'><fin xmlns='urn:xmpp:mam:2' complete='%v'><set xmlns='http://jabber.org/protocol/rsm'>%s</set></fin></iq>", id, complete, set)
}

// keep puts a message of Ann in the archive.
func (f *fakeArchive) keep(id string, stamp time.Time, body string) {
	f.list = append(f.list, kept{
		id: id, stamp: stamp, with: ann,
		xml: fmt.Sprintf("<message xmlns='jabber:client' type='chat' from='ann@example.org/x' to='%s' id='%s'><body>%s</body></message>", testAddress, "of "+id, body),
	})
}
