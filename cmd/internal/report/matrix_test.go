package report

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"slasim/cmd/internal/bid"
	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/scenarios"
	"slasim/scenarios/catalogue"
	"slasim/sim/judge"
)

// matrix is the one of liaoning with an invented run.
func matrix(t *testing.T) *bid.Matrix {
	t.Helper()
	s, diags := scenarios.Load("liaoning", scenarios.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	r := &judge.Report{Run: judge.RunInfo{Replications: 200, Seed: 1, Start: "2026-01-01"}}
	for _, c := range s.World.Clauses {
		f := judge.Figures{Verdict: "MISSED", EventsPerYear: 1234.5, LatePerYear: 123.4, LateP10: 100, LateP90: 150, Share: ptr(0.9),
			SignableP95: ptr(130.0 / 60), SignableP99: ptr(111.5), BestPossible: ptr(0.995), Reasons: map[string]float64{"customer_approval_remote": 0.9}}
		r.Clauses = append(r.Clauses, judge.ClauseResult{ID: c.ID, Contract: "s2", Figures: f})
	}
	return bid.New(s, "0", r)
}

func matrixIn(t *testing.T, m *bid.Matrix, format string, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Matrix(&b, format, m, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A line of text takes at most 120 cells, in both languages, with and without a run, for every plan and for two
// contracts at once; each row has its id at the beginning of a line.
func TestMatrixFitsTheTerminal(t *testing.T) {
	list := []*bid.Matrix{matrix(t)}
	for _, p := range catalogue.Plans() {
		list = append(list, bid.Plain(p, "0"))
	}
	two := matrix(t)
	two.Plans = append(two.Plans, two.Plans[0])
	list = append(list, two)
	for i, m := range list {
		for _, lang := range []model.Lang{model.En, model.Zh} {
			text := matrixIn(t, m, "text", Options{Voice: say.New(lang)})
			for line := range strings.Lines(text) {
				if n := say.Cells(strings.TrimRight(line, "\n")); n > 120 {
					t.Errorf("matrix %d: %d cells: %s", i, n, line)
				}
			}
			for _, r := range m.Rows {
				at := "\n" + r.ID + " "
				if len(m.Plans) > 1 {
					at = "\n" + r.Contract + "        " + r.ID + " "
					if lang == model.Zh {
						at = "\n" + r.Contract + "    " + r.ID + " "
					}
				}
				if !strings.Contains(text, at) {
					t.Errorf("matrix %d: %s has no line", i, r.ID)
				}
			}
		}
	}
}

func TestMatrixAsCSV(t *testing.T) {
	m := matrix(t)
	m.Rows[0].Anchor = "=1+1"
	text := matrixIn(t, m, "csv", Options{Voice: say.New(model.Zh)})
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 102 {
		t.Fatalf("%d lines, %v", len(rows), err)
	}
	cell := func(row int, name string) string {
		for i, head := range rows[0] {
			if head == name {
				return rows[row][i]
			}
		}
		t.Fatalf("no column %s", name)
		return ""
	}
	if got := cell(1, "anchor"); got != "'=1+1" {
		t.Errorf("a formula comes through as %q", got)
	}
	for name, want := range map[string]string{"clause": "S2-40", "represented": "clause", "verdict": "MISSED", "late_p90": "150",
		"share": "0.9", "signable_p99_hours": "111.5", "reason": "customer_approval_remote", "answer": "negative", "answer_text": "负偏离"} {
		if got := cell(40, name); got != want {
			t.Errorf("%s of S2-40 is %q, want %q", name, got, want)
		}
	}
	if got := cell(40, "reading"); !strings.Contains(got, "A-05 onsite_scope=all") {
		t.Errorf("readings of S2-40: %s", got)
	}
}

func TestMatrixAsJSONAndMarkdown(t *testing.T) {
	m := matrix(t)
	var back bid.Matrix
	if err := json.Unmarshal([]byte(matrixIn(t, m, "json", Options{Voice: say.New(model.En)})), &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(m, &back); d != "" {
		t.Errorf("JSON loses something (-want +got):\n%s", d)
	}
	text := matrixIn(t, m, "markdown", Options{Voice: say.New(model.Zh)})
	if n := strings.Count(text, "\n| "); n != 102 {
		t.Errorf("%d lines of the table, want 101 and the header", n)
	}
}

// The workbook opens again with all rows, frozen header, numbers as numbers and Chinese as written; the same matrix
// gives the same bytes.
func TestMatrixAsWorkbook(t *testing.T) {
	m := matrix(t)
	o := Options{Voice: say.New(model.Zh)}
	one, two := matrixIn(t, m, "xlsx", o), matrixIn(t, m, "xlsx", o)
	if one != two {
		t.Error("the same matrix gives other bytes")
	}
	z, err := zip.NewReader(strings.NewReader(one), int64(len(one)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, x := range z.File {
		if x.Modified.Year() >= 1980 { // none: DOS counts from 1980
			t.Errorf("%s is of %v", x.Name, x.Modified)
		}
		r, err := x.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[x.Name] = string(text)
	}
	if core := parts["docProps/core.xml"]; strings.Count(core, "2006-09-16T00:00:00Z") != 2 { // the library's own, for ever
		t.Errorf("the workbook says when it was made: %s", core)
	}
	for _, want := range []string{`<autoFilter ref="$A$1:$V$102"`, `orientation="landscape"`, `fitToPage="true"`} {
		if !strings.Contains(parts["xl/worksheets/sheet1.xml"], want) {
			t.Errorf("the sheet has no %s", want)
		}
	}
	f, err := excelize.OpenReader(strings.NewReader(one))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); len(got) != 2 || got[0] != "合规矩阵" || got[1] != "说明" {
		t.Fatalf("sheets %q", got)
	}
	panes, err := f.GetPanes("合规矩阵")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	if w, err := f.GetColWidth("合规矩阵", "D"); err != nil || w != 40 {
		t.Errorf("the meaning is %v wide, %v", w, err)
	}
	rows, err := f.GetRows("合规矩阵", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) != 102 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	at := func(name string) string {
		for i, head := range rows[0] {
			if head == name {
				return rows[40][i]
			}
		}
		t.Fatalf("no column %s", name)
		return ""
	}
	for name, want := range map[string]string{"条款": "S2-40", "方案原文": "非确定的硬件故障,沈阳半小时到", "按时率": "0.9", "应答": "负偏离", "结论": "不满足"} {
		if got := at(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	kind, err := f.GetCellType("合规矩阵", "O41")
	if err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		t.Errorf("the share is of the type %v, %v", kind, err)
	}
	id, _ := f.GetCellStyle("合规矩阵", "D41")
	if st, err := f.GetStyle(id); err != nil || st.Alignment == nil || !st.Alignment.WrapText {
		t.Errorf("the meaning does not wrap: %v", err)
	}
}
