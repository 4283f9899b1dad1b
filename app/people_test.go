package app

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

func avatarHash(data []byte) string {
	sum := sha1.Sum(data)
	return hex.EncodeToString(sum[:])
}

// showAvatar makes somebody show a picture, or none.
func (f *fakeBackend) showAvatar(id storage.AccountID, jid string, picture []byte) {
	f.avatars[jid] = picture
	hash := avatarHash(picture)
	if picture == nil {
		delete(f.avatars, jid)
		hash = ""
	}
	for i := range f.accounts {
		if f.accounts[i].ID == id && f.accounts[i].Address == jid {
			f.accounts[i].Avatar = hash
		}
	}
	for i := range f.contacts {
		if f.contacts[i].Account == id && f.contacts[i].JID == jid {
			f.contacts[i].Avatar = hash
		}
	}
	f.events <- []account.Event{account.AvatarChanged{Account: id, JID: jid}}
}

// testPicture is a picture of two colours, wider than high.
func testPicture(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.NRGBA{uint8(40 + 180*x/w), uint8(90 + 100*y/h), 150, 255})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPicturesOfPeopleAreShown(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		key := contactKey{1, "juliet@capulet.example"}
		face := func() *widgets.Portrait { return h.a.model.faceOf(key, true, 0).Picture }
		if face() != nil {
			t.Error("a picture out of nothing")
		}
		h.back.showAvatar(1, key.jid, testPicture(t, 300, 200))
		h.back.showAvatar(1, "romeo@montague.example", testPicture(t, 200, 300))
		h.settle()
		h.pass(portraitRest)
		if face() == nil || h.a.model.accountFace(h.a.model.accounts[0]).Picture == nil {
			t.Fatal("no picture is shown")
		}
		h.a.shell.openKey("1")
		h.a.shell.showDetails(true)
		h.pass(portraitRest)
		if h.a.shell.details.shown.picture == nil {
			t.Error("the details have no picture")
		}
		h.shoot("portraits-" + name)
		h.back.showAvatar(1, key.jid, nil)
		h.settle()
		if face() != nil {
			t.Error("a picture that was taken away is shown")
		}
	})
}

func TestPicturesThatAreNone(t *testing.T) {
	h := open(t, verona(), wide)
	key := contactKey{1, "juliet@capulet.example"}
	h.back.showAvatar(1, key.jid, []byte("no picture at all"))
	h.settle()
	h.pass(portraitRest)
	if h.a.model.faceOf(key, true, 0).Picture != nil {
		t.Error("a picture out of words")
	}
}

func TestPortraitsAreBounded(t *testing.T) {
	h := open(t, verona(), wide)
	p := newPortraits(h.a)
	h.back.avatars["a"] = testPicture(t, 8, 8)
	hash := avatarHash(h.back.avatars["a"])
	if p.of(contactKey{1, "a"}, hash, widgets.PortraitLarge) == nil {
		t.Fatal("not decoded")
	}
	for i := range 3 * portraitsLarge {
		p.of(contactKey{1, "b"}, string(rune('a'+i)), widgets.PortraitLarge)
		p.of(contactKey{1, "a"}, hash, widgets.PortraitLarge) // which keeps it
	}
	if len(p.held) > portraitsLarge+1 || len(p.used) != len(p.held) {
		t.Errorf("%d are held, %d used", len(p.held), len(p.used))
	}
	if p.held[portraitKey{hash, widgets.PortraitLarge}] == nil {
		t.Error("the one in use was forgotten")
	}
}

func TestProfileIsEdited(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		h.back.profiles["romeo@montague.example"] = account.Profile{Nick: "Romeo", Email: "romeo@montague.example", Note: "two\nlines"}
		h.back.pictureFor = account.AudienceMaybeAll
		h.back.showAvatar(1, "romeo@montague.example", testPicture(t, 300, 200))
		h.settle()
		h.a.showAccount(1)
		h.checkLayout("account")
		h.shoot("account-" + name)
		h.tap("Edit")
		h.pass(portraitRest)
		h.wantText("Profile", "Nickname", "Only contacts who see when you are online",
			"Who sees your picture: contacts, and perhaps everybody", "Who sees your nickname: contacts who see when you are online")
		h.checkLayout("profile")
		h.shoot("profile-" + name)
		s := h.a.pages.top().(*settingsPage).open.(*profileSection)
		if !s.save.Disabled() {
			t.Error("there is something to save at once")
		}
		s.fields[0].Focus()
		h.write("!")
		s.fields[8].Focus()
		h.press(fyne.KeyReturn, 0)
		h.write("three")
		h.tap("Everybody may see it")
		h.wantText("Anybody who knows your address can see your picture and read this")
		h.wantNoText("Who sees")
		h.checkLayout("open profile")
		h.a.pages.top().(*settingsPage).scroll.ScrollToBottom()
		h.settle()
		h.shoot("openprofile-" + name)
		h.tap("Save")
		if !h.back.asked("set profile Romeo!") || !h.back.asked("picture true") {
			t.Errorf("asked was %q", h.back.said)
		}
		if got := h.back.profiles["romeo@montague.example"]; !got.Open || got.Note != "two\nlines\nthree" || got.Nick != "Romeo!" {
			t.Errorf("saved is %+v", got)
		}
		h.wantText("Your profile is saved", "Who sees your picture: everybody", "Who sees the rest: everybody")
		if !s.save.Disabled() {
			t.Error("there is something to save after saving")
		}
	})
}

func TestProfileThatDoesNotCome(t *testing.T) {
	h := open(t, verona(), wide)
	h.back.fail = stream.ErrOffline
	h.a.settings().openProfile(1)
	h.wantText("Not connected", "Try again")
	h.wantNoText("Full name")
	h.back.fail = nil
	h.tap("Try again")
	h.wantText("Full name", "Save")
	h.a.settings().openProfile(2)
	h.wantText("Known when this account is connected")
	h.press(fyne.KeyEscape, 0)
	h.wantText("Change password")
}

func TestPictureIsChosenAndCut(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		path := filepath.Join(t.TempDir(), "picture.png")
		if err := os.WriteFile(path, testPicture(t, 900, 600), 0o600); err != nil {
			t.Fatal(err)
		}
		h.a.cfg.Files = chosenFiles(func(FileQuestion) []string { return []string{path} })
		h.a.showAccount(1)
		h.tap("Edit")
		h.tap("Choose a picture")
		h.wantText("Choose what to show", "Use picture")
		h.checkLayout("crop")
		h.shoot("crop-" + name)
		for _, key := range []fyne.KeyName{fyne.KeyLeft, fyne.KeyLeft} {
			h.press(key, 0)
		}
		h.write("++")
		h.shoot("crop-zoomed-" + name)
		h.tap("Use picture")
		if !h.back.asked("picture false") {
			t.Fatalf("asked was %q", h.back.said)
		}
		m, err := png.Decode(bytes.NewReader(h.back.avatars["romeo@montague.example"]))
		if err != nil || m.Bounds().Dx() != pictureSide || m.Bounds().Dy() != pictureSide {
			t.Errorf("the picture is %v, %v", m.Bounds(), err)
		}
		h.wantText("Your picture is changed")
		h.tap("Take it away")
		h.wantText("Take your picture away?")
		h.press(fyne.KeyTab, fyne.KeyModifierShift)
		h.press(fyne.KeyReturn, 0)
		if !h.back.asked("no picture") {
			t.Errorf("asked was %q", h.back.said)
		}
	})
}

func TestFilesThatAreNoPicture(t *testing.T) {
	h := open(t, verona(), wide)
	path := filepath.Join(t.TempDir(), "words.txt")
	if err := os.WriteFile(path, []byte("words"), 0o600); err != nil {
		t.Fatal(err)
	}
	paths := []string{path, path + ".gone"}
	h.a.cfg.Files = chosenFiles(func(FileQuestion) []string {
		now := paths[:1]
		paths = paths[1:]
		return now
	})
	h.a.choosePicture(func([]byte) { t.Error("used") })
	h.wantText("This is not a picture that can be shown")
	h.a.choosePicture(func([]byte) { t.Error("used") })
	h.wantText("The file cannot be read")
	h.pass(10 * time.Second)
}

func TestProfileOfAContact(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		h.a.shell.openKey("1")
		h.a.shell.showDetails(true)
		if h.back.asked("profile juliet@capulet.example") {
			t.Error("asked before anybody looked")
		}
		h.tap("Profile")
		h.wantText("Nothing here", "They say nothing about themselves, or not to you")
		h.checkLayout("empty profile of a contact")
		h.press(fyne.KeyEscape, 0)
		h.back.profiles["juliet@capulet.example"] = account.Profile{
			Nick: "Jule", Name: "Giulietta Capuleti", URL: "https://capulet.example", Birthday: "1583-07-31",
			Note: "O swear not by the moon,\nth’ inconstant moon",
		}
		h.tap("Profile")
		h.wantText("Nickname", "Jule", "Giulietta Capuleti", "1583-07-31", "O swear not by the moon,", "th’ inconstant moon", "Nobody has checked it.")
		h.checkLayout("profile of a contact")
		h.shoot("contactprofile-" + name)
		h.press(fyne.KeyEscape, 0)
		h.back.fail = stream.ErrOffline
		h.tap("Profile")
		h.wantText("Not connected", "Try again")
		h.back.fail = nil
		h.tap("Try again")
		h.wantText("Jule")
	})
}
