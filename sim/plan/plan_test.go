package plan

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"slasim/model"
	"slasim/model/world"
	"slasim/scenarios"
)

// problem is the planning of a scenario within the variations of its file, or those given.
func problem(t testing.TB, name string, set []string, vary ...string) *Problem {
	t.Helper()
	if len(name) > 5 && name[len(name)-5:] == ".yaml" {
		name = "../../testdata/worlds/" + name
	}
	s, diags := scenarios.Load(name, scenarios.Options{Set: set})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if len(vary) == 0 {
		vary = s.File.Plan.Vary
	}
	p := &Problem{}
	for _, v := range vary {
		list, diags := s.Vary(v, model.Pos{File: "vary"})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, x := range list {
			p.Variables = append(p.Variables, Variable{Path: x.Path, Values: x.Values, Base: x.Base})
		}
	}
	p.World = func(d Design) (*world.World, error) {
		all := slices.Clone(set)
		for i, v := range d {
			all = append(all, p.Variables[i].Path+"="+p.Variables[i].Values[v])
		}
		s, diags := scenarios.Load(name, scenarios.Options{Set: all})
		if diags.HasErrors() {
			return nil, fmt.Errorf("%w: %v", ErrNoWorld, diags)
		}
		return s.World, nil
	}
	return p
}

// brute looks at every design with all replications of the search and takes the cheapest that passes at the end: what the
// planner must find.
func brute(t *testing.T, p *Problem, chosen []string) (Design, float64) {
	t.Helper()
	q := *p
	s := &search{ctx: context.Background(), p: &q, found: map[uint64]map[string]*Finding{}, limits: map[int]int{}}
	top := make(Design, len(p.Variables))
	for i, v := range p.Variables {
		top[i] = len(v.Values) - 1
	}
	w, err := p.World(top)
	if err != nil {
		t.Fatal(err)
	}
	s.first, s.seed, s.clauses, s.years = w, w.Seed, judged(w), 1
	q.Clauses = chosen
	set, err := s.wanted()
	if err != nil {
		t.Fatal(err)
	}
	var best Design
	cheapest := math.Inf(1)
	for _, d := range s.all() {
		f, err := s.finding(s.seed, d, q.Search)
		if err != nil {
			t.Fatal(err)
		}
		if failed, years := f.failures(s, set, q.Search); failed <= s.allowed(years, confidence) && f.cost(q.Search) < cheapest {
			best, cheapest = d, f.cost(q.Search)
		}
	}
	return best, cheapest
}
