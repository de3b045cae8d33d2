package plan

import (
	"math"
	"slices"
	"sort"
)

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
		by, why, err := s.theory(start, i, set)
		if err != nil {
			return nil, nil, err
		}
		s.ruled[i] = ruled{by, why}
		if lower[i], err = s.least(start, i, by, start[i], set); err != nil {
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

// spare takes single steps away as long as that saves money: below what was worth it beside the richest of everything, and what
// an exchange would not be tried for.
func (s *search) spare(x, lower Design, set clauseSet, m *money) (Design, error) {
	for again := true; again; {
		again = false
		for _, i := range s.order(x, lower, m) {
			if x[i] <= lower[i] {
				continue
			}
			y := x.with(i, x[i]-1)
			ok, err := s.spares(x, y, set)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			less, err := s.saves(x, y, set)
			if err != nil {
				return nil, err
			}
			if less > 0 {
				x, again = y, true
			}
		}
	}
	return x, nil
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

// exchanges are the designs by a step more of one variable and one or two less of another, not below lower.
func (s *search) exchanges(x, lower Design) (list []Design) {
	for up, v := range s.p.Variables {
		if x[up]+1 >= len(v.Values) {
			continue
		}
		for down := range x {
			for steps := 1; steps <= 2 && down != up && x[down]-steps >= lower[down]; steps++ {
				list = append(list, x.with(up, x[up]+1).with(down, x[down]-steps))
			}
		}
	}
	return list
}

// swap is a cheaper design by one exchange of two variables; nil if none was found.
func (s *search) swap(x, lower Design, set clauseSet, m *money, until int64, least float64) (Design, error) {
	type pair struct {
		y     Design
		saved float64
	}
	var list []pair
	for _, y := range s.exchanges(x, lower) {
		if saved := m.of(x) - m.of(y); saved > least {
			list = append(list, pair{y, saved})
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

// spares reports whether y, a step less than x, holds with all replications of the search. The guard's early looks do not turn it
// away where x, which it let pass, is as late.
func (s *search) spares(x, y Design, set clauseSet) (bool, error) {
	ok, err := s.passes(y, set)
	if err != nil {
		return false, err
	}
	if ok {
		return s.stands(y, set)
	}
	f, err := s.finding(s.seed, y, 0)
	if err != nil || s.guard == nil || f.None || s.fails(f, set) {
		return false, err
	}
	g, err := s.finding(s.seed, x, f.Replications)
	if err != nil || f.late(s, s.guard.aside, f.Replications) > g.late(s, s.guard.aside, f.Replications)+noLater {
		return false, err
	}
	return s.stands(y, set)
}

// stands reports whether a design that passes still does so with all replications of the search.
func (s *search) stands(d Design, set clauseSet) (bool, error) {
	f, err := s.finding(s.seed, d, s.p.Search)
	return err == nil && s.holdsWholly(f, set), err
}

// holdsWholly reports whether all replications that a design has let it pass.
func (s *search) holdsWholly(f *Finding, set clauseSet) bool {
	failed, years := f.failures(s, set, f.Replications)
	keeps, _ := s.guard.keeps(s, f, f.Replications)
	return keeps && failed <= s.allowed(years, confidence)
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
	if f.Replications >= s.p.Search {
		return s.holdsWholly(f, set)
	}
	for _, n := range append(slices.Clone(looks), s.p.Search) {
		if n > f.Replications {
			break
		}
		if failed, years := f.failures(s, set, n); failed <= s.allowed(years, confidence) {
			if ok, sure := s.guard.keeps(s, f, n); sure || n >= s.closer() {
				return ok
			}
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
