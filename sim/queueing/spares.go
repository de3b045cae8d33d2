package queueing

import "math"

// StockPoint describes a stock point that orders one unit per demand, (S−1, S), and lets demand wait.
type StockPoint struct {
	Fill       float64 // probability that a demand is met from the shelf at once: P(outstanding ≤ S−1)
	Ready      float64 // probability that nobody waits: P(outstanding ≤ S)
	Backorders float64 // mean number of demands waiting
	OnHand     float64 // mean number on the shelf
	Delay      float64 // mean wait of a demand, 0 for those met at once: Backorders / rate
	// Waiting is P(n demands waiting), n = 0, 1, …, until the rest is below 10⁻¹⁵.
	Waiting []float64
}

// BaseStock is a stock point with stock ≥ 0, Poisson demand and a mean time of resupply of leadTime: the
// units outstanding are Poisson with mean rate·leadTime for any distribution of the lead time, if orders
// do not hinder each other (independent lead times, or a constant one). Sources: C. Palm 1938; G. J.
// Feeney and C. C. Sherbrooke, "The (s−1, s) inventory policy under compound Poisson demand", Management
// Science 12 (1966) 391–411.
func BaseStock(stock int, rate, leadTime float64) StockPoint {
	if stock < 0 || invalid(rate, leadTime) {
		return noStockPoint()
	}
	return stockPoint(stock, rate, poissonUntil(rate*leadTime))
}

// Base is a stock point supplied by a warehouse.
type Base struct {
	Rate      float64 // demands per unit of time, Poisson
	Transport float64 // time from the warehouse, constant
	Stock     int
}

// TwoEchelon is one warehouse that supplies bases, all one for one, first come first served, with waiting
// demand: the exact steady state of each base. Units the warehouse has on order are Poisson with mean
// (Σ rate)·supply for any distribution of the supply time, if orders do not hinder each other (Palm). Of b
// requests waiting at the warehouse each is base j's with probability rateⱼ/Σ rate, independently, because
// under first come first served they are the last b requests, whatever their times; and the units base j
// misses one transport time later are those plus its demand in between:
//
//	outstandingⱼ = Binomial((N − S₀)⁺, rateⱼ/Σ rate) + Poisson(rateⱼ·transportⱼ)
//
// Sources: R. M. Simon, "Stationary properties of a two-echelon inventory model for low demand items",
// Operations Research 19 (1971) 761–773; S. C. Graves, "A multi-echelon inventory model for a repairable
// item with one-for-one replenishment", Management Science 31 (1985) 1247–1256. Not exact if transport is
// random, the warehouse ranks requests, or supply times depend on the base. Base.Delay includes the wait
// for the warehouse and the transport.
func TwoEchelon(stock int, supply float64, bases []Base) (warehouse StockPoint, at []StockPoint) {
	rate, ok := 0.0, stock >= 0 && !invalid(supply)
	for _, b := range bases {
		ok = ok && b.Stock >= 0 && !invalid(b.Rate, b.Transport)
		rate += b.Rate
	}
	at = make([]StockPoint, len(bases))
	if !ok {
		for i := range at {
			at[i] = noStockPoint()
		}
		return noStockPoint(), at
	}
	warehouse = stockPoint(stock, rate, poissonUntil(rate*supply))
	for i, b := range bases {
		share := 0.0
		if rate > 0 {
			share = b.Rate / rate
		}
		at[i] = stockPoint(b.Stock, b.Rate, convolve(thin(warehouse.Waiting, share), poissonUntil(b.Rate*b.Transport)))
	}
	return warehouse, at
}

// stockPoint evaluates the distribution of the units outstanding.
func stockPoint(stock int, rate float64, outstanding []float64) StockPoint {
	p := StockPoint{Waiting: []float64{0}}
	for n, mass := range outstanding {
		if n < stock {
			p.Fill += mass
			p.OnHand += float64(stock-n) * mass
		}
		if n <= stock {
			p.Waiting[0] += mass
		} else {
			p.Backorders += float64(n-stock) * mass
			p.Waiting = append(p.Waiting, mass)
		}
	}
	p.Ready = p.Waiting[0]
	if rate > 0 {
		p.Delay = p.Backorders / rate
	}
	return p
}

// noStockPoint is the answer to an invalid question.
func noStockPoint() StockPoint {
	nan := math.NaN()
	return StockPoint{nan, nan, nan, nan, nan, nil}
}

// poissonUntil is the Poisson distribution as far as its rest is below 10⁻¹⁵.
func poissonUntil(mean float64) []float64 {
	return poissonMass(mean, int(mean+12*math.Sqrt(mean)+30))
}

// thin is the distribution of how many of N are kept, each with probability share.
func thin(n []float64, share float64) []float64 {
	out := make([]float64, len(n))
	row := make([]float64, len(n)) // Binomial(b, share), built up from b = 0
	row[0] = 1
	for b, mass := range n {
		if b > 0 {
			for k := b; k > 0; k-- {
				row[k] = row[k]*(1-share) + row[k-1]*share
			}
			row[0] *= 1 - share
		}
		for k := range b + 1 {
			out[k] += mass * row[k]
		}
	}
	return out
}

// convolve is the distribution of the sum of two independent counts.
func convolve(a, b []float64) []float64 {
	out := make([]float64, len(a)+len(b)-1)
	for i, x := range a {
		for j, y := range b {
			out[i+j] += x * y
		}
	}
	return out
}

// Repair describes machines kept running by spares and repairers.
type Repair struct {
	Running   float64 // mean number of machines running
	AllUp     float64 // share of time in which all that should run do: P(broken ≤ spares)
	Broken    float64 // mean number waiting for or in repair
	Wait      float64 // mean wait of a broken machine for a repairer
	Occupancy float64 // share of the repairers' time spent on repair
}

// MachineRepair is the finite-source queue with spares: machines ≥ 1 should run, spares ≥ 0 cold spares
// replace a broken one at once, a running machine breaks at rate lambda, each of c ≥ 1 repairers mends at
// rate mu > 0. A birth–death chain in the number n broken:
//
//	birth machines·λ for n ≤ spares, (machines + spares − n)·λ beyond;  death min(n, c)·μ
//
// Source: Gross et al. 2008, ch. 2 (finite-source queues). The mean wait is 0 if nothing ever breaks.
func MachineRepair(machines, spares, c int, lambda, mu float64) Repair {
	if machines < 1 || spares < 0 || c < 1 || invalid(lambda, mu) || mu == 0 {
		nan := math.NaN()
		return Repair{nan, nan, nan, nan, nan}
	}
	all := machines + spares
	total, weight := 0.0, 1.0
	var r Repair
	waiting := 0.0
	for n := 0; n <= all; n++ {
		running := float64(min(machines, all-n))
		total += weight
		r.Running += weight * running
		r.Broken += weight * float64(n)
		r.Occupancy += weight * float64(min(n, c)) / float64(c)
		waiting += weight * float64(max(0, n-c))
		if n <= spares {
			r.AllUp += weight
		}
		weight *= running * lambda / (float64(min(n+1, c)) * mu)
		if total > 1e200 { // keep the sums finite for large populations
			const down = 1e-200
			total, weight, waiting = total*down, weight*down, waiting*down
			r.Running, r.Broken, r.Occupancy, r.AllUp = r.Running*down, r.Broken*down, r.Occupancy*down, r.AllUp*down
		}
	}
	r.Running, r.Broken, r.Occupancy, r.AllUp = r.Running/total, r.Broken/total, r.Occupancy/total, r.AllUp/total
	if lambda > 0 {
		r.Wait = waiting / total / (lambda * r.Running) // Little: breakdowns arrive at λ·running
	}
	return r
}
