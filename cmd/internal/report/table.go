package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"slasim/cmd/internal/say"
)

// block is a part of a document: a table, or lines of text.
type block struct {
	title string
	lines []string
	table *table
}

// table is a grid of text. A newline in head makes a second header line.
type table struct {
	head  []string
	right []bool // by column: aligned to the right
	rows  [][]string
	keys  int    // columns that say what a row is of; at least one
	first string // head of the column that comes next to them where not all have room beside each other
}

// columns starts a table; a leading ">" aligns the column to the right.
func columns(head ...string) *table {
	t := &table{}
	for _, h := range head {
		t.right = append(t.right, strings.HasPrefix(h, ">"))
		t.head = append(t.head, strings.TrimPrefix(h, ">"))
	}
	return t
}

// add appends a row; it must have as many cells as the table has columns.
func (t *table) add(cells ...string) {
	if len(cells) != len(t.head) {
		panic(fmt.Sprintf("report: %d cells in a table of %d columns", len(cells), len(t.head)))
	}
	t.rows = append(t.rows, cells)
}

// dropEmpty removes the columns without any content.
func (t *table) dropEmpty() {
	keep := 0
	for c := range t.head {
		used := false
		for _, r := range t.rows {
			used = used || strings.TrimSpace(r[c]) != ""
		}
		if !used {
			continue
		}
		t.head[keep], t.right[keep] = t.head[c], t.right[c]
		for _, r := range t.rows {
			r[keep] = r[c]
		}
		keep++
	}
	t.head, t.right = t.head[:keep], t.right[:keep]
	for i := range t.rows {
		t.rows[i] = t.rows[i][:keep]
	}
}

// fit narrows column c so that the whole table takes at most width cells, but not below least.
func (t *table) fit(c, width, least int) {
	if c >= len(t.head) {
		return
	}
	room := max(least, t.width(c)-(t.total()-width))
	for _, r := range t.rows {
		r[c] = say.Cut(r[c], room)
	}
}

// total is the width of the table in cells.
func (t *table) total() int {
	n := 0
	for i := range t.head {
		n += t.width(i) + 2
	}
	return n
}

// width is the width of column c in cells.
func (t *table) width(c int) int {
	w := 0
	for _, line := range strings.Split(t.head[c], "\n") {
		w = max(w, say.Cells(line))
	}
	for _, r := range t.rows {
		w = max(w, say.Cells(r[c]))
	}
	return w
}

// narrowest is how far a column of words is folded so that all columns have room beside each other.
const narrowest = 20

// folded is the table for lines of width cells; 0 is no limit. Columns of words are folded; if that is not enough, tables are
// stacked, each with the keys.
func (t *table) folded(width int) []*table {
	if width <= 0 || t.total() <= width {
		return []*table{t}
	}
	room := make([]int, len(t.head)) // cells of a column
	for c := range t.head {
		room[c] = t.width(c)
	}
	excess := t.total() - width
	for excess > 0 {
		widest := -1
		for c := range room {
			if !t.right[c] && room[c] > max(narrowest, t.least(c)) && (widest < 0 || room[c] > room[widest]) {
				widest = c
			}
		}
		if widest < 0 {
			return t.stacked(width)
		}
		room[widest]--
		excess--
	}
	all := make([]int, len(t.head))
	for c := range all {
		all[c] = c
	}
	return []*table{t.part(all, room)}
}

// least is the width that a column's head takes.
func (t *table) least(c int) (w int) {
	for _, line := range strings.Split(t.head[c], "\n") {
		w = max(w, say.Cells(line))
	}
	return w
}

// stacked is the table in parts that have the keys in common. From the second on, rows of which a part says nothing are left
// out, unless rows below belong to them.
func (t *table) stacked(width int) (list []*table) {
	keys := max(1, t.keys)
	room := make([]int, len(t.head))
	left := width
	var order, begin []int
	for c := range t.head {
		room[c] = t.width(c)
		if c < keys {
			begin = append(begin, c)
			room[c] = min(room[c], max(narrowest, width/(2*keys)))
			left -= room[c] + 2
		} else if t.head[c] == t.first {
			order = append([]int{c}, order...)
		} else {
			order = append(order, c)
		}
	}
	now, used := begin, 0
	put := func() {
		if used > 0 {
			p := t.part(now, room)
			if len(list) > 0 {
				p.dropSilent(keys)
			}
			list = append(list, p)
		}
		now, used = begin, 0
	}
	for _, c := range order {
		if !t.right[c] {
			room[c] = min(room[c], max(narrowest, left-2))
		}
		if used+room[c]+2 > left {
			put()
		}
		now, used = append(now[:len(now):len(now)], c), used+room[c]+2
	}
	put()
	return list
}

// part is some columns of the table, words folded to their room.
func (t *table) part(columns, room []int) *table {
	p := &table{}
	for _, c := range columns {
		p.head, p.right = append(p.head, t.head[c]), append(p.right, t.right[c])
	}
	for _, r := range t.rows {
		var row []string
		for _, c := range columns {
			cell := r[c]
			if say.Cells(cell) > room[c] {
				indent := cell[:len(cell)-len(strings.TrimLeft(cell, " "))]
				lines := say.Fold(strings.TrimLeft(cell, " "), room[c]-len(indent))
				cell = indent + strings.Join(lines, "\n"+indent)
			}
			row = append(row, cell)
		}
		p.rows = append(p.rows, row)
	}
	return p
}

// dropSilent drops the rows that say nothing beside their keys. A row without its first key belongs to one above.
func (t *table) dropSilent(keys int) {
	var kept [][]string
	below := false // a row that is kept belongs to this one
	for i := len(t.rows) - 1; i >= 0; i-- {
		r := t.rows[i]
		says := slices.ContainsFunc(r[keys:], func(cell string) bool { return strings.TrimSpace(cell) != "" })
		head := strings.TrimSpace(r[0]) != ""
		if says || head && below {
			kept = append(kept, r)
		}
		below = !head && (below || says)
	}
	slices.Reverse(kept)
	t.rows = kept
}

// text draws the table without borders, a line below the header.
func (t *table) text(w io.Writer) error {
	align := make([]tw.Align, len(t.head))
	for i, right := range t.right {
		align[i] = tw.AlignLeft
		if right {
			align[i] = tw.AlignRight
		}
	}
	symbols := tw.NewSymbolCustom("rule").WithRow("─").WithColumn(" ").WithCenter("─").WithMidLeft("─").WithMidRight("─")
	var b strings.Builder
	tab := tablewriter.NewTable(&b,
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithTrimLine(tw.Off),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: align}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: align}),
		tablewriter.WithPadding(tw.Padding{Left: "", Right: "  ", Overwrite: true}),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: symbols,
			Settings: tw.Settings{
				Lines:      tw.Lines{ShowHeaderLine: tw.On, ShowTop: tw.Off, ShowBottom: tw.Off, ShowFooterLine: tw.Off},
				Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off, ShowHeader: tw.On, ShowFooter: tw.Off},
			},
		})),
	)
	tab.Header(t.head)
	for _, r := range t.rows {
		if err := tab.Append(r); err != nil {
			return err
		}
	}
	if err := tab.Render(); err != nil {
		return err
	}
	for _, line := range strings.Split(strings.TrimRight(b.String(), "\n"), "\n") {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	return nil
}

// markdown draws the table for a document.
func (t *table) markdown(w io.Writer) error {
	escape := strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "*", `\*`)
	line := func(row []string) string {
		var b strings.Builder
		for _, c := range row {
			b.WriteString("| " + escape.Replace(strings.TrimSpace(c)) + " ")
		}
		return b.String() + "|\n"
	}
	var b strings.Builder
	b.WriteString(line(t.head))
	for _, right := range t.right {
		if right {
			b.WriteString("|--:")
		} else {
			b.WriteString("|:--")
		}
	}
	b.WriteString("|\n")
	for _, r := range t.rows {
		b.WriteString(line(r))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeText prints blocks for a terminal whose lines have width cells; 0 is unknown.
func writeText(w io.Writer, blocks []block, width int) error {
	for i, b := range blocks {
		if i > 0 {
			fmt.Fprintln(w)
		}
		put := func(line string, width int) {
			if say.Cells(line) > width {
				line = strings.Join(indent(line, width), "\n")
			}
			fmt.Fprintln(w, line)
		}
		if b.title != "" {
			put(b.title, cmp.Or(width, math.MaxInt))
		}
		for _, line := range b.lines {
			put(line, Options{Width: width}.width())
		}
		if b.table == nil {
			continue
		}
		for k, t := range b.table.folded(width) {
			if k > 0 {
				fmt.Fprintln(w)
			}
			if err := t.text(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeMarkdown prints blocks for a document.
func writeMarkdown(w io.Writer, blocks []block) error {
	escape := strings.NewReplacer("<", "&lt;", "*", `\*`, "|", `\|`)
	for i, b := range blocks {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if b.title != "" {
			fmt.Fprintf(w, "## %s\n\n", escape.Replace(b.title))
		}
		for j, line := range b.lines {
			if j > 0 {
				fmt.Fprintln(w)
			}
			fmt.Fprintln(w, escape.Replace(line))
		}
		if b.table != nil {
			if len(b.lines) > 0 {
				fmt.Fprintln(w)
			}
			if err := b.table.markdown(w); err != nil {
				return err
			}
		}
	}
	return nil
}
