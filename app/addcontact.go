package app

import (
	"context"
	"strings"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

// addContact is what the card begins with.
type addContact struct {
	account storage.AccountID // 0 for the first
	address string
	name    string
}

// addContactCard asks for a new contact.
type addContactCard struct {
	a                             *App
	card                          *card
	address, name, group, message *widgets.Field
	accounts                      *accountChoice
	add                           *widgets.Button
}

// formMost is more than the fields of the card need, so that only a low window
// makes them scroll.
const formMost = 600

// showAddContact opens the card that adds a contact.
func (a *App) showAddContact(with addContact) {
	a.cards.closeAll()
	n := &addContactCard{a: a}
	field := func(label, text string) *widgets.Field {
		f := widgets.NewField(label)
		f.SetText(text)
		f.OnShortcut = a.typedShortcut
		f.OnSubmitted = func(string) { n.submit() }
		return f
	}
	n.address = field(lang.L("Address"), with.address)
	n.address.SetPlaceholder("juliet@capulet.example")
	n.name = field(lang.L("Name (optional)"), with.name)
	n.group = field(lang.L("Group (optional)"), "")
	n.message = field(lang.L("Message (optional)"), "")
	n.message.SetHelp(lang.L("They see it with your request"))
	n.accounts = newAccountChoice(a, func() {})
	if with.account != 0 {
		n.accounts.set(with.account)
		n.accounts.asked = true
	}
	n.add = widgets.NewButton(lang.L("Add contact"), widgets.ButtonFilled, n.submit)
	n.card = a.cards.show(widgets.NewColumn(14,
		widgets.NewHeading(lang.L("Add contact"), titleSize),
		newScrolled(a.win, widgets.NewColumn(14, n.address, n.name, n.group, n.message, n.accounts.box), formMost, cardRest),
		widgets.NewButtonRow(cancelButton(&n.card), n.add),
	), widgets.OverlayOptions{})
	n.address.Focus()
}

func (n *addContactCard) submit() {
	address, err := account.ValidateAddress(n.address.Text())
	if err != nil && address.String() == "" {
		n.fail(err)
		return
	}
	jid := address.String()
	id := n.accounts.chosen(jid)
	if info := n.a.model.account(id); info != nil && info.Address == jid {
		n.fail(account.ErrOwnAddress)
		return
	}
	var groups []string
	if g := strings.TrimSpace(n.group.Text()); g != "" {
		groups = []string{g}
	}
	name, message := strings.TrimSpace(n.name.Text()), strings.TrimSpace(n.message.Text())
	n.add.Disable()
	n.a.on(laneNet, func(ctx context.Context) func() {
		err := n.a.backend.AddContact(ctx, id, jid, name, groups, message)
		return func() {
			n.add.Enable()
			if err != nil {
				n.fail(err)
				return
			}
			n.card.close()
			n.a.openChatWith(id, jid, "")
		}
	})
}

func (n *addContactCard) fail(err error) {
	n.address.SetError(failureText(err))
	n.card.fit()
	n.address.Focus()
}
