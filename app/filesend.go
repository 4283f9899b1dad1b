package app

import (
	"bytes"
	"context"
	"image"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/media"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// sending is the card that shows files before they are sent.
type sending struct {
	d       *fileDesk
	chat    storage.Chat
	files   []outFile
	card    *card
	note    *widgets.Paragraph
	list    *fyne.Container
	title   *widgets.Paragraph
	caption *widgets.Field
	send    *widgets.Button
}

// outFile is a file on the card.
type outFile struct {
	account.NewFile
	size    int64
	photo   bool // of a kind that is cleaned before it is sent
	preview image.Image
}

const (
	// previewSide is the size of a small picture on the card in dp.
	previewSide = 44
	// sendListHeight is the most the list on the card grows before it scrolls.
	sendListHeight = 320
)

// choose opens the dialog for files.
func (d *fileDesk) choose() {
	if !d.a.shell.chat.open() {
		return
	}
	chat := d.a.shell.chat.chat
	d.ask(func(files []account.NewFile) { d.offer(chat, files...) })
}

// ask has the user choose files.
func (d *fileDesk) ask(then func([]account.NewFile)) {
	d.a.askFiles(FileQuestion{Kind: AskOpen, Title: lang.L("Choose files to send"), Button: lang.L("Choose"), Several: true}, func(paths []string) { then(filesAt(paths)) })
}

// filesAt are files of this computer to send.
func filesAt(paths []string) []account.NewFile {
	files := make([]account.NewFile, len(paths))
	for i, path := range paths {
		files[i].Path = path
	}
	return files
}

// dropped takes what was dropped onto the window at a place of it.
func (d *fileDesk) dropped(at fyne.Position, uris []fyne.URI) {
	var files []account.NewFile
	for _, u := range uris {
		if u.Scheme() == "file" {
			files = append(files, account.NewFile{Path: u.Path()})
		}
	}
	if len(files) == 0 {
		return
	}
	if d.sending != nil {
		d.sending.add(files)
		return
	}
	chat, ok := d.target(at)
	if !ok {
		d.a.toast(lang.L("Open a chat first, then drop the files on it"))
		return
	}
	d.offer(chat, files...)
}

// target gives the chat that files are for that were dropped at a place: the one
// whose row is there, which is opened, else the open one.
func (d *fileDesk) target(at fyne.Position) (storage.Chat, bool) {
	s := d.a.shell
	if d.a.pages.top() != page(s) {
		return storage.Chat{}, false
	}
	if key := s.side.chats.KeyAt(at); !d.a.cards.open() && chatOfKey(key) != 0 {
		s.openKey(key)
	}
	return s.chat.chat, s.chat.open() && (!s.narrow || s.inChat)
}

// offer shows files before they are sent to a chat, beside others if some are
// shown already, and after what else is open over the window. They are looked at
// first.
func (d *fileDesk) offer(chat storage.Chat, files ...account.NewFile) {
	d.look(files, func(out []outFile) {
		d.a.cards.whenClosed(func() bool { return d.sending != nil }, func() {
			if d.sending != nil {
				d.sending.take(out)
				return
			}
			s := &sending{d: d, chat: chat, files: out, list: widgets.NewColumn(8)}
			s.show()
		})
	})
}

// look reads how large files are and makes previews. It tells of those that cannot
// be sent; then gets the others, if there are any.
func (d *fileDesk) look(files []account.NewFile, then func([]outFile)) {
	d.a.on(lanePictures, func(context.Context) func() {
		var out []outFile
		var wrong error
		for _, f := range files {
			o, err := lookAt(f)
			if err == nil {
				out = append(out, o)
			} else if wrong == nil {
				wrong = err
			}
		}
		return func() {
			if len(out) > 0 {
				then(out)
			}
			if wrong != nil {
				d.a.fail(wrong)
			}
		}
	})
}

func lookAt(f account.NewFile) (outFile, error) {
	o := outFile{NewFile: f}
	var src io.ReadSeeker = bytes.NewReader(f.Data)
	o.size = int64(len(f.Data))
	if f.Path != "" {
		info, err := os.Stat(f.Path)
		if err != nil {
			return o, err
		}
		if !info.Mode().IsRegular() {
			return o, account.ErrNotFile
		}
		o.Name, o.size = filepath.Base(f.Path), info.Size()
		file, err := os.Open(f.Path)
		if err != nil {
			return o, err
		}
		defer file.Close()
		src = file
	}
	if o.size == 0 {
		return o, account.ErrEmptyFile
	}
	head := make([]byte, media.Sniffed)
	n, err := io.ReadFull(src, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return o, err
	}
	o.photo = media.CanClean(media.TypeOf(head[:n], o.Name))
	if im, err := media.Decode(src, image.Pt(4*previewSide, 4*previewSide)); err == nil {
		o.preview = im
	}
	return o, nil
}

// show opens the card.
func (s *sending) show() {
	pane := s.d.a.shell.chat
	s.title = widgets.NewHeading("", titleSize)
	s.caption = widgets.NewField(lang.L("Caption"))
	if pane.chat.ID == s.chat.ID && pane.writing.kind != widgets.ContextEdit {
		s.caption.SetText(pane.composer.Text())
	}
	s.caption.OnSubmitted = func(string) { s.submit() }
	s.send = widgets.NewButton(lang.L("Send"), widgets.ButtonFilled, s.submit)
	s.caption.OnShortcut = s.d.a.typedShortcut
	s.caption.OnPaste = s.d.paste
	s.note = widgets.NewParagraph("", widgets.TextSecondary, widgets.ColorSecondary)
	more := widgets.NewButton(lang.L("Add more"), widgets.ButtonLink, func() { s.d.ask(s.add) })
	s.card = s.d.a.cards.show(widgets.NewColumn(12,
		s.title,
		newScrolled(s.d.a.win, s.list, sendListHeight, cardRest+120),
		leading(more),
		s.caption,
		s.note,
		widgets.NewButtonRow(cancelButton(&s.card), s.send),
	), widgets.OverlayOptions{Keep: true})
	s.d.sending = s
	s.card.closed = func() { s.d.sending = nil }
	s.fill()
	s.caption.Focus()
}

// add looks at more files and takes them.
func (s *sending) add(files []account.NewFile) {
	s.d.look(files, func(out []outFile) {
		if s.d.sending == s {
			s.take(out)
		}
	})
}

// take puts more files onto the card. The keyboard, which a dialog or a button
// has had, goes back to the caption.
func (s *sending) take(files []outFile) {
	s.files = append(s.files, files...)
	s.fill()
	s.caption.Focus()
}

// fill makes the list anew.
func (s *sending) fill() {
	name := s.d.a.model.shortName(s.chat.Account, s.chat.JID)
	if len(s.files) == 1 {
		s.title.SetText(lang.L("Send a file to {{.Name}}", map[string]any{"Name": name}))
	} else {
		s.title.SetText(lang.L("Send {{.N}} files to {{.Name}}", map[string]any{"N": len(s.files), "Name": name}))
	}
	s.note.SetText("")
	if slices.ContainsFunc(s.files, func(f outFile) bool { return f.photo }) {
		s.note.SetText(lang.L("Place and camera are taken out of photos."))
	}
	show(s.note, s.note.Text() != "")
	s.list.RemoveAll()
	for i := range s.files {
		s.list.Add(s.row(i))
	}
	s.card.fit()
}

// row is one file of the list.
func (s *sending) row(i int) fyne.CanvasObject {
	f := &s.files[i]
	var mark fyne.CanvasObject = container.NewCenter(widgets.NewIcon(assets.IconFile, widgets.IconSize, widgets.ColorSecondary))
	if f.preview != nil {
		im := canvas.NewImageFromImage(f.preview)
		im.FillMode, im.CornerRadius = canvas.ImageFillCover, 8
		mark = im
	}
	words := widgets.NewColumn(0,
		widgets.NewLabel(widgets.Harmless(f.Name), widgets.TextBody, widgets.ColorText),
		widgets.NewLabel(sizeText(f.size), widgets.TextSecondary, widgets.ColorSecondary))
	drop := widgets.NewIconButton(assets.IconClose, lang.L("Leave out {{.Name}}", map[string]any{"Name": f.Name}), func() {
		s.files = slices.Delete(s.files, i, i+1)
		if len(s.files) == 0 {
			s.card.close()
			return
		}
		s.fill()
	})
	return container.New(sendRow{}, mark, words, drop)
}

// sendRow is the layout of a mark, words and a button.
type sendRow struct{}

// Layout implements fyne.Layout.
func (sendRow) Layout(o []fyne.CanvasObject, size fyne.Size) {
	const button = widgets.IconButtonSize
	place(o[0], 0, (size.Height-previewSide)/2, previewSide, previewSide)
	h := o[1].MinSize().Height
	place(o[1], previewSide+10, (size.Height-h)/2, size.Width-previewSide-20-button, h)
	place(o[2], size.Width-button, (size.Height-button)/2, button, button)
}

// MinSize implements fyne.Layout.
func (sendRow) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(160, max(previewSide, o[1].MinSize().Height))
}

// submit sends the files. When they cannot even be stored, the card comes back.
func (s *sending) submit() {
	s.card.close()
	pane, caption, id := s.d.a.shell.chat, s.caption.Text(), s.chat.ID
	files := make([]account.NewFile, len(s.files))
	for i := range s.files {
		files[i] = s.files[i].NewFile
	}
	if pane.chat.ID == id && strings.TrimSpace(pane.composer.Text()) == strings.TrimSpace(caption) {
		pane.composer.SetText("")
		pane.takeLinks()
	}
	var reply storage.Pos
	if pane.chat.ID == id {
		reply = pane.answered()
	}
	s.d.a.on(laneFiles, func(ctx context.Context) func() {
		err := s.d.a.backend.SendFiles(ctx, id, files, caption, reply)
		return func() {
			if err != nil {
				s.d.a.fail(err)
				if !s.d.a.cards.open() {
					s.show()
					s.caption.SetText(caption)
				}
				return
			}
			if pane.chat.ID == id {
				pane.view.ScrollToEnd()
			}
		}
	})
}
