package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"slasim/cmd/internal/bid"
	"slasim/cmd/internal/say"
	"slasim/model"
)

// Lint prints the findings as text, markdown, csv or json.
func Lint(w io.Writer, format string, l *bid.Lint, o Options) error {
	s := &lintSheet{sheet: sheet{Options: o}, l: l}
	switch format {
	case "json":
		return s.json(w)
	case "csv":
		return s.csv(w)
	case "markdown":
		s.Width = 1 << 20
		return writeMarkdown(w, append([]block{{lines: s.head()}}, s.tables()...))
	}
	for _, line := range s.head() {
		for _, part := range indent(line, s.width()) {
			fmt.Fprintln(w, part)
		}
	}
	s.text(w)
	return nil
}

// lintSheet words findings.
type lintSheet struct {
	sheet
	l *bid.Lint
}

// head says what was looked at and counts the findings.
func (s *lintSheet) head() []string {
	v := s.Voice
	var lines []string
	for _, p := range s.l.Plans {
		name := p.Name.In(v.Lang)
		if name == "" {
			name = p.Contract
		}
		if p.Plan == "" {
			lines = append(lines, v.T("lint.title_no_plan", name))
		} else {
			lines = append(lines, v.T("lint.title", p.Plan, name))
		}
	}
	var parts []string
	for _, g := range bid.Groups {
		n := 0
		for i := range s.l.Findings {
			if s.l.Findings[i].Group == g {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, v.T("matrix.count", v.T("lint.group."+g), n))
		}
	}
	if len(parts) == 0 {
		lines = append(lines, v.T("lint.none"))
	} else {
		lines = append(lines, v.T("lint.count", len(s.l.Findings), v.Join(parts)))
	}
	if s.l.Scenario == "" {
		return append(lines, v.T("lint.plain"), "slasim "+s.l.Version)
	}
	return append(lines, "slasim "+s.l.Version+" · "+s.l.Scenario+" "+short(s.l.Hash))
}

// where is the clauses of a finding, with section and line of the plan if they are few.
func (s *lintSheet) where(f *bid.LintFinding, few int) string {
	v := s.Voice
	var parts []string
	for _, p := range f.Places {
		text := p.Clause
		if p.Clause == "" && p.Line > 0 {
			text = v.T("lint.line", p.Line)
		} else if len(f.Places) <= few {
			var at []string
			if p.Section != "" {
				at = append(at, "§ "+p.Section)
			}
			if p.Line > 0 {
				at = append(at, v.T("lint.line", p.Line))
			}
			if len(at) > 0 {
				text = v.T("lint.place", text, v.Join(at))
			}
		}
		parts = append(parts, text)
	}
	return v.List(parts)
}

// text prints the findings by group: where, what, and the question.
func (s *lintSheet) text(w io.Writer) {
	v := s.Voice
	many := len(s.l.Plans) > 1
	group, contract := "", "-"
	line := func(text string, first, rest int) {
		for i, part := range say.Fold(text, s.width()-rest) {
			n := rest
			if i == 0 {
				n = first
			}
			fmt.Fprintln(w, strings.Repeat(" ", n)+part)
		}
	}
	for i := range s.l.Findings {
		f := &s.l.Findings[i]
		if f.Group != group || f.Contract != contract {
			group, contract = f.Group, f.Contract
			title := v.T("lint.group." + group)
			if many && contract != "" {
				title += " · " + contract
			}
			fmt.Fprintf(w, "\n%s\n", title)
		}
		line(v.Msg(f.Msg), 2, 4)
		where := s.where(f, 3)
		if at := f.At.String(); at != "" {
			where = strings.TrimPrefix(where+" · "+at, " · ")
		}
		if where != "" {
			line(where, 4, 4)
		}
		line(v.T("lint.ask", v.Msg(f.Ask)), 4, 6)
	}
}

// tables are the findings for a document, a table for each group.
func (s *lintSheet) tables() []block {
	v := s.Voice
	var list []block
	for _, g := range bid.Groups {
		t := columns(v.T("col.contract"), v.T("col.clauses"), v.T("col.place"), v.T("col.finding"), v.T("col.question"))
		for i := range s.l.Findings {
			if f := &s.l.Findings[i]; f.Group == g {
				t.add(f.Contract, s.where(f, 3), f.At.String(), v.Msg(f.Msg), v.Msg(f.Ask))
			}
		}
		if len(t.rows) > 0 {
			t.dropEmpty()
			list = append(list, block{title: v.T("lint.group." + g), table: t})
		}
	}
	return list
}

// csv prints a line per finding.
func (s *lintSheet) csv(w io.Writer) error {
	out, put, err := newCSV(w)
	if err != nil {
		return err
	}
	put("contract", "group", "rule", "clauses", "sections", "lines", "scenario_place", "finding", "question")
	for i := range s.l.Findings {
		f := &s.l.Findings[i]
		var ids, sections, lines []string
		for _, p := range f.Places {
			ids, sections = append(ids, p.Clause), append(sections, p.Section)
			if p.Line > 0 {
				lines = append(lines, strconv.Itoa(p.Line))
			}
		}
		put(f.Contract, f.Group, f.Rule, strings.Join(ids, " "), strings.Join(sections, "; "), strings.Join(lines, " "),
			f.At.String(), s.Voice.Msg(f.Msg), s.Voice.Msg(f.Ask))
	}
	out.Flush()
	return out.Error()
}

// json prints the findings with their texts in both languages.
func (s *lintSheet) json(w io.Writer) error {
	type finding struct {
		Contract string      `json:"contract,omitempty"`
		Group    string      `json:"group"`
		Rule     string      `json:"rule"`
		Places   []bid.Place `json:"places"`
		At       string      `json:"scenario_place,omitempty"`
		Finding  model.Text  `json:"finding"`
		Question model.Text  `json:"question"`
	}
	en, zh := say.New(model.En), say.New(model.Zh)
	both := func(m model.Msg) model.Text { return model.Text{En: en.Msg(m), Zh: zh.Msg(m)} }
	list := []finding{}
	for i := range s.l.Findings {
		f := &s.l.Findings[i]
		list = append(list, finding{f.Contract, f.Group, f.Rule, f.Places, f.At.String(), both(f.Msg), both(f.Ask)})
	}
	return JSON(w, struct {
		Version  string         `json:"version"`
		Scenario string         `json:"scenario,omitempty"`
		Hash     string         `json:"scenario_hash,omitempty"`
		Plans    []bid.LintPlan `json:"plans"`
		Findings []finding      `json:"findings"`
	}{s.l.Version, s.l.Scenario, s.l.Hash, s.l.Plans, list})
}
