package bound

import (
	"math"

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
	single []float64 // while there are visits: of rate, a lower bound of those that do not come together with others
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
			needed += s.yearly[i] * p
			known += s.yearly[i] * p * f.PartKnown
			if need := s.brings(c.Contract, f); parts || c.Scope.NeedsPart {
				brought += s.yearly[i] * p * need
			} else {
				brought += s.yearly[i] * p * need * f.PartNeed
			}
			for r, share := range s.severities(c.Contract, wf.Failure) {
				d.rate[r] += s.yearly[i] * p * share
				d.single[r] += s.single[i] * p * share
			}
		}
	}
	if c.Scope.KeyPeriod {
		for r := range d.rate {
			d.rate[r] *= keyShare(ct, w.Term)
			d.single[r] *= keyShare(ct, w.Term)
		}
	}
	if v := ct.Process.VisitsUntil; v > 0 && v < w.Term {
		for r := range d.rate {
			d.rate[r] *= float64(v) / float64(w.Term)
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

// keyPeople is the share of a clause's events at the time of which teams are there that are on duty in key periods only; 0
// without such teams.
func (s *solver) keyPeople(c *contract.Clause) float64 {
	share := 0.0
	for i := range s.w.Teams {
		t := &s.w.Teams[i]
		if !t.KeyPeriods || !goes(s.w, t, c.Contract) {
			continue
		}
		for k := range s.w.Contracts {
			if t.Contracts>>k&1 != 0 {
				share = max(share, keyShare(&s.w.Contracts[k], s.w.Term))
			}
		}
		if c.Scope.KeyPeriod {
			share = 1
		}
	}
	return share
}

func keyShare(ct *world.Contract, term model.Time) float64 {
	var sum model.Time
	for _, k := range ct.KeyPeriods {
		sum += max(0, min(k.End, term)-max(k.Start, 0))
	}
	return float64(sum) / math.Max(float64(term), 1)
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

// rates is the expected faults of every source in a contract year: recorded, or by rate and profile, or one per mean
// life (of a young fleet that is not yet so), and what bursts add. Single are the faults that count against a clean year
// one by one: not those of a burst, and of the units that wear out the chance of a fault, for of x faults that are each
// late with chance q one is late with at least the chance 1 − exp(−q · P(x > 0)).
func (s *solver) rates() {
	w := s.w
	s.yearly, s.single = make([]float64, len(w.Sources)), make([]float64, len(w.Sources))
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
			s.yearly[src] += b.Rate * season * year * rng.Mean(&b.Units) * (b.Weight[k] - below)
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
