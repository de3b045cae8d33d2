package tree

import (
	"slices"
	"strings"
	"testing"
)

func parse(t *testing.T, text string) *Node {
	t.Helper()
	n, diags := Parse("f.yaml", []byte(text))
	if n == nil || len(diags) > 0 {
		t.Fatalf("%s: %v", text, diags)
	}
	return n
}

func TestMerge(t *testing.T) {
	for _, c := range []struct{ base, over, want string }{
		{"a: 1\nb: 2", "b: 3\nc: 4", "a: 1\nb: 3\nc: 4"},
		{"a: {x: 1, y: 2}", "a: {y: 3}", "a:\n  x: 1\n  y: 3"},
		{"a: [1, 2]", "a: [3]", "a: [3]"},
		{"a: {x: 1, y: 2}", "a: {x: null}", "a:\n  y: 2"},
		{"a: {x: 1}", "a: ~", ""},
		{"a: {x: 1}", "a: 5", "a: 5"},
		{"a: 5", "a: {x: 1}", "a:\n  x: 1"},
		{"a: {dist: lognormal, median: 1h, p95: 2h}", "a: {dist: lognormal, mean: 1h, cv: 1}", "a:\n  cv: 1\n  dist: lognormal\n  mean: 1h"},
		{"a: {first_of: [x]}", "a: {last_of: [y]}", "a:\n  last_of: [y]"},
		{"a: {low: 1, base: 2, high: 3}", "a: {base: 5}", "a:\n  base: 5\n  high: 3\n  low: 1"},
		{"a: {low: 1, base: 2}", "a: {dist: uniform, min: 1, max: 2}", "a:\n  dist: uniform\n  max: 2\n  min: 1"},
		{"a: {x: 1}", "a: {low: 1, base: 2}", "a:\n  base: 2\n  low: 1"},
		{"b: &b {x: 1, y: 2}\na: {<<: *b, y: 3}", "c: 1", "a:\n  x: 1\n  y: 3\nb:\n  x: 1\n  y: 2\nc: 1"},
		{"b: &b {x: 1}\nc: &c {x: 2, z: 3}\na: {<<: [*b, *c]}", "b: null\nc: null", "a:\n  x: 1\n  z: 3"},
	} {
		got := strings.TrimSpace(string(Print(Merge(parse(t, c.base), parse(t, c.over)), false)))
		if c.want == "" {
			c.want = "{}"
		}
		if got != c.want {
			t.Errorf("%q over %q: %q, want %q", c.over, c.base, got, c.want)
		}
	}
}

// A mapping is where the key stands that touched it last.
func TestPositions(t *testing.T) {
	base, over := parse(t, "a:\n  b:\n    c: 1\n"), parse(t, "x: 1\na:\n    b:\n        d: 2\n")
	over.Strip()
	n := Merge(base, over)
	for _, c := range []struct {
		path      string
		line, col int
	}{{"a", 2, 1}, {"a.b", 3, 5}, {"a.b.c", 3, 8}, {"a.b.d", 4, 12}, {"a.b.gone", 3, 5}} {
		path, _ := SplitPath(c.path)
		found, _ := n.Find(path...)
		if found.Pos.Line != c.line || found.Pos.Col != c.col {
			t.Errorf("%s is at %s, want %d:%d", c.path, found.Pos, c.line, c.col)
		}
	}
	if n := parse(t, "沈阳: 3\n"); n.Children[0].Pos.Col != 5 {
		t.Errorf("columns count runes: %v", n.Children[0].Pos)
	}
}

func TestSplitPath(t *testing.T) {
	for path, want := range map[string][]string{
		"a.b.c": {"a", "b", "c"}, "a": {"a"}, `a."b.c".d`: {"a", "b.c", "d"}, `"a"`: {"a"}, "沈阳.x": {"沈阳", "x"},
		"": nil, ".": nil, "a.": nil, "a..b": nil, `a."b`: nil, `"a"b`: nil, `a.""`: nil,
	} {
		if got, ok := SplitPath(path); ok != (want != nil) || ok && !slices.Equal(got, want) {
			t.Errorf("%q: %v %v, want %v", path, got, ok, want)
		}
	}
}

func TestSet(t *testing.T) {
	for _, c := range []struct{ set, want string }{
		{"a=5", "a: 5\nl: [1, 2]"},
		{"a.x=null", "a:\n  y: 2\nl: [1, 2]"},
		{"a.x=", "a:\n  y: 2\nl: [1, 2]"},
		{"b.c.d=[1]", "a:\n  x: 1\n  y: 2\nb:\n  c:\n    d: [1]\nl: [1, 2]"},
		{"l.1=9", "a:\n  x: 1\n  y: 2\nl: [1, 9]"},
		{"l.0=null", "a:\n  x: 1\n  y: 2\nl: [2]"},
		{"l.2=9", "no_such_item"},
		{"l.x.y=9", "no_such_item"},
		{"a={z: 3}", "a:\n  x: 1\n  y: 2\n  z: 3\nl: [1, 2]"},
		{"a.x.z=3", "a:\n  x:\n    z: 3\n  y: 2\nl: [1, 2]"},
		{"a=b=c", "a: \"b=c\"\nl: [1, 2]"},
		{"a={x: 1, x: 2}", "duplicate_key"},
		{"=3", "bad_path"},
		{"a", "set_form"},
	} {
		n := parse(t, "a: {x: 1, y: 2}\nl: [1, 2]")
		diags := n.Set("--set", 1, c.set)
		got := strings.TrimSpace(string(Print(n, false)))
		if len(diags) > 0 {
			got = diags[0].Msg.Code
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.set, got, c.want)
		}
	}
}

func equal(a, b *Node) bool {
	return a.Kind == b.Kind && a.Value == b.Value && slices.Equal(a.Keys, b.Keys) && slices.EqualFunc(a.Children, b.Children, equal)
}

// Reading what was printed gives the same tree, keys sorted.
func FuzzPrint(f *testing.F) {
	for _, text := range []string{
		"b: 1\na: [x, 'y: z', {c: ~}, []]\n", "a: \"\\u2028\\t\\x7f\"\n", "'': 1", "a: yes\nb: '~'\nc: ''\n", "- [a, [b]]\n- {x: {y: 1}}\n",
		"a: |\n  two\n  lines\n", "沈阳: 鞍山 # source: x\n", "\"<<\": 1", "a: 2026-01-01\nb: .nan\nc: 0x10\n", "a: !!str 5\n", "a: - b",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		n, diags := Parse("f.yaml", text)
		if n == nil || len(diags) > 0 {
			return
		}
		for _, comments := range []bool{false, true} {
			printed := Print(n, comments)
			back, diags := Parse("printed", printed)
			if back == nil || len(diags) > 0 {
				t.Fatalf("%q: printed as %q: %v", text, printed, diags)
			}
			if again := Print(back, comments); string(again) != string(printed) {
				t.Fatalf("%q: printed as %q, then as %q", text, printed, again)
			}
			if !comments && !equal(sorted(n), back) {
				t.Fatalf("%q: printed as %q, another tree", text, printed)
			}
		}
	})
}

func sorted(n *Node) *Node {
	c := &Node{Kind: n.Kind, Value: n.Value}
	c.Keys = slices.Clone(n.Keys)
	slices.Sort(c.Keys)
	for _, k := range c.Keys {
		c.Children = append(c.Children, sorted(n.Get(k)))
	}
	if n.Kind == Sequence {
		for _, child := range n.Children {
			c.Children = append(c.Children, sorted(child))
		}
	}
	return c
}
