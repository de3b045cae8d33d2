// Package report turns results into tables, CSV, JSON, Markdown and plots. It is the only user of the table and
// plot libraries; every word comes from cmd/internal/say.
package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/sim/judge"
)

// Options of the text forms.
type Options struct {
	Voice  say.Voice
	All    bool // also clauses that are met or need a document, every row, part and assumption
	Detail bool // intervals and further quantiles
	Width  int  // cells of a line, which none passes; 0: prose is broken at 120, tables are as wide as they are
}

// width of a line in cells.
func (o Options) width() int {
	if o.Width > 0 {
		return o.Width
	}
	return 120
}

// Rows of one clause and parts shown without Options.All; cells that a value and a source of an assumption may take (a
// table of distances is one assumption).
const (
	foldRows   = 4
	foldParts  = 8
	cellValue  = 24
	cellSource = 60
)

// Text prints the report for a terminal.
func Text(w io.Writer, r *judge.Report, o Options) error {
	return writeText(w, newSheet(r, o).blocks(), o.Width)
}

// Markdown prints the report for a document.
func Markdown(w io.Writer, r *judge.Report, o Options) error {
	o.Width = 1 << 20 // a document breaks its own lines
	return writeMarkdown(w, newSheet(r, o).blocks())
}

// JSON prints the report with indentation.
func JSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// sheet builds the blocks of one report.
type sheet struct {
	Options
	r      *judge.Report
	notes  []string // numbered notes of the clause table, in order
	rare   bool     // a rare clause is shown
	nearer bool     // a share above the best possible is shown
}

func newSheet(r *judge.Report, o Options) *sheet { return &sheet{Options: o, r: r} }

func (s *sheet) t(code string, args ...any) string { return s.Voice.T(code, args...) }

// blocks is the whole report in order: answer and money, clauses, people, parts, assumptions, doubts.
func (s *sheet) blocks() []block {
	list := []block{{lines: s.headLines()}}
	for _, c := range s.contracts() {
		title := s.t("report.clauses")
		if c != "" {
			title = s.t("report.clauses_of", s.contractName(c))
		}
		if t := s.clauseTable(c); len(t.rows) > 0 {
			list = append(list, block{table: t, title: title})
		}
	}
	if lines := s.clauseNotes(); len(lines) > 0 {
		list = append(list, block{lines: lines})
	}
	if s.r.Comparison != nil && len(s.r.Comparison.Rows) > 0 {
		list = append(list, block{title: s.t("report.compared", s.r.Comparison.Clause), table: s.comparedTable()},
			block{lines: s.comparedLines()})
	}
	if len(s.r.Teams) > 0 {
		list = append(list, block{title: s.t("report.people"), table: s.teamTable()})
	}
	if len(s.r.Years) > 0 {
		list = append(list, block{title: s.t("report.by_year"), table: s.yearTable()})
	}
	if t, lines := s.partTable(); len(t.rows) > 0 {
		list = append(list, block{title: s.t("report.parts"), table: t})
		if len(lines) > 0 {
			list = append(list, block{lines: lines})
		}
	}
	if lines := s.costLines(); len(lines) > 0 {
		list = append(list, block{lines: lines})
	}
	list = append(list, s.poolBlocks()...)
	list = append(list, s.readingBlocks()...)
	list = append(list, s.assumptionBlocks()...)
	list = append(list, s.doubtBlocks()...)
	if lines := s.footLines(); len(lines) > 0 {
		list = append(list, block{lines: lines})
	}
	return list
}

// headLines are the answer, the money and what was run.
func (s *sheet) headLines() []string {
	run, c := &s.r.Run, &s.r.Cost
	dot := " · "
	first := []string{run.Title.In(s.Voice.Lang), s.t("report.years", run.Replications*max(run.Years, 1)),
		s.t("report.seed", run.Seed), s.t("report.people_depots", run.People, run.Depots)}
	if c.Total > 0 {
		first = append(first, s.t("report.cost", s.Voice.Money(c.Total, c.Currency)))
	}
	if c.Price > 0 {
		price := s.t("report.price", s.Voice.Amount(c.Price))
		if c.Margin != nil {
			price = s.t("report.price_margin", s.Voice.Amount(c.Price), s.Voice.Percent(*c.Margin))
			if c.MarginP10 != nil && c.MarginP90 != nil {
				price = s.t("report.price_margin_range", s.Voice.Amount(c.Price), s.Voice.Percent(*c.Margin),
					whole(*c.MarginP10), whole(*c.MarginP90))
			}
		}
		first = append(first, price)
		if c.PLoss != nil {
			first = append(first, s.t("report.p_loss", s.Voice.Percent(*c.PLoss)))
		}
	}
	lines := wrap(strings.Join(first, dot), dot, s.width())
	if run.Interrupted {
		lines = append(lines, s.t("report.interrupted", run.Replications, run.Asked))
	}
	if run.Projected > 0 {
		lines = append(lines, s.t("report.projected", run.Projected))
	}
	lines = append(lines, wrap(s.answer(), ", ", s.width())...)
	for i := range s.r.Contracts {
		c := &s.r.Contracts[i]
		lines = append(lines, wrap("  "+s.t("report.contract_answer", s.contractName(c.ID), s.counts(&c.Answer)), ", ", s.width())...)
	}
	second := []string{"slasim " + run.Version, run.Scenario + " " + short(run.ScenarioHash),
		s.t("report.replications", run.Replications), s.t("report.start", run.Start), s.t("report.reading." + run.Reading)}
	if run.TicketsPerYear > 0 {
		second = append(second, s.t("report.tickets", run.TicketsPerYear))
		if run.RemoteShare > 0 || run.VisitsPerYear > 0 {
			second = append(second, s.t("report.visits", run.VisitsPerYear))
		}
		if run.RemoteShare > 0 {
			second = append(second, s.t("report.remote", run.RemoteShare))
		}
	}
	return append(lines, wrap(strings.Join(second, dot), dot, s.width())...)
}

// answer counts the clauses by verdict in one sentence.
func (s *sheet) answer() string {
	if counts := s.counts(&s.r.Answer); counts != "" {
		return s.t("answer", counts)
	}
	return s.t("answer.none")
}

// counts lists verdicts and how many clauses have them; empty if no clause is judged.
func (s *sheet) counts(a *judge.Answer) string {
	var parts []string
	for _, x := range []struct {
		code string
		n    int
	}{
		{"answer.met", a.Met}, {"answer.missed", a.Missed}, {"answer.infeasible", a.Infeasible},
		{"answer.undecided", a.Undecided}, {"answer.by_assumption", a.ByAssumption},
		{"answer.needs_parameter", a.NeedsParameter}, {"answer.no_data", a.NoData},
		{"answer.not_testable", a.NotTestable}, {"answer.evidence", a.Evidence}, {"answer.measures", a.Measures},
	} {
		if x.n > 0 || x.code == "answer.met" && len(s.r.Clauses) > 0 {
			parts = append(parts, s.t(x.code, x.n))
		}
	}
	return s.Voice.Join(parts)
}

// order is the place of a verdict in the table, the worst first.
func order(verdict string) int {
	for i, group := range [][]string{{"MISSED", "INFEASIBLE"}, {"UNDECIDED"}, {"NEEDS PARAMETER"}, {"NO DATA"},
		{"NOT TESTABLE"}, {""}, {"MET"}, {"EVIDENCE"}} {
		for _, v := range group {
			if v == verdict {
				return i
			}
		}
	}
	return 99
}

// hidden tells which verdicts wait behind Options.All.
func hidden(f *judge.Figures) bool { return order(f.Verdict) > order("") }

// sorted clauses, the worst first.
func sortedClauses(r *judge.Report) []*judge.ClauseResult {
	list := make([]*judge.ClauseResult, len(r.Clauses))
	for i := range r.Clauses {
		list[i] = &r.Clauses[i]
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if x, y := order(a.Verdict), order(b.Verdict); x != y {
			return x < y
		}
		if a.LatePerYear != b.LatePerYear {
			return a.LatePerYear > b.LatePerYear
		}
		return a.ID < b.ID
	})
	return list
}

// shownRows are the rows of c to print, the worst first, and how many were folded.
func (s *sheet) shownRows(c *judge.ClauseResult) (rows []*judge.Row, folded int) {
	by := ""
	for _, kind := range []string{"site", "band", "severity"} {
		n, bad := 0, 0
		for i := range c.Rows {
			if c.Rows[i].By == kind {
				n++
				if !hidden(&c.Rows[i].Figures) || c.Rows[i].Cure != nil {
					bad++
				}
			}
		}
		if n > 1 && (bad > 0 || s.All) {
			by = kind
			break
		}
	}
	for i := range c.Rows {
		empty := c.Rows[i].Verdict == "NO DATA" && c.Verdict == "NO DATA"
		if c.Rows[i].By == by && !empty || s.All {
			rows = append(rows, &c.Rows[i])
		}
	}
	if s.All {
		return rows, 0
	}
	sort.SliceStable(rows, func(i, j int) bool {
		a, b := rows[i], rows[j]
		if x, y := order(a.Verdict), order(b.Verdict); x != y {
			return x < y
		}
		if a.LatePerYear != b.LatePerYear {
			return a.LatePerYear > b.LatePerYear
		}
		return a.ID < b.ID
	})
	if len(rows) > foldRows+1 {
		return rows[:foldRows], len(rows) - foldRows
	}
	return rows, 0
}

// clauseTable lists the clauses of a contract, of all if it is empty, and their rows.
func (s *sheet) clauseTable(contract string) *table {
	v := s.Voice
	head := []string{v.T("col.clause"), v.T("col.promise"), v.T("col.limit"), ">" + v.T("col.events"),
		">" + v.T("col.late"), ">" + v.T("col.on_time"), ">" + v.T("col.best"), ">" + v.T("col.by99"), ">" + v.T("col.clean")}
	if s.Detail {
		head = append(head, ">"+v.T("col.by95"), ">"+v.T("col.holds"), ">"+v.T("col.mean"), ">"+v.T("col.p50"),
			">"+v.T("col.p95"), ">"+v.T("col.censored"), ">"+v.T("col.cancelled"))
	}
	t := columns(append(head, v.T("col.verdict"), v.T("col.because"))...)
	for _, c := range sortedClauses(s.r) {
		if hidden(&c.Figures) && !s.All || contract != "" && c.Contract != contract {
			continue
		}
		name := c.Text.In(v.Lang)
		var mark string
		if by := c.ByAssumption.In(v.Lang); by != "" {
			mark = s.note(v.T("note.by_assumption", by))
		}
		if c.Parameter != "" && c.Verdict == "NEEDS PARAMETER" {
			mark += s.note(v.T("note.parameter", c.Parameter))
		}
		t.add(s.figures(c.ID, name, &c.Figures, mark)...)
		rows, folded := s.shownRows(c)
		for _, r := range rows {
			name := r.Name.In(v.Lang)
			if name == "" {
				name = r.ID
			}
			if r.Km != nil {
				name += " " + v.T("report.km", math.Round(*r.Km))
			}
			mark := ""
			if r.Cure != nil {
				mark = s.note(v.Msg(*r.Cure))
			}
			t.add(s.figures("", "  "+name, &r.Figures, mark)...)
		}
		if folded > 0 {
			more := make([]string, len(t.head))
			more[1] = "  " + v.T("report.more_rows", folded)
			t.add(more...)
		}
	}
	t.dropEmpty()
	t.keys, t.first = 2, v.T("col.verdict")
	if !s.Detail && !s.All {
		t.fit(1, s.width(), 20)
	}
	return t
}

// figures are the cells of one clause or row.
func (s *sheet) figures(id, name string, f *judge.Figures, mark string) []string {
	v := s.Voice
	limit := s.limitText(f.Limit)
	if limit == "" && f.LimitHours != nil {
		limit = v.Hours(*f.LimitHours)
	}
	row := []string{id, name, limit}
	counted := f.EventsPerYear > 0 || f.Share != nil
	if !counted {
		row = append(row, "", "", "", optional(f.BestPossible, v.Percent), "", "")
	} else {
		events := v.Number(round3(f.EventsPerYear))
		late := ""
		if f.Share != nil {
			late = fmt.Sprintf("%s (%s–%s)", v.Number(round3(f.LatePerYear)), v.Number(f.LateP10), v.Number(f.LateP90))
		}
		share := optional(f.Share, v.Percent)
		if f.Share != nil && f.ShareLow != nil && f.ShareHigh != nil &&
			(s.Detail || !f.Rare && (*f.ShareHigh-*f.ShareLow)/2 > 0.005) {
			share += " " + s.span(*f.ShareLow, *f.ShareHigh)
		}
		if f.Rare {
			s.rare = true
			events = v.T("report.once_in", fmt.Sprintf("%.2g", 1/f.EventsPerYear))
			share = v.T("report.rare_share", share)
		}
		best := optional(f.BestPossible, v.Percent)
		if f.ShareLow != nil && f.BestPossible != nil && *f.ShareLow > *f.BestPossible && f.NearShare != nil && *f.NearShare > 0 {
			s.nearer = true
			best += "*"
		}
		row = append(row, events, late, share, best, optional(f.SignableP99, v.Brief),
			optional(f.PClean, v.Percent))
	}
	if s.Detail {
		holds := optional(f.PHold, v.Percent)
		if f.PHold != nil && f.PHoldLow != nil && f.PHoldHigh != nil {
			holds += " " + s.span(*f.PHoldLow, *f.PHoldHigh)
		}
		p95 := optional(f.P95Hours, v.Brief)
		if f.P95Low != nil && f.P95High != nil {
			p95 += " (" + v.Brief(*f.P95Low) + "–" + v.Brief(*f.P95High) + ")"
		}
		row = append(row, optional(f.SignableP95, v.Brief), holds, optional(f.MeanHours, v.Brief),
			optional(f.P50Hours, v.Brief), p95, nonzero(f.CensoredPerYear, v), nonzero(f.CancelledPerYear, v))
	}
	verdict := ""
	if f.Verdict != "" {
		verdict = v.T("verdict." + f.Verdict)
	} else if counted && id != "" {
		verdict = v.T("verdict.measure")
	}
	if f.Verdict == "NOT TESTABLE" && f.P50Hours != nil && f.P95Hours != nil && !s.Detail {
		return append(row, verdict+mark, v.T("report.median_p95", v.Brief(*f.P50Hours), v.Brief(*f.P95Hours)))
	}
	if f.LatePerYear == 0 {
		return append(row, verdict+mark, "")
	}
	return append(row, verdict+mark, s.because(f.Reasons))
}

// because names the largest reason; with Detail the first three.
func (s *sheet) because(reasons map[string]float64) string {
	top := largest(reasons)
	n := 1
	if s.Detail {
		n = 3
	}
	var parts []string
	for _, k := range top[:min(n, len(top))] {
		if reasons[k] <= 0 {
			break
		}
		parts = append(parts, s.name("state.", k)+" "+s.Voice.Percent(reasons[k]))
	}
	return s.Voice.List(parts)
}

// name is the catalogue's word for a key, or the key itself.
func (s *sheet) name(prefix, key string) string {
	if say.Has(prefix + key) {
		return s.t(prefix + key)
	}
	return strings.ReplaceAll(key, "_", " ")
}

// largest lists the keys by falling value, then by name.
func largest(m map[string]float64) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if m[keys[i]] != m[keys[j]] {
			return m[keys[i]] > m[keys[j]]
		}
		return keys[i] < keys[j]
	})
	return keys
}

// span is an interval of shares in percent: "(74–80)".
func (s *sheet) span(low, high float64) string {
	digits := 0
	if (high-low)/2 < 0.01 {
		digits = 1
	}
	return fmt.Sprintf("(%.*f–%.*f)", digits, low*100, digits, high*100)
}

// note keeps a note and returns its mark; the same note keeps its number.
func (s *sheet) note(text string) string {
	for i, n := range s.notes {
		if n == text {
			return superscript(i + 1)
		}
	}
	s.notes = append(s.notes, text)
	return superscript(len(s.notes))
}

// superscript writes n with raised digits.
func superscript(n int) string {
	digits := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")
	var b strings.Builder
	for _, d := range fmt.Sprint(n) {
		b.WriteRune(digits[d-'0'])
	}
	return b.String()
}

// clauseNotes are the notes below the clause table.
func (s *sheet) clauseNotes() []string {
	var lines []string
	for i, n := range s.notes {
		lines = append(lines, indent(superscript(i+1)+" "+n, s.width())...)
	}
	if s.nearer {
		lines = append(lines, indent(s.t("note.nearer"), s.width())...)
	}
	if s.rare {
		lines = append(lines, s.t("note.rare"))
	}
	if !s.All {
		behind := 0
		for i := range s.r.Clauses {
			if hidden(&s.r.Clauses[i].Figures) {
				behind++
			}
		}
		if behind > 0 {
			lines = append(lines, s.t("report.more_clauses", behind))
		}
	}
	return lines
}

// teamTable lists the people.
func (s *sheet) teamTable() *table {
	v := s.Voice
	t := columns(v.T("col.team"), ">"+v.T("col.head"), ">"+v.T("col.utilisation"), ">"+v.T("col.overtime"),
		">"+v.T("col.over36"), ">"+v.T("col.on_call"), ">"+v.T("col.visits"), ">"+v.T("col.heads_per_seat"),
		">"+v.T("col.cost"), v.T("col.activities"))
	for i := range s.r.Teams {
		x := &s.r.Teams[i]
		name := x.Name.In(v.Lang)
		if name == "" {
			name = x.ID
		}
		use := v.Percent(x.Utilisation)
		if s.Detail || x.UtilisationHW > 0.005 {
			use += " ±" + v.Points(x.UtilisationHW)
		}
		var acts []string
		for _, k := range largest(x.Activities) {
			if k != "idle" && x.Activities[k] >= 0.005 && (len(acts) < 3 || s.All) {
				acts = append(acts, s.name("activity.", k)+" "+v.Percent(x.Activities[k]))
			}
		}
		t.add(name, fmt.Sprint(x.Headcount), use, nonzero(x.OvertimeHours, v), nonzero(x.Overtime36, v),
			nonzero(x.OnCallHours, v), nonzero(x.VisitsPerYear, v), nonzero(x.HeadsPerSeat, v),
			money(x.CostPerYear, v), v.List(acts))
	}
	t.dropEmpty()
	return t
}

// yearTable shows how the load changes over a term of several years.
func (s *sheet) yearTable() *table {
	v := s.Voice
	t := columns(">"+v.T("col.year"), ">"+v.T("col.days"), ">"+v.T("col.tickets"), ">"+v.T("col.visits_year"), ">"+v.T("col.people_hours"), ">"+v.T("col.late_year"))
	for _, x := range s.r.Years {
		t.add(fmt.Sprint(x.Year), v.Number(x.Days), v.Number(round3(x.Tickets)), v.Number(round3(x.Visits)), v.Number(round3(x.Hours)), v.Number(round3(x.Late)))
	}
	return t
}

// partTable lists stocked or wanted parts, the worst fill rate first.
func (s *sheet) partTable() (*table, []string) {
	v := s.Voice
	t := columns(v.T("col.part"), v.T("col.depot"), ">"+v.T("col.level"), ">"+v.T("col.demands"), ">"+v.T("col.fill_rate"),
		">"+v.T("col.backorder_days"), ">"+v.T("col.empty_days"), ">"+v.T("col.emergency"), ">"+v.T("col.cost"))
	var list []*judge.PartResult
	for i := range s.r.Parts {
		if x := &s.r.Parts[i]; x.Level > 0 || x.DemandsPerYear > 0 {
			list = append(list, x)
		}
	}
	if !s.All {
		fill := func(x *judge.PartResult) float64 {
			if x.FillRate == nil {
				return 2
			}
			return *x.FillRate
		}
		sort.SliceStable(list, func(i, j int) bool {
			if list[i].BackorderDays != list[j].BackorderDays {
				return list[i].BackorderDays > list[j].BackorderDays
			}
			return fill(list[i]) < fill(list[j])
		})
	}
	var lines []string
	if !s.All && len(list) > foldParts+1 {
		lines = append(lines, v.T("report.more_parts", len(list)-foldParts))
		list = list[:foldParts]
	}
	for _, x := range list {
		name := x.Name.In(v.Lang)
		if name == "" {
			name = x.Part
		}
		fill := optional(x.FillRate, v.Percent)
		if x.FillRateLow != nil && x.FillRateHigh != nil && (s.Detail || (*x.FillRateHigh-*x.FillRateLow)/2 > 0.005) {
			fill += " " + s.span(*x.FillRateLow, *x.FillRateHigh)
		}
		t.add(name, cmp.Or(x.DepotName.In(v.Lang), x.Depot), fmt.Sprint(x.Level), v.Number(round3(x.DemandsPerYear)), fill, nonzero(x.BackorderDays, v),
			nonzero(x.EmptyDays, v), nonzero(x.EmergencyPerYear, v), money(x.CostPerYear, v))
	}
	t.dropEmpty()
	t.keys = 2
	return t, lines
}

// costLines split the cost of a year.
func (s *sheet) costLines() []string {
	c, v := &s.r.Cost, s.Voice
	if c.Total <= 0 {
		return nil
	}
	var parts []string
	for _, x := range []struct {
		code string
		sum  float64
	}{
		{"cost.people", c.People}, {"cost.overtime", c.Overtime}, {"cost.on_call", c.OnCall}, {"cost.partners", c.Partners},
		{"cost.vendors", c.Vendors}, {"cost.places", c.Places}, {"cost.stock", c.Stock}, {"cost.parts", c.Parts},
		{"cost.emergency", c.Emergency}, {"cost.travel", c.Travel}, {"cost.couriers", c.Couriers}, {"cost.penalties", c.Penalties},
		{"cost.charged", -c.Charged},
	} {
		if x.sum != 0 {
			parts = append(parts, v.T(x.code)+" "+v.Amount(x.sum))
		}
	}
	total := v.Money(c.Total, c.Currency)
	if s.Detail && c.TotalHW > 0 {
		total += " ±" + v.Amount(c.TotalHW)
	}
	lines := wrap(v.T("report.cost_year", total, strings.Join(parts, " · ")), " · ", s.width())
	if c.BreakEven > 0 {
		line := v.T("report.break_even", v.Money(c.BreakEven, c.Currency))
		if c.VAT != "" && c.Price > 0 && say.Has("vat."+c.VAT) {
			line += v.T("report.vat", v.T("vat."+c.VAT))
		}
		lines = append(lines, line)
	}
	return lines
}

// assumptionBlocks are the three assumptions that move the verdicts most, or all, and how they were examined.
func (s *sheet) assumptionBlocks() []block {
	v, x := s.Voice, s.r.Examination
	list := append([]judge.AssumptionRow(nil), s.r.Assumptions...)
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i].Rank, list[j].Rank
		return a != b && a > 0 && (b == 0 || a < b)
	})
	if len(list) == 0 {
		return nil
	}
	ranked := x != nil && !x.Interrupted
	var how []string
	switch {
	case x != nil && x.Interrupted:
		how = []string{v.T("report.examination_cut", x.Examined)}
	case ranked && !x.Watched && x.Screened+x.Unchanged > 0:
		how = indent(v.T("report.examined", x.Examined-x.Screened-x.Unchanged, x.Replications, x.Screened, x.ScreenedOver,
			x.Unchanged, x.Probed), s.width())
	}
	if s.All {
		t := columns(v.T("col.assumption"), ">"+v.T("col.low"), ">"+v.T("col.base"), ">"+v.T("col.high"),
			v.T("col.flips"), v.T("col.source"))
		for i := range list {
			a := &list[i]
			changes := v.List(a.Flips)
			switch {
			case a.Unchanged:
				changes = v.T("report.no_event")
			case changes == "" && a.Rank > 0:
				changes = strings.TrimPrefix(s.moves(a), " → ")
			}
			t.add(a.Path, say.Cut(a.Low, cellValue), say.Cut(a.Base, cellValue), say.Cut(a.High, cellValue), changes,
				say.Cut(v.Any(a.Source), cellSource))
		}
		t.dropEmpty()
		blocks := []block{{title: v.T("report.assumptions"), table: t}}
		if len(how) > 0 {
			blocks = append(blocks, block{lines: how})
		}
		return blocks
	}
	if !ranked {
		if x == nil {
			how = []string{v.T("report.not_examined", len(list))}
		}
		return []block{{lines: how}}
	}
	lines := indent(v.T("report.moves_most", x.Examined), s.width())
	if x.Watched {
		lines = indent(v.T("report.watched", x.Examined, x.Ranges, x.Replications), s.width())
	}
	for i := range list[:min(3, x.Examined)] {
		a := &list[i]
		lines = append(lines, say.Cut(fmt.Sprintf("  %s: %s (%s–%s)", a.Path, a.Base, a.Low, a.High)+s.moves(a), s.width()))
	}
	return []block{{lines: append(lines, how...)}}
}

// moves says what an examined assumption moves.
func (s *sheet) moves(a *judge.AssumptionRow) string {
	switch {
	case len(a.Flips) > 0:
		return s.t("report.flips", a.Flips)
	case a.Swing > 0:
		return s.t("report.swing", a.Swing)
	}
	return s.t("report.unmoved")
}

// footLines are the doubts that travel with the result.
func (s *sheet) footLines() []string {
	var lines []string
	for _, f := range s.r.Footnotes {
		if f.Msg.Code == "note.projected_calendar" {
			continue // stands at the head
		}
		lines = append(lines, indent("• "+s.Voice.Msg(f.Msg), s.width())...)
	}
	return lines
}

// optional is the text of a value, or nothing.
func optional(x *float64, form func(float64) string) string {
	if x == nil {
		return ""
	}
	return form(*x)
}

// nonzero is the number, or nothing.
func nonzero(x float64, v say.Voice) string {
	if x == 0 {
		return ""
	}
	return v.Number(round3(x))
}

// money is the amount, or nothing.
func money(x float64, v say.Voice) string {
	if x == 0 {
		return ""
	}
	return v.Amount(x)
}

// round3 keeps three significant digits, so that counts a year do not look exact.
func round3(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	p := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*p) / p
}

// whole is a share in whole percent without a sign: "−3".
func whole(share float64) string {
	return strings.Replace(fmt.Sprintf("%.0f", share*100), "-", "−", 1)
}

// short is the beginning of a hash.
func short(hash string) string { return hash[:min(8, len(hash))] }

// wrap breaks a line at sep so that no line passes width cells where that can be had.
func wrap(line, sep string, width int) []string {
	parts := strings.SplitAfter(line, sep)
	var lines []string
	now := ""
	for _, p := range parts {
		if now != "" && say.Cells(now)+say.Cells(strings.TrimRight(p, " ")) > width {
			lines = append(lines, strings.TrimRight(now, " "))
			now = "  "
		}
		now += p
	}
	return append(lines, now)
}

// indent breaks text to the width and indents the lines after the first.
func indent(text string, width int) []string {
	lines := say.Fold(text, width-2)
	for i := range lines[1:] {
		lines[i+1] = "  " + lines[i+1]
	}
	return lines
}

// Title is the report's title in the language, with the scenario's name if it has none.
func Title(r *judge.Report, lang model.Lang) string {
	if s := r.Run.Title.In(lang); s != "" {
		return s
	}
	return r.Run.Scenario
}

// limitText is a limit as a scenario writes it (90m, 5h, 3wd) in words: plain spans and days are translated, business
// time and others stay as they are.
func (s *sheet) limitText(limit string) string {
	for suffix, code := range map[string]string{"wd": "limit.workdays", "wd+t": "limit.workdays_time", "d": "limit.days"} {
		if days, ok := strings.CutSuffix(limit, suffix); ok {
			if n, err := strconv.Atoi(days); err == nil {
				return s.t(code, n)
			}
		}
	}
	if d, err := time.ParseDuration(limit); err == nil {
		if d == 0 { // due by another milestone
			return s.t("limit.no_delay")
		}
		return s.Voice.Span(d)
	}
	return limit
}
