//go:build unix

package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"time"

	"linnet/account"
	"linnet/account/media"
	"linnet/storage"
)

// enclosed is a file that is with a line.
type enclosed struct {
	name   string
	data   func() []byte     // nil: of its content only the size matters
	size   int64             // of one without data
	voice  time.Duration     // how long a voice message is; 0 for no such
	state  storage.FileState // storage.FileWaiting has one of ours sent
	reason string            // of storage.FileFailed
}

// The files of the history.
var (
	view      = &enclosed{name: "garden.jpg", state: storage.FileHere, data: func() []byte { return asJPEG(paint(1280, 640, garden)) }}
	moon      = &enclosed{name: "moon.gif", state: storage.FileHere, data: moonGIF}
	lanterns  = &enclosed{name: "lanterns.jpg", data: func() []byte { return asJPEG(paint(1200, 800, procession)) }}
	rehearsal = &enclosed{name: "sword-dance.mp4", size: 48_700_000}
	guests    = &enclosed{name: "guests.pdf", state: storage.FileHere, data: func() []byte { return bytes.Repeat([]byte("Signior Martino and his wife and daughters.\n"), 4000) }}
	breath    = &enclosed{name: "voice.wav", voice: voiceTime, state: storage.FileHere, data: voiceWAV}
	plans     = &enclosed{name: "way-over-the-wall.zip", state: storage.FileWaiting, data: func() []byte { return make([]byte, depotMost/2) }}
	street    = &enclosed{name: "street.jpg", state: storage.FileWaiting, data: func() []byte { return asJPEG(paint(720, 480, procession)) }}
	sonnets   = &enclosed{name: "all-my-sonnets.tar.gz", size: 2_147_483_648, state: storage.FileFailed, reason: fmt.Sprintf("%s: %d", account.ReasonTooLarge, depotMost)}
)

// file gives it as the message of a conversation has it: kept here, or to be
// had at the depot.
func (p *past) file(chat storage.ChatID, e *enclosed) (storage.File, error) {
	f := storage.File{Name: e.name, State: e.state, Type: media.TypeByName(e.name), Size: e.size, Reason: e.reason}
	if e.data == nil {
		if e.state == storage.FileRemote {
			f.URL = p.depot.keep("/"+e.name, nil, e.size)
		}
		return f, nil
	}
	data := e.data()
	sum := sha256.Sum256(data)
	f.Hash, f.Size = sum[:], int64(len(data))
	info, err := media.Probe(bytes.NewReader(data), e.name)
	if err != nil {
		return f, err
	}
	f.Type, f.Width, f.Height = info.Type, int32(info.Width), int32(info.Height)
	if im, err := media.Decode(bytes.NewReader(data), image.Pt(media.ThumbSide, media.ThumbSide)); err == nil {
		f.Thumb, _, _ = media.Thumbnail(im)
	}
	if e.voice > 0 {
		f.Voice, f.Duration, f.Wave = true, e.voice.Milliseconds(), voiceWave()
	}
	if e.state != storage.FileWaiting {
		f.URL = p.depot.keep("/"+e.name, data, f.Size)
	}
	if e.state != storage.FileRemote {
		f.Path, err = p.keepFile(chat, data)
	}
	return f, err
}
