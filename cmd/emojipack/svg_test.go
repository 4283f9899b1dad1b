package main

import (
	"fmt"
	"math"
	"testing"
)

// box gives the corners of the smallest box round the ends of a path.
func box(parts []subpath) string {
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, s := range parts {
		if len(s.segs) == 0 {
			continue
		}
		for _, p := range s.flat() {
			lo = point{min(lo.x, p.x), min(lo.y, p.y)}
			hi = point{max(hi.x, p.x), max(hi.y, p.y)}
		}
	}
	return fmt.Sprintf("%.1f %.1f %.1f %.1f", lo.x, lo.y, hi.x, hi.y)
}

func TestPaths(t *testing.T) {
	for data, want := range map[string]string{
		"M1 2h3v4H1z":                      "1.0 2.0 4.0 6.0",
		"m1 2 3 0 0 4":                     "1.0 2.0 4.0 6.0",
		"M0,0L10-5.5.5.5l1e1 0":            "0.0 -5.5 10.5 0.5", // "-5.5.5.5" are three numbers
		"M0 0c0 4 4 4 4 0s4-4 4 0":         "0.0 -3.0 8.0 3.0",
		"M0 0q2 4 4 0t4 0":                 "0.0 -2.0 8.0 2.0",
		"M2 1a1 1 0 0 1 0 2 1 1 0 0 1 0-2": "1.0 1.0 3.0 3.0",
		"M2 1a1 1 0 012 0":                 "2.0 0.0 4.0 1.0", // flags need no space
		"M0 0A1 1 0 0 0 4 0":               "0.0 0.0 4.0 2.0", // too small a radius grows
		"M0 0A0 1 0 0 0 4 0":               "0.0 0.0 4.0 0.0",
		"M0 0h1zM5 5h1z":                   "0.0 0.0 6.0 5.0",
		"M5 5zl1 1":                        "5.0 5.0 6.0 6.0", // after z at the beginning again
	} {
		parts, err := parsePath(data)
		if err != nil {
			t.Errorf("%s: %v", data, err)
			continue
		}
		if got := box(parts); got != want {
			t.Errorf("%s: %s, want %s", data, got, want)
		}
	}
	for _, bad := range []string{"M1", "X1 1", "M0 0a1 1 0 2 0 1 1", "5 5", "M0 0L1 x"} {
		if _, err := parsePath(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestShapes(t *testing.T) {
	shapes, err := parseSVG(`<defs><path id="a" fill="#0f0" d="M0 0h2v2H0z"/></defs>
		<g fill="#abc" opacity=".5"><circle cx="5" cy="5" r="2"/><use href="#a"/></g>
		<path fill="none" d="M0 0h1v1z"/><path transform="translate(10 0) scale(2)" d="M0 0h1v1H0z"/>
		<ellipse cx="0" cy="0" rx="4" ry="1" transform="rotate(90)"/>`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range shapes {
		got = append(got, fmt.Sprintf("%08x %s", s.colour, box(s.path)))
	}
	want := []string{
		"aabbcc80 3.0 3.0 7.0 7.0", "00ff00ff 0.0 0.0 2.0 2.0",
		"000000ff 10.0 0.0 12.0 2.0", "000000ff -1.0 -4.0 1.0 4.0",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, bad := range []string{`<rect/>`, `<use href="#x"/>`, `<path d="M0 0h1" fill="url(#g)"/>`, `<g transform="skewX(3)"/>`, `<g>`} {
		if _, err := parseSVG(bad); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func TestEvenOddBecomesWinding(t *testing.T) {
	parts, err := parsePath("M0 0h9v9H0zM1 1h7v7H1zM2 2h5v5H2z")
	if err != nil {
		t.Fatal(err)
	}
	var turns []bool
	for _, s := range wound(parts) {
		turns = append(turns, area(s.flat()) > 0)
	}
	if fmt.Sprint(turns) != "[true false true]" {
		t.Errorf("turning %v", turns)
	}
}
