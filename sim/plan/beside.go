package plan

import (
	"math"
	"slices"
	"sort"

	"slasim/sim/stats"
)

// others sets the designs beside the plan, the bound and the gap.
func (s *search) others(res *Result, d Design, set clauseSet, lower Design, m *money) error {
	s.now = "rank"
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
	at := lower
	if !res.Monotone || res.Complete {
		at = make(Design, len(d))
	}
	variable := math.Inf(1)
	for key, f := range s.found[s.seed] {
		if x := parse(key); f.Replications > 0 && !f.None && at.below(x) {
			n := min(f.Replications, mine.Replications) // the noise is common to both
			variable = min(variable, mine.cost(mine.Replications)+f.cost(n)-mine.cost(n)-m.of(x))
		}
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

// curve lists the designs to which no other that was looked at is better in cost and in the share of years that hold, of those
// that keep what is set aside.
func (s *search) curve(res *Result, other func(Design, *Finding) Other) {
	var list []Other
	for key, f := range s.found[s.seed] {
		if keeps, _ := s.guard.keeps(s, f, f.Replications); keeps && f.Replications >= looks[1] {
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
