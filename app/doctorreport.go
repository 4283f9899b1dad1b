package app

import (
	"fmt"
	"strings"
	"time"

	"linnet/account"
	"linnet/account/stream"
	"linnet/widgets"
)

// reportText is all that is known of a connection, as text for somebody who can
// help. Of what is secret nothing is in it, because none is in the report.
func reportText(r account.Report, info account.Info, version string, now time.Time) string {
	d := diagnose(r, info, now)
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("Linnet %s, %s", version, now.Format(time.RFC3339))
	line("%s", info.Address)
	writeStep(&b, d.headline)
	if d.lost != "" {
		line("%s%s", d.lost, detail(r.Lost.Err))
	}
	if !d.began.IsZero() {
		line("\n%s, %s", d.began.Format(time.RFC3339), duration(d.took))
	}
	for _, s := range d.steps {
		writeStep(&b, s)
	}
	line("")
	for _, s := range d.features {
		writeStep(&b, s)
	}
	line("")
	for _, s := range r.Steps {
		line("%s %s %s%s", s.Target, s.Step, duration(s.Took), detail(s.Err))
	}
	for _, l := range r.Lookups {
		line("%s %s%s", l.Name, duration(l.Took), detail(l.Err))
	}
	if r.Err != nil {
		line("%s", strings.TrimPrefix(detail(r.Err), ": "))
	}
	if info.State.Phase != stream.Online && info.State.Err != nil && !same(info.State.Err, r.Err) {
		line("%s", strings.TrimPrefix(detail(info.State.Err), ": "))
	}
	return b.String()
}

// detail is an error in its own words, which may be the server's.
func detail(err error) string {
	if err == nil {
		return ""
	}
	return ": " + widgets.Harmless(err.Error())
}

// stepSigns stand for the marks where there is only text.
var stepSigns = map[widgets.Mark]string{
	widgets.MarkDone: "+", widgets.MarkFailed: "!", widgets.MarkMissing: "-", widgets.MarkRunning: ">", widgets.MarkPending: " ",
}

func writeStep(b *strings.Builder, s widgets.Step) {
	fmt.Fprintf(b, "%s %s", stepSigns[s.Mark], s.Title)
	if s.End != "" {
		fmt.Fprintf(b, " (%s)", s.End)
	}
	b.WriteString("\n")
	for _, part := range []string{s.Wrong, s.Text, s.Code, s.Do} {
		for _, l := range strings.Split(part, "\n") {
			if l != "" {
				fmt.Fprintf(b, "    %s\n", l)
			}
		}
	}
}
