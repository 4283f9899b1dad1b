package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// corner is a picture that is red at its top left and blue elsewhere.
func corner(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{0, 0, 255, 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{255, 0, 0, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// part is a JPEG segment.
func part(mark byte, body string) string {
	return string([]byte{0xFF, mark}) + string(binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))) + body
}

// with puts segments behind the beginning of a JPEG.
func with(picture []byte, parts ...string) []byte {
	return append(append(bytes.Clone(picture[:2]), strings.Join(parts, "")...), picture[2:]...)
}

func exif(turn int) string { return part(markAPP1, string(exifOf(turn))) }

// webp16 is a picture of 16 by 8 pixels, lossless.
var webp16 = []byte("\x52\x49\x46\x46\x1c\x00\x00\x00\x57\x45\x42\x50\x56\x50\x38\x4c\x0f\x00\x00\x00\x2f\x0f\xc0\x01\x00\x07\x10\xd1\xff\xfe\x07\x22\xa2\xff\x01\x00")

func TestProbe(t *testing.T) {
	photo, drawn := jpegOf(t, corner(60, 40)), pngOf(t, corner(60, 40))
	huge := bytes.Clone(drawn)
	binary.BigEndian.PutUint32(huge[16:], 30_000)
	binary.BigEndian.PutUint32(huge[20:], 30_000)
	var moving bytes.Buffer
	if err := gif.Encode(&moving, corner(30, 20), nil); err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		data []byte
		file string
		want Info
	}{
		"JPEG":                   {photo, "x.png", Info{"image/jpeg", 60, 40, true, 1}},
		"turned":                 {with(photo, exif(6)), "", Info{"image/jpeg", 40, 60, true, 6}},
		"upside down":            {with(photo, exif(3)), "", Info{"image/jpeg", 60, 40, true, 3}},
		"turned in no known way": {with(photo, exif(9)), "", Info{"image/jpeg", 60, 40, true, 1}},
		"PNG":                    {drawn, "", Info{"image/png", 60, 40, true, 0}},
		"GIF":                    {moving.Bytes(), "", Info{"image/gif", 30, 20, true, 0}},
		"WebP":                   {webp16, "", Info{"image/webp", 16, 8, true, 0}},
		"too large":              {huge, "", Info{Type: "image/png"}},
		"cut off":                {drawn[:20], "", Info{Type: "image/png"}},
		"no picture":             {[]byte("MZ\x00\x01\x02"), "x.png", Info{Type: Octets}},
		"text":                   {[]byte("a,b"), "x.csv", Info{Type: "text/csv"}},
		"text called a program":  {[]byte("a,b"), "x.exe", Info{Type: "text/plain"}},
		"empty":                  {nil, "x.png", Info{Type: "text/plain"}},
		"document":               {[]byte("PK\x03\x04"), "x.ODT", Info{Type: "application/vnd.oasis.opendocument.text"}},
		"archive":                {[]byte("PK\x03\x04"), "x.png", Info{Type: "application/zip"}},
		"sound":                  {[]byte("OggS\x00"), "x", Info{Type: "audio/ogg"}},
		"sound of Vorbis":        {[]byte("OggS\x00\x01vorbis"), "x.ogg", Info{Type: "audio/vorbis"}},
		"sound of iPhones":       {[]byte("\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00mp42isom"), "", Info{Type: "audio/mp4"}},
		"sound in MP4":           {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"), "x.m4a", Info{Type: "audio/mp4"}},
		"MP4 called AAC":         {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"), "x.aac", Info{Type: "audio/mp4"}},
		"MP4":                    {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"), "x.mp4", Info{Type: "video/mp4"}},
		"AAC":                    {[]byte("\xFF\xF1\x50\x80\x01\x1F\xFC"), "x.aac", Info{Type: "audio/aac"}},
		"film in Ogg":            {[]byte("OggS\x00\x80theora"), "x.ogg", Info{Type: "video/ogg"}},
	} {
		got, err := Probe(bytes.NewReader(x.data), x.file)
		if x.want.turn == 0 && got.turn == 1 {
			got.turn = 0
		}
		if err != nil || got != x.want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, x.want)
		}
	}
}

// TestDecodeTurns holds where the red corner comes to lie.
func TestDecodeTurns(t *testing.T) {
	photo := jpegOf(t, corner(64, 32))
	for turn, want := range map[int]image.Point{
		1: {8, 8}, 2: {56, 8}, 3: {56, 24}, 4: {8, 24}, 5: {8, 8}, 6: {24, 8}, 7: {24, 56}, 8: {8, 56},
	} {
		m, err := Decode(bytes.NewReader(with(photo, exif(turn))), image.Point{})
		if err != nil {
			t.Fatal(err)
		}
		size := image.Pt(64, 32)
		if turn > 4 {
			size = image.Pt(32, 64)
		}
		if m.Rect.Size() != size {
			t.Errorf("turn %d: %v", turn, m.Rect)
		}
		for _, at := range []image.Point{{8, 8}, {size.X - 8, 8}, {8, size.Y - 8}, {size.X - 8, size.Y - 8}} {
			if red := m.RGBAAt(at.X, at.Y).R > 128; red != (at == want) {
				t.Errorf("turn %d: red at %v is %v", turn, at, red)
			}
		}
	}
}

func TestDecodeFits(t *testing.T) {
	for _, x := range []struct{ w, h, boxW, boxH, wantW, wantH int }{
		{64, 32, 0, 0, 64, 32},
		{64, 32, 100, 100, 64, 32},
		{64, 32, 32, 32, 32, 16},
		{300, 900, 100, 100, 33, 100},
		{1000, 1, 10, 10, 10, 1},
		{1000, 700, 99, 99, 99, 69},
	} {
		m, err := Decode(bytes.NewReader(pngOf(t, corner(x.w, x.h))), image.Pt(x.boxW, x.boxH))
		if err != nil {
			t.Fatal(err)
		}
		if m.Rect.Dx() != x.wantW || m.Rect.Dy() != x.wantH {
			t.Errorf("%+v gives %v", x, m.Rect)
		}
		if c := m.RGBAAt(m.Rect.Dx()-1, m.Rect.Dy()-1); c != (color.RGBA{0, 0, 255, 255}) {
			t.Errorf("%+v: the last pixel is %v", x, c)
		}
	}
	m, err := Decode(bytes.NewReader(webp16), image.Point{})
	if err != nil || m.Rect.Dx() != 16 {
		t.Errorf("WebP: %v", err)
	}
}

// TestDecodeRefuses holds that limits come before decoding.
func TestDecodeRefuses(t *testing.T) {
	large := func(w, h uint32) []byte {
		b := pngOf(t, corner(8, 8))
		binary.BigEndian.PutUint32(b[16:], w)
		binary.BigEndian.PutUint32(b[20:], h)
		// The sum over the header has to be right, else that is the reason.
		return b
	}
	_, err := Decode(bytes.NewReader([]byte("no picture")), image.Point{})
	if !errors.Is(err, ErrUnknown) {
		t.Errorf("no picture: %v", err)
	}
	for _, b := range [][]byte{large(1<<20, 1), large(20_000, 20_000)} {
		if _, err := Decode(bytes.NewReader(b), image.Point{}); err == nil {
			t.Error("a picture that is too large was decoded")
		}
	}
	wide := image.NewGray(image.Rect(0, 0, MaxSide+1, 1))
	if _, err := Decode(bytes.NewReader(pngOf(t, wide)), image.Point{}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too wide: %v", err)
	}
}

func TestThumbnail(t *testing.T) {
	data, w, h := Thumbnail(corner(1000, 500))
	if w != 64 || h != 32 || len(data) == 0 || len(data) > ThumbBytes {
		t.Errorf("%d bytes, %d by %d", len(data), w, h)
	}
	m, err := Decode(bytes.NewReader(data), image.Point{})
	if err != nil || m.RGBAAt(8, 8).R < 128 {
		t.Errorf("it does not come back: %v", err)
	}
	clear := image.NewRGBA(image.Rect(0, 0, 10, 10))
	data, _, _ = Thumbnail(clear)
	if m, err := Decode(bytes.NewReader(data), image.Point{}); err != nil || m.RGBAAt(5, 5).R < 250 {
		t.Errorf("what is clear is not white: %v", err)
	}
}

func FuzzProbe(f *testing.F) {
	photo := jpegOf(f, corner(8, 8))
	f.Add(photo)
	f.Add(with(photo, exif(6)))
	f.Add(pngOf(f, corner(8, 8)))
	f.Add(webp16)
	f.Add([]byte("GIF89a\x08\x00\x08\x00\x00\x00\x00,\x00\x00\x00\x00\x08\x00\x08\x00\x00\x02\x00;"))
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := Probe(bytes.NewReader(data), "x.jpg")
		if err != nil {
			t.Fatal(err)
		}
		if info.Width*info.Height > 1<<16 {
			return // is within the limits, and takes its time
		}
		m, err := Decode(bytes.NewReader(data), image.Point{})
		if err == nil && (!info.Picture || m.Rect.Dx() != info.Width || m.Rect.Dy() != info.Height) {
			t.Errorf("%+v became %v", info, m.Rect)
		}
		if motion, err := DecodeMotion(bytes.NewReader(data)); err == nil {
			for range 8 {
				if _, d := motion.Next(); d < shortest {
					t.Errorf("a frame is shown for %v", d)
				}
			}
		}
	})
}
