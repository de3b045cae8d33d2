package bound

import (
	"cmp"
	"math"
	"slices"

	"slasim/model"
	"slasim/model/contract"
	"slasim/model/world"
	"slasim/sim/rng"
)

// demand is the expected subjects in the scope of a clause at a site in a contract year, by severity rank; known is
// the part of those with a part whose need is known before the visit, brought the part of all to which an engineer brings
// one.
type demand struct {
	rate   []float64 // index rank − 1
	single []float64 // at the full rate: a lower bound of those that do not come together with others
	known  float64

	brought float64
}

// demand adds up the sources of a clause at a site: rate × kind of failure × chance of a visit × chance of a part ×
// chance of the severity. Current and final severity are weighted as declared.
func (s *solver) demand(c *contract.Clause, site int32, parts bool) demand {
	w := s.w
	ct := &w.Contracts[c.Contract]
	n := max(len(ct.Severities), 1)
	d := demand{rate: make([]float64, n), single: make([]float64, n)}
	needed, known, brought := 0.0, 0.0, 0.0
	term := []model.Interval{{End: w.Term}}
	load, bursts := s.load(c, term, ofFaults)/float64(w.Term), s.load(c, term, ofBursts)/float64(w.Term)
	for i := range w.Sources {
		src := &w.Sources[i]
		if src.Contract != c.Contract || src.Site != site {
			continue
		}
		below := 0.0
		for _, wf := range src.Failures {
			f := &w.Failures[wf.Failure]
			p := wf.P - below
			below = wf.P
			if c.Scope.Hardware > 0 && !f.Hardware || c.Scope.Hardware < 0 && f.Hardware {
				continue
			}
			p *= visits(ct, f)
			if parts || c.Scope.NeedsPart {
				p *= f.PartNeed
			}
			switch c.Scope.Source {
			case 1:
				p *= ct.Process.PhoneShare
			case 2:
				p *= 1 - ct.Process.PhoneShare
			}
			yearly := s.yearly[i]*load + s.burst[i]*bursts
			needed += yearly * p
			known += yearly * p * f.PartKnown
			if need := s.brings(c.Contract, f); parts || c.Scope.NeedsPart {
				brought += yearly * p * need
			} else {
				brought += yearly * p * need * f.PartNeed
			}
			for r, share := range s.severities(c.Contract, wf.Failure) {
				d.rate[r] += yearly * p * share
				d.single[r] += s.single[i] * p * share
			}
		}
	}
	if ct.Process.Respond && !ct.Process.GeneralVisits {
		d.rate[n-1], d.single[n-1] = 0, 0
	}
	if needed > 0 {
		d.known, d.brought = known/needed, brought/needed
	}
	return d
}

// brings is the chance that the part of a failure that needs one comes with the engineer: it is foreseen, and some depot
// stocks it for the contract.
func (s *solver) brings(of int32, f *world.Failure) float64 {
	if s.w.Contracts[of].Process.Carry == world.Sent {
		return 0
	}
	share, below := 0.0, 0.0
	for _, p := range f.Parts {
		for d := range s.w.Depots {
			if s.w.Depots[d].Contracts&(1<<uint(of)) != 0 && s.w.Stock[d*len(s.w.Parts)+int(p.Part)].Rule != world.NotStocked {
				share += p.P - below
				break
			}
		}
		below = p.P
	}
	return share * f.PartKnown
}

// visits is the chance that a failure leads to a visit.
func visits(ct *world.Contract, f *world.Failure) float64 {
	p := &ct.Process
	if !p.Respond || p.Remote == world.NoRemote || p.Remote == world.Direct && f.Hardware {
		return 1
	}
	return 1 - f.RemoteFix
}

// crowd is which of the teams are there that are not there all the term: bit by the order in which they stand among all teams. The
// 65th such team and those after it count as always there.
type crowd uint64

// sometimes is the bit of each team that is not there all the term.
func sometimes(w *world.World) []crowd {
	bits := make([]crowd, len(w.Teams))
	next := crowd(1)
	for i := range w.Teams {
		if w.Teams[i].Only != nil {
			bits[i] = next
			next <<= 1
		}
	}
	return bits
}

// has reports whether a team is there.
func (c crowd) has(bit crowd) bool { return bit == 0 || c&bit != 0 }

// period is one of the periods of a clause: what happens in it of what would at the full rate, and the parts of that at which each of
// the clause's crowds is there, as if bursts came in the same phases.
type period struct {
	load  float64
	share []float64 // index as crowds
}

// periods sets the crowds of a clause, the one that is there for most first, and what happens in each of its whole periods and in
// all the term. Periods in which nothing is promised are left out.
func (s *solver) periods(c *contract.Clause, out *Clause) {
	cuts := []model.Time{0, s.w.Term}
	for i := range s.w.Teams {
		if t := &s.w.Teams[i]; s.bits[i] != 0 && goes(s.w, t, c.Contract) {
			for _, k := range t.Only {
				cuts = append(cuts, min(max(k.Start, 0), s.w.Term), min(max(k.End, 0), s.w.Term))
			}
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	there := make(map[crowd][]model.Interval)
	for i := range len(cuts) - 1 {
		now := crowd(0)
		for k := range s.w.Teams {
			if t := &s.w.Teams[k]; goes(s.w, t, c.Contract) && slices.ContainsFunc(t.Only, func(o model.Interval) bool {
				return o.Start <= cuts[i] && cuts[i] < o.End
			}) {
				now |= s.bits[k]
			}
		}
		there[now] = append(there[now], model.Interval{Start: cuts[i], End: cuts[i+1]})
	}
	for now, when := range there {
		if s.load(c, when, ofFaults) > 0 {
			out.crowds = append(out.crowds, now)
		}
	}
	slices.SortFunc(out.crowds, func(a, b crowd) int {
		return cmp.Or(cmp.Compare(s.load(c, there[b], ofFaults), s.load(c, there[a], ofFaults)), cmp.Compare(a, b))
	})
	if len(out.crowds) == 0 {
		out.crowds = []crowd{0}
	}
	in := func(from, to model.Time) period {
		p := period{share: make([]float64, len(out.crowds))}
		if p.load = s.load(c, []model.Interval{{Start: from, End: to}}, ofFaults); p.load > 0 {
			for i, now := range out.crowds {
				p.share[i] = s.load(c, within(there[now], from, to), ofFaults) / p.load
			}
		}
		p.load /= float64(max(to-from, 1))
		return p
	}
	length := model.Time(out.period * float64(model.Year))
	for at := model.Time(0); at == 0 || at+length <= s.w.Term; at += length {
		if c.Scope.From < at+length && (c.Scope.Until == 0 || at < c.Scope.Until) {
			out.periods = append(out.periods, in(at, at+length))
		}
	}
	out.all = in(0, s.w.Term)
	if len(out.crowds) == 1 { // there for all of it, but for the last bit
		out.all.share[0] = 1
	}
}

// joint is the union of some intervals, in order and disjoint.
func joint(list []model.Interval) []model.Interval {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b model.Interval) int { return cmp.Compare(a.Start, b.Start) })
	var out []model.Interval
	for _, k := range list {
		if n := len(out); n > 0 && k.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, k.End)
			continue
		}
		out = append(out, k)
	}
	return out
}

// within is the part of some intervals from one time to another.
func within(list []model.Interval, from, to model.Time) []model.Interval {
	var out []model.Interval
	for _, k := range list {
		if k = (model.Interval{Start: max(k.Start, from), End: min(k.End, to)}); k.Start < k.End {
			out = append(out, k)
		}
	}
	return out
}

// ofFaults and ofBursts are what the phases of a contract let happen.
func ofFaults(p *world.Phase) float64 { return p.Faults }
func ofBursts(p *world.Phase) float64 { return p.Bursts }

// load is the time in some intervals, in order and disjoint, that faults in the scope of a clause have: in its key periods, its part
// of the term and as long as visits are promised, by what the phases let happen. Recorded faults have happened whatever the
// phase; they count as spread evenly.
func (s *solver) load(c *contract.Clause, in []model.Interval, of func(*world.Phase) float64) float64 {
	ct := &s.w.Contracts[c.Contract]
	to := s.w.Term
	for _, end := range []model.Time{c.Scope.Until, ct.Process.VisitsUntil} {
		if end > 0 {
			to = min(to, end)
		}
	}
	in = within(in, c.Scope.From, to)
	if c.Scope.KeyPeriod {
		var kept []model.Interval
		for _, k := range joint(ct.KeyPeriods) {
			kept = append(kept, within(in, k.Start, k.End)...)
		}
		in = kept
	}
	whole := []world.Phase{{Until: model.Far, Faults: 1, Bursts: 1}}
	if ct.Phases != nil && s.w.History == nil {
		whole = ct.Phases
	}
	sum, at := 0.0, model.Time(0)
	for i := range whole {
		for _, k := range in {
			sum += of(&whole[i]) * float64(max(0, min(k.End, whole[i].Until)-max(k.Start, at)))
		}
		at = whole[i].Until
	}
	return sum
}

// severities is the chance of each declared severity of a failure, by rank − 1.
func (s *solver) severities(contract, failure int32) []float64 {
	ct := &s.w.Contracts[contract]
	known := &s.shares[int(contract)*len(s.w.Failures)+int(failure)]
	if *known != nil {
		return *known
	}
	n := max(len(ct.Severities), 1)
	share := make([]float64, n)
	f := &s.w.Failures[failure]
	switch {
	case len(ct.Severities) == 0:
		share[0] = 1
	case ct.Declare == world.ByMix:
		for r := range ct.Severities {
			share[r] = ct.Severities[r].Mix
		}
	case ct.Declare == world.ByHistory && s.recorded != nil:
		copy(share, s.recorded)
	default:
		// by forecast the outage counts with the mean work on site; what comes before it is left out
		ahead := model.Time(0)
		if ct.Declare == world.ByForecast {
			ahead = model.RoundSeconds(rng.Mean(&f.Diagnose) + rng.Mean(&f.Restore))
		}
		ages := classes(quadrature(&ct.Process.Detection), func(x float64) (set uint64) {
			age := model.RoundSeconds(x) + ahead
			for i, v := range ct.Severities {
				if age > v.Age || age == v.Age && v.AgeAtLeast {
					set |= 1 << i
				}
			}
			return set
		})
		users := classes(quadrature(&f.UserShare), func(x float64) (set uint64) {
			for i, v := range ct.Severities {
				if x > v.Share {
					set |= 1 << i
				}
			}
			return set
		})
		for _, user := range users {
			share[rank(ct, false, user.x, 0)-1] += (1 - f.Outage) * user.w
			for _, age := range ages {
				r := rank(ct, true, user.x, model.RoundSeconds(age.x)+ahead)
				share[r-1] += f.Outage * age.w * user.w
			}
		}
	}
	*known = share
	return share
}

// classes puts points together that the thresholds of the severities do not tell apart.
func classes(list []point, above func(x float64) uint64) []point {
	var out []point
	index := make(map[uint64]int)
	for _, p := range list {
		set := above(p.x)
		i, ok := index[set]
		if !ok {
			i = len(out)
			index[set] = i
			out = append(out, point{x: p.x})
		}
		out[i].w += p.w
	}
	return out
}

// rank is the worst severity that applies to a fault by the rule: outage age and user share (S2-18…21). An outage too
// short for any level of outages has the lowest of them, if the contract says so.
func rank(ct *world.Contract, outage bool, users float64, age model.Time) int {
	lowest := 0
	for i := range ct.Severities {
		v := &ct.Severities[i]
		switch {
		case v.Outage:
			lowest = i + 1
			if !outage || age < v.Age || age == v.Age && !v.AgeAtLeast {
				continue
			}
		case outage && ct.ShortOutageSerious && lowest > 0:
			return lowest
		}
		if v.Share < 0 || users > v.Share {
			return i + 1
		}
	}
	return len(ct.Severities)
}

// life is the mean life of a unit of a renewal source, in seconds.
func (s *solver) life(src *world.Source) float64 { return math.Max(rng.Mean(src.Weibull), 1) }

// rates is the expected faults of every source in a contract year, at the full rate of its phases: recorded, or by rate and profile,
// or one per mean life (of a young fleet that is not yet so), and what bursts add. Single are the faults that count against a clean year
// one by one: not those of a burst, and of the units that wear out the chance of a fault, for of x faults that are each
// late with chance q one is late with at least the chance 1 − exp(−q · P(x > 0)).
func (s *solver) rates() {
	w := s.w
	s.yearly, s.burst, s.single = make([]float64, len(w.Sources)), make([]float64, len(w.Sources)), make([]float64, len(w.Sources))
	if w.History != nil {
		counts := make([]float64, 0)
		all := 0.0
		for i := range w.History {
			h := &w.History[i]
			if h.At < 0 || h.At >= w.Term {
				continue
			}
			s.yearly[h.Source] += float64(model.Year) / float64(w.Term)
			if r := int(h.Severity); r > 0 {
				for len(counts) < r {
					counts = append(counts, 0)
				}
				counts[r-1]++
				all++
			}
		}
		if all > 0 {
			for i := range counts {
				counts[i] /= all
			}
			s.recorded = counts
		}
		copy(s.single, s.yearly)
		return
	}
	year := model.Year.Seconds()
	means := make(map[*world.Profile]float64)
	for i := range w.Sources {
		src := &w.Sources[i]
		if src.Weibull != nil {
			s.yearly[i] = float64(src.Units) * year / s.life(src)
			for u := range src.Units {
				age := 0.0
				if int(u) < len(src.UnitAge) {
					age = src.UnitAge[u].Seconds()
				}
				if alive := 1 - rng.CDF(src.Weibull, age); alive > 0 {
					s.single[i] += (rng.CDF(src.Weibull, age+year) - rng.CDF(src.Weibull, age)) / alive
				}
			}
			continue
		}
		m, ok := means[src.Profile]
		if !ok {
			m = s.meanOf(src.Profile)
			means[src.Profile] = m
		}
		s.yearly[i] = src.Rate * year * m
		s.single[i] = s.yearly[i]
	}
	for i := range w.Bursts {
		b := &w.Bursts[i]
		season := 0.0
		for _, m := range b.Months {
			season += m / 12
		}
		below := 0.0
		for k, src := range b.Sources {
			s.burst[src] += b.Rate * season * year * rng.Mean(&b.Units) * (b.Weight[k] - below)
			below = b.Weight[k]
		}
	}
}

// meanOf is the mean of a profile over the term, growth included.
func (s *solver) meanOf(p *world.Profile) float64 {
	if p == nil {
		return 1
	}
	sum, n := 0.0, 0.0
	for t := model.Time(0); t < max(s.w.Term, slot); t += 4 * slot {
		years := float64(t) / float64(model.Year)
		sum += s.multiplier(p, t) * math.Exp(p.Growth*years)
		n++
	}
	return sum / n
}
