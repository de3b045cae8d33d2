package stats

import (
	"math"
	"testing"

	"slasim/sim/rng"
)

func ratioOf(met, breached []int64) *Ratio {
	r := NewRatio(len(met))
	for i := range met {
		r.Set(i, met[i], breached[i])
	}
	return r
}

// By hand: met 8, 10, 6 of 10 each: p = 0.8, residuals 0, 2, −2, V = 3/2 · 8 / 900, binomial 0.16/30, so
// deff = (12/900) / (0.16/30) = 2.5.
func TestRatioByHand(t *testing.T) {
	s := ratioOf([]int64{8, 10, 6}, []int64{2, 0, 4}).Estimate(0.95)
	if s.Met != 24 || s.Breached != 6 || s.Replications != 3 || s.Single || s.Value != 0.8 || !within(s.Deff, 2.5, 1e-12) {
		t.Errorf("%+v", s)
	}
	if lo, hi := Wilson(24/2.5, 30/2.5, 0.95); !within(s.Lo, lo, 1e-12) || !within(s.Hi, hi, 1e-12) {
		t.Errorf("%+v, want %v to %v", s, lo, hi)
	}
}

func TestRatioAtTheEdges(t *testing.T) {
	for name, c := range map[string]struct {
		r                   *Ratio
		value, lo, hi, deff float64
		single              bool
	}{
		"nothing":      {&Ratio{}, math.NaN(), 0, 1, 1, false},
		"no clocks":    {NewRatio(5), math.NaN(), 0, 1, 1, false},
		"no breach":    {ratioOf([]int64{10, 10}, []int64{0, 0}), 1, 20 / (20 + 3.841458820694124), 1, 1, false}, // n/(n+z²)
		"none met":     {ratioOf([]int64{0, 0}, []int64{10, 10}), 0, 0, 3.841458820694124 / (20 + 3.841458820694124), 1, false},
		"no more than": {ratioOf([]int64{5, 5}, []int64{5, 5}), 0.5, -1, -1, 1, false}, // less spread than binomial
		"one":          {ratioOf([]int64{5}, []int64{5}), 0.5, -1, -1, 1, true},
	} {
		s := c.r.Estimate(0.95)
		if !(s.Value == c.value || math.IsNaN(s.Value) && math.IsNaN(c.value)) || s.Deff != c.deff || s.Single != c.single {
			t.Errorf("%s: %+v", name, s)
		}
		if c.lo >= 0 && (!within(s.Lo, c.lo, 1e-9) || !within(s.Hi, c.hi, 1e-9)) {
			t.Errorf("%s: %+v, want %v to %v", name, s, c.lo, c.hi)
		}
	}
}

// By hand: a as above, b with 9, 10, 8 of 10: p = 0.8 and 0.9, n̄ = 10, z of a 0, .2, −.2, of b 0, .1, −.1, so b − a is 0, −.1,
// .1 with s = .1; half-width 4.302653·.1/√3 = .248413 (t₂ of tables).
func TestPairedRatioByHand(t *testing.T) {
	a, b := ratioOf([]int64{8, 10, 6}, []int64{2, 0, 4}), ratioOf([]int64{9, 10, 8}, []int64{1, 0, 2})
	d := PairedRatio(a, b, 0.95)
	if d.N != 3 || !within(d.Value, 0.1, 1e-12) || !within(d.Hi-d.Value, 0.248413, 1e-6) || !within(d.Value-d.Lo, 0.248413, 1e-6) || !d.Noise {
		t.Errorf("%+v", d)
	}
	if d := PairedRatio(a, a, 0.95); d.Value != 0 || d.Lo != 0 || d.Hi != 0 {
		t.Errorf("a share less itself: %+v", d)
	}
	if d := PairedRatio(a, NewRatio(3), 0.95); !math.IsNaN(d.Value) || !d.Noise {
		t.Errorf("less a share of nothing: %+v", d)
	}
}

// TestPairedRatioCovers: pairs of years that are good or bad together, of which b is late half as often: the true shares are
// 0.873333 and 0.936667 (see years).
func TestPairedRatioCovers(t *testing.T) {
	const truth, runs, reps = (1 - 26.2/30) / 2, 2000, 60
	r := rng.Key{Seed: 22, Entity: rng.HashName("paired ratio")}.New()
	covered := 0
	for range runs {
		a, b := NewRatio(reps), NewRatio(reps)
		for i := range reps {
			events, late := 40, 0.02
			if r.Bernoulli(0.5) {
				events, late = 80, 0.18
			}
			var la, lb int64
			for range events {
				if u := r.Float64(); u < late/2 {
					la, lb = la+1, lb+1
				} else if u < late {
					la++
				}
			}
			a.Set(i, int64(events)-la, la)
			b.Set(i, int64(events)-lb, lb)
		}
		if d := PairedRatio(a, b, 0.95); d.Lo <= truth && truth <= d.Hi {
			covered++
		}
	}
	// Four standard errors of a share of 2000 runs are 2 %.
	if c := float64(covered) / runs; math.Abs(c-0.95) > 0.02 {
		t.Errorf("the interval covers the truth in %.3f of the runs, want 0.95", c)
	}
}

func TestRatioGrowsAndIgnoresOrder(t *testing.T) {
	var a Ratio
	a.Set(2, 6, 4)
	a.Set(0, 8, 2)
	a.Set(1, 10, 0)
	if got, want := a.Estimate(0.9), ratioOf([]int64{8, 10, 6}, []int64{2, 0, 4}).Estimate(0.9); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// years draws replications whose clocks hang together: a year is good (share late 2 %) or bad (18 %), and
// bad years have twice the events: the true share met is (10·0.98 + 20·0.82) / 30 = 0.873333.
func years(r *rng.Rand, n int) *Ratio {
	ratio := NewRatio(n)
	for i := range n {
		events, late := 40, 0.02
		if r.Bernoulli(0.5) {
			events, late = 80, 0.18
		}
		met := int64(0)
		for range events {
			if !r.Bernoulli(late) {
				met++
			}
		}
		ratio.Set(i, met, int64(events)-met)
	}
	return ratio
}

func TestRatioCoversWhereTheNaiveIntervalDoesNot(t *testing.T) {
	const truth, runs, reps = 26.2 / 30, 2000, 60
	r := rng.Key{Seed: 21, Entity: rng.HashName("ratio coverage")}.New()
	covered, naive := 0, 0
	for range runs {
		ratio := years(&r, reps)
		if s := ratio.Estimate(0.95); s.Lo <= truth && truth <= s.Hi {
			covered++
		}
		s := ratio.Estimate(0.95)
		if lo, hi := Wilson(float64(s.Met), float64(s.Met+s.Breached), 0.95); lo <= truth && truth <= hi {
			naive++
		}
	}
	// Four standard errors of a share of 2000 runs are 2 %.
	if c := float64(covered) / runs; math.Abs(c-0.95) > 0.02 {
		t.Errorf("the interval covers the truth in %.3f of the runs, want 0.95", c)
	}
	if c := float64(naive) / runs; c > 0.90 {
		t.Errorf("the interval without design effect covers %.3f: the example is not clustered", c)
	}
}

// The delta-method variance against a bootstrap of whole replications.
func TestDeltaMethodAgainstBootstrap(t *testing.T) {
	r := rng.Key{Seed: 22, Entity: rng.HashName("bootstrap")}.New()
	ratio := years(&r, 200)
	s := ratio.Estimate(0.95)
	n := float64(s.Met + s.Breached)
	delta := s.Deff * s.Value * (1 - s.Value) / n

	const resamples = 8000 // standard error of a variance: √(2/8000) = 1.6 %
	var values Mean
	for range resamples {
		met, all := int64(0), int64(0)
		for range ratio.counts {
			c := ratio.counts[r.Intn(len(ratio.counts))]
			met += c.met
			all += c.met + c.breached
		}
		values.Add(float64(met) / float64(all))
	}
	if boot := values.StdDev() * values.StdDev(); math.Abs(boot/delta-1) > 0.07 {
		t.Errorf("variance %v by the delta method, %v by bootstrap", delta, boot)
	}
}
