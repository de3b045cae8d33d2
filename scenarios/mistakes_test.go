package scenarios

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"slasim/model"
	"slasim/scenarios/internal/tree"
)

// visit calls f for every node below n with its path.
func visit(n *tree.Node, path []string, f func(path []string)) {
	for i, c := range n.Children {
		key := itoa(i)
		if n.Kind == tree.Mapping {
			key = n.Keys[i]
		}
		at := pathTo(path, key)
		f(at)
		visit(c, at, f)
	}
}

// fixedKeys reports whether the mapping at a path has keys that the format names, not the user.
func fixedKeys(path []string) bool {
	t := reflect.TypeFor[File]()
	for _, key := range path {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.Struct:
			at := slices.IndexFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool { return f.Tag.Get("yaml") == key })
			if at < 0 { // a distribution, an event
				return false
			}
			t = t.Field(at).Type
		case reflect.Map, reflect.Slice:
			t = t.Elem()
		default:
			return false
		}
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && t.NumField() > 0 && t.Field(0).Tag.Get("yaml") != ""
}

// errorsOf are the errors of a scenario that extends nothing.
func errorsOf(text string) model.Diagnostics {
	_, diags := Load("x.yaml", Options{FS: fstest.MapFS{"x.yaml": {Data: []byte(text)}}})
	return slices.DeleteFunc(diags, func(d model.Diagnostic) bool { return d.Severity != model.Error })
}

// One mistake is one error: whatever single value, name or key of a good scenario is spoilt, nothing else is complained
// of, however much of the scenario refers to it.
func TestOneMistakeIsOneError(t *testing.T) {
	liaoning, err := library.ReadFile("library/liaoning.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []struct {
		name   string
		text   []byte
		stride int // every stride-th mistake is tried
	}{{"starter", Starter("x"), 1}, {"liaoning", liaoning, 211}} {
		root, diags := tree.Parse("x.yaml", file.text)
		if root == nil {
			t.Fatal(diags)
		}
		tried := 0
		// spoil changes a copy of the scenario and wants so many errors, from least to most.
		spoil := func(what string, path []string, least, most int, change func(parent *tree.Node, key int)) {
			if tried++; tried%file.stride != 0 {
				return
			}
			c := root.Clone()
			parent, _ := c.Find(path[:len(path)-1]...)
			child, _ := parent.Find(path[len(path)-1])
			key := slices.Index(parent.Children, child)
			change(parent, key)
			text := string(tree.Print(c, false))
			found := errorsOf(text)
			if len(found) < least || len(found) > most {
				t.Errorf("%s, %s %s: %d errors\n%v", file.name, what, dotted(path), len(found), found)
				return
			}
			back, _ := tree.Parse("x.yaml", []byte(text))
			at, _ := back.Find(path...)
			if len(found) == 1 && (what == "list" || what == "mapping") && found[0].Pos != at.Pos {
				t.Errorf("%s, %s %s: at %v, want %v: %v", file.name, what, dotted(path), found[0].Pos, at.Pos, found)
			}
		}
		put := func(n *tree.Node) func(*tree.Node, int) {
			return func(parent *tree.Node, key int) { parent.Children[key] = n.Clone() }
		}
		list := &tree.Node{Kind: tree.Sequence, Children: []*tree.Node{{Kind: tree.Sequence}}}
		odd := &tree.Node{Kind: tree.Mapping}
		odd.Put("odd", model.Pos{}, &tree.Node{Kind: tree.Scalar, Value: "1"})
		visit(root, nil, func(path []string) {
			n, _ := root.Find(path...)
			parent, _ := root.Find(path[:len(path)-1]...)
			last := path[len(path)-1]
			if n.Kind == tree.Null {
				return
			}
			if n.Kind == tree.Sequence {
				spoil("mapping", path, 1, 1, put(odd))
			} else {
				spoil("list", path, 1, 1, put(list))
			}
			if n.Kind == tree.Scalar {
				for _, text := range []string{"-1", "?!", "NaN", "1e99"} {
					spoil(text, path, 0, 1, put(&tree.Node{Kind: tree.Scalar, Value: text}))
				}
			}
			switch {
			case parent.Kind != tree.Mapping || strings.HasPrefix(last, "x-"):
			case fixedKeys(path[:len(path)-1]):
				spoil("key", path, 1, 1, func(parent *tree.Node, key int) { parent.Keys[key] = last + "z" })
				spoil("other key", path, 1, 2, func(parent *tree.Node, key int) { parent.Keys[key] = "entirely_different" })
			default:
				spoil("name", path, 1, 1, func(parent *tree.Node, key int) { parent.Keys[key] = "a.b" })
			}
		})
		t.Logf("%s: %d mistakes", file.name, tried/file.stride)
	}
}

// FuzzMistakes spoils many places of a scenario at once: whatever is left of it, nothing panics, no finding is given twice,
// and all stand in the order of the file. Each four bytes of the input are one mistake.
func FuzzMistakes(f *testing.F) {
	liaoning, err := library.ReadFile("library/liaoning.yaml")
	if err != nil {
		f.Fatal(err)
	}
	var roots []*tree.Node
	for _, text := range [][]byte{Starter("x"), liaoning} {
		root, diags := tree.Parse("x.yaml", text)
		if root == nil {
			f.Fatal(diags)
		}
		roots = append(roots, root)
	}
	f.Add([]byte{0})
	f.Add([]byte{1, 0, 40, 1, 7, 3, 1, 4, 9, 0, 77, 2, 2})
	f.Add([]byte{0, 1, 12, 0, 3, 0, 200, 5, 8, 2, 9, 4, 1, 0, 33, 3, 0})
	values := []string{"", "-1", "0", "?!", "NaN", "1e99", "1e9", "0s", "100y", "none", "3wd", "0.5", "true", "2026-02-30", "shenyang", "*", "24x7"}
	f.Fuzz(func(t *testing.T, ops []byte) {
		if len(ops) == 0 || len(ops) > 100 {
			return
		}
		root := roots[ops[0]%2].Clone()
		for ops = ops[1:]; len(ops) >= 4; ops = ops[4:] {
			var paths [][]string
			visit(root, nil, func(path []string) { paths = append(paths, path) })
			if len(paths) == 0 {
				break
			}
			path := paths[(int(ops[0])<<8+int(ops[1]))%len(paths)]
			parent, _ := root.Find(path[:len(path)-1]...)
			child, _ := root.Find(path...)
			i := slices.Index(parent.Children, child)
			switch x := int(ops[3]); ops[2] % 7 {
			case 0:
				parent.Children[i] = &tree.Node{Kind: tree.Scalar, Value: values[x%len(values)]}
			case 1:
				parent.Children[i] = &tree.Node{Kind: tree.Sequence}
			case 2:
				parent.Children[i] = &tree.Node{Kind: tree.Mapping}
			case 3:
				parent.Children[i] = &tree.Node{Kind: tree.Null}
			case 4: // something from elsewhere
				from, _ := root.Find(paths[(x*31)%len(paths)]...)
				parent.Children[i] = from.Clone()
			case 5:
				parent.Children[i] = &tree.Node{Kind: tree.Sequence, Children: []*tree.Node{child}}
			default:
				if parent.Kind == tree.Mapping {
					if name := values[x%len(values)]; name != "" && parent.Get(name) == nil {
						parent.Keys[i] = name
					}
				}
			}
		}
		text := tree.Print(root, false)
		if len(text) > 1<<20 {
			return
		}
		s, diags := Load("x.yaml", Options{FS: fstest.MapFS{"x.yaml": {Data: text}}})
		if (s == nil) != diags.HasErrors() {
			t.Fatalf("a scenario with errors, or none without: %v", diags)
		}
		for i, d := range diags {
			if i > 0 && d.Pos.File == diags[i-1].Pos.File && (d.Pos.Line < diags[i-1].Pos.Line || reflect.DeepEqual(d, diags[i-1])) {
				t.Fatalf("out of order or twice: %v", d)
			}
		}
	})
}
