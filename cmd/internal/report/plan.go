package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/sim/judge"
	"slasim/sim/plan"
)

// Plan is a plan and what it was made for.
type Plan struct {
	Run           judge.RunInfo `json:"run"`
	Currency      string        `json:"currency"`
	Price         float64       `json:"price"` // of all contracts; 0 none
	AssumedBounds bool          `json:"bounds_assumed"`
	*plan.Result
}

// foldVariables is how many variables are shown at least before those that say nothing are folded.
const foldVariables = 12

// foldSites is how many sites that are set aside are named without Options.All.
const foldSites = 8

// WritePlan prints a plan as text, csv, json or markdown.
func WritePlan(w io.Writer, p *Plan, format string, o Options) error {
	switch format {
	case "json":
		return JSON(w, p)
	case "csv":
		return planCSV(w, p, o.Voice.Lang)
	case "markdown":
		o.Width = 1 << 20
		return writeMarkdown(w, planBlocks(p, o))
	}
	return writeText(w, planBlocks(p, o), o.Width)
}

// planSheet builds the blocks of a plan.
type planSheet struct {
	Options
	p *Plan
}

func planBlocks(p *Plan, o Options) []block {
	s := &planSheet{o, p}
	list := []block{{lines: s.head()}, {title: o.Voice.T("plan.design"), table: s.design()}}
	if n := s.folded(); n > 0 {
		list = append(list, block{lines: []string{o.Voice.T("plan.more_same", n)}})
	}
	if t := s.clauses(); len(t.rows) > 0 {
		list = append(list, block{title: o.Voice.T("plan.clauses"), table: t})
	}
	if len(p.SetAside) > 0 {
		list = append(list, block{title: o.Voice.T("plan.set_aside"), table: s.setAside()})
		if lines := s.sites(); len(lines) > 0 {
			list = append(list, block{lines: lines})
		}
	}
	if p.Report != nil {
		if lines := newSheet(p.Report, o).costLines(); len(lines) > 0 {
			list = append(list, block{lines: lines})
		}
	}
	if len(p.Named) > 0 {
		list = append(list, block{title: o.Voice.T("plan.named"), table: s.named()})
	}
	if len(p.Next) > 0 {
		list = append(list, block{title: o.Voice.T("plan.next"), table: s.others(p.Next, true)})
	}
	if len(p.Relaxed) > 0 {
		list = append(list, block{title: o.Voice.T("plan.relaxed"), table: s.relaxed()})
	}
	if len(p.Curve) > 1 {
		list = append(list, block{title: o.Voice.T("plan.curve"), table: s.others(p.Curve, false)})
	}
	return append(list, block{lines: s.foot()})
}

func (s *planSheet) money(x float64) string { return s.Voice.Money(x, s.p.Currency) }

// head says what was planned, whether it holds, and the money.
func (s *planSheet) head() []string {
	p, v := s.p, s.Voice
	dot := " · "
	lines := wrap(strings.Join([]string{v.T("plan.head", p.Run.Title, len(p.Chosen), p.Assurance, p.Hold),
		"slasim " + p.Run.Version, p.Run.Scenario + " " + short(p.Run.ScenarioHash), v.T("report.seed", p.Run.Seed)}, dot), dot, s.width())
	x := p.Proof
	var answer string
	switch {
	case len(p.Chosen) == 0:
		answer = v.T("plan.nothing", s.money(p.Cost.Total), v.Amount(p.Cost.HalfWidth))
	case p.Budget > 0:
		answer = v.T("plan.budget", s.money(p.Budget), round3(x.Late), len(p.Chosen), x.Held, x.Years, s.money(p.Cost.Total), v.Amount(p.Cost.HalfWidth))
	case p.Holds:
		answer = v.T("plan.holds", len(p.Chosen), x.Held, x.Years, x.PHold, x.Confidence, x.Lower, s.money(p.Cost.Total), v.Amount(p.Cost.HalfWidth), v.Amount(p.Cost.Fixed))
	default:
		answer = v.T("plan.fails", len(p.Chosen), x.Held, x.Years, x.PHold, x.Confidence, x.Lower, s.money(p.Cost.Total), v.Amount(p.Cost.HalfWidth))
	}
	lines = append(lines, wrap(answer, " ", s.width())...)
	if p.Price > 0 && p.Cost.Total > 0 {
		line := v.T("plan.price", s.money(p.Price), 1-p.Cost.Total/p.Price)
		if p.Report != nil && p.Report.Cost.PLoss != nil {
			line += dot + v.T("plan.p_loss", *p.Report.Cost.PLoss)
		}
		lines = append(lines, line)
	}
	return lines
}

// shown reports whether a variable says something: it differs from the scenario, binds, or is above its least.
func (s *planSheet) shown(c *plan.Chosen) bool {
	return s.All || len(s.p.Variables) <= foldVariables || c.Value != c.Scenario || c.Binds || c.Guards || c.Idle
}

func (s *planSheet) folded() (n int) {
	for i := range s.p.Variables {
		if !s.shown(&s.p.Variables[i]) {
			n++
		}
	}
	return n
}

func (s *planSheet) design() *table {
	v := s.Voice
	t := columns(v.T("col.variable"), v.T("col.within"), ">"+v.T("col.scenario"), ">"+v.T("col.plan"), ">"+v.T("col.plan_least"), ">"+v.T("col.step"), v.T("col.binds"))
	for i := range s.p.Variables {
		c := &s.p.Variables[i]
		if !s.shown(c) {
			continue
		}
		binds := ""
		switch {
		case c.Idle:
			binds = v.T("plan.idle")
		case c.Without >= 0 && c.Binds:
			binds = v.T("plan.binds_yes", c.Without)
		case c.Guards:
			if binds = v.T("plan.binds_limit"); c.LessAside >= 0.05 {
				binds = v.T("plan.binds_aside", round3(c.LessAside))
			}
		case c.Doubtful:
			binds = v.T("plan.binds_doubt", c.Without)
		case c.Pays:
			binds = v.T("plan.pays", v.Amount(c.LessCost))
		case c.Without >= 0:
			binds = v.T("plan.binds_no", c.Without, v.Amount(-c.LessCost))
		case c.Value == c.Low:
			binds = v.T("plan.least_chosen")
		}
		t.add(c.Path, c.Low+"…"+c.High, c.Scenario, c.Value, c.Bound, v.Amount(c.UnitCost), binds)
	}
	return t
}

// clauses are those that must hold, from the proof.
func (s *planSheet) clauses() *table {
	v := s.Voice
	t := columns(v.T("col.clause"), v.T("col.promise"), ">"+v.T("col.events"), ">"+v.T("col.late"), ">"+v.T("col.on_time"), ">"+v.T("col.p_hold"))
	if s.p.Report == nil {
		return t
	}
	for i := range s.p.Kept {
		c := &s.p.Kept[i]
		name := c.Clause
		if c.Without > 0 {
			name += " *"
		}
		t.add(name, s.p.promise(c.Clause, v.Lang), v.Number(round3(c.Events)),
			fmt.Sprintf("%s (%s–%s)", v.Number(round3(c.Late)), v.Number(c.LateP10), v.Number(c.LateP90)), v.Percent(c.Share),
			v.Percent(c.PHold)+" ("+v.Percent(c.PHoldLow)+"–"+v.Percent(c.PHoldHigh)+")")
	}
	t.fit(1, s.width(), 20)
	return t
}

// promise is the text of a clause.
func (p *Plan) promise(name string, lang model.Lang) string {
	for i := range p.Report.Clauses {
		if c := &p.Report.Clauses[i]; c.ID == name || c.Contract+"."+c.ID == name {
			return c.Text.In(lang)
		}
	}
	return ""
}

func (s *planSheet) setAside() *table {
	v := s.Voice
	t := columns(v.T("col.clause"), ">"+v.T("col.p_hold"), ">"+v.T("col.late_plan"), ">"+v.T("col.late_scenario"), v.T("col.why"))
	for _, x := range s.p.SetAside {
		why := v.T("plan.bounds")
		if x.Infeasible {
			why = v.T("plan.infeasible")
		}
		own := ""
		if x.OwnLate >= 0 {
			own = v.Number(round3(x.OwnLate))
		}
		name := x.Clause
		switch {
		case x.Elsewhere:
			name += " *"
		case len(x.Sites) > 0:
			name += " " + v.T("plan.at_sites", len(x.Sites))
		}
		t.add(name, v.Percent(x.PHold), v.Number(round3(x.PlanLate)), own, why)
	}
	t.dropEmpty()
	return t
}

// sites names the sites that are set aside.
func (s *planSheet) sites() (lines []string) {
	for i := range s.p.SetAside {
		x := &s.p.SetAside[i]
		if len(x.Sites) == 0 {
			continue
		}
		var names []string
		for _, p := range x.Sites {
			if n := p.Name.In(s.Voice.Lang); n != "" {
				names = append(names, n)
			} else {
				names = append(names, p.ID)
			}
		}
		more := 0
		if !s.All && len(names) > foldSites {
			names, more = names[:foldSites], len(names)-foldSites
		}
		lines = append(lines, indent(s.Voice.T("plan.sites", x.Clause, names, more), s.width())...)
	}
	return lines
}

// changes is a design against another, in one cell.
func changes(list []plan.Change, v say.Voice) string {
	var parts []string
	for _, c := range list {
		parts = append(parts, c.Path+"="+c.Value)
	}
	if len(parts) == 0 {
		return v.T("plan.this")
	}
	return strings.Join(parts, ", ")
}

// others are designs beside the plan: by their difference, or by their cost.
func (s *planSheet) others(list []plan.Other, difference bool) *table {
	v := s.Voice
	cost := v.T("col.cost")
	if difference {
		cost = v.T("col.cost_more")
	}
	t := columns(">"+cost, ">"+v.T("col.p_hold"), ">"+v.T("col.late_all"), v.T("col.changes"))
	row := func(x *plan.Other, name string) {
		text := v.Amount(x.Cost)
		if difference {
			text = "0"
			if x.More != 0 {
				text = fmt.Sprintf("%s (%s…%s)", v.Amount(x.More), v.Amount(x.MoreLow), v.Amount(x.MoreTop))
				if !(x.MoreLow > 0 || x.MoreTop < 0) {
					text = "~" + text
				}
			}
		}
		what := changes(x.Changes, v)
		if name != "" {
			what = name + ": " + what
		}
		t.add(text, v.Percent(x.PHold), v.Number(round3(x.Late)), what)
	}
	for i := range list {
		row(&list[i], "")
	}
	if difference && s.p.Scenario != nil {
		row(s.p.Scenario, v.T("plan.scenario_row"))
	}
	t.fit(3, s.width(), 40)
	return t
}

func (s *planSheet) relaxed() *table {
	v := s.Voice
	t := columns(v.T("col.clause"), ">"+v.T("col.saving"), ">"+v.T("col.late_all"), ">"+v.T("col.plan_break_even"), v.T("col.changes"))
	for i := range s.p.Relaxed {
		x := &s.p.Relaxed[i]
		saving, even := v.T("plan.nothing_saved"), ""
		if x.Saving > 0 {
			saving = v.Amount(x.Saving)
		}
		if x.BreakEven > 0 {
			even = v.Amount(x.BreakEven)
		}
		t.add(x.Clause, saving, v.Number(round3(x.Late)), even, changes(x.Changes, v))
	}
	t.fit(4, s.width(), 30)
	return t
}

func (s *planSheet) named() *table {
	v := s.Voice
	t := columns("", ">"+v.T("col.cost"), ">"+v.T("col.fixed"), ">"+v.T("col.clauses_held"), ">"+v.T("col.p_hold"), ">"+v.T("col.late_all"), v.T("col.changes"))
	for i := range s.p.Named {
		x := &s.p.Named[i]
		var differ []plan.Change
		for k, c := range x.Design {
			if k < len(s.p.Variables) && c.Value != s.p.Variables[k].Value {
				differ = append(differ, c)
			}
		}
		t.add(v.T("plan."+x.Name), v.Amount(x.Cost.Total)+" ±"+v.Amount(x.Cost.HalfWidth), v.Amount(x.Cost.Fixed),
			strconv.Itoa(x.Clauses), v.Percent(x.PHold), v.Number(round3(x.Late)), changes(differ, v))
	}
	t.fit(6, s.width(), 40)
	return t
}

// foot says how far the answer goes.
func (s *planSheet) foot() []string {
	p, v := s.p, s.Voice
	var lines []string
	if p.Budget == 0 {
		code := "plan.low"
		if p.Complete {
			code = "plan.low_all"
		}
		lines = append(lines, wrap(v.T(code, s.money(p.Low), p.Gap), " ", s.width())...)
		var by []string
		for i := range p.Variables {
			if c := &p.Variables[i]; c.Theory != "" {
				by = append(by, v.T("plan.theory."+string(c.Theory), c.Path, c.TheoryBound))
			}
		}
		if len(by) > 0 {
			lines = append(lines, wrap(v.T("plan.theory", by), " ", s.width())...)
		}
		if !p.Monotone && !p.Complete {
			lines = append(lines, wrap(v.T("plan.not_monotone"), " ", s.width())...)
		}
	}
	lines = append(lines, wrap(v.T("plan.searched", p.Designs, space(p.Space), v.Number(float64(p.Simulated)), p.Search, p.Proof.Replications,
		strconv.FormatUint(p.Proof.Seed, 10), p.Proof.Attempt), " ", s.width())...)
	if p.AssumedBounds {
		lines = append(lines, wrap(v.T("plan.assumed"), " ", s.width())...)
	}
	return lines
}

// space is a number of designs, large ones by their power of ten.
func space(n float64) string {
	if n < 1e7 {
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	return fmt.Sprintf("%.1e", n)
}

// planCSV prints a line for each variable, clause, design beside the plan and relaxed clause.
func planCSV(w io.Writer, p *Plan, lang model.Lang) error {
	out, put, err := newCSV(w)
	if err != nil {
		return err
	}
	put("scenario", "scenario_hash", "version", "seed", "kind", "name", "low", "high", "scenario_value", "value", "lower_bound", "cost_per_step",
		"binds", "p_hold", "late_per_year", "cost_per_year", "cost_difference", "cost_difference_low", "cost_difference_high", "saving_per_year", "break_even", "changes")
	line := func(kind, name string, cells ...string) {
		row := append([]string{p.Run.Scenario, p.Run.ScenarioHash, p.Run.Version, strconv.FormatUint(p.Run.Seed, 10), kind, name}, cells...)
		for len(row) < 22 {
			row = append(row, "")
		}
		put(row...)
	}
	f := func(x float64) string { return number(&x) }
	line("plan", p.Hold, "", "", "", "", f(p.Low), "", strconv.FormatBool(p.Holds), f(p.Proof.PHold), f(p.Proof.Late), f(p.Cost.Total))
	for _, v := range p.Variables {
		without := ""
		if v.Without >= 0 {
			without = f(v.Without)
		}
		late, cost := "", ""
		if p.Holds && v.Value != v.Low {
			late, cost = f(v.LessAside), f(v.LessCost)
		}
		line("variable", v.Path, v.Low, v.High, v.Scenario, v.Value, v.Bound, f(v.UnitCost), strconv.FormatBool(v.Binds || v.Guards), without, late, "", cost)
	}
	for _, x := range p.SetAside {
		var sites []string
		for _, y := range x.Sites {
			sites = append(sites, y.ID)
		}
		line("set_aside", x.Clause, "", "", "", "", "", "", "", f(x.PHold), f(x.PlanLate), "", "", "", "", "", "", strings.Join(sites, " "))
	}
	for _, x := range p.Kept {
		line("clause", x.Clause, "", "", "", "", "", "", "", f(x.PHold), f(x.Late), "", "", "", "", "", "", p.promise(x.Clause, lang))
	}
	voice := say.New(lang)
	other := func(kind string, x *plan.Other) {
		line(kind, "", "", "", "", "", "", "", "", f(x.PHold), f(x.Late), f(x.Cost), f(x.More), f(x.MoreLow), f(x.MoreTop), "", "", changes(x.Changes, voice))
	}
	if p.Scenario != nil {
		other("scenario", p.Scenario)
	}
	for i := range p.Next {
		other("next_best", &p.Next[i])
	}
	for i := range p.Curve {
		other("curve", &p.Curve[i])
	}
	for _, x := range p.Relaxed {
		line("relaxed", x.Clause, "", "", "", "", "", "", "", "", f(x.Late), "", "", "", "", f(x.Saving), f(x.BreakEven), changes(x.Changes, voice))
	}
	for _, x := range p.Named {
		line("named", x.Name, "", "", "", "", "", "", strconv.FormatBool(x.Holds), f(x.PHold), f(x.Late), f(x.Cost.Total), "", "", "", "", "", changes(x.Design, voice))
	}
	out.Flush()
	return out.Error()
}
