package scenarios

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"slasim/model"
	"slasim/model/world"
	"slasim/scenarios/internal/tree"
)

//go:embed library
var library embed.FS

// Options of Load.
type Options struct {
	Set      []string   // path=value, after the files
	SetFiles []string   // files laid over the scenario, or embedded stress sets by their names, before Set
	With     []Argument // path=value as in Set, after it
	// Reading is default, strict or lenient; "" leaves what the scenario says in run.reading.
	Reading        string
	StrictCalendar bool              // a year beyond the known holiday calendar is an error
	Assume         map[string]string // path of a {low, base, high}: the end to take, low or high
	// Draw gives each {low, base, high} of the scenario, by its path, the quantile at which its value is taken, in (0, 1);
	// nil takes the base.
	Draw func(path string) float64
	FS   fs.FS // where files are; nil is the working directory of the process
}

// Argument is a path=value that stands somewhere: diagnostics point at its flag, the flag's number and the column there.
type Argument struct {
	Flag        string
	Number, Col int // from 1
	Text        string
}

// Scenario is a scenario that was read, checked and compiled.
type Scenario struct {
	Name        string
	File        File
	World       *world.World
	Resolved    []byte // canonical YAML after extends, Set, Assume; Load of it gives the same World and Hash
	Hash        string // SHA-256 of the canonical YAML without ranges, comments and plan, in hex
	Assumptions []world.Assumption
	Diagnostics model.Diagnostics // warnings and notes
	root        *tree.Node        // what File was read from
}

// Find is the value at a dotted path and where it stands; a mapping or a list has its text. What the scenario does not
// say is not found, whatever its default.
func (s *Scenario) Find(path string) (value string, at model.Pos, ok bool) {
	keys, legal := tree.SplitPath(path)
	if !legal {
		return "", model.Pos{}, false
	}
	n, ok := s.root.Find(keys...)
	if !ok || n.Kind == tree.Null {
		return "", n.Pos, false
	}
	return brief(n), n.Pos, true
}

const maxExtends = 16

// Load reads a scenario: the name of an embedded one, or a file. It returns a scenario only if there is no
// error; the diagnostics are all that was found, in the order of the files.
func Load(name string, opt Options) (*Scenario, model.Diagnostics) {
	l := loader{opt: opt}
	root := l.resolve(name)
	if root == nil {
		l.diags.Sort()
		return nil, l.diags
	}
	s := &Scenario{Name: label(name)}
	var assumptions []world.Assumption
	l.pick(root, "", &assumptions)
	plain := root.Clone()
	l.assumptions(plain, "", &assumptions)
	slices.SortFunc(assumptions, func(a, b world.Assumption) int { return strings.Compare(a.Path, b.Path) })
	l.unknownAssumed(assumptions)

	written, bare := withRanges(root), plain.Clone()
	written.Strip()
	bare.Strip()
	bare.Delete("plan") // what a planner may change is no part of what is simulated
	s.Resolved = tree.Print(written, true)
	sum := sha256.Sum256(tree.Print(bare, false))
	s.Hash = hex.EncodeToString(sum[:])

	s.root = plain
	d := decoder{diags: l.diags, fragment: l.fragment}
	d.structure(plain, reflect.ValueOf(&s.File).Elem(), "")
	for i, watched := range s.File.Run.Watch {
		keys, _ := tree.SplitPath(watched)
		if paths := ranges(assumptions); watched != "" && !l.fragment && !slices.Contains(paths, watched) && plain.Sound(keys...) {
			n, _ := plain.Find("run", "watch", itoa(i))
			d.report(model.Warning, n.Pos, CodeAssumePath, watched, nearest(watched, paths))
		}
	}
	if !d.fragment {
		s.checkPlan(&d)
	}
	if !d.fragment {
		c := compiler{decoder: d, file: &s.File, root: plain, world: &world.World{}}
		c.compile()
		d = c.decoder
		s.World = c.world
		s.World.Name = s.Name
	}
	for _, hint := range l.hints {
		told := func(x model.Diagnostic) bool { return x.Pos == hint.Pos && x.Msg.Code == CodeUnknownKey }
		if d.diags.HasErrors() && !slices.ContainsFunc(d.diags, told) {
			d.diags = append(d.diags, hint)
		}
	}
	d.diags.Sort()
	d.diags = slices.CompactFunc(d.diags, func(a, b model.Diagnostic) bool { return reflect.DeepEqual(a, b) })
	if d.diags.HasErrors() {
		return nil, d.diags
	}
	s.World.Assumptions, s.World.Warnings = assumptions, d.diags
	s.Assumptions, s.Diagnostics = assumptions, d.diags
	return s, d.diags
}

// label is the name of a scenario without directory and extension.
func label(name string) string {
	base := path.Base(filepath.ToSlash(name))
	return strings.TrimSuffix(base, path.Ext(base))
}

type loader struct {
	opt      Options
	diags    model.Diagnostics
	fragment bool              // a file that belongs to the scenario could not be read
	hints    model.Diagnostics // given only if there are errors
}

func (l *loader) fail(pos model.Pos, code string, args ...any) {
	l.diags = append(l.diags, model.Diagnostic{Pos: pos, Msg: model.Msg{Code: code, Args: args}})
}

// resolve is the tree after extends, files, Set and the options that are keys of run.
func (l *loader) resolve(name string) *tree.Node {
	root := l.chain(name, "", model.Pos{File: name}, nil)
	if root == nil {
		return nil
	}
	for _, file := range l.opt.SetFiles {
		if over := l.set(file); over != nil {
			root = tree.Merge(root, over)
		} else {
			l.fragment = true
		}
	}
	for i, text := range l.opt.Set {
		l.argument(root, Argument{Flag: "--set", Number: i + 1, Col: 1, Text: text})
	}
	for _, a := range l.opt.With {
		l.argument(root, a)
	}
	names(root, reflect.TypeFor[File]())
	if l.opt.Reading != "" {
		l.diags = append(l.diags, root.Set("--reading", 1, "run.reading="+l.opt.Reading)...)
	}
	if l.opt.StrictCalendar {
		l.diags = append(l.diags, root.Set("--strict-calendar", 1, "run.strict_calendar=true")...)
	}
	return root
}

// argument lays one path=value over the tree.
func (l *loader) argument(root *tree.Node, a Argument) {
	l.made(root, a)
	l.diags = append(l.diags, root.SetAt(a.Flag, a.Number, a.Col, a.Text)...)
}

// set is the tree of a file that is laid over a scenario: an embedded stress set goes before a file without an ending.
func (l *loader) set(name string) *tree.Node {
	if data, err := library.ReadFile("library/stress/" + name + ".yaml"); err == nil {
		root, diags := tree.Parse(name, data)
		l.diags = append(l.diags, diags...)
		root.Delete("run") // it names the set, not the scenario
		return root
	}
	_, err := l.readFile(name)
	_, embeddedErr := library.ReadFile("library/" + strings.TrimSuffix(name, ".yaml") + ".yaml")
	if errors.Is(err, fs.ErrNotExist) && embeddedErr != nil {
		var names []string
		for _, info := range StressSets() {
			names = append(names, info.Name)
		}
		l.fail(model.Pos{File: name}, CodeSetNotFound, name, nearest(name, names), list(names))
		return nil
	}
	return l.chain(name, "", model.Pos{File: name}, nil)
}

// made keeps the hint that an argument leads through a key that was not there, with the key that may have been meant.
func (l *loader) made(root *tree.Node, a Argument) {
	path, _, _ := strings.Cut(a.Text, "=")
	keys, _ := tree.SplitPath(strings.TrimSpace(path))
	for i, at := 0, root; i+1 < len(keys) && at.Kind == tree.Mapping; i++ {
		next := at.Get(keys[i])
		if next == nil {
			if near := nearest(keys[i], at.Keys); near != "" {
				l.hints = append(l.hints, model.Diagnostic{
					Pos: model.Pos{File: a.Flag, Line: a.Number, Col: a.Col}, Severity: model.Note,
					Msg: model.Msg{Code: CodeSetMade, Args: []any{dotted(keys[:i+1]), dotted(append(keys[:i:i], near))}},
				})
			}
			return
		}
		at = next
	}
}

// source is a file that was found.
type source struct {
	key      string // what identifies it
	dir      string // where names in it start, "" for embedded ones
	embedded bool
	data     []byte
}

// open finds a name: relative to dir, else an embedded scenario.
func (l *loader) open(name, dir string, pos model.Pos) *source {
	file := name
	if dir != "" && !filepath.IsAbs(name) {
		file = filepath.Join(dir, name)
	}
	embeddedName := strings.TrimSuffix(name, ".yaml")
	data, embeddedErr := library.ReadFile("library/" + embeddedName + ".yaml")
	plain := !strings.ContainsAny(name, `/\`) && path.Ext(name) == ""
	if plain && embeddedErr == nil {
		return &source{key: "embedded " + embeddedName, embedded: true, data: data}
	}
	own, err := l.readFile(file)
	if err == nil {
		return &source{key: filepath.Clean(file), dir: filepath.Dir(file), data: own}
	}
	if embeddedErr == nil {
		return &source{key: "embedded " + embeddedName, embedded: true, data: data}
	}
	var names []string
	for _, info := range Embedded() {
		names = append(names, info.Name)
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		l.fail(pos, CodeFileNotFound, name, nearest(embeddedName, names), list(names))
	} else {
		var inner *fs.PathError
		if errors.As(err, &inner) {
			err = inner.Err
		}
		l.fail(pos, CodeFileUnread, name, err.Error())
	}
	return nil
}

func (l *loader) readFile(file string) ([]byte, error) {
	if l.opt.FS != nil {
		return fs.ReadFile(l.opt.FS, filepath.ToSlash(filepath.Clean(file)))
	}
	if info, err := os.Stat(file); err == nil && info.Size() > tree.MaxBytes {
		return make([]byte, tree.MaxBytes+1), nil // refused as too large, unread
	}
	return os.ReadFile(file)
}

// chain reads a file and what it extends. If that cannot be had, what is in the file itself can still be looked at.
func (l *loader) chain(name, dir string, pos model.Pos, seen []string) *tree.Node {
	src := l.open(name, dir, pos)
	if src == nil {
		return nil
	}
	if slices.Contains(seen, src.key) {
		l.fail(pos, CodeExtendsCycle, strings.Join(append(seen, src.key), " → "))
		return nil
	}
	if len(seen) >= maxExtends {
		l.fail(pos, CodeExtendsDeep, maxExtends)
		return nil
	}
	shown := name
	if !src.embedded && src.dir != "" {
		shown = src.key
	}
	root, diags := tree.Parse(shown, src.data)
	l.diags = append(l.diags, diags...)
	if root == nil {
		return nil
	}
	if root.Kind != tree.Mapping {
		l.fail(root.Pos, CodeNotMapping, root.Kind.String())
		return nil
	}
	names(root, reflect.TypeFor[File]())
	parent := root.Get("extends")
	if parent == nil || parent.Kind == tree.Null {
		return root
	}
	if parent.Kind != tree.Scalar {
		l.fail(parent.Pos, CodeWrongType, "extends", WantText, parent.Kind.String())
		root.Delete("extends")
		l.fragment = true
		return root
	}
	base := l.chain(parent.Value, src.dir, parent.Pos, append(slices.Clip(seen), src.key))
	root.Delete("extends")
	if base == nil {
		l.fragment = true
		return root
	}
	return tree.Merge(base, root)
}

// pick replaces each range of the tree by the end that is asked for, and lists it. A range that keeps its
// base remembers its ends in Range.
func (l *loader) pick(n *tree.Node, at string, out *[]world.Assumption) {
	for i, child := range n.Children {
		key := ""
		if n.Kind == tree.Mapping {
			key = n.Keys[i]
		} else {
			key = itoa(i)
		}
		where := join(at, key)
		if !child.IsRange() {
			l.pick(child, where, out)
			continue
		}
		r := &tree.Range{Low: child.Has("low"), Base: child.Has("base"), High: child.Has("high"), Pos: child.Pos}
		a := world.Assumption{Path: where, Base: brief(r.Base), HasRange: r.Low != nil || r.High != nil, Pos: child.Pos}
		a.Low, a.High = brief(r.Low), brief(r.High)
		for _, end := range []*tree.Node{child, r.Base, r.Low, r.High} {
			if end != nil && a.Source == (model.Text{}) {
				a.Source = sourceOf(end.Comment)
			}
		}
		picked := r.Base
		switch end := l.opt.Assume[where]; {
		case end == "" || end == "base":
		case end == "low" && r.Low != nil:
			picked = r.Low
		case end == "high" && r.High != nil:
			picked = r.High
		default:
			l.fail(child.Pos, CodeAssumeEnd, where, end)
		}
		if l.opt.Draw != nil && a.HasRange {
			picked = drawn(r, l.opt.Draw(where))
		}
		l.orderedRange(where, child, r)
		chosen := picked.Clone()
		chosen.Range = r
		if chosen.Comment == "" {
			chosen.Comment = child.Comment
		}
		*out = append(*out, a)
		n.Children[i] = chosen
		l.pick(chosen, where, out)
	}
}

// orderedRange warns of plain numbers whose low is above their high.
func (l *loader) orderedRange(where string, n *tree.Node, r *tree.Range) {
	if r.Low == nil || r.High == nil {
		return
	}
	low, badLow := parseNumber(strings.TrimSuffix(r.Low.Value, "%"))
	high, badHigh := parseNumber(strings.TrimSuffix(r.High.Value, "%"))
	if !badLow && !badHigh && low > high && strings.HasSuffix(r.Low.Value, "%") == strings.HasSuffix(r.High.Value, "%") {
		l.diags = append(l.diags, model.Diagnostic{
			Pos: n.Pos, Severity: model.Warning,
			Msg: model.Msg{Code: CodeRangeOrder, Args: []any{where, brief(r.Low), brief(r.Base), brief(r.High)}},
		})
	}
}

// assumptions lists the values that a comment calls an assumption or gives a source.
func (l *loader) assumptions(n *tree.Node, at string, out *[]world.Assumption) {
	for i, child := range n.Children {
		key := ""
		if n.Kind == tree.Mapping {
			key = n.Keys[i]
		} else {
			key = itoa(i)
		}
		where := join(at, key)
		if tree.IsNote(child.Comment) && child.Range == nil && child.Kind != tree.Null {
			*out = append(*out, world.Assumption{
				Path: where, Base: brief(child), Source: sourceOf(child.Comment), Pos: child.Pos,
			})
		}
		l.assumptions(child, where, out)
	}
}

// sourceOf is what a comment says of a number, before a bar in English and after it in Chinese.
func sourceOf(comment string) model.Text {
	s, ok := strings.CutPrefix(comment, "source:")
	if !ok {
		if s, ok = strings.CutPrefix(comment, "assumption"); !ok {
			return model.Text{}
		}
		s = strings.TrimLeft(s, ":;, ")
	}
	en, zh, _ := strings.Cut(s, " | ")
	return model.Text{En: strings.TrimSpace(en), Zh: strings.TrimSpace(zh)}
}

// brief is a value on one line.
func brief(n *tree.Node) string {
	if n == nil {
		return ""
	}
	var parts []string
	for i, child := range n.Children {
		text := brief(child)
		if child.Kind == tree.Mapping {
			text = "{" + text + "}"
		}
		if n.Kind == tree.Mapping {
			text = n.Keys[i] + ": " + text
		}
		parts = append(parts, text)
	}
	switch n.Kind {
	case tree.Scalar:
		return n.Value
	case tree.Sequence:
		return "[" + strings.Join(parts, ", ") + "]"
	}
	slices.Sort(parts) // by key: the order of the file never matters
	return strings.Join(parts, ", ")
}

// ranges are the paths of the assumptions that have another end than their base.
func ranges(assumptions []world.Assumption) []string {
	var out []string
	for _, a := range assumptions {
		if a.HasRange {
			out = append(out, a.Path)
		}
	}
	return out
}

// unknownAssumed reports the paths of Assume that are no range.
func (l *loader) unknownAssumed(known []world.Assumption) {
	paths := ranges(known)
	for _, p := range sortedKeys(l.opt.Assume) {
		if !slices.Contains(paths, p) {
			l.fail(model.Pos{File: "--assume"}, CodeAssumePath, p, nearest(p, paths))
		}
	}
}

// withRanges is the tree with its ranges written out again, except where another end than the base was taken.
func withRanges(n *tree.Node) *tree.Node {
	c := *n
	if r := n.Range; r != nil && brief(r.Base) == brief(n) {
		out := &tree.Node{Kind: tree.Mapping, Pos: r.Pos, Comment: n.Comment}
		for _, end := range []struct {
			key   string
			value *tree.Node
		}{{"low", r.Low}, {"base", r.Base}, {"high", r.High}} {
			if end.value != nil {
				out.Put(end.key, end.value.Pos, end.value)
			}
		}
		return out
	}
	c.Children = make([]*tree.Node, len(n.Children))
	for i, child := range n.Children {
		c.Children[i] = withRanges(child)
	}
	return &c
}
