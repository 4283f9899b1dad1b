package account

import (
	"image"
	"mime"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"

	"linnet/account/media"
	"linnet/account/xep/fallback"
	"linnet/account/xep/file"
	"linnet/account/xep/hash"
	"linnet/account/xep/oob"
	"linnet/account/xep/sfs"
	"linnet/account/xep/thumb"
	"linnet/storage"
)

// Bounds of what is believed of files others share.
const (
	maxFiles    = 16       // in one message
	maxThumb    = 16 << 10 // bytes
	maxFileName = 512      // bytes, before it is made safe
	maxDesc     = 4 << 10  // bytes
	maxType     = 128      // bytes
	maxSize     = 1 << 50  // bytes
	maxPixels   = 1 << 20  // each side
	maxLength   = 1 << 40  // milliseconds
)

// filesIn is what of a message is about files.
type filesIn struct {
	Sharing []sfs.Sharing `xml:"urn:xmpp:sfs:0 file-sharing"`
	OOB     *oob.X        `xml:"jabber:x:oob x"`
}

// files gives what is attached, and the words that are left of the body: the
// address that stands there for others is none. A message with an address that
// is its whole body is a file, by common use (XEP-0066); any other address is
// just text.
func (x *filesIn) files(body string, fallbacks []fallback.Fallback) ([]storage.File, string) {
	var files []storage.File
	for i := range x.Sharing[:min(len(x.Sharing), maxFiles)] {
		if f, ok := fileOf(&x.Sharing[i]); ok {
			files = append(files, f)
		}
	}
	words := strings.TrimSpace(body)
	if len(files) == 0 && x.OOB != nil && x.OOB.URL != "" && strings.TrimSpace(x.OOB.URL) == words {
		if u, err := safeURL(words); err == nil {
			files = append(files, storage.File{URL: words, Name: nameOf(u), Type: media.TypeByName(nameOf(u)), Desc: description(x.OOB.Desc)})
		}
	}
	for _, f := range files {
		if f.URL == words {
			return files, ""
		}
	}
	if len(files) > 0 {
		if body, _ = fallback.Strip(body, fallbacks, sfs.NS); strings.TrimSpace(body) == "" {
			body = ""
		}
	}
	return files, body
}

// sameFiles tells whether two messages have the same attached.
func sameFiles(a, b []storage.File) bool {
	return slices.EqualFunc(a, b, func(x, y storage.File) bool { return x.URL == y.URL })
}

// fileOf reads what is told of a file; false if it does not say where it is.
func fileOf(s *sfs.Sharing) (storage.File, bool) {
	u, err := safeURL(s.URL())
	if err != nil {
		return storage.File{}, false
	}
	x := &s.File
	f := storage.File{
		URL:      s.URL(),
		Name:     cut(x.Name, maxFileName),
		Type:     mediaType(x.MediaType),
		Desc:     description(x.Desc),
		Size:     file.Number(x.Size, maxSize),
		Width:    int32(file.Number(x.Width, maxPixels)),
		Height:   int32(file.Number(x.Height, maxPixels)),
		Duration: file.Number(x.Length, maxLength),
		Hash:     hash.Sum(x.Hashes),
	}
	if f.Name == "" {
		f.Name = nameOf(u)
	}
	f.Name = media.SafeName(f.Name)
	for i := range x.Thumbnails {
		if f.Thumb = x.Thumbnails[i].Data(maxThumb); f.Thumb != nil {
			break
		}
	}
	return f, true
}

// mediaType reads the type of a file; what is none says nothing.
func mediaType(s string) string {
	name, _, err := mime.ParseMediaType(cut(s, maxType))
	if err != nil || strings.Count(name, "/") != 1 {
		return media.Octets
	}
	return name
}

// description is what somebody says of a file, without what is not seen or would turn
// the reading of what stands beside it around.
func description(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsGraphic(r) && !unicode.Is(unicode.Bidi_Control, r) {
			return r
		}
		return -1
	}, normalize(cut(s, maxDesc))))
}

// nameOf gives the name of a file by its address.
func nameOf(u *url.URL) string { return media.SafeName(cut(path.Base(u.Path), maxFileName)) }

// attach puts the files of a message into what is sent: in full (XEP-0447), and
// for others as the address that is the whole body (XEP-0066).
func (out *messageOut) attach(m *storage.Message) {
	for i := range m.Files {
		f := &m.Files[i]
		x := sfs.Sharing{
			File: file.File{
				MediaType: f.Type, Name: f.Name, Desc: f.Desc,
				Size: file.Format(f.Size), Width: file.Format(int64(f.Width)), Height: file.Format(int64(f.Height)),
				Length: file.Format(f.Duration),
			},
			Sources: &sfs.Sources{URLs: []sfs.URLData{{Target: f.URL}}},
		}
		x.Disposition = sfs.Attachment
		if isAutomatic(f.Type) {
			x.Disposition = sfs.Inline
		}
		if len(f.Hash) > 0 {
			x.File.Hashes = []hash.Hash{hash.New(f.Hash)}
		}
		if len(f.Thumb) > 0 && len(f.Thumb) <= maxThumb {
			w, h := media.Fitted(int(f.Width), int(f.Height), image.Pt(media.ThumbSide, media.ThumbSide))
			x.File.Thumbnails = []thumb.Thumbnail{thumb.New("image/jpeg", f.Thumb, w, h)}
		}
		out.Sharing = append(out.Sharing, x)
	}
	if len(m.Files) > 0 && out.Body == "" {
		out.Body = m.Files[0].URL
		out.OOB = &oob.X{URL: out.Body}
		out.Fallback = append(out.Fallback, fallback.Fallback{For: sfs.NS, Body: []fallback.Range{{}}})
	}
}
