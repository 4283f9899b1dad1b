package entitytime

import (
	"testing"
	"time"
)

// Whatever somebody says of the clock on the wall, it is not more than about a
// day from ours.
func FuzzOffset(f *testing.F) {
	for _, seed := range []string{"Z", "+01:00", "-11:30", "+14:00", "+24:60", "-99:99", "", " +02:00\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, zone string) {
		where, ok := Query{Zone: zone}.Offset()
		if !ok {
			return
		}
		if _, seconds := time.Unix(0, 0).In(where).Zone(); seconds < -25*60*60 || seconds > 25*60*60 {
			t.Errorf("%q is %d seconds away", zone, seconds)
		}
	})
}
