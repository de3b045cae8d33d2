package cli

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"unicode/utf8"

	"slasim/cmd/internal/say"
	"slasim/model"
)

// severityCodes are the words for the severities of diagnostics.
var severityCodes = [...]string{model.Error: "severity.error", model.Warning: "severity.warning", model.Note: "severity.note"}

// diagnostics prints findings on stderr: place, what is wrong, and the line with a caret where it can be had. shown are
// the arguments of flags that have places too.
func (a *app) diagnostics(list model.Diagnostics, shown map[string][]string) {
	files := map[string][]string{}
	maps.Copy(files, shown)
	for _, d := range list {
		place := d.Pos.String()
		if place != "" {
			place += ": "
		}
		fmt.Fprintf(a.Err, "%s%s: %s\n", place, a.say.T(severityCodes[d.Severity]), a.say.Msg(d.Msg))
		if d.Pos.Line == 0 {
			continue
		}
		lines, known := files[d.Pos.File]
		if !known {
			if text, err := os.ReadFile(d.Pos.File); err == nil {
				lines = strings.Split(strings.TrimPrefix(string(text), "\ufeff"), "\n")
			}
			files[d.Pos.File] = lines
		}
		if d.Pos.Line <= len(lines) {
			fmt.Fprint(a.Err, excerpt(lines[d.Pos.Line-1], d.Pos.Line, d.Pos.Col))
		}
	}
}

// excerpt is a source line and a caret below rune col (1-based). A hanzi takes two cells; a tab counts as one blank.
func excerpt(line string, number, col int) string {
	line = strings.TrimRight(line, "\r")
	if !utf8.ValidString(line) {
		return ""
	}
	const most = 100 // runes shown; what lies further right is cut
	runes := []rune(strings.ReplaceAll(line, "\t", " "))
	if col < 1 || col > len(runes)+1 {
		col = 1
	}
	from := 0
	if col > most {
		from = col - most/2
	}
	to := min(len(runes), from+most)
	blanks := say.Cells(string(runes[from : col-1]))
	return fmt.Sprintf("%5d | %s\n      | %s^\n", number, string(runes[from:to]), strings.Repeat(" ", blanks))
}
