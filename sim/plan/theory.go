package plan

import (
	"errors"
	"math"

	"slasim/model/world"
	"slasim/sim/bound"
)

// Theory is why arithmetic rules a value out.
type Theory string

// Reasons.
const (
	ByCover Theory = "cover" // from the service points that are open a clause cannot be kept (DESIGN § 14)
	ByQueue Theory = "queue" // people or stock are too few for what comes (bound.Few)
)

// ruledOut is why no run has to be made to see that a world does not hold the clauses; "" if nothing tells.
func (s *search) ruledOut(w *world.World, set clauseSet) Theory {
	cover, few := bound.Compute(w), bound.Few(w)
	for k, on := range set {
		if !on {
			continue
		}
		ref := &s.clauses[k]
		c := &w.Clauses[ref.index]
		there := func(r *bound.Row) bool { return ref.at == nil || ref.at[r.Site] }
		if !s.p.Hold.stands(&cover.Clauses[ref.index], c, there) {
			return ByCover
		}
		x := few[ref.index]
		if ref.at != nil || x.Late == 0 || x.Events <= 0 {
			continue
		}
		// In the years that hold at least the share of the events is on time. Those that do not are at most 1 − assurance, and
		// of the events of a year, whose number is Poisson with mean n, at most 1 − a + √(a (1 − a) / n) fall into them (Cauchy
		// and Schwarz).
		share, given := s.p.Hold.share(c)
		if !given {
			if share = c.Target; s.p.Hold.Mode == Clean {
				share = 1
			}
		}
		a := w.Assurance
		if 1-x.Late < share*(a-math.Sqrt(a*(1-a)/x.Events)) {
			return ByQueue
		}
	}
	return ""
}

// theory is the smallest value of variable i, everything else as in d, that arithmetic does not rule out, and why the value
// below it is. If more never hurts, no design below d holds with less.
func (s *search) theory(d Design, i int, set clauseSet) (int, Theory, error) {
	least, why := 0, Theory("")
	for v := range d[i] {
		w, err := s.world(d.with(i, v))
		if errors.Is(err, ErrNoWorld) {
			least = v + 1
			continue
		}
		if err != nil {
			return 0, "", err
		}
		x := s.ruledOut(w, set)
		if x == "" {
			break
		}
		least, why = v+1, x
	}
	return least, why, nil
}
