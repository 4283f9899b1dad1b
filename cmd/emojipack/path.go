package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

type point struct{ x, y float64 }

func (p point) add(q point) point { return point{p.x + q.x, p.y + q.y} }

// segment is a line, or a cubic curve, from the point before.
type segment struct {
	curve      bool
	c1, c2, to point
}

// subpath is a part of an outline, which is filled and so counts as closed.
type subpath struct {
	start point
	segs  []segment
}

// pathReader reads the path data of SVG.
type pathReader struct {
	data     string
	at       int
	parts    []subpath
	pos      point
	control  point // the last control point, for the smooth commands
	lastVerb byte
}

func parsePath(data string) ([]subpath, error) {
	r := &pathReader{data: data}
	verb := byte(0)
	for {
		r.blank()
		if r.at == len(r.data) {
			return r.parts, nil
		}
		if c := r.data[r.at]; c >= 'A' && c != 'e' {
			verb = c
			r.at++
		} else if verb == 'M' || verb == 'm' {
			verb-- // further points are joined by lines
		}
		if err := r.command(verb); err != nil {
			return nil, fmt.Errorf("at %d of %q: %w", r.at, data, err)
		}
	}
}

func (r *pathReader) blank() {
	for r.at < len(r.data) {
		switch r.data[r.at] {
		case ' ', ',', '\n', '\t', '\r':
			r.at++
		default:
			return
		}
	}
}

func (r *pathReader) number() (float64, error) {
	r.blank()
	from, dot, exp := r.at, false, false
loop:
	for ; r.at < len(r.data); r.at++ {
		switch c := r.data[r.at]; {
		case c >= '0' && c <= '9':
		case c == '.' && !dot && !exp:
			dot = true
		case (c == 'e' || c == 'E') && !exp:
			exp = true
		case (c == '-' || c == '+') && (r.at == from || r.data[r.at-1]|0x20 == 'e'):
		default:
			break loop
		}
	}
	return strconv.ParseFloat(r.data[from:r.at], 64)
}

func (r *pathReader) numbers(n int) ([]float64, error) {
	out := make([]float64, n)
	for i := range out {
		v, err := r.number()
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// flag reads a flag of an arc, which needs nothing between it and the next.
func (r *pathReader) flag() (bool, error) {
	r.blank()
	if r.at == len(r.data) || r.data[r.at] != '0' && r.data[r.at] != '1' {
		return false, errors.New("no flag")
	}
	r.at++
	return r.data[r.at-1] == '1', nil
}

var verbNumbers = map[byte]int{'m': 2, 'l': 2, 'h': 1, 'v': 1, 'c': 6, 's': 4, 'q': 4, 't': 2, 'a': 3, 'z': 0}

func (r *pathReader) command(verb byte) error {
	low := verb | 0x20
	count, ok := verbNumbers[low]
	if !ok {
		return fmt.Errorf("command %q", verb)
	}
	n, err := r.numbers(count)
	if err != nil {
		return err
	}
	var origin point
	if verb == low {
		origin = r.pos
	}
	pt := func(i int) point { return point{n[i], n[i+1]}.add(origin) }
	switch low {
	case 'm':
		r.pos = pt(0)
		r.parts = append(r.parts, subpath{start: r.pos})
	case 'z':
		if len(r.parts) > 0 {
			r.pos = r.parts[len(r.parts)-1].start
			r.parts = append(r.parts, subpath{start: r.pos})
		}
	case 'l':
		r.line(pt(0))
	case 'h':
		r.line(point{n[0] + origin.x, r.pos.y})
	case 'v':
		r.line(point{r.pos.x, n[0] + origin.y})
	case 'c':
		r.curve(pt(0), pt(2), pt(4))
	case 's':
		r.curve(r.mirrored("cs"), pt(0), pt(2))
	case 'q':
		r.quad(pt(0), pt(2))
	case 't':
		r.quad(r.mirrored("qt"), pt(0))
	case 'a':
		err = r.arc(n, origin)
	}
	r.lastVerb = low
	return err
}

// mirrored gives the control point of a smooth command.
func (r *pathReader) mirrored(after string) point {
	if r.lastVerb == after[0] || r.lastVerb == after[1] {
		return point{2*r.pos.x - r.control.x, 2*r.pos.y - r.control.y}
	}
	return r.pos
}

func (r *pathReader) push(s segment) {
	if len(r.parts) == 0 {
		r.parts = append(r.parts, subpath{start: r.pos})
	}
	p := &r.parts[len(r.parts)-1]
	p.segs = append(p.segs, s)
	r.pos = s.to
}

func (r *pathReader) line(to point) { r.push(segment{to: to}) }

func (r *pathReader) curve(c1, c2, to point) {
	r.push(segment{true, c1, c2, to})
	r.control = c2
}

func (r *pathReader) quad(c, to point) {
	third := func(p point) point { return point{p.x + (c.x-p.x)*2/3, p.y + (c.y-p.y)*2/3} }
	r.push(segment{true, third(r.pos), third(to), to})
	r.control = c
}

// arc follows appendix B.2.4 of SVG 2, "conversion from endpoint to center
// parameterization", and makes curves of a quarter at most.
func (r *pathReader) arc(n []float64, origin point) error {
	large, err := r.flag()
	if err != nil {
		return err
	}
	sweep, err := r.flag()
	if err != nil {
		return err
	}
	end, err := r.numbers(2)
	if err != nil {
		return err
	}
	from, to := r.pos, point{end[0], end[1]}.add(origin)
	rx, ry, turn := math.Abs(n[0]), math.Abs(n[1]), n[2]*math.Pi/180
	if rx == 0 || ry == 0 {
		r.line(to)
		return nil
	}
	if from == to {
		return nil
	}
	sin, cos := math.Sincos(turn)
	dx, dy := (from.x-to.x)/2, (from.y-to.y)/2
	x1, y1 := cos*dx+sin*dy, cos*dy-sin*dx
	if l := x1*x1/(rx*rx) + y1*y1/(ry*ry); l > 1 {
		rx, ry = rx*math.Sqrt(l), ry*math.Sqrt(l)
	}
	q := (rx*rx*ry*ry - rx*rx*y1*y1 - ry*ry*x1*x1) / (rx*rx*y1*y1 + ry*ry*x1*x1)
	k := math.Sqrt(max(0, q))
	if large == sweep {
		k = -k
	}
	cx, cy := k*rx*y1/ry, -k*ry*x1/rx
	begin := math.Atan2((y1-cy)/ry, (x1-cx)/rx)
	angle := math.Atan2((-y1-cy)/ry, (-x1-cx)/rx) - begin
	switch {
	case sweep && angle < 0:
		angle += 2 * math.Pi
	case !sweep && angle > 0:
		angle -= 2 * math.Pi
	}
	centre := point{cos*cx - sin*cy + (from.x+to.x)/2, sin*cx + cos*cy + (from.y+to.y)/2}
	e := ellipse{centre, rx, ry, sin, cos}
	parts := int(math.Ceil(math.Abs(angle)/(math.Pi/2) - 1e-9))
	for i := range parts {
		a, b := begin+angle*float64(i)/float64(parts), begin+angle*float64(i+1)/float64(parts)
		s := e.curve(a, b)
		if i == parts-1 {
			s.to = to
		}
		r.push(s)
	}
	return nil
}

type ellipse struct {
	centre           point
	rx, ry, sin, cos float64
}

func (e ellipse) at(x, y float64) point {
	x, y = x*e.rx, y*e.ry
	return point{e.cos*x - e.sin*y, e.sin*x + e.cos*y}.add(e.centre)
}

// curve gives the arc between two angles a quarter apart at most.
func (e ellipse) curve(a, b float64) segment {
	k := 4.0 / 3 * math.Tan((b-a)/4)
	sa, ca := math.Sincos(a)
	sb, cb := math.Sincos(b)
	return segment{true, e.at(ca-k*sa, sa+k*ca), e.at(cb+k*sb, sb-k*cb), e.at(cb, sb)}
}

func ellipsePath(cx, cy, rx, ry float64) []subpath {
	e := ellipse{point{cx, cy}, rx, ry, 0, 1}
	s := subpath{start: e.at(1, 0)}
	for i := range 4 {
		s.segs = append(s.segs, e.curve(float64(i)*math.Pi/2, float64(i+1)*math.Pi/2))
	}
	return []subpath{s}
}
