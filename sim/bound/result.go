// Package bound says by arithmetic, without simulation, which clauses no number of people and no stock can keep
// (DESIGN § 14).
package bound

import (
	"math"
	"slices"

	"slasim/model"
	"slasim/model/clock"
)

// Kind says what bounds a clause.
type Kind uint8

// Kinds of bounds.
const (
	None    Kind = iota // the clause does not wait for a journey
	Arrival             // somebody has to get to the site
	Part                // a part has to get to the site
)

// Result holds a bound for every clause of the world, by its index there.
type Result struct{ Clauses []Clause }

// Clause is the bound of one clause.
type Clause struct {
	Kind Kind
	Whole
	PerYear float64 // Σ λ: expected events in scope a contract year
	Rows    []Row   // by site, then severity

	target, assurance, period float64
	crowds                    []crowd // who is there at one time or another
	periods                   []period
	all                       period // the whole term as one
	stays                     bool   // people may stay where they are, so more of them are near more often
}

// Whole is the bound of a clause, or of some of its rows judged as if they were one.
type Whole struct {
	Best       float64 // best possible share on time from the service points, Σ λF / Σ λ; NaN if nothing is expected in scope
	Clean      float64 // upper bound of the chance of a period without a late event, exp(−Σ λ(1−F)) on the mean of the periods
	Infeasible bool    // not to be kept from the service points by any number of people
	// ByChance: infeasible, but not for somebody who happens to be on the road or at other work near the site.
	ByChance bool

	base, most sums
}

// Row is one site of a clause, for all severities that have the same limit there and are visited in the same hours.
type Row struct {
	Site             int32
	Ranks            uint32  // the severities, bit rank − 1
	Km               float64 // to the nearest point the band is measured from; NaN unknown
	Band, StrictBand int32   // by the contract's own service points, and by every base (the strict reading)
	Limit            clock.Limit
	StrictLimit      clock.Limit // no limit if the strict reading has none
	Base             int32       // place it is best reached from, of about equal ones the nearest; -1 none
	BaseKm           float64     // from there, NaN if none
	Median, P95      model.Time  // least time from the start of the clock to the stop; model.Far if never
	F, StrictF       float64     // P(least time from the service points ≤ limit)
	Most             float64     // the same for somebody as near as a trip can have taken him; F if none may be sent on
	PerYear          float64     // λ: expected events a contract year
	Infeasible       bool        // taken alone
	ByChance         bool        // see Whole
	// Cure says what would make an infeasible row hold; arguments as CureArgs.
	Cure *model.Msg

	closed model.Time // the longest wait for the hours in which the levels are visited
	single float64    // a year at the full rate, those that do not come together with others
	base   []float64  // of F, by the crowd that is there
	most   []float64  // of Most
}

// Part is the bound of the rows that keep wants. ok is false if there are none.
func (c *Clause) Part(keep func(*Row) bool) (part Whole, ok bool) {
	for i := range c.Rows {
		if r := &c.Rows[i]; keep(r) {
			part.base.add(r, r.F, r.base)
			part.most.add(r, r.Most, r.most)
			ok = true
		}
	}
	part.judge(c)
	return part, ok
}

// judge sets the figures from the sums.
func (p *Whole) judge(c *Clause) {
	p.Best, p.Clean, p.Infeasible = p.base.judge(c)
	_, _, never := p.most.judge(c)
	p.ByChance = p.Infeasible && !never
}

// Impossible reports whether a part that is infeasible from the service points is so for good: nobody can be near
// enough, or those who happened to be near do not make up for it. They kept the share near of its events in a run (the
// upper end of what is known; 1 if nothing is). How many are on the road follows from the work and not from the number
// of people, unless people stay where their work ends; then only nearness itself decides.
func (c *Clause) Impossible(p *Whole, near float64) bool {
	if !p.Infeasible || !p.ByChance {
		return p.Infeasible
	}
	if c.stays {
		return false
	}
	s := p.base
	s.kept = min(s.rate, s.kept+near*s.rate)
	s.late = slices.Clone(s.late)
	for i := range s.late {
		s.late[i] = max(0, s.late[i]-near*s.single)
	}
	_, _, never := s.judge(c)
	return never
}

// sums are Σ λ and Σ λF; of the events that come one by one, at the full rate, Σ λ and, by the crowd that is there, Σ λ(1 − F).
type sums struct {
	rate, kept, single float64
	late               []float64
}

func (s *sums) add(r *Row, f float64, by []float64) {
	s.rate += r.PerYear
	s.kept += r.PerYear * f
	s.single += r.single
	if s.late == nil {
		s.late = make([]float64, len(by))
	}
	for i, f := range by {
		s.late[i] += r.single * (1 - f)
	}
}

// judge is the rule of DESIGN § 14: below 100 % the share on time, at 100 % the chance of a period without a late
// event. That chance also stands in the way below 100 %: where hardly anything is ever late, a period mostly holds
// whatever the share. Without any expected event nothing is infeasible.
func (s *sums) judge(c *Clause) (best, clean float64, infeasible bool) {
	if s.rate <= 0 {
		return math.NaN(), 1, false
	}
	best, clean = s.kept/s.rate, 0
	if len(c.periods) == 0 {
		return best, 1, false
	}
	for _, p := range c.periods {
		late := 0.0
		for i, share := range p.share {
			late += share * s.late[i]
		}
		clean += math.Exp(-late*p.load*c.period) / float64(len(c.periods))
	}
	return best, clean, c.target > 0 && clean < c.assurance && (c.target >= 1 || best < c.target-1e-9)
}
