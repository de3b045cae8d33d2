// Package bound says by arithmetic, without simulation, which clauses no number of people and no stock can keep
// (DESIGN § 14).
package bound

import (
	"math"

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
	Kind       Kind
	Infeasible bool
	Best       float64 // best possible share on time, Σ λF / Σ λ; NaN if nothing is expected in its scope
	Clean      float64 // best possible chance of a contract year without a late event, exp(−Σ λ(1−F))
	PerYear    float64 // Σ λ: expected events in scope a contract year
	Rows       []Row   // by site, then severity

	target, assurance float64
}

// Row is one site of a clause, for all severities that have the same limit there.
type Row struct {
	Site             int32
	Severity         uint8   // rank; 0 = every rank in scope
	Km               float64 // to the nearest point the band is measured from; NaN unknown
	Band, StrictBand int32   // by the contract's own service points, and by every base (the strict reading)
	Limit            clock.Limit
	StrictLimit      clock.Limit // no limit if the strict reading has none
	Base             int32       // place it is best reached from, of about equal ones the nearest; -1 none
	BaseKm           float64     // from there, NaN if none
	Median, P95      model.Time  // least time from the start of the clock to the stop; model.Far if never
	F, StrictF       float64     // P(least time ≤ limit)
	PerYear          float64     // λ: expected events a contract year
	Infeasible       bool        // taken alone
	// Cure says what would make an infeasible row hold; arguments as CureArgs.
	Cure *model.Msg
}

// Part is the bound of the rows that keep wants, judged as if they were the clause. ok is false if there are none.
func (c *Clause) Part(keep func(*Row) bool) (best float64, infeasible, ok bool) {
	var s sums
	for i := range c.Rows {
		if r := &c.Rows[i]; keep(r) {
			s.add(r)
			ok = true
		}
	}
	best, _, infeasible = s.judge(c.target, c.assurance)
	return best, infeasible, ok
}

// sums are Σ λ and Σ λF.
type sums struct{ rate, kept float64 }

func (s *sums) add(r *Row) {
	s.rate += r.PerYear
	s.kept += r.PerYear * r.F
}

// judge is the rule of DESIGN § 14. Without any expected event nothing is infeasible.
func (s *sums) judge(target, assurance float64) (best, clean float64, infeasible bool) {
	if s.rate <= 0 {
		return math.NaN(), 1, false
	}
	best = s.kept / s.rate
	clean = math.Exp(s.kept - s.rate)
	switch {
	case target <= 0:
	case target >= 1:
		infeasible = clean < assurance
	default:
		infeasible = best < target-1e-9
	}
	return best, clean, infeasible
}
