package media

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// ErrBroken says that a photo cannot be cleaned, because it cannot be read.
var ErrBroken = errors.New("the photo cannot be read")

// CanClean tells whether files of a type are photos that Clean knows.
func CanClean(mediaType string) bool {
	return mediaType == "image/jpeg" || mediaType == "image/png" || mediaType == "image/webp"
}

// Clean copies a photo of a type that CanClean knows without what it tells
// beside the picture: where it was taken, when and by what, a smaller version of
// it, notes, the words it was made from. What shows it right (orientation,
// colours) stays. The picture itself is not touched. What cannot be read as such
// a photo is ErrBroken, and nothing of it may be passed on.
func Clean(w io.Writer, r io.Reader, mediaType string) error {
	in, out := bufio.NewReader(r), bufio.NewWriter(w)
	var err error
	switch mediaType {
	case "image/jpeg":
		err = cleanJPEG(out, in)
	case "image/png":
		err = cleanPNG(out, in)
	case "image/webp":
		err = cleanWebP(out, in)
	default:
		err = ErrBroken
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrBroken
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

var pngHead = []byte("\x89PNG\r\n\x1a\n")

// pngKept are the chunks of PNG that are the picture (those of which the first
// letter is large), show it right, or make it move.
var pngKept = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true,
	"tRNS": true, "cHRM": true, "gAMA": true, "iCCP": true, "sBIT": true, "sRGB": true, "cICP": true, "mDCV": true, "cLLI": true,
	"bKGD": true, "hIST": true, "pHYs": true, "sPLT": true,
	"acTL": true, "fcTL": true, "fdAT": true,
}

// cleanPNG copies the chunks of pngKept, up to the end of the picture.
func cleanPNG(w *bufio.Writer, r *bufio.Reader) error {
	head := make([]byte, len(pngHead))
	if _, err := io.ReadFull(r, head); err != nil || !bytes.Equal(head, pngHead) {
		return errors.Join(ErrBroken, err)
	}
	w.Write(head)
	for {
		var b [8]byte // length and name
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return err
		}
		size, name := int64(binary.BigEndian.Uint32(b[:])), string(b[4:])
		if size > 1<<31-1 {
			return ErrBroken
		}
		size += 4 // a sum follows
		if !pngKept[name] {
			if _, err := io.CopyN(io.Discard, r, size); err != nil {
				return err
			}
			continue
		}
		w.Write(b[:])
		if _, err := io.CopyN(w, r, size); err != nil {
			return err
		}
		if name == "IEND" {
			return nil
		}
	}
}

const (
	riffHead = 12   // RIFF, the length of the rest, WEBP
	anmfHead = 16   // where a frame lies and for how long it is shown
	vp8xTold = 0x0C // the flags of VP8X that announce EXIF and XMP
)

// webpKept are the chunks of WebP that are the picture, show it right, or make it
// move.
var webpKept = map[string]bool{
	"VP8 ": true, "VP8L": true, "VP8X": true, "ALPH": true, "ANIM": true, "ANMF": true, "ICCP": true,
}

// cleanWebP copies a WebP. What is to go is put out by zeros in a chunk of a name
// that all pass over, so that the lengths that were announced stay true.
func cleanWebP(w *bufio.Writer, r *bufio.Reader) error {
	var head [riffHead]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	size := int64(binary.LittleEndian.Uint32(head[4:]))
	if string(head[:4]) != "RIFF" || string(head[8:]) != "WEBP" || size < 4 || size > 1<<32-10 {
		return ErrBroken
	}
	w.Write(head[:])
	return cleanChunks(w, r, size-4, false)
}

// cleanChunks copies so many bytes of chunks: of the file, or of a frame.
func cleanChunks(w *bufio.Writer, r *bufio.Reader, left int64, inFrame bool) error {
	for left > 0 {
		var b [8]byte // name and length
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return err
		}
		name := string(b[:4])
		size := int64(binary.LittleEndian.Uint32(b[4:]))
		size += size & 1 // filled up
		left -= 8 + size
		if left < 0 {
			return ErrBroken
		}
		if !webpKept[name] {
			copy(b[:], "JUNK")
		}
		w.Write(b[:])
		var err error
		switch {
		case !webpKept[name]:
			if _, err = io.CopyN(io.Discard, r, size); err == nil {
				_, err = io.CopyN(w, zeros{}, size)
			}
		case name == "VP8X" && size > 0:
			var flags byte
			if flags, err = r.ReadByte(); err == nil {
				w.WriteByte(flags &^ vp8xTold)
				_, err = io.CopyN(w, r, size-1)
			}
		case name == "ANMF":
			if inFrame || size < anmfHead {
				return ErrBroken
			}
			if _, err = io.CopyN(w, r, anmfHead); err == nil {
				err = cleanChunks(w, r, size-anmfHead, true)
			}
		default:
			_, err = io.CopyN(w, r, size)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// zeros gives zeros for ever.
type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
