//go:build !cgo

package sound

// newEncoder has no encoder to give: libopus is in C.
func newEncoder() (encoder, error) { return nil, ErrNoEncoder }
