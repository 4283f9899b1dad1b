//go:build cgo

package sound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"gopkg.in/hraban/opus.v2"

	"linnet/account/sound/ogg"
)

// opusOf makes an Ogg file with libopus: with packets of so many frames, for one
// use or another, which decides what of Opus is in it.
func opusOf(t testing.TB, f Format, samples []int16, app opus.Application, bandwidth opus.Bandwidth, rate, packet int) []byte {
	t.Helper()
	enc, err := opus.NewEncoder(f.Rate, f.Channels, app)
	if err == nil {
		err = errors.Join(enc.SetBitrate(rate), enc.SetMaxBandwidth(bandwidth))
	}
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := ogg.NewWriter(&b, 5)
	head := append([]byte("OpusHead\x01"), byte(f.Channels), 0x38, 1, 0, 0, 0, 0, 0, 0, 0)
	if err := errors.Join(w.Packet(head, 0), w.Flush(), w.Packet([]byte("OpusTags\x00\x00\x00\x00\x00\x00\x00\x00"), 0), w.Flush()); err != nil {
		t.Fatal(err)
	}
	total := int64(len(samples)/f.Channels) + encoderDelay
	samples = append(samples[:len(samples):len(samples)], make([]int16, (encoderDelay+packet)*f.Channels)...)
	for at := int64(0); at < total; samples = samples[packet*f.Channels:] {
		data := make([]byte, 4000)
		n, err := enc.Encode(samples[:packet*f.Channels], data)
		if err != nil {
			t.Fatal(err)
		}
		at = min(total, at+int64(packet))
		if err := w.Packet(data[:n], at); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestOpusOfOthers decodes all that libopus makes: speech and music, their mix,
// of one and two channels, in parts of all lengths.
func TestOpusOfOthers(t *testing.T) {
	for _, x := range []struct {
		name      string
		app       opus.Application
		bandwidth opus.Bandwidth
		rate      int
	}{
		{"SILK, narrow", opus.AppVoIP, opus.Narrowband, 12000},
		{"SILK, wide", opus.AppVoIP, opus.Wideband, 20000},
		{"hybrid", opus.AppVoIP, opus.Fullband, 28000},
		{"music", opus.AppAudio, opus.Fullband, 64000},
		{"CELT", opus.AppRestrictedLowdelay, opus.Fullband, 64000},
	} {
		for _, channels := range []int{1, 2} {
			for _, packet := range []int{120, 480, 960, 2880} {
				f := Format{opusRate, channels}
				name := fmt.Sprintf("%s, %d channels, %d frames", x.name, channels, packet)
				rate := x.rate * channels
				if packet < packetFrames {
					rate += 96_000 * 120 / packet // short packets say little else
				}
				data := opusOf(t, f, steps(f, 5), x.app, x.bandwidth, rate, packet)
				d, err := Open(bytes.NewReader(data))
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				if d.Format() != f || d.Length() != 5*time.Second || d.Speech() != (channels == 1) {
					t.Errorf("%s: %+v, %v", name, d.Format(), d.Length())
				}
				checkSteps(t, name, d, 5)
			}
		}
	}
}

// record writes a voice message.
func record(t testing.TB, samples []int16) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b)
	for err == nil && len(samples) > 0 {
		n := min(777, len(samples))
		err = w.Write(samples[:n])
		samples = samples[n:]
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestVoiceRoundTrip has a tone written as a voice message and decoded, by the
// decoder in use and by libopus.
func TestVoiceRoundTrip(t *testing.T) {
	for _, length := range []time.Duration{0, 5 * time.Millisecond, 20 * time.Millisecond, 1990 * time.Millisecond, 3 * time.Second} {
		sound := tone(Speech, 440, length)
		data := record(t, sound)
		d, err := Open(bytes.NewReader(data))
		if err != nil {
			t.Errorf("%v: %v", length, err)
			continue
		}
		heard := all(t, d)
		if len(sound) > 0 && (d.Length() != length || len(heard) != len(sound)) {
			t.Errorf("%v: %v long, %d samples of %d", length, d.Length(), len(heard), len(sound))
		}
		if length < time.Second {
			continue
		}
		if got := share(heard[4800:], Speech, 440); got < 0.98 {
			t.Errorf("%v: the tone is %.3f of it", length, got)
		}
		if got := share(theirs(t, data)[4800:], Speech, 440); got < 0.98 {
			t.Errorf("%v: to libopus the tone is %.3f of it", length, got)
		}
		if rate := float64(len(data)) * 8 / length.Seconds(); length > 2*time.Second && rate > 36_000 {
			t.Errorf("%.0f bits a second", rate)
		}
	}
}

// theirs decodes a file of one channel with libopus.
func theirs(t testing.TB, data []byte) (out []int16) {
	t.Helper()
	dec, err := opus.NewDecoder(opusRate, 1)
	if err != nil {
		t.Fatal(err)
	}
	r := ogg.NewReader(bytes.NewReader(data))
	for i := 0; ; i++ {
		p, err := r.Next()
		if err != nil {
			return out
		}
		if i < 2 {
			continue
		}
		pcm := make([]int16, opusMost)
		n, err := dec.Decode(p.Data, pcm)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, pcm[:n]...)
	}
}

// TestMeasure holds lengths and peaks.
func TestMeasure(t *testing.T) {
	// Silence, then a tone, then one of a quarter of its power.
	var samples []int16
	for i, s := range tone(Speech, 440, 4*time.Second) {
		switch second := i / opusRate; {
		case second < 1:
			s = 0
		case second == 3:
			s /= 4
		}
		samples = append(samples, s)
	}
	for name, data := range map[string][]byte{
		"Opus": record(t, samples), "WAV": wavOf(Speech, samples), "FLAC": flacOf(t, Speech, samples),
	} {
		s, err := Measure(t.Context(), bytes.NewReader(data))
		if err != nil || s.Length != 4*time.Second || len(s.Wave) != WaveBars || s.Speech != (name == "Opus") {
			t.Errorf("%s: %v, %d bars, %v", name, s.Length, len(s.Wave), err)
			continue
		}
		if s.Wave[4] > 20 || s.Wave[24] < 230 || s.Wave[40] < 230 || s.Wave[56] < 100 || s.Wave[56] > 150 {
			t.Errorf("%s: the peaks are %d", name, s.Wave)
		}
	}
	over, cancel := context.WithCancel(t.Context())
	long := &slow{ReadSeeker: bytes.NewReader(wavOf(Speech, samples)), at: 8, then: cancel}
	if s, err := Measure(over, long); err != nil || s.Length != 4*time.Second || s.Wave != nil {
		t.Errorf("without time: %+v, %v", s, err)
	}
	if _, err := Measure(t.Context(), bytes.NewReader([]byte("no sound"))); !errors.Is(err, ErrKind) {
		t.Errorf("no sound: %v", err)
	}
	if _, err := Measure(t.Context(), bytes.NewReader(wavOf(Speech, nil))); !errors.Is(err, ErrBroken) {
		t.Errorf("nothing in it: %v", err)
	}
}
