package report

import (
	"io"

	"github.com/xuri/excelize/v2"

	"slasim/cmd/internal/bid"
)

// xlsx writes the matrix as a workbook: the matrix with a frozen header, and a sheet that says what it is of and how to
// read it. Shares, counts and hours are numbers, so that a spreadsheet can sort and sum them.
func (s *matrixSheet) xlsx(w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	v := s.Voice
	sheet, notes := v.T("matrix.sheet"), v.T("matrix.sheet_notes")
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	if _, err := f.NewSheet(notes); err != nil {
		return err
	}
	const font = "SimSun" // a face that offices in China have; others take their own for it
	border := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "BFBFBF", Style: 1})
	}
	style := func(st excelize.Style) int {
		if err != nil {
			return 0
		}
		st.Border = border
		if st.Font == nil {
			st.Font = &excelize.Font{Family: font, Size: 10}
		}
		if st.Alignment == nil {
			st.Alignment = &excelize.Alignment{Vertical: "top", WrapText: true}
		}
		var id int
		id, err = f.NewStyle(&st)
		return id
	}
	share, hours, count := "0.0%", "0.00", "0.00"
	head := style(excelize.Style{Font: &excelize.Font{Family: font, Size: 10, Bold: true},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"D9E2F3"}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	plain := style(excelize.Style{})
	shares, spans, counts := style(excelize.Style{CustomNumFmt: &share}), style(excelize.Style{CustomNumFmt: &hours}),
		style(excelize.Style{CustomNumFmt: &count})
	tint := map[bid.Answer]int{}
	for _, x := range []struct {
		answer bid.Answer
		colour string
	}{{bid.Better, "C6E0B4"}, {bid.Worse, "F8CBAD"}, {bid.Clarify, "FFE699"}} {
		tint[x.answer] = style(excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{x.colour}}})
	}
	if err != nil {
		return err
	}

	type column struct {
		title string
		width float64
		style int
		cell  func(x *bid.MatrixRow) any
	}
	value := func(p *float64) any {
		if p == nil {
			return nil
		}
		return *p
	}
	columns := []column{
		{v.T("col.clause"), 9, plain, func(x *bid.MatrixRow) any { return x.ID }},
		{v.T("col.section"), 12, plain, func(x *bid.MatrixRow) any { return x.Section }},
		{v.T("col.anchor"), 28, plain, func(x *bid.MatrixRow) any { return x.Anchor }},
		{v.T("col.meaning"), 40, plain, func(x *bid.MatrixRow) any { return x.Meaning.In(v.Lang) }},
		{v.T("col.kind"), 5, plain, func(x *bid.MatrixRow) any { return x.Kind }},
		{v.T("col.form"), 12, plain, func(x *bid.MatrixRow) any { return s.represented(x) }},
		{v.T("col.where"), 30, plain, func(x *bid.MatrixRow) any { return s.where(x) }},
		{v.T("col.reading"), 24, plain, func(x *bid.MatrixRow) any { return s.readings(x) }},
		{v.T("col.limit"), 16, plain, func(x *bid.MatrixRow) any { return s.limits(x) }},
		{v.T("col.verdict"), 14, plain, func(x *bid.MatrixRow) any { return s.verdict(x) }},
		{v.T("matrix.events"), 9, counts, func(x *bid.MatrixRow) any { return value(x.EventsPerYear) }},
		{v.T("matrix.late"), 9, counts, func(x *bid.MatrixRow) any { return value(x.LatePerYear) }},
		{v.T("matrix.late10"), 8, counts, func(x *bid.MatrixRow) any { return value(x.LateP10) }},
		{v.T("matrix.late90"), 8, counts, func(x *bid.MatrixRow) any { return value(x.LateP90) }},
		{v.T("col.on_time"), 9, shares, func(x *bid.MatrixRow) any { return value(x.Share) }},
		{v.T("matrix.best_possible"), 9, shares, func(x *bid.MatrixRow) any { return value(x.BestPossible) }},
		{v.T("matrix.by95_hours"), 11, spans, func(x *bid.MatrixRow) any { return value(x.SignableP95) }},
		{v.T("matrix.by99_hours"), 11, spans, func(x *bid.MatrixRow) any { return value(x.SignableP99) }},
		{v.T("col.worst"), 18, plain, func(x *bid.MatrixRow) any { return s.worst(x) }},
		{v.T("col.because"), 16, plain, func(x *bid.MatrixRow) any { return s.because(x) }},
		{v.T("col.answer"), 12, plain, func(x *bid.MatrixRow) any { return s.answer(x) }},
		{v.T("col.remark"), 32, plain, func(x *bid.MatrixRow) any { return s.remark(x) }},
	}
	if len(s.m.Plans) > 1 {
		columns = append([]column{{v.T("col.contract"), 10, plain, func(x *bid.MatrixRow) any { return x.Contract }}}, columns...)
	}

	name := func(column, row int) string { // within the sheet, so that there is no error
		at, _ := excelize.CoordinatesToCellName(column, row)
		return at
	}
	put := func(at string, value any, style int) {
		if value != nil && value != "" && err == nil {
			err = f.SetCellValue(sheet, at, value)
		}
		if err == nil {
			err = f.SetCellStyle(sheet, at, at, style)
		}
	}
	answer := v.T("col.answer")
	for i, c := range columns {
		letter, _ := excelize.ColumnNumberToName(i + 1)
		if err := f.SetColWidth(sheet, letter, letter, c.width); err != nil {
			return err
		}
		put(name(i+1, 1), c.title, head)
		for n := range s.m.Rows {
			x := &s.m.Rows[n]
			style := c.style
			if id, ok := tint[x.Answer]; ok && c.title == answer {
				style = id
			}
			put(name(i+1, n+2), c.cell(x), style)
		}
	}
	if err != nil {
		return err
	}
	if err := f.SetRowHeight(sheet, 1, 30); err != nil {
		return err
	}
	if err := f.SetPanes(sheet, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := f.AutoFilter(sheet, "A1:"+name(len(columns), len(s.m.Rows)+1), nil); err != nil {
		return err
	}
	landscape, a4, one, any := "landscape", 9, 1, 0
	if err := f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &one,
		FitToHeight: &any}); err != nil {
		return err
	}
	fit := true
	if err := f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + sheet + "'!$1:$1",
		Scope: sheet}); err != nil {
		return err
	}

	wide := *s
	wide.Width = 1 << 20 // a cell breaks its own lines
	for i, line := range append(append(wide.head(), ""), wide.rule()...) {
		at := name(1, i+1)
		if err := f.SetCellStr(notes, at, line); err != nil {
			return err
		}
		if err := f.SetCellStyle(notes, at, at, plain); err != nil {
			return err
		}
	}
	if err := f.SetColWidth(notes, "A", "A", 110); err != nil {
		return err
	}
	return f.Write(w)
}
