package app

import (
	"context"
	"errors"

	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// chatLoad is the whole history of a chat on its way.
type chatLoad struct {
	loaded int
	cancel context.CancelFunc
}

// loadAll gets all messages of the conversation that the server has. It goes on
// while other chats are open.
func (c chatAct) loadAll() {
	a, id := c.a, c.chat.ID
	pane := a.shell.chat
	if pane.loads[id] != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	load := &chatLoad{cancel: cancel}
	pane.loads[id] = load
	pane.showBanners()
	a.on(laneLoad, func(life context.Context) func() {
		defer context.AfterFunc(life, cancel)()
		err := a.backend.LoadAll(ctx, id, func(loaded int) {
			a.post(func() {
				load.loaded = loaded
				pane.showBanners()
			})
		})
		return func() {
			cancel()
			delete(pane.loads, id)
			pane.showBanners()
			c.loadedAll(load.loaded, err)
		}
	})
}

// loadedAll says what came of loadAll.
func (c chatAct) loadedAll(n int, err error) {
	name := map[string]any{"Name": c.a.model.shortName(c.chat.Account, c.chat.JID), "N": grouped(n)}
	switch {
	case err == nil && n == 0:
		c.a.toast(lang.L("All messages with {{.Name}} were here already", name))
	case err == nil:
		c.a.toast(lang.L("All messages with {{.Name}} are here now. {{.N}} were loaded", name))
	case errors.Is(err, context.Canceled):
		c.a.toast(lang.L("Loading was stopped after {{.N}} messages", name))
	default:
		c.a.log.Info("history was not loaded", "error", err)
		c.a.offer(lang.L("Not all messages were loaded")+". "+failureText(err), lang.L("Try again"), func() {
			c.a.withChat(c.chat.ID, chatAct.loadAll)
		})
	}
}

// canLoadAll reports whether loadAll has anybody to ask and is not under way.
func (c chatAct) canLoadAll() bool {
	return c.a.model.online(c.chat.Account) && c.a.shell.chat.loads[c.chat.ID] == nil
}

// loadBanner says how far loadAll is, with a way to stop it.
func (p *chatPane) loadBanner(id storage.ChatID) (b banner, ok bool) {
	load := p.loads[id]
	if load == nil {
		return b, false
	}
	b = banner{id: "loading", kind: widgets.BannerInfo, text: lang.L("Loading all messages")}
	if load.loaded > 0 {
		b.text = lang.L("Loading all messages: {{.N}} so far", map[string]any{"N": grouped(load.loaded)})
	}
	b.buttons = []bannerButton{{lang.L("Cancel"), load.cancel}}
	return b, true
}

// showBanners shows how things stand with the open chat.
func (p *chatPane) showBanners() {
	if !p.open() {
		return
	}
	banners := p.a.banners(p.chat)
	if b, ok := p.loadBanner(p.chat.ID); ok {
		banners = append(banners, b)
	}
	if p.banners.set(banners) {
		p.relayout()
	}
}
