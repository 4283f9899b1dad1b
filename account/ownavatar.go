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
	"image/jpeg"
	"image/png"
	"strconv"

	"golang.org/x/image/draw"
	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/avatar"
	"linnet/account/xep/vcard"
	"linnet/storage"
)

const (
	// maxOwnPicture bounds what is given to SetAvatar, before it is made small.
	maxOwnPicture = 16 << 20
	// ownAvatarSide and maxPublished are how large a picture is that we show, in
	// pixels and bytes: every contact fetches it.
	ownAvatarSide = 256
	maxPublished  = 64 << 10
)

// SetAvatar shows a picture as that of an account (XEP-0084): PNG, JPEG, GIF or
// WebP of up to 16 MiB, upright, and square if it is to look as intended. It is
// made no larger than 256 pixels, without what else was in the file. With open
// everybody may see it, else those who see our presence; a server that makes a
// vCard of it (XEP-0398) may show that to everybody all the same. Without
// such a server it is put into the vCard when open. Errors: ErrNoPicture,
// ErrPictureLarge, stream.ErrOffline, *stream.StanzaError.
func (m *Manager) SetAvatar(ctx context.Context, id storage.AccountID, picture []byte, open bool) error {
	p, err := makeAvatar(picture)
	if err != nil {
		return err
	}
	c, a, err := m.connection(ctx, id)
	if err != nil {
		return err
	}
	data := pepItem{ID: p.hash, Data: &avatar.Data{Base64: base64.StdEncoding.EncodeToString(p.data)}}
	if err := publishTo(ctx, c, nodeSetup{name: avatar.NSData, access: accessOf(open)}, data); err != nil {
		return fmt.Errorf("publish the picture: %w", err)
	}
	metadata := pepItem{ID: p.hash, Metadata: &avatar.Metadata{Infos: []avatar.Info{{
		ID: p.hash, Type: p.mediaType, Bytes: strconv.Itoa(len(p.data)),
		Width: strconv.Itoa(p.width), Height: strconv.Itoa(p.height),
	}}}}
	if err := publishTo(ctx, c, nodeSetup{name: avatar.NSMetadata, access: accessOf(open)}, metadata); err != nil {
		return fmt.Errorf("publish what the picture is: %w", err)
	}
	inCard := open && !a.converts()
	if !a.converts() {
		photo := p
		if !open {
			photo = ownPicture{}
		}
		if err := setPhoto(ctx, c, photo); err != nil {
			return err
		}
	}
	return a.do(context.WithoutCancel(ctx), func() error {
		err := a.keepPicture(wantedAvatar{who: a.own.String(), hash: p.hash, byCard: inCard}, p.data)
		a.sendPresence()
		return err
	})
}

// ClearAvatar takes the picture of an account away, also from its vCard.
func (m *Manager) ClearAvatar(ctx context.Context, id storage.AccountID) error {
	c, a, err := m.connection(ctx, id)
	if err != nil {
		return err
	}
	open, err := isOpen(ctx, c, avatar.NSMetadata)
	if refusal := (*stream.StanzaError)(nil); err != nil && !errors.As(err, &refusal) {
		return err
	}
	n := nodeSetup{name: avatar.NSMetadata, access: accessOf(open)}
	if err := publishTo(ctx, c, n, pepItem{Metadata: &avatar.Metadata{}}); err != nil {
		return fmt.Errorf("publish that there is no picture: %w", err)
	}
	if !a.converts() {
		if err := setPhoto(ctx, c, ownPicture{}); err != nil {
			return err
		}
	}
	return a.do(context.WithoutCancel(ctx), func() error {
		a.hearAvatar(a.own.String(), "", false)
		a.sendPresence()
		return nil
	})
}

// photoUpdate goes with our presence where our vCard has a picture and the
// server does not say so itself (XEP-0153).
func (a *Account) photoUpdate() *vcard.Update {
	p := a.person(a.own.String())
	if !p.ByCard || a.server.accountHas(avatar.FeatureConversion) {
		return nil
	}
	return &vcard.Update{Photo: &p.Avatar}
}

// setPhoto puts a picture into our vcard-temp, or without one takes it away.
func setPhoto(ctx context.Context, c *stream.Client, p ownPicture) error {
	card, err := fetchTemp(ctx, c, jid.JID{})
	if err != nil {
		return err
	}
	if p.data == nil && card.Get(photoPath) == "" {
		return nil
	}
	card.Set("", []string{"PHOTO"})
	if p.data != nil {
		card.Add("PHOTO", "TYPE", p.mediaType, "BINVAL", base64.StdEncoding.EncodeToString(p.data))
	}
	if err := c.IQ(ctx, jid.JID{}, "set", card, nil); err != nil {
		return fmt.Errorf("put the picture into the vCard: %w", err)
	}
	return nil
}

// ownPicture is a picture as it is published.
type ownPicture struct {
	data          []byte
	mediaType     string
	hash          string
	width, height int
}

// makeAvatar makes of a picture what is published.
func makeAvatar(source []byte) (p ownPicture, err error) {
	if err := checkPicture(source, maxOwnPicture); err != nil {
		return p, err
	}
	full, _, err := image.Decode(bytes.NewReader(source))
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrNoPicture, err)
	}
	size := full.Bounds().Size()
	side := max(size.X, size.Y)
	if side > ownAvatarSide {
		size.X, size.Y = max(1, size.X*ownAvatarSide/side), max(1, size.Y*ownAvatarSide/side)
	}
	small := image.NewNRGBA(image.Rectangle{Max: size})
	draw.CatmullRom.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
	p.width, p.height = size.X, size.Y
	var b bytes.Buffer
	p.mediaType = "image/png"
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, small)
	for quality := 90; err == nil && b.Len() > maxPublished && quality > 0; quality -= 10 {
		b.Reset()
		p.mediaType = "image/jpeg"
		err = jpeg.Encode(&b, onWhite(small), &jpeg.Options{Quality: quality})
	}
	sum := sha1.Sum(b.Bytes())
	p.data, p.hash = b.Bytes(), hex.EncodeToString(sum[:])
	return p, err
}

// onWhite puts a picture that is see-through on white, which JPEG cannot be.
func onWhite(p *image.NRGBA) image.Image {
	if p.Opaque() {
		return p
	}
	out := image.NewNRGBA(p.Bounds())
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), p, image.Point{}, draw.Over)
	return out
}
