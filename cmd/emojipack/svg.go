package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// shape is an outline filled with a colour, 0xRRGGBBAA.
type shape struct {
	path   []subpath
	colour uint32
}

// style is what an element hands down to those in it.
type style struct {
	fill    string
	alpha   float64
	m       matrix
	evenOdd bool
	hidden  bool // in a clip path, whose shapes are not drawn
}

// svgReader turns the few elements the pictures are made of into shapes. Clip
// paths are left out: those of the set cut off nothing that would be seen.
type svgReader struct {
	shapes []shape
	stack  []style
	kept   map[string]node // shapes with a name, for "use"
}

type node struct {
	name  string
	attrs map[string]string
	style style
}

func parseSVG(body string) ([]shape, error) {
	r := &svgReader{stack: []style{{fill: "#000", alpha: 1, m: identity}}, kept: map[string]node{}}
	dec := xml.NewDecoder(strings.NewReader("<svg>" + body + "</svg>"))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return r.shapes, nil
		}
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if err := r.start(tok); err != nil {
				return nil, err
			}
		case xml.EndElement:
			r.stack = r.stack[:len(r.stack)-1]
		}
	}
}

func (r *svgReader) start(e xml.StartElement) error {
	n := node{name: e.Name.Local, attrs: map[string]string{}, style: r.stack[len(r.stack)-1]}
	for _, a := range e.Attr {
		n.attrs[a.Name.Local] = a.Value
	}
	if err := n.read(); err != nil {
		return err
	}
	r.stack = append(r.stack, n.style)
	if id := n.attrs["id"]; id != "" {
		r.kept[id] = n
	}
	if n.style.hidden {
		return nil
	}
	return r.draw(n)
}

// read takes the attributes that are handed down.
func (n *node) read() error {
	s := &n.style
	if v, ok := n.attrs["fill"]; ok {
		s.fill = v
	}
	for _, name := range []string{"opacity", "fill-opacity"} {
		if v, ok := n.attrs[name]; ok {
			f, err := strconv.ParseFloat(v, 64)
			if err != nil {
				return err
			}
			s.alpha *= f
		}
	}
	if v, ok := n.attrs["fill-rule"]; ok {
		s.evenOdd = v == "evenodd"
	}
	if v, ok := n.attrs["transform"]; ok {
		m, err := parseTransform(v)
		if err != nil {
			return err
		}
		s.m = s.m.mul(m)
	}
	s.hidden = s.hidden || n.name == "clipPath" || n.name == "defs"
	return nil
}

func (r *svgReader) draw(n node) error {
	var path []subpath
	var err error
	num := func(name string) float64 {
		v, e := strconv.ParseFloat(n.attrs[name], 64)
		err = errors.Join(err, e)
		return v
	}
	switch n.name {
	case "svg", "g":
		return nil
	case "use":
		kept, ok := r.kept[strings.TrimPrefix(n.attrs["href"], "#")]
		if !ok {
			return fmt.Errorf("use of %q", n.attrs["href"])
		}
		return r.draw(kept)
	case "path":
		path, err = parsePath(n.attrs["d"])
	case "circle":
		path = ellipsePath(num("cx"), num("cy"), num("r"), num("r"))
	case "ellipse":
		path = ellipsePath(num("cx"), num("cy"), num("rx"), num("ry"))
	default:
		return fmt.Errorf("element %q", n.name)
	}
	if err != nil {
		return err
	}
	if n.style.evenOdd {
		path = wound(path)
	}
	add := func(path []subpath, paint string) error {
		if paint == "none" {
			return nil
		}
		colour, err := parseColour(paint, n.style.alpha)
		if err == nil {
			r.shapes = append(r.shapes, shape{n.style.m.path(path), colour})
		}
		return err
	}
	if err := add(path, n.style.fill); err != nil {
		return err
	}
	if paint, ok := n.attrs["stroke"]; ok {
		return add(stroked(path, 1), paint)
	}
	return nil
}

// colourNames are those of CSS that the pictures use.
var colourNames = map[string]string{"azure": "#f0ffff", "green": "#008000", "navy": "#000080", "red": "#f00"}

func parseColour(s string, alpha float64) (uint32, error) {
	if hex, ok := colourNames[s]; ok {
		s = hex
	}
	hex, ok := strings.CutPrefix(s, "#")
	if !ok {
		return 0, fmt.Errorf("colour %q", s)
	}
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	v, err := strconv.ParseUint(hex, 16, 24)
	return uint32(v)<<8 | uint32(math.Round(alpha*255)), err
}

// matrix is [a c e; b d f] of SVG.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

func (m matrix) at(p point) point { return point{m.a*p.x + m.c*p.y + m.e, m.b*p.x + m.d*p.y + m.f} }

func (m matrix) mul(n matrix) matrix {
	x, y, o := m.at(point{n.a, n.b}), m.at(point{n.c, n.d}), m.at(point{n.e, n.f})
	return matrix{x.x - m.e, x.y - m.f, y.x - m.e, y.y - m.f, o.x, o.y}
}

func (m matrix) path(parts []subpath) []subpath {
	out := make([]subpath, len(parts))
	for i, p := range parts {
		out[i].start = m.at(p.start)
		for _, s := range p.segs {
			out[i].segs = append(out[i].segs, segment{s.curve, m.at(s.c1), m.at(s.c2), m.at(s.to)})
		}
	}
	return out
}

func parseTransform(s string) (matrix, error) {
	m := identity
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimLeft(s, " ,") {
		name, rest, ok := strings.Cut(s, "(")
		args, after, ok2 := strings.Cut(rest, ")")
		if !ok || !ok2 {
			return m, fmt.Errorf("transform %q", s)
		}
		s = after
		var v []float64
		r := &pathReader{data: args}
		for r.blank(); r.at < len(args); r.blank() {
			f, err := r.number()
			if err != nil {
				return m, err
			}
			v = append(v, f)
		}
		next, err := transform(strings.TrimSpace(name), v)
		if err != nil {
			return m, err
		}
		m = m.mul(next)
	}
	return m, nil
}

func transform(name string, v []float64) (matrix, error) {
	switch {
	case name == "matrix" && len(v) == 6:
		return matrix{v[0], v[1], v[2], v[3], v[4], v[5]}, nil
	case name == "translate" && len(v) == 1:
		return matrix{1, 0, 0, 1, v[0], 0}, nil
	case name == "translate" && len(v) == 2:
		return matrix{1, 0, 0, 1, v[0], v[1]}, nil
	case name == "scale" && len(v) == 1:
		return matrix{a: v[0], d: v[0]}, nil
	case name == "scale" && len(v) == 2:
		return matrix{a: v[0], d: v[1]}, nil
	case name == "rotate" && (len(v) == 1 || len(v) == 3):
		sin, cos := math.Sincos(v[0] * math.Pi / 180)
		m := matrix{cos, sin, -sin, cos, 0, 0}
		if len(v) == 3 {
			m = matrix{1, 0, 0, 1, v[1], v[2]}.mul(m).mul(matrix{1, 0, 0, 1, -v[1], -v[2]})
		}
		return m, nil
	}
	return identity, fmt.Errorf("transform %s of %d numbers", name, len(v))
}
