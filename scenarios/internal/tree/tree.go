// Package tree reads one YAML document into a tree that knows where every value stood. It is the only
// importer of the YAML library.
package tree

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"slasim/model"
)

// Limits of one document. They are far above any honest scenario and stop YAML bombs.
const (
	MaxBytes = 4 << 20
	MaxDepth = 64
	MaxNodes = 500_000 // after aliases are expanded
)

// Codes of the diagnostics of this package, with their arguments.
const (
	CodeNotUTF8       = "not_utf8"        // byte offset of the first bad byte
	CodeTooLarge      = "file_too_large"  // bytes, limit
	CodeEmpty         = "file_empty"      //
	CodeManyDocuments = "many_documents"  //
	CodeTooDeep       = "too_deep"        // limit
	CodeTooManyNodes  = "too_many_values" // limit
	CodeSyntax        = "yaml_syntax"     // the library's words
	CodeTab           = "yaml_tab"        // a tab where blanks must indent
	CodeDuplicateKey  = "duplicate_key"   // key, line of the first
	CodeBadKey        = "bad_key"         // what was found
	CodeBadMerge      = "bad_merge"       //
	CodeNotMapping    = "not_a_mapping"   // what was found
	CodeBadPath       = "bad_path"        // path
	CodeNoSuchItem    = "no_such_item"    // path, item
	CodeSetForm       = "set_form"        // argument
)

// Kind of a node.
type Kind uint8

// Kinds.
const (
	Null Kind = iota
	Scalar
	Mapping
	Sequence
)

var kindNames = [...]string{"nothing", "a value", "a mapping", "a list"}

func (k Kind) String() string { return kindNames[k] }

// Node is a value of the document. Aliases and merge keys are expanded.
type Node struct {
	Kind     Kind
	Value    string      // of a scalar, unquoted
	Keys     []string    // of a mapping, in the order of the file
	KeyPos   []model.Pos // of the keys
	Children []*Node     // values of Keys, or items
	Pos      model.Pos   // of a mapping or list under a key: that of the key
	Comment  string      // on the same line, without #
	Range    *Range      // the node stands for one end of a range
	Named    bool        // a mapping whose keys are free names: never a range, though its names be low, base, high

	// What was reported of the node already, so that nobody complains of it again, or of what it should have brought.
	Refused bool // it could not be read
	Flawed  bool // it was read, but lacks something, or something in it or about it is wrong
}

// Range is a {low, base, high} that was resolved; an end that was not given is nil.
type Range struct {
	Low, Base, High *Node
	Pos             model.Pos
}

// Parse reads exactly one document. The tree is nil if there is an error that leaves none; duplicate keys
// are reported and the first one kept.
func Parse(file string, data []byte) (*Node, model.Diagnostics) {
	p := parser{file: file}
	root := p.parse(data)
	return root, p.diags
}

type parser struct {
	file  string
	data  []byte
	nodes int
	full  bool
	diags model.Diagnostics
}

func (p *parser) fail(line, col int, code string, args ...any) {
	p.diags = append(p.diags, model.Diagnostic{
		Pos: model.Pos{File: p.file, Line: line, Col: col}, Msg: model.Msg{Code: code, Args: args},
	})
}

func (p *parser) parse(data []byte) *Node {
	p.data = data
	if len(data) > MaxBytes {
		p.fail(0, 0, CodeTooLarge, len(data), MaxBytes)
		return nil
	}
	if !utf8.Valid(data) {
		line, col, offset := badByte(data)
		p.fail(line, col, CodeNotUTF8, offset)
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(MaxDepth))))
	if err != nil {
		p.fail(0, 0, CodeSyntax, err.Error())
		return nil
	}
	var doc yaml.Node
	if err := loader.Load(&doc); err != nil {
		p.libraryError(err)
		return nil
	}
	var extra yaml.Node
	switch err := loader.Load(&extra); {
	case err == nil:
		p.fail(max(extra.Line, 1), max(extra.Column, 1), CodeManyDocuments)
		return nil
	case !errors.Is(err, io.EOF):
		p.libraryError(err)
		return nil
	}
	root := &doc
	if doc.Kind == yaml.DocumentNode {
		if len(doc.Content) == 0 {
			p.fail(0, 0, CodeEmpty)
			return nil
		}
		root = doc.Content[0]
	}
	n := p.convert(root, 0)
	if p.full {
		return nil
	}
	return n
}

// badByte is the place of the first byte that is not UTF-8.
func badByte(data []byte) (line, col, offset int) {
	line, col = 1, 1
	for offset < len(data) {
		r, size := utf8.DecodeRune(data[offset:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		offset += size
		if col++; r == '\n' {
			line, col = line+1, 1
		}
	}
	return line, col, offset
}

// libraryError turns the library's errors into diagnostics.
func (p *parser) libraryError(err error) {
	if errors.Is(err, io.EOF) {
		p.fail(0, 0, CodeEmpty)
		return
	}
	var many *yaml.LoadErrors // before LoadError, which errors.As also finds inside it
	var one *yaml.LoadError
	list := []*yaml.LoadError{}
	switch {
	case errors.As(err, &many):
		list = many.Errors
	case errors.As(err, &one):
		list = append(list, one)
	default:
		p.libraryMessage(0, 0, err.Error())
	}
	for _, e := range list {
		p.libraryMessage(e.Mark.Line, e.Mark.Column, e.Message)
	}
}

func (p *parser) libraryMessage(line, col int, text string) {
	switch {
	case strings.Contains(text, "no documents"):
		p.fail(0, 0, CodeEmpty)
	case strings.Contains(text, "max depth"):
		p.fail(line, col, CodeTooDeep, MaxDepth)
	case p.tabbed(line):
		p.fail(line, col, CodeTab)
	default:
		p.fail(line, col, CodeSyntax, text)
	}
}

// tabbed reports whether a line is indented by a tab.
func (p *parser) tabbed(line int) bool {
	lines := bytes.Split(p.data, []byte("\n"))
	return line >= 1 && line <= len(lines) && bytes.HasPrefix(bytes.TrimLeft(lines[line-1], " "), []byte("\t"))
}

func (p *parser) convert(y *yaml.Node, depth int) *Node {
	n := &Node{Pos: model.Pos{File: p.file, Line: y.Line, Col: y.Column}, Comment: comment(y)}
	p.nodes++
	switch {
	case p.full:
		return n
	case p.nodes > MaxNodes:
		p.full = true
		p.fail(y.Line, y.Column, CodeTooManyNodes, MaxNodes)
		return n
	case depth > MaxDepth:
		p.full = true
		p.fail(y.Line, y.Column, CodeTooDeep, MaxDepth)
		return n
	}
	switch y.Kind {
	case yaml.AliasNode:
		n = p.convert(y.Alias, depth+1)
		if p.full { // the alias that asks for too much is at fault, not what it stands for
			p.diags[len(p.diags)-1].Pos = model.Pos{File: p.file, Line: y.Line, Col: y.Column}
		}
		n.Pos.Line, n.Pos.Col = y.Line, y.Column
	case yaml.ScalarNode:
		if y.ShortTag() != "!!null" {
			n.Kind, n.Value = Scalar, y.Value
		}
	case yaml.SequenceNode:
		n.Kind = Sequence
		for _, c := range y.Content {
			n.Children = append(n.Children, p.convert(c, depth+1))
		}
	case yaml.MappingNode:
		n.Kind = Mapping
		p.mapping(n, y, depth)
	default:
		p.fail(y.Line, y.Column, CodeSyntax, "unexpected node")
	}
	return n
}

func (p *parser) mapping(n *Node, y *yaml.Node, depth int) {
	seen := make(map[string]int, len(y.Content)/2)
	var merges []*Node
	for i := 0; i+1 < len(y.Content) && !p.full; i += 2 {
		k := y.Content[i]
		value := p.convert(y.Content[i+1], depth+1)
		if value.Comment == "" {
			value.Comment = comment(k)
		}
		if k.Kind == yaml.AliasNode {
			k = k.Alias
		}
		if k.Kind != yaml.ScalarNode || k.Value == "" {
			p.fail(k.Line, k.Column, CodeBadKey, k.Value)
			n.Flawed = true
			continue
		}
		if k.ShortTag() == "!!merge" {
			merges = append(merges, value)
			continue
		}
		if line, ok := seen[k.Value]; ok {
			p.fail(k.Line, k.Column, CodeDuplicateKey, k.Value, line)
			n.Get(k.Value).Refused = true // which one is meant?
			continue
		}
		seen[k.Value] = k.Line
		n.put(k.Value, model.Pos{File: p.file, Line: k.Line, Col: k.Column}, value)
	}
	for _, m := range merges {
		parts := []*Node{m}
		if m.Kind == Sequence {
			parts = m.Children
		}
		for _, part := range parts {
			if part.Kind != Mapping {
				p.fail(part.Pos.Line, part.Pos.Col, CodeBadMerge)
				n.Flawed = true
				continue
			}
			for i, key := range part.Keys {
				if _, ok := seen[key]; !ok {
					seen[key] = part.KeyPos[i].Line
					n.put(key, part.KeyPos[i], part.Children[i])
				}
			}
		}
	}
}

func comment(y *yaml.Node) string {
	c, _, _ := strings.Cut(y.LineComment, "\n")
	return strings.TrimSpace(strings.TrimLeft(c, "# "))
}

// put adds a key. A mapping or list is where its key is: the key that touched it last, after a merge.
func (n *Node) put(key string, pos model.Pos, value *Node) {
	value.under(pos)
	n.Keys = append(n.Keys, key)
	n.KeyPos = append(n.KeyPos, pos)
	n.Children = append(n.Children, value)
}

// Get is the value of a key of a mapping, nil if there is none.
func (n *Node) Get(key string) *Node {
	if n == nil || n.Kind != Mapping {
		return nil
	}
	if i := slices.Index(n.Keys, key); i >= 0 {
		return n.Children[i]
	}
	return nil
}

// Delete removes a key of a mapping.
func (n *Node) Delete(key string) {
	if i := slices.Index(n.Keys, key); i >= 0 {
		n.Keys = slices.Delete(n.Keys, i, i+1)
		n.KeyPos = slices.Delete(n.KeyPos, i, i+1)
		n.Children = slices.Delete(n.Children, i, i+1)
	}
}

// Put sets a key of a mapping.
func (n *Node) Put(key string, pos model.Pos, value *Node) {
	if i := slices.Index(n.Keys, key); i >= 0 {
		n.KeyPos[i], n.Children[i] = pos, value
		value.under(pos)
		return
	}
	n.put(key, pos, value)
}

func (n *Node) under(pos model.Pos) {
	if n.Kind == Mapping || n.Kind == Sequence {
		n.Pos = pos
	}
}

// Find is the node at a path of keys and item numbers, or the deepest one on the way to it.
func (n *Node) Find(path ...string) (found *Node, all bool) {
	for _, key := range path {
		next := n.Get(key)
		if n.Kind == Sequence {
			if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(n.Children) {
				next = n.Children[i]
			}
		}
		if next == nil {
			return n, false
		}
		n = next
	}
	return n, true
}

// Sound reports whether the path could be read, from the node on. A key that is not there is sound unless its mapping
// is flawed: the key that was lost there may have been this one.
func (n *Node) Sound(path ...string) bool {
	for _, key := range path {
		if n.Refused {
			return false
		}
		found, all := n.Find(key)
		if !all || found.Kind == Null {
			return !n.Flawed
		}
		n = found
	}
	return !n.Refused
}

// Whole reports whether a path is sound and nothing was reported of it and of all below it.
func (n *Node) Whole(path ...string) bool {
	if !n.Sound(path...) {
		return false
	}
	found, all := n.Find(path...)
	return !all || found.clean()
}

func (n *Node) clean() bool {
	return !n.Refused && !n.Flawed && !slices.ContainsFunc(n.Children, func(c *Node) bool { return !c.clean() })
}

// atomic are the mappings that stand for one value: a later one replaces the earlier instead of being
// mixed with it.
func (n *Node) atomic() bool {
	return n.Get("dist") != nil || n.Get("first_of") != nil || n.Get("last_of") != nil
}

// Has is the value of a key of a mapping, nil if there is none or it is nothing.
func (n *Node) Has(key string) *Node {
	if v := n.Get(key); v != nil && v.Kind != Null {
		return v
	}
	return nil
}

// IsRange reports whether the node is written {low, base, high}; base is needed, the ends are not.
func (n *Node) IsRange() bool {
	if n.Kind != Mapping || n.Named || n.Has("base") == nil {
		return false
	}
	for _, k := range n.Keys {
		if k != "low" && k != "base" && k != "high" {
			return false
		}
	}
	return true
}

// Merge lays over on base and returns the result; base is changed. Mappings merge key by key, nothing (null)
// deletes a key of base, everything else replaces. A distribution, an event and a range are one value.
func Merge(base, over *Node) *Node {
	if base == nil || base.Kind != Mapping || over.Kind != Mapping || base.atomic() || over.atomic() ||
		base.IsRange() != over.IsRange() {
		return over
	}
	base.Refused, base.Flawed = base.Refused || over.Refused, base.Flawed || over.Flawed
	for i, key := range over.Keys {
		if over.Children[i].Kind == Null && base.Get(key) != nil {
			base.Delete(key)
			continue
		}
		base.Put(key, over.KeyPos[i], Merge(base.Get(key), over.Children[i]))
	}
	return base
}

// Strip removes the keys whose value is nothing.
func (n *Node) Strip() {
	if n.Kind == Mapping {
		keep := 0
		for i, c := range n.Children {
			if c.Kind != Null {
				n.Keys[keep], n.KeyPos[keep], n.Children[keep] = n.Keys[i], n.KeyPos[i], c
				keep++
			}
		}
		n.Keys, n.KeyPos, n.Children = n.Keys[:keep], n.KeyPos[:keep], n.Children[:keep]
	}
	for _, c := range n.Children {
		c.Strip()
	}
}

// SplitPath cuts a path at its dots; a key in double quotes may hold dots.
func SplitPath(path string) ([]string, bool) {
	var out []string
	for rest := path; ; {
		var key string
		if strings.HasPrefix(rest, `"`) {
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 {
				return nil, false
			}
			key, rest = rest[1:end+1], rest[end+2:]
		} else {
			end := strings.IndexByte(rest, '.')
			if end < 0 {
				end = len(rest)
			}
			key, rest = rest[:end], rest[end:]
		}
		if key == "" {
			return nil, false
		}
		out = append(out, key)
		if rest == "" {
			return out, true
		}
		if rest[0] != '.' {
			return nil, false
		}
		rest = rest[1:]
	}
}

// Set applies the argument path=value, the number-th of its kind (from 1). Value is YAML; mappings merge as
// in Merge, an empty value or null deletes. Missing mappings on the way are made. Diagnostics point at file,
// with the number as the line and the column in the argument.
func (n *Node) Set(file string, number int, argument string) model.Diagnostics {
	return n.SetAt(file, number, 1, argument)
}

// SetAt is Set for an argument that begins at column col of what file and number stand for.
func (n *Node) SetAt(file string, number, col int, argument string) model.Diagnostics {
	p := parser{file: file}
	path, text, ok := strings.Cut(argument, "=")
	keys, okPath := SplitPath(strings.TrimSpace(path))
	switch {
	case !ok:
		p.fail(number, col, CodeSetForm, argument)
		return p.diags
	case !okPath:
		p.fail(number, col, CodeBadPath, cmp.Or(path, argument))
		return p.diags
	}
	offset := col + utf8.RuneCountInString(path)
	value := &Node{Kind: Null}
	if strings.TrimSpace(text) != "" {
		value = p.parse([]byte(text))
	}
	for i := range p.diags {
		shift(&p.diags[i].Pos, number, offset)
	}
	if value == nil || p.diags.HasErrors() {
		at, all := n.Find(keys...)
		at.Refused, at.Flawed = at.Refused || all, true
		return p.diags
	}
	value.shift(number, offset)
	pos := model.Pos{File: file, Line: number, Col: col}
	at := n
	for i, key := range keys {
		last := i == len(keys)-1
		if at.Kind == Sequence {
			item, err := strconv.Atoi(key)
			if err != nil || item < 0 || item >= len(at.Children) {
				p.fail(number, col, CodeNoSuchItem, path, key)
				return p.diags
			}
			if !last {
				at = at.Children[item]
			} else if value.Kind == Null {
				at.Children = slices.Delete(at.Children, item, item+1)
			} else {
				at.Children[item] = Merge(at.Children[item], value)
			}
			continue
		}
		next := at.Get(key)
		switch {
		case last && value.Kind == Null:
			at.Delete(key)
		case last:
			at.Put(key, pos, Merge(next, value))
		case next == nil || next.Kind == Scalar || next.Kind == Null:
			next = &Node{Kind: Mapping, Pos: pos}
			at.Put(key, pos, next)
		}
		at = next
	}
	return p.diags
}

// shift moves positions of a value to the argument it came from.
func (n *Node) shift(line, offset int) {
	shift(&n.Pos, line, offset)
	for i := range n.KeyPos {
		shift(&n.KeyPos[i], line, offset)
	}
	for _, c := range n.Children {
		c.shift(line, offset)
	}
}

func shift(p *model.Pos, line, offset int) { p.Line, p.Col = line, max(p.Col, 1)+offset }

// Differ calls told with every path at which two trees say something else: a mapping that stands in both is looked into,
// everything else is one value. What one of them lacks is nil. The paths come in order.
func Differ(a, b *Node, told func(path []string, a, b *Node)) { differ(a, b, nil, told) }

func differ(a, b *Node, path []string, told func([]string, *Node, *Node)) {
	switch {
	case a == nil && b == nil:
	case a == nil || b == nil || a.Kind != Mapping || b.Kind != Mapping || a.atomic() || b.atomic():
		if a == nil || b == nil || !a.equal(b) {
			told(path, a, b)
		}
	default:
		keys := slices.Concat(a.Keys, b.Keys)
		slices.Sort(keys)
		for _, key := range slices.Compact(keys) {
			differ(a.Has(key), b.Has(key), append(slices.Clip(path), key), told)
		}
	}
}

// equal reports whether two trees say the same, wherever it stands and in whatever order the keys are.
func (n *Node) equal(o *Node) bool {
	if n.Kind != o.Kind || n.Value != o.Value || len(n.Children) != len(o.Children) {
		return false
	}
	for i, child := range n.Children {
		other := o.Children[i]
		if n.Kind == Mapping {
			if other = o.Get(n.Keys[i]); other == nil {
				return false
			}
		}
		if !child.equal(other) {
			return false
		}
	}
	return true
}

// Clone is a deep copy.
func (n *Node) Clone() *Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Keys, c.KeyPos = slices.Clone(n.Keys), slices.Clone(n.KeyPos)
	c.Children = make([]*Node, len(n.Children))
	for i, child := range n.Children {
		c.Children[i] = child.Clone()
	}
	return &c
}
