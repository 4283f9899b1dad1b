package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// row is a line of the table: one specification and how far it is followed.
type row struct {
	kind    string // "RFC" or "XEP"
	number  string // four digits, as in addresses
	title   string
	version string // of a XEP; empty for an RFC
	status  string // one of statuses
	leftOut string
	tests   []testName
}

// testName names a test that proves a row.
type testName struct{ pkg, name string }

// statuses are the words DOAP knows for a XEP (XEP-0453, section 3), those that can be proved.
var statuses = []string{"complete", "partial"}

var (
	nameCell = regexp.MustCompile(`^\[(RFC|XEP)[ -](\d{4})\]\(https://\S+\) (.+)$`)
	testCell = regexp.MustCompile("^`(linnet[a-z0-9/]*) (Test[A-Za-z0-9_]*|Fuzz[A-Za-z0-9_]*)`$")
)

// parseTable reads the lines of the table whose first cell links to an RFC or a
// XEP. Its columns are: name, version, status, what is left out, tests.
func parseTable(text string) ([]row, error) {
	var rows []row
	for n, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "| [") {
			continue
		}
		r, err := parseRow(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		if slices.ContainsFunc(rows, func(o row) bool { return o.kind == r.kind && o.number == r.number }) {
			return nil, fmt.Errorf("line %d: %s %s is there twice", n+1, r.kind, r.number)
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return nil, errors.New("no table")
	}
	return rows, nil
}

func parseRow(line string) (row, error) {
	cells := strings.Split(strings.Trim(line, "| "), "|")
	if len(cells) != 5 {
		return row{}, fmt.Errorf("%d cells, want 5", len(cells))
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	m := nameCell.FindStringSubmatch(cells[0])
	if m == nil {
		return row{}, fmt.Errorf("the first cell is %q, want [XEP-0030](https://...) Title", cells[0])
	}
	r := row{kind: m[1], number: m[2], title: m[3], version: cells[1], status: cells[2], leftOut: cells[3]}
	if !slices.Contains(statuses, r.status) {
		return row{}, fmt.Errorf("status %q, want one of %q", r.status, statuses)
	}
	if r.status == "partial" && r.leftOut == "" {
		return row{}, errors.New("partial, but nothing is said to be left out")
	}
	if (r.kind == "XEP") != (r.version != "") {
		return row{}, errors.New("a XEP has a version, an RFC none")
	}
	for test := range strings.SplitSeq(cells[4], ",") {
		m := testCell.FindStringSubmatch(strings.TrimSpace(test))
		if m == nil {
			return row{}, fmt.Errorf("the last cell holds %q, want `linnet/package TestName`", test)
		}
		r.tests = append(r.tests, testName{m[1], m[2]})
	}
	return r, nil
}
