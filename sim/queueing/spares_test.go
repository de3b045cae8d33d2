package queueing

import (
	"math"
	"slices"
	"testing"

	"slasim/sim/rng"
)

// Poisson with mean 1, by hand from e⁻¹ = 0.367879: fill = P(X ≤ S−1), backorders e.g. S = 1: e⁻¹, S = 2:
// 3e⁻¹ − 1 (C. C. Sherbrooke, "Optimal inventory modeling of systems", 2nd ed. 2004, ch. 2, tabulates such values).
func TestBaseStock(t *testing.T) {
	e := 1 / math.E
	s0, s1, s2 := BaseStock(0, 0.5, 2), BaseStock(1, 0.5, 2), BaseStock(2, 0.5, 2)
	check(t, []want{
		{"fill, S = 0", s0.Fill, 0, 0},
		{"backorders, S = 0", s0.Backorders, 1, 1e-12},
		{"delay, S = 0: the lead time", s0.Delay, 2, 1e-12},
		{"fill, S = 1", s1.Fill, e, 1e-12},
		{"ready, S = 1", s1.Ready, 2 * e, 1e-12},
		{"backorders, S = 1", s1.Backorders, e, 1e-12},
		{"on hand, S = 1", s1.OnHand, e, 1e-12},
		{"fill, S = 2", s2.Fill, 2 * e, 1e-12},
		{"backorders, S = 2", s2.Backorders, 3*e - 1, 1e-12},
		{"on hand, S = 2: S − pipeline + backorders", s2.OnHand, 3 * e, 1e-12},
		{"one waiting, S = 1", s1.Waiting[1], e / 2, 1e-12},
		{"nobody asks", BaseStock(1, 0, 2).Fill, 1, 0},
		{"nobody waits", BaseStock(1, 0, 2).Delay, 0, 0},
		{"large", BaseStock(1000, 10, 100).Backorders, 12.6, 0.05}, // ≈ √1000·φ(0)
		{"invalid", BaseStock(-1, 1, 1).Fill, math.NaN(), 0},
	})
}

func TestTwoEchelonLimits(t *testing.T) {
	bases := []Base{{0.2, 3, 1}, {0.5, 1, 2}, {0.3, 0, 0}}
	// No stock at the warehouse: each base waits for supply and transport. Plenty: for transport only.
	empty, at := TwoEchelon(0, 4, bases)
	for i, b := range bases {
		sameStockPoint(t, "empty warehouse", at[i], BaseStock(b.Stock, b.Rate, 4+b.Transport))
	}
	_, at = TwoEchelon(60, 4, bases)
	for i, b := range bases {
		sameStockPoint(t, "full warehouse", at[i], BaseStock(b.Stock, b.Rate, b.Transport))
	}
	if !near(empty.Delay, 4, 1e-12) {
		t.Errorf("an empty warehouse delays by %v", empty.Delay)
	}

	// One base: the warehouse and base are one line; without base stock, backorders are mean pipeline minus
	// mean issue: EBO = warehouse EBO + λ·transport (Little).
	w, at := TwoEchelon(3, 4, []Base{{0.8, 2, 0}})
	// METRIC's mean (Sherbrooke 1968) is exact for the outstanding: shares of the warehouse's backorders.
	w3, at3 := TwoEchelon(3, 4, []Base{{0.2, 3, 0}, {0.5, 1, 0}, {0.3, 0, 0}})
	list := []want{{"serial line", at[0].Backorders, w.Backorders + 1.6, 1e-12}}
	for i, b := range []Base{{0.2, 3, 0}, {0.5, 1, 0}, {0.3, 0, 0}} {
		list = append(list, want{"mean outstanding", at3[i].Backorders, w3.Backorders*b.Rate + b.Rate*b.Transport, 1e-12})
	}
	check(t, list)

	if _, at := TwoEchelon(1, 1, []Base{{0, 1, 2}}); at[0].Fill != 1 || at[0].Delay != 0 {
		t.Errorf("no demand at all: %+v", at[0])
	}
	if w, at := TwoEchelon(1, -1, bases); !math.IsNaN(w.Fill) || !math.IsNaN(at[0].Fill) {
		t.Errorf("invalid: %+v", w)
	}
}

func sameStockPoint(t *testing.T, name string, a, b StockPoint) {
	t.Helper()
	check(t, []want{
		{name + ": fill", a.Fill, b.Fill, 1e-12},
		{name + ": ready", a.Ready, b.Ready, 1e-12},
		{name + ": backorders", a.Backorders, b.Backorders, 1e-12},
		{name + ": on hand", a.OnHand, b.OnHand, 1e-12},
		{name + ": delay", a.Delay, b.Delay, 1e-12},
	})
	for n := range min(len(a.Waiting), len(b.Waiting)) {
		if math.Abs(a.Waiting[n]-b.Waiting[n]) > 1e-12 {
			t.Errorf("%s: P(%d waiting) = %v, want %v", name, n, a.Waiting[n], b.Waiting[n])
		}
	}
}

// A direct simulation by order times: a unit reaches the warehouse when its supply ends; the warehouse
// gives units in the order of requests; the k-th request of the warehouse gets the k-th unit to be there
// (its stock first), then travels. A slower supply and METRIC (Sherbrooke 1968), which takes the units a base
// misses for Poisson, are told apart.
func TestTwoEchelonAgainstSimulation(t *testing.T) {
	for name, supplyTime := range map[string]func(*rng.Rand) float64{
		"constant supply":    func(*rng.Rand) float64 { return 5 },
		"exponential supply": func(r *rng.Rand) float64 { return rng.NextExp(r, 5) },
	} {
		bases := []Base{{0.3, 1, 1}, {0.7, 2, 2}}
		const stock, requests = 3, 800_000
		r := rng.Key{Seed: 41, Entity: rng.HashName(name)}.New()
		supply := make([]float64, 0, requests) // moments at which units become available
		for range stock {
			supply = append(supply, 0)
		}
		at := make([]float64, requests)
		from := make([]int, requests)
		now := 0.0
		for i := range requests {
			now += rng.NextExp(&r, 1)
			at[i] = now
			if r.Bernoulli(0.7) {
				from[i] = 1
			}
			supply = append(supply, now+supplyTime(&r))
		}
		slices.Sort(supply)
		// A base with S units in hand at first: its i-th demand is met by its i-th unit.
		warehouse, exact := TwoEchelon(stock, 5, bases)
		_, slower := TwoEchelon(stock, 5.3, bases)
		for b, base := range bases {
			var arrivals, demands []float64
			for range base.Stock {
				arrivals = append(arrivals, 0)
			}
			for i := range requests {
				if from[i] == b {
					demands = append(demands, at[i])
					arrivals = append(arrivals, max(at[i], supply[i])+base.Transport)
				}
			}
			const batches = 100
			size := len(demands) / batches
			var fill, delay [batches]float64
			for i := range size * batches {
				wait := math.Max(0, arrivals[i]-demands[i])
				delay[i/size] += wait / float64(size)
				if wait == 0 {
					fill[i/size] += 1 / float64(size)
				}
			}
			metric := BaseStock(base.Stock, base.Rate, base.Transport+warehouse.Delay)
			for what, x := range map[string]struct {
				batch              [batches]float64
				want, slow, metric float64
			}{
				"fill":  {fill, exact[b].Fill, slower[b].Fill, metric.Fill},
				"delay": {delay, exact[b].Delay, slower[b].Delay, metric.Delay},
			} {
				mean, ss := 0.0, 0.0
				for _, v := range x.batch {
					mean += v / batches
				}
				for _, v := range x.batch {
					ss += (v - mean) * (v - mean)
				}
				se := math.Sqrt(ss / (batches - 1) / batches)
				if math.Abs(mean-x.want) > 4*se || se > 0.005*x.want {
					t.Errorf("%s, base %d: %s %v ± %v simulated, %v computed", name, b, what, mean, se, x.want)
				}
				if math.Abs(mean-x.slow) < 6*se || math.Abs(mean-x.metric) < 6*se {
					t.Errorf("%s, base %d: %s %v ± %v does not tell supply in 5.3 (%v) or METRIC (%v) apart",
						name, b, what, mean, se, x.slow, x.metric)
				}
			}
		}
	}
}
