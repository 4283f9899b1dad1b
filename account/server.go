package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/disco"
	"linnet/storage"
)

// maxFeatures and maxFeature, in bytes, bound what is kept of what a server
// says it can do.
const (
	maxFeatures = 512
	maxFeature  = 256
)

// serverState is what is known of the account's server. It is kept on disk,
// because the first messages of a new link come before any answer.
type serverState struct {
	account []string // what the own bare JID says it can do, sorted

	// left is until when the account was online as far as the disk knows, and
	// since when the server may have held messages back: since then on the
	// link that runs. Both zero mean not known.
	left, held time.Time
}

func featuresSetting(id storage.AccountID) string { return fmt.Sprintf("account/%d/features", id) }
func leftSetting(id storage.AccountID) string     { return fmt.Sprintf("account/%d/left", id) }

func (s *serverState) load(tx *storage.Tx, id storage.AccountID) error {
	raw, ok, err := tx.Setting(featuresSetting(id))
	if err != nil {
		return err
	}
	if ok {
		s.account = strings.Split(string(raw), "\n")
	}
	raw, _, err = tx.Setting(leftSetting(id))
	if ms, bad := strconv.ParseInt(string(raw), 10, 64); bad == nil {
		s.left = time.UnixMilli(ms)
	}
	return err
}

func (s *serverState) saveLeft(tx *storage.Tx, id storage.AccountID) error {
	if s.left.IsZero() {
		return nil
	}
	return tx.PutSetting(leftSetting(id), strconv.AppendInt(nil, s.left.UnixMilli(), 10))
}

// eraseServer takes away what load reads.
func eraseServer(tx *storage.Tx, id storage.AccountID) error {
	return errors.Join(tx.PutSetting(featuresSetting(id), nil), tx.PutSetting(leftSetting(id), nil))
}

// accountHas tells whether the own account announces a feature.
func (s *serverState) accountHas(feature string) bool {
	_, ok := slices.BinarySearch(s.account, feature)
	return ok
}

// discoverServer asks what the own account can do, and keeps it when it is new.
func (a *Account) discoverServer() {
	var info disco.Info
	a.iq(func(ctx context.Context, c *stream.Client) error {
		return c.IQ(ctx, jid.JID{}, "get", disco.Info{}, &info)
	}, func(err error) {
		if err != nil {
			a.log.Warn("could not ask what the account can do", "err", err)
			return
		}
		features := make([]string, 0, len(info.Features))
		for _, f := range info.Features[:min(len(info.Features), maxFeatures)] {
			if len(f.Var) <= maxFeature && !strings.Contains(f.Var, "\n") {
				features = append(features, f.Var)
			}
		}
		slices.Sort(features)
		if slices.Equal(features, a.server.account) {
			return
		}
		a.server.account, a.infoChanged = features, true
		err = a.m.update(func(tx *storage.Tx) error {
			return tx.PutSetting(featuresSetting(a.id), []byte(strings.Join(features, "\n")))
		})
		if err != nil {
			a.log.Warn("could not store what the account can do", "err", err)
		}
	})
}

// serverHas asks the server whether it has a feature. It is for calls outside
// the account's goroutine.
func (a *Account) serverHas(ctx context.Context, c *stream.Client, feature string) (bool, error) {
	var info disco.Info
	if err := c.IQ(ctx, a.own.Domain(), "get", disco.Info{}, &info); err != nil {
		return false, err
	}
	return info.Has(feature), nil
}
