package bound

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/world"
	"slasim/sim/rng"
)

// Shortage is a lower bound of the expected share of the events of a clause that are late because people or stock are too few,
// however well everything else goes; 0 where arithmetic cannot tell. Events are those of a contract year.
type Shortage struct{ Late, Events float64 }

// Few is the shortage of every clause of w, by its index there.
//
// Whoever is served with c others at the same time leaves no earlier than if everybody were served at once. So of those
// who came before a moment at least as many are there a time t later as in a queue with servers without number, where
// that number is Poisson with mean λ E(S − t)⁺ for any distribution of S (C. Palm 1938; J. Riordan 1951). First come,
// first served, whoever then finds c of them ahead waits longer than t. The same of stock that is reordered one by one:
// a demand waits longer than t if more orders are out than there is stock.
//
// Told are, of one contract that is served in order of arrival: calls to a desk where nobody hangs up, by the hour of the week,
// with the most people on duty, on call or awake, in any such hour, and of faults the first call only; visits without a remote
// stage, by the work on site alone; parts. Of the last two only where faults are even over the year.
func Few(w *world.World) []Shortage {
	late := make([]Shortage, len(w.Clauses))
	if len(w.Contracts) > 1 || w.History != nil {
		return late
	}
	s := newSolver(w)
	for i := range w.Clauses {
		c := &w.Clauses[i]
		t, ok := plainLimit(c)
		switch {
		case !ok || w.Dispatch.Order != world.FIFO && len(w.Contracts[c.Contract].Severities) > 1:
		case c.Of == model.SubjectCall && only(&c.Clock.Start, model.CallRinging) && only(&c.Clock.Stop, model.CallAnswered):
			late[i] = s.fewAtDesk(c.Contract, t)
		case c.Of == model.SubjectTicket && !c.Scope.NeedsPart && (only(&c.Clock.Stop, model.Arrived) || only(&c.Clock.Stop, model.Assigned)) &&
			(only(&c.Clock.Start, model.Reported) || only(&c.Clock.Start, model.OnsiteRequested)):
			late[i] = s.fewOnSite(c.Contract, t)
		case c.Of == model.SubjectTicket && only(&c.Clock.Start, model.PartRequested) && only(&c.Clock.Stop, model.PartOnSite):
			late[i] = s.fewParts(c.Contract, t)
		}
	}
	return late
}

func only(m *clock.Event, of model.Milestone) bool { return len(m.Of) == 1 && m.Of[0] == of }

// plainLimit is the limit of a clause that has one in wall time, without pauses, for all that it counts.
func plainLimit(c *contract.Clause) (float64, bool) {
	if len(c.Limits) != 1 || !c.Clock.Plain() || c.Clock.Pauses != 0 || c.Limits[0].Mode != clock.Wall || c.Limits[0].Before {
		return 0, false
	}
	scope := c.Scope
	scope.NeedsPart = false
	t := fixedLimit(c.Limits[0])
	return t.Seconds(), t >= 0 && scope == contract.Scope{}
}

// fewAtDesk is the least share of calls that wait longer than t seconds.
func (s *solver) fewAtDesk(of int32, t float64) (none Shortage) {
	const hours = 7 * 24
	w := s.w
	p := &w.Contracts[of].Process
	if !p.Patience.IsZero() || t > 3600 {
		return none
	}
	others := p.Contacts > 0 || len(w.Bursts) > 0 // calls that come at hours of their own
	var calls, busy [hours]float64                // a second; of them in progress longer than t ago
	add := func(rate float64, profile *world.Profile, length *model.Dist) {
		left := excess(length, t)
		for h := range hours {
			r := rate
			if profile != nil {
				r *= profile.Hour[h%24] * profile.Weekday[s.weekday(model.Time(h)*4*slot)] * least(profile)
			}
			calls[h] += r
			busy[h] += r * left
		}
	}
	if p.Phone {
		for i := range w.Sources {
			src := &w.Sources[i]
			if others = others || src.Weibull != nil; src.Weibull == nil {
				add(src.Rate*p.PhoneShare, src.Profile, &p.Call)
			}
		}
	}
	for i := range w.Questions {
		if q := &w.Questions[i]; q.Contract == of {
			add(q.Rate, q.Profile, &q.Answer)
		}
	}
	people := s.most(world.RoleDesk)
	all, late, fewest := 0.0, 0.0, 1.0
	for h := range hours {
		before, after := (h+hours-1)%hours, (h+1)%hours
		q := atLeast(max(people[before], people[h], people[after]), min(busy[before], busy[h]))
		all += calls[h]
		late += calls[h] * q
		fewest = min(fewest, q)
	}
	switch {
	case all == 0:
		return none
	case others:
		return Shortage{fewest, all / hours * model.Year.Seconds()}
	}
	return Shortage{late / all, all / hours * model.Year.Seconds()}
}

// least is the smallest product of the month and the growth of a profile.
func least(p *world.Profile) float64 {
	x := math.Inf(1)
	for _, m := range p.Month {
		x = min(x, m)
	}
	return x * math.Min(1, 1+p.Growth)
}

// most is the most people of a role in each hour of the week, from Monday or whatever day the term begins with.
func (s *solver) most(role world.Role) (most [7 * 24]int) {
	w := s.w
	term := int(w.Term / (4 * slot))
	count := make([]int, max(term, 1))
	for i := range w.Persons {
		p := &w.Persons[i]
		if w.Teams[p.Team].Roles&(1<<role) == 0 {
			continue
		}
		if p.Always {
			for h := range count {
				count[h]++
			}
		}
		for _, d := range p.Duties {
			for h := max(0, int(d.Start/(4*slot))); h < len(count) && model.Time(h)*4*slot < d.End; h++ {
				count[h]++
			}
		}
	}
	for h, n := range count {
		most[h%len(most)] = max(most[h%len(most)], n)
	}
	return most
}

// fewOnSite is the least share of faults to which somebody comes later than after t seconds.
func (s *solver) fewOnSite(of int32, t float64) (none Shortage) {
	w := s.w
	if p := &w.Contracts[of].Process; p.Respond || p.Remote != world.NoRemote || p.WorkaroundShare > 0 || len(w.Contracts[of].Ladder) > 0 ||
		w.Dispatch.Preempt != world.PreemptNone {
		return none
	}
	fastest := 1.0
	for i := range w.Teams {
		for _, r := range w.Teams[i].Rate {
			fastest = max(fastest, r)
		}
	}
	busy, all := 0.0, 0.0
	for i := range w.Sources {
		src := &w.Sources[i]
		if src.Weibull != nil || src.Profile != nil {
			return none
		}
		all += src.Rate
		below := 0.0
		for _, wf := range src.Failures {
			f := &w.Failures[wf.Failure]
			if f.Loaner >= 0 {
				return none
			}
			work := rng.Scale(&f.Restore, 1/fastest)
			busy += src.Rate * (wf.P - below) * excess(&work, t)
			below = wf.P
		}
	}
	people := s.most(world.RoleField)
	return Shortage{atLeast(slices.Max(people[:]), busy), all * model.Year.Seconds()}
}

// fewParts is the least share of the parts asked for that come later than t seconds.
func (s *solver) fewParts(of int32, t float64) (none Shortage) {
	w := s.w
	if p := &w.Contracts[of].Process; len(w.Bursts) > 0 || p.ReplaceOn > 0 || p.VisitsUntil > 0 {
		return none
	}
	asked := make([]float64, len(w.Parts)) // a second
	for i := range w.Sources {
		src := &w.Sources[i]
		if src.Weibull != nil || src.Profile != nil {
			return none
		}
		below := 0.0
		for _, wf := range src.Failures {
			f := &w.Failures[wf.Failure]
			share := wf.P - below
			below = wf.P
			if f.NewUnit >= 0 || f.Terms > 0 || f.ThirdParty {
				continue
			}
			under := 0.0
			for _, p := range f.Parts {
				asked[p.Part] += src.Rate * share * visits(&w.Contracts[of], f) * f.PartNeed * (p.P - under)
				under = p.P
			}
		}
	}
	all, late := 0.0, 0.0
	for part, rate := range asked {
		all += rate
		if rate > 0 {
			late += rate * s.waitsForOrders(int32(part), rate, t)
		}
	}
	if all == 0 {
		return none
	}
	return Shortage{late / all, all * model.Year.Seconds()}
}

// waitsForOrders is the least chance that a demand for a part finds all stock of it gone for longer than t: of Poisson
// demands at a rate, with the stock of all depots at hand everywhere. With S in stock, a demand waits if of the orders up to
// its own more than S are out after t, those counted against them that came in of later ones.
func (s *solver) waitsForOrders(part int32, rate, t float64) float64 {
	stock, out, soon, own := 0, math.Inf(1), 0.0, 1.0
	source := func(lead *model.Dist) {
		left := excess(lead, t)
		out = min(out, left)
		soon = max(soon, t*rng.CDF(lead, t)) // at most, of those of t ago until now
		own = min(own, 1-rng.CDF(lead, t))
	}
	for d := range s.w.Depots {
		k := &s.w.Stock[d*len(s.w.Parts)+int(part)]
		if k.Rule == world.NotStocked {
			continue
		}
		stock += int(k.S)
		if s.w.Depots[d].Parent < 0 { // what others keep comes from these
			source(&k.Lead)
		}
		if k.Buys {
			source(&k.Emergency)
		}
		if k.RepairShare > 0 && !k.RepairTime.IsZero() {
			source(&k.RepairTime)
		}
	}
	if math.IsInf(out, 1) {
		return 0
	}
	chance := 0.0
	for back, term := 0, math.Exp(-rate*soon); back < 1000 && term > 0; back++ { // later orders that came in
		chance += term * (own*atLeast(stock+back, rate*out) + (1-own)*atLeast(stock+back+1, rate*out))
		term *= rate * soon / float64(back+1)
	}
	return chance
}

// excess is E(X − t)⁺ in seconds, summed over quantiles, each step with its lower end.
func excess(d *model.Dist, t float64) float64 {
	const steps = 10_000
	sum := 0.0
	for i := range steps {
		sum += max(0, rng.Quantile(d, float64(i)/steps)-t)
	}
	return sum / steps
}

// atLeast is P(N ≥ n) of a Poisson number.
func atLeast(n int, mean float64) float64 {
	return distuv.Poisson{Lambda: mean}.Survival(float64(n - 1))
}
