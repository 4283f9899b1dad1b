//go:build unix

package account

import (
	"testing"

	"linnet/account/servertest"
	"linnet/storage"
)

// TestRealLinks has somebody else's client and ours tell of links, and a new
// device find that in the archive.
func TestRealLinks(t *testing.T) {
	options := servertest.Options{Users: map[string]string{"ann": "secret of ann", "bob": "secret of bob"}, Friends: true}
	for name, start := range map[string]func(testing.TB, servertest.Options) *servertest.Server{
		"prosody": servertest.Prosody, "ejabberd": servertest.Ejabberd,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, options)
			_, ann := newPerson(t, s, "ann", "home")
			ann.eventually("the roster", func() bool { return len(ann.Contacts(ann.id)) == 1 })
			bob := "bob@" + s.Domain
			order, told := startForeign(t, s, annotatorScript)
			told("online", "")

			picture := pictureOf(t, 9, 9)
			err := ann.Send(t.Context(), ann.opened(ann.id, bob).ID, Text{Body: "see https://a.example/x", Links: []storage.Link{
				{URL: "https://a.example/x", Title: "From us", Image: picture},
			}})
			if err != nil {
				t.Fatal(err)
			}
			told("link", "https://a.example/x From us")
			order("link " + ann.at + " https://b.example/y From them")
			told("sent", "")

			_, tablet := newPerson(t, s, "ann", "tablet")
			for _, d := range []person{ann, tablet} {
				d.has("ours", bob, func(m *storage.Message) bool {
					return m.Out && len(m.Links) == 1 && m.Links[0].Title == "From us" && string(m.Links[0].Image) == string(picture)
				})
				d.has("theirs", bob, func(m *storage.Message) bool {
					return !m.Out && len(m.Links) == 1 && m.Links[0].URL == "https://b.example/y" && m.Links[0].Title == "From them" && len(m.Links[0].Image) > 0
				})
			}
		})
	}
}
