package plan

import (
	"errors"
	"slices"
)

// spend gives the least late events for a budget: from the least of everything, the step that saves most late events for its
// money is taken again and again, as long as the mean cost stays within the budget (marginal analysis, B. L. Fox, "Discrete
// optimization via marginal analysis", Management Science 13 (1966) 210–216).
func (s *search) spend(low Design, set clauseSet, m *money) (Design, error) {
	s.now = "search"
	n := min(looks[2], s.p.Search)
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
