package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pngPart is a chunk of PNG.
func pngPart(name, body string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, name+body...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(name+body))))
}

// pngWith puts chunks behind the head of a PNG.
func pngWith(picture []byte, parts ...string) []byte {
	const head = 8 + 12 + 13
	return append(append(bytes.Clone(picture[:head]), strings.Join(parts, "")...), picture[head:]...)
}

// webpPart is a chunk of WebP.
func webpPart(name, body string) string {
	b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body)))
	return string(b) + body + strings.Repeat("\x00", len(body)&1)
}

// webpOf makes a WebP of chunks.
func webpOf(parts ...string) []byte {
	all := "WEBP" + strings.Join(parts, "")
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(all))), all...)
}

// vp8x is the head of a WebP of 16 by 8 that has all there is but animation.
const vp8x = "\x2c\x00\x00\x00\x0f\x00\x00\x07\x00\x00"

func dirtyPNG(t testing.TB) []byte {
	return append(pngWith(pngOf(t, corner(60, 40)),
		pngPart("sRGB", "\x00"), pngPart("iCCP", "colours"), pngPart("tEXt", "Comment\x00SECRET"), pngPart("zTXt", "SECRET"),
		pngPart("iTXt", "XML:com.adobe.xmp\x00SECRET"), pngPart("eXIf", "MM\x00*SECRET"), pngPart("tIME", "SECRET!"), pngPart("prVT", "SECRET"),
	), "SECRET behind the picture"...)
}

func dirtyWebP() []byte {
	picture := string(webp16[12:])
	return append(webpOf(webpPart("VP8X", vp8x), webpPart("ICCP", "colours"), picture,
		webpPart("EXIF", "SECRET place"), webpPart("XMP ", "<x>SECRET</x>"), webpPart("priv", "SECRET"),
		webpPart("ANMF", strings.Repeat("\x00", anmfHead)+picture+webpPart("priv", "SECRET")),
	), "SECRET behind the picture"...)
}

// TestCleanPNGAndWebP holds what goes and what stays, byte by byte against
// files that were looked at.
func TestCleanPNGAndWebP(t *testing.T) {
	for name, x := range map[string]struct {
		dirty  []byte
		golden string
	}{
		"image/png":  {dirtyPNG(t), "clean.png"},
		"image/webp": {dirtyWebP(), "clean.webp"},
	} {
		var out bytes.Buffer
		if err := Clean(&out, bytes.NewReader(x.dirty), name); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := out.String(); strings.Contains(got, "SECRET") || !strings.Contains(got, "colours") {
			t.Errorf("%s: became %q", name, got)
		}
		want, err := os.ReadFile(filepath.Join("testdata", x.golden))
		if err != nil || !bytes.Equal(out.Bytes(), want) {
			t.Errorf("%s: is not %s (%v): %q", name, x.golden, err, out.Bytes())
		}
		was, err := Decode(bytes.NewReader(x.dirty), image.Point{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		is, err := Decode(bytes.NewReader(out.Bytes()), image.Point{})
		if err != nil || !bytes.Equal(was.Pix, is.Pix) {
			t.Errorf("%s: the picture is another one (%v)", name, err)
		}
	}
}

// TestCleanWebPTellsNothing holds that the flags of what went are gone, too.
func TestCleanWebPTellsNothing(t *testing.T) {
	var out bytes.Buffer
	if err := Clean(&out, bytes.NewReader(dirtyWebP()), "image/webp"); err != nil {
		t.Fatal(err)
	}
	if flags := out.Bytes()[riffHead+8]; flags != 0x20 {
		t.Errorf("the flags are %x", flags)
	}
	if size := binary.LittleEndian.Uint32(out.Bytes()[4:]); int(size)+8 != out.Len() {
		t.Errorf("%d bytes announced of %d", size, out.Len()-8)
	}
}

// TestCleanRefuses holds that what cannot be understood is not passed on.
func TestCleanRefuses(t *testing.T) {
	photo, drawn, web := jpegOf(t, corner(60, 40)), pngOf(t, corner(60, 40)), dirtyWebP()
	for name, x := range map[string]struct {
		data []byte
		kind string
	}{
		"nothing":                {nil, "image/jpeg"},
		"no JPEG":                {[]byte("GIF89a"), "image/jpeg"},
		"cut in a table":         {photo[:30], "image/jpeg"},
		"no marker":              {with(photo, "x"), "image/jpeg"},
		"a short length":         {with(photo, "\xff\xe1\x00\x01"), "image/jpeg"},
		"no PNG":                 {photo, "image/png"},
		"no chunk":               {drawn[:8], "image/png"},
		"cut in a chunk":         {drawn[:60], "image/png"},
		"cut in what goes":       {pngWith(drawn, pngPart("tEXt", "words"))[:50], "image/png"},
		"without an end":         {drawn[:len(drawn)-12], "image/png"},
		"a length out of bounds": {pngWith(drawn, "\x80\x00\x00\x00IDAT"), "image/png"},
		"no WebP":                {drawn, "image/webp"},
		"a cut WebP":             {web[:40], "image/webp"},
		"a chunk too long":       {webpOf("VP8L\xff\x00\x00\x00"), "image/webp"},
		"a frame in a frame":     {webpOf(webpPart("ANMF", strings.Repeat("\x00", anmfHead)+webpPart("ANMF", "x"))), "image/webp"},
		"another kind":           {[]byte("GIF89a"), "image/gif"},
	} {
		if err := Clean(new(bytes.Buffer), bytes.NewReader(x.data), x.kind); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzClean(f *testing.F) {
	photo := jpegOf(f, corner(16, 16))
	f.Add(photo, uint8(0))
	f.Add(with(photo, exif(6), part(markCOM, "SECRET")), uint8(0))
	f.Add(dirtyPNG(f), uint8(1))
	f.Add(dirtyWebP(), uint8(2))
	kinds := []string{"image/jpeg", "image/png", "image/webp"}
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		kind := kinds[int(n)%len(kinds)]
		var once, twice bytes.Buffer
		if Clean(&once, bytes.NewReader(data), kind) != nil {
			return
		}
		if once.Len() > len(data) && kind != "image/jpeg" {
			t.Errorf("%d bytes became %d", len(data), once.Len())
		}
		if err := Clean(&twice, bytes.NewReader(once.Bytes()), kind); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Errorf("cleaned twice it is another one (%v)", err)
		}
	})
}
