package account

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"slices"
	"testing"

	"linnet/account/sound"
	"linnet/account/sound/aac/aactest"
	"linnet/storage"
)

// voiceData makes a voice message of a second.
func voiceData(t testing.TB) []byte {
	t.Helper()
	samples := make([]int16, sound.Speech.Rate)
	for i := range samples {
		samples[i] = int16(9000 * math.Sin(2*math.Pi*440*float64(i)/float64(sound.Speech.Rate)))
	}
	var b bytes.Buffer
	w, err := sound.NewWriter(&b)
	if err == nil {
		err = w.Write(samples)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestMeasure holds what is kept of a sound, and that nothing else is looked at.
func TestMeasure(t *testing.T) {
	data := voiceData(t)
	silence := []byte{0, 0, 0, 7} // of one channel
	phone := aactest.MP4{Config: []byte{0x11, 0x88}, Scale: 48000, Units: slices.Repeat([][]byte{silence}, 75)}.File()
	for name, x := range map[string]struct {
		data   []byte
		kind   string
		voice  bool
		length int64 // ms
	}{
		"speech":              {data, "audio/ogg", true, 1000},
		"speech of a phone":   {phone, "audio/mp4", true, 1600},
		"called another kind": {data, "audio/webm", false, 5},
		"broken":              {data[:20], "audio/ogg", false, 5},
	} {
		f := storage.File{Type: x.kind, Duration: 5}
		if err := measure(t.Context(), measureIn, bytes.NewReader(x.data), &f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if f.Duration != x.length || f.Voice != x.voice || x.voice && len(f.Wave) != sound.WaveBars || !x.voice && f.Wave != nil {
			t.Errorf("%s: %d ms, %d bars, voice %v", name, f.Duration, len(f.Wave), f.Voice)
		}
	}
	// In no time at all, nothing is learnt of it.
	f := storage.File{Type: "audio/ogg"}
	if err := measure(t.Context(), 0, bytes.NewReader(data), &f); err != nil || f.Duration != 0 || f.Wave != nil || f.Voice {
		t.Errorf("without time: %+v, %v", f, err)
	}
}

// TestKeptRecording holds that a voice message that was not sent is there after a
// restart, and that nothing is left of one that is not kept.
func TestKeptRecording(t *testing.T) {
	p, r, _, id := withRoster(t)
	chat := r.opened(id, ann)
	content := func() string {
		f, err := r.OpenFile(&storage.File{Path: r.chat(ann).Recording})
		if err != nil {
			return err.Error()
		}
		defer f.Close()
		data, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	first, err := r.KeepRecording(chat.ID, []byte("one"))
	if err != nil || content() != "one" {
		t.Fatalf("kept %q, %v", content(), err)
	}
	second, err := r.KeepRecording(chat.ID, []byte("two"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.OpenFile(&storage.File{Path: first}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the one before: %v", err)
	}
	if err := r.ForgetRecording(chat.ID, first); err != nil { // sent while the next was kept
		t.Error(err)
	}
	r.stop()
	r = p.run()
	if content() != "two" {
		t.Errorf("after a restart: %q", content())
	}
	if err := r.ForgetRecording(chat.ID, second); err != nil {
		t.Error(err)
	}
	if _, err := r.OpenFile(&storage.File{Path: second}); !errors.Is(err, fs.ErrNotExist) || r.chat(ann).Recording != "" {
		t.Errorf("forgotten: %v, %q", err, r.chat(ann).Recording)
	}
	if err := r.DeleteChat(chat.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := r.KeepRecording(chat.ID, []byte("late")); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("for a conversation that is gone: %v", err)
	}
}
