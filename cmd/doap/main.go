// Command doap writes linnet.doap, the description of the project that the
// XMPP community's lists of clients read (XEP-0453), from the table in
// docs/protocol.md. It is run from the top of the project.
package main

import (
	"fmt"
	"os"
)

const (
	tableFile = "docs/protocol.md"
	doapFile  = "linnet.doap"
)

func main() {
	if err := generate(); err != nil {
		fmt.Fprintln(os.Stderr, "doap:", err)
		os.Exit(1)
	}
}

func generate() error {
	text, err := os.ReadFile(tableFile)
	if err != nil {
		return err
	}
	rows, err := parseTable(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", tableFile, err)
	}
	out, err := render(rows)
	if err != nil {
		return err
	}
	return os.WriteFile(doapFile, out, 0o644)
}
