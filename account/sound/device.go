package sound

import (
	"errors"
	"io"
)

// Errors of Devices.
var (
	ErrNoOutput = errors.New("there is nothing to play sound with")
	ErrNoInput  = errors.New("there is no microphone")

	// Where the system says why, one of these goes with one of the others.
	ErrDenied = errors.New("the system does not allow it")
	ErrInUse  = errors.New("another program is using the device")
	ErrHangs  = errors.New("the sound system hangs")
)

// Devices is what sound comes out of and goes into. Opening and closing may take
// a while. The functions handed over are called on threads of the system and must
// return soon; none is called any more when Close has returned. lost is called
// when a device ends by itself, as when it is pulled out.
type Devices interface {
	// Play has fill called for samples whenever they are needed, until it is
	// closed. ErrNoOutput says that there is no device.
	Play(f Format, fill func(samples []int16), lost func()) (io.Closer, error)
	// Record has take called with samples as they come, until it is closed.
	// ErrNoInput says that there is no device.
	Record(f Format, take func(samples []int16), lost func()) (io.Closer, error)
}
