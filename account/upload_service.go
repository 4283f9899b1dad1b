package account

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/disco"
	"linnet/account/xep/upload"
	"linnet/storage"
)

const (
	// maxServices bounds how many services of a server are asked what they are.
	maxServices = 32
	// maxRetryWait is how long an upload waits because a service says so.
	maxRetryWait = time.Hour
)

// uploadService takes files (XEP-0363).
type uploadService struct {
	JID     string `json:"j"`
	Max     int64  `json:"m,omitempty"` // bytes; 0: it does not say
	Purpose bool   `json:"p,omitempty"` // it knows what files of messages are
}

func uploadSetting(id storage.AccountID) string { return fmt.Sprintf("account/%d/upload", id) }

// UploadLimit gives the size in bytes up to which the server takes files; 0 is
// for one that has not said. It asks when there is a connection, and else knows
// what was heard last. ErrNoUpload: it takes none.
func (m *Manager) UploadLimit(ctx context.Context, chat storage.ChatID) (int64, error) {
	var c *stream.Client
	var a *Account
	err := m.doChat(ctx, chat, func(acc *Account) (err error) {
		a = acc
		c, err = acc.client()
		return err
	})
	if errors.Is(err, stream.ErrOffline) {
		service, err := a.knownUpload()
		return service.Max, err
	} else if err != nil {
		return 0, err
	}
	service, err := a.findUpload(ctx, c)
	if err != nil && !errors.Is(err, ErrNoUpload) { // it will be asked again
		service, err = a.knownUpload()
	}
	return service.Max, err
}

// knownUpload gives the service that was found last, on whatever run.
func (a *Account) knownUpload() (service uploadService, err error) {
	err = a.m.cfg.Store.View(func(tx *storage.Tx) error {
		raw, ok, err := tx.Setting(uploadSetting(a.id))
		if !ok || err != nil {
			return err
		}
		return json.Unmarshal(raw, &service)
	})
	return service, err
}

// findUpload gives the service, and asks for it once a stream.
func (a *Account) findUpload(ctx context.Context, c *stream.Client) (uploadService, error) {
	var known *uploadService
	if err := a.do(ctx, func() error { known = a.uploads.service; return nil }); err != nil {
		return uploadService{}, err
	}
	if known == nil {
		found, err := a.askUpload(ctx, c)
		if err != nil {
			return uploadService{}, err
		}
		known = &found
		if err := a.do(ctx, func() error { return a.keepUpload(known) }); err != nil {
			return uploadService{}, err
		}
	}
	if known.JID == "" {
		return *known, ErrNoUpload
	}
	return *known, nil
}

// keepUpload remembers a service.
func (a *Account) keepUpload(s *uploadService) error {
	a.uploads.service = s
	var raw []byte
	if s.JID != "" {
		var err error
		if raw, err = json.Marshal(s); err != nil {
			return err
		}
	}
	err := a.m.update(func(tx *storage.Tx) error {
		have, _, err := tx.Setting(uploadSetting(a.id))
		if err == nil && string(have) == string(raw) {
			err = errUnchanged
		}
		if err != nil {
			return err
		}
		return tx.PutSetting(uploadSetting(a.id), raw)
	})
	return ignoreUnchanged(err)
}

// askUpload looks for the service among what the server has; the zero service
// says that there is none.
func (a *Account) askUpload(ctx context.Context, c *stream.Client) (uploadService, error) {
	ctx, cancel := context.WithTimeout(ctx, slotTime)
	defer cancel()
	var items disco.Items
	if err := c.IQ(ctx, a.own.Domain(), "get", disco.Items{}, &items); err != nil {
		return uploadService{}, err
	}
	places := []jid.JID{a.own.Domain()}
	for _, item := range items.Items[:min(len(items.Items), maxServices)] {
		if at := stream.ParseAddress(item.JID).JID; at.Domainpart() != "" && item.Node == "" {
			places = append(places, at)
		}
	}
	for _, at := range places {
		var info disco.Info
		err := c.IQ(ctx, at, "get", disco.Info{}, &info)
		if refused := (*stream.StanzaError)(nil); errors.As(err, &refused) {
			continue // a service that is not there does not hide the others
		} else if err != nil {
			return uploadService{}, err
		}
		if info.Has(upload.NS) {
			return uploadService{JID: at.String(), Max: upload.MaxSize(&info), Purpose: info.Has(upload.FeatureMessage)}, nil
		}
	}
	return uploadService{}, nil
}

// retryLater is a refusal that says when to ask again.
type retryLater struct {
	*stream.StanzaError
	at time.Time
}

// Unwrap lets the refusal be found.
func (e *retryLater) Unwrap() error { return e.StanzaError }

// slot asks for a place for a file.
func (s *uploadService) slot(ctx context.Context, c *stream.Client, f *storage.File) (*upload.Slot, error) {
	ctx, cancel := context.WithTimeout(ctx, slotTime)
	defer cancel()
	req := upload.Request{Filename: f.Name, Size: f.Size, ContentType: f.Type}
	if s.Purpose {
		req.Message = new(upload.Message)
	}
	to := stream.ParseAddress(s.JID).JID
	var answer stream.Stanza
	if err := c.IQ(ctx, to, "get", req, &answer); err != nil {
		return nil, uploadRefusal(&answer, f, err)
	}
	var x struct {
		Slot upload.Slot `xml:"urn:xmpp:http:upload:0 slot"`
	}
	if err := answer.Decode(&x); err != nil {
		return nil, err
	}
	for _, u := range []string{x.Slot.Put.URL, x.Slot.Get.URL} {
		if _, err := safeURL(u); err != nil {
			return nil, fmt.Errorf("slot: %w", err)
		}
	}
	return &x.Slot, nil
}

// uploadRefusal gives what the answer of a service says beyond its condition.
func uploadRefusal(answer *stream.Stanza, f *storage.File, err error) error {
	refused := (*stream.StanzaError)(nil)
	if !errors.As(err, &refused) {
		return err
	}
	var x struct {
		Error struct {
			TooLarge *upload.TooLarge `xml:"urn:xmpp:http:upload:0 file-too-large"`
			Retry    *upload.Retry    `xml:"urn:xmpp:http:upload:0 retry"`
		} `xml:"jabber:client error"`
	}
	if answer.Decode(&x) != nil {
		return err
	}
	if x.Error.TooLarge != nil {
		return &TooLargeError{Name: f.Name, Size: f.Size, Max: x.Error.TooLarge.MaxSize()}
	}
	if x.Error.Retry != nil {
		if at, ok := x.Error.Retry.Time(); ok {
			return &retryLater{refused, at}
		}
	}
	return err
}

// isLasting tells whether trying again would end the same way.
func isLasting(err error) bool {
	var large *TooLargeError
	var answer *httpError
	var later *retryLater
	var refused *stream.StanzaError
	var damaged *storage.DamagedError
	switch {
	case errors.As(err, &large), errors.As(err, &damaged), isCertificate(err):
		return true
	case errors.As(err, &answer):
		return answer.lasting()
	case errors.As(err, &later):
		return time.Until(later.at) > maxRetryWait
	case errors.As(err, &refused):
		return refused.Type != "wait" && refused.Condition != "remote-server-timeout"
	}
	for _, e := range []error{
		errFileChanged, errDiffers, errNotHTTPS, ErrNoUpload, ErrNotFile, storage.ErrDiskFull, os.ErrNotExist, os.ErrPermission,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// isCertificate tells whether a server could not prove who it is.
func isCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &unknown) || errors.As(err, &host) || errors.As(err, &invalid)
}
