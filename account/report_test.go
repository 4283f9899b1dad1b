package account

import (
	"errors"
	"slices"
	"testing"

	"linnet/account/stream"
)

// TestReport asks why an account is connected, and why it is not.
func TestReport(t *testing.T) {
	p := newProfile(t)
	p.server.set(func() { p.server.features = []string{"urn:xmpp:mam:2", "urn:xmpp:carbons:2"} })
	id := p.addStored()
	r := p.run()
	c := p.server.next()
	want := []string{"urn:xmpp:carbons:2", "urn:xmpp:mam:2"}
	r.eventually("the features of the account", func() bool {
		got, err := r.Report(id)
		return err == nil && slices.Equal(got.AccountFeatures, want)
	})
	got, err := r.Report(id)
	if err != nil {
		t.Fatal(err)
	}
	if got.Address != testAddress || got.Info.JID.String() != c.full || !got.Done || got.Err != nil || got.OnlineSince.IsZero() {
		t.Errorf("while online: %+v", got)
	}
	c.cut()
	p.server.set(func() { p.server.password = "another" })
	r.eventually("the refusal", func() bool {
		got, _ = r.Report(id)
		return errors.As(got.Err, new(*stream.AuthError))
	})
	if last := got.Steps[len(got.Steps)-1]; last.Step != stream.StepAuth || last.Err == nil || got.Lost == nil {
		t.Errorf("after the loss: %+v", got)
	}
	if _, err := r.Report(id + 1); !errors.Is(err, ErrNoAccount) {
		t.Errorf("of no account: %v", err)
	}
}

// TestSetActive tells servers whether anybody looks, also those of links that
// come later.
func TestSetActive(t *testing.T) {
	p := newProfile(t)
	p.server.set(func() { p.server.offer, p.server.managed = "<csi xmlns='urn:xmpp:csi:0'/>", true })
	id := p.addStored()
	r := p.run()
	c := p.server.next()
	is := func(state string) {
		t.Helper()
		c.find(state, func(e element) bool { return e.XMLName.Space == "urn:xmpp:csi:0" && e.XMLName.Local == state })
	}
	c.presence("")
	r.SetActive(false)
	is("inactive")
	r.SetActive(true)
	is("active")
	r.SetActive(false)
	is("inactive")
	c.cut()
	if c = p.server.next(); !c.resumed {
		t.Fatal("a new stream")
	}
	is("inactive")
	for _, enabled := range []bool{false, true} {
		if err := r.SetEnabled(t.Context(), id, enabled); err != nil {
			t.Fatal(err)
		}
	}
	if c = p.server.next(); c.resumed {
		t.Fatal("the stream goes on")
	}
	is("inactive")
	r.SetActive(true)
	is("active")
}
