package app

import (
	"context"
	"errors"

	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// openProfile opens the secrets and the archive, asking first where it must.
func (a *App) openProfile() {
	a.unlocking = true
	a.on(laneSignIn, func(ctx context.Context) func() {
		state := a.cfg.Profile.Secrets(ctx)
		if state == SecretsReady {
			b, err := a.cfg.Profile.Unlock(ctx, WayDefault, nil)
			return func() { a.unlocked(nil, b, err) }
		}
		return func() {
			a.unlocking = false
			a.askSecrets(state)
		}
	})
}

// askSecrets shows the page for what has to be asked first.
func (a *App) askSecrets(state SecretsState) {
	switch state {
	case SecretsLocked:
		a.pages.push(a.newPassphrasePage())
	case SecretsChoice:
		a.pages.push(a.newSecretsPage())
	default:
		a.showTrouble(lang.L("The keyring does not answer"),
			lang.L("Your passwords and the key of your messages are in the keyring of this computer. Unlock it, then try again."),
			lang.L("Try again"), a.openProfile)
	}
}

// unlock opens the profile in the given way from a page that asked for it. A
// second press while that runs changes nothing.
func (a *App) unlock(from page, way SecretsWay, passphrase string) {
	if a.unlocking {
		return
	}
	a.unlocking = true
	a.on(laneSignIn, func(ctx context.Context) func() {
		b, err := a.cfg.Profile.Unlock(ctx, way, []byte(passphrase))
		return func() { a.unlocked(from, b, err) }
	})
}

// unlocked takes the outcome of Unlock; from is the page that asked, or nil.
func (a *App) unlocked(from page, b Backend, err error) {
	var damaged *storage.DamagedError
	var newer *storage.NewerError
	a.unlocking = false
	if p, ok := from.(*passphrasePage); ok && errors.Is(err, storage.ErrWrongPassphrase) {
		p.wrong(lang.L("This is not the passphrase"))
		return
	}
	if from != nil {
		a.pages.remove(from)
	}
	switch {
	case err == nil:
		a.attach(b)
	case errors.As(err, &damaged):
		a.showTrouble(lang.L("Your messages could not be read"),
			lang.L("The file on disk is damaged. It was put aside as {{.File}} and nothing in it was changed. You can go on with a new one; your server may still have your messages.", map[string]any{"File": damaged.MovedTo}),
			lang.L("Go on"), a.openProfile)
	case errors.As(err, &newer):
		a.showTrouble(lang.L("This needs a newer Linnet"),
			lang.L("Your messages were last opened by a newer version. Install that one; this one would harm them."),
			lang.L("Quit"), a.Quit)
	case errors.Is(err, storage.ErrWrongKey):
		a.showTrouble(lang.L("The key does not fit"),
			lang.L("Your messages are sealed with another key than the one in the keyring. Bring back the old keyring, then try again."),
			lang.L("Try again"), a.openProfile)
	default:
		a.log.Error("open profile", "error", err)
		a.showTrouble(lang.L("Linnet cannot start"), failureText(err), lang.L("Try again"), a.openProfile)
	}
}

// showTrouble shows what stands in the way of starting, with one way on.
func (a *App) showTrouble(title, sentence, act string, run func()) {
	var p *cardPage
	button := widgets.NewButton(act, widgets.ButtonFilled, func() {
		a.pages.remove(p)
		run()
	})
	p = newCardPage(notionWidth,
		widgets.NewHeading(title, widgets.TextTitle),
		widgets.NewParagraph(sentence, widgets.TextBody, widgets.ColorSecondary),
		widgets.NewGap(2),
		widgets.NewButtonRow(button),
	)
	p.rootage = true
	p.first = func() { a.win.Canvas().Focus(button) }
	a.pages.push(p)
}

// passphrasePage asks for the passphrase of the sealed file.
type passphrasePage struct {
	*cardPage
	a      *App
	field  *widgets.Field
	submit *widgets.Button
}

func (a *App) newPassphrasePage() *passphrasePage {
	p := &passphrasePage{a: a, field: widgets.NewPasswordField(lang.L("Passphrase"))}
	p.submit = widgets.NewButton(lang.L("Unlock"), widgets.ButtonFilled, p.try)
	p.field.OnSubmitted = func(string) { p.try() }
	p.field.OnShortcut = a.typedShortcut
	p.cardPage = newCardPage(formWidth,
		widgets.NewCenterRow(0, widgets.NewIcon(assets.IconBird, birdSize, widgets.ColorAccentFill)),
		widgets.NewHeading(lang.L("Unlock Linnet"), pageTitleSize).Centered(),
		widgets.NewParagraph(lang.L("Your messages and passwords are sealed with a passphrase"), widgets.TextBody, widgets.ColorSecondary).Centered(),
		widgets.NewGap(2),
		p.field, p.submit,
	)
	p.rootage = true
	p.first = p.field.Focus
	return p
}

func (p *passphrasePage) try() {
	if p.field.Text() == "" {
		p.wrong(lang.L("Enter the passphrase"))
		return
	}
	p.busy(true)
	p.a.unlock(p, WaySealed, p.field.Text())
}

func (p *passphrasePage) busy(on bool) {
	if on {
		p.field.Disable()
		p.submit.SetText(lang.L("Opening"))
		return
	}
	p.field.Enable()
	p.submit.SetText(lang.L("Unlock"))
}

// wrong says what is wrong with the passphrase.
func (p *passphrasePage) wrong(text string) {
	p.busy(false)
	p.field.SetError(text)
	p.field.Focus()
	p.box.Refresh()
}

// newSecretsPage asks where to keep secrets on a computer without a keyring.
func (a *App) newSecretsPage() page {
	first := widgets.NewPasswordField(lang.L("Passphrase"))
	again := widgets.NewPasswordField(lang.L("The same once more"))
	first.OnShortcut, again.OnShortcut = a.typedShortcut, a.typedShortcut
	var p *cardPage
	var seal *widgets.Button
	use := func() {
		switch {
		case len(first.Text()) < passphraseMin:
			first.SetError(lang.L("A passphrase has at least {{.N}} characters", count(passphraseMin)))
			first.Focus()
		case first.Text() != again.Text():
			again.SetError(lang.L("The two are not the same"))
			again.Focus()
		default:
			seal.SetText(lang.L("Opening"))
			a.unlock(p, WaySealed, first.Text())
			return
		}
		p.box.Refresh()
	}
	seal = widgets.NewButton(lang.L("Seal with this passphrase"), widgets.ButtonFilled, use)
	first.OnSubmitted = func(string) { again.Focus() }
	again.OnSubmitted = func(string) { use() }
	forget := widgets.NewButton(lang.L("Ask at every start"), widgets.ButtonOutlined, func() {
		a.unlock(p, WayForgetful, "")
	})
	p = newCardPage(notionWidth,
		widgets.NewHeading(lang.L("Where to keep your secrets"), widgets.TextTitle),
		widgets.NewParagraph(lang.L("No keyring answers on this computer. Your passwords and the key of your messages can be kept in a file that only your passphrase opens."), widgets.TextBody, widgets.ColorSecondary),
		first, again,
		seal,
		widgets.NewGap(2),
		widgets.NewParagraph(lang.L("Or keep nothing: you sign in at every start, and this computer keeps no messages."), widgets.TextBody, widgets.ColorSecondary),
		forget,
	)
	p.rootage = true
	p.first = first.Focus
	return p
}

// passphraseMin keeps out what is guessed at once. What makes a passphrase
// good is its owner's business; the file is slow to try against.
const passphraseMin = 8
