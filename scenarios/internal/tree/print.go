package tree

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// Print writes the tree as YAML in a canonical form: keys sorted, two spaces of indentation, short lists on
// one line, positions and comments forgotten. With comments, those that tell a source or an assumption are
// kept. Reading the result gives the same tree.
func Print(n *Node, comments bool) []byte {
	w := printer{comments: comments}
	w.block(n, 0)
	return w.Bytes()
}

// IsNote reports whether a comment says where a number comes from: "source: …" or "assumption".
func IsNote(comment string) bool {
	return strings.HasPrefix(comment, "source:") || strings.HasPrefix(comment, "assumption")
}

type printer struct {
	bytes.Buffer
	comments bool
}

func (w *printer) note(n *Node) {
	if w.comments && IsNote(n.Comment) {
		w.WriteString(" # " + n.Comment)
	}
	w.WriteByte('\n')
}

// flat reports whether n goes on one line.
func (w *printer) flat(n *Node) bool {
	switch n.Kind {
	case Mapping:
		return len(n.Keys) == 0
	case Sequence:
		return !slices.ContainsFunc(n.Children, func(c *Node) bool {
			return c.Kind != Scalar || w.comments && IsNote(c.Comment)
		})
	default:
		return true
	}
}

// block writes n, which begins at the current column: the start of a line, or after "- ".
func (w *printer) block(n *Node, indent int) {
	switch {
	case w.flat(n):
		w.inline(n)
		w.note(n)
	case n.Kind == Mapping:
		keys := slices.Clone(n.Keys)
		slices.Sort(keys)
		for i, key := range keys {
			if i > 0 {
				w.indent(indent)
			}
			w.WriteString(scalar(key) + ":")
			w.child(n.Get(key), indent)
		}
	default:
		for i, c := range n.Children {
			if i > 0 {
				w.indent(indent)
			}
			w.WriteString("- ")
			w.block(c, indent+2)
		}
	}
}

// child writes the value of a key.
func (w *printer) child(n *Node, indent int) {
	if w.flat(n) {
		w.WriteByte(' ')
		w.inline(n)
		w.note(n)
		return
	}
	w.note(n)
	w.indent(indent + 2)
	w.block(n, indent+2)
}

func (w *printer) indent(n int) { w.WriteString(strings.Repeat(" ", n)) }

func (w *printer) inline(n *Node) {
	switch n.Kind {
	case Null:
		w.WriteString("null")
	case Mapping:
		w.WriteString("{}")
	case Scalar:
		w.WriteString(scalar(n.Value))
	case Sequence:
		w.WriteByte('[')
		for i, c := range n.Children {
			if i > 0 {
				w.WriteString(", ")
			}
			w.inline(c)
		}
		w.WriteByte(']')
	}
}

// scalar quotes a value unless it is a plain word, phrase, number or quantity. Values are read by their
// text alone, so true and 1 need no quotes, but what would be nothing does.
func scalar(value string) string {
	switch strings.ToLower(value) {
	case "", "null":
		return strconv.Quote(value)
	}
	for i, r := range value {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r >= 0x4e00 && r <= 0x9fff:
		case i > 0 && (r == '_' || r == '-' || r == '.' || r == '/' || r == '%'):
		case i > 0 && r == ' ' && i+1 < len(value):
		default:
			return strings.ReplaceAll(strconv.Quote(value), `\u007f`, `\x7f`)
		}
	}
	return value
}
