package app

import (
	"errors"
	"fmt"
	"time"

	"linnet/account/sound"
)

// soundDesk is what plays and records in tests: the test tells how it goes.
type soundDesk struct {
	tell   func(sound.Status)
	status sound.Status
	said   []string
	heard  sound.Heard
	none   error
	clip   sound.Clip
}

func (d *soundDesk) player(tell func(sound.Status)) player {
	d.tell = tell
	return d
}

func (d *soundDesk) note(format string, args ...any) {
	d.said = append(d.said, fmt.Sprintf(format, args...))
}

// last is what was asked last.
func (d *soundDesk) last() string {
	if len(d.said) == 0 {
		return ""
	}
	return d.said[len(d.said)-1]
}

// goes changes the state, as the player does.
func (d *soundDesk) goes(state sound.PlayState, at time.Duration) {
	d.status.State, d.status.At = state, at
	d.tell(d.status)
}

func (d *soundDesk) Play(id string, source sound.Source, at time.Duration, speed float64) {
	d.note("play %s at %v, %g", id, at, speed)
	d.status = sound.Status{ID: id, State: sound.Loading, At: at, Length: 10 * time.Second}
	if src, err := source(); err == nil {
		src.Close()
		d.goes(sound.Playing, at)
	} else {
		d.status.Err = err
		d.goes(sound.Failed, 0)
	}
}

func (d *soundDesk) Pause()  { d.note("pause"); d.goes(sound.Paused, d.status.At) }
func (d *soundDesk) Resume() { d.note("resume"); d.goes(sound.Playing, d.status.At) }
func (d *soundDesk) Stop()   { d.note("stop"); d.status = sound.Status{}; d.tell(d.status) }
func (d *soundDesk) SeekTo(at time.Duration) {
	d.note("seek %v", at)
	d.status.At = at
}
func (d *soundDesk) SetSpeed(speed float64) { d.note("speed %g", speed) }
func (d *soundDesk) Status() sound.Status   { return d.status }
func (d *soundDesk) Close()                 { d.note("close") }

// record gives a recording, which is the desk itself.
func (d *soundDesk) record() (recording, error) {
	if d.none != nil {
		return nil, errors.Join(d.none)
	}
	d.note("record")
	return (*fakeRecording)(d), nil
}

type fakeRecording soundDesk

func (r *fakeRecording) Heard() sound.Heard { return r.heard }
func (r *fakeRecording) Stop() (sound.Clip, error) {
	(*soundDesk)(r).note("stop recording")
	return r.clip, nil
}
func (r *fakeRecording) Cancel() { (*soundDesk)(r).note("cancel") }
