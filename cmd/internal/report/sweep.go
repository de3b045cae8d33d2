package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"

	"slasim/sim/judge"
)

// SweepText prints a sweep for a terminal.
func SweepText(w io.Writer, x *judge.Sweep, o Options) error {
	return writeText(w, newSweep(x, o).blocks(), o.Width)
}

// SweepMarkdown prints a sweep for a document.
func SweepMarkdown(w io.Writer, x *judge.Sweep, o Options) error {
	o.Width = 1 << 20
	return writeMarkdown(w, newSweep(x, o).blocks())
}

// sweep builds the blocks of a sweep.
type sweep struct {
	sheet
	x *judge.Sweep
}

func newSweep(x *judge.Sweep, o Options) *sweep { return &sweep{sheet{Options: o}, x} }

// sweptClause is a clause over the grid.
type sweptClause struct {
	contract, id string
	first        *judge.PointClause
	low, high    float64 // late events a year
	worst        int     // order of the worst verdict
	changes      bool    // the verdict does
}

// sweptClauses are all clauses with a target, those whose verdict changes first, then by the worst verdict and the late events.
func sweptClauses(x *judge.Sweep) []*sweptClause {
	var list []*sweptClause
	at := map[[2]string]*sweptClause{}
	for i := range x.Points {
		for k := range x.Points[i].Clauses {
			c := &x.Points[i].Clauses[k]
			key := [2]string{c.Contract, c.ID}
			s := at[key]
			if s == nil {
				s = &sweptClause{contract: c.Contract, id: c.ID, first: c, low: c.LatePerYear, high: c.LatePerYear, worst: order(c.Verdict)}
				at[key], list = s, append(list, s)
			}
			s.low, s.high = min(s.low, c.LatePerYear), max(s.high, c.LatePerYear)
			s.worst = min(s.worst, order(c.Verdict))
			s.changes = s.changes || c.Verdict != s.first.Verdict
		}
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		switch {
		case a.changes != b.changes:
			return a.changes
		case !a.changes && (a.high-a.low) != (b.high-b.low):
			return a.high-a.low > b.high-b.low
		case a.worst != b.worst:
			return a.worst < b.worst
		case a.high != b.high:
			return a.high > b.high
		}
		return a.id < b.id
	})
	return list
}

// clause finds a clause of a point.
func clauseAt(p *judge.Point, contract, id string) *judge.PointClause {
	for i := range p.Clauses {
		if c := &p.Clauses[i]; c.ID == id && (c.Contract == contract || contract == "") {
			return c
		}
	}
	return nil
}

// shownClauses are those that the table has room for, how many more change their verdict, and whether any does.
func (s *sweep) shownClauses() (shown []*sweptClause, more int, change bool) {
	all := sweptClauses(s.x)
	if len(s.x.Asked) > 0 {
		for _, id := range s.x.Asked {
			for _, c := range all {
				if c.id == id && !slices.Contains(shown, c) {
					shown = append(shown, c)
				}
			}
		}
		return shown, 0, true
	}
	for _, c := range all {
		if c.changes {
			shown, change = append(shown, c), true
		}
	}
	if !change { // those whose late events move most stand first
		shown = all
	}
	const room = 3
	if len(shown) > room && !s.All {
		if change {
			more = len(shown) - room
		}
		shown = shown[:room]
	}
	return shown, more, change
}

func (s *sweep) blocks() []block {
	v := s.Voice
	shown, more, change := s.shownClauses()
	points := s.table(shown, true)
	if points.total() > s.width() && !s.Detail {
		points = s.table(shown, false)
	}
	list := []block{{lines: s.head()}, {table: points}}
	var lines []string
	put := func(text string) { lines = append(lines, indent(text, s.width())...) }
	for _, c := range shown {
		put(fmt.Sprintf("%s  %s", s.clauseName(c), c.first.Text.In(v.Lang)))
	}
	for _, id := range s.x.Asked {
		if !slices.ContainsFunc(shown, func(c *sweptClause) bool { return c.id == id }) {
			put(s.t("sweep.no_target", id))
		}
	}
	switch {
	case len(s.x.Asked) > 0:
	case more > 0:
		put(s.t("sweep.more", more))
	case !change:
		put(s.t("sweep.no_change"))
	}
	if len(lines) > 0 {
		list = append(list, block{lines: lines})
	}
	lines = nil
	for _, x := range s.x.Idle {
		code := "sweep.idle"
		if x.Money {
			code = "sweep.idle_money"
		}
		put(s.t(code, x.Path, s.x.Replications))
	}
	for i := range lines {
		if !strings.HasPrefix(lines[i], "  ") {
			lines[i] = "• " + lines[i]
		}
	}
	if len(lines) > 0 {
		list = append(list, block{lines: lines})
	}
	return list
}

// clauseName is a clause's id, with its contract if there are several.
func (s *sweep) clauseName(c *sweptClause) string {
	for i := range s.x.Points[0].Clauses {
		if s.x.Points[0].Clauses[i].Contract != c.contract {
			return c.contract + " " + c.id
		}
	}
	return c.id
}

// head says what was varied.
func (s *sweep) head() []string {
	v, dot := s.Voice, " · "
	size := judge.Size(s.x.Variables)
	first := []string{s.t("sweep.title", cmp.Or(s.x.Title.In(v.Lang), s.x.Scenario)), s.t("sweep.points", size)}
	lines := wrap(strings.Join(append(first, s.t("report.seed", s.x.Seed), s.t("sweep.each", s.x.Replications)), dot), dot, s.width())
	if n := len(s.x.Points); n < size {
		lines = append(lines, s.t("sweep.interrupted", n, size))
	}
	for i := range s.x.Variables {
		lines = append(lines, s.listed("  "+s.t("sweep.variable", s.x.Variables[i].Path, s.x.Variables[i].Values))...)
	}
	return append(lines, wrap(strings.Join([]string{"slasim " + s.x.Version, s.x.Scenario + " " + short(s.x.ScenarioHash)}, dot), dot, s.width())...)
}

// listed breaks a text between the items of its list.
func (s *sweep) listed(text string) []string {
	return wrap(text, s.Voice.List([]string{"", ""}), s.width())
}

// heads are the short names of the variables: the last keys of their paths, as many as tell them apart.
func (s *sweep) heads() []string {
	paths := make([][]string, len(s.x.Variables))
	for i := range s.x.Variables {
		paths[i] = strings.Split(s.x.Variables[i].Path, ".")
	}
	last := func(p []string, n int) string { return strings.Join(p[max(0, len(p)-n):], ".") }
	heads := make([]string, len(paths))
	for i, p := range paths {
		for n := 1; ; n++ {
			alone := true
			for k, q := range paths {
				alone = alone && (k == i || last(q, n) != last(p, n))
			}
			if alone || n >= len(p) {
				heads[i] = last(p, n)
				break
			}
		}
	}
	return heads
}

// table has a row for each point; wide shows shares and chances too.
func (s *sweep) table(shown []*sweptClause, wide bool) *table {
	v := s.Voice
	var head []string
	for i, h := range s.heads() {
		if s.x.Variables[i].Numbers != nil {
			h = ">" + h
		}
		head = append(head, h)
	}
	for _, c := range shown {
		name := s.clauseName(c)
		head = append(head, ">"+name+"\n"+v.T("versus.late"))
		if wide {
			head = append(head, ">"+name+"\n"+v.T("versus.on_time"), ">"+name+"\n"+v.T("versus.holds"))
		}
		head = append(head, name+"\n"+v.T("col.verdict"))
	}
	if s.Detail {
		for i := range s.x.Points[0].Teams {
			t := &s.x.Points[0].Teams[i]
			head = append(head, ">"+t.ID+"\n"+v.T("col.utilisation"))
		}
	}
	head = append(head, ">"+v.T("sweep.hold"), ">"+v.T("sweep.fail"), ">"+v.T("col.cost"), ">"+v.T("versus.margin"))
	t := columns(head...)
	for i := range s.x.Points {
		p := &s.x.Points[i]
		var cells []string
		for k := range s.x.Variables {
			cells = append(cells, s.x.Variables[k].Values[p.Place[k]])
		}
		for _, c := range shown {
			x := clauseAt(p, c.contract, c.id)
			if x == nil {
				x = &judge.PointClause{}
				cells = append(cells, "–")
			} else {
				cells = append(cells, v.Number(round3(x.LatePerYear)))
			}
			if wide {
				holds := optional(x.PHold, v.Percent)
				if s.Detail && x.PHoldLow != nil && x.PHoldHigh != nil {
					holds += " " + s.span(*x.PHoldLow, *x.PHoldHigh)
				}
				cells = append(cells, optional(x.Share, v.Percent), holds)
			}
			verdict := ""
			if x.Verdict != "" {
				verdict = v.T("verdict." + x.Verdict)
			}
			cells = append(cells, verdict)
		}
		if s.Detail {
			for k := range s.x.Points[0].Teams {
				use := ""
				for j := range p.Teams {
					if p.Teams[j].ID == s.x.Points[0].Teams[k].ID {
						use = v.Percent(p.Teams[j].Utilisation)
					}
				}
				cells = append(cells, use)
			}
		}
		t.add(append(cells, fmt.Sprint(p.Answer.Met), fmt.Sprint(p.Answer.Missed+p.Answer.Infeasible), money(p.Cost.Total, v),
			optional(p.Cost.Margin, v.Percent))...)
	}
	t.dropEmpty()
	t.keys = len(s.x.Variables)
	return t
}

// SweepCSV prints the table of a sweep: a line for every clause with a target, team and kind of cost at every point. Shares are
// in [0, 1], late_low and late_high the 95 % interval of the mean of late events a year, amount is money of a year, and a share
// for margin and p_loss. A variable of numbers has its unit in the name of its column.
func SweepCSV(w io.Writer, x *judge.Sweep) error {
	out, put, err := newCSV(w)
	if err != nil {
		return err
	}
	head := []string{"version", "seed", "replications", "point"}
	for i := range x.Variables {
		head = append(head, x.Variables[i].Column())
	}
	put(append(head, "scenario_hash", "kind", "contract", "id", "verdict", "events_per_year", "late_per_year", "late_low", "late_high",
		"share", "share_low", "share_high", "p_hold", "p_hold_low", "p_hold_high", "headcount", "utilisation", "overtime_hours_per_year", "amount")...)
	for _, r := range x.Rows() {
		cells := []string{x.Version, strconv.FormatUint(x.Seed, 10), strconv.Itoa(x.Replications), strconv.Itoa(int(r.Point))}
		for i := range x.Variables {
			v := &x.Variables[i]
			if v.Numbers != nil {
				cells = append(cells, number(&v.Numbers[r.Place[i]]))
			} else {
				cells = append(cells, v.Values[r.Place[i]])
			}
		}
		put(append(cells, r.ScenarioHash, r.Kind, r.Contract, r.ID, r.Verdict, number(r.EventsPerYear), number(r.LatePerYear), number(r.LateLow),
			number(r.LateHigh), number(r.Share), number(r.ShareLow), number(r.ShareHigh), number(r.PHold), number(r.PHoldLow), number(r.PHoldHigh),
			number(r.Headcount), number(r.Utilisation), number(r.Overtime), number(r.Amount))...)
	}
	out.Flush()
	return out.Error()
}
