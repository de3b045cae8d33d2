package model

import (
	"fmt"
	"sort"
	"strings"
)

// Pos is a place in a file; Line and Col are 1-based, Col counts runes. Line 0 means the file as a whole.
type Pos struct {
	File      string
	Line, Col int
}

func (p Pos) String() string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
	}
}

// Msg is a message before it has a language: a code of the message catalogue and its arguments.
type Msg struct {
	Code string
	Args []any
}

// Error makes a message an error for the layers that have no words. Users see the catalogue's text.
func (m Msg) Error() string { return fmt.Sprint(m.Code, " ", m.Args) }

// Severity of a diagnostic.
type DiagSeverity uint8

// An Error stops the run; a Warning and a Note are printed and travel with the result.
const (
	Error DiagSeverity = iota
	Warning
	Note
)

// Diagnostic is one finding about the input.
type Diagnostic struct {
	Pos      Pos
	Severity DiagSeverity
	Msg      Msg
}

// Diagnostics is a list of findings; it is an error if any of them is.
type Diagnostics []Diagnostic

// Sort orders by file, line, column and code.
func (d Diagnostics) Sort() {
	sort.SliceStable(d, func(i, j int) bool {
		a, b := d[i], d[j]
		if a.Pos.File != b.Pos.File {
			return a.Pos.File < b.Pos.File
		}
		if a.Pos.Line != b.Pos.Line {
			return a.Pos.Line < b.Pos.Line
		}
		if a.Pos.Col != b.Pos.Col {
			return a.Pos.Col < b.Pos.Col
		}
		return a.Msg.Code < b.Msg.Code
	})
}

// HasErrors reports whether any finding is an error.
func (d Diagnostics) HasErrors() bool {
	for _, x := range d {
		if x.Severity == Error {
			return true
		}
	}
	return false
}

// Error is for logs and tests; users see the catalogue's text.
func (d Diagnostics) Error() string {
	var b strings.Builder
	for i, x := range d {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s: %s %v", x.Pos, x.Msg.Code, x.Msg.Args)
	}
	return b.String()
}
