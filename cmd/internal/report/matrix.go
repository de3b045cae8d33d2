package report

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"slasim/cmd/internal/bid"
	"slasim/cmd/internal/say"
	"slasim/model"
)

// answers in the order in which they are counted.
var answers = []bid.Answer{bid.Complies, bid.Better, bid.Attached, bid.Worse, bid.Clarify, bid.Excluded}

// Matrix prints the matrix of compliance as text, markdown, csv, json or xlsx.
func Matrix(w io.Writer, format string, m *bid.Matrix, o Options) error {
	s := &matrixSheet{sheet: sheet{Options: o}, m: m}
	switch format {
	case "json":
		return JSON(w, m)
	case "csv":
		return s.csv(w)
	case "xlsx":
		return s.xlsx(w)
	case "markdown":
		s.Width = 1 << 20
		t := s.full()
		t.dropEmpty()
		return writeMarkdown(w, []block{{lines: s.head()}, {table: t}, {lines: s.rule()}})
	}
	return s.text(w)
}

// matrixSheet words the rows of a matrix.
type matrixSheet struct {
	sheet
	m *bid.Matrix
}

// head says what the matrix is of, and counts the answers.
func (s *matrixSheet) head() []string {
	v := s.Voice
	title := s.m.Title.In(v.Lang)
	if title == "" {
		title = s.m.Scenario
	}
	lines := []string{v.T("matrix.title", title)}
	for _, p := range s.m.Plans {
		name := p.Name.In(v.Lang)
		if name == "" {
			name = p.Contract
		}
		if p.Plan == "" {
			lines = append(lines, v.T("matrix.no_plan", name, p.Rows))
		} else {
			lines = append(lines, v.T("matrix.plan", p.Plan, name, p.Rows))
		}
	}
	if s.m.Scenario == "" {
		lines = append(lines, v.T("matrix.plain", len(s.m.Rows)))
	} else if s.m.Run == nil {
		lines = append(lines, wrap(v.T("matrix.not_run", len(s.m.Rows)), ", ", s.width())...)
	} else {
		var parts []string
		for _, a := range answers {
			if n := s.m.Count(a); n > 0 {
				parts = append(parts, v.T("matrix.count", v.T("answer_word."+string(a)), n))
			}
		}
		if n := s.m.Count(""); n > 0 {
			parts = append(parts, v.T("matrix.count", v.T("verdict.measure"), n))
		}
		lines = append(lines, wrap(v.T("matrix.answers", len(s.m.Rows), v.Join(parts)), ", ", s.width())...)
	}
	foot := []string{"slasim " + s.m.Version}
	if s.m.Scenario != "" {
		foot = append(foot, s.m.Scenario+" "+short(s.m.Hash), v.T("report.reading."+s.m.Reading))
	}
	if r := s.m.Run; r != nil {
		foot = append(foot, v.T("report.replications", r.Replications), v.T("report.seed", r.Seed), v.T("report.start", r.Start))
		if r.Interrupted {
			lines = append(lines, v.T("report.interrupted", r.Replications, r.Asked))
		}
	}
	return append(lines, strings.Join(foot, " · "))
}

// rule says how an answer follows from a verdict.
func (s *matrixSheet) rule() []string {
	var lines []string
	if s.m.Run != nil {
		for _, code := range []string{"matrix.rule", "matrix.rule_options", "matrix.rule_evidence"} {
			lines = append(lines, indent(s.t(code, bid.BetterShare), s.width())...)
		}
	}
	return append(lines, indent(s.t("matrix.kinds"), s.width())...)
}

// represented is how a row is carried, with the value of an option.
func (s *matrixSheet) represented(x *bid.MatrixRow) string {
	text := s.t("form." + string(x.Form))
	if x.Clause != "" && x.Clause != x.ID {
		text += " " + x.Clause
	}
	return text
}

// where is the path that carries a row, with its value if that is short.
func (s *matrixSheet) where(x *bid.MatrixRow) string {
	const most = 24
	if x.Value != "" && say.Cells(x.Value) <= most {
		return x.CarriedBy + " = " + x.Value
	}
	return x.CarriedBy
}

func (s *matrixSheet) readings(x *bid.MatrixRow) string {
	var parts []string
	for _, r := range x.Readings {
		parts = append(parts, strings.TrimSpace(r.Decision+" "+r.Name+": "+r.Value))
	}
	return s.Voice.List(parts)
}

func (s *matrixSheet) limits(x *bid.MatrixRow) string {
	var parts []string
	for _, l := range x.Limits {
		if say.Has("stated." + l) {
			l = s.t("stated." + l)
		} else if from, to, ok := strings.Cut(l, "-"); ok {
			l = s.limitText(from) + "–" + s.limitText(to)
		} else if least, ok := strings.CutPrefix(l, ">="); ok {
			l = "≥ " + s.limitText(least)
		} else {
			l = s.limitText(l)
		}
		parts = append(parts, l)
	}
	return strings.Join(parts, " / ")
}

func (s *matrixSheet) verdict(x *bid.MatrixRow) string {
	switch {
	case x.Verdict != "":
		return s.t("verdict." + x.Verdict)
	case x.EventsPerYear != nil:
		return s.t("verdict.measure")
	}
	return ""
}

func (s *matrixSheet) answer(x *bid.MatrixRow) string {
	if x.Answer == "" {
		return ""
	}
	return s.t("answer_word." + string(x.Answer))
}

func (s *matrixSheet) worst(x *bid.MatrixRow) string {
	if x.Worst == nil {
		return ""
	}
	name := x.Worst.Name.In(s.Voice.Lang)
	if name == "" {
		name = x.Worst.ID
	}
	return name + " " + s.Voice.Percent(x.Worst.Share)
}

func (s *matrixSheet) because(x *bid.MatrixRow) string {
	if x.Reason == "" {
		return ""
	}
	return s.name("state.", x.Reason) + " " + s.Voice.Percent(x.ReasonShare)
}

// remark is the note of the catalogue, and the assumption that alone decides the clause.
func (s *matrixSheet) remark(x *bid.MatrixRow) string {
	parts := []string{}
	if note := x.Note.In(s.Voice.Lang); note != "" {
		parts = append(parts, note)
	}
	if by := x.ByAssumption.In(s.Voice.Lang); by != "" {
		parts = append(parts, s.t("note.by_assumption", by))
	}
	return strings.Join(parts, "; ")
}

// late is the late events of a year with the range of years.
func (s *matrixSheet) late(x *bid.MatrixRow) string {
	if x.LatePerYear == nil {
		return ""
	}
	v := s.Voice
	return fmt.Sprintf("%s (%s–%s)", v.Number(round3(*x.LatePerYear)), v.Number(*x.LateP10), v.Number(*x.LateP90))
}

// text prints a line for each row, and a second one for what does not fit.
func (s *matrixSheet) text(w io.Writer) error {
	v := s.Voice
	many := len(s.m.Plans) > 1
	var head []string
	if many {
		head = append(head, v.T("col.contract"))
	}
	t := columns(append(head, v.T("col.clause"), v.T("col.section"), v.T("col.anchor"), v.T("col.kind"), v.T("col.form"),
		v.T("col.verdict"), ">"+v.T("col.late"), ">"+v.T("col.on_time"), ">"+v.T("col.by99"), v.T("col.answer"))...)
	anchor, section := len(head)+2, 11
	if many {
		section = 8
	}
	more := make([]string, len(s.m.Rows))
	for i := range s.m.Rows {
		x := &s.m.Rows[i]
		var cells []string
		if many {
			cells = append(cells, say.Cut(x.Contract, 10))
		}
		form := s.t("form." + string(x.Form))
		t.add(append(cells, x.ID, say.Cut(x.Section, section), x.Anchor, x.Kind, form, s.verdict(x), s.late(x),
			optional(x.Share, v.Percent), optional(x.SignableP99, v.Brief), s.answer(x))...)
		more[i] = s.more(x)
	}
	t.dropEmpty()
	t.fit(anchor, s.width(), 8)
	var b bytes.Buffer
	if err := t.text(&b); err != nil {
		return err
	}
	for _, line := range s.head() {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintln(w)
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	above := len(lines) - len(s.m.Rows)
	for i, line := range lines {
		fmt.Fprintln(w, line)
		if i < above || more[i-above] == "" {
			continue
		}
		for j, part := range say.Fold(more[i-above], s.width()-10) {
			fmt.Fprintln(w, strings.Repeat(" ", 8+2*min(j, 1))+part)
		}
	}
	fmt.Fprintln(w)
	for _, line := range s.rule() {
		fmt.Fprintln(w, line)
	}
	return nil
}

// more is the second line of a row.
func (s *matrixSheet) more(x *bid.MatrixRow) string {
	v := s.Voice
	var parts []string
	if v.Lang == model.En && x.Meaning.In(model.En) != "" { // the plan's words are Chinese
		parts = append(parts, x.Meaning.In(model.En))
	}
	add := func(code string, text string) {
		if text != "" {
			parts = append(parts, v.T(code, text))
		}
	}
	if x.Form != "clause" || x.Clause != x.ID {
		if x.Clause != "" && x.Clause != x.ID {
			add("matrix.see", x.Clause)
		}
		if x.Form == "option" || x.Form == "parameter" || x.Form == bid.Missing {
			parts = append(parts, s.where(x))
		}
	}
	add("matrix.limit", s.limits(x))
	add("matrix.reading", s.readings(x))
	if x.Verdict == "NOT TESTABLE" && x.P50Hours != nil && x.P95Hours != nil {
		parts = append(parts, v.T("report.median_p95", v.Brief(*x.P50Hours), v.Brief(*x.P95Hours)))
	}
	if x.LatePerYear != nil {
		add("matrix.best", optional(x.BestPossible, v.Percent))
		add("matrix.by95", optional(x.SignableP95, v.Brief))
		add("matrix.worst", s.worst(x))
		add("matrix.because", s.because(x))
	}
	if remark := s.remark(x); remark != "" && (x.Form == "outside" || x.Form == "document" || x.ByAssumption.En != "") {
		parts = append(parts, remark)
	}
	return strings.Join(parts, " · ")
}

// full is the table with every column, for documents and spreadsheets.
func (s *matrixSheet) full() *table {
	v := s.Voice
	t := columns(v.T("col.contract"), v.T("col.clause"), v.T("col.section"), v.T("col.anchor"), v.T("col.meaning"),
		v.T("col.kind"), v.T("col.form"), v.T("col.where"), v.T("col.reading"), v.T("col.limit"), v.T("col.verdict"),
		">"+v.T("col.events"), ">"+v.T("col.late"), ">"+v.T("col.on_time"), ">"+v.T("col.best"), ">"+v.T("col.by95"),
		">"+v.T("col.by99"), v.T("col.worst"), v.T("col.because"), v.T("col.answer"), v.T("col.remark"))
	for i := range s.m.Rows {
		x := &s.m.Rows[i]
		number := func(n float64) string { return v.Number(round3(n)) }
		t.add(x.Contract, x.ID, x.Section, x.Anchor, x.Meaning.In(v.Lang), x.Kind, s.represented(x), s.where(x), s.readings(x),
			s.limits(x), s.verdict(x), optional(x.EventsPerYear, number), s.late(x), optional(x.Share, v.Percent),
			optional(x.BestPossible, v.Percent), optional(x.SignableP95, v.Brief), optional(x.SignableP99, v.Brief),
			s.worst(x), s.because(x), s.answer(x), s.remark(x))
	}
	return t
}

// csv prints a line per clause: codes and plain numbers, and texts in the language.
func (s *matrixSheet) csv(w io.Writer) error {
	out, put, err := newCSV(w)
	if err != nil {
		return err
	}
	put("contract", "clause", "section", "line", "anchor", "meaning", "kind", "represented", "carried_by", "value",
		"verdict_of", "reading", "limit", "verdict", "by_assumption", "events_per_year", "late_per_year", "late_p10", "late_p90",
		"share", "share_low", "share_high", "best_possible", "signable_p95_hours", "signable_p99_hours", "p50_hours", "p95_hours",
		"worst_by", "worst", "worst_share", "reason", "reason_share", "answer", "answer_text", "note")
	for i := range s.m.Rows {
		x := &s.m.Rows[i]
		worst := &bid.Worst{}
		share := ""
		if x.Worst != nil {
			worst, share = x.Worst, number(&x.Worst.Share)
		}
		reasonShare := ""
		if x.Reason != "" {
			reasonShare = number(&x.ReasonShare)
		}
		var readings []string
		for _, r := range x.Readings {
			readings = append(readings, strings.TrimSpace(r.Decision+" "+r.Name+"="+r.Value))
		}
		line := ""
		if x.Line > 0 {
			line = strconv.Itoa(x.Line)
		}
		put(x.Contract, x.ID, x.Section, line, x.Anchor, x.Meaning.In(s.Voice.Lang), x.Kind, string(x.Form), x.CarriedBy,
			x.Value, x.Clause, strings.Join(readings, "; "), strings.Join(x.Limits, " / "), x.Verdict,
			x.ByAssumption.In(s.Voice.Lang), number(x.EventsPerYear), number(x.LatePerYear), number(x.LateP10),
			number(x.LateP90), number(x.Share), number(x.ShareLow), number(x.ShareHigh), number(x.BestPossible),
			number(x.SignableP95), number(x.SignableP99), number(x.P50Hours), number(x.P95Hours), worst.By, worst.ID, share,
			x.Reason, reasonShare, string(x.Answer), s.answer(x), x.Note.In(s.Voice.Lang))
	}
	out.Flush()
	return out.Error()
}
