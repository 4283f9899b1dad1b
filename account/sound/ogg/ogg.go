// Package ogg reads and writes the container of Ogg (RFC 3533), as far as one
// stream of small packets goes, which is what sound needs. What it reads nobody
// vouches for: everything is bounded, and what is damaged is passed over.
package ogg

import (
	"encoding/binary"
	"errors"
)

// ErrLarge says that a packet is larger than any of sound.
var ErrLarge = errors.New("ogg: a packet is too large")

// MaxPacket is the largest packet in bytes that is read whole, or written. The
// largest of Opus has 61,295 (RFC 7845, section 6). Larger are comments with a
// picture in them.
const MaxPacket = 61295

const (
	headSize    = 27
	maxSegments = 255
	maxPage     = headSize + maxSegments + maxSegments*255

	flagContinued = 1
	flagFirst     = 2
	flagLast      = 4
)

var capture = [4]byte{'O', 'g', 'g', 'S'}

// page is one page with its packets still laced.
type page struct {
	flags    byte
	granule  int64 // of the last packet that ends here; -1 for none
	serial   uint32
	segments []byte
	body     []byte
}

// crcTable is for the checksum of RFC 3533, which is not reflected as usual.
var crcTable = func() (table [256]uint32) {
	for i := range table {
		r := uint32(i) << 24
		for range 8 {
			if r&0x80000000 != 0 {
				r = r<<1 ^ 0x04c11db7
			} else {
				r <<= 1
			}
		}
		table[i] = r
	}
	return table
}()

func checksum(crc uint32, b []byte) uint32 {
	for _, x := range b {
		crc = crc<<8 ^ crcTable[byte(crc>>24)^x]
	}
	return crc
}

// parse takes a page apart, whose head, lacing and body are whole.
func parse(head [headSize]byte, segments, body []byte) (page, bool) {
	sum := binary.LittleEndian.Uint32(head[22:])
	clear(head[22:26])
	if checksum(checksum(checksum(0, head[:]), segments), body) != sum {
		return page{}, false
	}
	return page{
		flags: head[5], granule: int64(binary.LittleEndian.Uint64(head[6:])), serial: binary.LittleEndian.Uint32(head[14:]),
		segments: segments, body: body,
	}, true
}

// format puts a page together.
func (p *page) format(number uint32) []byte {
	b := make([]byte, 0, headSize+len(p.segments)+len(p.body))
	b = append(b, capture[:]...)
	b = append(b, 0, p.flags)
	b = binary.LittleEndian.AppendUint64(b, uint64(p.granule))
	b = binary.LittleEndian.AppendUint32(b, p.serial)
	b = binary.LittleEndian.AppendUint32(b, number)
	b = append(b, 0, 0, 0, 0, byte(len(p.segments)))
	b = append(append(b, p.segments...), p.body...)
	binary.LittleEndian.PutUint32(b[22:], checksum(0, b))
	return b
}
