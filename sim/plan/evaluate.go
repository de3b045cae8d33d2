package plan

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/bound"
	"slasim/sim/experiment"
	"slasim/sim/judge"
	"slasim/sim/stats"
)

// confidence of the one-sided lower limit of the share of years that hold, in the search and in the proof.
const confidence = 0.95

// looks are the numbers of replications after which a design is looked at in the search: enough to give up a hopeless one
// after the first, and to accept a clear one (59 years without a failure) after the second. A choice.
var looks = []int{20, 60, 120, 200}

// clauseSet is the clauses a design is held to, by their place among the search's clauses.
type clauseSet []bool

// search is the state of a search: what was found, and what it cost.
type search struct {
	ctx     context.Context
	p       *Problem
	first   *world.World // any design's: the clauses are the same
	clauses []clauseRef
	bounds  *bound.Result // of the design that gives most of everything
	years   int
	seed    uint64 // of the search

	found   map[uint64]map[string]*Finding
	limits  map[int]int // years → failures at most
	now     string      // stage
	reps    int64
	best    float64
	last    *world.World // of lastKey
	lastKey string
	proved  *proved // the last that was run wholly
	ruled   []ruled // by variable
	from    Design  // where the search starts
	guard   *guard  // nil: none
}

// ruled is the least value that arithmetic lets a variable have.
type ruled struct {
	least int
	why   Theory
}

// guard is what is set aside, and the findings that a design must not be later than.
type guard struct {
	aside clauseSet
	of    []*Finding
}

// Slack of the guard, for chance: a share, and late events a year. A choice.
const (
	slackShare = 0.02
	slackLate  = 0.25
	noLater    = 0.05 // late events a year: no later than another design
)

// keeps reports whether a design's first n replications are late no more often in what is set aside than allowed, and whether
// more replications could tell otherwise.
func (g *guard) keeps(s *search, f *Finding, n int) (ok, sure bool) {
	if g == nil {
		return true, true
	}
	sure = true
	for _, x := range g.of {
		n := min(n, x.Replications)
		over := stats.Paired(x.yearly(s, g.aside, n, 1+slackShare), f.yearly(s, g.aside, n, 1), 0.95)
		if over.Hi <= slackLate {
			return true, true
		}
		ok = ok || over.Value <= slackLate
		sure = sure && over.Lo > slackLate
	}
	return ok, sure
}

// proved is a design that was run with everything a report says.
type proved struct {
	seed   uint64
	key    string
	reps   []*judge.RepResult
	report *judge.Report
	fixed  float64
}

// tell says how far the search is.
func (s *search) tell() {
	if s.p.Progress != nil {
		s.p.Progress(Progress{Stage: s.now, Designs: len(s.found[s.seed]), Replications: s.reps, Best: s.best})
	}
}

// world is the world of a design; the last one is kept.
func (s *search) world(d Design) (*world.World, error) {
	if k := d.key(); s.last == nil || k != s.lastKey {
		w, err := s.p.World(d)
		if err != nil {
			return nil, err
		}
		x := *w
		x.EverySite = true
		s.last, s.lastKey = &x, k
	}
	return s.last, nil
}

// finding is what n replications of a design at least came to, on the random numbers of a seed.
func (s *search) finding(seed uint64, d Design, n int) (*Finding, error) {
	all := s.found[seed]
	if all == nil {
		all = map[string]*Finding{}
		s.found[seed] = all
	}
	key := d.key()
	f := all[key]
	if f == nil {
		f = &Finding{}
		all[key] = f
	}
	if f.Replications >= n {
		return f, nil
	}
	s.reps += int64(n - f.Replications)
	if s.p.Known != nil { // as far as needed only: the search is the same as if it had never been interrupted
		if k := s.p.Known(seed, key); k != nil && f.copy(k, n) {
			return f, nil
		}
	}
	w, err := s.world(d)
	if errors.Is(err, ErrNoWorld) { // nothing is kept, at no end of money
		f.Replications, f.None = n, true
		f.Late = slices.Repeat([]int32{math.MaxInt16}, n*len(s.clauses))
		f.Held = make([]byte, n*s.years*len(s.clauses))
		f.Cost = slices.Repeat([]float64{math.Inf(1)}, n)
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	other := *w
	other.Seed = seed
	done := f.Replications
	res, err := experiment.Run(s.ctx, &other, experiment.Options{Replications: n, Workers: s.p.Workers, CountsOnly: true, TargetsOnly: true,
		After: &experiment.Result{Reps: make([]*judge.RepResult, done), Totals: make([]*trail.Totals, done)}})
	if err != nil {
		return nil, fmt.Errorf("design %s: %w", key, err)
	}
	if res.Interrupted {
		return nil, context.Canceled
	}
	for i := done; i < n; i++ {
		f.add(s, &other, res, i)
	}
	if s.p.Keep != nil {
		s.p.Keep(seed, key, f)
	}
	s.tell()
	return f, nil
}

// copy takes over what an earlier call found, up to n replications; true if that is all of them.
func (f *Finding) copy(k *Finding, n int) bool {
	m := min(n, k.Replications)
	if m <= f.Replications {
		return false
	}
	late, held := len(k.Late)/k.Replications, len(k.Held)/k.Replications
	*f = Finding{m, slices.Clone(k.Late[:m*late]), slices.Clone(k.Held[:m*held]), slices.Clone(k.Cost[:m]), k.None}
	return m == n
}

// add appends replication i of a run.
func (f *Finding) add(s *search, w *world.World, res *experiment.Result, i int) {
	first := len(f.Held)
	f.Held = append(f.Held, make([]byte, s.years*len(s.clauses))...)
	for k := range s.clauses {
		c := &s.clauses[k]
		r := c.of(res.Reps[i])
		n := r.Clause(c.index)
		f.Late = append(f.Late, n.Breached+n.Censored)
		for y := range s.years {
			if s.p.Hold.holds(r, &w.Clauses[c.index], c.index, y) {
				f.Held[first+y*len(s.clauses)+k] = 1
			}
		}
	}
	f.Cost = append(f.Cost, judge.Cost(w, res.Reps[i], res.Totals[i]).Total)
	f.Replications++
}

// failures counts the years of the first n replications in which some clause of the set does not hold.
func (f *Finding) failures(s *search, set clauseSet, n int) (failed, years int) {
	k := len(s.clauses)
	years = n * s.years
	for y := range years {
		for c, held := range f.Held[y*k : (y+1)*k] {
			if held == 0 && set[c] {
				failed++
				break
			}
		}
	}
	return failed, years
}

// late is the late events a year of a set of clauses.
func (f *Finding) late(s *search, set clauseSet, n int) float64 {
	sum := 0.0
	k := len(s.clauses)
	for r := range n {
		for c, x := range f.Late[r*k : (r+1)*k] {
			if set[c] {
				sum += float64(x)
			}
		}
	}
	return sum / float64(n*s.years)
}

// yearly is the late events of a set of clauses in each of the first n replications, a contract year, times a factor.
func (f *Finding) yearly(s *search, set clauseSet, n int, factor float64) []float64 {
	list := make([]float64, n)
	k := len(s.clauses)
	for r := range n {
		for c, x := range f.Late[r*k : (r+1)*k] {
			if set[c] {
				list[r] += float64(x) * factor / float64(s.years)
			}
		}
	}
	return list
}

// cost is the mean cost of a year over the first n replications.
func (f *Finding) cost(n int) float64 {
	var m stats.Mean
	for _, x := range f.Cost[:n] {
		m.Add(x)
	}
	return m.Value()
}

// allowed is how many of so many years may fail at most, for the lower limit of the share that hold to reach the assurance;
// -1 if even none is too many.
func (s *search) allowed(years int, conf float64) int {
	k := years
	if conf == confidence {
		if n, ok := s.limits[years]; ok {
			return n
		}
	}
	low, high := -1, years // low is allowed, high is not
	for low+1 < high {
		mid := (low + high) / 2
		if lowerLimit(years-mid, years, conf) >= s.first.Assurance {
			low = mid
		} else {
			high = mid
		}
	}
	if conf == confidence {
		s.limits[k] = low
	}
	return low
}

// lowerLimit is the one-sided lower limit of a share k of n (Clopper and Pearson).
func lowerLimit(k, n int, conf float64) float64 {
	lo, _ := stats.ClopperPearson(k, n, 2*conf-1)
	return lo
}

// passes reports whether a design passes in the search.
func (s *search) passes(d Design, set clauseSet) (bool, error) {
	last := s.allowed(s.p.Search*s.years, confidence)
	if f := s.found[s.seed][d.key()]; f != nil && f.Replications >= s.p.Search { // all is known
		return s.holdsWholly(f, set), nil
	}
	for _, n := range append(slices.Clone(looks), s.p.Search) {
		if n > s.p.Search {
			continue
		}
		f, err := s.finding(s.seed, d, n)
		if err != nil {
			return false, err
		}
		failed, years := f.failures(s, set, n)
		switch {
		case failed > last:
			return false, nil
		case failed <= s.allowed(years, confidence):
			ok, sure := s.guard.keeps(s, f, n)
			switch {
			case !sure && n < s.closer(): // look again
			case ok:
				s.passed(f, n)
				return true, nil
			default:
				return false, nil
			}
		}
	}
	return false, nil
}

// closer is the number of replications with which the guard decides what it could not tell with less.
func (s *search) closer() int { return min(looks[2], s.p.Search) }

func (s *search) passed(f *Finding, n int) {
	if c := f.cost(n); s.best == 0 || c < s.best {
		s.best = c
	}
}
