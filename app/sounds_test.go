package app

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/account/sound"
	"linnet/storage"
	"linnet/widgets"
)

// heardFile is a sound that is here.
func heardFile(path string, voice bool) storage.File {
	return storage.File{
		Name: "x.ogg", Type: "audio/ogg", Path: path, State: storage.FileHere, Duration: 10_000, Voice: voice,
		Size: 40_000, Wave: []byte(strings.Repeat("\x10\xFF", 32)),
	}
}

// openSounds opens a chat in which somebody said three things.
func openSounds(t *testing.T) (h *harness, said []storage.Message) {
	t.Helper()
	back := verona()
	back.files = map[string][]byte{"1/A": {1}, "1/B": {1}, "1/S": {1}}
	said = append(said, back.share(1, false, heardFile("1/A", true)), back.share(1, false, heardFile("1/S", false)),
		back.share(1, true, heardFile("1/B", true)))
	h = open(t, back, fyne.NewSize(1000, 700))
	h.a.shell.openKey("1")
	h.settle()
	return h, said
}

// TestSounds plays, pauses, goes elsewhere and faster, and goes on with the next.
func TestSounds(t *testing.T) {
	h, said := openSounds(t)
	d := h.a.files
	view := func(i int) widgets.FileView { return d.views(said[i])[0] }
	if v := view(0); v.Kind != widgets.FileSound || !v.Sound.Voice || v.Note != "0:10" || len(v.Sound.Wave) != 64 || v.Sound.Playing || v.Sound.Speed != "" {
		t.Errorf("before it is played: %+v", v)
	}
	d.act(rowID(said[0].Pos), 0, widgets.FileOpen)
	if h.desk.last() != "play 1/A at 0s, 1" {
		t.Errorf("asked %q", h.desk.said)
	}
	h.desk.status.At = 2500 * time.Millisecond
	h.pass(soundTick)
	if v := view(0); !v.Sound.Playing || v.Sound.Heard != 0.25 || v.Note != "0:02 / 0:10" || v.Sound.Speed != "1×" {
		t.Errorf("while it is played: %+v", v)
	}
	d.act(rowID(said[0].Pos), 0, widgets.FileOpen)
	if v := view(0); h.desk.last() != "pause" || v.Sound.Playing || v.Sound.Heard != 0.25 {
		t.Errorf("%s: %+v", h.desk.last(), v)
	}
	d.seek(rowID(said[0].Pos), 0, 0.5)
	if v := view(0); h.desk.last() != "seek 5s" || v.Sound.Heard != 0.5 {
		t.Errorf("%s: %+v", h.desk.last(), v)
	}
	d.act(rowID(said[0].Pos), 0, widgets.FileFaster)
	if v := view(0); h.desk.last() != "speed 1.5" || v.Sound.Speed != "1.5×" {
		t.Errorf("%s: %+v", h.desk.last(), v)
	}

	// Another sound takes its place; it is remembered where it was.
	h.desk.goes(sound.Paused, 5*time.Second)
	d.seek(rowID(said[1].Pos), 0, 0.25)
	if h.desk.last() != "play 1/S at 2.5s, 1.5" {
		t.Errorf("asked %q", h.desk.last())
	}
	if v := view(0); v.Sound.Playing || v.Sound.Heard != 0.5 || v.Note != "0:10" {
		t.Errorf("left: %+v", v)
	}
	if r, _ := h.a.shell.chat.view.Row(rowID(said[0].Pos)); r.Files[0].Sound.Speed != "" || r.Files[0].Note != "0:10" {
		t.Errorf("left, it is shown as %+v", r.Files[0])
	}
	h.desk.goes(sound.Ended, 0)
	if h.desk.last() != "play 1/S at 2.5s, 1.5" {
		t.Errorf("music is followed by %q", h.desk.last())
	}
	d.act(rowID(said[0].Pos), 0, widgets.FileOpen)
	if h.desk.last() != "play 1/A at 5s, 1.5" {
		t.Errorf("asked %q", h.desk.last())
	}
	h.desk.goes(sound.Ended, 0)
	if h.desk.last() != "play 1/B at 0s, 1.5" {
		t.Errorf("a voice message is followed by %q", h.desk.last())
	}
	h.a.shell.openKey("2")
	h.settle()
	if h.desk.last() != "stop" {
		t.Errorf("when the chat is left: %q", h.desk.last())
	}
}

// TestSoundKeys has it all by the keyboard.
func TestSoundKeys(t *testing.T) {
	h, _ := openSounds(t)
	h.at(len(h.back.messages[1]) - 3)
	h.write("p")
	if h.desk.last() != "play 1/A at 0s, 1" {
		t.Errorf("P asks %q", h.desk.last())
	}
	h.press(fyne.KeyRight, 0)
	h.press(fyne.KeyRight, 0)
	h.press(fyne.KeyLeft, 0)
	if h.desk.last() != "seek 5s" {
		t.Errorf("the arrows ask %q", h.desk.last())
	}
	before := len(h.due)
	h.press(fyne.KeyRight, 0)
	if len(h.due) != before {
		t.Errorf("%d things are to happen after a key, %d before", len(h.due), before)
	}
	h.write("p")
	if h.desk.last() != "pause" {
		t.Errorf("P asks %q", h.desk.last())
	}
}

// TestSoundStates holds what is said of a sound that cannot be heard.
func TestSoundStates(t *testing.T) {
	h, said := openSounds(t)
	d := h.a.files
	with := func(change func(*storage.File)) widgets.FileView {
		m := said[0]
		f := heardFile("1/X", true)
		change(&f)
		m.Files = []storage.File{f}
		return d.views(m)[0]
	}
	if v := with(func(f *storage.File) { f.State, f.Path, f.Wave = storage.FileRemote, "", nil }); v.Kind != widgets.FileSound || v.Note != "40 kB" || v.State != widgets.FileRemote {
		t.Errorf("not here: %+v", v)
	}
	if v := with(func(f *storage.File) { f.Type = "audio/webm" }); v.Kind != widgets.FileOther || v.Note != "Linnet can't play this kind of sound" {
		t.Errorf("of another kind: %+v", v)
	}
	if v := with(func(f *storage.File) { f.State, f.Reason = storage.FileFailed, account.ReasonLost }); v.Note != "The connection was cut" {
		t.Errorf("failed: %+v", v)
	}
	for want, err := range map[string]error{
		"No loudspeaker found":  sound.ErrNoOutput,
		"This sound is damaged": sound.ErrBroken,
	} {
		d.views(said[0]) // as it is shown
		d.act(rowID(said[0].Pos), 0, widgets.FileOpen)
		h.desk.status.Err = err
		h.desk.goes(sound.Failed, 0)
		if v := d.views(said[0])[0]; v.Note != want || !v.Sound.Trouble || v.Sound.Playing {
			t.Errorf("%v: %+v", err, v)
		}
		h.desk.status.Err = nil
	}
}

func TestSoundTexts(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "", time.Millisecond: "0:01", 65 * time.Second: "1:05", 3*time.Hour + 62*time.Second: "3:01:02",
	} {
		if got := lengthText(d); got != want {
			t.Errorf("%v is %q", d, got)
		}
	}
	if got := progressText(3*time.Second, 0); got != "0:03" {
		t.Errorf("of no known length: %q", got)
	}
}

// TestSoundOfNoKind holds that a sound that turns out to be of a kind we cannot
// play is offered for saving, and then for the desktop's program.
func TestSoundOfNoKind(t *testing.T) {
	h, said := openSounds(t)
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", home)
	d := h.a.files
	d.act(rowID(said[1].Pos), 0, widgets.FileOpen)
	h.desk.status.Err = sound.ErrKind
	h.desk.goes(sound.Failed, 0)
	h.wantText("Linnet can't play this kind of sound", "Save")
	if v := d.views(said[1])[0]; v.Kind != widgets.FileOther || v.Note != unplayableText() {
		t.Errorf("it is shown as %+v", v)
	}
	if v := d.views(said[0])[0]; v.Kind != widgets.FileSound {
		t.Errorf("another is shown as %+v", v)
	}
	d.act(rowID(said[1].Pos), 0, widgets.FileOpen)
	h.settle()
	if !h.back.asked("save x.ogg") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.wantText("Saved as x.ogg", "Open")
	d.saved(said[1].Files[0], "/x/x.desktop", nil)()
	h.wantText("Saved as x.desktop", "Show in folder")
}
