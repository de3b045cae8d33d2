// Package history reads recorded tickets from a CSV file by a mapping file and makes them the faults of a compiled
// world. What the history does not say is drawn by the engine.
package history

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"slasim/model"
	"slasim/scenarios"
	"slasim/scenarios/internal/tree"
)

//go:embed mappings
var library embed.FS

// mapping is a mapping file as it is written. All keys but times are optional.
type mapping struct {
	id        column // default: the number of the line
	contract  column // a contract of the scenario, if it has several
	encoding  string // auto, utf-8, utf-16, gb18030 (also called gbk)
	delimiter rune
	comment   rune
	format    string         // of the times, as a message shows it
	layout    string         // the same in Go's form; "" is ISO 8601
	zone      *time.Location // of times without an offset; nil: the clock on the wall is the scenario's
	times     map[string]column
	site      lookup
	class     lookup
	severity  lookup
	filter    []filter
	create    bool   // make a fault source where the scenario has none for a site and class
	compare   column // the clause that is compared with reported → resolved
}

// column names a column of the history, or another word of the mapping; "" is none.
type column struct {
	name string
	pos  model.Pos
}

// lookup translates the values of a column into names of the scenario. A value that is not in words stands for itself,
// unless there is a fallback, which also serves blank fields.
type lookup struct {
	column
	words    map[string]column
	fallback column
	given    bool
}

// filter keeps the rows whose column has one of the values.
type filter struct {
	column
	values []string
}

// instants are the times that a mapping may name.
var instants = []string{"occurred", "reported", "arrived", "resolved", "closed"}

type reader struct {
	diags model.Diagnostics
}

func (r *reader) fail(pos model.Pos, code string, args ...any) {
	r.report(model.Error, pos, code, args...)
}

// unread reports a file that the system does not give.
func (r *reader) unread(name string, err error) {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	r.fail(model.Pos{File: name}, CodeUnread, name, err.Error())
}

func (r *reader) report(s model.DiagSeverity, pos model.Pos, code string, args ...any) {
	r.diags = append(r.diags, model.Diagnostic{Pos: pos, Severity: s, Msg: model.Msg{Code: code, Args: args}})
}

// Mappings lists the embedded mappings.
func Mappings() []string {
	entries, err := library.ReadDir("mappings")
	if err != nil {
		panic("history: " + err.Error())
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// readMapping reads a mapping file, or an embedded mapping by its name.
func (r *reader) readMapping(name string, read func(string) ([]byte, error)) (*mapping, []byte) {
	data, err := library.ReadFile("mappings/" + name + ".yaml")
	if err != nil || path.Ext(name) != "" || strings.ContainsAny(name, `/\`) {
		data, err = read(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.unread(name, err)
			return nil, nil
		}
		if err != nil {
			r.fail(model.Pos{File: name}, CodeNoMapping, name, scenarios.Nearest(name, Mappings()), scenarios.List(Mappings()))
			return nil, nil
		}
	}
	return r.parseMapping(name, data), data
}

func (r *reader) parseMapping(name string, data []byte) *mapping {
	root, diags := tree.Parse(name, data)
	r.diags = append(r.diags, diags...)
	if root == nil {
		return nil
	}
	m := &mapping{format: "YYYY-MM-DD HH:mm:ss", encoding: "auto", delimiter: ',', times: map[string]column{}}
	if !r.keys(root, "", "id", "contract", "encoding", "delimiter", "comment", "times", "site", "class", "severity", "filter", "create", "compare") {
		return nil
	}
	m.id, m.contract, m.compare = r.word(root, "", "id"), r.word(root, "", "contract"), r.word(root, "", "compare")
	if w := r.word(root, "", "encoding"); w.name != "" {
		m.encoding = w.name
		if legal := []string{"auto", "utf-8", "utf-16", "gb18030", "gbk"}; !slices.Contains(legal, w.name) {
			r.fail(w.pos, scenarios.CodeBadEnum, "encoding", w.name, scenarios.Nearest(w.name, legal), scenarios.List(legal))
		}
	}
	m.delimiter = r.letter(root, "delimiter", m.delimiter)
	m.comment = r.letter(root, "comment", 0)
	if m.comment == m.delimiter {
		r.fail(root.Pos, CodeLetter, "comment", string(m.comment))
	}
	if w := r.word(root, "", "create"); w.name != "" {
		m.create = w.name == "true"
		if !m.create && w.name != "false" {
			r.fail(w.pos, scenarios.CodeWrongType, "create", scenarios.WantBool, w.name)
		}
	}
	if t := root.Has("times"); t == nil && !root.Sound("times") {
	} else if t == nil {
		r.fail(root.Pos, scenarios.CodeMissingKey, "", "times")
	} else if r.keys(t, "times", append([]string{"format", "timezone"}, instants...)...) {
		for _, k := range instants {
			m.times[k] = r.word(t, "times", k)
		}
		if m.times["occurred"].name == "" && m.times["reported"].name == "" && t.Sound("occurred") && t.Sound("reported") {
			r.fail(t.Pos, scenarios.CodeMissingKey, "times", "reported")
		}
		if f := r.word(t, "times", "format"); f.name != "" {
			m.format, m.layout = f.name, layoutOf(f.name)
			if !strings.Contains(m.layout, "2006") || !strings.Contains(m.layout, "2") || len(f.name) > 60 {
				r.fail(f.pos, CodeTimeFormat, f.name)
			}
		}
		if z := r.word(t, "times", "timezone"); z.name != "" && z.name != "local" {
			at, err := time.Parse("-07:00", z.name)
			if err != nil {
				r.fail(z.pos, CodeTimeZone, z.name)
			} else {
				m.zone = at.Location()
			}
		}
	}
	m.site, m.class, m.severity = r.lookup(root, "site"), r.lookup(root, "class"), r.lookup(root, "severity")
	for _, k := range []string{"site", "class"} {
		if root.Has(k) == nil && root.Sound(k) {
			r.fail(root.Pos, scenarios.CodeMissingKey, "", k)
		}
	}
	if f := root.Has("filter"); f != nil {
		if f.Kind != tree.Mapping {
			r.fail(f.Pos, scenarios.CodeWrongType, "filter", scenarios.WantMapping, f.Kind.String())
			return m
		}
		for i, key := range f.Keys {
			one := filter{column: column{key, f.KeyPos[i]}}
			values := []*tree.Node{f.Children[i]}
			if f.Children[i].Kind == tree.Sequence {
				values = f.Children[i].Children
			}
			for _, v := range values {
				if v.Kind != tree.Scalar && v.Kind != tree.Null {
					r.fail(v.Pos, scenarios.CodeWrongType, "filter."+key, scenarios.WantText, v.Kind.String())
				}
				one.values = append(one.values, v.Value)
			}
			m.filter = append(m.filter, one)
		}
	}
	if m.compare.name != "" && (m.times["resolved"].name == "" || m.times["reported"].name == "") {
		r.fail(m.compare.pos, scenarios.CodeMissingKey, "times", "resolved")
	}
	return m
}

// layoutOf turns YYYY-MM-DD HH:mm:ss into Go's form of it. A single M, D, H, m or s reads one or two digits.
func layoutOf(format string) string {
	return strings.NewReplacer("YYYY", "2006", "MM", "01", "DD", "02", "HH", "15", "mm", "04", "ss", "05",
		"M", "1", "D", "2", "H", "15", "m", "4", "s", "5").Replace(format)
}

// keys reports keys that are not legal; false if n is no mapping.
func (r *reader) keys(n *tree.Node, at string, legal ...string) bool {
	if n.Kind != tree.Mapping {
		r.fail(n.Pos, scenarios.CodeWrongType, at, scenarios.WantMapping, n.Kind.String())
		return false
	}
	for i, k := range n.Keys {
		if !slices.Contains(legal, k) {
			n.Flawed = true
			r.fail(n.KeyPos[i], scenarios.CodeUnknownKey, k, at, scenarios.Nearest(k, legal), scenarios.List(legal))
		}
	}
	return true
}

func (r *reader) word(n *tree.Node, at, key string) column {
	v := n.Has(key)
	if v == nil {
		return column{pos: n.Pos}
	}
	if v.Kind != tree.Scalar {
		v.Refused = true
		r.fail(v.Pos, scenarios.CodeWrongType, strings.TrimPrefix(at+"."+key, "."), scenarios.WantText, v.Kind.String())
	}
	return column{v.Value, v.Pos}
}

func (r *reader) letter(n *tree.Node, key string, otherwise rune) rune {
	v := n.Has(key)
	if v == nil {
		return otherwise
	}
	letters := []rune(strings.ReplaceAll(v.Value, `\t`, "\t"))
	if v.Kind != tree.Scalar || len(letters) != 1 || strings.ContainsRune("\"\r\n\ufeff\ufffd\x00", letters[0]) {
		r.fail(v.Pos, CodeLetter, key, v.Value)
		return otherwise
	}
	return letters[0]
}

// lookup reads {column: …, map: {…}, default: …}, or the name of a column alone.
func (r *reader) lookup(root *tree.Node, key string) (l lookup) {
	n := root.Has(key)
	if n == nil {
		return l
	}
	l.given = true
	if n.Kind == tree.Scalar {
		l.column = column{n.Value, n.Pos}
		return l
	}
	if !r.keys(n, key, "column", "map", "default") {
		return l
	}
	l.column, l.fallback = r.word(n, key, "column"), r.word(n, key, "default")
	if l.name == "" && l.fallback.name == "" && n.Sound("column") && n.Sound("default") {
		r.fail(n.Pos, scenarios.CodeMissingKey, key, "column")
	}
	if m := n.Has("map"); m != nil {
		l.words = map[string]column{}
		if m.Kind != tree.Mapping {
			r.fail(m.Pos, scenarios.CodeWrongType, key+".map", scenarios.WantMapping, m.Kind.String())
			return l
		}
		for _, k := range m.Keys {
			l.words[k] = r.word(m, key+".map", k)
		}
	}
	return l
}

// opener reads whole files from an fs.FS or the working directory.
func opener(f fs.FS) func(string) ([]byte, error) {
	if f == nil {
		return os.ReadFile
	}
	return func(name string) ([]byte, error) { return fs.ReadFile(f, name) }
}

func itoa(i int) string { return strconv.Itoa(i) }
