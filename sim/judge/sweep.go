package judge

import (
	"fmt"
	"slices"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/bound"
	"slasim/sim/rng"
	"slasim/sim/stats"
)

// Sweep is a grid of designs that ran the same replications.
type Sweep struct {
	Version      string     `json:"version"`
	Scenario     string     `json:"scenario"`
	Title        model.Text `json:"title"`
	ScenarioHash string     `json:"scenario_hash"` // of the scenario that is varied
	Seed         uint64     `json:"seed"`
	Replications int        `json:"replications"` // of each point
	Assurance    float64    `json:"assurance"`
	Currency     string     `json:"currency"`
	Variables    []Variable `json:"variables"`
	Asked        []string   `json:"clauses_asked,omitempty"` // to be shown; none: those whose verdict changes
	Points       []Point    `json:"points"`                  // finished, in the order of the grid: the last variable changes fastest
	Idle         []Idle     `json:"idle_variables"`
}

// Variable is what is varied.
type Variable struct {
	Path    string    `json:"path"`
	Values  []string  `json:"values"`            // as they are set
	Numbers []float64 `json:"numbers,omitempty"` // of the values, if all are numbers of one unit
	Unit    string    `json:"unit,omitempty"`
}

// Column is the variable's name in a table: its path, with the unit behind numbers.
func (v *Variable) Column() string {
	if v.Numbers != nil && v.Unit != "" {
		return v.Path + " (" + v.Unit + ")"
	}
	return v.Path
}

// Point is one design of the grid.
type Point struct {
	Place        []int         `json:"place"` // by variable: which of its values
	ScenarioHash string        `json:"scenario_hash"`
	Fingerprint  string        `json:"fingerprint"`
	StreamPrint  string        `json:"stream_fingerprint"`
	Counts       string        `json:"counts_fingerprint"` // of all counts of all clauses
	People       int           `json:"people"`
	Answer       Answer        `json:"answer"`
	Clauses      []PointClause `json:"clauses"` // with a target
	Teams        []PointTeam   `json:"teams"`
	Cost         CostResult    `json:"cost"`
}

// PointClause is a clause at a point. Intervals are 95 % intervals, nil where there is none.
type PointClause struct {
	ID            string     `json:"id"`
	Contract      string     `json:"contract"`
	Text          model.Text `json:"text"`
	Verdict       string     `json:"verdict"`
	EventsPerYear float64    `json:"events_per_year"`
	LatePerYear   float64    `json:"late_per_year"`
	LateLow       *float64   `json:"late_low"` // of the mean, not of the years
	LateHigh      *float64   `json:"late_high"`
	Share         *float64   `json:"share"`
	ShareLow      *float64   `json:"share_low"`
	ShareHigh     *float64   `json:"share_high"`
	PHold         *float64   `json:"p_hold"`
	PHoldLow      *float64   `json:"p_hold_low"`
	PHoldHigh     *float64   `json:"p_hold_high"`
}

// PointTeam is a team at a point.
type PointTeam struct {
	ID            string     `json:"id"`
	Name          model.Text `json:"name"`
	Headcount     int        `json:"headcount"`
	Utilisation   float64    `json:"utilisation"`
	UtilisationHW float64    `json:"utilisation_half_width"`
	OvertimeHours float64    `json:"overtime_hours_per_year"`
}

// Idle is a variable on which nothing depends in these replications: at no place of the others does any of its values give
// other events, counts or verdicts.
type Idle struct {
	Path  string `json:"path"`
	Money bool   `json:"money"` // but costs differ
}

// PointOf sums up the replications of a point.
func PointOf(w *world.World, reps []*RepResult, totals []*trail.Totals, bounds *bound.Result, info RunInfo) *Point {
	r := Assemble(w, reps, totals, bounds, info)
	p := &Point{
		ScenarioHash: r.Run.ScenarioHash, Fingerprint: r.Run.Fingerprint, StreamPrint: r.Run.StreamPrint, People: r.Run.People,
		Answer: r.Answer, Cost: r.Cost, Clauses: []PointClause{}, Teams: []PointTeam{},
	}
	side := &Side{World: w, Reps: reps, Totals: totals, ix: newIndex(w)}
	side.years = side.ix.contractYears()
	for i := range side.ix.promises {
		q := &side.ix.promises[i]
		if !q.hasTarget() {
			continue
		}
		c := &r.Clauses[i]
		x := PointClause{
			ID: c.ID, Contract: c.Contract, Text: c.Text, Verdict: c.Verdict, EventsPerYear: c.EventsPerYear, LatePerYear: c.LatePerYear,
			Share: c.Share, ShareLow: c.ShareLow, ShareHigh: c.ShareHigh, PHold: c.PHold, PHoldLow: c.PHoldLow, PHoldHigh: c.PHoldHigh,
		}
		var late stats.Mean
		for _, n := range side.late(q) {
			late.Add(n)
		}
		half := late.HalfWidth(confidence)
		x.LateLow, x.LateHigh = number(max(0, late.Value()-half)), number(late.Value()+half)
		p.Clauses = append(p.Clauses, x)
	}
	for i := range r.Teams {
		t := &r.Teams[i]
		p.Teams = append(p.Teams, PointTeam{ID: t.ID, Name: t.Name, Headcount: t.Headcount, Utilisation: t.Utilisation,
			UtilisationHW: t.UtilisationHW, OvertimeHours: t.OvertimeHours})
	}
	var counts uint64
	for _, rep := range reps {
		counts = rep.mix(counts)
	}
	p.Counts = fmt.Sprintf("%016x", counts)
	return p
}

// mix adds the counts of a replication to a fingerprint.
func (r *RepResult) mix(h uint64) uint64 {
	for _, list := range [][]Count{r.Clauses, r.Final} {
		for _, c := range list {
			h = rng.Mix(h, uint64(uint32(c.Met))<<32|uint64(uint32(c.Breached)))
			h = rng.Mix(h, uint64(uint32(c.Cancelled))<<32|uint64(uint32(c.Censored)))
		}
	}
	for _, b := range r.rows {
		h = rng.Mix(h, uint64(b))
	}
	return h
}

// Size is how many points the grid of some variables has.
func Size(variables []Variable) int {
	n := 1
	for i := range variables {
		n *= len(variables[i].Values)
	}
	return n
}

// PlaceOf is the place of a point in the grid: the last variable changes fastest.
func PlaceOf(variables []Variable, point int) []int {
	place := make([]int, len(variables))
	for i := len(variables) - 1; i >= 0; i-- {
		n := len(variables[i].Values)
		place[i] = point % n
		point /= n
	}
	return place
}

// FindIdle names the variables on which nothing depends, if all points are there.
func (s *Sweep) FindIdle() {
	s.Idle = []Idle{}
	if len(s.Points) < Size(s.Variables) {
		return
	}
	for v := range s.Variables {
		if len(s.Variables[v].Values) < 2 {
			continue
		}
		idle, money := true, false
		for i := range s.Points {
			p := &s.Points[i]
			if p.Place[v] == 0 {
				continue
			}
			first := s.At(with(p.Place, v, 0))
			idle = idle && p.Fingerprint == first.Fingerprint && p.Counts == first.Counts && slices.EqualFunc(p.Clauses, first.Clauses,
				func(a, b PointClause) bool {
					return a.ID == b.ID && a.Contract == b.Contract && a.Verdict == b.Verdict && same(a.PHold, b.PHold)
				})
			money = money || p.Cost.kinds() != first.Cost.kinds() || p.Cost.Price != first.Cost.Price
		}
		if idle {
			s.Idle = append(s.Idle, Idle{Path: s.Variables[v].Path, Money: money})
		}
	}
}

func same(a, b *float64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

func with(place []int, v, value int) []int {
	other := slices.Clone(place)
	other[v] = value
	return other
}

// At is the point at a place, nil if it is not there.
func (s *Sweep) At(place []int) *Point {
	i, ok := slices.BinarySearchFunc(s.Points, place, func(p Point, at []int) int { return slices.Compare(p.Place, at) })
	if !ok {
		return nil
	}
	return &s.Points[i]
}

// SweepRow is a row of the table of a sweep: a clause, a team or a kind of cost at a point.
type SweepRow struct {
	Point        int32
	ScenarioHash string
	Place        []int
	Kind         string // clause, team, cost
	Contract, ID string
	Verdict      string

	EventsPerYear, LatePerYear, LateLow, LateHigh *float64
	Share, ShareLow, ShareHigh                    *float64
	PHold, PHoldLow, PHoldHigh                    *float64
	Headcount, Utilisation, Overtime              *float64
	Amount                                        *float64 // of money a year; a share for margin and p_loss
}

// Rows are the table of the sweep.
func (s *Sweep) Rows() []SweepRow {
	var list []SweepRow
	for i := range s.Points {
		p := &s.Points[i]
		n := 0
		for v, k := range p.Place {
			n = n*len(s.Variables[v].Values) + k
		}
		row := func(kind, contract, id string) *SweepRow {
			list = append(list, SweepRow{Point: int32(n), ScenarioHash: p.ScenarioHash, Place: p.Place, Kind: kind, Contract: contract, ID: id})
			return &list[len(list)-1]
		}
		for k := range p.Clauses {
			c := &p.Clauses[k]
			r := row("clause", c.Contract, c.ID)
			r.Verdict, r.EventsPerYear, r.LatePerYear, r.LateLow, r.LateHigh = c.Verdict, &c.EventsPerYear, &c.LatePerYear, c.LateLow, c.LateHigh
			r.Share, r.ShareLow, r.ShareHigh, r.PHold, r.PHoldLow, r.PHoldHigh = c.Share, c.ShareLow, c.ShareHigh, c.PHold, c.PHoldLow, c.PHoldHigh
		}
		for k := range p.Teams {
			t := &p.Teams[k]
			heads := float64(t.Headcount)
			r := row("team", "", t.ID)
			r.Headcount, r.Utilisation, r.Overtime = &heads, &t.Utilisation, &t.OvertimeHours
		}
		for _, c := range p.Cost.kinds() {
			row("cost", "", c.name).Amount = &c.sum
		}
		if p.Cost.Margin != nil {
			row("cost", "", "margin").Amount = p.Cost.Margin
			row("cost", "", "p_loss").Amount = p.Cost.PLoss
		}
	}
	return list
}
