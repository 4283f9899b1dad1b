package app

import (
	"context"
	"fmt"
	"image"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/media"
	"linnet/storage"
	"linnet/widgets"
)

// fileDesk knows the files of the messages that are shown, and what goes on with
// them.
type fileDesk struct {
	a       *App
	moving  map[fileKey]account.FileProgress
	shown   map[storage.Pos]storage.Message // of the open chat, those with files
	sources map[string]storage.File         // by the key of a picture
	wanted  map[storage.Pos]bool            // the account was told that they are looked at
	pics    *pictures
	sounds  *sounds
	sending *sending // the card with files to send; nil while there is none
}

// fileKey names a file of a message.
type fileKey struct {
	chat storage.ChatID
	pos  storage.Pos
	file int
}

func newFileDesk(a *App) *fileDesk {
	d := &fileDesk{a: a, moving: map[fileKey]account.FileProgress{}}
	d.pics, d.sounds = newPictures(d), newSounds(a)
	d.forget()
	return d
}

// forget is for another chat.
func (d *fileDesk) forget() {
	d.shown, d.sources, d.wanted = map[storage.Pos]storage.Message{}, map[string]storage.File{}, map[storage.Pos]bool{}
}

// views are the files of a message as its row shows them.
func (d *fileDesk) views(msg storage.Message) []widgets.FileView {
	if d == nil || len(msg.Files) == 0 {
		return nil
	}
	d.shown[msg.Pos] = msg
	views := make([]widgets.FileView, len(msg.Files))
	for i := range msg.Files {
		views[i] = d.viewOf(fileKey{msg.Chat, msg.Pos, i}, &msg.Files[i], msg.State == storage.StateFailed)
	}
	return views
}

// viewOf is one of them; notSent says that their message has failed.
func (d *fileDesk) viewOf(key fileKey, f *storage.File, notSent bool) widgets.FileView {
	v := widgets.FileView{Name: media.SafeName(f.Name), Note: sizeText(f.Size), State: fileState(f.State)}
	if media.IsPicture(f.Type) && f.Width > 0 && f.Height > 0 && (f.State != storage.FileGone || len(f.Thumb) > 0) {
		v.Kind, v.Width, v.Height = widgets.FilePicture, int(f.Width), int(f.Height)
		v.Picture = d.source(key, f)
	}
	if isSound(f) {
		d.soundView(&v, f)
	}
	switch f.State {
	case storage.FileFailed:
		if !notSent { // else it stands below the message
			v.Note = fileReasonText(f.Reason)
		}
	case storage.FileGone:
		v.Note = lang.L("No longer on the server")
	case storage.FileWaiting:
		v.Note = lang.L("Waiting to be sent")
	}
	if p, ok := d.moving[key]; ok {
		v.State = widgets.FileMoving
		v.Done, v.Note = progressOf(p)
	}
	return v
}

// progressOf gives the part of a file that is through, and says how far it is or
// why it does not move.
func progressOf(p account.FileProgress) (part float32, note string) {
	note = sizeText(max(p.Done, p.Total))
	if p.Total > 0 && p.Done > 0 {
		part = float32(p.Done) / float32(p.Total)
		note = lang.L("{{.Done}} of {{.Size}}", map[string]any{"Done": sizeText(p.Done), "Size": sizeText(p.Total)})
	}
	switch p.Wait {
	case account.FileCut:
		note = lang.L("Connection cut, trying again")
	case account.FileQueued:
		note = lang.L("Waiting for other files")
	}
	return part, note
}

// soundView has a sound played where it stands, if that can be.
func (d *fileDesk) soundView(v *widgets.FileView, f *storage.File) {
	if !d.sounds.playable(f) {
		if f.State == storage.FileHere {
			v.Note = unplayableText()
		}
		return
	}
	v.Kind = widgets.FileSound
	note := ""
	if v.Sound, note = d.sounds.view(f); note != "" && f.State == storage.FileHere {
		v.Note = note
	}
}

// seek is Transcript.OnSeek.
func (d *fileDesk) seek(row widgets.RowID, n int, part float32) {
	pos := posOf(row)
	m, ok := d.shown[pos]
	if !ok || n >= len(m.Files) || m.Files[n].Path == "" {
		return
	}
	d.sounds.seekFile(fileKey{m.Chat, pos, n}, m.Files[n], part)
}

// source gives the key under which a picture is asked for; empty for one of
// which nothing is here.
func (d *fileDesk) source(key fileKey, f *storage.File) string {
	name := ""
	switch {
	case f.Path != "":
		name = "file " + f.Path
	case len(f.Thumb) > 0:
		name = fmt.Sprintf("thumb %d %d %d %d", key.chat, key.pos.Time, key.pos.Seq, key.file)
	default:
		return ""
	}
	d.sources[name] = *f
	return name
}

func fileState(s storage.FileState) widgets.FileState {
	switch s {
	case storage.FileHere:
		return widgets.FileHere
	case storage.FileWaiting, storage.FileUploading, storage.FileDownloading:
		return widgets.FileMoving
	case storage.FileFailed:
		return widgets.FileFailed
	case storage.FileGone:
		return widgets.FileGone
	}
	return widgets.FileRemote
}

// progress takes how far a file is.
func (d *fileDesk) progress(e account.FileProgress) {
	d.moving[fileKey{e.Chat, e.Pos, e.File}] = e
	d.update(e.Chat, e.Pos)
}

// changed takes a message that changed: what was going on with its files is
// over.
func (d *fileDesk) changed(m storage.Message) {
	for i := range m.Files {
		delete(d.moving, fileKey{m.Chat, m.Pos, i})
	}
}

// update shows a message anew.
func (d *fileDesk) update(chat storage.ChatID, pos storage.Pos) {
	p := d.a.shell.chat
	if m, ok := d.shown[pos]; ok && p.open() && p.chat.ID == chat {
		p.view.Update(p.row(m))
	}
}

// picture is Transcript.OnPicture.
func (d *fileDesk) picture(key string, w, h int) image.Image {
	if strings.HasPrefix(key, "thumb ") {
		d.want(key)
	}
	return d.pics.get(key, w, h)
}

// want tells the account that a picture that is not here is looked at.
func (d *fileDesk) want(key string) {
	part := strings.Fields(key)
	chat, _ := strconv.ParseUint(part[1], 10, 32)
	at, _ := strconv.ParseInt(part[2], 10, 64)
	seq, _ := strconv.ParseUint(part[3], 10, 64)
	pos := storage.Pos{Time: at, Seq: seq}
	if d.wanted[pos] {
		return
	}
	d.wanted[pos] = true
	d.a.act(laneWrite, func(context.Context) error {
		return d.a.backend.WantFiles(storage.ChatID(chat), []storage.Pos{pos})
	})
}

// act is Transcript.OnFile.
func (d *fileDesk) act(row widgets.RowID, n int, act widgets.FileAct) {
	pos := posOf(row)
	m, ok := d.shown[pos]
	if !ok || n >= len(m.Files) {
		return
	}
	back := d.a.backend
	do := func(f func(context.Context) error) { d.a.act(laneWrite, f) }
	switch {
	case act == widgets.FileCancel:
		do(func(ctx context.Context) error { return back.CancelFile(ctx, m.Chat, pos, n) })
	case act == widgets.FileRetry && m.Out && m.State == storage.StateFailed:
		d.a.shell.chat.retry(row)
	case act == widgets.FileFetch, act == widgets.FileRetry:
		if act == widgets.FileRetry {
			d.a.shell.chat.hist.tried[pos] = n
		}
		do(func(ctx context.Context) error { return back.Download(ctx, m.Chat, pos, n) })
	case act == widgets.FileFaster:
		d.sounds.faster()
	case d.sounds.playable(&m.Files[n]):
		d.sounds.toggleFile(fileKey{m.Chat, pos, n}, m.Files[n])
	case viewable(m.Files[n]):
		d.showViewer(d.shownPictures(), pos, n, nil)
	default:
		d.save(m.Files[n])
	}
}

// only gives the file of a message that has one, which is here.
func (d *fileDesk) only(row widgets.RowID) (storage.File, bool) {
	m, ok := d.shown[posOf(row)]
	if !ok || len(m.Files) != 1 || m.Files[0].Path == "" || m.RetractedAt != 0 {
		return storage.File{}, false
	}
	return m.Files[0], true
}

// viewable tells whether a file is a picture that is here.
func viewable(f storage.File) bool { return f.Path != "" && media.IsPicture(f.Type) && f.Width > 0 }

// shownPictures are the pictures of the open chat that are here, oldest first.
func (d *fileDesk) shownPictures() (all []viewed) {
	for pos, m := range d.shown {
		for i, f := range m.Files {
			if viewable(f) && m.RetractedAt == 0 {
				all = append(all, viewed{pos, i, f})
			}
		}
	}
	slices.SortFunc(all, func(a, b viewed) int {
		if a.pos == b.pos {
			return a.n - b.n
		}
		if a.pos.Before(b.pos) {
			return -1
		}
		return 1
	})
	return all
}

// sizeText says how large a file is; empty when it is not known.
func sizeText(n int64) string {
	switch {
	case n <= 0:
		return ""
	case n < 1000:
		return lang.L("{{.N}} bytes", map[string]any{"N": n})
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", (n+999)/1000)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// fileReasonText says why a file did not get through.
func fileReasonText(reason string) string {
	condition, text := account.SplitReason(reason)
	switch condition {
	case account.ReasonTooLarge:
		n, _ := strconv.ParseInt(text, 10, 64)
		if n <= 0 {
			return lang.L("Too large for the server")
		}
		return lang.L("Too large: the server takes {{.Size}}", map[string]any{"Size": sizeText(n)})
	case account.ReasonChanged:
		return lang.L("The file has changed since it was chosen")
	case account.ReasonMissing:
		return lang.L("The file is no longer where it was")
	case account.ReasonNoUpload:
		return lang.L("The server takes no files")
	case account.ReasonLost:
		return lang.L("The connection was cut")
	case account.ReasonCertificate:
		return lang.L("The server of the file could not prove who it is")
	case account.ReasonDiffers:
		return lang.L("Not the file that was announced")
	case account.ReasonUnsafe:
		return lang.L("The address of the file is not safe")
	case account.ReasonDiskFull:
		return lang.L("The disk is full")
	case account.ReasonUnreadable:
		return lang.L("The file on this computer is damaged")
	case account.ReasonRefused:
		return lang.L("The server refused the file")
	}
	return ""
}
