package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

func table(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, tableFile))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := parseTable(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestNamedTestsExist fails when the table, or what stands around it, claims a
// proof that is not there.
func TestNamedTestsExist(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, tableFile))
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]map[string]bool)
	proofs := regexp.MustCompile(`linnet/\S+ (Test|Fuzz)\w+`).FindAllString(string(text), -1)
	for _, proof := range proofs {
		pkg, name, _ := strings.Cut(proof, " ")
		if known[pkg] == nil {
			known[pkg] = testsOf(t, filepath.Join(root, strings.TrimPrefix(pkg, "linnet")))
		}
		if !known[pkg][name] {
			t.Errorf("there is no %s in %s", name, pkg)
		}
	}
	for _, r := range table(t) {
		for _, proof := range r.tests {
			if !slices.Contains(proofs, proof.pkg+" "+proof.name) {
				t.Errorf("%s %s: %s was not looked for", r.kind, r.number, proof.name)
			}
		}
	}
}

// testsOf lists the test functions of a directory, whatever system they are for.
func testsOf(t *testing.T, dir string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[string]bool)
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				names[f.Name.Name] = true
			}
		}
	}
	return names
}

func TestDoapIsUpToDate(t *testing.T) {
	want, err := render(table(t))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, doapFile))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what %s says: run 'make doap'", doapFile, tableFile)
	}
}

func TestParseRow(t *testing.T) {
	good := "| [XEP-0030](https://xmpp.org/extensions/xep-0030.html) Service Discovery | 2.5.0 | partial | items & more | `linnet/account TestDisco`, `linnet/account/stream FuzzDisco` |"
	rows, err := parseTable("# Title\n\n| Name | Version |\n|---|---|\n" + good + "\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || rows[0].number != "0030" || len(rows[0].tests) != 2 || rows[0].tests[1] != (testName{"linnet/account/stream", "FuzzDisco"}) {
		t.Errorf("got %+v", rows)
	}
	out, err := render(rows)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "Left out: items &amp; more<") {
		t.Errorf("got %s", out)
	}
	for d := xml.NewDecoder(bytes.NewReader(out)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, bad := range []string{
		strings.Replace(good, "2.5.0", "", 1),
		strings.Replace(good, "partial", "planned", 1),
		strings.Replace(good, "items & more", "", 1),
		strings.Replace(good, "`linnet/account TestDisco`", "see the tests", 1),
		strings.Replace(good, "[XEP-0030]", "[XEP-30]", 1),
		good + " more |",
		good + "\n" + good,
		"no table",
	} {
		if _, err := parseTable(bad); err == nil {
			t.Errorf("taken: %s", bad)
		}
	}
}
