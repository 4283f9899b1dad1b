//go:build !cgo

package sound

import "errors"

// newEncoder has no encoder to give: libopus is in C.
func newEncoder() (encoder, error) {
	return nil, errors.New("this build of Linnet cannot record")
}
