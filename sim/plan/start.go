package plan

import (
	"slices"

	"slasim/model/world"
)

func none(set clauseSet) bool { return !slices.Contains(set, true) }

// start is the design to begin with and the clauses it holds together: of the one that gives most of everything, the
// scenario's own, and those that leave one thing out altogether – a base that is open can tighten a limit – the one that
// holds most clauses. Of few designs all are looked at.
func (s *search) start(top Design, wanted clauseSet, space float64, res *Result) (Design, clauseSet, error) {
	var best Design
	var bestSet clauseSet
	bestN := -1
	for k, d := range s.openings(top, space) {
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
	s.setAside(res, best, wanted, bestSet)
	return best, bestSet, nil
}

// openings are the designs one of which may hold the most clauses.
func (s *search) openings(top Design, space float64) []Design {
	list := []Design{top}
	if own, known := s.own(); known {
		list = append(list, own)
	}
	if space <= float64(s.p.Exhaustive) {
		return append(list, s.all()...)
	}
	for i := range s.p.Variables {
		if d := top.with(i, 0); top[i] > 0 && s.loosens(d) {
			list = append(list, d)
		}
	}
	return list
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
		if s.clauses[c].aside || failed > s.allowed(years, confidence) {
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
func (s *search) setAside(res *Result, d Design, wanted, set clauseSet) {
	f := s.found[s.seed][d.key()]
	for c, on := range wanted {
		ref := &s.clauses[c]
		if set[c] {
			res.Chosen = append(res.Chosen, ref.name)
		}
		if !on || set[c] {
			continue
		}
		one := make(clauseSet, len(set))
		one[c] = true
		failed, years := f.failures(s, one, f.Replications)
		res.SetAside = append(res.SetAside, SetAside{Clause: ref.name, Elsewhere: ref.without > 0 && !ref.aside,
			Infeasible: ref.aside || ref.without == 0 && s.bounds.Clauses[ref.index].Infeasible, Sites: s.sitesOf(ref),
			PHold: 1 - float64(failed)/float64(years), Late: f.late(s, one, f.Replications), ref: c})
	}
}
