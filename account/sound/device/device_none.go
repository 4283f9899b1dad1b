//go:build !cgo

// Package device plays and records with the devices of the system, in builds
// with C. This one has none.
package device

import (
	"io"

	"linnet/account/sound"
)

// System has no devices in this build.
type System struct{}

// Play is sound.Devices'.
func (System) Play(sound.Format, func([]int16), func()) (io.Closer, error) {
	return nil, sound.ErrNoOutput
}

// Record is sound.Devices'.
func (System) Record(sound.Format, func([]int16), func()) (io.Closer, error) {
	return nil, sound.ErrNoInput
}
