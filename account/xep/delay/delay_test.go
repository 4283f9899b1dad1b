package delay

import (
	"testing"
	"time"
)

// A time that is read can be told again.
func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{"2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678+05:30", " 1969-07-21T02:56:15Z ", "20260102T03:04:05", "0000-00-00T00:00:00Z", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, ok := ParseTime(s)
		if !ok {
			return
		}
		told := FormatTime(at)
		again, ok := ParseTime(told)
		if year := at.UTC().Year(); year >= 0 && year <= 9999 && (!ok || !again.Equal(at.Truncate(time.Millisecond))) {
			t.Errorf("%q is %v, told as %q, which is %v, %v", s, at, told, again, ok)
		}
	})
}
