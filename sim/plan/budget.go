package plan

import (
	"errors"
	"math"
	"slices"
)

// spend gives the least late events for a budget: from the least of everything, the step that saves most late events for its
// money is taken again and again, as long as the mean cost stays within the budget (marginal analysis, B. L. Fox, "Discrete
// optimization via marginal analysis", Management Science 13 (1966) 210–216). What single steps cannot mend, exchanges do: a step
// of one variable for one or two of another. Of few designs all are looked at.
func (s *search) spend(low Design, set clauseSet, m *money, all bool) (Design, error) {
	s.now = "search"
	n := min(looks[2], s.p.Search)
	if all {
		return s.bestOf(s.all(), low, set, n)
	}
	x, err := s.marginal(low, set, m, n)
	if err != nil {
		return nil, err
	}
	until := s.reps + int64(swaps*s.p.Search)
	for s.reps < until {
		list := slices.DeleteFunc(s.exchanges(x, make(Design, len(x))), func(y Design) bool { return m.of(y) > m.of(x) }) // dearer for sure
		y, err := s.bestOf(list, x, set, n)
		if err != nil || slices.Equal(x, y) {
			return x, err
		}
		if x, err = s.marginal(y, set, m, n); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// bestOf is the design of the list that keeps to the budget with the least late events, the cheaper of equals; x if none is better.
func (s *search) bestOf(list []Design, x Design, set clauseSet, n int) (Design, error) {
	late, cost := math.Inf(1), math.Inf(1)
	for _, y := range append([]Design{x}, list...) {
		f, err := s.finding(s.seed, y, n)
		if err != nil {
			return nil, err
		}
		if f.None || f.cost(n) > s.p.Budget {
			continue
		}
		if l, c := f.late(s, set, n), f.cost(n); l < late || l == late && c < cost {
			x, late, cost = y, l, c
		}
	}
	return x, nil
}

// marginal is the end of marginal analysis from low on.
func (s *search) marginal(low Design, set clauseSet, m *money, n int) (Design, error) {
	x := slices.Clone(low)
	at, err := s.finding(s.seed, x, n)
	if err != nil {
		return nil, err
	}
	for {
		best, bestGain := Design(nil), 0.0
		for i, v := range s.p.Variables {
			if x[i]+1 >= len(v.Values) {
				continue
			}
			y := x.with(i, x[i]+1)
			step := m.at[i][y[i]] - m.at[i][x[i]]
			if at.cost(n)+step > s.p.Budget*1.2 { // far beyond
				continue
			}
			f, err := s.finding(s.seed, y, n)
			if err != nil {
				return nil, err
			}
			if f.cost(n) > s.p.Budget {
				continue
			}
			if gain := (at.late(s, set, n) - f.late(s, set, n)) / max(f.cost(n)-at.cost(n), 1); gain > bestGain {
				best, bestGain = y, gain
			}
		}
		if best == nil {
			return x, nil
		}
		x = best
		at = s.found[s.seed][x.key()]
	}
}

// scarce is the least of everything that is a world: low, or a design with a few steps more.
func (s *search) scarce(low Design) (Design, error) {
	x := slices.Clone(low)
	for {
		_, err := s.p.World(x)
		if !errors.Is(err, ErrNoWorld) {
			return x, err
		}
		for i, v := range s.p.Variables { // the first that helps, else the first that can be raised
			if x[i]+1 >= len(v.Values) {
				continue
			}
			if _, err := s.p.World(x.with(i, x[i]+1)); err == nil {
				return x.with(i, x[i]+1), nil
			}
		}
		up := 0
		for up < len(x) && x[up]+1 >= len(s.p.Variables[up].Values) {
			up++
		}
		if up == len(x) {
			return nil, err
		}
		x[up]++
	}
}
