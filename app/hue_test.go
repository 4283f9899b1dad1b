package app

import "testing"

// TestHueOfText has the angles of the test vectors of XEP-0392.
func TestHueOfText(t *testing.T) {
	for text, degrees := range map[string]float64{
		"Romeo": 327.255249, "juliet@capulet.lit": 209.410400, "😺": 331.199341, "council": 359.994507, "Board": 171.430664,
	} {
		if got, want := colorOf(text), hueColor(degrees/360); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
