package widgets

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Sizes of tiles in dp.
const (
	tileLeast float32 = 76
	tileGap   float32 = 4
)

// TilePixels is the side of the picture of a Tile in pixels.
const TilePixels = 192

// Square cuts the middle out of a picture, with a side of so many pixels. It
// takes milliseconds, on any goroutine.
func Square(picture image.Image, side int) image.Image {
	return scaled(picture, middle(picture.Bounds()), side)
}

// Tile is a square that stands for a picture or a film among others.
type Tile struct {
	widget.BaseWidget
	press
	ground  *canvas.Rectangle
	picture *canvas.Image
	mark    *svgImage
	icon    string
	ring    *canvas.Rectangle
}

// NewTile makes one with a picture as Square gives it, or with an icon for nil.
func NewTile(name, icon string, picture image.Image, tapped func()) *Tile {
	t := &Tile{
		ground: rounded(6), icon: icon, mark: newSVGImage(), ring: newRing(6),
		picture: &canvas.Image{FillMode: canvas.ImageFillStretch, Image: picture, CornerRadius: 6},
	}
	t.press.init(t, tapped)
	t.tip.text = name
	t.ExtendBaseWidget(t)
	return t
}

// SetPicture changes the picture.
func (t *Tile) SetPicture(picture image.Image) {
	t.picture.Image = picture
	t.Refresh()
}

// AccessibilityLabel gives the name.
func (t *Tile) AccessibilityLabel() string { return t.tip.text }

// CreateRenderer is Fyne's.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{t.ground, t.picture, t.mark.image, t.ring}, min: fixed(tileLeast, tileLeast)}
	p.layout = func(s fyne.Size) {
		put(t.ground, 0, 0, s.Width, s.Height)
		put(t.picture, 0, 0, s.Width, s.Height)
		put(t.mark.image, (s.Width-IconSize)/2, (s.Height-IconSize)/2, IconSize, IconSize)
		put(t.ring, 0, 0, s.Width, s.Height)
	}
	p.refresh = func() {
		t.ground.FillColor = theme.Color(ColorField)
		if t.hovered {
			t.ground.FillColor = theme.Color(ColorPressed)
		}
		show(t.picture, t.picture.Image != nil)
		show(t.mark.image, t.picture.Image == nil)
		t.mark.set(t.icon, theme.Color(ColorSecondary))
		t.ring.StrokeColor = theme.Color(ColorAccentText)
		show(t.ring, t.focused)
	}
	p.refresh()
	return p
}

// NewTiles makes a container that sets tiles side by side, all of one size, as
// many in a line as there is room for.
func NewTiles() *fyne.Container { return container.New(&tileLayout{}) }

type tileLayout struct{ width float32 }

// Layout is Fyne's.
func (l *tileLayout) Layout(tiles []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	n, side := l.grid()
	for i, t := range tiles {
		put(t, float32(i%n)*(side+tileGap), float32(i/n)*(side+tileGap), side, side)
	}
}

// grid gives how many tiles stand in a line and their side.
func (l *tileLayout) grid() (n int, side float32) {
	n = max(1, int((l.width+tileGap)/(tileLeast+tileGap)))
	return n, max(tileLeast, (l.width-float32(n-1)*tileGap)/float32(n))
}

// MinSize is Fyne's; the height is for the width of the last layout.
func (l *tileLayout) MinSize(tiles []fyne.CanvasObject) fyne.Size {
	n, side := l.grid()
	lines := float32((len(tiles) + n - 1) / n)
	return fyne.NewSize(tileLeast, max(0, lines*(side+tileGap)-tileGap))
}
