package media

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSafeName(t *testing.T) {
	long := strings.Repeat("é", 200)
	for name, want := range map[string]string{
		"photo.jpg":                 "photo.jpg",
		"très cool.jpg":             "très cool.jpg",
		"写真.png":                    "写真.png",
		"":                          "file",
		"...":                       "file",
		"../../etc/passwd":          "passwd",
		`C:\Users\x\y.txt`:          "y.txt",
		"/":                         "file",
		".bashrc":                   "bashrc",
		"a\x00b\nc\td":              "ab c d",
		"invoice\u202Efdp.exe":      "invoicefdp.exe",
		"a\u200Bb\u2066c\uFEFF.txt": "abc.txt",
		"a<b>c:d\"e|f?g*h":          "a_b_c_d_e_f_g_h",
		"trailing. . ":              "trailing",
		"CON":                       "_CON",
		"con.txt":                   "_con.txt",
		"nul .tar.gz":               "_nul .tar.gz",
		"COM1.x":                    "_COM1.x",
		"LPT¹":                      "_LPT¹",
		"COMPANY.txt":               "COMPANY.txt",
		"COM10":                     "COM10",
		"\xff\xfe.txt":              "txt",
		"e\u0301.txt":               "é.txt",
		long + ".jpg":               strings.Repeat("é", 57) + ".jpg",
		"x." + long:                 "x." + strings.Repeat("é", 58),
	} {
		if got := SafeName(name); got != want {
			t.Errorf("%q gives %q (%d bytes), want %q", name, got, len(got), want)
		}
	}
}

func FuzzSafeName(f *testing.F) {
	for _, s := range []string{"a/b", `a\b`, "con.", "..", "a\u202Eb", strings.Repeat("x", 300) + ".jpeg", "\u0344.\u0344"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := SafeName(name)
		switch {
		case got == "", len(got) > maxName, !utf8.ValidString(got), strings.ContainsAny(got, "/\\<>:\"|?*\x00\n\u202E\u2066"),
			strings.HasPrefix(got, "."), strings.HasSuffix(got, "."), strings.HasSuffix(got, " "), isDevice(got):
			t.Errorf("%q gives %q", name, got)
		}
		if again := SafeName(got); again != got {
			t.Errorf("%q gives %q, then %q", name, got, again)
		}
	})
}
