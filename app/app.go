// Package app is Linnet's window: it shows what the accounts know and turns
// what the user does into requests to them. Everything here runs on Fyne's UI
// goroutine unless it says otherwise; disk and network work goes to a worker
// and comes back by a posted function.
package app

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account/sound"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

const (
	// windowWidth and windowHeight are the size of the first start.
	windowWidth, windowHeight = 1200, 800
	// windowMinWidth and windowMinHeight hold one pane with a readable line
	// and some messages.
	windowMinWidth, windowMinHeight = 360, 480
)

// Config is what New needs. Profile or Backend must be given.
type Config struct {
	// Profile is opened when the window shows. It may ask for a passphrase.
	Profile Profile
	// Backend, when given, is shown at once and Profile is not used.
	Backend Backend
	Version string           // as shown on the about page
	Log     *slog.Logger     // nil means slog.Default
	Now     func() time.Time // nil means time.Now
	// TakeInput takes what was typed and clicked, without waiting for the
	// toolkit to do so. It is called on the UI goroutine; nil for never.
	TakeInput func()
	// Notifier shows notifications; nil means those of the toolkit.
	Notifier Notifier
	// Sound is what sound comes out of and goes into; nil for nothing.
	Sound sound.Devices
	// Files asks for files and shows them; nil means the toolkit does.
	Files DesktopFiles
	// Clipboard holds what is copied that is no text; nil for text only.
	Clipboard Clipboard

	// post replaces fyne.Do, after the clock of what is to happen later, and
	// inline runs the worker's jobs in the caller, in tests.
	post   func(func())
	after  func(time.Duration, func()) (stop func())
	inline bool
	// newPlayer and record stand in for those of package sound, in tests.
	newPlayer func(tell func(sound.Status)) player
	record    func() (recording, error)
}

// App is the running application with its one window. Its methods belong to
// the UI goroutine, except those that say otherwise.
type App struct {
	fyne fyne.App
	win  fyne.Window
	cfg  Config
	log  *slog.Logger

	backend Backend // nil until the profile is open
	bridge  *bridge
	work    *worker
	model   *model
	prefs   prefs

	theme    *appTheme
	root     *widgets.Root
	pages    *pageStack
	opening  *openingPage // nil unless it covers the chats
	cards    *cardStack
	choosing func() // takes the dialog for files away; nil while there is none

	choosingHere bool // that dialog is the toolkit's, over the window

	files    *fileDesk
	links    *linkDesk
	shell    *shell
	commands []command
	chords   map[chord]command

	// notices are the chats the desktop is told of.
	notices map[storage.ChatID]*notice
	// strangersTold says that the desktop was told of people unknown.
	strangersTold bool
	loading       map[storage.AccountID]*loading // whole histories on their way
	// automatic is up to which size files are fetched unasked, in bytes, as far
	// as it was read.
	automatic map[storage.AccountID]int64
	activity  activity

	// typingUntil is how long input is taken more often.
	typingUntil time.Time

	unlocking bool        // the profile is being opened
	begun     bool        // accounts and chats are known
	focused   bool        // the window is in front, as the desktop says
	wanted    string      // an xmpp: address that waits for the profile to open
	closed    atomic.Bool // nothing is shown any more
	close     sync.Once
	stopped   []func() // run by Close
}

// New makes the window without showing it.
func New(fyneApp fyne.App, cfg Config) *App {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.post == nil {
		cfg.post = fyne.Do
	}
	if cfg.Notifier == nil {
		cfg.Notifier = toolkitNotifier{fyneApp}
	}
	cfg.withSound()
	a := &App{fyne: fyneApp, cfg: cfg, log: cfg.Log, model: newModel(), prefs: defaultPrefs(), notices: map[storage.ChatID]*notice{}, loading: map[storage.AccountID]*loading{}, automatic: map[storage.AccountID]int64{}}
	loadTranslations(a.log)
	a.work = newWorker(cfg.inline)
	a.model.portrait = newPortraits(a).of
	a.theme = newTheme()
	fyneApp.Settings().SetTheme(a.theme)
	fyneApp.SetIcon(fyne.NewStaticResource("linnet.png", assets.AppIcon))

	a.win = fyneApp.NewWindow("Linnet")
	a.win.SetPadded(false)
	a.win.SetMaster()
	a.pages = newPageStack(a.win)
	a.cards = newCardStack(a)
	a.files = newFileDesk(a)
	a.links = newLinkDesk(a)
	a.model.files, a.model.links = a.files, a.links
	a.root = widgets.NewRoot(newMinimum(a.pages.box, fyne.NewSize(windowMinWidth, windowMinHeight)))
	a.win.SetContent(a.root)
	a.firstLook(cfg.Profile)
	a.shell = newShell(a)
	a.pages.push(a.shell)
	a.commands = a.commandTable()
	a.listen()
	if runtime.GOOS == "darwin" {
		a.win.SetMainMenu(a.mainMenu()) // elsewhere it would take a line of the window
	}
	a.watch()
	if cfg.Backend != nil {
		a.attach(cfg.Backend)
	}
	return a
}

// watch follows what the desktop does with the window.
func (a *App) watch() {
	a.win.SetCloseIntercept(a.Quit)
	a.win.SetOnDropped(a.files.dropped)
	a.fyne.Lifecycle().SetOnEnteredForeground(func() { a.setFocused(true) })
	a.fyne.Lifecycle().SetOnExitedForeground(func() { a.setFocused(false) })
	a.lookedAway() // until the desktop gives it the keyboard
}

// Show shows the window and, where that has not happened, opens the profile.
func (a *App) Show() {
	if a.backend == nil {
		a.opening = a.newOpeningPage()
		a.pages.push(a.opening)
	}
	a.win.Show()
	if a.backend == nil {
		a.openProfile()
	}
}

// attach takes the accounts. What they hold comes with the first Reset.
func (a *App) attach(b Backend) {
	a.backend = b
	a.tellActivity()
	a.read(func(context.Context) func() {
		p := loadPrefs(b, a.log)
		return func() {
			a.usePrefs(p)
			if a.cfg.inline {
				return // tests hand events over and turn the clock themselves
			}
			a.bridge = startBridge(b.Events(), a.cfg.post, a.apply)
			a.tick()
		}
	})
}

// begin is called once, when accounts and chats are known for the first time.
func (a *App) begin() {
	if a.opening != nil {
		a.pages.remove(a.opening)
		a.opening = nil
	} else {
		a.pages.top().focus()
	}
	if len(a.model.accounts) == 0 {
		a.showFirstRun()
	}
	if uri := a.wanted; uri != "" {
		a.wanted = ""
		a.openURI(uri)
	}
}

// tickEvery is how often times that grow by themselves are shown anew: "away
// 12 min", a mute that ends, the day that changes. Countdowns have their own.
const tickEvery = 30 * time.Second

// tick keeps relative times and countdowns true until the window is closed.
func (a *App) tick() {
	end := make(chan struct{})
	done := make(chan struct{})
	a.stopped = append(a.stopped, func() { close(end); <-done })
	go func() {
		defer close(done)
		slow, fast := time.NewTicker(tickEvery), time.NewTicker(time.Second)
		defer slow.Stop()
		defer fast.Stop()
		for {
			select {
			case <-slow.C:
				a.post(func() {
					a.shell.chat.saveDraft()
					a.refresh(changes{times: true})
				})
			case <-fast.C:
				a.post(func() {
					if a.countingDown() {
						a.refresh(changes{states: true})
					}
				})
			case <-end:
				return
			}
		}
	}()
}

// Raise brings the window to the front. Any goroutine, while the application
// runs.
func (a *App) Raise() { a.post(a.raise) }

func (a *App) raise() {
	a.win.Show()
	a.win.RequestFocus()
}

// Quit ends the application. What is open is saved by Close, because the desktop
// can end it too.
func (a *App) Quit() {
	a.closed.Store(true) // a driver that ends runs what is posted to it anywhere
	a.fyne.Quit()
}

// Close saves what is open, ends the goroutines of the window and waits for what
// it still writes. It is called on the UI goroutine after the application has
// ended, by Quit or by the desktop, and does not end the accounts.
func (a *App) Close() {
	a.closed.Store(true)
	a.close.Do(func() {
		a.shell.chat.saveDraft()
		a.shell.chat.view.Clear() // nothing moves there any more
		a.savePrefs()
		a.keepLook()
		a.shell.chat.voice.close()
		a.files.sounds.close()
		if a.bridge != nil {
			a.bridge.close()
		}
		for _, stop := range a.stopped {
			stop()
		}
		a.work.close()
	})
}

// read runs a job that reads the archive, and then, on the UI goroutine, what
// it returns.
func (a *App) read(job func(context.Context) (show func())) {
	a.on(laneRead, job)
}

// jobTime bounds what the user asked for: a request to a server that hangs has
// to end in a sentence, and the jobs behind it are waiting.
const jobTime = 45 * time.Second

// on runs a job of a lane and then, on the UI goroutine, what it returns; nil
// for nothing. A job of laneSignIn may take as long as a first connection does,
// one of laneLoad until it is cancelled, one of laneDialogs as long as the user.
func (a *App) on(l lane, job func(context.Context) (then func())) {
	a.work.do(l, func(ctx context.Context) {
		if l != laneSignIn && l != laneLoad && l != laneFiles && l != laneDialogs {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, jobTime)
			defer cancel()
		}
		then := job(ctx)
		if then == nil {
			return
		}
		if a.cfg.inline {
			then() // on the test's goroutine already
			return
		}
		a.post(then)
	})
}

// post runs a function on the UI goroutine, unless the window is gone by then.
// Any goroutine.
func (a *App) post(f func()) {
	a.cfg.post(func() {
		if !a.closed.Load() {
			f()
		}
	})
}

// act runs something the user asked for and says so when it fails.
func (a *App) act(l lane, job func(context.Context) error) {
	a.on(l, func(ctx context.Context) func() {
		err := job(ctx)
		if err == nil {
			return nil
		}
		return func() { a.fail(err) }
	})
}

// fail tells the user of an error that has no better place.
func (a *App) fail(err error) {
	a.log.Warn("failed", "error", err)
	a.toast(failureText(err))
}

// toastFor is how long a sentence stays: enough to read it twice.
const toastFor = 6 * time.Second

// toast shows a sentence for a while.
func (a *App) toast(text string) { a.offer(text, "", nil) }

// offer shows a sentence for a while, with something to do about it.
func (a *App) offer(text, act string, run func()) {
	t := a.root.ShowToast(text, act, run)
	a.after(toastFor, t.Close)
}

// after runs a function on the UI goroutine when some time has passed, unless
// stop is called or the window closed before.
func (a *App) after(d time.Duration, f func()) (stop func()) {
	if a.cfg.after != nil {
		return a.cfg.after(d, f)
	}
	t := time.AfterFunc(d, func() { a.post(f) })
	return func() { t.Stop() }
}

// now is the time to show.
func (a *App) now() time.Time { return a.cfg.Now() }

// hasAccount reports whether there is an account to do something with.
func (a *App) hasAccount() bool { return len(a.model.enabled()) > 0 }

// setFocused takes whether the window is in front.
func (a *App) setFocused(on bool) {
	a.focused = on
	if !on {
		a.lookedAway()
		return
	}
	a.looked()
	a.seen()
	a.shell.chat.markRead()
}

// back takes one step back: a card, then inside the page, then the page.
func (a *App) back() {
	switch {
	case a.choosing != nil:
		a.choosing()
	case !a.cards.back():
		a.pages.back()
	}
}
