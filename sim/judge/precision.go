package judge

import (
	"slasim/model/contract"
	"slasim/model/world"
	"slasim/sim/stats"
)

// HalfWidth is the largest half-width of the 95 % intervals of the shares on time, over the clauses that are judged
// by one.
func HalfWidth(w *world.World, reps []*RepResult) float64 {
	worst := 0.0
	for k := range w.Clauses {
		c := &w.Clauses[k]
		if c.Kind != contract.Numeric || c.Target <= 0 {
			continue
		}
		r := stats.NewRatio(len(reps))
		for i, x := range reps {
			n := x.Clause(k)
			r.Set(i, int64(n.Met), int64(n.Breached))
		}
		s := r.Estimate(0.95)
		if s.Met+s.Breached > 0 {
			worst = max(worst, (s.Hi-s.Lo)/2)
		}
	}
	return worst
}
