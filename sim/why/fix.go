package why

import (
	"context"
	"fmt"
	"slices"

	"slasim/model/world"
	"slasim/sim/experiment"
	"slasim/sim/judge"
	"slasim/sim/plan"
	"slasim/sim/rng"
	"slasim/sim/stats"
)

// Fix is a set of changes with which clauses hold, and none of which can be left out.
type Fix struct {
	Holds    bool         // there is such a set
	Design   plan.Design  // steps of each variable; of the best attainable if none holds
	Cost     []float64    // by variable: what its steps cost a year, whatever happens
	Without  []float64    // by variable: the share of years that hold with one step less; −1 where there is none
	Before   Standing     // no change
	After    Standing     // the set, or the best attainable
	Result   *plan.Result // of the search; nil if not even all steps together can make them hold
	Assured  float64      // the share of years that must hold
	Replayed int64        // replications, over all designs

	Confidence float64 // of the lower limits
}

// Standing is how clauses stand with a design, on the random numbers of the proof.
type Standing struct {
	Years       int     `json:"years"`
	Held        int     `json:"years_held"`
	Lower       float64 `json:"p_hold_lower_limit"` // one-sided
	LatePerYear float64 `json:"late_per_year"`
	CostPerYear float64 `json:"cost_per_year"`
}

// Repair finds the cheapest set of steps from the first values of the variables – the scenario as it is – with which the
// clauses of q hold, by a plan among them. Then it drops what can be dropped: a step is needed if without it the proof fails
// on the random numbers of the plan's proof, or on fresh ones. Where not even all steps together can make them hold there is
// no plan. clauses are those of q by index.
func Repair(ctx context.Context, q *plan.Problem, clauses []int32) (*Fix, error) {
	as, all := make(plan.Design, len(q.Variables)), make(plan.Design, len(q.Variables))
	for i, v := range q.Variables {
		all[i] = len(v.Values) - 1
	}
	w, err := q.World(as)
	if err != nil {
		return nil, err
	}
	f := &Fix{Assured: w.Assurance}
	r := &repair{ctx: ctx, q: q, clauses: clauses, assurance: w.Assurance, known: map[string]Standing{}}
	r.without(w.Seed)
	most, err := r.stands(all, 0, false)
	if err != nil {
		return nil, err
	}
	if stats.ClopperPearsonUpper(most.Held, most.Years, r.conf) < r.assurance {
		f.Design = all
	} else {
		f.Result, err = plan.Plan(ctx, q)
		if err != nil {
			return nil, err
		}
		f.Replayed = f.Result.Simulated
		f.Holds = f.Result.Holds
		for i, v := range q.Variables {
			f.Design = append(f.Design, slices.Index(v.Values, f.Result.Variables[i].Value))
		}
	}
	if f.Holds { // what the plan has shown need not be run again
		p := &f.Result.Proof
		r.replications, r.conf, r.seeds[0] = p.Replications, p.Confidence, p.Seed
		r.proved, r.binds = f.Design, f.Result.Variables
		r.known = map[string]Standing{fmt.Sprint(f.Design, 0): {Years: p.Years, Held: p.Held, Lower: p.Lower, LatePerYear: p.Late, CostPerYear: f.Result.Cost.Total}}
	}
	f.Confidence = r.conf
	if f.Before, err = r.stands(as, 0, false); err != nil {
		return nil, err
	}
	if f.Holds {
		if f.Without, err = r.prune(f); err != nil {
			return nil, err
		}
	}
	if f.After, err = r.stands(f.Design, 0, false); err != nil {
		return nil, err
	}
	f.Cost, err = r.prices(f.Design)
	f.Replayed += r.done
	return f, err
}

// without is how designs are run where there is no proof of a plan.
func (r *repair) without(seed uint64) {
	r.replications, r.conf = orElse(r.q.Search, 200), 0.95
	r.seeds = [2]uint64{rng.Mix(seed, rng.HashName("repair 0")), rng.Mix(seed, rng.HashName("repair"))}
}

func orElse(a, b int) int {
	if a > 0 {
		return a
	}
	return b
}

// repair runs designs on the random numbers of proofs.
type repair struct {
	ctx          context.Context
	q            *plan.Problem
	clauses      []int32
	replications int
	conf         float64
	assurance    float64
	seeds        [2]uint64 // of the plan's proof, and fresh
	known        map[string]Standing
	proved       plan.Design   // of the plan
	binds        []plan.Chosen // what the proof of it showed of a step less
	done         int64
}

// prune drops steps that are not needed, the dearest first, and says how often the design holds with one step less of each
// variable.
func (r *repair) prune(f *Fix) ([]float64, error) {
	for {
		without := make([]float64, len(f.Design))
		drop, saves := -1, 0.0
		for i, n := range f.Design {
			without[i] = -1
			if n == 0 {
				continue
			}
			if slices.Equal(f.Design, r.proved) && r.binds[i].Binds {
				without[i] = r.binds[i].Without
				continue
			}
			less := slices.Clone(f.Design)
			less[i]--
			needed, s, err := r.fails(less)
			if err != nil {
				return nil, err
			}
			without[i] = float64(s.Held) / float64(s.Years)
			if needed {
				continue
			}
			a, err := r.fixed(f.Design)
			if err != nil {
				return nil, err
			}
			b, err := r.fixed(less)
			if err != nil {
				return nil, err
			}
			if drop < 0 || a-b > saves {
				drop, saves = i, a-b
			}
		}
		if drop < 0 {
			return without, nil
		}
		f.Design = slices.Clone(f.Design)
		f.Design[drop]--
	}
}

// fails reports whether a design fails on either set of random numbers, and how it stands on the one it failed on.
func (r *repair) fails(d plan.Design) (bool, Standing, error) {
	var s Standing
	for k := range r.seeds {
		var err error
		if s, err = r.stands(d, k, true); err != nil || s.Lower < r.assurance {
			return true, s, err
		}
	}
	return false, s, nil
}

// stands runs a design on one set of random numbers; if only a failure matters, no further than until it is sure.
func (r *repair) stands(d plan.Design, set int, failing bool) (Standing, error) {
	key := fmt.Sprint(d, set)
	if s, ok := r.known[key]; ok {
		return s, nil
	}
	w, err := r.q.World(d)
	if err != nil {
		return Standing{}, err
	}
	v := *w
	v.Seed = r.seeds[set]
	var run *experiment.Result
	var s Standing
	for n := min(50, r.replications); ; n = min(2*n, r.replications) {
		if run, err = experiment.Run(r.ctx, &v, experiment.Options{Replications: n, Workers: r.q.Workers, CountsOnly: true, After: run}); err != nil {
			return s, err
		}
		if run.Interrupted {
			return s, context.Canceled
		}
		s = r.sum(&v, run)
		whole := s.Years / len(run.Reps) * r.replications
		if n == r.replications || failing && stats.ClopperPearsonLower(whole-(s.Years-s.Held), whole, r.conf) < r.assurance {
			break
		}
	}
	r.done += int64(len(run.Reps))
	if len(run.Reps) == r.replications {
		r.known[key] = s
	}
	return s, nil
}

func (r *repair) sum(w *world.World, run *experiment.Result) (s Standing) {
	for i, rep := range run.Reps {
		for y := range rep.Years() {
			s.Years++
			if !slices.ContainsFunc(r.clauses, func(c int32) bool { return !rep.Holds(int(c), y) }) {
				s.Held++
			}
		}
		for _, c := range r.clauses {
			s.LatePerYear += float64(rep.Clause(int(c)).Breached)
		}
		s.CostPerYear += judge.Cost(w, rep, run.Totals[i]).Total
	}
	s.LatePerYear /= float64(s.Years)
	s.CostPerYear /= float64(len(run.Reps))
	s.Lower = stats.ClopperPearsonLower(s.Held, s.Years, r.conf)
	return s
}

func (r *repair) fixed(d plan.Design) (float64, error) {
	w, err := r.q.World(d)
	if err != nil {
		return 0, err
	}
	return judge.Fixed(w), nil
}

// prices are what the steps of each variable cost a year, whatever happens.
func (r *repair) prices(d plan.Design) ([]float64, error) {
	list := make([]float64, len(d))
	whole, err := r.fixed(d)
	for i, n := range d {
		if n == 0 || err != nil {
			continue
		}
		less := slices.Clone(d)
		less[i] = 0
		var x float64
		x, err = r.fixed(less)
		list[i] = whole - x
	}
	return list, err
}
