package native

/*
#cgo CFLAGS: -Wall
#cgo LDFLAGS: -framework AppKit
#include <stdlib.h>
#include "pasteboard_darwin.h"
*/
import "C"

import (
	"context"
	"errors"
	"strings"
	"unsafe"

	"linnet/account/media"
)

const (
	// maxRaw is the most that is taken of a picture that may not be compressed, in
	// bytes: as many pixels as are decoded, of four bytes, and something beside.
	maxRaw = 4*media.MaxPixels + 1<<20
	// maxNames bounds the paths of files together, in bytes.
	maxNames = 1 << 20
)

// errEmpty is said of what is gone by the time it is wanted.
var errEmpty = errors.New("reading the clipboard: there is nothing")

// NewClipboard gives the clipboard of the user's session.
func NewClipboard() *Clipboard { return newClipboard(macClipboard{}) }

// macClipboard is the general pasteboard.
type macClipboard struct{}

func (macClipboard) offers() forms {
	has := C.pasteboardOffers()
	return forms{files: has&C.offersFiles != 0, text: has&C.offersText != 0, picture: has&(C.offersPNG|C.offersTIFF) != 0}
}

// get takes what the pasteboard has in a form, up to so many bytes.
func get(form C.uint, most int) ([]byte, error) {
	var size C.size_t
	data := C.pasteboardRead(form, C.size_t(most), &size)
	defer C.free(data) // may be nothing
	switch {
	case int(size) > most:
		return nil, media.ErrTooLarge
	case data == nil:
		return nil, errEmpty
	}
	return C.GoBytes(data, C.int(size)), nil
}

func (macClipboard) picture(context.Context) ([]byte, error) {
	if C.pasteboardOffers()&C.offersPNG != 0 {
		return get(C.offersPNG, media.MaxBytes)
	}
	data, err := get(C.offersTIFF, maxRaw)
	if err != nil {
		return nil, err
	}
	m, err := fromTIFF(data)
	if err != nil {
		return nil, err
	}
	return asPNG(m)
}

func (macClipboard) files(context.Context) ([]string, error) {
	names, err := get(C.offersFiles, maxNames)
	return strings.FieldsFunc(string(names), func(r rune) bool { return r == 0 }), err
}

func (macClipboard) set(_ context.Context, png []byte) error {
	if !C.pasteboardSetPNG(unsafe.Pointer(unsafe.SliceData(png)), C.size_t(len(png))) {
		return errors.New("the clipboard was taken by another program")
	}
	return nil
}
