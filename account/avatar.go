package account

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // the formats of pictures
	_ "image/jpeg" // that are known
	_ "image/png"
	"slices"
	"strconv"
	"strings"

	_ "golang.org/x/image/webp"

	"linnet/account/stream"
	"linnet/account/xep/avatar"
	"linnet/account/xep/vcard"
	"linnet/storage"
)

const (
	// maxAvatarPixels bounds pictures before anything decodes them: what a
	// camera makes, 32 MB in memory.
	maxAvatarPixels = 8 << 20
	// maxAvatarFetches is how many pictures are fetched at a time: a new device
	// wants those of all contacts at once, and messages come on the same line.
	maxAvatarFetches = 2
	// maxAvatarTries is how many pictures of one person are fetched on one
	// stream: who shows more is playing.
	maxAvatarTries = 16
)

// avatarState is the pictures that are to be fetched.
type avatarState struct {
	wanted  map[string]wantedAvatar // by bare JID; the latest of each
	queue   []string                // whose, in order
	running int
	tries   map[string]int // on this stream
}

// wantedAvatar is a picture somebody shows.
type wantedAvatar struct {
	who    string
	hash   string
	byCard bool
}

func (s *avatarState) init() {
	s.wanted = make(map[string]wantedAvatar)
	s.tries = make(map[string]int)
}

// forget is for the end of a stream: the next one tells again.
func (s *avatarState) forget() {
	clear(s.wanted)
	clear(s.tries)
	s.queue, s.running = nil, 0
}

// takeAvatar is for the node with the metadata of XEP-0084.
func (in *intake) takeAvatar(who string, items []pepItem) {
	hash := ""
	for _, i := range items {
		if i.Metadata != nil {
			hash = usableForm(i.Metadata)
		}
	}
	in.takeNews(personNews{who: who, avatar: &hash})
}

// usableForm gives the hash of the first form of a picture that is to be had
// from the node of its owner and not too large; empty when there is none.
// Others would have us ask somebody else's server, who then knew that we are here.
func usableForm(m *avatar.Metadata) string {
	for _, i := range m.Infos {
		size, err := strconv.Atoi(strings.TrimSpace(i.Bytes))
		if hash := usableHash(i.ID); i.URL == "" && hash != "" && (err != nil || size <= storage.MaxAvatarBytes) {
			return hash
		}
	}
	return ""
}

// usableHash gives a SHA-1 in lower-case hex; empty when it is none.
func usableHash(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if sum, err := hex.DecodeString(s); err != nil || len(sum) != sha1.Size {
		return ""
	}
	return s
}

// readUpdate gives what a presence tells of the sender's picture; false when
// that is nothing.
func readUpdate(u *vcard.Update) (hash string, ok bool) {
	if u == nil || u.Photo == nil {
		return "", false
	}
	hash = usableHash(*u.Photo)
	return hash, hash != "" || strings.TrimSpace(*u.Photo) == ""
}

// hearAvatar takes over which picture somebody shows. What a node says counts
// more than what a presence does: servers make one of the other (XEP-0398), and
// others put on their presence what was once in a vCard.
func (a *Account) hearAvatar(who, hash string, byCard bool) {
	p, s := a.person(who), &a.people.avatars
	if byCard && p.Avatar != "" && !p.ByCard {
		return
	}
	if who == a.own.String() { // we know what we have put there
		byCard = p.ByCard && hash == p.Avatar
	}
	delete(s.wanted, who)
	switch {
	case hash == "":
		p.Avatar, p.ByCard = "", false
		a.setPerson(p)
	case a.hasPicture(hash):
		p.Avatar, p.ByCard = hash, byCard
		a.setPerson(p)
		a.later.avatars[hash] = struct{}{}
	default:
		s.wanted[who] = wantedAvatar{who: who, hash: hash, byCard: byCard}
		if !slices.Contains(s.queue, who) { // however often they change it
			s.queue = append(s.queue, who)
		}
		a.fetchAvatars()
	}
}

func (a *Account) hasPicture(hash string) (ok bool) {
	err := a.m.cfg.Store.View(func(tx *storage.Tx) error {
		ok = tx.HasAvatar(hash)
		return nil
	})
	return ok && err == nil
}

// fetchAvatars fetches what is wanted as far as the bounds allow.
func (a *Account) fetchAvatars() {
	s := &a.people.avatars
	for s.running < maxAvatarFetches && len(s.queue) > 0 && a.online() {
		w, ok := s.wanted[s.queue[0]]
		s.queue = s.queue[1:]
		delete(s.wanted, w.who)
		if !ok || s.tries[w.who] >= maxAvatarTries {
			continue
		}
		s.tries[w.who]++
		s.running++
		var picture []byte
		a.iq(func(ctx context.Context, c *stream.Client) (err error) {
			picture, err = fetchPicture(ctx, c, w)
			return err
		}, func(err error) {
			s.running = max(0, s.running-1)
			if err == nil {
				err = a.keepPicture(w, picture)
			}
			if err != nil {
				a.log.Debug("no picture", "err", err)
			}
			a.fetchAvatars()
		})
	}
}

// errNoPicture says that what came is not the picture that was announced.
var errNoPicture = errors.New("not the picture that was announced")

// fetchPicture gets a picture from its owner, and makes sure that it is that,
// and one that can be drawn without harm.
func fetchPicture(ctx context.Context, c *stream.Client, w wantedAvatar) ([]byte, error) {
	of, err := contactJID(w.who)
	if err != nil {
		return nil, err
	}
	var text string
	if w.byCard {
		card := new(vcard.Element)
		if err := c.IQ(ctx, of, "get", vcard.NewTemp(), card); err != nil {
			return nil, err
		}
		text = card.Get(photoPath)
	} else {
		items, err := fetchItems(ctx, c, of, avatar.NSData, w.hash, 1)
		if err != nil {
			return nil, err
		}
		if len(items) > 0 && items[0].Data != nil {
			text = items[0].Data.Base64
		}
	}
	picture, err := decodeBase64(text)
	if err != nil {
		return nil, err
	}
	if sum := sha1.Sum(picture); hex.EncodeToString(sum[:]) != w.hash {
		return nil, errNoPicture
	}
	return picture, checkPicture(picture, storage.MaxAvatarBytes)
}

// decodeBase64 reads what others have written, with white space in it.
func decodeBase64(text string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
}

// checkPicture tells from its first bytes whether a picture can be decoded
// within bounds.
func checkPicture(data []byte, most int) error {
	if len(data) > most {
		return ErrPictureLarge
	}
	cfg, _, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrNoPicture, err)
	case cfg.Width <= 0 || cfg.Height <= 0:
		return ErrNoPicture
	case cfg.Width > maxAvatarPixels/cfg.Height:
		return ErrPictureLarge
	}
	return nil
}

// keepPicture stores a picture and that somebody shows it.
func (a *Account) keepPicture(w wantedAvatar, picture []byte) error {
	if a.roster.entries[w.who] == nil && w.who != a.own.String() {
		return nil // no contact any more
	}
	if err := a.m.update(func(tx *storage.Tx) error { return tx.PutAvatar(w.hash, picture) }); err != nil {
		return err
	}
	if _, newer := a.people.avatars.wanted[w.who]; newer {
		return nil
	}
	p := a.person(w.who)
	p.Avatar, p.ByCard = w.hash, w.byCard
	a.setPerson(p)
	return nil
}

// Avatar gives the picture of a contact, or of our own account by its own
// address: PNG, JPEG, GIF or WebP of no more than 1 MiB and 8 megapixels, as
// its owner made it, and its SHA-1 in hex. False means that there is none, or
// that it has not come yet; AvatarChanged tells when it has. It reads the disk
// and asks nobody; Contact.Avatar and Info.Avatar have the hash without that.
func (m *Manager) Avatar(id storage.AccountID, address string) (data []byte, hash string, ok bool) {
	a, err := m.account(id)
	if err != nil {
		return nil, "", false
	}
	s := a.shown.Load()
	if contact, known := s.contact(address); known {
		hash = contact.Avatar
	} else if address == s.info.Address {
		hash = s.info.Avatar
	}
	if hash == "" {
		return nil, "", false
	}
	err = m.cfg.Store.View(func(tx *storage.Tx) (err error) {
		data, ok, err = tx.Avatar(hash)
		return err
	})
	return data, hash, ok && err == nil
}

// photoPath is where the picture lies in a vcard-temp.
var photoPath = []string{"PHOTO", "BINVAL"}
