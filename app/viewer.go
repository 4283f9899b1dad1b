package app

import (
	"context"
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/account/media"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// viewerSide is the largest a picture is decoded for the viewer, in pixels: more
// than most screens have, and 64 MiB.
const viewerSide = 4096

const (
	// viewerMotion bounds the frames of a picture that moves in bytes.
	viewerMotion = 64 << 20
	// frameAway is how often it is looked whether the window is in front again.
	frameAway = time.Second
)

// viewed is a picture of the open chat.
type viewed struct {
	pos storage.Pos
	n   int
	storage.File
}

// viewer is the page that shows one picture and goes to the others.
type viewer struct {
	d    *fileDesk
	box  *fyne.Container
	view *widgets.ImageView
	name *widgets.Label
	all  []viewed
	goTo func(storage.Pos)
	at   int

	before, after *widgets.IconButton // go to the other pictures; nil for one alone

	stop func() // ends what waits for the next frame of a picture that moves
}

// showViewer opens the viewer at one of some pictures. Where they are not those of
// the open page, goTo shows the message of one of them; nil offers no such thing.
func (d *fileDesk) showViewer(all []viewed, pos storage.Pos, n int, goTo func(storage.Pos)) {
	v := &viewer{d: d, view: widgets.NewImageView(), name: widgets.NewLabel("", widgets.TextBody, widgets.ColorText), all: all, goTo: goTo, stop: func() {}}
	for i := range v.all {
		if v.all[i].pos == pos && v.all[i].n == n {
			v.at = i
		}
	}
	if len(v.all) == 0 {
		return
	}
	v.view.OnStep = v.step
	v.view.OnKey = func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			d.a.back()
		}
	}
	v.view.OnShortcut = v.shortcut
	v.view.OnMenu = v.menu
	button := func(icon, name string, do func()) *widgets.IconButton {
		return widgets.NewIconButton(icon, name, func() {
			do()
			v.focus() // the keys are the picture's
		})
	}
	bar := container.New(viewerBar{}, v.name)
	if len(v.all) > 1 {
		v.before = button(assets.IconChevronLeft, lang.L("Picture before"), func() { v.step(-1) })
		v.after = button(assets.IconChevronRight, lang.L("Next picture"), func() { v.step(1) })
		bar.Add(v.before)
		bar.Add(v.after)
	}
	bar.Add(button(assets.IconMinus, lang.L("Smaller"), func() { v.view.TypedRune('-') }))
	bar.Add(button(assets.IconPlus, lang.L("Larger"), func() { v.view.TypedRune('+') }))
	if goTo != nil {
		bar.Add(button(assets.IconEye, lang.L("Show in the chat"), v.show))
	}
	if d.a.cfg.Clipboard != nil {
		bar.Add(button(assets.IconCopy, lang.L("Copy picture"), func() { d.copyPicture(v.file()) }))
	}
	bar.Add(button(assets.IconDownload, lang.L("Save"), func() { d.save(v.file()) }))
	bar.Add(widgets.NewIconButton(assets.IconClose, lang.L("Close"), d.a.back))
	v.box = container.New(free(func(o []fyne.CanvasObject, size fyne.Size) {
		place(bar, 0, 0, size.Width, widgets.HeaderHeight)
		place(v.view, 0, widgets.HeaderHeight, size.Width, size.Height-widgets.HeaderHeight)
	}), bar, v.view)
	d.a.pages.push(v)
	v.load()
}

func (v *viewer) object() fyne.CanvasObject { return v.box }
func (v *viewer) focus()                    { v.d.a.win.Canvas().Focus(v.view) }
func (v *viewer) back() bool                { return false }
func (v *viewer) refresh(changes)           {}

// closed lets go of the picture, which is large.
func (v *viewer) closed() {
	v.stop()
	v.view.Set(nil)
}

// file is the one that is shown.
func (v *viewer) file() storage.File { return v.all[v.at].File }

// shortcut is for what can be done with the picture; the others are those of the
// window.
func (v *viewer) shortcut(s fyne.Shortcut) {
	k, _ := s.(fyne.KeyboardShortcut)
	switch {
	case s.ShortcutName() == (&fyne.ShortcutCopy{}).ShortcutName():
		v.d.copyPicture(v.file())
	case k != nil && k.Key() == fyne.KeyS && k.Mod() == ctrl:
		v.d.save(v.file())
	case k != nil && k.Key() == fyne.KeyS && k.Mod() == ctrlShift:
		v.d.saveAs(v.file())
	default:
		v.d.a.typedShortcut(s)
	}
}

// menu is the context menu of the picture.
func (v *viewer) menu(at fyne.Position) {
	var items []widgets.MenuItem
	if v.d.a.cfg.Clipboard != nil {
		items = append(items, widgets.MenuItem{Text: lang.L("Copy picture"), Icon: assets.IconCopy, Shortcut: chord{fyne.KeyC, ctrl}.String(), Do: func() { v.d.copyPicture(v.file()) }})
	}
	items = append(items,
		widgets.MenuItem{Text: lang.L("Save"), Icon: assets.IconDownload, Shortcut: chord{fyne.KeyS, ctrl}.String(), Do: func() { v.d.save(v.file()) }},
		widgets.MenuItem{Text: lang.L("Save as…"), Icon: assets.IconDownload, Shortcut: chord{fyne.KeyS, ctrlShift}.String(), Do: func() { v.d.saveAs(v.file()) }})
	if v.goTo != nil {
		items = append(items, widgets.MenuItem{Text: lang.L("Show in the chat"), Icon: assets.IconEye, Do: v.show})
	}
	widgets.ShowMenu(v.d.a.win.Canvas(), at, items)
}

// show leaves the viewer for the message of the picture.
func (v *viewer) show() { v.goTo(v.all[v.at].pos) }

// step goes to another picture; at the ends it stays.
func (v *viewer) step(by int) {
	to := v.at + by
	if to < 0 || to >= len(v.all) {
		return
	}
	v.at = to
	v.load()
}

// load shows the picture v.at, when it is decoded.
func (v *viewer) load() {
	v.stop()
	at, f := v.at, v.file()
	v.name.SetText(widgets.Harmless(media.SafeName(f.Name)))
	if v.before != nil {
		enable(v.before, at > 0)
		enable(v.after, at < len(v.all)-1)
	}
	v.d.a.on(lanePictures, func(context.Context) func() {
		im, motion, err := decodeFile(v.d.a.backend, &f, image.Pt(viewerSide, viewerSide), viewerMotion)
		return func() {
			switch {
			case v.at != at || v.d.a.pages.top() != page(v):
			case err != nil:
				v.d.a.fail(err)
			default:
				v.view.Set(im)
				v.stop()
				if motion != nil {
					v.move(motion)
				}
			}
		}
	})
}

// move draws the frames of a picture one after the other, as long as it is shown
// and the window is in front.
func (v *viewer) move(motion *film) {
	wait := frameAway
	if v.d.a.focused {
		var frame *image.RGBA
		frame, wait = motion.frame()
		v.view.SetFrame(frame)
	}
	v.stop = v.d.a.after(wait, func() { v.move(motion) })
}

// viewerBar is the layout of a name with buttons at the end.
type viewerBar struct{}

// Layout implements fyne.Layout.
func (viewerBar) Layout(o []fyne.CanvasObject, size fyne.Size) {
	const button, gap = widgets.IconButtonSize, 4
	x := size.Width - 8
	for i := len(o) - 1; i > 0; i-- {
		x -= button
		place(o[i], x, (size.Height-button)/2, button, button)
		x -= gap
	}
	h := o[0].MinSize().Height
	place(o[0], 16, (size.Height-h)/2, x-24, h)
}

// MinSize implements fyne.Layout.
func (viewerBar) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, widgets.HeaderHeight)
}
