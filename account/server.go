package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/disco"
	"linnet/account/xep/mam"
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
	domain  []string // what the server itself says

	// archived says that the server keeps what anybody sends in the archive of the
	// account, as far as was last known. See stream.Config.Archived.
	archived atomic.Bool
	policy   sync.Mutex // held from asking for it or changing it until archived is set

	// left is until when the account was online as far as the disk knows, and
	// since when the server may have held messages back: since then on the
	// link that runs. Both zero mean not known.
	left, held time.Time
}

func featuresSetting(id storage.AccountID) string { return fmt.Sprintf("account/%d/features", id) }
func domainSetting(id storage.AccountID) string   { return fmt.Sprintf("account/%d/domain", id) }
func archivedSetting(id storage.AccountID) string { return fmt.Sprintf("account/%d/archived", id) }
func leftSetting(id storage.AccountID) string     { return fmt.Sprintf("account/%d/left", id) }

func (s *serverState) load(tx *storage.Tx, id storage.AccountID) error {
	for setting, known := range map[string]*[]string{featuresSetting(id): &s.account, domainSetting(id): &s.domain} {
		raw, ok, err := tx.Setting(setting)
		if err != nil {
			return err
		}
		if ok {
			*known = strings.Split(string(raw), "\n")
		}
	}
	_, archived, err := tx.Setting(archivedSetting(id))
	if err != nil {
		return err
	}
	s.archived.Store(archived)
	raw, _, err := tx.Setting(leftSetting(id))
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
	return errors.Join(
		tx.PutSetting(featuresSetting(id), nil), tx.PutSetting(domainSetting(id), nil),
		tx.PutSetting(archivedSetting(id), nil), tx.PutSetting(leftSetting(id), nil), tx.PutSetting(markSetting(id), nil),
		tx.PutSetting(dueSetting(id), nil), tx.PutSetting(clockSetting(id), nil),
		tx.PutSetting(uploadSetting(id), nil), tx.PutSetting(automaticSetting(id), nil),
	)
}

// accountHas tells whether the own account announces a feature.
func (s *serverState) accountHas(feature string) bool {
	_, ok := slices.BinarySearch(s.account, feature)
	return ok
}

// discoverServer asks what the own account and its server can do, and keeps it
// when it is new.
func (a *Account) discoverServer(ctx context.Context, c *stream.Client) {
	var all sync.WaitGroup
	known := false
	all.Go(func() { known = a.askFeatures(ctx, c, jid.JID{}, &a.server.account, featuresSetting(a.id)) })
	all.Go(func() { a.askFeatures(ctx, c, a.own.Domain(), &a.server.domain, domainSetting(a.id)) })
	all.Wait()
	if known { // nothing waits for the rest: it is for the next stream
		a.tasks.Go(func() { a.learnArchived(a.ctx, c) })
		a.tasks.Go(func() { a.learnBlocked(a.ctx, c) })
	}
}

// learnArchived asks whether all that anybody sends is archived.
func (a *Account) learnArchived(ctx context.Context, c *stream.Client) {
	a.server.policy.Lock()
	defer a.server.policy.Unlock()
	var prefs mam.Prefs
	err := a.do(ctx, func() error {
		if !a.server.accountHas(mam.NS) {
			return ErrNoArchive
		}
		return nil
	})
	if err == nil {
		err = c.IQ(ctx, jid.JID{}, "get", mam.GetPrefs{}, &prefs)
	}
	if ctx.Err() != nil || errors.Is(err, stream.ErrOffline) {
		return // nothing was learnt
	}
	all := err == nil && archivesAll(prefs)
	if err := a.do(ctx, func() error { return a.keepArchived(all) }); err != nil {
		a.log.Warn("could not store what the server archives", "err", err)
	}
}

func archivesAll(p mam.Prefs) bool { return p.Default == mam.Always && len(p.Never.JIDs) == 0 }

// keepArchived keeps whether all is archived. What could not be stored is asked
// of the disk again, not of memory: a later start must not rely on too much.
func (a *Account) keepArchived(all bool) error {
	a.server.archived.Store(all)
	var value []byte
	if all {
		value = []byte("all")
	}
	err := a.m.update(func(tx *storage.Tx) error {
		_, kept, err := tx.Setting(archivedSetting(a.id))
		if err == nil && kept == all {
			err = errUnchanged
		}
		if err != nil {
			return err
		}
		return tx.PutSetting(archivedSetting(a.id), value)
	})
	return ignoreUnchanged(err)
}

// askFeatures asks one of the two, outside the account's goroutine, and returns
// when the answer is known: true, or that none comes.
func (a *Account) askFeatures(ctx context.Context, c *stream.Client, of jid.JID, known *[]string, setting string) bool {
	var info disco.Info
	err := c.IQ(ctx, of, "get", disco.Info{}, &info)
	if err == nil {
		err = a.do(ctx, func() error { return a.keepFeatures(&info, known, setting) })
	}
	if err != nil {
		a.log.Warn("could not learn what the server can do", "err", err)
	}
	return err == nil
}

func (a *Account) keepFeatures(info *disco.Info, known *[]string, setting string) error {
	features := make([]string, 0, len(info.Features))
	for _, f := range info.Features[:min(len(info.Features), maxFeatures)] {
		if len(f.Var) <= maxFeature && !strings.Contains(f.Var, "\n") {
			features = append(features, f.Var)
		}
	}
	slices.Sort(features)
	if slices.Equal(features, *known) {
		return nil
	}
	*known, a.infoChanged = features, true
	return a.m.update(func(tx *storage.Tx) error {
		return tx.PutSetting(setting, []byte(strings.Join(features, "\n")))
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

// isNotFound tells whether a server answered that it does not have what was
// asked for.
func isNotFound(err error) bool {
	refusal := new(stream.StanzaError)
	return errors.As(err, &refusal) && refusal.Condition == "item-not-found"
}
