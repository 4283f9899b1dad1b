package stream

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sys/windows"
)

// systemNews is the notifier of Windows, which tells of addresses.
func systemNews(ctx context.Context, news func(moved bool)) error {
	changed := make(chan struct{}, 1)
	addressNews.add(changed)
	defer addressNews.drop(changed)
	var handle windows.Handle
	if err := windows.NotifyUnicastIpAddressChange(windows.AF_UNSPEC, addressCallback(), nil, false, &handle); err != nil {
		return fmt.Errorf("listen to the network: %w", err)
	}
	defer windows.CancelMibChangeNotify2(handle)
	news(false)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
			news(false)
		}
	}
}

// addressCallback is made once: a process has room for few, and none is ever
// given back.
var addressCallback = sync.OnceValue(func() uintptr {
	return windows.NewCallback(func(_, _ uintptr, _ uint32) uintptr {
		addressNews.tell()
		return 0
	})
})

// listeners are told by the one callback.
type listeners struct {
	mu  sync.Mutex
	all map[chan struct{}]bool
}

var addressNews = listeners{all: make(map[chan struct{}]bool)}

func (l *listeners) add(c chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all[c] = true
}

func (l *listeners) drop(c chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, c)
}

func (l *listeners) tell() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.all {
		signal(c)
	}
}
