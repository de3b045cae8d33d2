package plan

import (
	"cmp"
	"errors"
	"slices"

	"slasim/model/contract"
	"slasim/sim/bound"
	"slasim/sim/judge"
)

// Clauses that no number of people can keep at some sites are planned for at the others: DESIGN § 15 has such sites set
// aside by name. What happens at them is a clause of its own that nobody expects to hold; it is watched by the guard.

// split divides the clauses of which arithmetic says that no design keeps them everywhere, as it can be kept at most sites.
func (s *search) split(list []clauseRef, top Design, space float64) ([]clauseRef, error) {
	w := s.first
	none := nothingHappened(w)
	sites := make([][]int32, len(list))
	open := 1
	for i, d := range s.openings(top, space) { // the first is top
		if open == 0 {
			break
		}
		other, err := s.world(d)
		if errors.Is(err, ErrNoWorld) {
			continue
		}
		if err != nil {
			return nil, err
		}
		b := bound.Compute(other)
		if i == 0 {
			s.bounds = b
		}
		open = 0
		for k, c := range list {
			if x := s.unattainable(&b.Clauses[c.index], &other.Clauses[c.index]); i == 0 || len(x) < len(sites[k]) {
				sites[k] = x
			}
			open += len(sites[k])
		}
	}
	var out []clauseRef
	for k, c := range list {
		there := sites[k]
		if len(there) == 0 || !none.BySite(c.index) {
			out = append(out, c)
			continue
		}
		main, rest := c, c
		main.at, rest.at = make([]bool, len(w.Places)), make([]bool, len(w.Places))
		left := false
		for _, r := range s.bounds.Clauses[c.index].Rows {
			aside := slices.Contains(there, r.Site)
			main.at[r.Site], rest.at[r.Site] = !aside, aside
			left = left || !aside
		}
		if !left {
			out = append(out, c)
			continue
		}
		main.without, rest.without, rest.aside = len(there), len(there), true
		out = append(out, main, rest)
	}
	return out, nil
}

// unattainable lists the sites that must be left out for a clause to be kept at the others: those that cannot be kept alone,
// then the one that is late most often, until the bound of the others lets them hold.
func (s *search) unattainable(b *bound.Clause, c *contract.Clause) (sites []int32) {
	out := func(r *bound.Row) bool { return !slices.Contains(sites, r.Site) }
	stands := func() bool { return s.p.Hold.stands(b, c, out) }
	if stands() {
		return nil
	}
	rows := slices.Clone(b.Rows)
	_, byShare := s.p.Hold.share(c)
	slices.SortStableFunc(rows, func(x, y bound.Row) int {
		if byShare {
			return cmp.Compare(x.F, y.F)
		}
		if x.Infeasible != y.Infeasible {
			return cmp.Compare(truth(y.Infeasible), truth(x.Infeasible))
		}
		return cmp.Compare(y.PerYear*(1-y.F), x.PerYear*(1-x.F))
	})
	for i := range rows {
		if !rows[i].Infeasible && stands() || byShare && stands() {
			break
		}
		if out(&rows[i]) {
			sites = append(sites, rows[i].Site)
		}
	}
	slices.Sort(sites)
	return sites
}

// stands reports whether arithmetic lets a clause hold at the rows that keep wants.
func (h Hold) stands(b *bound.Clause, c *contract.Clause, keep func(*bound.Row) bool) bool {
	part, ok := b.Part(keep)
	if !ok {
		return true
	}
	if p, byShare := h.share(c); byShare {
		return !(part.Best < p-1e-9)
	}
	return !part.Infeasible
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// share is the share of a year that a clause is held to, if not by its own target.
func (h Hold) share(c *contract.Clause) (float64, bool) {
	switch {
	case h.Mode == ByShare:
		return h.Share, true
	case h.Mode == ByAim && c.Aim > 0:
		return c.Aim, true
	}
	return 0, false
}

// sitesOf names the sites at which a clause is set aside, if ref is what happens there.
func (s *search) sitesOf(ref *clauseRef) (list []Site) {
	for i, there := range ref.at {
		if there && ref.aside {
			p := &s.first.Places[i]
			list = append(list, Site{p.ID, p.Name})
		}
	}
	return list
}

// of is what a replication came to for the clause, at its sites.
func (c *clauseRef) of(r *judge.RepResult) *judge.RepResult {
	if c.at == nil {
		return r
	}
	return r.At(c.index, c.at)
}
