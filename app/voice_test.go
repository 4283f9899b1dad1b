package app

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account/sound"
	"linnet/storage"
	"linnet/widgets"
)

// TestVoice records a voice message, hears it and sends it.
func TestVoice(t *testing.T) {
	h := openTalk(t, verona())
	h.desk.clip = sound.Clip{Data: []byte{1, 2}, Length: 3 * time.Second, Wave: []byte{9, 200}}
	bar := h.a.shell.chat.voice.bar
	h.tap("Record a voice message")
	h.desk.heard = sound.Heard{Length: 1500 * time.Millisecond, Level: 0.5}
	h.pass(voiceTick)
	if v := bar.View(); v.State != widgets.VoiceRecording || v.Time != "0:01" || v.Wave[len(v.Wave)-1] != 127 || !bar.Visible() || h.a.shell.chat.composer.Visible() {
		t.Errorf("while it records: %+v", v)
	}
	h.checkLayout("recording")
	h.tap("Stop recording")
	if v := bar.View(); v.State != widgets.VoiceReady || v.Time != "0:03" || v.Wave != "\x09\xC8" || h.desk.last() != "stop recording" {
		t.Errorf("%s: %+v", h.desk.last(), v)
	}
	h.checkLayout("recorded")
	h.tap("Play")
	h.desk.status.At = 1500 * time.Millisecond
	h.pass(soundTick)
	if v := bar.View(); h.desk.last() != "play recording at 0s, 1" || !v.Playing || v.Heard != 0.5 || v.Time != "0:01 / 0:03" {
		t.Errorf("%s: %+v", h.desk.last(), v)
	}
	h.tap("Pause")
	bar.OnSeek(0.5)
	if h.desk.last() != "seek 5s" { // of the ten seconds the player says
		t.Errorf("asked %q", h.desk.last())
	}
	h.back.fail = errors.New("no room")
	h.tap("Send")
	if v := bar.View(); v.State != widgets.VoiceReady || !bar.Visible() {
		t.Errorf("what could not be stored is lost: %+v", v)
	}
	h.back.fail = nil
	h.tap("Send")
	if want := "files 1 Voice message " + testNow.Format("2006-01-02 15.04") + ".ogg: "; !h.back.asked(want) {
		t.Errorf("asked was %q, want %q", h.back.said, want)
	}
	if bar.Visible() || !h.a.shell.chat.composer.Visible() || h.desk.last() != "stop" {
		t.Errorf("the bar is still there, and the last was %q", h.desk.last())
	}
}

// TestVoiceEnds holds the ways in which nothing is sent.
func TestVoiceEnds(t *testing.T) {
	h := openTalk(t, verona())
	h.desk.clip = sound.Clip{Data: []byte{1}, Length: time.Second}
	v := h.a.shell.chat.voice
	h.press(fyne.KeyR, fyne.KeyModifierShortcutDefault|fyne.KeyModifierShift)
	h.press(fyne.KeyEscape, 0)
	if h.desk.last() != "cancel" || v.bar.Visible() || len(v.clips) != 0 {
		t.Errorf("Esc: %q", h.desk.said)
	}

	// Another chat: what was said is kept for its own.
	h.tap("Record a voice message")
	h.a.shell.openKey("2")
	h.settle()
	if h.desk.last() != "stop recording" || v.bar.Visible() || v.busy() {
		t.Errorf("another chat: %q", h.desk.last())
	}
	h.a.shell.openKey("1")
	h.settle()
	if !v.bar.Visible() || v.bar.View().State != widgets.VoiceReady {
		t.Errorf("back again: %+v", v.bar.View())
	}
	h.press(fyne.KeyEscape, 0)
	if !v.bar.Visible() {
		t.Error("Esc takes away what was recorded")
	}
	h.tap("Delete the recording")
	if v.bar.Visible() || len(v.clips) != 0 {
		t.Errorf("deleted: %+v", v.clips)
	}

	// By itself, at its longest or without a microphone.
	h.tap("Record a voice message")
	h.desk.heard = sound.Heard{Over: true, Err: sound.ErrNoInput, Length: time.Second}
	h.pass(voiceTick)
	if v.bar.View().State != widgets.VoiceReady {
		t.Errorf("pulled out: %+v", v.bar.View())
	}
	h.tap("Delete the recording")
	h.desk.heard = sound.Heard{Silent: true, Length: 4 * time.Second}
	h.tap("Record a voice message")
	h.wantText("Nothing is heard. Is the microphone switched off?")
	h.tap("Cancel")
	h.desk.none = sound.ErrNoInput
	h.tap("Record a voice message")
	h.wantText("No microphone found. Connect one, then try again.")
	h.checkLayout("no microphone")
	h.tap("Close")
	h.desk.none = sound.ErrDenied
	h.tap("Record a voice message")
	h.checkLayout("not allowed")
	h.tap("Close")
	h.desk.none = sound.ErrNoEncoder
	h.tap("Record a voice message")
	h.wantText("This version of Linnet cannot record")
	h.press(fyne.KeyEscape, 0)
	if v.bar.Visible() {
		t.Error("Esc does not leave the sentence")
	}
}

// TestRecordTrouble holds that what is in the way of recording is told apart.
func TestRecordTrouble(t *testing.T) {
	for text, err := range map[string]error{
		"No microphone found. Connect one, then try again.":    fmt.Errorf("%w: the system names none", sound.ErrNoInput),
		"This computer does not let Linnet use the microphone": fmt.Errorf("%w: %w", sound.ErrNoInput, sound.ErrDenied),
		"Another program is using the microphone":              fmt.Errorf("%w: %w", sound.ErrNoInput, sound.ErrInUse),
		"The sound of this computer does not answer":           fmt.Errorf("%w: %w", sound.ErrNoInput, sound.ErrHangs),
		"This version of Linnet cannot record":                 sound.ErrNoEncoder,
		"The disk is full, so nothing can be stored":           storage.ErrDiskFull,
		"Something went wrong: no memory":                      errors.New("no memory"),
	} {
		if got := recordTrouble(err); got != text {
			t.Errorf("%v: %q", err, got)
		}
	}
}

// TestVoiceHasTheKeyboard holds that what stands in the place of the composer has
// the keyboard, from the first moment on, and that nothing is typed behind it.
func TestVoiceHasTheKeyboard(t *testing.T) {
	h := openTalk(t, verona())
	h.desk.clip = sound.Clip{Data: []byte{1}, Length: time.Second}
	p := h.a.shell.chat
	inBar := func(when string) {
		t.Helper()
		o, ok := h.a.win.Canvas().Focused().(fyne.CanvasObject)
		if !ok || !contains(p.voice.bar, o) || !o.Visible() {
			t.Errorf("%s: the keyboard is in %T", when, o)
		}
	}
	h.press(fyne.KeyR, fyne.KeyModifierShortcutDefault|fyne.KeyModifierShift)
	inBar("while it records")
	p.find.show()
	h.desk.heard = sound.Heard{Over: true, Length: time.Second}
	h.pass(voiceTick)
	if o, ok := h.a.win.Canvas().Focused().(fyne.CanvasObject); !ok || contains(p.voice.bar, o) {
		t.Error("the end of the recording takes the keyboard from the search")
	}
	p.find.hide()
	inBar("after the search")
	h.a.shell.openKey("2")
	h.settle()
	h.a.shell.openKey("1")
	h.settle()
	inBar("back in its chat")
	p.focusTranscript()
	h.write("x")
	inBar("after a letter")
	if p.composer.Text() != "" {
		t.Errorf("typed behind it: %q", p.composer.Text())
	}
}

// TestVoiceKept ends the program while something is recorded, and goes on with it
// after the next start.
func TestVoiceKept(t *testing.T) {
	back := verona()
	h := openTalk(t, back)
	h.desk.clip = sound.Clip{Data: silence(4000), Length: time.Second}
	h.tap("Record a voice message")
	h.a.Close()
	if !back.asked("keep recording") || back.chats[1].Recording == "" {
		t.Fatalf("asked was %q", back.said)
	}

	h = open(t, back, wide)
	if rows := chatRows(h.a.model, 0, testNow); !rows[slices.IndexFunc(rows, func(r chatRow) bool { return r.ID == 1 })].Draft {
		t.Error("the list does not tell of it")
	}
	h.a.withChat(1, func(c chatAct) { h.a.shell.openChat(c.chat, "") })
	h.settle()
	bar := h.a.shell.chat.voice.bar
	if v := bar.View(); !bar.Visible() || v.State != widgets.VoiceReady || v.Time != "0:04" { // as the file says
		t.Errorf("after a start: %+v", v)
	}
	h.tap("Send")
	h.settle()
	if bar.Visible() || back.chats[1].Recording != "" || len(back.files) != 0 {
		t.Errorf("sent: %+v", back.chats[1])
	}

	// One that is recorded now is kept at once, and deleted for good.
	h.desk.clip = sound.Clip{Data: silence(1000), Length: time.Second}
	h.tap("Record a voice message")
	h.tap("Stop recording")
	if back.chats[1].Recording == "" {
		t.Error("what was recorded is not kept")
	}
	h.settle()
	h.tap("Delete the recording")
	h.settle()
	if bar.Visible() || back.chats[1].Recording != "" || len(back.files) != 0 {
		t.Errorf("deleted: %+v", back.chats[1])
	}
}

// silence is a WAV file of so many milliseconds: 8 bits, 8 kHz.
func silence(ms int) []byte {
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1F\x00\x00\x40\x1F\x00\x00\x01\x00\x08\x00data")
	b = binary.LittleEndian.AppendUint32(b, uint32(8*ms))
	return append(b, make([]byte, 8*ms)...)
}
