package widgets

// LinksIn gives the addresses in a text that a transcript would open, in order,
// as they are opened.
func LinksIn(text string) []string {
	text = sanitise(text)
	var out []string
	for _, l := range findLinks(text) {
		out = append(out, l.url)
	}
	return out
}
