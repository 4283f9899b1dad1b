package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/sound"
	"linnet/storage"
	"linnet/widgets"
)

const (
	// voiceTick is how often the level of the microphone is shown.
	voiceTick = 80 * time.Millisecond
	// voiceLevels is how many levels are shown side by side.
	voiceLevels = 64
	// voiceQuiet is how long nothing at all may come until the user is told.
	voiceQuiet = 3 * time.Second
	// clipID is what the player calls a recording that is not sent yet.
	clipID = "recording"
)

// recording is speech being recorded; sound.Recording is.
type recording interface {
	Heard() sound.Heard
	Stop() (sound.Clip, error)
	Cancel()
}

// voice records voice messages, one at a time. What was recorded and not sent is
// kept with its chat, also when the program ends.
type voice struct {
	p      *chatPane
	bar    *widgets.VoiceBar
	chat   storage.ChatID // that is recorded for
	begun  int            // how often recording began, to tell one from another
	rec    recording      // nil while none is
	wait   bool           // for the microphone
	levels []byte         // voiceLevels of them, the last at the end
	clips  map[storage.ChatID]kept
	read   map[storage.ChatID]bool // chats whose recording was asked for; true while it is read
}

// kept is a recording that was not sent.
type kept struct {
	sound.Clip
	name string // of its file; empty if it could not be kept
}

func newVoice(p *chatPane) *voice {
	v := &voice{p: p, bar: widgets.NewVoiceBar(), clips: map[storage.ChatID]kept{}, read: map[storage.ChatID]bool{}}
	v.bar.OnDrop, v.bar.OnStop, v.bar.OnSend = v.drop, v.stop, v.send
	v.bar.OnPlay, v.bar.OnSeek = v.play, v.seek
	v.bar.Hide()
	p.a.files.sounds.clip = v.show
	return v
}

// begin opens the microphone. Until it is open nothing is lost by saying so.
func (v *voice) begin() {
	if !v.p.open() || v.busy() || v.read[v.p.chat.ID] {
		return
	}
	v.p.a.files.sounds.stop()
	v.chat, v.wait, v.levels = v.p.chat.ID, true, make([]byte, voiceLevels)
	v.begun++
	turn := v.begun
	v.bar.Set(widgets.VoiceView{State: widgets.VoiceStarting, Text: lang.L("Opening the microphone…")})
	v.put(true)
	v.bar.Focus() // at once: later the user may be with something else
	v.p.a.on(laneSound, func(ctx context.Context) func() {
		rec, err := v.p.a.cfg.record()
		if err == nil && (ctx.Err() != nil || v.p.a.closed.Load()) { // the program ends
			rec.Cancel()
			return nil
		}
		return func() { v.opened(turn, rec, err) }
	})
}

// busy tells whether something is being recorded, or about to be.
func (v *voice) busy() bool { return v.rec != nil || v.wait }

// opened begins to record, unless that is no longer wanted.
func (v *voice) opened(turn int, rec recording, err error) {
	if turn != v.begun || !v.wait {
		if err == nil {
			v.p.a.on(laneSound, func(context.Context) func() { rec.Cancel(); return nil })
		}
		return
	}
	v.wait = false
	if err != nil {
		v.p.a.log.Info("cannot record", "err", err)
		v.bar.Set(widgets.VoiceView{State: widgets.VoiceTrouble, Text: recordTrouble(err)})
		return
	}
	v.rec = rec
	v.tick(turn)
}

// recordTrouble says why nothing is recorded.
func recordTrouble(err error) string {
	switch {
	case errors.Is(err, sound.ErrDenied):
		return lang.L("This computer does not let Linnet use the microphone")
	case errors.Is(err, sound.ErrInUse):
		return lang.L("Another program is using the microphone")
	case errors.Is(err, sound.ErrHangs):
		return lang.L("The sound of this computer does not answer")
	case errors.Is(err, sound.ErrNoInput):
		return lang.L("No microphone found. Connect one, then try again.")
	case errors.Is(err, sound.ErrNoEncoder):
		return lang.L("This version of Linnet cannot record")
	}
	return failureText(err)
}

// tick shows how the recording goes on.
func (v *voice) tick(turn int) {
	if v.rec == nil || turn != v.begun {
		return
	}
	h := v.rec.Heard()
	v.levels = append(v.levels[1:], byte(255*h.Level))
	view := widgets.VoiceView{State: widgets.VoiceRecording, Time: clockText(h.Length)}
	if h.Silent && h.Length >= voiceQuiet {
		view.Text = lang.L("Nothing is heard. Is the microphone switched off?")
	}
	view.Wave = string(v.levels)
	v.bar.Set(view)
	if h.Over {
		v.stop()
		return
	}
	v.p.a.after(voiceTick, func() { v.tick(turn) })
}

// stop ends recording and keeps what was recorded for its chat.
func (v *voice) stop() {
	if v.wait {
		v.wait = false
		v.show()
		return
	}
	rec, chat := v.rec, v.chat
	if rec == nil {
		return
	}
	v.rec = nil
	v.p.a.on(laneSound, func(context.Context) func() {
		clip, err := v.end(rec, chat)
		return func() {
			if err != nil {
				v.p.a.fail(err)
			}
			if clip.Length > 0 {
				v.clips[chat], v.read[chat] = clip, false
			}
			v.show()
		}
	})
}

// end ends a recording and keeps it with its chat. What could not be kept is given
// all the same.
func (v *voice) end(rec recording, chat storage.ChatID) (k kept, err error) {
	if k.Clip, err = rec.Stop(); err == nil && k.Length > 0 {
		k.name, err = v.p.a.backend.KeepRecording(chat, k.Data)
	}
	return k, err
}

// recall reads the recording that was kept with the open chat before the program
// was started.
func (v *voice) recall() {
	chat, name := v.p.chat.ID, v.p.chat.Recording
	if _, asked := v.read[chat]; asked || name == "" {
		return
	}
	v.read[chat] = true
	v.p.a.on(laneFiles, func(ctx context.Context) func() {
		k, err := v.load(ctx, name)
		return func() {
			v.read[chat] = false
			if err != nil {
				v.p.a.fail(err)
				return
			}
			v.clips[chat] = k
			v.show()
		}
	})
}

// load reads a recording that was kept.
func (v *voice) load(ctx context.Context, name string) (kept, error) {
	f, err := v.p.a.backend.OpenFile(&storage.File{Path: name})
	if err != nil {
		return kept{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return kept{}, err
	}
	shape, err := sound.Measure(ctx, bytes.NewReader(data))
	return kept{sound.Clip{Data: data, Length: shape.Length, Wave: shape.Wave}, name}, err
}

// drop gives up what is recorded.
func (v *voice) drop() {
	rec := v.rec
	v.rec, v.wait = nil, false
	if rec != nil {
		v.p.a.on(laneSound, func(context.Context) func() { rec.Cancel(); return nil })
	} else {
		chat, k := v.p.chat.ID, v.clips[v.p.chat.ID]
		v.forget(chat)
		v.p.a.act(laneWrite, func(context.Context) error { return v.discard(chat, k) })
	}
	v.show()
	v.p.composer.Focus()
}

// discard removes what was kept of a recording.
func (v *voice) discard(chat storage.ChatID, k kept) error {
	if k.name == "" {
		return nil
	}
	return v.p.a.backend.ForgetRecording(chat, k.name)
}

// forget shows the recording for a chat no longer.
func (v *voice) forget(chat storage.ChatID) {
	s := v.p.a.files.sounds
	if s.now.ID == clipID {
		s.stop()
	}
	delete(s.places, clipID)
	delete(v.clips, chat)
}

// back is Escape: it gives up what is being recorded, but not what was.
func (v *voice) back() bool {
	if !v.busy() && v.bar.View().State != widgets.VoiceTrouble || !v.bar.Visible() {
		return false
	}
	v.drop()
	return true
}

// leave is for another chat: recording ends, and what there is stays.
func (v *voice) leave() {
	v.stop()
	v.p.a.files.sounds.stop()
	delete(v.p.a.files.sounds.places, clipID)
	v.put(false)
}

// close ends with the program. What is being recorded is kept.
func (v *voice) close() {
	if v.rec == nil {
		return
	}
	if _, err := v.end(v.rec, v.chat); err != nil {
		v.p.a.log.Error("a recording could not be kept", "err", err)
	}
}

// show shows the recording of the open chat, if there is one.
func (v *voice) show() {
	if v.busy() {
		return
	}
	clip, ok := v.clips[v.p.chat.ID]
	if !ok || !v.p.open() {
		v.put(false)
		v.recall()
		return
	}
	s := v.p.a.files.sounds
	view := widgets.VoiceView{State: widgets.VoiceReady, Time: lengthText(clip.Length), Wave: string(clip.Wave)}
	if s.now.ID == clipID {
		switch s.now.State {
		case sound.Playing, sound.Paused, sound.Loading:
			view.Playing = s.now.State != sound.Paused
			view.Time, view.Heard = progressText(s.now.At, clip.Length), part(s.now.At, clip.Length)
		case sound.Failed:
			view.Text = soundTrouble(s.now.Err)
		}
	}
	v.bar.Set(view)
	v.put(true)
}

// focusWriting puts the keyboard where something is said.
func (p *chatPane) focusWriting() {
	if p.voice.bar.Visible() {
		p.voice.bar.Focus()
	} else {
		p.composer.Focus()
	}
}

// put shows the bar in the place of the composer, or the composer again.
func (v *voice) put(on bool) {
	if v.bar.Visible() != on {
		show(v.bar, on)
		v.p.arrange()
	}
}

// source reads the recording of the open chat.
func (v *voice) source() sound.Source {
	data := v.clips[v.p.chat.ID].Data
	return func() (io.ReadSeekCloser, error) { return clipReader{bytes.NewReader(data)}, nil }
}

type clipReader struct{ *bytes.Reader }

// Close implements io.Closer.
func (clipReader) Close() error { return nil }

func (v *voice) play() { v.p.a.files.sounds.toggle(clipID, v.source()) }

func (v *voice) seek(part float32) {
	v.p.a.files.sounds.seek(clipID, v.source(), v.clips[v.p.chat.ID].Length, part)
}

// send sends the recording. When it cannot even be stored, it comes back.
func (v *voice) send() {
	p, id := v.p, v.p.chat.ID
	clip, ok := v.clips[id]
	if !ok {
		return
	}
	v.forget(id)
	v.show()
	p.composer.Focus()
	reply := p.answered()
	file := account.NewFile{
		Data: clip.Data, Name: "Voice message " + p.a.now().Format(nameTime) + ".ogg",
		Voice: true, Duration: clip.Length, Wave: clip.Wave,
	}
	p.a.on(laneFiles, func(ctx context.Context) func() {
		err := p.a.backend.SendFiles(ctx, id, []account.NewFile{file}, "", reply)
		if err == nil {
			if err := v.discard(id, clip); err != nil { // it is offered once more
				p.a.log.Warn("a recording that was sent is still there", "err", err)
			}
		}
		return func() {
			switch {
			case err != nil:
				p.a.fail(err)
				v.clips[id] = clip
				v.show()
			case p.chat.ID == id:
				p.view.ScrollToEnd()
			}
		}
	})
}
