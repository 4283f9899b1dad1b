//go:build unix

package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// outcome is what a soak found.
type outcome struct {
	server     string
	messages   int
	took       time.Duration
	faults     [kinds]int
	streams    [devices]report
	kills      [devices]int
	before     []look // when all had become quiet
	after      []look // after a last catch-up
	violations []string
}

// violate notes what must not be.
func (o *outcome) violate(format string, args ...any) {
	o.violations = append(o.violations, fmt.Sprintf(format, args...))
}

// table is the outcome for people.
func (o *outcome) table() string {
	var text strings.Builder
	fmt.Fprintf(&text, "\n%s: %d messages each way in %v\n", o.server, o.messages, o.took.Round(time.Second))
	var faults []string
	for k, n := range o.faults {
		if n > 0 {
			faults = append(faults, fmt.Sprintf("%s %d", kind(k), n))
		}
	}
	fmt.Fprintf(&text, "faults: %s\n", strings.Join(faults, ", "))
	w := tabwriter.NewWriter(&text, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "device\tkilled\tstreams resumed\tnew\tgave up\t")
	for i, name := range []string{"alice", "bob", "second"} {
		is := o.streams[i]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%s\n", name, o.kills[i], is.Resumed, is.Fresh, is.GaveUp, is.Why)
	}
	w.Flush()
	for _, part := range []struct {
		name  string
		looks []look
	}{{"before the last catch-up", o.before}, {"in the end", o.after}} {
		if len(part.looks) == 0 {
			continue
		}
		fmt.Fprintf(w, "%s\tmessages of\thas\tmissing\tlost by server\tdoubled\tcopies\tmisplaced\twaiting\tsent\tdelivered\tread\tfailed\t\n", part.name)
		for _, l := range part.looks {
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t", l.place, l.direction, l.have, len(l.missing), len(l.lost), len(l.doubled), len(l.copies), len(l.misplaced))
			for _, n := range l.states[1:] {
				if l.outgoing {
					fmt.Fprintf(w, "%d\t", n)
				} else {
					fmt.Fprint(w, "\t")
				}
			}
			fmt.Fprintln(w)
		}
		w.Flush()
	}
	for _, v := range o.violations {
		fmt.Fprintf(&text, "VIOLATION: %s\n", v)
	}
	return text.String()
}
