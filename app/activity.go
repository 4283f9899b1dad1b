package app

import "time"

// inactiveAfter is how long the window may be behind others until nobody counts
// as looking: switching to another window and back is no reason to tell servers.
const inactiveAfter = 2 * time.Minute

// activity is whether anybody looks at the window. Servers may hold back what
// can wait while nobody does.
type activity struct {
	behind bool   // the window has been behind others for long
	idle   bool   // nobody is at the machine
	told   bool   // the accounts were told that nobody looks
	stop   func() // stops waiting for behind; nil when that is not waited for
}

// looked is called when the window comes to the front, and when the user does
// something in it: somebody is there, whatever was thought before.
func (a *App) looked() {
	if a.activity.stop != nil {
		a.activity.stop()
		a.activity.stop = nil
	}
	a.activity.behind, a.activity.idle = false, false
	a.tellActivity()
}

// lookedAway is called when another window comes to the front, or this one is
// hidden.
func (a *App) lookedAway() {
	if a.activity.stop == nil && !a.activity.behind {
		a.activity.stop = a.after(inactiveAfter, func() {
			a.activity.stop, a.activity.behind = nil, true
			a.tellActivity()
		})
	}
}

// SetIdle takes whether nobody is at the machine, as the desktop says. Any
// goroutine, while the application runs.
func (a *App) SetIdle(idle bool) {
	a.post(func() {
		a.activity.idle = idle
		a.tellActivity()
	})
}

// tellActivity tells the accounts when it has changed.
func (a *App) tellActivity() {
	inactive := a.activity.behind || a.activity.idle
	if a.backend == nil || inactive == a.activity.told {
		return
	}
	a.activity.told = inactive
	a.backend.SetActive(!inactive)
}
