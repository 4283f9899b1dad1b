package app

import (
	"testing"
	"time"
)

// A Wednesday afternoon.
var testNow = time.Date(2026, time.November, 18, 14, 40, 0, 0, time.UTC)

func TestRowTime(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Time{}, ""},
		{testNow.Add(-8 * time.Minute), "14:32"},
		{time.Date(2026, time.November, 18, 0, 0, 0, 0, time.UTC), "00:00"},
		{time.Date(2026, time.November, 17, 23, 59, 0, 0, time.UTC), "Tue"},
		{time.Date(2026, time.November, 12, 9, 0, 0, 0, time.UTC), "Thu"},
		{time.Date(2026, time.November, 11, 9, 0, 0, 0, time.UTC), "11 Nov"},
		{time.Date(2025, time.November, 11, 9, 0, 0, 0, time.UTC), "11 Nov 2025"},
		{time.Date(2026, time.November, 19, 9, 0, 0, 0, time.UTC), "19 Nov"}, // a clock that is ahead
		// 23:30 UTC on the day before is already the same day further east.
		{time.Date(2026, time.November, 17, 19, 10, 0, 0, time.FixedZone("", -5*3600)), "00:10"},
	} {
		if got := rowTime(c.at, testNow); got != c.want {
			t.Errorf("rowTime(%v) = %q, want %q", c.at, got, c.want)
		}
	}
}

func TestDayLabel(t *testing.T) {
	for _, c := range []struct {
		daysAgo int
		want    string
	}{{0, "Today"}, {1, "Yesterday"}, {2, "Monday"}, {6, "Thursday"}, {7, "11 Nov 2026"}, {-1, "19 Nov 2026"}} {
		if got := dayLabel(testNow.AddDate(0, 0, -c.daysAgo), testNow); got != c.want {
			t.Errorf("dayLabel(%d days ago) = %q, want %q", c.daysAgo, got, c.want)
		}
	}
}

func TestDaysAcrossClockChange(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skip("no time zone database:", err)
	}
	// The night of 25 October 2026 has 25 hours.
	now := time.Date(2026, time.October, 26, 0, 30, 0, 0, paris)
	before := time.Date(2026, time.October, 24, 23, 30, 0, 0, paris)
	if got := daysBetween(before, now); got != 2 {
		t.Errorf("daysBetween = %d, want 2", got)
	}
}

func TestLastSeen(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Time{}, ""},
		{testNow.Add(time.Hour), "last seen just now"},
		{testNow.Add(-30 * time.Second), "last seen just now"},
		{testNow.Add(-12 * time.Minute), "last seen 12 min ago"},
		{testNow.Add(-3 * time.Hour), "last seen at 11:40"},
		{testNow.AddDate(0, 0, -1), "last seen yesterday"},
		{testNow.AddDate(0, 0, -2), "last seen Monday"},
		{testNow.AddDate(0, 0, -8), "last seen a week ago"},
		{testNow.AddDate(0, 0, -21), "last seen 3 weeks ago"},
		{testNow.AddDate(0, 0, -90), "last seen 3 months ago"},
		{testNow.AddDate(-2, 0, 0), "last seen over a year ago"},
	} {
		if got := lastSeen(c.at, testNow); got != c.want {
			t.Errorf("lastSeen(%v) = %q, want %q", c.at, got, c.want)
		}
	}
}

func TestIdleFor(t *testing.T) {
	for _, c := range []struct {
		ago  time.Duration
		want string
	}{{30 * time.Second, ""}, {12 * time.Minute, "12 min"}, {3 * time.Hour, "3 h"}, {72 * time.Hour, "3 d"}} {
		if got := idleFor(testNow.Add(-c.ago), testNow); got != c.want {
			t.Errorf("idleFor(%v ago) = %q, want %q", c.ago, got, c.want)
		}
	}
	if got := idleFor(time.Time{}, testNow); got != "" {
		t.Errorf("idleFor(zero) = %q", got)
	}
}

func TestBadge(t *testing.T) {
	for n, want := range map[int]string{-1: "", 0: "", 1: "1", 99: "99", 100: "99+"} {
		if got := badge(n); got != want {
			t.Errorf("badge(%d) = %q, want %q", n, got, want)
		}
	}
}
