package account

import (
	"bytes"
	"math"
	"testing"

	"linnet/account/sound"
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
	for name, x := range map[string]struct {
		data  []byte
		kind  string
		voice bool
	}{
		"speech":              {data, "audio/ogg", true},
		"called another kind": {data, "audio/mp4", false},
		"broken":              {data[:20], "audio/ogg", false},
	} {
		f := storage.File{Type: x.kind, Duration: 5}
		if err := measure(t.Context(), measureIn, bytes.NewReader(x.data), &f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if x.voice && (f.Duration != 1000 || len(f.Wave) != sound.WaveBars || !f.Voice) || !x.voice && (f.Duration != 5 || f.Wave != nil || f.Voice) {
			t.Errorf("%s: %d ms, %d bars, voice %v", name, f.Duration, len(f.Wave), f.Voice)
		}
	}
	// In no time at all, nothing is learnt of it.
	f := storage.File{Type: "audio/ogg"}
	if err := measure(t.Context(), 0, bytes.NewReader(data), &f); err != nil || f.Duration != 0 || f.Wave != nil || f.Voice {
		t.Errorf("without time: %+v, %v", f, err)
	}
}
