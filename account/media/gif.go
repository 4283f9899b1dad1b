package media

import (
	"bufio"
	"image"
	"image/color"
	"image/gif"
	"io"
	"time"

	"golang.org/x/image/draw"
)

const (
	// maxMotion is how many pixels all frames of a moving picture have
	// together; they are kept while it is seen, a byte each.
	maxMotion = 64 << 20
	// shortest is the least a frame is shown; what asks for less is shown for
	// usual, as everybody does.
	shortest = 20 * time.Millisecond
	usual    = 100 * time.Millisecond
)

// Motion is a picture that moves. Its frames are drawn one after the other; it
// is for one goroutine at a time.
type Motion struct {
	g     *gif.GIF
	shown *image.RGBA
	saved *image.RGBA // what was there before a frame that is to be taken back
	next  int
}

// DecodeMotion reads a GIF. One that does not move, or is too large, is an
// error: ErrUnknown, ErrTooLarge.
func DecodeMotion(r io.ReadSeeker) (*Motion, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	info, err := sniff(r)
	if err != nil {
		return nil, err
	}
	if info.Type != "image/gif" {
		return nil, ErrUnknown
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	frames, pixels := countFrames(bufio.NewReader(r))
	switch {
	case frames < 2:
		return nil, ErrUnknown
	case pixels > maxMotion:
		return nil, ErrTooLarge
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	g, err := gif.DecodeAll(bufio.NewReader(io.LimitReader(r, MaxBytes)))
	if err != nil {
		return nil, err
	}
	if len(g.Image) < 2 || g.Config.Width != info.Width || g.Config.Height != info.Height {
		return nil, ErrUnknown
	}
	return &Motion{g: g, shown: image.NewRGBA(image.Rect(0, 0, info.Width, info.Height))}, nil
}

// Bytes is about what it takes in memory.
func (m *Motion) Bytes() int {
	n := 4 * len(m.shown.Pix) // with what is drawn from it
	for _, frame := range m.g.Image {
		n += len(frame.Pix)
	}
	return n
}

// Next draws the next frame, after the last the first again, and says for how
// long it is shown. The picture is changed by the next call.
func (m *Motion) Next() (*image.RGBA, time.Duration) {
	if m.next > 0 {
		m.dispose(m.next - 1)
	}
	if m.next == len(m.g.Image) {
		m.next = 0
	}
	if m.next == 0 {
		draw.Draw(m.shown, m.shown.Rect, image.Transparent, image.Point{}, draw.Src)
	}
	frame := m.g.Image[m.next]
	if m.g.Disposal[m.next] == gif.DisposalPrevious {
		if m.saved == nil {
			m.saved = image.NewRGBA(m.shown.Rect)
		}
		copy(m.saved.Pix, m.shown.Pix)
	}
	draw.Draw(m.shown, frame.Rect, frame, frame.Rect.Min, draw.Over)
	delay := time.Duration(m.g.Delay[m.next]) * 10 * time.Millisecond
	if delay < shortest {
		delay = usual
	}
	m.next++
	return m.shown, delay
}

// dispose does what a frame wants done before the next.
func (m *Motion) dispose(i int) {
	switch m.g.Disposal[i] {
	case gif.DisposalBackground:
		draw.Draw(m.shown, m.g.Image[i].Rect, image.NewUniform(color.Transparent), image.Point{}, draw.Src)
	case gif.DisposalPrevious:
		if m.saved != nil {
			copy(m.shown.Pix, m.saved.Pix)
		}
	}
}

// countFrames walks over a GIF without decoding it and says how many frames it
// has, and how many pixels those have together. What cannot be read ends it.
func countFrames(r *bufio.Reader) (frames, pixels int) {
	var head [13]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || !skipTable(r, head[10]) {
		return 0, 0
	}
	for {
		kind, err := r.ReadByte()
		if err != nil {
			return frames, pixels
		}
		switch kind {
		case 0x21: // an extension
			if _, err := r.ReadByte(); err != nil || !skipBlocks(r) {
				return frames, pixels
			}
		case 0x2C:
			var d [9]byte
			if _, err := io.ReadFull(r, d[:]); err != nil {
				return frames, pixels
			}
			frames++
			pixels += (int(d[4]) | int(d[5])<<8) * (int(d[6]) | int(d[7])<<8)
			if !skipTable(r, d[8]) {
				return frames, pixels
			}
			if _, err := r.ReadByte(); err != nil || !skipBlocks(r) { // the width of codes
				return frames, pixels
			}
		default: // the end, or nothing known
			return frames, pixels
		}
	}
}

// skipTable skips the colours that flags announce.
func skipTable(r *bufio.Reader, flags byte) bool {
	if flags&0x80 == 0 {
		return true
	}
	_, err := r.Discard(3 << (1 + flags&7))
	return err == nil
}

func skipBlocks(r *bufio.Reader) bool {
	for {
		n, err := r.ReadByte()
		if err != nil {
			return false
		}
		if n == 0 {
			return true
		}
		if _, err := r.Discard(int(n)); err != nil {
			return false
		}
	}
}
