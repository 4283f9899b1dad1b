package assets

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// svgIcon is the little of SVG that the icons use: paths of absolute M, L, C
// and Z, filled or stroked.
type svgIcon struct {
	Paths []struct {
		Fill   string  `xml:"fill,attr"`
		Stroke string  `xml:"stroke,attr"`
		Width  float64 `xml:"stroke-width,attr"`
		D      string  `xml:"d,attr"`
	} `xml:"path"`
}

// outlined turns the strokes of an icon into filled shapes. The rasteriser of
// the toolkit takes the width of a stroke as pixels whatever size it draws, so
// strokes would be too thick in small icons and too thin in large ones.
func outlined(svg []byte) ([]byte, error) {
	var icon svgIcon
	if err := xml.Unmarshal(svg, &icon); err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">`)
	for _, p := range icon.Paths {
		d, fill := p.D, p.Fill
		if p.Stroke != "" {
			curves, err := parsePath(p.D)
			if err != nil {
				return nil, err
			}
			d, fill = strokePath(curves, p.Width/2), p.Stroke
		}
		fmt.Fprintf(&b, `<path fill="%s" d="%s"/>`, fill, d)
	}
	b.WriteString(`</svg>`)
	return []byte(b.String()), nil
}

type point struct{ x, y float64 }

func (p point) add(q point) point     { return point{p.x + q.x, p.y + q.y} }
func (p point) sub(q point) point     { return point{p.x - q.x, p.y - q.y} }
func (p point) times(f float64) point { return point{p.x * f, p.y * f} }
func (p point) length() float64       { return math.Hypot(p.x, p.y) }
func (p point) turned() point         { return point{-p.y, p.x} }
func mix(p, q point, t float64) point { return p.add(q.sub(p).times(t)) }
func (p point) unit() point           { return p.times(1 / p.length()) }
func (p point) String() string        { return num(p.x) + " " + num(p.y) }
func cubicTo(a, b, c point) string    { return fmt.Sprintf("C%v %v %v", a, b, c) }
func num(f float64) string            { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }
func (p point) near(q point) bool     { return p.sub(q).length() < 1e-6 }
func (c curve) at(t float64) (pos, dir point) {
	ab, bc, cd := mix(c[0], c[1], t), mix(c[1], c[2], t), mix(c[2], c[3], t)
	l, r := mix(ab, bc, t), mix(bc, cd, t)
	if dir = r.sub(l); dir.length() < 1e-9 {
		dir = c[3].sub(c[0])
	}
	return mix(l, r, t), dir.unit()
}

// curve is a cubic Bézier curve; a line is one with its handles on it.
type curve [4]point

// parsePath reads a path of absolute M, L, C and Z.
func parsePath(d string) ([]curve, error) {
	for _, c := range "MLCZ" {
		d = strings.ReplaceAll(d, string(c), " "+string(c)+" ")
	}
	var (
		out        []curve
		start, pos point
		words      = strings.Fields(d)
	)
	take := func() (p point, err error) {
		if len(words) < 2 {
			return p, fmt.Errorf("assets: path ends early")
		}
		if p.x, err = strconv.ParseFloat(words[0], 64); err == nil {
			p.y, err = strconv.ParseFloat(words[1], 64)
		}
		words = words[2:]
		return p, err
	}
	for len(words) > 0 {
		cmd := words[0]
		words = words[1:]
		var pts [3]point
		for i := range map[string]int{"M": 1, "L": 1, "C": 3}[cmd] {
			var err error
			if pts[i], err = take(); err != nil {
				return nil, err
			}
		}
		switch cmd {
		case "M":
			start, pos = pts[0], pts[0]
		case "L":
			out = append(out, line(pos, pts[0]))
			pos = pts[0]
		case "C":
			out = append(out, curve{pos, pts[0], pts[1], pts[2]})
			pos = pts[2]
		case "Z":
			if !pos.near(start) {
				out = append(out, line(pos, start))
			}
			pos = start
		default:
			return nil, fmt.Errorf("assets: unknown path command %q", cmd)
		}
	}
	return out, nil
}

func line(a, b point) curve { return curve{a, mix(a, b, 1.0/3), mix(a, b, 2.0/3), b} }

// strokePath gives the outline of curves drawn with a round pen of radius r:
// one closed shape for each curve with half circles at its ends. All run the
// same way round, so that where they overlap they fill as one.
func strokePath(curves []curve, r float64) string {
	var parts []string
	for _, c := range curves {
		if c[0].near(c[3]) {
			continue
		}
		parts = append(parts, sausage(c, r))
	}
	return strings.Join(parts, " ")
}

// pieces is how many curves follow each side of a curved stroke: the icons bend
// by at most a right angle in one curve, and two are then exact to 0.01.
const pieces = 3

func sausage(c curve, r float64) string {
	n := pieces
	if straight(c) {
		n = 1
	}
	var b strings.Builder
	p, d := c.at(0)
	from := p.add(d.turned().times(-r))
	fmt.Fprintf(&b, "M%v ", from)
	side := func(sign float64, t func(i int) float64) {
		for i := 1; i <= n; i++ {
			p0, d0 := c.at(t(i - 1))
			p1, d1 := c.at(t(i))
			a, e := p0.add(d0.turned().times(sign*r)), p1.add(d1.turned().times(sign*r))
			if sign > 0 { // on the way back
				d0, d1 = d0.times(-1), d1.times(-1)
			}
			h := handle(a, e, d0, d1)
			b.WriteString(cubicTo(a.add(d0.times(h)), e.sub(d1.times(h)), e) + " ")
		}
	}
	side(-1, func(i int) float64 { return float64(i) / float64(n) })
	b.WriteString(halfCircle(c, 1, r) + " ")
	side(1, func(i int) float64 { return 1 - float64(i)/float64(n) })
	b.WriteString(halfCircle(c, 0, r) + " Z")
	return b.String()
}

// handle gives the length of the handles of a curve from a to e that leaves
// along d0 and arrives along d1 and is round in between.
func handle(a, e, d0, d1 point) float64 {
	chord := e.sub(a).length()
	angle := math.Acos(max(-1, min(1, d0.x*d1.x+d0.y*d1.y)))
	if angle < 1e-3 {
		return chord / 3
	}
	radius := chord / 2 / math.Sin(angle/2)
	return 4.0 / 3 * math.Tan(angle/4) * radius
}

// halfCircle goes round an end of a curve.
func halfCircle(c curve, t, r float64) string {
	p, d := c.at(t)
	if t == 0 {
		d = d.times(-1)
	}
	const k = 0.5523 // handles of a quarter circle
	out, across := d.times(r), d.turned().times(r)
	tip, a, e := p.add(out), p.sub(across), p.add(across)
	return cubicTo(a.add(out.times(k)), tip.sub(across.times(k)), tip) + " " +
		cubicTo(tip.add(across.times(k)), e.add(out.times(k)), e)
}

func straight(c curve) bool {
	_, a := c.at(0)
	_, m := c.at(0.5)
	return a.sub(m).length() < 1e-6
}
