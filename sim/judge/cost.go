package judge

import (
	"slasim/model/trail"
	"slasim/model/world"
)

// Cost is the money of one replication for a contract year (DESIGN § 11), averaged over the years of its term.
// Price, margin and intervals are left empty.
//
//	people    = annual × headcount × cost share
//	on-call   = hours on call × rate × cost share
//	overtime  = hours × hourly base × 150 / 200 / 300 % × cost share
//	partners  = visits by day and by night × price + 12 monthly retainers
//	vendors   = yearly fees + calls × price
//	places    = as agreed for a year
//	stock     = Σ level × price × (holding rate + 1 / life in years), × cost share of the depot, the customer's own spares left out
//	parts, emergency = as the simulator booked them
//	travel    = km × price + nights away × price
//	couriers  = runs × price + km × price
//	charged   = hours of people at faults of third parties × price + their parts × factor; what others pay
//	penalties = Σ late clocks of clauses with a target × amount, at most the cap of each contract and year
func Cost(w *world.World, r *RepResult, t *trail.Totals) CostResult {
	k := &w.Costs
	years := r.ix.contractYears()
	c := CostResult{Currency: k.Currency, Places: k.Places, Stock: stockCost(w)}
	for i := range w.Teams {
		p := teamCost(w, i, t, years)
		c.People += p.people
		c.OnCall += p.onCall
		c.Overtime += p.overtime
		c.Partners += p.partner
	}
	for i := range w.Vendors {
		c.Vendors += w.Vendors[i].Fee
		if i < len(t.VendorCalls) {
			c.Vendors += float64(t.VendorCalls[i]) * w.Vendors[i].PerCall / years
		}
	}
	c.Parts = t.PartsMoney / years
	c.Emergency = t.EmergencyMoney / years
	c.Travel = (float64(t.Metres)/1000*k.CarKm + float64(t.NightsAway)*k.NightAway) / years
	c.Couriers = (float64(t.CourierRuns)*k.CourierRun + float64(t.CourierMetres)/1000*k.CourierKm) / years
	c.Penalties = penalties(w, r) / years
	for k := range t.Charged {
		c.Charged += charged(w, t, k) / years
	}
	c.Total = c.sum()
	return c
}

// charged is what third parties pay for faults of a contract over the term.
func charged(w *world.World, t *trail.Totals, k int) float64 {
	if k >= len(t.Charged) {
		return 0
	}
	price := &w.Contracts[k].Charge
	return t.Charged[k].Time.Hours()*price.Hour + t.Charged[k].Parts*price.Parts
}

func (c *CostResult) sum() float64 {
	return c.People + c.Overtime + c.OnCall + c.Partners + c.Vendors + c.Places + c.Stock + c.Parts + c.Emergency +
		c.Travel + c.Couriers + c.Penalties - c.Charged
}

// kindOfCost is a kind of cost with its sum.
type kindOfCost struct {
	name string
	sum  float64
}

// kinds are the kinds of cost and last the total.
func (c *CostResult) kinds() [13]kindOfCost {
	return [...]kindOfCost{
		{"people", c.People}, {"overtime", c.Overtime}, {"on_call", c.OnCall}, {"partners", c.Partners}, {"vendors", c.Vendors},
		{"places", c.Places}, {"stock", c.Stock}, {"parts", c.Parts}, {"emergency", c.Emergency}, {"travel", c.Travel},
		{"couriers", c.Couriers}, {"penalties", c.Penalties}, {"total", c.Total},
	}
}

// pay is the money of a team and contract year.
type pay struct{ people, onCall, overtime, partner float64 }

func (p pay) sum() float64 { return p.people + p.onCall + p.overtime + p.partner }

// retainer is what a partner gets a year for being there.
func retainer(team *world.Team) float64 {
	if team.Count == 0 {
		return 0
	}
	return 12 * team.Pay.Retainer
}

func teamCost(w *world.World, i int, t *trail.Totals, years float64) pay {
	team := &w.Teams[i]
	y := &team.Pay
	p := pay{people: y.Annual * float64(team.Count) * y.CostShare, partner: retainer(team)}
	if i < len(t.OnCallTime) {
		p.onCall = t.OnCallTime[i].Hours() * y.OnCallHour * y.CostShare / years
	}
	if i < len(t.Overtime) {
		for d, span := range t.Overtime[i] {
			p.overtime += span.Hours() * y.OvertimeHour * w.Costs.Overtime[d] * y.CostShare / years
		}
	}
	if i < len(t.VisitsDay) && i < len(t.VisitsNight) {
		p.partner += (float64(t.VisitsDay[i])*y.PerVisitDay + float64(t.VisitsNight[i])*y.PerVisitNight) / years
	}
	return p
}

// Fixed is the money of a contract year that is spent whatever happens: people, retainers, yearly fees, places, stock.
func Fixed(w *world.World) float64 {
	sum := w.Costs.Places + stockCost(w)
	for i := range w.Teams {
		p := teamCost(w, i, &trail.Totals{}, 1)
		sum += p.people + p.partner
	}
	for i := range w.Vendors {
		sum += w.Vendors[i].Fee
	}
	return sum
}

// stockCost is what the stock levels cost a year.
func stockCost(w *world.World) float64 {
	sum := 0.0
	for d := range w.Depots {
		for p := range w.Parts {
			sum += stockItemCost(w, d, p)
		}
	}
	return sum
}

func stockItemCost(w *world.World, depot, part int) float64 {
	s := &w.Stock[depot*len(w.Parts)+part]
	if s.Rule == world.NotStocked || w.Depots[depot].Customers {
		return 0
	}
	rate := w.Costs.Holding
	if w.Costs.Life > 0 {
		rate += 1 / w.Costs.Life
	}
	return float64(s.S) * w.Parts[part].Price * rate * w.Depots[depot].CostShare
}

// penalties is the money for late clocks over the term. A clause's own amount goes before the contract's.
func penalties(w *world.World, r *RepResult) float64 {
	sum := 0.0
	for c := range w.Contracts {
		sum += penaltiesOf(w, r, c)
	}
	return sum
}

func penaltiesOf(w *world.World, r *RepResult, c int) float64 {
	sum := 0.0
	ct := &w.Contracts[c]
	for y := range r.Years() {
		money := 0.0
		for i := range r.ix.promises {
			p := &r.ix.promises[i]
			if int(p.c.Contract) != c || !p.hasTarget() {
				continue
			}
			each := p.c.Penalty
			if each == 0 {
				each = ct.Penalty.PerLate
			}
			if each == 0 {
				continue
			}
			for k := range p.periods {
				if r.ix.yearOf(p, k) == y {
					money += each * float64(r.Clauses[p.first+k].Breached)
				}
			}
		}
		if limit := ct.Penalty.CapShare * ct.Price; limit > 0 {
			money = min(money, limit)
		}
		sum += money
	}
	return sum
}
