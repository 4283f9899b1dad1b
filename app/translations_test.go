package app

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const englishFile = "../assets/translations/en.json"

// usedKeys collects the keys of all calls of lang.L, lang.N and lang.X in the
// sources of the packages that draw. A key that is not written out as a literal
// cannot be looked up by translators, so it is an error.
func usedKeys(t *testing.T, dirs ...string) map[string]string {
	t.Helper()
	keys := map[string]string{}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || !isTranslation(call.Fun) {
					return true
				}
				at := set.Position(call.Pos()).String()
				literal, ok := call.Args[0].(*ast.BasicLit)
				if !ok {
					t.Errorf("%s: the key is not a literal", at)
					return true
				}
				key, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				keys[key] = at
				return true
			})
		}
	}
	return keys
}

func isTranslation(fun ast.Expr) bool {
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	if !ok || pkg.Name != "lang" {
		return false
	}
	switch sel.Sel.Name {
	case "L", "N", "X", "XN", "Localize", "LocalizePlural", "LocalizeKey", "LocalizePluralKey":
		return true
	}
	return false
}

func TestEnglishHasEveryKey(t *testing.T) {
	raw, err := os.ReadFile(englishFile)
	if err != nil {
		t.Fatal(err)
	}
	var english map[string]any
	if err := json.Unmarshal(raw, &english); err != nil {
		t.Fatal(err)
	}
	used := usedKeys(t, ".", "../widgets")
	if len(used) < 50 {
		t.Errorf("only %d keys were found in the sources", len(used))
	}
	for key, at := range used {
		if _, ok := english[key]; !ok {
			t.Errorf("%s: %q is not in %s", at, key, englishFile)
		}
	}
	for key := range english {
		if _, ok := used[key]; !ok {
			t.Errorf("%q of %s is not used", key, englishFile)
		}
	}
}
