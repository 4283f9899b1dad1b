package widgets

import (
	"bytes"
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// svgResources keeps the icons made so far, by name and colour. There are as
// many as icons times the few colours they come in.
var svgResources = map[string]fyne.Resource{}

// IconResource gives one of the icons of package assets in a colour, for parts
// of Fyne that want a resource, such as menus of the window and the tray. The
// result is shared and does not follow a change of theme. An unknown name is a
// mistake of the programmer and panics.
func IconResource(name string, c color.Color) fyne.Resource {
	r, g, b, _ := c.RGBA()
	hex := fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
	id := name + hex + ".svg"
	if res, ok := svgResources[id]; ok {
		return res
	}
	svg := assets.Icon(name)
	if svg == nil {
		panic("widgets: no icon " + name)
	}
	res := fyne.NewStaticResource(id, bytes.ReplaceAll(svg, []byte("currentColor"), []byte(hex)))
	svgResources[id] = res
	return res
}

// svgImage is a canvas image that changes only when its icon or colour does.
type svgImage struct {
	image *canvas.Image
}

func newSVGImage() *svgImage {
	im := canvas.NewImageFromResource(nil)
	im.FillMode = canvas.ImageFillContain
	return &svgImage{im}
}

func (s *svgImage) set(name string, c color.Color) {
	res := IconResource(name, c)
	if s.image.Resource == res {
		return
	}
	s.image.Resource = res
	s.image.Image = nil
	s.image.Refresh()
}

// Icon shows one of the icons of package assets in a colour of the theme.
type Icon struct {
	widget.BaseWidget
	name  string
	color fyne.ThemeColorName
	size  float32
	mark  *svgImage
}

// NewIcon makes an icon: one of the assets.Icon names, its side in dp and a
// colour name.
func NewIcon(name string, size float32, color fyne.ThemeColorName) *Icon {
	i := &Icon{name: name, color: color, size: size, mark: newSVGImage()}
	i.ExtendBaseWidget(i)
	return i
}

// Set changes the icon and its colour.
func (i *Icon) Set(name string, color fyne.ThemeColorName) {
	if i.name == name && i.color == color {
		return
	}
	i.name, i.color = name, color
	i.Refresh()
}

// CreateRenderer is Fyne's.
func (i *Icon) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{i.mark.image}, min: fixed(i.size, i.size)}
	p.layout = func(s fyne.Size) {
		put(i.mark.image, (s.Width-i.size)/2, (s.Height-i.size)/2, i.size, i.size)
	}
	p.refresh = func() { i.mark.set(i.name, theme.Color(i.color)) }
	p.refresh()
	return p
}
