package caps

import (
	"crypto/sha1"
	"encoding/base64"
	"testing"
)

// TestOrderOfIdentities holds XEP-0115, section 5.1: identities are sorted by
// category, then type, then language, not by what these make together.
func TestOrderOfIdentities(t *testing.T) {
	info := parse(t, `<identity category='client' type='pc' xml:lang='en-GB' name='B'/>
		<identity category='client' type='pc' xml:lang='en' name='A'/>
		<identity category='client-x' type='a' name='D'/>
		<identity category='client' type='pc-x' name='C'/>`)
	sum := sha1.Sum([]byte("client/pc/en/A<client/pc/en-GB/B<client/pc-x//C<client-x/a//D<"))
	want := base64.StdEncoding.EncodeToString(sum[:])
	if got, err := Hash("sha-1", info); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
