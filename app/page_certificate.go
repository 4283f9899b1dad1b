package app

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"strings"

	"fyne.io/fyne/v2/lang"

	"linnet/account/stream"
	"linnet/widgets"
)

// showCertificate asks whether to trust a certificate that did not verify.
// trust gets its SHA-256 when the user says so; leaving the page connects to
// nothing.
func (a *App) showCertificate(e *stream.CertificateError, trust func(sum []byte)) {
	if len(e.Chain) == 0 {
		a.toast(failureText(e))
		return
	}
	leaf := e.Chain[0]
	sum := sha256.Sum256(leaf.Raw)
	var p *cardPage
	leave := func() { a.pages.remove(p) }
	no := widgets.NewButton(lang.L("Do not connect"), widgets.ButtonFilled, leave)
	yes := widgets.NewButton(lang.L("Trust this certificate"), widgets.ButtonOutlined, func() {
		leave()
		trust(sum[:])
	})
	p = newCardPage(notionWidth,
		widgets.NewHeading(lang.L("This may not be {{.Domain}}", map[string]any{"Domain": e.Domain}), widgets.TextTitle),
		widgets.NewParagraph(certificateReason(e), widgets.TextBody, widgets.ColorSecondary),
		widgets.NewInset(widgets.NewColumn(4,
			widgets.NewValueRow(lang.L("Issued to"), subject(leaf)),
			widgets.NewValueRow(lang.L("Issued by"), issuer(leaf)),
			widgets.NewValueRow(lang.L("Valid"), lang.L("{{.From}} to {{.To}}", map[string]any{"From": date(leaf.NotBefore.Local()), "To": date(leaf.NotAfter.Local())})),
			widgets.NewParagraph(lang.L("Fingerprint")+" (SHA-256)", widgets.TextSecondary, widgets.ColorText),
			widgets.NewParagraph(fingerprint(sum[:]), widgets.TextSecondary, widgets.ColorText).Monospaced(),
		)),
		widgets.NewGap(2),
		widgets.NewButtonRow(yes, no),
	)
	p.first = func() { a.win.Canvas().Focus(no) }
	a.pages.push(p)
}

// certificateReason says why a certificate did not verify and what that means.
func certificateReason(e *stream.CertificateError) string {
	switch e.Reason {
	case stream.CertWrongName:
		return lang.L("The server showed a certificate for another name. Someone on the network could be reading along.")
	case stream.CertExpired:
		return lang.L("The server's certificate has run out. Its operator may have forgotten to renew it, or someone on the network could be reading along.")
	case stream.CertNotYet:
		return lang.L("The server's certificate is not valid yet. Check the clock of this computer.")
	case stream.CertUnknownIssuer:
		return lang.L("The server showed a certificate that nobody your computer trusts has signed. Someone on the network could be reading along.")
	}
	return lang.L("The server's certificate could not be checked. Someone on the network could be reading along.")
}

// subject is whom a certificate is for; the words are the certificate's own
// and made harmless.
func subject(c *x509.Certificate) string {
	names := c.DNSNames
	if len(names) == 0 {
		names = []string{c.Subject.CommonName}
	}
	return widgets.Harmless(someNames(names))
}

// someNames are the first few of some names.
func someNames(names []string) string {
	const most = 3 // the rest would push the fingerprint off the page
	more := ""
	if len(names) > most {
		names, more = names[:most], ", …"
	}
	return strings.Join(names, ", ") + more
}

func issuer(c *x509.Certificate) string {
	if c.Issuer.String() == c.Subject.String() {
		return lang.L("itself")
	}
	name := c.Issuer.CommonName
	if len(c.Issuer.Organization) > 0 {
		name = c.Issuer.Organization[0]
	}
	return widgets.Harmless(name)
}

// fingerprint is a digest in groups that can be read out.
func fingerprint(sum []byte) string {
	digits := strings.ToUpper(hex.EncodeToString(sum))
	var groups []string
	for len(digits) > 0 {
		groups = append(groups, digits[:4])
		digits = digits[4:]
	}
	return strings.Join(groups, " ")
}
