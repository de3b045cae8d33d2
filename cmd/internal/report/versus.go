package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"sort"
	"strconv"
	"strings"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/sim/judge"
)

// VersusText prints a comparison for a terminal.
func VersusText(w io.Writer, x *judge.Versus, o Options) error {
	return writeText(w, newVersus(x, o).blocks(), o.Width)
}

// VersusMarkdown prints a comparison for a document.
func VersusMarkdown(w io.Writer, x *judge.Versus, o Options) error {
	o.Width = 1 << 20
	return writeMarkdown(w, newVersus(x, o).blocks())
}

// Changes and one-sided things that a line lists without Options.All.
const foldChanges = 6

// twoWide is how many designs besides the first have room for half their intervals, and oneWide for a second figure of each
// row, without Options.Detail.
const (
	oneWide = 1
	twoWide = 2
)

// versus builds the blocks of a comparison.
type versus struct {
	sheet
	x     *judge.Versus
	noisy bool // a ~ is shown
}

func newVersus(x *judge.Versus, o Options) *versus { return &versus{sheet: sheet{Options: o}, x: x} }

// letter is the short name of a design.
func letter(design int) string { return string(rune('A' + design)) }

// against is the heading of a column of differences.
func (s *versus) against(k int, what string) string { return ">" + letter(k+1) + "−A\n" + s.t(what) }

func (s *versus) blocks() []block {
	list := []block{{lines: s.head()}, {table: s.designs()}, {lines: s.what()}}
	add := func(title string, t *table, lines []string) {
		if len(t.rows) > 0 {
			list = append(list, block{title: s.t(title), table: t})
		}
		if len(lines) > 0 {
			list = append(list, block{lines: lines})
		}
	}
	t, lines := s.clauses()
	add("versus.clauses", t, lines)
	t, lines = s.teams()
	add("report.people", t, lines)
	t, lines = s.parts()
	add("report.parts", t, lines)
	add("versus.cost", s.cost(), nil)
	if lines := s.foot(); len(lines) > 0 {
		list = append(list, block{lines: lines})
	}
	return list
}

// head says what was compared and why it ended.
func (s *versus) head() []string {
	dot := " · "
	line := strings.Join([]string{s.t("versus.title"), s.t("report.seed", s.x.Seed), s.t("versus.each", s.x.Replications),
		"slasim " + s.x.Version}, dot)
	lines := wrap(line, dot, s.width())
	open, of := 0, 0
	for i := range s.x.Against {
		open += s.x.Against[i].Open
		of += s.x.Against[i].Interest
	}
	switch s.x.Stopped {
	case judge.StoppedInterrupted:
		lines = append(lines, s.t("versus.interrupted", s.x.Replications, s.x.Limit))
	case judge.StoppedKnown:
		lines = append(lines, indent(s.t("versus.known", of), s.width())...)
	default:
		lines = append(lines, indent(s.t("versus.limit", s.x.Limit, open, of), s.width())...)
	}
	projected := 0 // the first year of any design
	for i := range s.x.Designs {
		if y := s.x.Designs[i].Run.Projected; y > 0 && (projected == 0 || y < projected) {
			projected = y
		}
	}
	if projected > 0 {
		lines = append(lines, s.t("report.projected", projected))
	}
	return lines
}

// designs lists what is compared.
func (s *versus) designs() *table {
	v := s.Voice
	t := columns("", v.T("col.design"), ">"+v.T("versus.people"), ">"+v.T("versus.depots"), ">"+v.T("col.cost"), ">"+v.T("versus.margin"),
		">"+v.T("col.p_loss"), ">"+v.T("versus.hold"), ">"+v.T("versus.fail"), ">"+v.T("versus.undecided"), v.T("versus.hash"), v.T("versus.stream"))
	for i := range s.x.Designs {
		d := &s.x.Designs[i]
		t.add(letter(i), d.Name, fmt.Sprint(d.Run.People), fmt.Sprint(d.Run.Depots), money(d.Cost.Total, v), optional(d.Cost.Margin, v.Percent),
			optional(d.Cost.PLoss, v.Percent), fmt.Sprint(d.Answer.Met), fmt.Sprint(d.Answer.Missed+d.Answer.Infeasible),
			fmt.Sprint(d.Answer.Undecided), short(d.Run.ScenarioHash), short(d.Run.StreamPrint))
	}
	t.dropEmpty()
	t.keys = 2
	if !s.All {
		t.fit(1, s.width(), 24)
	}
	return t
}

// what says of each design where it differs from the first and whether it met the same faults.
func (s *versus) what() []string {
	var lines []string
	put := func(text string) { lines = append(lines, s.listed(text)...) }
	for i := range s.x.Against {
		c, d := &s.x.Against[i], &s.x.Designs[i+1]
		name := letter(i + 1)
		switch {
		case len(d.Changes) == 0:
			put(s.t("versus.same", name))
		default:
			put(s.t("versus.changes", name, s.changes(d.Changes)))
		}
		var cause []model.Change
		for _, x := range d.Changes {
			if drawsFaults(x) {
				cause = append(cause, x)
			}
		}
		n := s.x.Replications
		switch {
		case c.Streams == n:
			put(s.t("versus.faults_same", name, n))
		case len(cause) > 0:
			put(s.t("versus.faults_differ", name, n-c.Streams, n, s.changes(cause)))
		default:
			put(s.t("versus.faults_differ_all", name, n-c.Streams, n))
		}
		if c.Unchanged && len(d.Changes) > 0 {
			put(s.t("versus.no_effect", name, n))
		}
	}
	return lines
}

// drawsFaults reports whether a change may make other faults: what is installed, how often it fails, when the years lie.
func drawsFaults(c model.Change) bool {
	for _, path := range []string{"equipment", "faults", "places.points", "run.start_date", "run.term", "run.timezone", "run.warm_up", "run.start"} {
		if c.Touches(path) {
			return true
		}
	}
	return false
}

// changes lists changes in words.
func (s *versus) changes(list []model.Change) string {
	var parts []string
	for _, c := range list {
		if len(parts) == foldChanges && len(list) > foldChanges+1 && !s.All {
			parts = append(parts, s.t("versus.more", len(list)-len(parts)))
			break
		}
		switch from, to := say.Cut(c.From, cellValue), say.Cut(c.To, cellValue); {
		case c.From == "":
			parts = append(parts, s.t("versus.added", c.Path))
		case c.To == "":
			parts = append(parts, s.t("versus.removed", c.Path))
		default:
			parts = append(parts, fmt.Sprintf("%s %s → %s", c.Path, from, to))
		}
	}
	return s.Voice.List(parts)
}

// listed breaks a text between the items of its list.
func (s *versus) listed(text string) []string {
	return wrap(text, s.Voice.List([]string{"", ""}), s.width())
}

// delta is a difference with half its interval: ~ in front if it may be chance, 0 if no replication differs.
func (s *versus) delta(d *judge.Delta, scale float64, form func(x, half float64) string) string {
	if d.Diff == nil {
		return ""
	}
	if d.None() {
		return "0"
	}
	half := math.Inf(1)
	if d.Low != nil && d.High != nil && (s.Detail || len(s.x.Against) <= twoWide) {
		half = (*d.High - *d.Low) / 2
	}
	text := form(*d.Diff*scale, half*scale)
	if d.Noise() {
		s.noisy = true
		text = "~" + text
	}
	return text
}

// number, points and money are differences of numbers, shares and money.
func (s *versus) number(d *judge.Delta) string { return s.delta(d, 1, s.Voice.Difference) }
func (s *versus) points(d *judge.Delta) string { return s.delta(d, 100, s.Voice.Difference) }
func (s *versus) money(d *judge.Delta) string  { return s.delta(d, 1, s.Voice.AmountDifference) }

// plain is a number of a table.
func (s *versus) plain(x float64) string { return s.Voice.Number(round3(x)) }

// differs reports whether anything of the differences is not 0 in every replication.
func differs(list ...*judge.Delta) bool {
	for _, d := range list {
		if !d.None() {
			return true
		}
	}
	return false
}

// weight puts differences that are known before those that may be noise, the large ones first.
func weight(d *judge.Delta, scale float64) float64 {
	if d.Diff == nil || d.None() {
		return 0
	}
	w := math.Abs(*d.Diff) * scale
	if d.Noise() {
		return w / (1 + w) // below 1
	}
	return 1 + w
}

// clauseRow is one clause of the table: by design after the first, nil where that lacks the clause.
type clauseRow struct {
	first *judge.ClauseDelta
	by    []*judge.ClauseDelta
	rank  float64
	moved bool
}

// clauseRows are the clauses that the first design shares with another.
func (s *versus) clauseRows() []*clauseRow {
	var list []*clauseRow
	for k := range s.x.Against {
		for i := range s.x.Against[k].Clauses {
			c := &s.x.Against[k].Clauses[i]
			var row *clauseRow
			for _, r := range list {
				if r.first.ID == c.ID && r.first.Contract == c.Contract {
					row = r
				}
			}
			if row == nil {
				row = &clauseRow{first: c, by: make([]*judge.ClauseDelta, len(s.x.Against))}
				list = append(list, row)
			}
			row.by[k] = c
			row.rank = max(row.rank, weight(&c.Late, 1))
			row.moved = row.moved || differs(&c.Late, &c.Share, &c.PHold) || c.VerdictA != c.VerdictB
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].rank > list[j].rank })
	return list
}

// verdict is a verdict in words.
func (s *versus) verdict(v string) string {
	if v == "" {
		return ""
	}
	return s.t("verdict." + v)
}

// clauses is the table of clauses, and what is said below it. One other design has room for shares and chances; of several
// they are shown with Detail.
func (s *versus) clauses() (*table, []string) {
	v := s.Voice
	wide := len(s.x.Against) <= oneWide || s.Detail
	several := map[string]bool{}
	rows := s.clauseRows()
	for _, r := range rows {
		several[r.first.Contract] = true
	}
	head := []string{v.T("col.contract"), v.T("col.clause"), v.T("col.promise"), ">A\n" + v.T("versus.late")}
	for k := range s.x.Against {
		head = append(head, s.against(k, "versus.late"))
	}
	if wide {
		head = append(head, ">A\n"+v.T("versus.on_time"))
		for k := range s.x.Against {
			head = append(head, s.against(k, "versus.points"))
		}
		head = append(head, ">A\n"+v.T("versus.holds"))
		for k := range s.x.Against {
			head = append(head, ">"+letter(k+1)+"\n"+v.T("versus.holds"))
		}
	}
	head = append(head, "A\n"+v.T("col.verdict"))
	for k := range s.x.Against {
		head = append(head, letter(k+1)+"\n"+v.T("col.verdict"))
	}
	t := columns(head...)
	still := 0
	for _, r := range rows {
		if !r.moved && !s.All {
			still++
			continue
		}
		contract := r.first.Contract
		if len(several) < 2 {
			contract = ""
		}
		cells := []string{contract, r.first.ID, r.first.Text.In(v.Lang), optional(r.first.Late.A, s.plain)}
		each := func(of func(c *judge.ClauseDelta) string) {
			for _, c := range r.by {
				if c == nil {
					cells = append(cells, "–")
				} else {
					cells = append(cells, of(c))
				}
			}
		}
		each(func(c *judge.ClauseDelta) string { return s.number(&c.Late) })
		if wide {
			cells = append(cells, optional(r.first.Share.A, v.Percent))
			each(func(c *judge.ClauseDelta) string { return s.points(&c.Share) })
			cells = append(cells, optional(r.first.PHold.A, v.Percent))
			each(func(c *judge.ClauseDelta) string { return optional(c.PHold.B, v.Percent) })
		}
		cells = append(cells, s.verdict(r.first.VerdictA))
		each(func(c *judge.ClauseDelta) string {
			if c.VerdictB == c.VerdictA {
				return "="
			}
			return s.verdict(c.VerdictB)
		})
		t.add(cells...)
	}
	t.dropEmpty()
	at := 1
	if len(several) > 1 {
		at = 2
	}
	t.keys = at + 1
	if !s.All && len(t.head) > 0 {
		t.fit(at, s.width(), 16)
	}
	var lines []string
	if still > 0 {
		lines = append(lines, s.t("versus.still_clauses", still))
	}
	return t, append(lines, s.alone("clause")...)
}

// alone lists what only one of two designs has.
func (s *versus) alone(kind string) []string {
	var lines []string
	for k := range s.x.Against {
		for _, side := range []string{"a", "b"} {
			var names []string
			last := ""
			for i := range s.x.Against[k].Alone {
				x := &s.x.Against[k].Alone[i]
				if x.Kind != kind || x.Side != side {
					continue
				}
				name := cmp.Or(x.Name.In(s.Voice.Lang), x.ID)
				switch {
				case kind == "clause":
					name = x.ID
				case kind == "part" && x.Depot != last: // by depot
					last = x.Depot
					name = s.t("versus.at_depot", cmp.Or(x.DepotName.In(s.Voice.Lang), x.Depot), name)
				}
				names = append(names, name)
			}
			if len(names) == 0 {
				continue
			}
			here, there := letter(k+1), "A"
			if side == "a" {
				here, there = there, here
			}
			if most := 2 * foldChanges; len(names) > most+1 && !s.All {
				names = append(names[:most:most], s.t("versus.more", len(names)-most))
			}
			lines = append(lines, s.listed(s.t("versus.alone."+kind, here, there, names))...)
		}
	}
	return lines
}

// teams is the table of people, and what is said below it.
func (s *versus) teams() (*table, []string) {
	v := s.Voice
	wide := len(s.x.Against) <= oneWide || s.Detail
	head := []string{v.T("col.team"), ">A\n" + v.T("col.head")}
	for k := range s.x.Against {
		head = append(head, ">"+letter(k+1)+"\n"+v.T("col.head"))
	}
	head = append(head, ">A\n"+v.T("col.utilisation"))
	for k := range s.x.Against {
		head = append(head, s.against(k, "versus.points"))
	}
	if wide {
		head = append(head, ">A\n"+v.T("versus.overtime"))
		for k := range s.x.Against {
			head = append(head, s.against(k, "versus.overtime"))
		}
	}
	t := columns(head...)
	still := 0
	for _, id := range s.keys(func(c *judge.Contrast, put func(string, float64)) {
		for i := range c.Teams {
			put(c.Teams[i].ID, 0)
		}
	}) {
		by := make([]*judge.TeamDelta, len(s.x.Against))
		var first *judge.TeamDelta
		moved := false
		for k := range s.x.Against {
			for i := range s.x.Against[k].Teams {
				if x := &s.x.Against[k].Teams[i]; x.ID == id {
					by[k] = x
					if first == nil {
						first = x
					}
					moved = moved || differs(&x.Utilisation, &x.Overtime) || x.HeadsA != x.HeadsB
				}
			}
		}
		if !moved && !s.All {
			still++
			continue
		}
		cells := []string{cmp.Or(first.Name.In(v.Lang), id), fmt.Sprint(first.HeadsA)}
		each := func(of func(x *judge.TeamDelta) string) {
			for _, x := range by {
				if x == nil {
					cells = append(cells, "–")
				} else {
					cells = append(cells, of(x))
				}
			}
		}
		each(func(x *judge.TeamDelta) string { return other(x.HeadsA, x.HeadsB) })
		cells = append(cells, optional(first.Utilisation.A, v.Percent))
		each(func(x *judge.TeamDelta) string { return s.points(&x.Utilisation) })
		if wide {
			cells = append(cells, optional(first.Overtime.A, s.plain))
			each(func(x *judge.TeamDelta) string { return s.number(&x.Overtime) })
		}
		t.add(cells...)
	}
	t.dropEmpty()
	var lines []string
	if still > 0 {
		lines = append(lines, s.t("versus.still_teams", still))
	}
	return t, append(lines, s.alone("team")...)
}

// other is the number of the second side, nothing if both have it.
func other(a, b int) string {
	if a == b {
		return ""
	}
	return strconv.Itoa(b)
}

// keys lists ids of all contrasts in the order in which they come, the weightier first.
func (s *versus) keys(of func(c *judge.Contrast, put func(id string, weight float64))) []string {
	var ids []string
	rank := map[string]float64{}
	for k := range s.x.Against {
		of(&s.x.Against[k], func(id string, weight float64) {
			if old, known := rank[id]; !known {
				ids = append(ids, id)
				rank[id] = weight
			} else {
				rank[id] = max(old, weight)
			}
		})
	}
	sort.SliceStable(ids, func(i, j int) bool { return rank[ids[i]] > rank[ids[j]] })
	return ids
}

// parts is the table of parts, those that change most first, and what is said below it.
func (s *versus) parts() (*table, []string) {
	v := s.Voice
	wide := len(s.x.Against) <= oneWide || s.Detail
	head := []string{v.T("col.part"), v.T("col.depot"), ">A\n" + v.T("col.level")}
	for k := range s.x.Against {
		head = append(head, ">"+letter(k+1)+"\n"+v.T("col.level"))
	}
	if wide {
		head = append(head, ">A\n"+v.T("col.fill_rate"))
		for k := range s.x.Against {
			head = append(head, s.against(k, "versus.points"))
		}
	}
	head = append(head, ">A\n"+v.T("versus.waits"))
	for k := range s.x.Against {
		head = append(head, s.against(k, "versus.waits"))
	}
	t := columns(head...)
	still, folded := 0, 0
	for _, id := range s.keys(func(c *judge.Contrast, put func(string, float64)) {
		for i := range c.Parts {
			x := &c.Parts[i]
			put(x.Depot+"\x00"+x.Part, max(weight(&x.Backorder, 1), weight(&x.Fill, 1)))
		}
	}) {
		by := make([]*judge.PartDelta, len(s.x.Against))
		var first *judge.PartDelta
		moved := false
		for k := range s.x.Against {
			for i := range s.x.Against[k].Parts {
				if x := &s.x.Against[k].Parts[i]; x.Depot+"\x00"+x.Part == id {
					by[k] = x
					if first == nil {
						first = x
					}
					moved = moved || differs(&x.Fill, &x.Backorder) || x.LevelA != x.LevelB
				}
			}
		}
		switch {
		case s.All:
		case !moved:
			still++
			continue
		case len(t.rows) == foldParts:
			folded++
			continue
		}
		cells := []string{cmp.Or(first.Name.In(v.Lang), first.Part), cmp.Or(first.DepotName.In(v.Lang), first.Depot), fmt.Sprint(first.LevelA)}
		each := func(of func(x *judge.PartDelta) string) {
			for _, x := range by {
				if x == nil {
					cells = append(cells, "–")
				} else {
					cells = append(cells, of(x))
				}
			}
		}
		each(func(x *judge.PartDelta) string { return other(x.LevelA, x.LevelB) })
		if wide {
			cells = append(cells, optional(first.Fill.A, v.Percent))
			each(func(x *judge.PartDelta) string { return s.points(&x.Fill) })
		}
		cells = append(cells, optional(first.Backorder.A, s.plain))
		each(func(x *judge.PartDelta) string { return s.number(&x.Backorder) })
		t.add(cells...)
	}
	t.dropEmpty()
	t.keys = 2
	var lines []string
	if folded > 0 {
		lines = append(lines, s.t("report.more_parts", folded))
	}
	if still > 0 {
		lines = append(lines, s.t("versus.still_parts", still))
	}
	return t, append(lines, s.alone("part")...)
}

// cost is the table of money.
func (s *versus) cost() *table {
	v := s.Voice
	head := []string{v.T("versus.kind"), ">A"}
	for k := range s.x.Against {
		head = append(head, ">"+letter(k+1), ">"+letter(k+1)+"−A")
	}
	t := columns(head...)
	amount := func(x *float64) string {
		if x == nil || *x == 0 {
			return ""
		}
		return v.Amount(*x)
	}
	if len(s.x.Against) == 0 {
		return t
	}
	for i := range s.x.Against[0].Cost {
		first := &s.x.Against[0].Cost[i]
		cells := []string{v.T("cost." + first.Kind), amount(first.A)}
		some := first.A != nil && *first.A != 0
		for k := range s.x.Against {
			d := &s.x.Against[k].Cost[i].Delta
			some = some || d.B != nil && *d.B != 0
			cells = append(cells, amount(d.B), s.money(d))
		}
		if some {
			t.add(cells...)
		}
	}
	if len(t.rows) == 0 {
		return t
	}
	share := func(name string, of func(c *judge.Contrast) *judge.Delta) {
		cells := []string{v.T(name), optional(of(&s.x.Against[0]).A, v.Percent)}
		for k := range s.x.Against {
			d := of(&s.x.Against[k])
			text := s.points(d)
			if text != "" && text != "0" {
				text = v.T("versus.in_points", text)
			}
			cells = append(cells, optional(d.B, v.Percent), text)
		}
		if strings.Join(cells[1:], "") != "" {
			t.add(cells...)
		}
	}
	share("versus.margin_row", func(c *judge.Contrast) *judge.Delta { return &c.Margin })
	share("col.p_loss", func(c *judge.Contrast) *judge.Delta { return &c.PLoss })
	return t
}

// foot explains the signs and names the doubts.
func (s *versus) foot() []string {
	var lines []string
	put := func(text string) { lines = append(lines, indent("• "+text, s.width())...) }
	if len(s.x.Against) <= twoWide || s.Detail {
		put(s.t("versus.halves"))
	} else {
		put(s.t("versus.no_halves"))
	}
	if s.noisy {
		put(s.t("versus.noise"))
	}
	shown := 0
	for k := range s.x.Against {
		shown += s.x.Against[k].Interest
	}
	if shown >= 20 {
		put(s.t("versus.many", shown, math.Round(float64(shown)/20)))
	}
	for _, f := range s.x.Footnotes {
		put(s.Voice.Msg(f.Msg))
	}
	return lines
}

// VersusCSV prints a comparison with a line for each figure of each design after the first: its value on both sides, the
// paired difference and its 95 % interval. Shares are in [0, 1]; unit says what else. What only one side has is a line of the
// measure "one_side_only".
func VersusCSV(w io.Writer, x *judge.Versus, lang model.Lang) error {
	out, put, err := newCSV(w)
	if err != nil {
		return err
	}
	put("version", "seed", "replications", "a", "b", "a_scenario_hash", "b_scenario_hash", "kind", "contract", "depot", "id", "text",
		"measure", "unit", "a_value", "b_value", "difference", "difference_low", "difference_high", "noise", "a_verdict", "b_verdict")
	for k := range x.Against {
		c, a, b := &x.Against[k], &x.Designs[0], &x.Designs[k+1]
		line := func(kind, contract, depot, id, text, measure, unit string, d *judge.Delta, verdicts ...string) {
			cells := []string{x.Version, strconv.FormatUint(x.Seed, 10), strconv.Itoa(x.Replications), a.Name, b.Name,
				a.Run.ScenarioHash, b.Run.ScenarioHash, kind, contract, depot, id, text, measure, unit}
			if d == nil {
				cells = append(cells, "", "", "", "", "", "")
			} else {
				cells = append(cells, number(d.A), number(d.B), number(d.Diff), number(d.Low), number(d.High), strconv.FormatBool(d.Noise()))
			}
			put(append(append(cells, verdicts...), make([]string, 2-len(verdicts))...)...)
		}
		same := float64(c.Streams)
		line("run", "", "", "", "", "same_faults", "replications", &judge.Delta{A: &same})
		for i := range c.Clauses {
			r := &c.Clauses[i]
			text := r.Text.In(lang)
			line("clause", r.Contract, "", r.ID, text, "events_per_year", "1/y", &r.Events, r.VerdictA, r.VerdictB)
			line("clause", r.Contract, "", r.ID, text, "late_per_year", "1/y", &r.Late, r.VerdictA, r.VerdictB)
			line("clause", r.Contract, "", r.ID, text, "share", "", &r.Share, r.VerdictA, r.VerdictB)
			line("clause", r.Contract, "", r.ID, text, "p_hold", "", &r.PHold, r.VerdictA, r.VerdictB)
		}
		for i := range c.Teams {
			r := &c.Teams[i]
			heads := judge.Delta{A: whole64(r.HeadsA), B: whole64(r.HeadsB)}
			line("team", "", "", r.ID, r.Name.In(lang), "headcount", "people", &heads)
			line("team", "", "", r.ID, r.Name.In(lang), "utilisation", "", &r.Utilisation)
			line("team", "", "", r.ID, r.Name.In(lang), "overtime", "h/y", &r.Overtime)
		}
		for i := range c.Parts {
			r := &c.Parts[i]
			level := judge.Delta{A: whole64(r.LevelA), B: whole64(r.LevelB)}
			line("part", "", r.Depot, r.Part, r.Name.In(lang), "level", "parts", &level)
			line("part", "", r.Depot, r.Part, r.Name.In(lang), "fill_rate", "", &r.Fill)
			line("part", "", r.Depot, r.Part, r.Name.In(lang), "backorder_days", "d/y", &r.Backorder)
		}
		for i := range c.Cost {
			line("cost", "", "", c.Cost[i].Kind, "", "cost", a.Cost.Currency+"/y", &c.Cost[i].Delta)
		}
		line("cost", "", "", "margin", "", "margin", "", &c.Margin)
		line("cost", "", "", "p_loss", "", "p_loss", "", &c.PLoss)
		for i := range c.Alone {
			r := &c.Alone[i]
			line(r.Kind, r.Contract, r.Depot, r.ID, r.Name.In(lang), "one_side_only", r.Side, nil)
		}
	}
	out.Flush()
	return out.Error()
}

func whole64(n int) *float64 {
	x := float64(n)
	return &x
}
