package app

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account/sound"
	"linnet/storage"
	"linnet/widgets"
)

const (
	// soundTick is how often it is looked how far a sound is.
	soundTick = 100 * time.Millisecond
	// soundStep is how far a key goes in a sound.
	soundStep = 5 * time.Second
	// heardSteps is in how many steps a wave shows how far it was heard: more
	// than anybody sees would draw it more often.
	heardSteps = 256
	// maxPlaces bounds the sounds whose place is remembered.
	maxPlaces = 256
)

// player plays sounds; sound.Player does.
type player interface {
	Play(id string, source sound.Source, at time.Duration, speed float64)
	Pause()
	Resume()
	Stop()
	SeekTo(at time.Duration)
	SetSpeed(speed float64)
	Status() sound.Status
	Close()
}

// withSound fills in what plays and records.
func (c *Config) withSound() {
	devices := c.Sound
	if devices == nil {
		devices = noDevices{}
	}
	if c.newPlayer == nil {
		c.newPlayer = func(tell func(sound.Status)) player { return sound.NewPlayer(devices, tell) }
	}
	if c.record == nil {
		c.record = func() (recording, error) {
			rec, err := sound.Record(devices)
			if err != nil {
				return nil, err // and no recording that is nil inside
			}
			return rec, nil
		}
	}
}

// speeds are those that can be chosen, one after the other.
var speeds = []float64{1, 1.5, 2}

// noDevices stands for the devices of a program that was given none.
type noDevices struct{}

func (noDevices) Play(sound.Format, func([]int16), func()) (io.Closer, error) {
	return nil, sound.ErrNoOutput
}

func (noDevices) Record(sound.Format, func([]int16), func()) (io.Closer, error) {
	return nil, sound.ErrNoInput
}

// sounds plays what messages bring, and what was recorded: one at a time in the
// whole program.
type sounds struct {
	a      *App
	player player // nil until something is played
	now    sound.Status
	key    fileKey // of what is played, if it is of a message
	file   storage.File
	speed  int                      // in speeds
	places map[string]time.Duration // where sounds were left, by id
	mute   map[string]bool          // those that are of a kind we cannot play, by id
	ticks  bool
	clip   func() // shows anew how far a recording is that is not sent yet
}

func newSounds(a *App) *sounds {
	return &sounds{a: a, places: map[string]time.Duration{}, mute: map[string]bool{}, clip: func() {}}
}

// play plays something from where it was left.
func (s *sounds) play(id string, source sound.Source, at time.Duration) {
	if s.player == nil {
		s.player = s.a.cfg.newPlayer(func(st sound.Status) { s.a.post(func() { s.told(st) }) })
	}
	s.leave()
	s.now = sound.Status{ID: id, State: sound.Loading, At: at}
	s.player.Play(id, source, at, speeds[s.speed])
}

// stop ends what is played, as when its chat is left.
func (s *sounds) stop() {
	if s.player == nil || s.now.State == sound.Silent {
		return
	}
	s.leave()
	s.player.Stop()
	s.now = sound.Status{}
	s.showAnew()
}

// leave remembers how far the sound was played.
func (s *sounds) leave() {
	if s.now.State == sound.Playing || s.now.State == sound.Paused {
		if len(s.places) >= maxPlaces {
			clear(s.places)
		}
		s.places[s.now.ID] = s.player.Status().At
	}
}

// close ends all.
func (s *sounds) close() {
	if s.player != nil {
		s.player.Close()
	}
}

// toggle plays, pauses or goes on with something.
func (s *sounds) toggle(id string, source sound.Source) {
	if s.now.ID == id {
		switch s.now.State {
		case sound.Loading:
			s.stop()
			return
		case sound.Playing:
			s.player.Pause()
			return
		case sound.Paused:
			s.player.Resume()
			return
		}
	}
	at := s.places[id]
	delete(s.places, id)
	s.play(id, source, at)
}

// take notes which file of a message is played from now on, and starts it. The one
// before is shown as left then.
func (s *sounds) take(key fileKey, f storage.File, start func()) {
	was := s.key
	s.key, s.file = key, f
	start()
	if was != key && was.chat != 0 {
		s.a.files.update(was.chat, was.pos)
	}
}

// seekFile is seek for the sound of a message.
func (s *sounds) seekFile(key fileKey, f storage.File, part float32) {
	s.take(key, f, func() {
		s.seek(f.Path, s.source(f), time.Duration(f.Duration)*time.Millisecond, part)
	})
}

// toggleFile is toggle for the sound of a message.
func (s *sounds) toggleFile(key fileKey, f storage.File) {
	s.take(key, f, func() { s.toggle(f.Path, s.source(f)) })
	s.showAnew()
}

func (s *sounds) source(f storage.File) sound.Source {
	back := s.a.backend
	return func() (io.ReadSeekCloser, error) { return back.OpenFile(&f) }
}

// active tells whether a sound is played or paused.
func (s *sounds) active(id string) bool {
	return id != "" && s.now.ID == id && (s.now.State == sound.Playing || s.now.State == sound.Paused)
}

// seek goes to a part of a sound, and plays it from there if it is not.
func (s *sounds) seek(id string, source sound.Source, length time.Duration, part float32) {
	if s.active(id) && s.now.Length > 0 {
		length = s.now.Length
	}
	at := time.Duration(float64(part) * float64(length))
	if s.active(id) {
		s.player.SeekTo(at)
		s.now.At = at
	} else if s.now.ID != id || s.now.State != sound.Loading {
		s.play(id, source, at)
	}
	s.showAnew()
}

// step goes on or back a little in what is played.
func (s *sounds) step(by time.Duration) {
	if s.active(s.now.ID) {
		s.player.SeekTo(max(0, s.player.Status().At+by))
		s.look()
	}
}

// faster takes the next speed.
func (s *sounds) faster() {
	s.speed = (s.speed + 1) % len(speeds)
	if s.player != nil {
		s.player.SetSpeed(speeds[s.speed])
	}
	s.showAnew()
}

// told takes what the player says.
func (s *sounds) told(st sound.Status) {
	if st.ID != s.now.ID {
		return // of what was played before
	}
	s.now = st
	if st.Err != nil {
		s.a.log.Info("a sound cannot be played", "err", st.Err)
	}
	switch {
	case errors.Is(st.Err, sound.ErrNoOutput):
		s.a.toast(lang.L("No loudspeaker found. Connect one, then try again."))
	case errors.Is(st.Err, sound.ErrKind) && st.ID == s.file.Path:
		s.cannotPlay()
	}
	s.showAnew()
	switch st.State {
	case sound.Playing:
		if !s.ticks {
			s.ticks = true
			s.a.after(soundTick, s.tick)
		}
	case sound.Ended:
		if st.ID == s.file.Path && s.file.Voice {
			s.next()
		}
	}
}

// cannotPlay has the sound that is played shown as a file from now on, because of
// what is in it: the name of its kind does not tell, as that of Ogg.
func (s *sounds) cannotPlay() {
	if len(s.mute) >= maxPlaces {
		clear(s.mute)
	}
	f := s.file
	s.mute[f.Path] = true
	s.a.offer(unplayableText(), lang.L("Save"), func() { s.a.files.save(f) })
}

// playable tells whether a file is a sound that can be played, as far as is known.
func (s *sounds) playable(f *storage.File) bool {
	return sound.Playable(f.Type) && (f.Path == "" || !s.mute[f.Path])
}

// tick follows a sound while it is played.
func (s *sounds) tick() {
	s.ticks = false
	if s.player == nil || !s.active(s.now.ID) {
		return
	}
	s.look()
	if s.now.State == sound.Playing {
		s.ticks = true
		s.a.after(soundTick, s.tick)
	}
}

// look shows how far the player is.
func (s *sounds) look() {
	if st := s.player.Status(); st.ID == s.now.ID {
		s.now.At = st.At
	}
	s.showAnew()
}

// showAnew shows how far it is where that is seen.
func (s *sounds) showAnew() {
	if s.key.chat != 0 {
		s.a.files.update(s.key.chat, s.key.pos)
	}
	s.clip()
}

// next plays the voice message that follows the one that has ended.
func (s *sounds) next() {
	var best fileKey
	var file storage.File
	for pos, m := range s.a.files.shown {
		if m.Chat != s.key.chat || !s.key.pos.Before(pos) || best.chat != 0 && !pos.Before(best.pos) || m.RetractedAt != 0 {
			continue
		}
		for i, f := range m.Files {
			if f.Voice && f.Path != "" && s.playable(&f) {
				best, file = fileKey{m.Chat, pos, i}, f
				break
			}
		}
	}
	if best.chat != 0 {
		delete(s.places, file.Path)
		s.toggleFile(best, file)
	}
}

// view is what a message shows of a sound, and the line under it.
func (s *sounds) view(f *storage.File) (v widgets.SoundView, note string) {
	v = widgets.SoundView{Voice: f.Voice, Wave: string(f.Wave)}
	length := time.Duration(f.Duration) * time.Millisecond
	if f.Path == "" || f.Path != s.now.ID {
		if at := s.places[f.Path]; at > 0 && length > 0 && f.Path != "" {
			v.Heard = part(at, length)
		}
		return v, lengthText(length)
	}
	if s.now.Length > 0 {
		length = s.now.Length
	}
	switch s.now.State {
	case sound.Playing, sound.Paused, sound.Loading:
		v.Playing = s.now.State != sound.Paused
		v.Heard = part(s.now.At, length)
		v.Speed = fmt.Sprintf("%g×", speeds[s.speed])
		return v, progressText(s.now.At, length)
	case sound.Failed:
		v.Trouble = true
		return v, soundTrouble(s.now.Err)
	}
	return v, lengthText(length)
}

// part is how much of a length was played.
func part(at, length time.Duration) float32 {
	if length <= 0 {
		return 0
	}
	return min(1, float32(int(heardSteps*at/length))/heardSteps)
}

// lengthText is how long a sound is: "1:05"; empty when that is not known.
func lengthText(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return clockText(max(d, time.Second))
}

// clockText is a time in a sound.
func clockText(d time.Duration) string {
	s := int(d / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// progressText is how far a sound is.
func progressText(at, length time.Duration) string {
	if length <= 0 {
		return clockText(at)
	}
	return clockText(at) + " / " + lengthText(length)
}

// soundTrouble says why nothing is heard.
func soundTrouble(err error) string {
	if errors.Is(err, sound.ErrNoOutput) {
		return lang.L("No loudspeaker found")
	}
	return lang.L("This sound is damaged")
}

func unplayableText() string { return lang.L("Linnet can't play this kind of sound") }

// isSound tells whether a file is a sound, of whatever kind.
func isSound(f *storage.File) bool { return strings.HasPrefix(f.Type, "audio/") }
