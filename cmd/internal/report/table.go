package report

import (
	"fmt"
	"io"
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

// writeText prints blocks for a terminal.
func writeText(w io.Writer, blocks []block) error {
	for i, b := range blocks {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if b.title != "" {
			fmt.Fprintln(w, b.title)
		}
		for _, line := range b.lines {
			fmt.Fprintln(w, line)
		}
		if b.table != nil {
			if err := b.table.text(w); err != nil {
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
