package media

import (
	"bytes"
	"image"
	"image/jpeg"
	"strings"
	"testing"
)

// TestClean holds what goes and what stays.
func TestClean(t *testing.T) {
	photo := jpegOf(t, corner(60, 40))
	place := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00" +
		"\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00" + // orientation
		"\x0f\x01\x02\x00\x0a\x00\x00\x00SECRETCAM"
	dirty := with(photo,
		part(markAPP0, "JFXX\x00SECRET"), part(markAPP1, place), part(markAPP1, "http://ns.adobe.com/xap/1.0/\x00SECRET"),
		part(markAPP2, "MPF\x00SECRET"), part(markAPP2, "ICC_PROFILE\x00\x01\x01colours"), part(0xED, "Photoshop SECRET"),
		part(markAPPE, "Adobe\x00\x64\x00\x00\x00\x00\x01"), part(markCOM, "SECRET"), part(markAPP1, place),
	)
	dirty = append(dirty, "SECRET behind the picture"...)
	var out bytes.Buffer
	if err := Clean(&out, bytes.NewReader(dirty), "image/jpeg"); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	if strings.Contains(got, "SECRET") {
		t.Errorf("something is left: %q", got[:200])
	}
	if !strings.Contains(got, "ICC_PROFILE\x00\x01\x01colours") || !strings.Contains(got, "Adobe") {
		t.Error("what shows its colours is gone")
	}
	if head := Info(mustProbe(t, out.Bytes())); head.turn != 6 || head.Width != 40 {
		t.Errorf("%+v", head)
	}
	if _, err := jpeg.Decode(&out); err != nil {
		t.Error(err)
	}
	was, _ := jpeg.Decode(bytes.NewReader(photo))
	is, err := jpeg.Decode(strings.NewReader(got))
	if err != nil || !bytes.Equal(was.(*image.YCbCr).Y, is.(*image.YCbCr).Y) {
		t.Errorf("the picture is another one (%v)", err)
	}
}

func mustProbe(t *testing.T, data []byte) Info {
	t.Helper()
	info, err := Probe(bytes.NewReader(data), "")
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// TestCleanCut holds that a picture that was not loaded as a whole loses no more.
func TestCleanCut(t *testing.T) {
	photo := jpegOf(t, corner(60, 40))
	for _, n := range []int{1, 2, 3, 20} {
		var out bytes.Buffer
		cut := photo[:len(photo)-n]
		if err := Clean(&out, bytes.NewReader(cut), "image/jpeg"); err != nil || !bytes.Equal(out.Bytes(), cut) {
			t.Errorf("%d bytes less: %d of %d, %v", n, out.Len(), len(cut), err)
		}
	}
}
