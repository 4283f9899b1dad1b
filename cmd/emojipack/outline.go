package main

import "math"

// flat gives the corners of a part with its curves cut into lines, closed.
func (s subpath) flat() []point {
	const steps = 12
	out := []point{s.start}
	for _, g := range s.segs {
		if !g.curve {
			out = append(out, g.to)
			continue
		}
		p := out[len(out)-1]
		for i := 1; i <= steps; i++ {
			t := float64(i) / steps
			u := 1 - t
			a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
			out = append(out, point{a*p.x + b*g.c1.x + c*g.c2.x + d*g.to.x, a*p.y + b*g.c1.y + c*g.c2.y + d*g.to.y})
		}
	}
	return out
}

func area(poly []point) float64 {
	var sum float64
	for i, p := range poly {
		q := poly[(i+1)%len(poly)]
		sum += p.x*q.y - q.x*p.y
	}
	return sum / 2
}

func contains(poly []point, at point) bool {
	in := false
	for i, p := range poly {
		q := poly[(i+1)%len(poly)]
		if (p.y > at.y) != (q.y > at.y) && at.x < p.x+(at.y-p.y)/(q.y-p.y)*(q.x-p.x) {
			in = !in
		}
	}
	return in
}

// wound turns the parts of an outline filled by the even-odd rule so that the
// other rule fills the same: those within an odd number of others run against
// the rest. Parts must not cross.
func wound(parts []subpath) []subpath {
	out := make([]subpath, 0, len(parts))
	for i, s := range parts {
		if len(s.segs) == 0 {
			continue
		}
		depth := 0
		for j, o := range parts {
			if i != j && len(o.segs) > 0 && contains(o.flat(), s.start) {
				depth++
			}
		}
		if (area(s.flat()) > 0) != (depth%2 == 0) {
			s = s.reversed()
		}
		out = append(out, s)
	}
	return out
}

func (s subpath) reversed() subpath {
	out := subpath{start: s.segs[len(s.segs)-1].to}
	for i := len(s.segs) - 1; i >= 0; i-- {
		g := s.segs[i]
		to := s.start
		if i > 0 {
			to = s.segs[i-1].to
		}
		out.segs = append(out.segs, segment{g.curve, g.c2, g.c1, to})
	}
	return out
}

// stroked gives the outline of a line of a width with round ends: a bar for
// each straight piece and a disc on each corner, all turning the same way.
func stroked(parts []subpath, width float64) []subpath {
	var out []subpath
	h := width / 2
	for _, s := range parts {
		if len(s.segs) == 0 {
			continue
		}
		corners := s.flat()
		for i, p := range corners {
			out = append(out, ellipsePath(p.x, p.y, h, h)...)
			if i == 0 {
				continue
			}
			q := corners[i-1]
			l := math.Hypot(p.x-q.x, p.y-q.y)
			if l == 0 {
				continue
			}
			nx, ny := -(p.y-q.y)/l*h, (p.x-q.x)/l*h
			bar := subpath{start: point{q.x - nx, q.y - ny}, segs: []segment{
				{to: point{p.x - nx, p.y - ny}},
				{to: point{p.x + nx, p.y + ny}},
				{to: point{q.x + nx, q.y + ny}},
			}}
			if area(bar.flat()) < 0 {
				bar = bar.reversed()
			}
			out = append(out, bar)
		}
	}
	return out
}
