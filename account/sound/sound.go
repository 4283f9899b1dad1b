// Package sound plays, records and measures sound. What it plays is mostly what
// others sent, and nobody vouches for that: it is decoded by code that is safe
// with memory, within limits of size and time. The devices it goes through are
// behind an interface; package device has those of the machine.
package sound

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// Format says how samples of 16 bits are laid out: interleaved, one for each
// channel.
type Format struct {
	Rate     int // frames a second
	Channels int // 1 or 2
}

// Samples gives how many samples last so long.
func (f Format) Samples(d time.Duration) int {
	return int(f.Frames(d)) * f.Channels
}

// Length gives how long so many frames last.
func (f Format) Length(frames int64) time.Duration {
	return time.Duration(float64(frames) / float64(f.Rate) * float64(time.Second))
}

// Frames gives how many frames last so long.
func (f Format) Frames(d time.Duration) int64 {
	return int64(math.Round(d.Seconds() * float64(f.Rate)))
}

// Errors of Open and of a Decoder.
var (
	ErrKind   = errors.New("this kind of sound cannot be played")
	ErrBroken = errors.New("the sound is broken")
)

const (
	// minRate and maxRate bound the frames a second of what is played.
	minRate, maxRate = 4000, 384_000
	// maxLength bounds what a file may say of its own length.
	maxLength = 48 * time.Hour
	// maxTag is the largest tag in front of a sound that is passed over: one
	// with a large picture.
	maxTag = 64 << 20
)

// Decoder gives the samples of a sound one after the other. It is for one
// goroutine at a time. Whatever is in the file, it does not panic and takes few MB
// of memory. A hostile one may have much read before there is anything to hear: see
// wantedFile.
type Decoder interface {
	Format() Format
	// Read fills samples with whole frames, at least one; io.EOF at the end.
	Read(samples []int16) (n int, err error)
	// SeekTo goes to a moment; beyond the end to the end.
	SeekTo(at time.Duration) error
	// Length is how long it lasts; 0 for not known.
	Length() time.Duration
	// Speech tells that it was made for speech, as voice messages are.
	Speech() bool
}

// Playable tells whether files of a media type can be played.
func Playable(mediaType string) bool {
	switch mediaType {
	case "audio/ogg", "audio/opus", "audio/vorbis", "audio/mpeg", "audio/mp3", "audio/flac", "audio/x-flac",
		"audio/wav", "audio/wave", "audio/x-wav", "audio/vnd.wave",
		"audio/mp4", "audio/m4a", "audio/x-m4a", "audio/mp4a-latm", "audio/aac", "audio/x-aac", "audio/aacp":
		return true
	}
	return false
}

// Open tells by the content what a sound is and makes what decodes it. r is read
// from its beginning, and must stay open as long as the decoder is used. Errors
// are those of reading, ErrKind and ErrBroken.
func Open(r io.ReadSeeker) (Decoder, error) {
	src, err := behindTags(r)
	if err != nil {
		return nil, err
	}
	var head [12]byte
	n, err := io.ReadFull(src, head[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	var open func(io.ReadSeeker) (Decoder, error)
	switch b := head[:n]; {
	case bytes.HasPrefix(b, []byte("OggS")):
		open = openOgg
	case bytes.HasPrefix(b, []byte("fLaC")):
		open = openFLAC
	case bytes.HasPrefix(b, []byte("RIFF")) && n == len(head) && string(b[8:]) == "WAVE":
		open = openWAV
	case n == len(head) && string(b[4:8]) == "ftyp":
		open = openMP4
	case n > 2 && b[0] == 0xFF && b[1]&0xF6 == 0xF0: // ADTS, where MPEG audio says its layer
		open = openADTS
	case n > 2 && b[0] == 0xFF && b[1]&0xE6 == 0xE2: // MPEG audio, layer III
		open = openMP3
	default:
		return nil, ErrKind
	}
	return guard(src, open)
}

// guard makes a decoder that survives the panics of one that was made by others.
func guard(r io.ReadSeeker, open func(io.ReadSeeker) (Decoder, error)) (d Decoder, err error) {
	err = survive(func() error {
		d, err = open(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	if f := d.Format(); f.Rate < minRate || f.Rate > maxRate || f.Channels < 1 || f.Channels > 2 {
		return nil, ErrKind
	}
	return &guarded{d}, nil
}

// survive turns a panic into ErrBroken.
func survive(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrBroken, p)
		}
	}()
	return do()
}

type guarded struct{ Decoder }

// Read is Decoder's.
func (g *guarded) Read(samples []int16) (n int, err error) {
	err = survive(func() error {
		n, err = g.Decoder.Read(samples)
		return err
	})
	return n, err
}

// SeekTo is Decoder's.
func (g *guarded) SeekTo(at time.Duration) error {
	return survive(func() error { return g.Decoder.SeekTo(at) })
}

// Length is Decoder's.
func (g *guarded) Length() time.Duration {
	if d := g.Decoder.Length(); d > 0 && d <= maxLength {
		return d
	}
	return 0
}

// behindTags gives what lies behind tags of ID3 at the beginning, which players
// of music put before files of any kind.
func behindTags(r io.ReadSeeker) (io.ReadSeeker, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	at := int64(0)
	for range 4 { // more are never seen
		var head [10]byte
		if _, err := r.Seek(at, io.SeekStart); err != nil {
			return nil, err
		}
		if _, err := io.ReadFull(r, head[:]); err != nil || string(head[:3]) != "ID3" {
			break
		}
		tag := int64(head[6]&0x7F)<<21 | int64(head[7]&0x7F)<<14 | int64(head[8]&0x7F)<<7 | int64(head[9]&0x7F)
		if tag > maxTag {
			return nil, ErrBroken
		}
		at += int64(len(head)) + tag
	}
	if at > size {
		return nil, ErrBroken
	}
	if _, err := r.Seek(at, io.SeekStart); err != nil {
		return nil, err
	}
	return &part{r, at}, nil
}

// part is a file without its beginning.
type part struct {
	io.ReadSeeker
	from int64
}

// Seek is io.Seeker's.
func (p *part) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekStart {
		offset += p.from
	}
	at, err := p.ReadSeeker.Seek(offset, whence)
	return at - p.from, err
}

// wantedFile is a file that cannot be read any more once it is not wanted, so
// that no decoder goes on for long, whatever it looks for in there.
type wantedFile struct {
	io.ReadSeeker
	wanted func() error // why it is not
}

// Read is io.Reader's.
func (f *wantedFile) Read(p []byte) (int, error) {
	if err := f.wanted(); err != nil {
		return 0, err
	}
	return f.ReadSeeker.Read(p)
}

// toStereo drops what is beyond the second channel: the first two are left and
// right in all kinds of files.
func toStereo(channels int) int { return min(channels, 2) }
