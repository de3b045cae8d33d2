package plan

import (
	"context"
	"errors"
	"slices"

	"slasim/model/world"
	"slasim/sim/judge"
)

// What a plan spends where its caller does not say (choices).
const (
	searchReplications = 200
	proofReplications  = 1000
	exhaustive         = 256   // designs that are all looked at
	swaps              = 8     // times the replications of a design that exchanges may take
	clear              = 0.99  // confidence with which an early look at a proof tells that it will not fail
	indifference       = 0.002 // of the cost: an exchange that saves less is not tried
	listed             = 5     // next-best designs
)

// Unknown is a clause that was asked for and cannot be planned for.
type Unknown struct {
	Clause string
	Legal  []string
}

// ErrNothing is the error of a scenario without a clause that could be planned for; ErrBudget that of a budget below what the
// least of everything costs, which stands in Result.Low.
var (
	ErrNothing = errors.New("plan: no clause can be planned for")
	ErrBudget  = errors.New("plan: the budget is below the least cost")
)

func (u *Unknown) Error() string { return "plan: no clause " + u.Clause }

// Plan searches. A cancelled context ends it with context.Canceled; what was found until then has gone to Problem.Keep.
func Plan(ctx context.Context, p *Problem) (*Result, error) {
	q := *p
	q.Search, q.Proof, q.Exhaustive = orElse(p.Search, searchReplications), orElse(p.Proof, proofReplications), orElse(p.Exhaustive, exhaustive)
	s := &search{ctx: ctx, p: &q, found: map[uint64]map[string]*Finding{}, limits: map[int]int{}}
	return s.plan()
}

func orElse(a, b int) int {
	if a > 0 {
		return a
	}
	return b
}

func (s *search) plan() (*Result, error) {
	top, low := make(Design, len(s.p.Variables)), make(Design, len(s.p.Variables))
	for i, v := range s.p.Variables {
		top[i] = len(v.Values) - 1
	}
	w, err := s.world(top)
	if err != nil {
		return nil, err
	}
	if err := s.trim(top); err != nil {
		return nil, err
	}
	space := 1.0
	for _, v := range s.p.Variables {
		space *= float64(len(v.Values))
	}
	s.first, s.seed = w, w.Seed
	if s.clauses, err = s.split(judged(w), top, space); err != nil {
		return nil, err
	}
	s.years = nothingHappened(w).Years()
	if len(s.clauses) == 0 {
		return nil, ErrNothing
	}
	wanted, err := s.wanted()
	if err != nil {
		return nil, err
	}
	res := &Result{Hold: s.p.Hold.String(), Assurance: w.Assurance, Budget: s.p.Budget, Space: space, Search: s.p.Search}
	m, err := s.money(top)
	if err != nil {
		return nil, err
	}

	if s.p.Budget > 0 {
		if low, err = s.scarce(low); err != nil {
			return nil, err
		}
		f, err := s.finding(s.seed, low, min(looks[2], s.p.Search))
		if err != nil {
			return nil, err
		}
		if c := f.cost(f.Replications); c > s.p.Budget {
			return &Result{Low: c}, ErrBudget
		}
	}
	s.now = "top"
	start, set, err := s.start(top, wanted, space, res)
	if err != nil {
		return nil, err
	}
	s.from = start
	if err := s.keepGuard(wanted, set, start); err != nil {
		return nil, err
	}
	if none(set) {
		return s.nothing(res, start, wanted)
	}
	lower := low
	s.ruled = make([]ruled, len(low))
	var best Design
	if s.p.Budget > 0 {
		res.Complete, lower = space <= float64(s.p.Exhaustive), make(Design, len(low))
		best, err = s.spend(low, wanted, m, res.Complete)
	} else if space <= float64(s.p.Exhaustive) {
		s.now, res.Complete = "search", true
		best, err = s.everything(set)
	} else {
		lower, best, err = s.narrow(low, start, set, m)
	}
	if err != nil {
		return nil, err
	}
	best, err = s.prove(res, best, lower, set, m)
	if err != nil {
		return nil, err
	}
	res.design = best
	if s.p.Relax && s.p.Budget == 0 {
		if err := s.relax(res, best, set, low, m); err != nil {
			return nil, err
		}
	}
	return res, s.finish(res, best, set, wanted, lower, m)
}

// trim leaves out the least values with which there is no world, everything else being as rich as it gets: a team that must
// be there.
func (s *search) trim(top Design) error {
	vars := slices.Clone(s.p.Variables)
	for i := range vars {
		v := &vars[i]
		cut := 0
		for ; cut < top[i]; cut++ {
			if _, err := s.p.World(top.with(i, cut)); err == nil {
				break
			} else if !errors.Is(err, ErrNoWorld) {
				return err
			}
		}
		v.Values, v.Base = v.Values[cut:], max(-1, v.Base-cut)
	}
	raw := s.p.World
	cuts := make([]int, len(vars))
	for i := range vars {
		cuts[i] = len(s.p.Variables[i].Values) - len(vars[i].Values)
	}
	s.p.Variables = vars
	s.p.World = func(d Design) (*world.World, error) {
		x := slices.Clone(d)
		for i := range x {
			x[i] += cuts[i]
		}
		return raw(x)
	}
	for i := range top {
		top[i] -= cuts[i]
	}
	s.lastKey = top.key()
	return nil
}

// nothingHappened is a replication without events.
func nothingHappened(w *world.World) *judge.RepResult {
	j := judge.New(w)
	j.Reset(0)
	return j.Rep()
}

// wanted are the clauses that are asked for.
func (s *search) wanted() (clauseSet, error) {
	set := make(clauseSet, len(s.clauses))
	if len(s.p.Clauses) == 0 {
		for i := range set {
			set[i] = true
		}
		return set, nil
	}
	for _, id := range s.p.Clauses {
		found := false
		var legal []string
		for i, c := range s.clauses {
			if !c.aside {
				legal = append(legal, c.name)
			}
			if c.name == id || c.id == id {
				set[i], found = true, true
			}
		}
		if !found {
			return nil, &Unknown{id, legal}
		}
	}
	return set, nil
}

// all are the designs within the bounds, in order of their values.
func (s *search) all() []Design {
	list := []Design{make(Design, len(s.p.Variables))}
	for i, v := range s.p.Variables {
		var next []Design
		for _, d := range list {
			for k := range v.Values {
				next = append(next, d.with(i, k))
			}
		}
		list = next
	}
	return list
}

// money is what steps cost a year, whatever happens: fixed costs are sums over people, retainers, places and stock, so those
// of one variable do not depend on the others.
type money struct{ at [][]float64 } // by variable and value, less the value 0

func (m *money) of(d Design) float64 {
	sum := 0.0
	for i, v := range d {
		sum += m.at[i][v]
	}
	return sum
}

func (s *search) money(from Design) (*money, error) {
	m := &money{}
	for i, v := range s.p.Variables {
		list := make([]float64, len(v.Values))
		for k := range v.Values {
			w, err := s.p.World(from.with(i, k))
			if errors.Is(err, ErrNoWorld) { // not reached after trim, but for odd scenarios
				list[k] = list[max(k-1, 0)]
				continue
			}
			if err != nil {
				return nil, err
			}
			list[k] = judge.Fixed(w)
		}
		for k := len(list) - 1; k >= 0; k-- {
			list[k] -= list[0]
		}
		m.at = append(m.at, list)
	}
	return m, nil
}

// idle reports whether nothing was seen to depend on a variable: between its ends, as far as both were looked at, only fixed
// costs differ.
func (s *search) idle(i int, m *money) bool {
	if s.from == nil || s.from[i] == 0 {
		return false
	}
	least := s.from.with(i, 0)
	f, g := s.found[s.seed][s.from.key()], s.found[s.seed][least.key()]
	if f == nil || g == nil || f.None || g.None {
		return false
	}
	n := min(f.Replications, g.Replications)
	k := n * len(s.clauses)
	if n == 0 || !slices.Equal(f.Late[:k], g.Late[:k]) {
		return false
	}
	step := m.at[i][s.from[i]]
	for r := range n {
		if x := f.Cost[r] - g.Cost[r] - step; x > 0.01 || x < -0.01 {
			return false
		}
	}
	return true
}

// nothing is the answer where no wanted clause holds in any design: the best attainable.
func (s *search) nothing(res *Result, start Design, wanted clauseSet) (*Result, error) {
	res.design = start
	return res, s.finish(res, start, wanted, wanted, start, nil)
}

// finish fills what is said of the design that came out.
func (s *search) finish(res *Result, d Design, set, wanted clauseSet, lower Design, m *money) error {
	s.now = "binding"
	if m == nil {
		var err error
		if m, err = s.money(d); err != nil {
			return err
		}
	}
	seed := res.Proof.Seed
	if seed == 0 {
		seed = s.seedOf(0)
	}
	for i, v := range s.p.Variables {
		c := Chosen{Path: v.Path, Low: v.Values[0], High: v.Values[len(v.Values)-1], Value: v.Values[d[i]], Bound: v.Values[lower[i]], Without: -1}
		if v.Base >= 0 {
			c.Scenario = v.Values[v.Base]
		}
		if s.ruled != nil && s.ruled[i].why != "" {
			c.Theory, c.TheoryBound = s.ruled[i].why, v.Values[s.ruled[i].least]
		}
		c.Idle = s.idle(i, m)
		switch {
		case d[i] > 0:
			c.UnitCost = m.at[i][d[i]] - m.at[i][d[i]-1]
		case len(v.Values) > 1:
			c.UnitCost = m.at[i][1]
		}
		res.Variables = append(res.Variables, c)
	}
	if res.Holds {
		var list []int // what nothing else explains
		for i := range d {
			if d[i] == 0 {
				continue
			}
			if err := s.spared(&res.Variables[i], d, i, set); err != nil {
				return err
			}
			if v := &res.Variables[i]; !v.Guards && !v.Pays {
				list = append(list, i)
			}
		}
		if err := s.binding(res, d, list, set); err != nil {
			return err
		}
	}
	if err := s.price(res, d, seed); err != nil {
		return err
	}
	if err := s.others(res, d, set, lower, m); err != nil {
		return err
	}
	for i := range res.SetAside {
		x := &res.SetAside[i]
		one := make(clauseSet, len(set))
		one[x.ref] = true
		f := s.found[seed][d.key()]
		x.PlanLate, x.OwnLate = f.late(s, one, f.Replications), -1
		if own, known := s.own(); known {
			g := s.found[s.seed][own.key()]
			x.OwnLate = g.late(s, one, g.Replications)
		}
	}
	res.Kept = s.kept(set)
	res.AllLate = s.found[seed][d.key()].late(s, wanted, s.found[seed][d.key()].Replications)
	res.Designs, res.Simulated = len(s.found[s.seed]), s.reps
	return nil
}
