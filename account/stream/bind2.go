package stream

import (
	"errors"
	"slices"

	"mellium.im/xmpp/jid"
)

const (
	nsBind2   = "urn:xmpp:bind:0" // XEP-0386
	nsCarbons = "urn:xmpp:carbons:2"
)

// bind2 is the wish for a resource, and what is to be enabled with it.
type bind2 struct {
	carbons, csi, manages bool
	inactive              bool
}

// newBind2 reads what a server offers; nil when that is nothing.
func newBind2(offered *element, inactive bool) *bind2 {
	if offered == nil {
		return nil
	}
	var features []string
	if inline := offered.child(nsBind2, "inline"); inline != nil {
		for _, f := range inline.Children {
			features = append(features, f.attr("var"))
		}
	}
	return &bind2{
		carbons: slices.Contains(features, nsCarbons), csi: slices.Contains(features, nsCSI),
		manages: slices.Contains(features, nsSM), inactive: inactive,
	}
}

func (b *bind2) wish() string {
	text := "<bind xmlns='" + nsBind2 + "'><tag>" + software + "</tag>"
	if b.carbons {
		text += "<enable xmlns='" + nsCarbons + "'/>"
	}
	if b.csi {
		text += clientState(!b.inactive)
	}
	if b.manages {
		text += enableSM
	}
	return text + "</bind>"
}

// enabled is Info.enabled once the resource is bound.
func (b *bind2) enabled() string {
	list := " "
	if b.carbons {
		list += nsCarbons + " "
	}
	if b.csi {
		list += nsCSI + " "
	}
	return list
}

// boundAlong takes what the server has done along with signing us in.
func (m *modern) boundAlong(self jid.JID, bound, features *element) (jid.JID, error) {
	if self.Resourcepart() == "" {
		return jid.JID{}, m.strange(errors.New("no address was bound"))
	}
	m.info.enabled = m.bind.enabled()
	switch enabled := bound.child(nsSM, "enabled"); {
	case enabled != nil && m.bind.manages:
		m.managed = newManaged(enabled)
	case !m.bind.manages && features.child(nsSM, "sm") != nil:
		return self, m.enable()
	}
	return self, nil
}
