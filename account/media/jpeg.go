package media

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Markers of a JPEG file (ITU-T T.81, Annex B).
const (
	markSOF2 = 0xC2 // a progressive frame; C6, CA and CE are others
	markRST0 = 0xD0
	markRST7 = 0xD7
	markSOI  = 0xD8
	markEOI  = 0xD9
	markSOS  = 0xDA
	markAPP0 = 0xE0 // JFIF
	markAPP1 = 0xE1 // EXIF, XMP
	markAPP2 = 0xE2 // colour profile, and more
	markAPPE = 0xEE // Adobe: how colours are to be read
	markAPPF = 0xEF
	markCOM  = 0xFE
)

var (
	exifHead = []byte("Exif\x00\x00")
	iccHead  = []byte("ICC_PROFILE\x00")
)

// jpegHead is what is needed of a JPEG before it is decoded.
type jpegHead struct {
	turn        int // orientation of EXIF, 1 to 8
	progressive bool
}

// readJPEG reads up to the picture itself. What cannot be read is as usual.
func readJPEG(r *bufio.Reader) jpegHead {
	head := jpegHead{turn: 1}
	if !startsJPEG(r) {
		return head
	}
	for {
		mark, body, err := segment(r)
		if err != nil || mark == markSOS || mark == markEOI {
			return head
		}
		switch {
		case mark == markAPP1 && bytes.HasPrefix(body, exifHead):
			head.turn = orientation(body[len(exifHead):])
		case mark&^0x0C == markSOF2:
			head.progressive = true
		}
	}
}

func startsJPEG(r *bufio.Reader) bool {
	var b [2]byte
	_, err := io.ReadFull(r, b[:])
	return err == nil && b[0] == 0xFF && b[1] == markSOI
}

// segment reads the next marker with what belongs to it, which is at most 64 kB.
func segment(r *bufio.Reader) (mark byte, body []byte, err error) {
	b, err := r.ReadByte()
	if err != nil || b != 0xFF {
		return 0, nil, errors.Join(ErrBroken, err)
	}
	for mark = 0xFF; mark == 0xFF; { // any number may fill up
		if mark, err = r.ReadByte(); err != nil {
			return 0, nil, err
		}
	}
	if mark == 0 {
		return 0, nil, ErrBroken
	}
	if mark == markEOI || mark >= markRST0 && mark <= markRST7 || mark == 0x01 {
		return mark, nil, nil
	}
	var size [2]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return 0, nil, err
	}
	n := int(binary.BigEndian.Uint16(size[:]))
	if n < 2 {
		return 0, nil, ErrBroken
	}
	body = make([]byte, n-2)
	_, err = io.ReadFull(r, body)
	return mark, body, err
}

// orientation reads how a camera was held from the TIFF structure of EXIF; 1,
// upright, if it does not say.
func orientation(tiff []byte) int {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return 1
	}
	if len(tiff) < 8 {
		return 1
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[at:]
	n := int(order.Uint16(entries))
	entries = entries[2:]
	for range n {
		if len(entries) < 12 {
			return 1
		}
		const tagOrientation, typeShort = 0x0112, 3
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			if turn := int(order.Uint16(entries[8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// exifOf is an EXIF segment that says nothing but the orientation.
func exifOf(turn int) []byte {
	b := append([]byte(nil), exifHead...)
	b = append(b, "MM\x00*\x00\x00\x00\x08\x00\x01"...)        // one entry
	b = append(b, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(turn)) // a short
	return append(b, 0, 0, 0, 0, 0, 0)                         // no more
}

// cleanJPEG leaves out all segments that tell something. One that was cut in the
// middle of the picture is as it was.
func cleanJPEG(out *bufio.Writer, in *bufio.Reader) error {
	if !startsJPEG(in) {
		return ErrBroken
	}
	out.Write([]byte{0xFF, markSOI}) // bufio keeps the error for Flush
	for first := true; ; {
		mark, body, err := segment(in)
		if err != nil {
			return err
		}
		switch {
		case mark == markEOI:
			out.Write([]byte{0xFF, markEOI})
			return nil
		case mark == markAPP1 && bytes.HasPrefix(body, exifHead) && first:
			first = false
			if turn := orientation(body[len(exifHead):]); turn != 1 {
				put(out, markAPP1, exifOf(turn))
			}
		case tells(mark, body):
		default:
			put(out, mark, body)
			if mark == markSOS {
				if err := copyScan(out, in); err == io.EOF {
					return nil
				} else if err != nil {
					return err
				}
			}
		}
	}
}

// tells says whether a segment is about something else than how to show the
// picture.
func tells(mark byte, body []byte) bool {
	switch mark {
	case markAPP0:
		return !bytes.HasPrefix(body, []byte("JFIF\x00"))
	case markAPP2:
		return !bytes.HasPrefix(body, iccHead)
	case markAPPE:
		return !bytes.HasPrefix(body, []byte("Adobe"))
	}
	return mark == markCOM || mark >= markAPP0 && mark <= markAPPF
}

func put(w *bufio.Writer, mark byte, body []byte) {
	w.Write([]byte{0xFF, mark})
	if mark >= markRST0 && mark <= markRST7 || mark == 0x01 {
		return
	}
	w.Write(binary.BigEndian.AppendUint16(nil, uint16(len(body)+2)))
	w.Write(body)
}

// copyScan copies the coded picture up to the marker behind it.
func copyScan(w *bufio.Writer, r *bufio.Reader) error {
	for {
		next, err := r.Peek(2)
		if err != nil {
			w.Write(next)
			return err
		}
		if c := next[1]; next[0] == 0xFF && c != 0 && (c < markRST0 || c > markRST7) {
			return nil
		}
		run, err := r.Peek(r.Buffered())
		if err != nil {
			return err
		}
		if n := bytes.IndexByte(run[1:], 0xFF); n >= 0 {
			run = run[:n+1]
		}
		w.Write(run)
		if _, err := r.Discard(len(run)); err != nil {
			return err
		}
	}
}
