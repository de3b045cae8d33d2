// Package bid makes what a bidder hands in and asks: the matrix of compliance, one row for every clause of a plan, and
// the findings to clear up before signing. It speaks in codes.
package bid

import (
	"cmp"
	"slices"
	"strings"

	"slasim/model"
	"slasim/scenarios"
	"slasim/scenarios/catalogue"
	"slasim/sim/judge"
)

// Answer is what a bidder writes against a clause.
type Answer string

// Answers. An empty one is a row nobody has judged.
const (
	Complies Answer = "response" // as asked
	Better   Answer = "positive" // positive deviation
	Worse    Answer = "negative" // negative deviation
	Clarify  Answer = "clarify"  // to be clarified
	Attached Answer = "evidence" // as asked, with a document
	Excluded Answer = "outside"  // not a matter of this service
)

// BetterShare is the share of the promised limit that the limit kept in 99 % of events may take at most for a clause to
// be offered as a positive deviation.
const BetterShare = 0.75

// Missing is the form of a row that nothing in the scenario carries.
const Missing catalogue.Form = "missing"

// Matrix is the matrix of compliance of a scenario's contracts. Shares are in [0, 1], spans in hours.
type Matrix struct {
	Version  string         `json:"version"`
	Scenario string         `json:"scenario,omitempty"` // none: from the catalogue alone
	Hash     string         `json:"scenario_hash,omitempty"`
	Title    model.Text     `json:"title"`
	Reading  string         `json:"reading,omitempty"`
	Run      *judge.RunInfo `json:"run,omitempty"` // none: nothing was run
	Plans    []MatrixPlan   `json:"plans"`
	Rows     []MatrixRow    `json:"rows"`
}

// MatrixPlan is the plan of one contract.
type MatrixPlan struct {
	Plan     string     `json:"plan,omitempty"`
	Contract string     `json:"contract,omitempty"`
	Name     model.Text `json:"name"`
	Rows     int        `json:"rows"`
}

// MatrixRow is one clause.
type MatrixRow struct {
	Contract  string         `json:"contract,omitempty"`
	ID        string         `json:"id"`
	Section   string         `json:"section"`
	Line      int            `json:"line,omitempty"`
	Anchor    string         `json:"anchor"`
	Meaning   model.Text     `json:"meaning"`
	Kind      string         `json:"kind"`
	Form      catalogue.Form `json:"represented"`
	CarriedBy string         `json:"carried_by"`
	Clause    string         `json:"clause,omitempty"` // whose verdict it has
	Value     string         `json:"value,omitempty"`  // of an option or parameter
	Readings  []Reading      `json:"readings,omitempty"`
	Note      model.Text     `json:"note"`

	Verdict       string     `json:"verdict,omitempty"`
	Limits        []string   `json:"limits,omitempty"` // the promise, by level or band if it differs
	ByAssumption  model.Text `json:"by_assumption"`
	EventsPerYear *float64   `json:"events_per_year,omitempty"`
	LatePerYear   *float64   `json:"late_per_year,omitempty"`
	LateP10       *float64   `json:"late_p10,omitempty"`
	LateP90       *float64   `json:"late_p90,omitempty"`
	Share         *float64   `json:"share,omitempty"`
	ShareLow      *float64   `json:"share_low,omitempty"`
	ShareHigh     *float64   `json:"share_high,omitempty"`
	BestPossible  *float64   `json:"best_possible,omitempty"`
	SignableP95   *float64   `json:"signable_p95_hours,omitempty"`
	SignableP99   *float64   `json:"signable_p99_hours,omitempty"`
	P50Hours      *float64   `json:"p50_hours,omitempty"`
	P95Hours      *float64   `json:"p95_hours,omitempty"`
	Worst         *Worst     `json:"worst,omitempty"`
	Reason        string     `json:"reason,omitempty"`
	ReasonShare   float64    `json:"reason_share,omitempty"`
	Answer        Answer     `json:"answer,omitempty"`
}

// Reading is a switch that touches a row, and its value.
type Reading struct {
	Decision string `json:"decision,omitempty"`
	Name     string `json:"switch"`
	Value    string `json:"value"`
}

// Worst is the band, level or site of a clause with the smallest share on time.
type Worst struct {
	By    string     `json:"by"`
	ID    string     `json:"id"`
	Name  model.Text `json:"name"`
	Share float64    `json:"share"`
}

// Plain is the matrix of a plan without a scenario.
func Plain(p *catalogue.Plan, version string) *Matrix {
	m := &Matrix{Version: version, Title: p.Name, Plans: []MatrixPlan{{Plan: p.ID, Name: p.Name, Rows: len(p.Rows)}}}
	for i := range p.Rows {
		r := &p.Rows[i]
		m.Rows = append(m.Rows, planRow(r, r.Path(strings.ToLower(p.ID))))
	}
	return m
}

// New is the matrix of a scenario. run is the report of a run of it, nil if there is none.
func New(s *scenarios.Scenario, version string, run *judge.Report) *Matrix {
	m := &Matrix{Version: version, Scenario: s.Name, Hash: s.Hash, Title: s.World.Title, Reading: s.File.Run.Reading}
	if m.Reading == "" {
		m.Reading = "default"
	}
	if run != nil {
		m.Run = &run.Run
	}
	for _, id := range contracts(s) {
		c := contract{s: s, id: id, run: run, switches: s.Switches(id)}
		in := s.File.Contracts[id]
		c.clauses = keys(in.Clauses)
		p := catalogue.Of(c.clauses)
		before := len(m.Rows)
		if p != nil {
			for i := range p.Rows {
				m.Rows = append(m.Rows, c.row(&p.Rows[i]))
			}
		}
		for _, clause := range c.clauses { // those no plan has
			if p == nil || p.Row(clause) == nil {
				m.Rows = append(m.Rows, c.own(clause))
			}
		}
		head := MatrixPlan{Contract: id, Name: model.Text(in.Name), Rows: len(m.Rows) - before}
		if p != nil {
			head.Plan = p.ID
			if head.Name == (model.Text{}) {
				head.Name = p.Name
			}
		}
		m.Plans = append(m.Plans, head)
	}
	return m
}

// contracts of a scenario, in the order of the world.
func contracts(s *scenarios.Scenario) []string {
	var ids []string
	for i := range s.World.Contracts {
		ids = append(ids, s.World.Contracts[i].ID)
	}
	return ids
}

// keys of a map in order.
func keys[V any](m map[string]V) []string {
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// contract makes the rows of one contract.
type contract struct {
	s        *scenarios.Scenario
	id       string
	run      *judge.Report
	switches []scenarios.Switch
	clauses  []string // ids in order
}

func planRow(r *catalogue.Row, path string) MatrixRow {
	return MatrixRow{
		ID: r.ID, Section: r.Section, Line: r.Line, Anchor: r.Anchor, Meaning: r.Meaning, Kind: r.Kind, Form: r.Form(),
		CarriedBy: cmp.Or(path, r.CarriedBy), Note: r.Note, Limits: stated(r),
	}
}

// stated are the limits a row states.
func stated(r *catalogue.Row) []string {
	var list []string
	for _, k := range r.Clocks {
		for _, l := range k.Limits {
			list = append(list, l.Text)
		}
	}
	return list
}

// row is a clause of the plan as the contract carries it.
func (c *contract) row(r *catalogue.Row) MatrixRow {
	path := r.Path(c.id)
	x := planRow(r, path)
	x.Contract = c.id
	x.Clause = c.clauseOf(r, path)
	switch in, ok := c.s.File.Contracts[c.id].Clauses[x.Clause]; {
	case ok && in.Kind == "evidence":
		x.Form = catalogue.ByDocument
	case ok && x.Form != catalogue.ByDocument:
		x.Form = catalogue.ByClause
	}
	if path != "" {
		value, _, ok := c.s.Find(path)
		switch {
		case !ok && x.Clause == "":
			x.Form = Missing
		case x.Form == catalogue.ByOption || x.Form == catalogue.ByParameter:
			x.Value = value
		}
	}
	c.read(&x, r.Decisions)
	c.judge(&x)
	return x
}

// own is a clause of the contract that stands in no plan.
func (c *contract) own(id string) MatrixRow {
	in := c.s.File.Contracts[c.id].Clauses[id]
	x := MatrixRow{
		Contract: c.id, ID: id, Section: in.Section, Anchor: in.Anchor, Meaning: model.Text(in.Text), Form: catalogue.ByClause,
		CarriedBy: "contracts." + c.id + ".clauses." + id, Clause: id,
	}
	if in.Kind == "evidence" {
		x.Form = catalogue.ByDocument
	}
	c.read(&x, nil)
	c.judge(&x)
	return x
}

// clauseOf is the clause of the contract whose verdict a row has: its own, one it is an alias of, or the one that
// carries it.
func (c *contract) clauseOf(r *catalogue.Row, path string) string {
	if slices.Contains(c.clauses, r.ID) {
		return r.ID
	}
	for _, id := range c.clauses {
		if slices.Contains(c.s.File.Contracts[c.id].Clauses[id].Aliases, r.ID) {
			return id
		}
	}
	if rest, ok := strings.CutPrefix(path, "contracts."+c.id+".clauses."); ok {
		if id, _, _ := strings.Cut(rest, "."); slices.Contains(c.clauses, id) {
			return id
		}
	}
	return ""
}

// read lists the switches that touch the row.
func (c *contract) read(x *MatrixRow, decisions []string) {
	for _, s := range c.switches {
		if slices.Contains(decisions, s.Decision) || x.Clause != "" && slices.Contains(s.Clauses, x.Clause) {
			x.Readings = append(x.Readings, Reading{s.Decision, s.Name, s.Value})
		}
	}
}

// judge fills in what a run found, and the answer.
func (c *contract) judge(x *MatrixRow) {
	if c.run == nil {
		return
	}
	result := c.result(x.Clause)
	if result != nil {
		x.Verdict, x.ByAssumption = result.Verdict, result.ByAssumption
		if l := limits(result); len(l) > 0 {
			x.Limits = l
		}
		f := &result.Figures
		if f.EventsPerYear > 0 {
			x.EventsPerYear = &f.EventsPerYear
		}
		if f.Share != nil {
			x.LatePerYear, x.LateP10, x.LateP90 = &f.LatePerYear, &f.LateP10, &f.LateP90
			x.Worst = worst(result)
		}
		x.Share, x.ShareLow, x.ShareHigh, x.BestPossible = f.Share, f.ShareLow, f.ShareHigh, f.BestPossible
		x.SignableP95, x.SignableP99, x.P50Hours, x.P95Hours = f.SignableP95, f.SignableP99, f.P50Hours, f.P95Hours
		if f.LatePerYear > 0 {
			x.Reason, x.ReasonShare = reason(f.Reasons)
		}
	}
	x.Answer = answer(x, result, c.notice(x.Clause))
}

// result is what the run found of a clause.
func (c *contract) result(id string) *judge.ClauseResult {
	for i := range c.run.Clauses {
		if r := &c.run.Clauses[i]; r.ID == id && r.Contract == c.id {
			return r
		}
	}
	return nil
}

// notice reports whether a clause asks for at least its limit: less is not better then.
func (c *contract) notice(id string) bool { return c.s.File.Contracts[c.id].Clauses[id].Before }

// answer is the rule of the matrix:
//
//	MET                                        response; positive deviation if the 99 % limit is at most ¾ of the promise
//	MISSED, INFEASIBLE                         negative deviation
//	UNDECIDED, NO DATA, NEEDS PARAMETER,
//	NOT TESTABLE                               to be clarified
//	EVIDENCE                                   response, with a document
//	an option or parameter                     response; a capacity of none is a negative deviation, another option
//	                                           that is off or none is to be clarified
//	nothing carries it                         to be clarified
//
// A clause without a target promises nothing and has no answer.
func answer(x *MatrixRow, result *judge.ClauseResult, notice bool) Answer {
	switch x.Form {
	case catalogue.Outside:
		return Excluded
	case Missing:
		return Clarify
	case catalogue.ByDocument:
		return Attached
	}
	if result == nil {
		off := x.Value == "0" || x.Value == "false" || x.Value == "none" || x.Value == "off" || x.Value == "[]" || x.Value == ""
		switch {
		case x.Clause != "": // does not apply under this reading
			return Clarify
		case off && x.Kind == "K":
			return Worse
		case off:
			return Clarify
		}
		return Complies
	}
	switch result.Verdict {
	case "MET":
		if result.ByAssumption == (model.Text{}) && !notice && better(result) {
			return Better
		}
		return Complies
	case "MISSED", "INFEASIBLE":
		return Worse
	case "EVIDENCE":
		return Attached
	case "":
		return ""
	}
	return Clarify
}

// better reports whether the limit kept in 99 % of events is at most BetterShare of the promise, in every row that has
// events.
func better(c *judge.ClauseResult) bool {
	within := func(f *judge.Figures) bool {
		return f.LimitHours != nil && *f.LimitHours > 0 && f.SignableP99 != nil && *f.SignableP99 <= BetterShare**f.LimitHours
	}
	if c.LimitHours != nil {
		return within(&c.Figures)
	}
	any := false
	for i := range c.Rows {
		if r := &c.Rows[i]; r.EventsPerYear > 0 {
			if any = true; !within(&r.Figures) {
				return false
			}
		}
	}
	return any
}

// limits is the promise: one limit, or those of the rows in order.
func limits(c *judge.ClauseResult) []string {
	if c.Limit != "" {
		return []string{c.Limit}
	}
	by := splitBy(c)
	var list []string
	for i := range c.Rows {
		if r := &c.Rows[i]; r.By == by && r.Limit != "" {
			list = append(list, r.Limit)
		}
	}
	return list
}

// splitBy is how a clause is split best: by band, level or site.
func splitBy(c *judge.ClauseResult) string {
	for _, by := range []string{"band", "severity", "site"} {
		n := 0
		for i := range c.Rows {
			if c.Rows[i].By == by {
				n++
			}
		}
		if n > 1 {
			return by
		}
	}
	return ""
}

// worst is the row with the smallest share on time, of those with more late events if equal.
func worst(c *judge.ClauseResult) *Worst {
	by := splitBy(c)
	var found *judge.Row
	for i := range c.Rows {
		r := &c.Rows[i]
		if r.By != by || r.Share == nil {
			continue
		}
		if found == nil || *r.Share < *found.Share || *r.Share == *found.Share && r.LatePerYear > found.LatePerYear {
			found = r
		}
	}
	if found == nil {
		return nil
	}
	return &Worst{By: found.By, ID: found.ID, Name: found.Name, Share: *found.Share}
}

// reason is the largest reason of late events; the first by name if equal.
func reason(shares map[string]float64) (string, float64) {
	best, most := "", 0.0
	for _, k := range keys(shares) {
		if shares[k] > most {
			best, most = k, shares[k]
		}
	}
	return best, most
}

// Count is how many rows have an answer.
func (m *Matrix) Count(a Answer) int {
	n := 0
	for i := range m.Rows {
		if m.Rows[i].Answer == a {
			n++
		}
	}
	return n
}
