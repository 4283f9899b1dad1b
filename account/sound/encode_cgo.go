//go:build cgo

package sound

import "gopkg.in/hraban/opus.v2"

// newEncoder makes one of libopus, which sees only what was recorded here.
func newEncoder() (encoder, error) {
	enc, err := opus.NewEncoder(opusRate, 1, opus.AppVoIP)
	if err != nil {
		return nil, err
	}
	return enc, enc.SetBitrate(speechBits)
}
