package plan

import (
	"context"
	"slices"
	"sort"
	"strconv"

	"slasim/sim/experiment"
	"slasim/sim/judge"
	"slasim/sim/rng"
	"slasim/sim/stats"
)

// candidate is a design that passes in the search.
type candidate struct {
	design Design
	f      *Finding
	cost   float64
}

// candidates are the designs that pass, the cheapest first. The first has all replications of the search, and so have those of
// the next that may be as cheap.
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
	for again := true; again && len(list) > 0; { // until the first and those that may be as cheap are known for good
		again = false
		for i := range min(len(list), listed+1) {
			c := &list[i]
			n := c.f.Replications
			if n >= s.p.Search || i > 0 && (again || stats.Paired(list[0].f.Cost[:n], c.f.Cost[:n], 0.95).Lo > 0) {
				continue
			}
			f, err := s.finding(s.seed, c.design, s.p.Search)
			if err != nil {
				return nil, err
			}
			c.f, again = f, true
		}
		list = slices.DeleteFunc(list, func(c candidate) bool { return c.f.Replications >= s.p.Search && !s.holdsWholly(c.f, set) })
		for i := range list { // on the numbers that all of them have seen, the noise is common
			n := list[i].f.Replications
			list[i].cost = list[0].f.cost(list[0].f.Replications) + list[i].f.cost(n) - list[0].f.cost(min(n, list[0].f.Replications))
		}
		sort.SliceStable(list, func(a, b int) bool { return before(&list[a], &list[b]) })
	}
	return list, nil
}

// seedOf is the seed of the k-th proof, unlike those of the search and of the other proofs.
func (s *search) seedOf(k int) uint64 { return rng.Mix(s.seed, rng.HashName("proof "+strconv.Itoa(k))) }

// risk is the chance of error of each attempt at a proof; all together have that of the confidence.
var risk = [...]float64{0.04, 0.005, 0.0025, 0.0025}

// prove runs the cheapest candidate on fresh random numbers, and the next one if it fails.
func (s *search) prove(res *Result, best, lower Design, set clauseSet, m *money) (Design, error) {
	s.now = "rank"
	if own, known := s.own(); known { // never dearer than where it came from
		if _, err := s.passes(own, set); err != nil {
			return nil, err
		}
	}
	list, err := s.candidates(set)
	if err != nil {
		return nil, err
	}
	for s.p.Budget == 0 && !res.Complete && len(list) > 0 {
		first := list[0].design
		x, err := s.spare(first, lower, set, m)
		if err != nil {
			return nil, err
		}
		if slices.Equal(x, first) {
			break
		}
		if list, err = s.candidates(set); err != nil {
			return nil, err
		}
		if len(list) > 0 && slices.Equal(first, list[0].design) {
			break
		}
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

// binding finds which variables of a list bind: with a step less the proof fails. A group that can be a step less all at once binds
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
	if len(list) == 1 || !fails {
		for _, i := range list {
			v := &res.Variables[i]
			v.Binds, v.Without = fails, 1-float64(failed)/float64(years)
			v.Doubtful = v.Doubtful && !fails
		}
		return nil
	}
	if err := s.binding(res, d, list[:len(list)/2], set); err != nil {
		return err
	}
	return s.binding(res, d, list[len(list)/2:], set)
}

// spared says what a step less of a variable changes, on the random numbers of the search.
func (s *search) spared(v *Chosen, d Design, i int, set clauseSet) error {
	y := d.with(i, d[i]-1)
	ok, err := s.spares(d, y, set)
	if err != nil {
		return err
	}
	less, err := s.finding(s.seed, y, 0)
	if err != nil {
		return err
	}
	if less.None { // there is no such world: the proof fails
		return nil
	}
	n := less.Replications
	mine, err := s.finding(s.seed, d, n)
	if err != nil {
		return err
	}
	v.LessCost = less.cost(n) - mine.cost(n)
	if s.guard != nil {
		v.LessAside = less.late(s, s.guard.aside, n) - mine.late(s, s.guard.aside, n)
		keeps, _ := s.guard.keeps(s, less, n)
		v.Guards = !ok && !keeps && !s.fails(less, set)
	}
	v.Pays = ok && v.LessCost >= 0
	v.Doubtful = !ok && !v.Guards
	return nil
}

// kept are the chosen clauses in the last run that was wholly made.
func (s *search) kept(set clauseSet) (list []Kept) {
	run := s.proved
	if run == nil {
		return nil
	}
	f := s.found[run.seed][run.key]
	years := f.Replications * s.years
	for c := range s.clauses {
		if !set[c] {
			continue
		}
		ref := &s.clauses[c]
		one := make(clauseSet, len(set))
		one[c] = true
		failed, _ := f.failures(s, one, f.Replications)
		k := Kept{Clause: ref.name, Without: ref.without, Late: f.late(s, one, f.Replications), Share: 1, PHold: 1 - float64(failed)/float64(years)}
		k.PHoldLow, k.PHoldHigh = stats.ClopperPearson(years-failed, years, 0.95)
		var met, late int64
		var yearly []float64
		for _, r := range run.reps {
			r = ref.of(r)
			for y := range s.years {
				n := r.Year(ref.index, y)
				met, late = met+int64(n.Met), late+int64(n.Breached+n.Censored)
				yearly = append(yearly, float64(n.Breached+n.Censored))
			}
		}
		k.Events = float64(met+late) / float64(years)
		if met+late > 0 {
			k.Share = float64(met) / float64(met+late)
		}
		slices.Sort(yearly)
		k.LateP10, k.LateP90 = stats.Percentile(yearly, 0.1), stats.Percentile(yearly, 0.9)
		list = append(list, k)
	}
	return list
}

// disproved runs a design on the random numbers of a proof until it has failed too often, or to the end.
func (s *search) disproved(seed uint64, d Design, set clauseSet, conf float64) (failed, years int, fails bool, err error) {
	last := s.allowed(s.p.Proof*s.years, conf)
	for n := looks[0]; ; n = n*9/4 + 1 { // 20, 46, 104, …: 90 years without a failure are clear
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
	s.proved = &proved{seed, d.key(), run.Reps, experiment.Report(&other, run, judge.RunInfo{Seed: seed}), judge.Fixed(w)}
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
