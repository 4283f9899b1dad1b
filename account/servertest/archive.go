//go:build unix

package servertest

import (
	"bufio"
	_ "embed"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Archived is a message in the archive of a user.
type Archived struct {
	With string // bare address of the other side
	Out  bool   // the user sent it
	At   time.Time
	ID   string // of the message and in the archive; each has its own
	Body string
}

// heldStorage is what a Prosody with Archives keeps archives with.
//
//go:embed mod_storage_held.lua
var heldStorage []byte

// heldConfig has archives, and nothing else, kept by heldStorage.
const heldConfig = `
storage = { archive = "held" }
`

// FirstRead counts how often somebody has read back to the first message of a
// user's archive, of Options.Archives.
func (s *Server) FirstRead(user string) int {
	return strings.Count(s.log(0), user+" has read back to the first of archive")
}

// holdArchives writes the archives of Options.Archives.
func (p *prosody) holdArchives(s *Server, all map[string]iter.Seq[Archived]) error {
	if err := p.plugin(s.dir, "mod_storage_held.lua", heldStorage); err != nil {
		return err
	}
	for user, list := range all {
		if err := p.writeArchive(s, user, list); err != nil {
			return err
		}
	}
	return nil
}

// writeArchive writes an archive in the form of Prosody's internal storage.
func (*prosody) writeArchive(s *Server, user string, list iter.Seq[Archived]) error {
	dir := filepath.Join(s.dir, "data", luaFileName(s.Domain), "archive")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, luaFileName(user)+".list"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	own := user + "@" + s.Domain
	for m := range list {
		from, to := m.With+"/phone", own
		if m.Out {
			from, to = own+"/phone", m.With
		}
		// What clients of today send along with a text.
		fmt.Fprintf(w, `item({key=%[1]s,when=%[2]d,with=%[3]s,name="message",attr={type="chat",id=%[1]s,from=%[4]s,to=%[5]s},`+
			`{name="body",attr={},%[6]s},{name="origin-id",attr={xmlns="urn:xmpp:sid:0",id=%[1]s}},`+
			`{name="request",attr={xmlns="urn:xmpp:receipts"}},{name="markable",attr={xmlns="urn:xmpp:chat-markers:0"}}});`+"\n",
			luaString(m.ID), m.At.Unix(), luaString(m.With), luaString(from), luaString(to), luaString(m.Body))
	}
	return w.Flush()
}
