package storage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// The layout of a bbolt file as far as checkPages reads it: a page begins with
// id(8) flags(2) count(2) overflow(4); a meta page goes on with magic(4)
// version(4) pageSize(4) flags(4) root(8) sequence(8) freelist(8) end(8)
// txid(8) checksum(8), in the byte order of the machine.
const (
	pageHeader   = 16
	metaSize     = 64
	metaMagic    = 0xED0CDAED
	metaFormat   = 2
	flagFreelist = 0x10
	firstPage    = 2 // pages 0 and 1 are the two meta pages
	manyPages    = 0xFFFF
)

type boltMeta struct{ root, freelist, end, txid uint64 }

// checkPages looks at what bbolt takes on trust when it opens a file and what
// would do harm that cannot be undone: whether the file is as long as it should
// be, and whether the list of free pages is one. Pages wrongly taken for free
// would be written over, and a wrong length would ask for memory without bound.
func checkPages(f *os.File, pageSize int) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var best boltMeta
	found := false
	for page := range int64(2) {
		m, ok := readMeta(f, page*int64(pageSize))
		if ok && (!found || m.txid > best.txid) {
			best, found = m, true
		}
	}
	switch {
	case !found:
		return errors.New("no meta page is whole")
	case best.end > uint64(info.Size())/uint64(pageSize):
		return fmt.Errorf("the file was cut: %d bytes for %d pages", info.Size(), best.end)
	case best.root < firstPage || best.root >= best.end:
		return errors.New("the root page is outside of the file")
	case best.freelist < firstPage || best.freelist >= best.end:
		return errors.New("the list of free pages is outside of the file")
	}
	return checkFreelist(f, best, uint64(pageSize))
}

func readMeta(f *os.File, at int64) (boltMeta, bool) {
	var buf [pageHeader + metaSize]byte
	if _, err := f.ReadAt(buf[:], at); err != nil {
		return boltMeta{}, false
	}
	order, meta := binary.NativeEndian, buf[pageHeader:]
	sum := fnv.New64a()
	sum.Write(meta[:metaSize-8])
	if order.Uint32(meta) != metaMagic || order.Uint32(meta[4:]) != metaFormat || order.Uint64(meta[56:]) != sum.Sum64() {
		return boltMeta{}, false
	}
	return boltMeta{
		root: order.Uint64(meta[16:]), freelist: order.Uint64(meta[32:]),
		end: order.Uint64(meta[40:]), txid: order.Uint64(meta[48:]),
	}, true
}

func checkFreelist(f *os.File, m boltMeta, pageSize uint64) error {
	var head [pageHeader + 8]byte
	at := int64(m.freelist * pageSize)
	if _, err := f.ReadAt(head[:], at); err != nil {
		return err
	}
	order := binary.NativeEndian
	overflow := uint64(order.Uint32(head[12:]))
	if order.Uint64(head[:]) != m.freelist || order.Uint16(head[8:]) != flagFreelist || m.freelist+overflow >= m.end {
		return errors.New("the list of free pages has a wrong head")
	}
	count, skip := uint64(order.Uint16(head[10:])), uint64(pageHeader)
	if count == manyPages { // the first entry is the count then
		count, skip = order.Uint64(head[pageHeader:]), pageHeader+8
	}
	if count > ((overflow+1)*pageSize-skip)/8 {
		return errors.New("the list of free pages is too long")
	}
	ids := make([]byte, count*8)
	if _, err := f.ReadAt(ids, at+int64(skip)); err != nil && err != io.EOF {
		return err
	}
	before := uint64(firstPage - 1)
	for ; len(ids) > 0; ids = ids[8:] {
		id := order.Uint64(ids)
		if id <= before || id >= m.end {
			return errors.New("the list of free pages is out of order")
		}
		before = id
	}
	return nil
}
