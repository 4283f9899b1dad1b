package app

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// profileSection is what an account shows of itself: a picture, a name, and
// what else others can read.
type profileSection struct {
	p  *settingsPage
	id storage.AccountID

	box    *fyne.Container
	avatar *widgets.Avatar
	take   *widgets.Button // takes the picture away
	note   *widgets.Paragraph
	again  *fyne.Container // holds the button to try again
	form   *fyne.Container
	fields []*widgets.Field
	open   *widgets.Switch
	who    *widgets.Paragraph // may read it
	now    *widgets.Paragraph // who can see what, as the server has it
	save   *widgets.Button

	kept  account.Profile // as the server has it
	asked bool            // since it is online
}

// noteLines is how many lines of what somebody says of himself are seen at a time.
const noteLines = 5

// profileField is a part of a profile.
type profileField struct {
	label string
	of    func(*account.Profile) *string
	lines int // 0 for one
}

// profileFields are the parts of a profile in the order they are asked for.
func profileFields() []profileField {
	return []profileField{
		{label: lang.L("Nickname"), of: func(p *account.Profile) *string { return &p.Nick }},
		{label: lang.L("Full name"), of: func(p *account.Profile) *string { return &p.Name }},
		{label: lang.L("Email"), of: func(p *account.Profile) *string { return &p.Email }},
		{label: lang.L("Phone"), of: func(p *account.Profile) *string { return &p.Phone }},
		{label: lang.L("Website"), of: func(p *account.Profile) *string { return &p.URL }},
		{label: lang.L("Organization"), of: func(p *account.Profile) *string { return &p.Organization }},
		{label: lang.L("Position"), of: func(p *account.Profile) *string { return &p.Title }},
		{label: lang.L("Birthday"), of: func(p *account.Profile) *string { return &p.Birthday }},
		{label: lang.L("About"), of: func(p *account.Profile) *string { return &p.Note }, lines: noteLines},
	}
}

// openProfile shows the profile of an account in place of its settings.
func (p *settingsPage) openProfile(id storage.AccountID) {
	p.openBelow(id, lang.L("Profile"), func() section { return newProfileSection(p, id) })
}

// showOfAccount opens a part of the settings of the account in view.
func (a *App) showOfAccount(open func(*settingsPage, storage.AccountID)) {
	p := a.settings()
	p.nav.Select(0)
	p.inside = true
	open(p, a.accountInView())
}

// accountInView is the account of the open chat, else the first one in use, of
// which there must be one.
func (a *App) accountInView() storage.AccountID {
	if info := a.model.account(a.shell.chat.chat.Account); a.shell.chat.open() && info != nil {
		return info.ID
	}
	return a.model.enabled()[0].ID
}

func newProfileSection(p *settingsPage, id storage.AccountID) *profileSection {
	s := &profileSection{p: p, id: id, avatar: widgets.NewAvatar(widgets.AvatarLargeSize, widgets.ColorBackground)}
	s.take = widgets.NewButton(lang.L("Take it away"), widgets.ButtonOutlined, s.takeAway)
	s.note = widgets.NewParagraph("", widgets.TextBody, widgets.ColorSecondary)
	s.again = widgets.NewInline(0, widgets.NewButton(lang.L("Try again"), widgets.ButtonOutlined, s.ask))
	s.form = widgets.NewColumn(14)
	for _, f := range profileFields() {
		field := widgets.NewTextField(f.label, max(1, f.lines))
		field.OnShortcut = p.a.typedShortcut
		field.OnChanged = func(string) { s.changed() }
		field.OnSubmitted = func(string) { s.keep() }
		s.fields = append(s.fields, field)
		s.form.Add(field)
	}
	s.fields[0].SetHelp(lang.L("Contacts who have given you no name see this one"))
	s.fields[7].SetPlaceholder("2000-12-31")
	s.open = widgets.NewSwitch(lang.L("Everybody may see it"), false, func(bool) { s.changed() })
	s.who = widgets.NewParagraph("", widgets.TextSecondary, widgets.ColorSecondary)
	s.save = widgets.NewButton(lang.L("Save"), widgets.ButtonFilled, s.keep)
	s.now = widgets.NewParagraph("", widgets.TextSecondary, widgets.ColorSecondary)
	s.now.Hide()
	s.form.Add(widgets.NewColumn(4, widgets.NewSettingRow(lang.L("Everybody may see it"), "", s.open), s.who, s.now))
	s.form.Add(widgets.NewInline(0, s.save))
	s.box = widgets.NewColumn(14,
		widgets.NewInline(0, s.avatar),
		widgets.NewFlow(10, widgets.NewButton(lang.L("Choose a picture"), widgets.ButtonOutlined, s.choose), s.take),
		widgets.NewGap(2),
		widgets.NewHeading(lang.L("What others can read about you"), 15),
		s.note, s.again, s.form,
	)
	s.say(lang.L("Known when this account is connected"), false)
	s.refresh(everything)
	return s
}

func (s *profileSection) object() fyne.CanvasObject { return s.box }

// refresh shows the picture, and asks the server once it can be asked.
func (s *profileSection) refresh(changes) {
	info := s.p.a.model.account(s.id)
	if info == nil {
		return
	}
	face := s.p.a.model.accountFace(*info)
	face.Presence = widgets.PresenceNone
	face.Picture = s.p.a.model.picture(contactKey{info.ID, info.Address}, info.Avatar, widgets.PortraitLarge)
	s.avatar.Set(face)
	online := info.State.Phase == stream.Online
	if show(s.take, info.Avatar != "") {
		s.p.fit()
	}
	if online && !s.asked {
		s.ask()
	}
	s.asked = online
}

// say shows a sentence in place of the form; an empty one shows the form.
func (s *profileSection) say(text string, again bool) {
	s.note.SetText(text)
	show(s.note, text != "")
	show(s.again, again)
	show(s.form, text == "")
	s.p.fit()
}

// ask asks the server for the profile.
func (s *profileSection) ask() {
	a := s.p.a
	info := a.model.account(s.id)
	if info == nil {
		return
	}
	own := info.Address
	if !s.form.Visible() {
		s.say(lang.L("Asking the server"), false)
	}
	a.on(laneNet, func(ctx context.Context) func() {
		profile, err := a.backend.Profile(ctx, s.id, own)
		return func() {
			switch {
			case err == nil && !s.form.Visible():
				s.fill(profile)
				s.say("", false)
				s.askAudiences()
			case err != nil && !s.form.Visible():
				s.say(failureText(err), true)
			}
		}
	})
}

// fill puts a profile into the form.
func (s *profileSection) fill(profile account.Profile) {
	s.kept = profile
	for i, f := range profileFields() {
		s.fields[i].SetText(*f.of(&profile))
	}
	s.open.Set(profile.Open)
	s.changed()
}

// askAudiences asks the server who can see what. It is not said where nothing is
// known.
func (s *profileSection) askAudiences() {
	a := s.p.a
	a.on(laneNet, func(ctx context.Context) func() {
		seen, err := a.backend.Audiences(ctx, s.id)
		if err != nil {
			seen = account.Audiences{}
		}
		return func() {
			info := a.model.account(s.id)
			if info == nil {
				return
			}
			if info.Avatar == "" {
				seen.Picture = account.AudienceUnknown
			}
			if s.kept.Nick == "" {
				seen.Name = account.AudienceUnknown
			}
			s.now.SetText(audienceText(seen))
			s.changed()
		}
	})
}

// audienceText says who can see what of a profile; empty when that is not known.
func audienceText(seen account.Audiences) string {
	var lines []string
	for _, part := range []struct {
		of   account.Audience
		text string
	}{
		{seen.Picture, lang.L("Who sees your picture: {{.Who}}", map[string]any{"Who": audienceName(seen.Picture)})},
		{seen.Name, lang.L("Who sees your nickname: {{.Who}}", map[string]any{"Who": audienceName(seen.Name)})},
		{seen.Card, lang.L("Who sees the rest: {{.Who}}", map[string]any{"Who": audienceName(seen.Card)})},
	} {
		if part.of != account.AudienceUnknown {
			lines = append(lines, part.text)
		}
	}
	return strings.Join(lines, "\n")
}

func audienceName(of account.Audience) string {
	switch of {
	case account.AudienceAll:
		return lang.L("everybody")
	case account.AudienceMaybeAll:
		return lang.L("contacts, and perhaps everybody, since your server copies it to a public place")
	}
	return lang.L("contacts who see when you are online")
}

// typed is the profile as the form has it. What the form does not show stays.
func (s *profileSection) typed() account.Profile {
	profile := s.kept
	for i, f := range profileFields() {
		*f.of(&profile) = s.fields[i].Text()
	}
	profile.Open = s.open.On()
	return profile
}

// changed says who may read it, and offers to save what is new.
func (s *profileSection) changed() {
	text := lang.L("Only contacts who see when you are online")
	if s.open.On() {
		text = lang.L("Anybody who knows your address can see your picture and read this")
	}
	s.who.SetText(text)
	if show(s.now, s.now.Text() != "" && s.open.On() == s.kept.Open) {
		s.p.fit()
	}
	enable(s.save, s.typed() != s.kept)
}

// keep has the server keep what is typed. The picture follows the switch.
func (s *profileSection) keep() {
	profile, a := s.typed(), s.p.a
	info := a.model.account(s.id)
	if profile == s.kept || info == nil {
		return
	}
	again, own := profile.Open != s.kept.Open && info.Avatar != "", info.Address
	s.save.Disable()
	a.on(laneNet, func(ctx context.Context) func() {
		err := a.backend.SetProfile(ctx, s.id, profile)
		if picture, _, ok := a.backend.Avatar(s.id, own); err == nil && again && ok {
			err = a.backend.SetAvatar(ctx, s.id, picture, profile.Open)
		}
		return func() {
			if err != nil {
				a.fail(err)
				s.changed()
				return
			}
			s.kept = profile
			s.now.SetText("") // as it was
			s.changed()
			s.askAudiences()
			a.toast(lang.L("Your profile is saved"))
		}
	})
}

// choose asks for a picture and for the part of it to show.
func (s *profileSection) choose() {
	a := s.p.a
	a.choosePicture(func(picture []byte) {
		open := s.open.On()
		a.on(laneNet, func(ctx context.Context) func() {
			if err := a.backend.SetAvatar(ctx, s.id, picture, open); err != nil {
				return func() { a.fail(err) }
			}
			return func() {
				s.askAudiences()
				a.toast(lang.L("Your picture is changed"))
			}
		})
	})
}

// takeAway asks before the picture goes.
func (s *profileSection) takeAway() {
	a := s.p.a
	a.ask(question{
		title: lang.L("Take your picture away?"), text: lang.L("Others see the first letter of your name in its place."),
		yes: lang.L("Take it away"), no: lang.L("Keep it"),
		run: func() {
			a.act(laneNet, func(ctx context.Context) error { return a.backend.ClearAvatar(ctx, s.id) })
		},
	})
}
