package app

import (
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/widgets"
)

// diagnosis is how an account is connected, in words.
type diagnosis struct {
	headline widgets.Step   // how it stands, and what the user can do
	began    time.Time      // the last try; zero when there was none
	took     time.Duration  // the whole of it, once it has ended
	steps    []widgets.Step // of the last try
	lost     string         // how the connection before ended; empty when none was lost
	features []widgets.Step // as far as they are known
	more     bool           // more of them is known when there is a connection
}

// diagnose puts a report into words.
func diagnose(r account.Report, info account.Info, now time.Time) diagnosis {
	d := diagnosis{headline: headline(r, info, now)}
	d.features, d.more = featureSteps(r)
	if l := r.Lost; l != nil {
		d.lost = lang.L("The last connection broke after {{.Lasted}} ({{.When}}): {{.Why}}", map[string]any{
			"When": moment(l.At, now), "Lasted": lasted(l.Lasted), "Why": failureText(l.Err),
		})
	}
	if r.Began.IsZero() {
		return d
	}
	d.began = r.Began
	if r.Done {
		d.took = r.Took
	}
	t := newTry(r, info)
	for phase := range phases {
		d.steps = append(d.steps, t.step(phase))
	}
	return d
}

// headline says how an account stands.
func headline(r account.Report, info account.Info, now time.Time) widgets.Step {
	text, _ := accountState(info, now)
	s := widgets.Step{Title: text, Mark: widgets.MarkMissing}
	switch info.State.Phase {
	case stream.Online:
		s.Mark, s.Title = widgets.MarkDone, lang.L("Connected")
		if !r.OnlineSince.IsZero() {
			s.Title = lang.L("Connected since {{.When}}", map[string]any{"When": moment(r.OnlineSince, now)})
		}
		s.Text = tlsText(info.State.Info)
		if r.RoundTrip > 0 {
			s.Text += " · " + lang.L("the server answers within {{.Time}}", map[string]any{"Time": duration(r.RoundTrip)})
		}
	case stream.Connecting:
		s.Mark = widgets.MarkRunning
	case stream.Waiting:
		s.Mark, s.Title, s.Wrong = widgets.MarkFailed, lang.L("Not connected"), failureText(info.State.Err)
		s.Text, s.Do = retryText(info.State.RetryAt, now), advice(info.State.Err)
	case stream.Failed:
		s.Mark, s.Title, s.Wrong = widgets.MarkFailed, lang.L("Not connected"), failureText(info.State.Err)
		s.Do = advice(info.State.Err)
	}
	return s
}
