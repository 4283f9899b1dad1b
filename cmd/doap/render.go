package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

const head = `<?xml version="1.0" encoding="UTF-8"?>
<!-- Written by "make doap" from docs/protocol.md: change that, not this. -->
<rdf:RDF xmlns="http://usefulinc.com/ns/doap#"
         xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns:xmpp="https://linkmauve.fr/ns/xmpp-doap#">
  <Project>
    <name>Linnet</name>
    <shortdesc xml:lang="en">A desktop messenger for XMPP</shortdesc>
    <description xml:lang="en">Linnet is a calm desktop messenger for XMPP, for several accounts at once, in one window.</description>
    <license rdf:resource="https://spdx.org/licenses/GPL-3.0-or-later.html"/>
    <programming-language>Go</programming-language>
    <os>Linux</os>
    <category rdf:resource="https://linkmauve.fr/ns/xmpp-doap#category-client"/>
`

const foot = `  </Project>
</rdf:RDF>
`

// render writes the rows in their order.
func render(rows []row) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(head)
	for _, r := range rows {
		if r.kind == "RFC" {
			fmt.Fprintf(&b, "    <implements rdf:resource=\"https://www.rfc-editor.org/info/rfc%s\"/>\n", r.number)
			continue
		}
		b.WriteString("    <implements>\n      <xmpp:SupportedXep>\n")
		fmt.Fprintf(&b, "        <xmpp:xep rdf:resource=\"https://xmpp.org/extensions/xep-%s.html\"/>\n", r.number)
		fmt.Fprintf(&b, "        <xmpp:status>%s</xmpp:status>\n", r.status)
		fmt.Fprintf(&b, "        <xmpp:version>%s</xmpp:version>\n", r.version)
		if r.leftOut != "" {
			b.WriteString("        <xmpp:note xml:lang=\"en\">Left out: ")
			if err := xml.EscapeText(&b, []byte(r.leftOut)); err != nil {
				return nil, err
			}
			b.WriteString("</xmpp:note>\n")
		}
		b.WriteString("      </xmpp:SupportedXep>\n    </implements>\n")
	}
	b.WriteString(foot)
	return b.Bytes(), nil
}
