package app

import (
	"slices"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/widgets"
)

// serverFeature is something a server can do for its users.
type serverFeature struct {
	name string
	spec string // where it is written down
	lack string // what it means for the user when it is missing
	// known and there tell whether it is known if the server has it, and
	// whether it does.
	known, there func(account.Report) bool
}

// Namespaces of what a server announces.
const (
	nsCarbons  = "urn:xmpp:carbons:2"
	nsMAM      = "urn:xmpp:mam:2"
	nsSM       = "urn:xmpp:sm:3"
	nsCSI      = "urn:xmpp:csi:0"
	nsBlocking = "urn:xmpp:blocking"
	nsPublish  = "http://jabber.org/protocol/pubsub#publish"
	nsVersions = "urn:xmpp:features:rosterver"
	nsPush     = "urn:xmpp:push:0"
)

// serverFeatures are what of a server makes a difference to the user, the most
// important first.
func serverFeatures() []serverFeature {
	announced := func(r account.Report) bool { return len(r.AccountFeatures)+len(r.ServerFeatures) > 0 }
	announces := func(ns string) func(account.Report) bool {
		return func(r account.Report) bool {
			return slices.Contains(r.AccountFeatures, ns) || slices.Contains(r.ServerFeatures, ns)
		}
	}
	connected := func(r account.Report) bool { return r.Done && r.Err == nil }
	offers := func(ns string) func(account.Report) bool {
		return func(r account.Report) bool { return slices.Contains(r.Features, ns) || r.Info.Enabled(ns) }
	}
	return []serverFeature{
		{
			lang.L("Keeps your messages"), "XEP-0313",
			lang.L("Messages sent while you are offline on all devices may be lost, and this device cannot load older messages."),
			announced, announces(nsMAM),
		},
		{
			lang.L("Copies to all your devices"), "XEP-0280",
			lang.L("What you write or get on another device does not show here at once."),
			announced, announces(nsCarbons),
		},
		{
			lang.L("Takes up a dropped connection"), "XEP-0198",
			lang.L("After a short break everything is asked for anew, and messages arrive later."),
			connected, func(r account.Report) bool { return r.Resumable || offers(nsSM)(r) },
		},
		{
			lang.L("Blocks people"), "XEP-0191",
			lang.L("You cannot keep anybody from writing to you."),
			announced, announces(nsBlocking),
		},
		{
			lang.L("Tells your devices what you have read"), "XEP-0163",
			lang.L("What you read here stays unread on your other devices, and the other way round."),
			announced, announces(nsPublish),
		},
		{
			lang.L("Keeps quiet while nobody looks"), "XEP-0352",
			lang.L("This computer is told of everything at once, which takes a little more power and data."),
			connected, offers(nsCSI),
		},
		{
			lang.L("Signs you in quickly"), "XEP-0388",
			lang.L("Connecting takes a few steps more, and needs the password each time."),
			connected, func(r account.Report) bool { return r.Info.SASL2 },
		},
		{
			lang.L("Tells what changed in your contact list"), "RFC 6121",
			lang.L("The whole list is fetched each time, which takes longer when it is long."),
			connected, offers(nsVersions),
		},
		{
			lang.L("Wakes up phones"), "XEP-0357",
			lang.L("Apps on a phone may tell you late of new messages. It makes no difference to this computer."),
			announced, announces(nsPush),
		},
	}
}

// featureSteps shows what is known of what a server can do; more says that the
// rest is known only when there is a connection.
func featureSteps(r account.Report) (steps []widgets.Step, more bool) {
	for _, f := range serverFeatures() {
		s := widgets.Step{Title: f.name, End: f.spec, Mark: widgets.MarkDone}
		switch {
		case f.there(r):
		case f.known(r):
			s.Mark, s.Text = widgets.MarkMissing, f.lack
		default:
			more = true
			continue
		}
		steps = append(steps, s)
	}
	return steps, more
}
