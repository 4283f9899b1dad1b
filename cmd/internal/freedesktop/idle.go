//go:build unix && !darwin

package freedesktop

import (
	"context"
	"errors"
	"log/slog"

	"github.com/godbus/dbus/v5"
)

// logind, which knows of the sessions of a machine.
const (
	login        = "org.freedesktop.login1"
	loginSession = login + ".Session"
	ownSession   = "/org/freedesktop/login1/session/auto"
)

// WatchIdle calls tell, on this goroutine, whenever nobody uses the session any
// more (it is locked, or idle by what the desktop thinks) or somebody does
// again, until ctx ends. It starts with somebody being there. When nothing tells,
// or nothing does any more, somebody is there, too, and it returns.
func WatchIdle(ctx context.Context, log *slog.Logger, tell func(idle bool)) {
	if err := watchIdle(ctx, systemBus, tell); err != nil && ctx.Err() == nil {
		log.Debug("nothing tells when the session is idle", "err", err)
	}
}

func systemBus(ctx context.Context) (*dbus.Conn, error) {
	conn, err := dbus.SystemBusPrivate()
	if err != nil {
		return nil, err
	}
	return greet(ctx, conn)
}

var errBusGone = errors.New("the bus is gone")

func watchIdle(ctx context.Context, connect func(context.Context) (*dbus.Conn, error), tell func(bool)) error {
	soon, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	conn, err := connect(soon)
	if err != nil {
		return err
	}
	defer conn.Close()
	changes := make(chan *dbus.Signal, signalRoom)
	conn.Signal(changes)
	// The session has another path in its signals; that something changed
	// somewhere is reason enough to look.
	err = conn.AddMatchSignalContext(soon, dbus.WithMatchSender(login),
		dbus.WithMatchInterface("org.freedesktop.DBus.Properties"), dbus.WithMatchArg(0, loginSession))
	if err != nil {
		return err
	}
	told := false
	defer func() {
		if told && ctx.Err() == nil {
			tell(false)
		}
	}()
	for {
		idle, err := sessionIdle(ctx, conn)
		if err != nil {
			return err
		}
		if idle != told {
			told = idle
			tell(idle)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case _, ok := <-changes:
			if !ok {
				return errBusGone
			}
		}
	}
}

// sessionIdle asks whether our session is idle or locked.
func sessionIdle(ctx context.Context, conn *dbus.Conn) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	var all map[string]dbus.Variant
	err := conn.Object(login, ownSession).CallWithContext(ctx, "org.freedesktop.DBus.Properties.GetAll", 0, loginSession).Store(&all)
	if err != nil {
		return false, err
	}
	return all["IdleHint"].Value() == true || all["LockedHint"].Value() == true, nil
}
