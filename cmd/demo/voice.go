//go:build unix

package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// voiceTime is how long the voice message is, and voiceRate its samples a second.
const (
	voiceTime = 9 * time.Second
	voiceRate = 8000
)

// loudness is how loud it is at a part of it, 0 to 1: words, with pauses to
// catch breath.
func loudness(at float64) float64 {
	words := math.Abs(math.Sin(at*41)) * (0.55 + 0.45*math.Sin(at*97))
	if math.Mod(at*4.3, 1) > 0.78 {
		words *= 0.12
	}
	return min(1, max(0.03, words))
}

// voiceWave are the peaks of it.
func voiceWave() []byte {
	wave := make([]byte, 64)
	for i := range wave {
		wave[i] = byte(255 * loudness(float64(i)/float64(len(wave))))
	}
	return wave
}

// voiceWAV is a hum as loud as that, in 8 bits.
func voiceWAV() []byte {
	const n = int(voiceTime/time.Second) * voiceRate
	var b bytes.Buffer
	b.WriteString("RIFF")
	for _, v := range []any{
		uint32(36 + n), []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), // PCM, one channel
		uint32(voiceRate), uint32(voiceRate), uint16(1), uint16(8), []byte("data"), uint32(n),
	} {
		_ = binary.Write(&b, binary.LittleEndian, v) // into memory
	}
	for i := range n {
		at := float64(i) / float64(n)
		pitch := 150 + 40*math.Sin(at*60)
		b.WriteByte(byte(128 + 90*loudness(at)*math.Sin(2*math.Pi*pitch*float64(i)/voiceRate)))
	}
	return b.Bytes()
}
