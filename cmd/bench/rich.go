//go:build linux

package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"

	"mellium.im/xmpp/jid"

	"linnet/account/media"
	"linnet/cmd/internal/profile"
	"linnet/storage"
)

const (
	// richEvery is how often a message of the long chat is more than a line of
	// text.
	richEvery = 10
	// sealedCopies is how many files there are of each picture: together more
	// than the program keeps decoded, so that scrolling meets new ones.
	sealedCopies = 24
	// codeLines is the length of long code, of which a message shows a part.
	codeLines = 200
)

// shot is a picture as somebody would send it.
type shot struct {
	name, kind    string
	width, height int
	data          []byte
	thumb         []byte
}

// shots are photos and pictures of a screen, of 1 to 3 megapixels.
func shots() ([]shot, error) {
	rnd := rand.New(rand.NewPCG(4, 2)) // the same in each run
	var all []shot
	for i, s := range []struct {
		w, h  int
		photo bool
	}{{1600, 1200, true}, {1280, 800, false}, {1440, 1920, true}, {2048, 1536, true}} {
		im := image.NewRGBA(image.Rect(0, 0, s.w, s.h))
		if s.photo {
			paintPhoto(im, rnd)
		} else {
			paintScreen(im, rnd)
		}
		thumb, _, _ := media.Thumbnail(im)
		one := shot{name: fmt.Sprintf("photo-%d.jpg", i), kind: "image/jpeg", width: s.w, height: s.h, thumb: thumb}
		var data bytes.Buffer
		var err error
		if s.photo {
			err = jpeg.Encode(&data, im, &jpeg.Options{Quality: 85})
		} else {
			one.name, one.kind = fmt.Sprintf("screen-%d.png", i), "image/png"
			err = png.Encode(&data, im)
		}
		if err != nil {
			return nil, err
		}
		one.data = data.Bytes()
		all = append(all, one)
	}
	return all, nil
}

// paintPhoto draws a sky over ground, with the grain of a camera.
func paintPhoto(im *image.RGBA, rnd *rand.Rand) {
	size := im.Rect.Size()
	tint := rnd.IntN(80)
	for y := range size.Y {
		for x := range size.X {
			grain := rnd.IntN(14)
			v := 90 + 120*y/size.Y + grain
			if (x/97+y/61)%7 == 0 {
				v -= 40
			}
			im.SetRGBA(x, y, color.RGBA{uint8(v - tint), uint8(v), uint8(min(255, v+40-60*x/size.X)), 0xFF})
		}
	}
}

// paintScreen draws what a window looks like: areas with small dark strokes.
func paintScreen(im *image.RGBA, rnd *rand.Rand) {
	size := im.Rect.Size()
	for i := range im.Pix {
		im.Pix[i] = 0xFA
		if i%4 == 3 {
			im.Pix[i] = 0xFF
		}
	}
	for y := 20; y < size.Y-20; y += 18 {
		for x := 40; x < size.X-40 && rnd.IntN(60) > 0; x += 9 {
			for range 24 {
				im.SetRGBA(x+rnd.IntN(7), y+rnd.IntN(12), color.RGBA{0x30, 0x38, uint8(0x40 + rnd.IntN(90)), 0xFF})
			}
		}
	}
}

// richness is what the rich messages of a chat are made from.
type richness struct {
	with     string // bare JID
	pictures []storage.File
	code     string
}

// newRichness puts the pictures of a chat into its files, as they are when they
// have been downloaded.
func newRichness(user *profile.Profile, chat storage.Chat) (*richness, error) {
	all, err := shots()
	if err != nil {
		return nil, err
	}
	r := &richness{with: chat.JID, code: longCode()}
	for range sealedCopies {
		for _, s := range all {
			path, err := user.KeepFile(chat.ID, s.data)
			if err != nil {
				return nil, err
			}
			r.pictures = append(r.pictures, storage.File{
				Name: s.name, Type: s.kind, Size: int64(len(s.data)), Width: int32(s.width), Height: int32(s.height),
				Thumb: s.thumb, Path: path, State: storage.FileHere, URL: "https://" + domain + "/" + s.name,
			})
		}
	}
	return r, nil
}

// longCode is a program in a language that is coloured.
func longCode() string {
	var b strings.Builder
	b.WriteString("```go\n")
	for i := range codeLines / 5 {
		fmt.Fprintf(&b, "// step%d counts what is larger than its argument.\nfunc step%d(words []string, n int) (count int) {\n"+
			"\tfor _, w := range words { if len(w) > n+%d { count++ } }\n\treturn count + len(\"some words\") // and more\n}\n", i, i, i)
	}
	b.WriteString("```")
	return b.String()
}

// enrich makes message number i of a chat a rich one, of one kind after the
// other. before is the one before it. It gives what the message said earlier.
func (r *richness) enrich(m *storage.Message, i int, before *storage.Message) []storage.Edit {
	n := i / richEvery
	picture := func() storage.File { return r.pictures[n%len(r.pictures)] }
	at := m.Pos.Time + 30_000
	switch n % 12 {
	case 0, 5:
		m.Body, m.Files = "", []storage.File{picture()}
	case 1:
		m.Reply = storage.Reply{ID: before.ID, From: jid.MustParse(before.From).Bare().String(), Quote: before.Body}
	case 2:
		m.Reactions = []storage.Reaction{
			{From: r.with, Emoji: []string{"❤️", "🎉"}, At: at}, {From: romeo, Out: true, Emoji: []string{"🎉", "👍🏽"}, At: at + 1000},
		}
	case 3:
		m.Body, m.Files = "This is how it looks from the *tower*", []storage.File{picture()}
		m.Reactions = []storage.Reaction{{From: romeo, Out: true, Emoji: []string{"😍"}, At: at}}
	case 4:
		m.Body = "It goes like this:\n" + r.code
	case 6:
		m.Body = "> Did you *really* say that?\n_Yes_, and ~not~ only `once`: *three times* 😀🌙, see https://" + domain + "/said 👩‍👩‍👧"
	case 7:
		was := m.Body
		m.Body, m.EditedAt = was+", as I said", at
		return []storage.Edit{{Body: was}}
	case 8:
		link := "https://" + domain + "/masks"
		m.Body = "Have you seen " + link + " ?"
		m.Links = []storage.Link{{URL: link, Title: "A ball with masks", Text: "Everybody is invited, with a name or without one. There will be music until the morning."}}
	case 9:
		m.Body = ""
		m.Files = []storage.File{{
			Name: "voice.ogg", Type: "audio/ogg", Size: 48_000, Duration: 12_000, Voice: true, URL: "https://" + domain + "/voice.ogg",
			Wave: []byte("\x10\x40\x80\xA0\xC0\xFF\xC0\xA0\x80\x40\x20\x40\x80\xA0\x60\x30\x10\x08"),
		}}
	case 10:
		m.Files = []storage.File{{Name: "sonnets.pdf", Type: "application/pdf", Size: 2_400_000, URL: "https://" + domain + "/sonnets.pdf"}}
	case 11:
		m.Body, m.RetractedAt = "", at
	}
	return nil
}
