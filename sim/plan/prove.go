package plan

import (
	"context"
	"slices"
	"sort"
	"strconv"

	"slasim/sim/experiment"
	"slasim/sim/judge"
	"slasim/sim/rng"
)

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
