package stream

import (
	"encoding/binary"
	"syscall"
	"testing"
)

func TestRouteNews(t *testing.T) {
	message := func(typ byte, flags uint32) []byte {
		b := make([]byte, 92)
		b[3] = typ
		binary.NativeEndian.PutUint32(b[8:], flags)
		return b
	}
	for _, row := range []struct {
		name        string
		b           []byte
		some, moved bool
	}{
		{"nothing", nil, false, false},
		{"cut", message(syscall.RTM_NEWADDR, 0)[:8], false, false},
		{"interface", message(syscall.RTM_IFINFO, 0), true, false},
		{"address", message(syscall.RTM_NEWADDR, 0), true, false},
		{"address gone", message(syscall.RTM_DELADDR, 0), true, false},
		{"way out", message(syscall.RTM_ADD, syscall.RTF_UP|syscall.RTF_GATEWAY), true, true},
		{"way to a host", message(syscall.RTM_ADD, syscall.RTF_UP|syscall.RTF_GATEWAY|syscall.RTF_HOST), false, false},
		{"way to neighbours", message(syscall.RTM_ADD, syscall.RTF_UP), false, false},
		{"what somebody asked", message(syscall.RTM_GET, syscall.RTF_UP|syscall.RTF_GATEWAY), false, false},
	} {
		if some, moved := routeNews(row.b); some != row.some || moved != row.moved {
			t.Errorf("%s: %v, %v", row.name, some, moved)
		}
	}
}
