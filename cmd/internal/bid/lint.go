package bid

import (
	"cmp"
	"slices"
	"strings"

	"slasim/model"
	"slasim/scenarios"
	"slasim/scenarios/catalogue"
	"slasim/sim/bound"
)

// Lint is what should be cleared up before a contract is signed.
type Lint struct {
	Version  string
	Scenario string // none: from the catalogue alone
	Hash     string
	Plans    []LintPlan
	Findings []LintFinding
}

// LintPlan is one contract that was looked at.
type LintPlan struct {
	Plan     string     `json:"plan,omitempty"`
	Contract string     `json:"contract,omitempty"`
	Name     model.Text `json:"name"`
}

// LintFinding is one finding: where, what, and the question to ask.
type LintFinding struct {
	Contract string
	Group    string // one of Groups
	Rule     string
	Places   []Place
	At       model.Pos // in the scenario, zero if it does not stand there
	Msg      model.Msg
	Ask      model.Msg
}

// Place is where a finding stands in the plan.
type Place struct {
	Clause  string `json:"clause,omitempty"`
	Section string `json:"section,omitempty"`
	Line    int    `json:"line,omitempty"`
}

// Groups of findings, in the order in which they are printed.
var Groups = []string{"contradiction", "missing", "arithmetic", "wording", "waiting", "reading"}

// LintPlain looks at a plan without a scenario.
func LintPlain(p *catalogue.Plan, version string) *Lint {
	l := &Lint{Version: version, Plans: []LintPlan{{Plan: p.ID, Name: p.Name}}}
	l.look(&subject{plan: p, rows: p.Rows})
	return l
}

// LintScenario looks at the contracts of a scenario, or at one of them.
func LintScenario(s *scenarios.Scenario, version, only string) *Lint {
	l := &Lint{Version: version, Scenario: s.Name, Hash: s.Hash}
	b := bound.Compute(s.World)
	var plans []*subject
	for _, id := range contracts(s) {
		if only != "" && id != only {
			continue
		}
		in := s.File.Contracts[id]
		x := &subject{s: s, bound: b, contract: id, switches: s.Switches(id)}
		x.plan = catalogue.Of(keys(in.Clauses))
		head := LintPlan{Contract: id, Name: model.Text(in.Name)}
		if x.plan != nil {
			head.Plan = x.plan.ID
			if head.Name == (model.Text{}) {
				head.Name = x.plan.Name
			}
			x.rows = x.plan.Rows
		} else {
			x.rows = x.ownRows()
		}
		l.Plans = append(l.Plans, head)
		l.look(x)
		plans = append(plans, x)
	}
	l.numbering(plans)
	return l
}

// subject is one contract under the rules.
type subject struct {
	plan     *catalogue.Plan // nil: the rows are the contract's own
	rows     []catalogue.Row
	s        *scenarios.Scenario // nil: the catalogue alone
	bound    *bound.Result
	contract string
	switches []scenarios.Switch
	asked    []string // decisions whose question another finding asks
	found    []LintFinding
}

// look applies all rules.
func (l *Lint) look(x *subject) {
	for _, rule := range rules {
		rule(x)
	}
	slices.SortStableFunc(x.found, func(a, b LintFinding) int {
		return cmp.Compare(slices.Index(Groups, a.Group), slices.Index(Groups, b.Group))
	})
	l.Findings = append(l.Findings, x.found...)
}

// add keeps a finding of a rule about some rows. The rule's name is also the code of its texts.
func (x *subject) add(group, rule string, rows []*catalogue.Row, args ...any) {
	x.addAsk(group, rule, rows, model.Msg{Code: "ask." + rule, Args: args}, args...)
}

// addAsk is add with a question of its own.
func (x *subject) addAsk(group, rule string, rows []*catalogue.Row, ask model.Msg, args ...any) {
	f := LintFinding{Contract: x.contract, Group: group, Rule: rule, Msg: model.Msg{Code: "lint." + rule, Args: args}, Ask: ask}
	for _, r := range rows {
		f.Places = append(f.Places, Place{r.ID, r.Section, r.Line})
	}
	if len(rows) > 0 {
		f.At = x.at(rows[0])
	}
	x.found = append(x.found, f)
}

// at is where a row stands in the scenario: its clause, or what carries it.
func (x *subject) at(r *catalogue.Row) model.Pos {
	if x.s == nil {
		return model.Pos{}
	}
	for _, path := range []string{"contracts." + x.contract + ".clauses." + r.ID, r.Path(x.contract)} {
		if _, pos, ok := x.s.Find(path); ok {
			return pos
		}
	}
	return model.Pos{}
}

// documents are the rows of each document of the plan, in order, without those that are not a matter of the service.
func (x *subject) documents() [][]*catalogue.Row {
	var names []string
	var list [][]*catalogue.Row
	for i := range x.rows {
		r := &x.rows[i]
		if r.Form() == catalogue.Outside {
			continue
		}
		at := slices.Index(names, r.Document())
		if at < 0 {
			at = len(names)
			names, list = append(names, r.Document()), append(list, nil)
		}
		list[at] = append(list[at], r)
	}
	return list
}

// where are the rows that a test holds for.
func (x *subject) where(test func(r *catalogue.Row) bool) []*catalogue.Row {
	var list []*catalogue.Row
	for i := range x.rows {
		if r := &x.rows[i]; r.Form() != catalogue.Outside && test(r) {
			list = append(list, r)
		}
	}
	return list
}

// set reports whether the scenario gives a limit that the plan leaves open: that of a clause that needs a parameter, or
// one for a word without a number.
func (x *subject) set(r *catalogue.Row) bool {
	if x.s == nil {
		return false
	}
	in := x.s.File.Contracts[x.contract]
	_, soft := in.SoftLimits[r.ID]
	c, ok := in.Clauses[r.ID]
	return soft || ok && c.Kind == "parameter" && (c.Limit.Set || c.Limits != nil)
}

// ownRows are the clauses and severities of a contract without a plan, as rows.
func (x *subject) ownRows() []catalogue.Row {
	in := x.s.File.Contracts[x.contract]
	var rows []catalogue.Row
	base := "contracts." + x.contract + "."
	for _, id := range keys(in.Severities) {
		v := in.Severities[id]
		r := catalogue.Row{ID: id, Kind: "R", Use: "S", Meaning: model.Text(v.Name), CarriedBy: base + "severities." + id,
			Facts: []catalogue.Fact{{Key: "level", Value: id}}}
		age := func(key, sign string) {
			if text, _, ok := x.s.Find(r.CarriedBy + "." + key); ok {
				r.Facts = append(r.Facts, catalogue.Fact{Key: "outage", Value: sign + text})
			}
		}
		age("longer_than", ">")
		age("at_least", ">=")
		if !v.Outage {
			r.Facts = append(r.Facts, catalogue.Fact{Key: "outage", Value: "none"})
		}
		rows = append(rows, r)
	}
	for _, id := range keys(in.Clauses) {
		c := in.Clauses[id]
		r := catalogue.Row{ID: id, Section: c.Section, Kind: "T", Use: "M", Anchor: c.Anchor, Meaning: model.Text(c.Text),
			CarriedBy: base + "clauses." + id}
		if c.Kind == "evidence" {
			r.Use = "E"
		}
		k := catalogue.Clock{Start: strings.Join(c.Start.Of, "/"), Stop: strings.Join(c.Stop.Of, "/")}
		if c.Kind == "parameter" {
			k.Limits = append(k.Limits, catalogue.Limit{Text: "agreed"})
		}
		k.Limits = append(k.Limits, x.ownLimits(r.CarriedBy, c)...)
		if k.Start != "" && k.Stop != "" {
			r.Clocks = append(r.Clocks, k)
		}
		if c.Target != nil {
			r.Facts = append(r.Facts, catalogue.Fact{Key: "target", Value: "stated"})
		}
		if len(c.Scope.Severities) > 0 {
			r.Scope = map[string][]string{"level": c.Scope.Severities}
		}
		for _, w := range catalogue.Words() {
			if w.Kind == "soft" && c.Kind == "soft" && strings.Contains(c.Anchor+c.Text.Zh, w.Word) {
				r.Facts = append(r.Facts, catalogue.Fact{Key: "word", Value: w.Word})
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// ownLimits are the limits of a clause as the scenario writes them.
func (x *subject) ownLimits(path string, c scenarios.Clause) []catalogue.Limit {
	var list []catalogue.Limit
	one := func(path, level, band string) {
		text, _, ok := x.s.Find(path)
		if !ok {
			return
		}
		l, err := catalogue.ParseLimit(text)
		if err != nil {
			return
		}
		l.Level, l.Band = level, band
		if c.Before {
			l.AtLeast = true
		}
		list = append(list, l)
	}
	one(path+".limit", "", "")
	for _, level := range keys(c.Limits) {
		name := level
		if level == "*" {
			name = ""
		}
		if c.Limits[level].Band == nil {
			one(path+".limits."+level, name, "")
		}
		for _, band := range keys(c.Limits[level].Band) {
			one(path+".limits."+level+"."+band, name, band)
		}
	}
	return list
}
