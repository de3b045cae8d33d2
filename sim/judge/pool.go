package judge

import (
	"sort"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/stats"
)

// ContractResult is one of several contracts on one pool: what it asks of the pool, what it costs and what it earns.
type ContractResult struct {
	ID             string     `json:"id"`
	Name           model.Text `json:"name"`
	Priority       int        `json:"priority"`
	Answer         Answer     `json:"answer"`
	TicketsPerYear float64    `json:"tickets_per_year"`
	HoursPerYear   float64    `json:"people_hours_per_year"` // of people at its work, ways and waits included
	LatePerYear    float64    `json:"late_per_year"`         // over its clauses with a target
	Cost           CostResult `json:"cost"`
}

// Pool is what contracts on one pool do to each other: the late events a year of each with everybody there, less those
// with one of the others away, on common random numbers.
type Pool struct {
	Replications int      `json:"replications"`
	Effects      []Effect `json:"effects"`
}

// Effect is what one contract suffers from another.
type Effect struct {
	Contract    string  `json:"contract"`
	From        string  `json:"from"`
	LatePerYear float64 `json:"late_per_year"` // all there
	Without     float64 `json:"late_per_year_without"`
	Difference  float64 `json:"difference"` // late events a year that go with the other contract
	Low         float64 `json:"difference_low"`
	High        float64 `json:"difference_high"`
}

// Late counts the late clocks of each contract, over clauses with a target.
func (r *RepResult) Late() []int64 {
	late := make([]int64, len(r.ix.w.Contracts))
	for i := range r.ix.promises {
		p := &r.ix.promises[i]
		if !p.hasTarget() {
			continue
		}
		for k := range p.periods {
			late[p.c.Contract] += int64(r.Clauses[p.first+k].Breached)
		}
	}
	return late
}

// Effects compares the replications with all contracts with those from which one was away, contract by contract:
// without[k] has contract k away. All have the same replications in the same order.
func Effects(w *world.World, all []*RepResult, without [][]*RepResult) Pool {
	years := newIndex(w).contractYears()
	pool := Pool{Replications: len(all), Effects: []Effect{}}
	series := func(reps []*RepResult, contract int) []float64 {
		list := make([]float64, len(reps))
		for i, r := range reps {
			list[i] = float64(r.Late()[contract]) / years
		}
		return list
	}
	for c := range w.Contracts {
		with := series(all, c)
		for k := range w.Contracts {
			if k == c {
				continue
			}
			away := series(without[k], c)
			d := stats.Paired(away, with, confidence)
			e := Effect{Contract: w.Contracts[c].ID, From: w.Contracts[k].ID, Difference: d.Value, Low: orZero(d.Lo), High: orZero(d.Hi)}
			for i := range with {
				e.LatePerYear += with[i] / float64(len(with))
				e.Without += away[i] / float64(len(with))
			}
			pool.Effects = append(pool.Effects, e)
		}
	}
	return pool
}

// contracts are the contracts of a pool; nil if there is only one.
func (a *assembly) contracts(clauses []ClauseResult) []ContractResult {
	if len(a.w.Contracts) < 2 {
		return nil
	}
	var list []ContractResult
	for k := range a.w.Contracts {
		ct := &a.w.Contracts[k]
		r := ContractResult{ID: ct.ID, Name: ct.Name, Priority: int(ct.Priority)}
		for i := range clauses {
			if clauses[i].Contract == ct.ID {
				r.Answer.add(&clauses[i])
			}
		}
		years := a.years * float64(len(a.reps))
		for _, rep := range a.reps {
			r.LatePerYear += float64(rep.Late()[k]) / years
		}
		if len(a.totals) == 0 || len(a.totals[0].Contracts) == 0 {
			list = append(list, r)
			continue
		}
		for _, t := range a.totals {
			r.TicketsPerYear += float64(t.Contracts[k].Tickets) / years
			for _, d := range t.Contracts[k].Time {
				r.HoursPerYear += d.Hours() / years
			}
		}
		r.Cost = a.costOf(ct.Price, ct.VATNote, func(rep int) CostResult {
			return ContractCost(a.w, a.reps[rep], a.totals[rep], k)
		})
		list = append(list, r)
	}
	return list
}

// ContractCost is the part of Cost that contract k bears; the parts of all contracts add up to it.
//
//	people, on call, overtime = the team's, by the time its people spent on the contract's work; who was idle was so in the
//	                            same proportion. A team that did nothing is borne by those it serves, by their time in all
//	partners  = visits of its own; retainers as people
//	vendors   = its calls; fees by its time in all
//	places, stock = by its time in all
//	parts, emergency, travel, couriers, penalties, charged = its own
func ContractCost(w *world.World, r *RepResult, t *trail.Totals, k int) CostResult {
	price := &w.Costs
	years := r.ix.contractYears()
	own := &t.Contracts[k]
	c := CostResult{Currency: price.Currency}
	all := func(team int) float64 { return 1 } // every team
	total := poolShare(t, k, ^uint64(0), all)
	for i := range w.Teams {
		team := &w.Teams[i]
		share := poolShare(t, k, team.Contracts, func(j int) float64 {
			if j == i {
				return 1
			}
			return 0
		})
		if share < 0 {
			share = poolShare(t, k, team.Contracts, all)
		}
		if share < 0 {
			share = equalShare(w, k, team.Contracts)
		}
		p := teamCost(w, i, t, years)
		c.People += p.people * share
		c.OnCall += p.onCall * share
		c.Overtime += p.overtime * share
		visits := (float64(own.VisitsDay[i])*team.Pay.PerVisitDay + float64(own.VisitsNight[i])*team.Pay.PerVisitNight) / years
		c.Partners += visits + retainer(team)*share
	}
	if total < 0 {
		total = equalShare(w, k, ^uint64(0))
	}
	for i := range w.Vendors {
		c.Vendors += w.Vendors[i].Fee*total + float64(own.VendorCalls[i])*w.Vendors[i].PerCall/years
	}
	c.Places = price.Places * total
	c.Stock = stockCost(w) * total
	c.Parts = own.PartsMoney / years
	c.Emergency = own.EmergencyMoney / years
	c.Travel = (float64(own.Metres)/1000*price.CarKm + float64(own.NightsAway)*price.NightAway) / years
	c.Couriers = (float64(own.CourierRuns)*price.CourierRun + float64(own.CourierMetres)/1000*price.CourierKm) / years
	c.Penalties = penaltiesOf(w, r, k) / years
	c.Charged = charged(w, t, k) / years
	c.Total = c.sum()
	return c
}

// poolShare is the share of contract k in the time of teams, among the contracts of the set; −1 if nobody worked.
func poolShare(t *trail.Totals, k int, set uint64, weight func(team int) float64) float64 {
	mine, all := 0.0, 0.0
	for c := range t.Contracts {
		if set&(1<<c) == 0 {
			continue
		}
		for team, d := range t.Contracts[c].Time {
			x := float64(d) * weight(team)
			all += x
			if c == k {
				mine += x
			}
		}
	}
	if all == 0 {
		return -1
	}
	return mine / all
}

// equalShare parts what nobody used among the contracts of the set.
func equalShare(w *world.World, k int, set uint64) float64 {
	n := 0
	for c := range w.Contracts {
		if set&(1<<c) != 0 {
			n++
		}
	}
	if set&(1<<k) == 0 || n == 0 {
		return 0
	}
	return 1 / float64(n)
}

// costOf is the mean cost of a year, and what it leaves of a price; of is the cost of one replication.
func (a *assembly) costOf(price float64, vat string, of func(rep int) CostResult) CostResult {
	c := CostResult{Currency: a.w.Costs.Currency, Price: price, VAT: vat}
	n := float64(len(a.totals))
	if n == 0 {
		return c
	}
	var total stats.Mean
	margins := make([]float64, 0, len(a.totals))
	losses := 0
	for i := range a.totals {
		k := of(i)
		c.People += k.People / n
		c.Overtime += k.Overtime / n
		c.OnCall += k.OnCall / n
		c.Partners += k.Partners / n
		c.Vendors += k.Vendors / n
		c.Places += k.Places / n
		c.Stock += k.Stock / n
		c.Parts += k.Parts / n
		c.Emergency += k.Emergency / n
		c.Travel += k.Travel / n
		c.Couriers += k.Couriers / n
		c.Penalties += k.Penalties / n
		c.Charged += k.Charged / n
		total.Add(k.Total)
		margins = append(margins, 1-k.Total/c.Price)
		if k.Total > c.Price {
			losses++
		}
	}
	c.Total, c.TotalHW = total.Value(), orZero(total.HalfWidth(confidence))
	c.BreakEven = c.Total
	if number(c.Total) == nil || c.Price <= 0 {
		return c
	}
	sort.Float64s(margins)
	c.Margin = number(1 - c.Total/c.Price)
	c.MarginP10, c.MarginP50 = number(stats.Percentile(margins, 0.1)), number(stats.Percentile(margins, 0.5))
	c.MarginP90 = number(stats.Percentile(margins, 0.9))
	lo, hi := stats.ClopperPearson(losses, len(a.totals), confidence)
	c.PLoss, c.PLossLow, c.PLossHigh = number(float64(losses)/n), number(lo), number(hi)
	return c
}
