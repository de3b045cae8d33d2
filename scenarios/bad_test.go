package scenarios

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"slasim/model"
)

var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// wants reads the expectations of a file: # want "…" "…" on the line of a diagnostic, each the start of its
// code and arguments.
func wants(text string) map[int][]string {
	out := map[int][]string{}
	for i, line := range strings.Split(text, "\n") {
		if _, comment, ok := strings.Cut(line, "# want "); ok {
			for _, q := range quoted.FindAllString(comment, -1) {
				s, err := strconv.Unquote(q)
				if err != nil {
					panic(err)
				}
				out[i+1] = append(out[i+1], s)
			}
		}
	}
	return out
}

func said(d model.Diagnostic) string { return fmt.Sprint(d.Msg.Code, " ", d.Msg.Args) }

// Each file of testdata/bad changes the starter and must be answered with exactly the diagnostics that its
// comments name, on their lines.
func TestBadScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, diags := Load(name, Options{FS: fstest.MapFS{"base.yaml": {Data: Starter("base")}, name: {Data: text}}})
			if (s != nil) == diags.HasErrors() {
				t.Errorf("scenario %v, errors %v", s != nil, diags.HasErrors())
			}
			want := wants(string(text))
			for _, d := range diags {
				i := -1
				if d.Pos.File == name && d.Pos.Col > 0 {
					i = slices.IndexFunc(want[d.Pos.Line], func(w string) bool { return strings.HasPrefix(said(d), w) })
				}
				if i < 0 {
					t.Errorf("not wanted: %s: %s", d.Pos, said(d))
					continue
				}
				want[d.Pos.Line] = slices.Delete(want[d.Pos.Line], i, i+1)
			}
			for line, rest := range want {
				for _, w := range rest {
					t.Errorf("line %d: no %q", line, w)
				}
			}
		})
	}
}

func TestBadDocuments(t *testing.T) {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 9; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
	}
	files := fstest.MapFS{
		"gbk.yaml":       {Data: []byte("run:\n  title: \xc9\xf2\xd1\xf4\n")}, // 沈阳 in GBK
		"bomb.yaml":      {Data: []byte(bomb)},
		"self.yaml":      {Data: []byte("a: &a [*a]")},
		"deep.yaml":      {Data: []byte("a: " + strings.Repeat("[", 20_000))},
		"large.yaml":     {Data: bytes.Repeat([]byte("# comment\n"), 500_000)},
		"empty.yaml":     {Data: []byte("# nothing\n")},
		"two.yaml":       {Data: []byte("a: 1\n---\nb: 2\n")},
		"list.yaml":      {Data: []byte("[1, 2]")},
		"syntax.yaml":    {Data: []byte("run:\n  term: a: b\n")},
		"anchor.yaml":    {Data: []byte("run: *gone\n")},
		"key.yaml":       {Data: []byte("[1]: 2\n")},
		"merge.yaml":     {Data: []byte("<<: 5\n")},
		"one.yaml":       {Data: []byte("run: {seed: 1}\nextends: two/three.yaml\n")},
		"two/three.yaml": {Data: []byte("extends: ../one.yaml\n")},
		"dir/x.yaml":     {Data: []byte("extends: gone.yaml\n")},
		"extends.yaml":   {Data: []byte("extends: [a]\n")},
	}
	for _, c := range []struct{ file, pos, want string }{
		{"gbk.yaml", "gbk.yaml:2:10", "not_utf8 [14]"},
		{"bomb.yaml", "bomb.yaml:", "too_many_values [500000]"},
		{"self.yaml", "self.yaml:1:", "too_deep [64]"},
		{"deep.yaml", "deep.yaml:1:", "too_deep [64]"},
		{"large.yaml", "large.yaml", "file_too_large [5000000 4194304]"},
		{"empty.yaml", "empty.yaml", "file_empty []"},
		{"two.yaml", "two.yaml:2:1", "many_documents []"},
		{"list.yaml", "list.yaml:1:1", "not_a_mapping [a list]"},
		{"syntax.yaml", "syntax.yaml:2:", "yaml_syntax ["},
		{"anchor.yaml", "anchor.yaml:1:6", "yaml_syntax ["},
		{"key.yaml", "key.yaml:1:1", "bad_key ["},
		{"merge.yaml", "merge.yaml:1:5", "bad_merge []"},
		{"one.yaml", "two/three.yaml:1:10", "extends_cycle [one.yaml → two/three.yaml → one.yaml]"},
		{"dir/x.yaml", "dir/x.yaml:1:10", "file_not_found [gone.yaml "},
		{"extends.yaml", "extends.yaml:1:1", "wrong_type [extends text a list]"},
		{"liaonign", "liaonign", "file_not_found [liaonign liaoning "},
		{"../etc", "../etc", "file_not_found [../etc "},
	} {
		s, diags := Load(c.file, Options{FS: files})
		if s != nil || len(diags) == 0 {
			t.Errorf("%s: taken", c.file)
			continue
		}
		if d := diags[0]; !strings.HasPrefix(d.Pos.String(), c.pos) || !strings.HasPrefix(said(d), c.want) {
			t.Errorf("%s: %s: %s, want %s: %s", c.file, d.Pos, said(d), c.pos, c.want)
		}
	}
}
