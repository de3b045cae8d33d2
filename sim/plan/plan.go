package plan

import (
	"context"
	"errors"
	"math"
	"slices"
	"sort"
	"strconv"

	"slasim/model/world"
	"slasim/sim/bound"
	"slasim/sim/experiment"
	"slasim/sim/judge"
	"slasim/sim/rng"
	"slasim/sim/stats"
)

// What a plan spends where its caller does not say (choices).
const (
	searchReplications = 400
	proofReplications  = 1000
	exhaustive         = 256   // designs that are all looked at
	swaps              = 8     // times the replications of a design that exchanges may take
	clear              = 0.999 // confidence with which an early look at a proof tells that it will not fail
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
	s.clauses = judged(w)
	s.years = contractYears(w)
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
	if err := s.keepGuard(wanted, set, start); err != nil {
		return nil, err
	}
	if none(set) {
		return s.nothing(res, start, wanted)
	}
	lower := low
	var best Design
	if s.p.Budget > 0 {
		best, err = s.spend(low, set, m)
	} else if space <= float64(s.p.Exhaustive) {
		s.now, res.Complete = "search", true
		best, err = s.everything(set)
	} else {
		lower, best, err = s.narrow(low, start, set, m)
	}
	if err != nil {
		return nil, err
	}
	best, err = s.prove(res, best, set)
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

func contractYears(w *world.World) int {
	j := judge.New(w)
	j.Reset(0)
	return j.Rep().Years()
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
			legal = append(legal, c.name)
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

func none(set clauseSet) bool { return !slices.Contains(set, true) }

// start is the design to begin with and the clauses it holds together: of the one that gives most of everything, the
// scenario's own, and those that leave one thing out altogether – a base that is open can tighten a limit – the one that
// holds most clauses. Of few designs all are looked at.
func (s *search) start(top Design, wanted clauseSet, space float64, res *Result) (Design, clauseSet, error) {
	list := []Design{top}
	if own, known := s.own(); known {
		list = append(list, own)
	}
	if space <= float64(s.p.Exhaustive) {
		list = append(list, s.all()...)
	} else {
		for i := range s.p.Variables {
			if d := top.with(i, 0); top[i] > 0 && s.loosens(d) {
				list = append(list, d)
			}
		}
	}
	var best Design
	var bestSet clauseSet
	bestN := -1
	for k, d := range list {
		n := s.p.Search
		if k > 0 {
			n = looks[1]
			if bestN == count(wanted) { // nothing to gain
				break
			}
		}
		f, err := s.finding(s.seed, d, min(n, s.p.Search))
		if err != nil {
			return nil, nil, err
		}
		set := s.together(f, wanted, min(n, s.p.Search))
		if count(set) <= bestN {
			continue
		}
		if k > 0 { // it seems to hold more: look closely
			if f, err = s.finding(s.seed, d, s.p.Search); err != nil {
				return nil, nil, err
			}
			if set = s.together(f, wanted, s.p.Search); count(set) <= bestN {
				continue
			}
		}
		best, bestSet, bestN = d, set, count(set)
	}
	if err := s.setAside(res, best, wanted, bestSet); err != nil {
		return nil, nil, err
	}
	return best, bestSet, nil
}

// loosens reports whether a design has other distance bands than the one that gives most: a base less, and the bands are
// counted from every base.
func (s *search) loosens(d Design) bool {
	w, err := s.p.World(d)
	if err != nil {
		return false
	}
	return !slices.EqualFunc(w.Contracts, s.first.Contracts, func(a, b world.Contract) bool { return slices.Equal(a.SiteBand, b.SiteBand) })
}

// keepGuard sets the guard of what is set aside: it is not to be late more often than under the scenario's own design, or than
// under the start if that is worse. Otherwise the cheapest design would be one that gives it up.
func (s *search) keepGuard(wanted, set clauseSet, start Design) error {
	own, known := s.own()
	if s.p.LetSlip || !known {
		return nil
	}
	aside := make(clauseSet, len(set))
	for c := range set {
		aside[c] = wanted[c] && !set[c]
	}
	if none(aside) {
		return nil
	}
	g := &guard{aside: aside}
	for _, d := range []Design{own, start} {
		f, err := s.finding(s.seed, d, s.p.Search)
		if err != nil {
			return err
		}
		if !f.None {
			g.of = append(g.of, f)
		}
	}
	s.guard = g
	return nil
}

// own is the scenario's own design; false if it is not within the bounds.
func (s *search) own() (Design, bool) {
	d := make(Design, len(s.p.Variables))
	for i, v := range s.p.Variables {
		if v.Base < 0 {
			return nil, false
		}
		d[i] = v.Base
	}
	return d, true
}

func count(set clauseSet) (n int) {
	for _, on := range set {
		if on {
			n++
		}
	}
	return n
}

// together is the largest set of clauses found that hold together: those that fail alone are left out, then the one that
// fails most, until the others hold.
func (s *search) together(f *Finding, wanted clauseSet, n int) clauseSet {
	set := slices.Clone(wanted)
	alone := make([]int, len(set))
	for c := range set {
		one := make(clauseSet, len(set))
		one[c] = true
		failed, years := f.failures(s, one, n)
		alone[c] = failed
		if failed > s.allowed(years, confidence) {
			set[c] = false
		}
	}
	for !none(set) {
		if failed, years := f.failures(s, set, n); failed <= s.allowed(years, confidence) {
			break
		}
		worst := -1
		for c, on := range set {
			if on && (worst < 0 || alone[c] > alone[worst]) {
				worst = c
			}
		}
		set[worst] = false
	}
	return set
}

// setAside names the wanted clauses that the start does not hold.
func (s *search) setAside(res *Result, d Design, wanted, set clauseSet) error {
	w, err := s.world(d)
	if err != nil {
		return err
	}
	bounds := bound.Compute(w)
	f := s.found[s.seed][d.key()]
	for c, on := range wanted {
		if set[c] {
			res.Chosen = append(res.Chosen, s.clauses[c].name)
		}
		if !on || set[c] {
			continue
		}
		one := make(clauseSet, len(set))
		one[c] = true
		failed, years := f.failures(s, one, f.Replications)
		res.SetAside = append(res.SetAside, SetAside{Clause: s.clauses[c].name, Infeasible: bounds.Clauses[s.clauses[c].index].Infeasible,
			PHold: 1 - float64(failed)/float64(years), Late: f.late(s, one, f.Replications)})
	}
	return nil
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

// everything looks at all designs and takes the cheapest that passes; at equal cost the one that holds more surely.
func (s *search) everything(set clauseSet) (Design, error) {
	for _, d := range s.all() {
		if _, err := s.passes(d, set); err != nil {
			return nil, err
		}
	}
	list, err := s.candidates(set)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0].design, nil
}

// narrow bounds each variable from below and searches between the bounds.
func (s *search) narrow(low, start Design, set clauseSet, m *money) (lower, best Design, err error) {
	s.now = "bounds"
	lower = slices.Clone(low)
	floor := slices.Clone(low) // what is worth going down to
	for i := range start {
		// With everything else as rich as it gets: what fails here fails in every design, if more never hurts.
		if lower[i], err = s.least(start, i, 0, start[i], set); err != nil {
			return nil, nil, err
		}
		if floor[i], err = s.worth(start, i, lower[i], set); err != nil {
			return nil, nil, err
		}
	}
	s.now = "search"
	if best, err = s.descend(start, floor, s.order(start, floor, m), set); err != nil {
		return nil, nil, err
	}
	best, err = s.exchange(best, lower, set, m)
	return lower, best, err
}

// worth is the value of variable i, from low on, beyond which a step costs more than it saves, everything else as in d: stock
// that keeps emergency purchases and waits away pays for itself.
func (s *search) worth(d Design, i, low int, set clauseSet) (int, error) {
	v := low
	for ; v < d[i]; v++ {
		less, err := s.saves(d.with(i, v), d.with(i, v+1), set)
		if err != nil {
			return 0, err
		}
		if less <= 0 {
			break
		}
	}
	return v, nil
}

// least is the smallest value of variable i, from low to high, with which d passes; high is known to pass.
func (s *search) least(d Design, i, low, high int, set clauseSet) (int, error) {
	if low >= high {
		return high, nil
	}
	if ok, err := s.passes(d.with(i, low), set); err != nil || ok {
		return low, err
	}
	for low+1 < high { // low fails, high passes
		mid := (low + high) / 2
		ok, err := s.passes(d.with(i, mid), set)
		if err != nil {
			return 0, err
		}
		if ok {
			high = mid
		} else {
			low = mid
		}
	}
	return high, nil
}

// order sorts the variables by what can be saved on each, most first.
func (s *search) order(d, lower Design, m *money) []int {
	list := make([]int, len(d))
	for i := range list {
		list[i] = i
	}
	saved := func(i int) float64 { return m.at[i][d[i]] - m.at[i][lower[i]] }
	sort.SliceStable(list, func(a, b int) bool { return saved(list[a]) > saved(list[b]) })
	return list
}

// descend takes away what can be spared, down to lower: all that is listed at once if the design passes so, else one half after
// the other, what saves most first.
func (s *search) descend(d, lower Design, list []int, set clauseSet) (Design, error) {
	list = slices.DeleteFunc(slices.Clone(list), func(i int) bool { return d[i] <= lower[i] })
	if len(list) == 0 {
		return d, nil
	}
	if len(list) == 1 {
		v, err := s.least(d, list[0], lower[list[0]], d[list[0]], set)
		return d.with(list[0], v), err
	}
	x := slices.Clone(d)
	for _, i := range list {
		x[i] = lower[i]
	}
	if !s.hopeless(x, set) {
		if ok, err := s.passes(x, set); err != nil || ok {
			return x, err
		}
	}
	x, err := s.descend(d, lower, list[:len(list)/2], set)
	if err != nil {
		return nil, err
	}
	return s.descend(x, lower, list[len(list)/2:], set)
}

// saves is how much less design b costs a year than a, on as many common replications as both clear cases have.
func (s *search) saves(a, b Design, set clauseSet) (float64, error) {
	if ok, err := s.passes(b, set); err != nil || !ok {
		return math.Inf(-1), err
	}
	n := min(looks[1], s.p.Search)
	f, err := s.finding(s.seed, a, n)
	if err != nil {
		return 0, err
	}
	g, err := s.finding(s.seed, b, n)
	if err != nil {
		return 0, err
	}
	return f.cost(n) - g.cost(n), nil
}

// exchange gives a step of one variable for steps of others that cost more, as long as the design passes: where each single
// step is needed, taking away alone has come to its end. First a step for one or two steps of one other variable, what saves
// most first; then a step for whatever can be taken away with it.
func (s *search) exchange(x, lower Design, set clauseSet, m *money) (Design, error) {
	until := s.reps + int64(swaps*s.p.Search)
	f, err := s.finding(s.seed, x, looks[1])
	if err != nil {
		return nil, err
	}
	least := indifference * f.cost(f.Replications)
	for {
		y, err := s.swap(x, lower, set, m, until, least)
		if err != nil {
			return nil, err
		}
		if y == nil {
			if y, err = s.raise(x, lower, set, m, until, least); err != nil {
				return nil, err
			}
		}
		if y == nil {
			return x, nil
		}
		x = y
	}
}

// swap is a cheaper design by one exchange of two variables; nil if none was found.
func (s *search) swap(x, lower Design, set clauseSet, m *money, until int64, least float64) (Design, error) {
	type pair struct {
		y     Design
		saved float64
	}
	var list []pair
	for up, v := range s.p.Variables {
		if x[up]+1 >= len(v.Values) {
			continue
		}
		for down := range x {
			for steps := 1; steps <= 2 && down != up && x[down]-steps >= lower[down]; steps++ {
				y := x.with(up, x[up]+1).with(down, x[down]-steps)
				if saved := m.of(x) - m.of(y); saved > least {
					list = append(list, pair{y, saved})
				}
			}
		}
	}
	sort.SliceStable(list, func(a, b int) bool { return list[a].saved > list[b].saved })
	for _, e := range list {
		if s.hopeless(e.y, set) {
			continue
		}
		if s.reps > until {
			return nil, nil
		}
		ok, err := s.passes(e.y, set)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if less, err := s.saves(x, e.y, set); err != nil || less > least {
			return e.y, err
		}
	}
	return nil, nil
}

// raise is a cheaper design by one step more of a variable and steps less of several others; nil if none was found.
func (s *search) raise(x, lower Design, set clauseSet, m *money, until int64, least float64) (Design, error) {
	for up, v := range s.p.Variables {
		if x[up]+1 >= len(v.Values) {
			continue
		}
		y := x.with(up, x[up]+1)
		most := 0.0 // that could be saved
		for i := range x {
			if i != up {
				most += m.at[i][x[i]] - m.at[i][lower[i]]
			}
		}
		if most-(m.of(y)-m.of(x)) <= least {
			continue
		}
		floor := slices.Clone(lower)
		floor[up] = y[up]
		for _, i := range s.order(y, floor, m) {
			for y[i] > floor[i] {
				z := y.with(i, y[i]-1)
				if s.hopeless(z, set) {
					break
				}
				if s.reps > until {
					return nil, nil
				}
				ok, err := s.passes(z, set)
				if err != nil {
					return nil, err
				}
				if !ok {
					break
				}
				y = z
			}
		}
		if m.of(x)-m.of(y) <= least {
			continue
		}
		if less, err := s.saves(x, y, set); err != nil || less > least {
			return y, err
		}
	}
	return nil, nil
}

// hopeless reports whether a design that gives as much of everything is known to fail.
func (s *search) hopeless(d Design, set clauseSet) bool {
	for key, f := range s.found[s.seed] {
		if o := parse(key); d.below(o) && s.fails(f, set) {
			return true
		}
	}
	return false
}

// fails reports whether what was found of a design rules it out.
func (s *search) fails(f *Finding, set clauseSet) bool {
	failed, _ := f.failures(s, set, f.Replications)
	return failed > s.allowed(s.p.Search*s.years, confidence)
}

// passedAt reports whether what was found of a design lets it pass.
func (s *search) passedAt(f *Finding, set clauseSet) bool {
	for _, n := range append(slices.Clone(looks), s.p.Search) {
		if n > f.Replications {
			break
		}
		if failed, years := f.failures(s, set, n); failed <= s.allowed(years, confidence) {
			return s.guard.keeps(s, f, n)
		}
	}
	return false
}

func parse(key string) Design {
	var d Design
	v := 0
	for i := 0; i <= len(key); i++ {
		if i == len(key) || key[i] == ',' {
			d = append(d, v)
			v = 0
			continue
		}
		v = 10*v + int(key[i]-'0')
	}
	return d
}

// candidate is a design that passes in the search.
type candidate struct {
	design Design
	f      *Finding
	cost   float64
}

// candidates are the designs that pass, the cheapest first. Those in front are compared on equally many replications.
func (s *search) candidates(set clauseSet) ([]candidate, error) {
	var list []candidate
	for key, f := range s.found[s.seed] {
		if s.passedAt(f, set) {
			list = append(list, candidate{design: parse(key), f: f, cost: f.cost(f.Replications)})
		}
	}
	before := func(a, b *candidate) bool {
		if a.cost != b.cost {
			return a.cost < b.cost
		}
		return slices.Compare(a.design, b.design) < 0
	}
	sort.Slice(list, func(a, b int) bool { return before(&list[a], &list[b]) })
	for rounds := 0; rounds < 3; rounds++ { // those who may change places with the first
		again := false
		for i := range list {
			if i > listed {
				break
			}
			if list[i].f.Replications < s.p.Search {
				f, err := s.finding(s.seed, list[i].design, s.p.Search)
				if err != nil {
					return nil, err
				}
				list[i].f, again = f, true
			}
			list[i].cost = list[i].f.cost(s.p.Search)
		}
		list = slices.DeleteFunc(list, func(c candidate) bool {
			return !s.passedAt(c.f, set) || s.fails(c.f, set) || !s.guard.keeps(s, c.f, c.f.Replications)
		})
		sort.SliceStable(list, func(a, b int) bool { return before(&list[a], &list[b]) })
		if !again {
			break
		}
	}
	return list, nil
}

// seedOf is the seed of the k-th proof, unlike those of the search and of the other proofs.
func (s *search) seedOf(k int) uint64 { return rng.Mix(s.seed, rng.HashName("proof "+strconv.Itoa(k))) }

// risk is the chance of error of each attempt at a proof; all together have that of the confidence.
var risk = [...]float64{0.04, 0.005, 0.0025, 0.0025}

// prove runs the cheapest candidate on fresh random numbers, and the next one if it fails.
func (s *search) prove(res *Result, best Design, set clauseSet) (Design, error) {
	s.now = "rank"
	list, err := s.candidates(set)
	if err != nil {
		return nil, err
	}
	if len(list) > 0 {
		res.found = list[0].design
	}
	if s.p.Budget > 0 || len(list) == 0 {
		list = []candidate{{design: best}}
	}
	s.now = "proof"
	for attempt := 0; attempt < len(risk) && len(list) > 0; attempt++ {
		d := list[0].design
		proof, ok, err := s.proof(d, set, attempt)
		if err != nil {
			return nil, err
		}
		if ok || s.p.Budget > 0 {
			res.Proof, res.Holds = *proof, ok
			best = d
			break
		}
		if attempt == 0 || proof.PHold > res.Proof.PHold {
			res.Proof, best = *proof, d
		}
		// The next is worth an attempt only if it failed less often in the search.
		rate := s.rate(list[0].f, set)
		list = slices.DeleteFunc(slices.Clone(list[1:]), func(c candidate) bool { return s.rate(c.f, set) >= rate })
	}
	return best, nil
}

func (s *search) rate(f *Finding, set clauseSet) float64 {
	failed, years := f.failures(s, set, f.Replications)
	return float64(failed) / float64(years)
}

// proof is attempt k, from 0.
func (s *search) proof(d Design, set clauseSet, k int) (*Proof, bool, error) {
	seed := s.seedOf(k)
	if err := s.wholly(seed, d); err != nil {
		return nil, false, err
	}
	f := s.found[seed][d.key()]
	failed, years := f.failures(s, set, s.p.Proof)
	conf := 1 - risk[k]
	p := &Proof{Seed: seed, Attempt: k + 1, Replications: s.p.Proof, Years: years, Held: years - failed,
		PHold: float64(years-failed) / float64(years), Confidence: conf, Lower: lowerLimit(years-failed, years, conf), Late: f.late(s, set, s.p.Proof)}
	return p, p.Lower >= s.first.Assurance, nil
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
		switch {
		case d[i] > 0:
			c.UnitCost = m.at[i][d[i]] - m.at[i][d[i]-1]
		case len(v.Values) > 1:
			c.UnitCost = m.at[i][1]
		}
		res.Variables = append(res.Variables, c)
	}
	if res.Holds {
		var list []int
		for i := range d {
			if d[i] > 0 {
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
		for c := range s.clauses {
			if s.clauses[c].name == res.SetAside[i].Clause {
				one := make(clauseSet, len(set))
				one[c] = true
				f := s.found[seed][d.key()]
				res.SetAside[i].PlanLate, res.SetAside[i].OwnLate = f.late(s, one, f.Replications), -1
				if own, known := s.own(); known {
					g := s.found[s.seed][own.key()]
					res.SetAside[i].OwnLate = g.late(s, one, g.Replications)
				}
			}
		}
	}
	res.Designs, res.Simulated = len(s.found[s.seed]), s.reps
	return nil
}

// binding finds which variables bind: with a step less the proof fails. A group that can be a step less all at once binds
// nowhere, if more never hurts; else each half is looked at.
func (s *search) binding(res *Result, d Design, list []int, set clauseSet) error {
	if len(list) == 0 {
		return nil
	}
	y := slices.Clone(d)
	for _, i := range list {
		y[i]--
	}
	failed, years, fails, err := s.disproved(res.Proof.Seed, y, set, res.Proof.Confidence)
	if err != nil {
		return err
	}
	if len(list) == 1 {
		v := &res.Variables[list[0]]
		v.Binds, v.Without = fails, 1-float64(failed)/float64(years)
		return nil
	}
	if !fails {
		for _, i := range list {
			res.Variables[i].Without = 1 - float64(failed)/float64(years)
		}
		return nil
	}
	if err := s.binding(res, d, list[:len(list)/2], set); err != nil {
		return err
	}
	return s.binding(res, d, list[len(list)/2:], set)
}

// disproved runs a design on the random numbers of a proof until it has failed too often, or to the end.
func (s *search) disproved(seed uint64, d Design, set clauseSet, conf float64) (failed, years int, fails bool, err error) {
	last := s.allowed(s.p.Proof*s.years, conf)
	for n := looks[0]; ; n *= 2 {
		n = min(n, s.p.Proof)
		f, err := s.finding(seed, d, n)
		if err != nil {
			return 0, 0, false, err
		}
		failed, years = f.failures(s, set, n)
		if failed > last {
			return failed, years, true, nil
		}
		if n == s.p.Proof || failed <= s.allowed(years, clear) { // as good as certain
			return failed, years, false, nil
		}
	}
}

// wholly runs all replications of a proof with everything a report says.
func (s *search) wholly(seed uint64, d Design) error {
	w, err := s.world(d)
	if err != nil {
		return err
	}
	other := *w
	other.Seed = seed
	n := s.p.Proof
	run, err := experiment.Run(s.ctx, &other, experiment.Options{Replications: n, Workers: s.p.Workers})
	if err != nil {
		return err
	}
	if run.Interrupted {
		return context.Canceled
	}
	s.reps += int64(n)
	f := &Finding{}
	for i := range n {
		f.add(s, &other, run, i)
	}
	if s.found[seed] == nil {
		s.found[seed] = map[string]*Finding{}
	}
	s.found[seed][d.key()] = f
	s.proved = &proved{seed, d.key(), experiment.Report(&other, run, judge.RunInfo{Seed: seed}), judge.Fixed(w)}
	s.tell()
	return nil
}

// price sets the cost of the design, and the report of its proof.
func (s *search) price(res *Result, d Design, seed uint64) error {
	if p := s.proved; p == nil || p.seed != seed || p.key != d.key() {
		if err := s.wholly(seed, d); err != nil {
			return err
		}
	}
	res.Report = s.proved.report
	res.Cost = Money{Total: res.Report.Cost.Total, HalfWidth: res.Report.Cost.TotalHW, Fixed: s.proved.fixed}
	return nil
}

// others sets the designs beside the plan, the bound and the gap.
func (s *search) others(res *Result, d Design, set clauseSet, lower Design, m *money) error {
	list, err := s.candidates(set)
	if err != nil {
		return err
	}
	mine, err := s.finding(s.seed, d, s.p.Search)
	if err != nil {
		return err
	}
	other := func(x Design, f *Finding) Other {
		n := min(f.Replications, mine.Replications)
		failed, years := f.failures(s, set, f.Replications)
		diff := stats.Paired(mine.Cost[:n], f.Cost[:n], 0.95)
		o := Other{Cost: f.cost(f.Replications), More: diff.Value, MoreLow: finite(diff.Lo), MoreTop: finite(diff.Hi), Years: years,
			PHold: 1 - float64(failed)/float64(years), Late: f.late(s, set, f.Replications), Passes: s.passedAt(f, set), design: x}
		for i, v := range x {
			if v != d[i] {
				o.Changes = append(o.Changes, Change{s.p.Variables[i].Path, s.p.Variables[i].Values[v]})
			}
		}
		return o
	}
	for _, c := range list {
		if len(res.Next) < listed && !slices.Equal(c.design, d) {
			res.Next = append(res.Next, other(c.design, c.f))
		}
	}
	if own, known := s.own(); known {
		f, err := s.finding(s.seed, own, s.p.Search)
		if err != nil {
			return err
		}
		o := other(own, f)
		res.Scenario = &o
	}
	res.Monotone = s.monotone(set)
	s.curve(res, other)
	// The bound: fixed costs of the least of everything with which a design can hold, and of what depends on the run the
	// least that any design looked at spent.
	variable := math.Inf(1)
	for key, f := range s.found[s.seed] {
		if f.Replications > 0 && !f.None {
			w := m.of(parse(key))
			variable = min(variable, f.cost(f.Replications)-w)
		}
	}
	at := lower
	if !res.Monotone || res.Complete {
		at = make(Design, len(d))
	}
	res.Low = min(m.of(at)+variable, res.Cost.Total)
	if res.Complete && len(list) > 0 {
		res.Low = min(list[0].cost, res.Cost.Total)
	}
	if res.Cost.Total > 0 {
		res.Gap = 1 - res.Low/res.Cost.Total
	}
	return nil
}

func finite(x float64) float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return 0
	}
	return x
}

// monotone reports whether no design that was looked at fails and gives more than one that passes.
func (s *search) monotone(set clauseSet) bool {
	var pass, fail []Design
	for key, f := range s.found[s.seed] {
		switch {
		case s.fails(f, set):
			fail = append(fail, parse(key))
		case s.passedAt(f, set):
			pass = append(pass, parse(key))
		}
	}
	for _, a := range pass {
		for _, b := range fail {
			if a.below(b) {
				return false
			}
		}
	}
	return true
}

// curve lists the designs to which no other that was looked at is better in cost and in the share of years that hold.
func (s *search) curve(res *Result, other func(Design, *Finding) Other) {
	var list []Other
	for key, f := range s.found[s.seed] {
		if f.Replications >= looks[1] {
			list = append(list, other(parse(key), f))
		}
	}
	sort.Slice(list, func(a, b int) bool {
		if list[a].Cost != list[b].Cost {
			return list[a].Cost < list[b].Cost
		}
		return slices.Compare(list[a].design, list[b].design) < 0
	})
	best := -1.0
	for _, o := range list {
		if o.PHold > best {
			res.Curve = append(res.Curve, o)
			best = o.PHold
		}
	}
}

// relax finds what each clause costs: from the plan, how much can be taken away if that clause need not hold.
func (s *search) relax(res *Result, d Design, set clauseSet, low Design, m *money) error {
	s.now = "relax"
	base, err := s.finding(s.seed, d, s.p.Search)
	if err != nil {
		return err
	}
	for c, on := range set {
		if !on {
			continue
		}
		without := slices.Clone(set)
		without[c] = false
		r := Relax{Clause: s.clauses[c].name}
		x := d
		if !none(without) {
			if x, err = s.descend(d, low, s.order(d, low, m), without); err != nil {
				return err
			}
		} else if x, err = s.scarce(low); err != nil {
			return err
		}
		f, err := s.finding(s.seed, x, s.p.Search)
		if err != nil {
			return err
		}
		one := make(clauseSet, len(set))
		one[c] = true
		r.Saving = max(0, base.cost(s.p.Search)-f.cost(s.p.Search))
		r.Late = f.late(s, one, s.p.Search)
		if r.Saving > 0 && r.Late > 0 {
			r.BreakEven = r.Saving / r.Late
		}
		for i, v := range x {
			if v != d[i] {
				r.Changes = append(r.Changes, Change{s.p.Variables[i].Path, s.p.Variables[i].Values[v]})
			}
		}
		res.Relaxed = append(res.Relaxed, r)
	}
	sort.SliceStable(res.Relaxed, func(a, b int) bool { return res.Relaxed[a].Saving > res.Relaxed[b].Saving })
	return nil
}
