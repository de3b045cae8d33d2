package queueing

import "math"

// LostSales is the share of the demands that find a stock point with stock ≥ 0 empty, if such a demand is met from
// elsewhere at once and does not wait: one for one, the units on order are M/G/S/S, a demand that finds all of them on
// order is Erlang's lost call. It holds for any distribution of the lead time with the mean leadTime. Sources: W. Karush,
// "A queuing model for an inventory problem", Operations Research 5 (1957) 693–703; Feeney and Sherbrooke 1966 (lost sales).
func LostSales(stock int, rate, leadTime float64) float64 {
	if invalid(rate, leadTime) {
		return math.NaN()
	}
	return ErlangB(stock, rate*leadTime)
}

// Expedited is a stock point that orders fast when it is short.
type Expedited struct {
	Fill       float64 // probability that a demand is met from the shelf at once
	Fast       float64 // share of the demands for which a fast order is made
	Backorders float64 // mean number of demands waiting
}

// ExpeditedStock is a stock point, one for one, with waiting demand and two ways of resupply: a demand after which fewer
// than below units are left – on the shelf, less those waiting – is made good by a fast order, any other by an ordinary
// one. Lead times are exponential with means ordinary and fast, and each unit that comes serves whoever waits longest. A
// Markov chain in the two numbers on order; ordinary ones are at most stock − below, fast ones are cut off where their
// bound M/M/∞ has less than 10⁻¹⁵ left.
func ExpeditedStock(stock, below int, rate, ordinary, fast float64) Expedited {
	if stock < 0 || below < 0 || invalid(rate, ordinary, fast) || ordinary == 0 || fast == 0 {
		nan := math.NaN()
		return Expedited{nan, nan, nan}
	}
	if rate == 0 {
		x := Expedited{Fill: 1}
		if stock == 0 {
			x.Fill = 0
		}
		return x
	}
	limit := poissonEnd(rate * fast)
	states, p := steady([2]int{}, func(s [2]int, to func([2]int, float64)) {
		if stock-s[0]-s[1]-1 >= below {
			to([2]int{s[0] + 1, s[1]}, rate)
		} else if s[1] < limit {
			to([2]int{s[0], s[1] + 1}, rate)
		}
		if s[0] > 0 {
			to([2]int{s[0] - 1, s[1]}, float64(s[0])/ordinary)
		}
		if s[1] > 0 {
			to([2]int{s[0], s[1] - 1}, float64(s[1])/fast)
		}
	})
	var x Expedited
	for i, s := range states {
		net := stock - s[0] - s[1]
		if net > 0 {
			x.Fill += p[i]
		}
		if net-1 < below {
			x.Fast += p[i]
		}
		x.Backorders += p[i] * float64(max(-net, 0))
	}
	return x
}

// Lateral is what the customers of one of two depots get.
type Lateral struct {
	From       [2]float64 // share of their demands met at once from depot 0 and 1
	Backorders float64    // mean number of demands waiting at their depot
}

// LateralSupply is two depots that help each other out, each one for one: customers k ask depot first[k], if that is empty
// the other, and if both are wait at depot k for a unit that depot k has on order. Demand is Poisson with rate[k], lead
// times are exponential with mean leadTime. A Markov chain in the numbers on order at both, whose sum is M/M/∞: it is cut
// off where that has less than 10⁻¹⁵ left. The chain is that of H. L. Lee, "A multi-echelon inventory model for repairable
// items with emergency lateral transshipments", Management Science 33 (1987) 1302–1316, and S. Axsäter, "Modelling emergency
// lateral transshipments in inventory systems", Management Science 36 (1990) 1329–1338, who approximate it; it is solved
// here as it is.
func LateralSupply(stock, first [2]int, rate [2]float64, leadTime float64) [2]Lateral {
	total := rate[0] + rate[1]
	for k := range stock {
		if stock[k] < 0 || first[k]&^1 != 0 || invalid(rate[k], leadTime) || total*leadTime == 0 {
			nan := Lateral{[2]float64{math.NaN(), math.NaN()}, math.NaN()}
			return [2]Lateral{nan, nan}
		}
	}
	limit := poissonEnd(total * leadTime)
	serves := func(s [2]int, k int) (depot int, atOnce bool) {
		for _, d := range []int{first[k], 1 - first[k]} {
			if s[d] < stock[d] {
				return d, true
			}
		}
		return k, false
	}
	states, p := steady([2]int{}, func(s [2]int, to func([2]int, float64)) {
		for k := range rate {
			if d, _ := serves(s, k); rate[k] > 0 && s[0]+s[1] < limit {
				next := s
				next[d]++
				to(next, rate[k])
			}
			if s[k] > 0 {
				next := s
				next[k]--
				to(next, float64(s[k])/leadTime)
			}
		}
	})
	var at [2]Lateral
	for i, s := range states {
		for k := range at {
			if d, atOnce := serves(s, k); atOnce {
				at[k].From[d] += p[i]
			}
			at[k].Backorders += p[i] * float64(max(s[k]-stock[k], 0))
		}
	}
	return at
}

// Pool describes loaners that stand in for broken units.
type Pool struct {
	AtOnce  float64 // probability that a unit that breaks is replaced at once
	Without float64 // mean number of broken units without a loaner
	Outage  float64 // mean time from the break to the loaner or, without one, the repair: Without / lambda
}

// LoanerPool is machine repair with spares of a large installed base: units break at lambda in all, whatever the number
// broken; c ≥ 1 repairers mend each at rate mu > 0, first come, first served. The n ≥ 0 broken ones are M/M/c. A repairer
// who begins puts in a loaner, if there is one, and the unit needs none any more when it is repaired; loaners go to those
// who wait longest, so that min(n, c, loaners) of the broken ones have one. The birth–death chain is summed until its rest is
// below 10⁻¹⁶. Source: Gross et al. 2008, ch. 2 (finite-source queues with spares; this is the limit of many machines).
// NaN unless lambda < c·mu.
func LoanerPool(loaners, c int, lambda, mu float64) Pool {
	if loaners < 0 || c < 1 || invalid(lambda, mu) || mu == 0 || lambda >= float64(c)*mu {
		nan := math.NaN()
		return Pool{nan, nan, nan}
	}
	in := min(loaners, c)
	var x Pool
	total, weight := 0.0, 1.0
	for n := 0; ; n++ {
		total += weight
		if n < in {
			x.AtOnce += weight
		}
		x.Without += weight * float64(max(n-in, 0))
		ratio := lambda / (float64(min(n+1, c)) * mu)
		if weight *= ratio; n > c && weight*float64(n) < 1e-17*(1-ratio)*(1-ratio)*total {
			break
		}
	}
	x.AtOnce, x.Without = x.AtOnce/total, x.Without/total
	if lambda > 0 {
		x.Outage = x.Without / lambda
	}
	return x
}

// Shared are loaners of two depots that send each other their last but one.
type Shared struct {
	From    [2][2]float64 // From[k][d]: share of the units that break at k that get a loaner of depot d at once
	Without float64       // mean number of broken units without a loaner
	Moving  float64       // mean number of loaners on their way between the depots
}

// LoanerBalance is two depots of loaners for units that break at lambda[k], whatever the number broken, and are repaired in
// an exponential time with mean repair, each by itself. A unit that breaks at k gets a loaner of depot k, if that is empty
// of the other, and if both are waits at depot k; when it is repaired its loaner goes back where it came from, or it waits
// no more. A depot that is asked and left with none, and has none coming, is sent one by the other if that has two or more;
// it is on its way for an exponential time with mean transport and stays. A Markov chain in the loaners on the shelf, on
// the way and lent out, and in the units waiting, of both depots; the broken units are M/M/∞, cut off where less than
// 10⁻¹² is left.
func LoanerBalance(loaners [2]int, lambda [2]float64, repair, transport float64) Shared {
	type side struct{ shelf, coming, lent, waiting int }
	type state [2]side
	nan := math.NaN()
	none := Shared{[2][2]float64{{nan, nan}, {nan, nan}}, nan, nan}
	if loaners[0] < 0 || loaners[1] < 0 || invalid(lambda[0], lambda[1], repair, transport) || (lambda[0]+lambda[1])*repair == 0 || transport == 0 {
		return none
	}
	limit := 0
	for mean, left := (lambda[0]+lambda[1])*repair, 1.0; left > 1e-12; limit++ {
		left -= poissonMass(mean, limit)[limit]
	}
	gives := func(s state, k int) int { // the depot that serves, −1 none
		for _, d := range []int{k, 1 - k} {
			if s[d].shelf > 0 {
				return d
			}
		}
		return -1
	}
	start := state{{shelf: loaners[0]}, {shelf: loaners[1]}}
	states, p := steady(start, func(s state, to func(state, float64)) {
		broken := 0
		for k := range s {
			broken += s[k].lent + s[k].waiting
		}
		for k := range s {
			if lambda[k] > 0 && broken < limit {
				next, asked := s, gives(s, k)
				if asked >= 0 {
					next[asked].shelf--
					next[asked].lent++
				} else {
					asked = k
					next[k].waiting++
				}
				if o := 1 - asked; next[asked].shelf == 0 && next[asked].coming == 0 && next[o].shelf >= 2 {
					next[o].shelf--
					next[asked].coming++
				}
				to(next, lambda[k])
			}
			home := func(next state) state { // a loaner is at depot k
				if next[k].waiting > 0 {
					next[k].waiting--
					next[k].lent++
				} else {
					next[k].shelf++
				}
				return next
			}
			if s[k].lent > 0 {
				next := s
				next[k].lent--
				to(home(next), float64(s[k].lent)/repair)
			}
			if s[k].waiting > 0 {
				next := s
				next[k].waiting--
				to(next, float64(s[k].waiting)/repair)
			}
			if s[k].coming > 0 {
				next := s
				next[k].coming--
				to(home(next), float64(s[k].coming)/transport)
			}
		}
	})
	var x Shared
	for i, s := range states {
		for k := range s {
			if d := gives(s, k); d >= 0 {
				x.From[k][d] += p[i]
			}
			x.Without += p[i] * float64(s[k].waiting)
			x.Moving += p[i] * float64(s[k].coming)
		}
	}
	return x
}

// poissonEnd is a number that a Poisson count with this mean exceeds with a probability below 10⁻¹⁵.
func poissonEnd(mean float64) int { return len(poissonUntil(mean)) - 1 }
