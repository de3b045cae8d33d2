package slasim_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// layer says what a package may import from this module. An entry that ends in /... stands for the package and all
// below it. Knowledge flows to the left: model ← sim ← cmd, with scenarios beside sim.
type layer struct {
	pkg  string
	uses []string
}

// layers are tried in order; the first that matches a package counts.
var layers = []layer{
	{"model", nil},
	{"model/calendar", []string{"model"}},
	{"model/clock", []string{"model", "model/calendar"}},
	{"model/contract", []string{"model", "model/calendar", "model/clock"}},
	{"model/...", []string{"model/..."}},

	{"scenarios/internal/...", []string{"model/..."}},
	{"scenarios/...", []string{"model/...", "scenarios/..."}},

	{"sim/rng", []string{"model"}},
	{"sim/stats", []string{"model"}},
	{"sim/queueing", nil},
	{"sim/policy", []string{"model/..."}},
	{"sim/record", []string{"model/...", "sim/judge"}},
	{"sim/judge", []string{"model/...", "sim/rng", "sim/stats", "sim/bound"}},
	{"sim/audit", []string{"model", "sim/record"}},
	{"sim/bound", []string{"model/...", "sim/rng", "sim/stats"}},
	{"sim/why", []string{"model/...", "sim", "sim/experiment", "sim/judge", "sim/plan", "sim/record", "sim/rng", "sim/stats"}},
	{"sim/internal/...", []string{"model/..."}},
	{"sim", []string{"model/...", "sim/rng", "sim/policy", "sim/internal/..."}},
	{"sim/...", []string{"model/...", "sim/..."}},

	{"cmd/internal/say", []string{"model"}},
	{"cmd/internal/bid", []string{"model/...", "scenarios/...", "sim/..."}},
	{"cmd/internal/report", []string{"cmd/internal/say", "cmd/internal/bid", "model/...", "sim/..."}},
	{"cmd/...", []string{"cmd/...", "model/...", "scenarios/...", "sim/..."}},
}

// owners are the only users of a library, besides tests.
var owners = map[string][]string{
	"go.yaml.in/yaml/v4":                       {"scenarios/internal/tree"},
	"github.com/spf13/cobra":                   {"cmd/internal/cli"},
	"github.com/spf13/pflag":                   {"cmd/internal/cli"},
	"github.com/olekukonko/tablewriter":        {"cmd/internal/report"},
	"gonum.org/v1/plot":                        {"cmd/internal/report"},
	"golang.org/x/image":                       {"cmd/internal/report"},
	"github.com/parquet-go/parquet-go":         {"sim/record", "scenarios/history"},
	"github.com/xuri/excelize/v2":              {"scenarios/history", "cmd/internal/report"},
	"encoding/csv":                             {"scenarios/history", "scenarios/catalogue", "cmd/internal/report", "model/calendar"},
	"github.com/invopop/jsonschema":            {"scenarios"},
	"github.com/santhosh-tekuri/jsonschema/v6": {},
	"golang.org/x/term":                        {"cmd/slasim"},
	"os/signal":                                {"cmd/slasim"},
}

// under reports whether pkg is pattern, or below it if pattern ends in /...
func under(pkg, pattern string) bool {
	base, deep := strings.CutSuffix(pattern, "/...")
	return pkg == base || deep && strings.HasPrefix(pkg, base+"/")
}

// file is a Go file of the repository.
type file struct {
	name string // with slashes
	pkg  string // directory
	test bool
	ast  *ast.File
}

// goFiles parses every Go file outside testdata.
func goFiles(t *testing.T) (*token.FileSet, []file) {
	t.Helper()
	set := token.NewFileSet()
	var files []file
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() {
			if base := d.Name(); base == "testdata" || base != "." && strings.HasPrefix(base, ".") {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		parsed, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		files = append(files, file{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), parsed})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return set, files
}

// imports maps the names of a file's imports to their paths.
func (f *file) imports() map[string]string {
	m := map[string]string{}
	for _, spec := range f.ast.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(p)
		if len(name) > 1 && name[0] == 'v' && name[1] >= '2' && name[1] <= '9' {
			name = path.Base(path.Dir(p))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		m[name] = p
	}
	return m
}

func TestImportsFlowOneWay(t *testing.T) {
	_, files := goFiles(t)
	for _, f := range files {
		if f.test || f.pkg == "." {
			continue
		}
		i := slices.IndexFunc(layers, func(l layer) bool { return under(f.pkg, l.pkg) })
		if i < 0 {
			t.Errorf("%s: the package %s has no layer; add it to the table", f.name, f.pkg)
			continue
		}
		for _, p := range f.imports() {
			own, ours := strings.CutPrefix(p, "slasim/")
			if ours && own != f.pkg && !slices.ContainsFunc(layers[i].uses, func(u string) bool { return under(own, u) }) {
				t.Errorf("%s imports %s; %s may import %v", f.name, p, f.pkg, layers[i].uses)
			}
			if under(f.pkg, "model/...") && !ours && strings.Contains(strings.SplitN(p, "/", 2)[0], ".") {
				t.Errorf("%s imports %s; model stands on the standard library alone", f.name, p)
			}
			for library, users := range owners {
				if under(p, library+"/...") && !slices.Contains(users, f.pkg) {
					t.Errorf("%s imports %s, which belongs to %v", f.name, p, users)
				}
			}
		}
	}
}

// TestAuditSharesNoClock: the audit must not be able to repeat a mistake of the clock or the calendar, so it may not
// even reach them through its helpers in the same package's files.
func TestAuditSharesNoClock(t *testing.T) {
	_, files := goFiles(t)
	for _, f := range files {
		if f.pkg != "sim/audit" || f.test {
			continue
		}
		for _, p := range f.imports() {
			if p == "slasim/model/clock" || p == "slasim/model/calendar" || p == "slasim/model/contract" || p == "slasim/sim" {
				t.Errorf("%s imports %s", f.name, p)
			}
		}
	}
}

// ownGenerator are the functions of math/rand and math/rand/v2 that make a generator of one's own.
var ownGenerator = []string{"New", "NewPCG", "NewChaCha8", "NewSource", "NewZipf"}

func TestPureBelowCmd(t *testing.T) {
	set, files := goFiles(t)
	for _, f := range files {
		if f.test || under(f.pkg, "cmd/...") {
			continue
		}
		imports := f.imports()
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if id, ok := call.Fun.(*ast.Ident); ok && id.Obj == nil && (id.Name == "print" || id.Name == "println") {
				t.Errorf("%s: %s below cmd", set.Position(n.Pos()), id.Name)
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if !ok || x.Obj != nil {
				return true
			}
			bad := false
			switch imports[x.Name] {
			case "time":
				bad = slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Tick"}, sel.Sel.Name)
			case "math/rand", "math/rand/v2":
				bad = !slices.Contains(ownGenerator, sel.Sel.Name)
			case "fmt":
				bad = strings.HasPrefix(sel.Sel.Name, "Print")
			case "log", "log/slog":
				bad = true
			case "os":
				bad = sel.Sel.Name == "Exit"
			}
			if bad {
				t.Errorf("%s: %s.%s below cmd", set.Position(n.Pos()), x.Name, sel.Sel.Name)
			}
			return true
		})
	}
}

func TestPackageNamesSaySomething(t *testing.T) {
	_, files := goFiles(t)
	for _, f := range files {
		name := strings.TrimSuffix(f.ast.Name.Name, "_test")
		if slices.Contains([]string{"util", "utils", "common", "types", "helpers", "misc", "base"}, name) {
			t.Errorf("%s: package %s says nothing", f.name, name)
		}
	}
}

// TestTextStandsInTheCatalogue: text for people is in cmd/internal/say, so a Chinese string anywhere else in a program's
// file has been written past it. Comments, tests and embedded files are free; so are the names of the statutory holidays,
// which are keys of the embedded days of China.
func TestTextStandsInTheCatalogue(t *testing.T) {
	set, files := goFiles(t)
	for _, f := range files {
		if f.test || f.pkg == "cmd/internal/say" || f.name == "model/calendar/china.go" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if strings.ContainsFunc(lit.Value, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
					t.Errorf("%s: %s stands outside the catalogue", set.Position(lit.Pos()), lit.Value)
				}
			}
			return true
		})
	}
}

// TestModuleHasNoLocalReplace: a clean checkout must build.
func TestModuleHasNoLocalReplace(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "\nreplace") {
		t.Error("go.mod replaces a module")
	}
}
