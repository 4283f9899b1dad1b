package aac

import "encoding/binary"

// Kinds of sound in a track of MPEG-4 (ISO/IEC 14496-1, section 7.2.6.6.2).
const (
	kindMPEG4 = 0x40
	kindMPEG2 = 0x67 // AAC-LC, whose units are the same
)

// Tags of descriptors (ISO/IEC 14496-1, section 7.2.2.1).
const (
	tagStream  = 3
	tagDecoder = 4
	tagConfig  = 5
)

// maxDescriptors is how large the descriptors of a track may be: they have some
// forty bytes.
const maxDescriptors = 4 << 10

// description reads what the sound of a track is. One of another kind leaves the
// track without a config.
func (f *mp4File) description(b box, depth int) error {
	b.from += 8 // flags and how many there are, which is one
	return f.boxes(b, depth, func(b box, depth int) error {
		if b.kind != "mp4a" || f.config != nil {
			return nil
		}
		head, err := f.content(b, 0, 28)
		if err != nil {
			return err
		}
		b.from += 28
		switch binary.BigEndian.Uint16(head[8:]) { // versions of QuickTime
		case 1:
			b.from += 16
		case 2:
			b.from += 36
		}
		return f.descriptors(b, depth)
	})
}

// descriptors looks for those of the track, which in files of QuickTime are in
// another box.
func (f *mp4File) descriptors(in box, depth int) error {
	return f.boxes(in, depth, func(b box, depth int) error {
		switch b.kind {
		case "wave":
			return f.descriptors(b, depth)
		case "esds":
			n := b.to - b.from - 4
			if n < 0 || n > maxDescriptors {
				return ErrBroken
			}
			all, err := f.content(b, 4, int(n))
			if err != nil {
				return err
			}
			f.config = configIn(all)
		}
		return nil
	})
}

// configIn finds the config of AAC in descriptors; nil if there is none.
func configIn(b []byte) []byte {
	b = descriptor(b, tagStream)
	if len(b) < 3 {
		return nil
	}
	skip := 3
	if flags := b[2]; flags&0xE0 != 0 {
		if flags&0x80 != 0 {
			skip += 2
		}
		if flags&0x40 != 0 && len(b) > skip {
			skip += 1 + int(b[skip])
		}
		if flags&0x20 != 0 {
			skip += 2
		}
	}
	b = descriptor(b[min(skip, len(b)):], tagDecoder)
	if len(b) < 13 || b[0] != kindMPEG4 && b[0] != kindMPEG2 {
		return nil
	}
	b = descriptor(b[13:], tagConfig)
	if len(b) < 2 || len(b) > maxConfig {
		return nil
	}
	return append([]byte(nil), b...)
}

// descriptor gives the content of the first descriptor, which must be of a kind.
func descriptor(b []byte, tag byte) []byte {
	if len(b) == 0 || b[0] != tag {
		return nil
	}
	size := 0
	for i := 1; i < len(b) && i <= 4; i++ {
		size = size<<7 | int(b[i]&0x7F)
		if b[i]&0x80 == 0 {
			return b[i+1:][:min(size, len(b)-i-1)]
		}
	}
	return nil
}
