package hash

import (
	"bytes"
	"crypto/sha256"
	"testing"
)

func TestSum(t *testing.T) {
	sum := sha256.Sum256([]byte("x"))
	good := New(sum[:])
	spaced := Hash{Algo: SHA256, Value: "\n " + good.Value + " "}
	for name, x := range map[string]struct {
		list []Hash
		want []byte
	}{
		"none":        {nil, nil},
		"its own":     {[]Hash{good}, sum[:]},
		"white space": {[]Hash{spaced}, sum[:]},
		"behind others": {
			[]Hash{{Algo: "sha-1", Value: "2AfMGH8O7UNPTvUVAM9aK13mpCY="}, {Algo: SHA256, Value: "no base64"}, good},
			sum[:],
		},
		"of another function": {[]Hash{{Algo: "sha3-256", Value: good.Value}}, nil},
		"too short":           {[]Hash{{Algo: SHA256, Value: "AAAA"}}, nil},
	} {
		if got := Sum(x.list); !bytes.Equal(got, x.want) {
			t.Errorf("%s: %x", name, got)
		}
	}
}

func FuzzSum(f *testing.F) {
	f.Add("2XarmwTlNxDAMkvymloX3S5+VbylNrJt/l5QyPa+YoU=")
	f.Fuzz(func(t *testing.T, value string) {
		sum := Sum([]Hash{{Algo: SHA256, Value: value}})
		if sum != nil && !bytes.Equal(Sum([]Hash{New(sum)}), sum) {
			t.Errorf("%q gives %x, which does not come back", value, sum)
		}
	})
}
