package app

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"os"

	"fyne.io/fyne/v2/lang"

	"linnet/account/media"
	"linnet/assets"
	"linnet/widgets"
)

const (
	// pictureBox bounds a picture while its part is chosen, in pixels.
	pictureBox = 2048
	// cropMost is the most the picture takes on its card, and cropRest what the
	// card needs besides, both in dp.
	cropMost, cropRest = 280, 300
	// pictureSide is the side of the part that is used.
	pictureSide = 512
)

// choosePicture asks for a picture file and for the square of it to use, which
// is given to use as PNG.
func (a *App) choosePicture(use func(png []byte)) {
	a.askPicture(func(path string) {
		a.on(laneFaces, func(context.Context) func() {
			picture, err := readPicture(path)
			return func() {
				if err != nil {
					a.toast(pictureText(err))
					return
				}
				a.cropPicture(picture, use)
			}
		})
	})
}

func readPicture(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return media.Decode(f, image.Pt(pictureBox, pictureBox))
}

// pictureText says why a file cannot be a picture.
func pictureText(err error) string {
	switch {
	case errors.Is(err, media.ErrTooLarge):
		return largePictureText()
	case errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission):
		return lang.L("The file cannot be read")
	}
	return notPictureText()
}

func largePictureText() string { return lang.L("This picture is too large") }
func notPictureText() string   { return lang.L("This is not a picture that can be shown") }

// cropPicture opens a card on which the part of a picture is chosen.
func (a *App) cropPicture(picture image.Image, use func(png []byte)) {
	crop := widgets.NewCrop(picture, min(cropMost, a.win.Canvas().Size().Height-cropRest))
	preview := widgets.NewAvatar(widgets.AvatarSize, widgets.ColorBackground)
	crop.OnChanged = func() {
		portrait := widgets.NewPortrait(crop.Picture(widgets.PortraitSmall), widgets.PortraitSmall)
		preview.Set(widgets.Face{Picture: portrait})
	}
	crop.OnChanged()
	var c *card
	take := func() {
		c.close()
		a.on(laneFaces, func(context.Context) func() {
			var out bytes.Buffer
			if err := png.Encode(&out, crop.Picture(pictureSide)); err != nil {
				return func() { a.fail(err) }
			}
			return func() { use(out.Bytes()) }
		})
	}
	crop.OnSubmitted = take
	done := widgets.NewButton(lang.L("Use picture"), widgets.ButtonFilled, take)
	zoom := widgets.NewCenterRow(8,
		widgets.NewIconButton(assets.IconMinus, lang.L("Smaller"), func() { crop.Zoom(-2) }),
		widgets.NewIconButton(assets.IconPlus, lang.L("Larger"), func() { crop.Zoom(2) }),
		widgets.NewGap(8), preview)
	c = a.cards.show(widgets.NewColumn(12,
		widgets.NewHeading(lang.L("Choose what to show"), titleSize),
		widgets.NewParagraph(lang.L("Drag the picture or use the arrow keys. The wheel makes it larger and smaller."), widgets.TextSecondary, widgets.ColorSecondary),
		widgets.NewCenterRow(0, crop), zoom,
		widgets.NewGap(2),
		widgets.NewButtonRow(cancelButton(&c), done),
	), widgets.OverlayOptions{})
	a.win.Canvas().Focus(crop)
}
