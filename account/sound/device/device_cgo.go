//go:build cgo

// Package device plays and records with the devices the system has chosen, by
// PulseAudio, ALSA or JACK on Linux, and by what Windows and macOS have.
package device

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"unsafe"

	"github.com/gen2brain/malgo"

	"linnet/account/sound"
)

// System are the devices of the machine. It holds nothing open: which are there
// is looked at each time.
type System struct{}

const (
	// takenMilliseconds and givenMilliseconds are how much sound a call is about.
	takenMilliseconds = 20
	givenMilliseconds = 50
	// ahead is how many parts lie ready to be played: a busy machine that comes
	// late by less leaves no gap.
	ahead = 5
)

// backends are all that lead to real devices. Left alone the library takes one
// at last that plays to nobody.
func backends() []malgo.Backend {
	switch runtime.GOOS {
	case "windows":
		return []malgo.Backend{malgo.BackendWasapi, malgo.BackendDsound, malgo.BackendWinmm}
	case "darwin":
		return []malgo.Backend{malgo.BackendCoreaudio}
	case "linux":
		return []malgo.Backend{malgo.BackendPulseaudio, malgo.BackendAlsa, malgo.BackendJack}
	}
	return []malgo.Backend{malgo.BackendPulseaudio, malgo.BackendSndio, malgo.BackendAudio4, malgo.BackendOss, malgo.BackendJack}
}

// Play is sound.Devices'.
func (System) Play(f sound.Format, fill func([]int16), lost func()) (io.Closer, error) {
	config := malgo.DefaultDeviceConfig(malgo.Playback)
	config.PeriodSizeInMilliseconds, config.Periods = givenMilliseconds, ahead
	config.Playback.Format, config.Playback.Channels = malgo.FormatS16, uint32(f.Channels)
	return open(config, f, malgo.DeviceCallbacks{
		Data: func(out, _ []byte, _ uint32) { fill(samplesOf(out)) },
		Stop: lost,
	}, sound.ErrNoOutput)
}

// Record is sound.Devices'.
func (System) Record(f sound.Format, take func([]int16), lost func()) (io.Closer, error) {
	config := malgo.DefaultDeviceConfig(malgo.Capture)
	config.PeriodSizeInMilliseconds = takenMilliseconds
	config.Capture.Format, config.Capture.Channels = malgo.FormatS16, uint32(f.Channels)
	return open(config, f, malgo.DeviceCallbacks{
		Data: func(_, in []byte, _ uint32) { take(samplesOf(in)) },
		Stop: lost,
	}, sound.ErrNoInput)
}

// samplesOf takes the bytes of the library for what they are.
func samplesOf(b []byte) []int16 {
	if len(b) < 2 {
		return nil
	}
	return unsafe.Slice((*int16)(unsafe.Pointer(&b[0])), len(b)/2)
}

// opened is a device that runs.
type opened struct {
	ctx *malgo.AllocatedContext
	dev *malgo.Device
}

// open has a device run. Whatever is in the way, the user can only look after
// the device, so that it is told as none, with the reason if that helps.
func open(config malgo.DeviceConfig, f sound.Format, call malgo.DeviceCallbacks, none error) (io.Closer, error) {
	config.SampleRate = uint32(f.Rate)
	ctx, err := malgo.InitContext(backends(), malgo.ContextConfig{}, nil)
	if err != nil {
		return nil, trouble(none, err)
	}
	o := &opened{ctx: ctx}
	found, err := ctx.Devices(config.DeviceType)
	if err == nil && len(found) == 0 {
		err = errors.New("the system names none")
	}
	if err == nil {
		o.dev, err = malgo.InitDevice(ctx.Context, config, call)
	}
	if err == nil {
		err = o.dev.Start()
	}
	if err != nil {
		return nil, errors.Join(trouble(none, err), o.Close())
	}
	return o, nil
}

// trouble tells why a device is as good as none.
func trouble(none, err error) error {
	switch {
	case errors.Is(err, malgo.ErrAccessDenied):
		none = fmt.Errorf("%w: %w", none, sound.ErrDenied)
	case errors.Is(err, malgo.ErrBusy), errors.Is(err, malgo.ErrAlreadyInUse):
		none = fmt.Errorf("%w: %w", none, sound.ErrInUse)
	}
	return fmt.Errorf("%w: %w", none, err)
}

// Close ends it.
func (o *opened) Close() error {
	if o.dev != nil {
		o.dev.Uninit()
	}
	err := o.ctx.Uninit()
	o.ctx.Free()
	return err
}
