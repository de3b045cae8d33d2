package say

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"slasim/model"
)

// verbs lists the places of a template as "argument form", without plurals, which only English needs.
func verbs(t string) []string {
	seen := map[string]bool{}
	var walk func(string)
	walk = func(t string) {
		for i := strings.IndexByte(t, '%'); i >= 0; i = strings.IndexByte(t, '%') {
			v, rest := nextVerb(t[i:])
			t = rest
			switch v.form {
			case '%', '{':
			case '<':
				seen[fmt.Sprint(v.arg, " optional")] = true
				walk(v.one)
			default:
				seen[fmt.Sprint(v.arg, " ", string(v.form))] = true
			}
		}
	}
	walk(t)
	var list []string
	for v := range seen {
		list = append(list, v)
	}
	sort.Strings(list)
	return list
}

// western is punctuation of half width beside a Chinese character; a colon with a blank is that of a file.
var western = regexp.MustCompile(`\p{Han}[,;!?(]|[,:;)]\p{Han}`)

func TestBothLanguagesSayTheSame(t *testing.T) {
	for code, p := range catalogue {
		if p.en == "" || p.zh == "" {
			t.Errorf("%s lacks a language", code)
		}
		if a, b := fmt.Sprint(verbs(p.en)), fmt.Sprint(verbs(p.zh)); a != b {
			t.Errorf("%s uses %s in English, %s in Chinese", code, a, b)
		}
		if western.MatchString(p.zh) {
			t.Errorf("%s: western punctuation in %q", code, p.zh)
		}
		for _, text := range []string{p.en, p.zh} {
			for i := strings.IndexByte(text, '%'); i >= 0; {
				v, rest := nextVerb(text[i:])
				if v.form == '%' && !strings.HasPrefix(text[i:], "%%") || !strings.ContainsRune("%sdhpmw{<", rune(v.form)) {
					t.Errorf("%s has a malformed verb in %q", code, text)
				}
				text, i = rest, strings.IndexByte(rest, '%')
			}
		}
	}
}

// TestEveryCodeHasAText reads the sources: literals given to T, Has, Msg{Code:}, usage, and constants named Code….
func TestEveryCodeHasAText(t *testing.T) {
	used := map[string]string{} // code: where
	set := token.NewFileSet()
	literal := func(e ast.Expr) (string, bool) {
		lit, ok := e.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(lit.Value)
		return s, err == nil
	}
	err := filepath.WalkDir("../../..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			at := func(code string) { used[code] = set.Position(n.Pos()).String() }
			switch x := n.(type) {
			case *ast.CallExpr:
				var called string
				switch fun := x.Fun.(type) {
				case *ast.SelectorExpr:
					called = fun.Sel.Name
				case *ast.Ident:
					called = fun.Name
				}
				if len(x.Args) > 0 && (called == "T" || called == "t" || called == "note" || called == "usage") {
					if code, ok := literal(x.Args[0]); ok && strings.Contains(filepath.ToSlash(name), "/cmd/internal/") {
						at(code)
					}
				}
			case *ast.CompositeLit:
				if sel, ok := x.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Msg" || x.Type == nil {
					for _, e := range x.Elts {
						if kv, ok := e.(*ast.KeyValueExpr); ok {
							if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Code" {
								if code, ok := literal(kv.Value); ok {
									at(code)
								}
							}
						}
					}
				}
			case *ast.ValueSpec:
				for i, id := range x.Names {
					if strings.HasPrefix(strings.ToLower(id.Name), "code") && i < len(x.Values) {
						if code, ok := literal(x.Values[i]); ok {
							at(code)
						}
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(used) < 100 {
		t.Fatalf("only %d codes found in the sources", len(used))
	}
	for code, where := range used {
		if !Has(code) && !strings.HasSuffix(code, ".") {
			t.Errorf("%s: %s has no text", where, code)
		}
	}
}

func TestStatesAndActivitiesHaveWords(t *testing.T) {
	for _, name := range model.IntervalKinds() {
		if !Has("state." + name) {
			t.Errorf("state.%s has no text", name)
		}
	}
	for a := range model.NumActivities {
		if !Has("activity." + a.String()) {
			t.Errorf("activity.%s has no text", a)
		}
	}
	for s := range model.NumSubjects {
		for _, m := range s.Milestones() {
			if code := "milestone." + s.String() + "." + m; !Has(code) {
				t.Errorf("%s has no text", code)
			}
		}
	}
}

func TestForms(t *testing.T) {
	en, zh := New(model.En), New(model.Zh)
	for _, c := range []struct{ got, want string }{
		{en.Span(45 * time.Second), "45 s"},
		{en.Span(90 * time.Second), "1 min 30 s"},
		{en.Span(130 * time.Minute), "2 h 10 min"},
		{zh.Span(130 * time.Minute), "2小时10分"},
		{en.Span(72 * time.Hour), "72 h"},
		{en.Span(123 * time.Hour), "5 d 3 h"},
		{en.Span(0), "0 s"},
		{en.Span(-time.Hour), "−1 h"},
		{en.Span(model.Unset), "–"},
		{en.Span(time.Hour + 59*time.Minute + 59*time.Second), "2 h"},
		{en.Hours(0.1), "6 min"},
		{en.Hours(1.0 / 120), "30 s"},
		{en.Brief(130.0 / 60), "2 h 10"},
		{zh.Brief(130.0 / 60), "2小时10分"},
		{en.Percent(0.77), "77 %"},
		{zh.Percent(0.77), "77%"},
		{en.Percent(0), "0 %"},
		{en.Percent(1), "100 %"},
		{en.Percent(0.996), "99.6 %"},
		{en.Percent(0.99996), "99.996 %"},
		{en.Percent(0.9999999), "99.9999 %"},
		{en.Percent(0.004), "0.4 %"},
		{en.Percent(-0.03), "−3 %"},
		{en.Number(0.1234), "0.12"},
		{en.Number(12), "12"},
		{en.Number(12.34), "12.3"},
		{en.Number(12345.6), "12,346"},
		{en.Number(-2.5), "−2.5"},
		{en.Money(5.98e6, "CNY"), "CNY 5.98 M"},
		{zh.Money(5.98e6, "CNY"), "598 万元"},
		{zh.Money(5.98e6, "EUR"), "598 万 EUR"},
		{zh.Money(2.5e8, "CNY"), "2.50 亿元"},
		{en.Amount(45000), "45.0 k"},
		{en.Amount(950), "950"},
		{en.expand("%[1]s %[1]{clause holds|clauses hold}", []any{1}), "1 clause holds"},
		{en.expand("%[1]s %[1]{clause holds|clauses hold}", []any{2}), "2 clauses hold"},
		{en.expand("a%[1]<, did you mean %[1]s?>b%%", []any{""}), "ab%"},
		{en.expand("a%[1]<, did you mean %[1]s?>b", []any{"x"}), "a, did you mean x?b"},
		{en.expand("%[1]d", []any{float64(90 * time.Minute)}), "1 h 30 min"},
		{en.expand("%[1]p %[2]h", []any{0.5, 1.5}), "50 % 1 h 30 min"},
		{en.expand("%[1]s", []any{map[string]any{"en": "desk", "zh": "服务台"}}), "desk"},
		{zh.expand("%[1]s", []any{model.Text{En: "desk", Zh: "服务台"}}), "服务台"},
		{zh.expand("%[1]s", []any{[]string{"a", "b"}}), "a、b"},
		{zh.expand("%[1]s", []any{model.Msg{Code: "word.list"}}), "列表"},
		{en.T("no.such.code", 1, "x"), "no.such.code 1 x"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	for _, c := range []struct {
		flag string
		env  func(string) string
		want model.Lang
		ok   bool
	}{
		{"", env(), model.En, true},
		{"", env("LANG", "zh_CN.UTF-8"), model.Zh, true},
		{"", env("LANG", "zh_CN.UTF-8", "LC_ALL", "C"), model.En, true},
		{"", env("LANG", "en_GB", "LC_MESSAGES", "zh_TW"), model.Zh, true},
		{"en", env("LANG", "zh_CN.UTF-8"), model.En, true},
		{"zh", env(), model.Zh, true},
		{"fr", env(), model.En, false},
	} {
		if got, ok := ParseLang(c.flag, c.env); got != c.want || ok != c.ok {
			t.Errorf("--lang %q: %v %v, want %v %v", c.flag, got, ok, c.want, c.ok)
		}
	}
}

func FuzzExpand(f *testing.F) {
	f.Add("%[1]s %[2]{a|b} %[1]<x %[2]p> %%")
	f.Add("%[")
	f.Add("%[9]q%[1]{")
	f.Fuzz(func(_ *testing.T, s string) { New(model.En).expand(s, []any{"x", 1.5}) })
}
