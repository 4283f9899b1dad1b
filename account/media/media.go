// Package media looks at files that nobody vouches for: what they are by their
// content, how large a picture is before it is decoded, and what they may be
// called on this disk. It is pure: no network, no files of its own.
package media

import (
	"bufio"
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"path"
	"strings"

	"golang.org/x/image/webp"
)

const (
	// MaxPixels is the largest picture that is decoded: what the cameras of
	// today make.
	MaxPixels = 50_000_000
	// MaxSide bounds each side in pixels: wider than any screen, and no strip
	// of one pixel by millions.
	MaxSide = 1 << 15
	// MaxBytes is the largest file that is decoded as a picture.
	MaxBytes = 64 << 20
	// maxMemory is what decoding one picture may take for a moment.
	maxMemory = 256 << 20
	// Sniffed is how much of a file its kind is told by, in bytes.
	Sniffed = 512
)

// ErrTooLarge says that a picture is too large to be decoded here, ErrUnknown
// that it is no picture of a kind that is known.
var (
	ErrTooLarge = errors.New("the picture is too large to be shown")
	ErrUnknown  = errors.New("not a picture of a known kind")
)

// Octets is the type of what is not known.
const Octets = "application/octet-stream"

// Info is what the head of a file says.
type Info struct {
	Type          string // media type without parameters, never empty
	Width, Height int    // pixels as they are to be shown, turned right; 0 for no picture
	Picture       bool   // Decode may be tried: the limits are kept
	turn          int    // orientation of EXIF, 1 to 8
}

// Probe tells what a file is by its content, and by its name where the content
// does not say. Nothing is decoded but the header. The error is that of
// reading; a picture that is broken or too large is a file like any other.
func Probe(r io.ReadSeeker, name string) (Info, error) {
	head := make([]byte, Sniffed)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return Info{}, err
	}
	info := Info{Type: TypeOf(head[:n], name)}
	if !IsPicture(info.Type) {
		return info, nil
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Info{}, err
	}
	p, err := probePicture(r, info.Type)
	if err == nil {
		info.Width, info.Height, info.turn, info.Picture = p.Width, p.Height, p.turn, true
	}
	return info, nil
}

// IsPicture tells whether a media type is of a picture that can be decoded.
func IsPicture(mediaType string) bool {
	switch mediaType {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

// probePicture reads the header of a picture and holds it against the limits.
func probePicture(r io.ReadSeeker, mediaType string) (Info, error) {
	read := map[string]func(io.Reader) (image.Config, error){
		"image/png": png.DecodeConfig, "image/jpeg": jpeg.DecodeConfig, "image/gif": gif.DecodeConfig, "image/webp": webp.DecodeConfig,
	}[mediaType]
	if read == nil {
		return Info{}, ErrUnknown
	}
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return Info{}, err
	}
	if size > MaxBytes {
		return Info{}, ErrTooLarge
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Info{}, err
	}
	c, err := read(bufio.NewReader(r))
	if err != nil {
		return Info{}, err
	}
	info := Info{Type: mediaType, Width: c.Width, Height: c.Height, Picture: true, turn: 1}
	perPixel := bytesPerPixel(c.ColorModel)
	if mediaType == "image/jpeg" {
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return Info{}, err
		}
		head := readJPEG(bufio.NewReader(r))
		info.turn = head.turn
		if head.progressive {
			perPixel += 4 * 4 // the coefficients of all scans are kept
		}
		if info.turn > 4 {
			info.Width, info.Height = c.Height, c.Width
		}
	}
	return info, checkSize(c, perPixel)
}

// CheckSize holds the measures of a picture, of whatever kind, against the limits:
// ErrTooLarge.
func CheckSize(c image.Config) error { return checkSize(c, bytesPerPixel(c.ColorModel)) }

func checkSize(c image.Config, perPixel int) error {
	if c.Width < 1 || c.Height < 1 || c.Width > MaxSide || c.Height > MaxSide ||
		c.Width*c.Height > MaxPixels || c.Width*c.Height*perPixel > maxMemory {
		return ErrTooLarge
	}
	return nil
}

// bytesPerPixel is what a decoded picture takes, at most.
func bytesPerPixel(m color.Model) int {
	switch m {
	case color.GrayModel, color.AlphaModel:
		return 1
	case color.Gray16Model, color.Alpha16Model:
		return 2
	case color.YCbCrModel:
		return 3
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	return 4
}

// TypeOf gives the media type by the first bytes of a file, and by the ending of
// its name where those could be many things. It has no parameters.
func TypeOf(head []byte, name string) string {
	found, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if bytes.HasPrefix(head, []byte("OggS")) {
		found = oggType(head)
	} else if bytes.HasPrefix(head, []byte("fLaC")) {
		found = "audio/flac"
	} else if len(head) > 11 && string(head[4:11]) == "ftypM4A" {
		found = "audio/mp4"
	}
	named := typeByName(name)
	switch {
	case found == Octets && len(head) > 0 && IsPicture(named):
		return Octets // whoever named it says what it is not
	case found == Octets && named != "":
		return named
	case found == "text/plain" && (strings.HasPrefix(named, "text/") || textual[named]):
		return named
	case found == "application/zip" && named != "" && !IsPicture(named):
		return named // many formats are archives inside
	case found == "video/mp4" && (named == "audio/mp4" || named == "audio/aac"):
		return "audio/mp4"
	case found == "video/webm" && named == "audio/webm":
		return named
	}
	return found
}

// oggType tells what is in a container of Ogg by its first packet.
func oggType(head []byte) string {
	switch {
	case bytes.Contains(head, []byte("\x01vorbis")):
		return "audio/vorbis"
	case bytes.Contains(head, []byte("\x80theora")):
		return "video/ogg"
	}
	return "audio/ogg"
}

// TypeByName gives the media type by the ending of a name alone.
func TypeByName(name string) string {
	if named := typeByName(name); named != "" {
		return named
	}
	return Octets
}

func typeByName(name string) string { return endings[strings.ToLower(path.Ext(name))] }

// endings are the types of names whose content tells too little.
var endings = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
	".txt": "text/plain", ".pdf": "application/pdf", ".zip": "application/zip",
	".svg": "image/svg+xml", ".heic": "image/heic", ".avif": "image/avif",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".weba": "audio/webm", ".flac": "audio/flac", ".wav": "audio/wav", ".aac": "audio/aac", ".ogg": "audio/ogg", ".opus": "audio/ogg", ".oga": "audio/ogg",
	".mp4": "video/mp4", ".mkv": "video/x-matroska", ".webm": "video/webm", ".mov": "video/quicktime",
	".csv": "text/csv", ".md": "text/markdown", ".json": "application/json", ".vcf": "text/vcard", ".ics": "text/calendar",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odt":  "application/vnd.oasis.opendocument.text",
	".ods":  "application/vnd.oasis.opendocument.spreadsheet",
	".odp":  "application/vnd.oasis.opendocument.presentation",
	".epub": "application/epub+zip", ".apk": "application/vnd.android.package-archive", ".jar": "application/java-archive",
	".xz": "application/x-xz", ".zst": "application/zstd", ".7z": "application/x-7z-compressed", ".tar": "application/x-tar",
}

// textual are types of text that are not called so.
var textual = map[string]bool{"application/json": true, "image/svg+xml": true}
