package account

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/disco"
	"linnet/storage"
)

// maxFeatures bounds what is kept of what a server says it can do.
const maxFeatures = 512

// serverState is what the account's server says it can do. It is kept on disk,
// because the first messages of a new link come before the answer.
type serverState struct {
	account []string // of the own bare JID, sorted
}

func serverSetting(id storage.AccountID) string { return fmt.Sprintf("account/%d/features", id) }

func (s *serverState) load(tx *storage.Tx, id storage.AccountID) error {
	raw, ok, err := tx.Setting(serverSetting(id))
	if err == nil && ok {
		s.account = strings.Split(string(raw), "\n")
	}
	return err
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
			features = append(features, f.Var)
		}
		slices.Sort(features)
		if slices.Equal(features, a.server.account) {
			return
		}
		a.server.account = features
		err = a.m.update(func(tx *storage.Tx) error {
			return tx.PutSetting(serverSetting(a.id), []byte(strings.Join(features, "\n")))
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
