package report

import (
	"bytes"
	"strings"
	"testing"

	"slasim/cmd/internal/say"
	"slasim/model"
)

// drawn is a table as it is drawn for lines of width cells.
func drawn(t *testing.T, x *table, width int) string {
	t.Helper()
	var b bytes.Buffer
	if err := writeText(&b, []block{{table: x}}, width); err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(b.String(), "\n")
}

// Words are folded as far as that makes room; else the numbers go below, beside the same keys, and a row of which there is
// nothing to say is left out there, unless a row below belongs to it.
func TestFolded(t *testing.T) {
	x := func() *table {
		x := columns("clause", "promise", ">late a year", ">on time", "verdict", "because")
		x.keys, x.first = 2, "verdict"
		x.add("A-1", "an engineer is on site within four hours", "12.5", "80 %", "MISSED", "travel 57 %")
		x.add("", "  far", "1", "0 %", "MISSED", "travel 90 %")
		x.add("", "  near", "", "", "NO DATA", "")
		x.add("A-2", "sound parts", "", "", "NOT TESTABLE", "")
		return x
	}
	wide := drawn(t, x(), 0)
	if got := drawn(t, x(), 200); got != wide {
		t.Errorf("with room enough it is another:\n%s", got)
	}
	for width, want := range map[int]string{
		88: `
clause  promise                 late a year  on time  verdict       because
─────────────────────────────────────────────────────────────────────────────────
A-1     an engineer is on site         12.5     80 %  MISSED        travel 57 %
        within four hours
          far                             1      0 %  MISSED        travel 90 %
          near                                        NO DATA
A-2     sound parts                                   NOT TESTABLE`, // 12 cells too many: 28 for the promise
		60: `
clause  promise            verdict       late a year
──────────────────────────────────────────────────────
A-1     an engineer is on  MISSED               12.5
        site within four
        hours
          far              MISSED                  1
          near             NO DATA
A-2     sound parts        NOT TESTABLE

clause  promise            on time  because
─────────────────────────────────────────────────
A-1     an engineer is on     80 %  travel 57 %
        site within four
        hours
          far                  0 %  travel 90 %`, // 20 for the promise leave 30 beside the keys
	} {
		if got := drawn(t, x(), width); got != strings.TrimPrefix(want, "\n") {
			t.Errorf("at %d:\n%s\nwant%s", width, got, want)
		}
	}
}

// Whatever is asked for, no line passes the width that is known, in both languages, and every number and word is still there.
func TestLinesFitTheTerminal(t *testing.T) {
	for _, lang := range []model.Lang{model.En, model.Zh} {
		for _, all := range []bool{false, true} {
			o := Options{Voice: say.New(lang), All: all, Detail: all, Width: 1000}
			var b bytes.Buffer
			if err := Text(&b, fixture(), o); err != nil {
				t.Fatal(err)
			}
			words := strings.Fields(strings.ReplaceAll(b.String(), "─", ""))
			for _, o.Width = range []int{60, 80, 100, 120} {
				b.Reset()
				if err := Text(&b, fixture(), o); err != nil {
					t.Fatal(err)
				}
				for line := range strings.Lines(b.String()) {
					if n := say.Cells(strings.TrimRight(line, "\n")); n > o.Width {
						t.Errorf("%v, %d: %d cells: %s", lang, o.Width, n, line)
					}
				}
				if !all { // promises may be cut
					continue
				}
				folded := strings.Join(strings.Fields(b.String()), "")
				for _, w := range words {
					if lang == model.En && len(w) < narrowest && !strings.Contains(folded, w) { // a longer one may be broken
						t.Errorf("at %d %q is lost", o.Width, w)
					}
				}
			}
		}
	}
}
