package bound

import (
	"math"
	"sort"

	"slasim/model"
	"slasim/sim/rng"
)

// nodes is how many points a quadrature over one distribution has.
const nodes = 128

// point is a value of a random variable with its weight.
type point struct{ x, w float64 }

// quadrature is points of d whose weights add up to 1. With p(u) the polynomial that rises from 0 to 1 with three
// vanishing derivatives at both ends, E g(X) = ∫ g(Q(p(u))) p′(u) du by the midpoint rule: tails of 10⁻⁷ have
// points of their own, and for smooth g the error falls faster than any power that matters here.
func quadrature(d *model.Dist) []point {
	if d.Kind == model.Constant {
		return []point{{d.A, 1}}
	}
	list := make([]point, nodes)
	sum := 0.0
	for i := range list {
		u := (float64(i) + 0.5) / nodes
		p := u * u * u * u * (35 + u*(-84+u*(70-20*u)))
		list[i] = point{rng.Quantile(d, p), 140 * u * u * u * (1 - u) * (1 - u) * (1 - u)}
		sum += list[i].w
	}
	for i := range list {
		list[i].w /= sum
	}
	return list
}

// delay is the sum of independent delays in seconds: a constant, rounded as the simulator rounds it, and a random
// rest as a table of its distribution function.
type delay struct {
	constant float64
	step     float64 // seconds a cell; 0 = nothing random
	cdf      []float64
	median   float64
}

// cells is the resolution of a delay's table, and lost the probability beyond its end.
const (
	cells = 8192
	lost  = 1e-6
)

func newDelay(parts ...*model.Dist) *delay {
	d := &delay{}
	var random []*model.Dist
	for _, p := range parts {
		switch {
		case p == nil:
		case p.Kind == model.Constant:
			d.constant += math.Round(p.A)
		default:
			random = append(random, p)
		}
	}
	d.median = d.constant
	if len(random) == 0 {
		return d
	}
	end := 0.0
	for _, r := range random {
		end += rng.Quantile(r, 1-lost)
	}
	d.step = math.Max(end/cells, 1e-9)
	first := random[0]
	d.cdf = d.table(func(x float64) float64 { return rng.CDF(first, x) })
	for _, r := range random[1:] {
		before := *d
		points := quadrature(r)
		d.cdf = d.table(func(x float64) float64 {
			p := 0.0
			for _, q := range points {
				p += q.w * before.random(x-q.x)
			}
			return p
		})
	}
	d.median += float64(sort.SearchFloat64s(d.cdf, 0.5)) * d.step
	return d
}

func (d *delay) table(f func(x float64) float64) []float64 {
	t := make([]float64, cells+1)
	for i := range t {
		t[i] = f(float64(i) * d.step)
	}
	return t
}

// random is P(random part ≤ x), linear between the entries of the table.
func (d *delay) random(x float64) float64 {
	if x < 0 {
		return 0
	}
	if d.step == 0 {
		return 1
	}
	at := x / d.step
	i := int(at)
	if i >= cells {
		return 1
	}
	return d.cdf[i] + (at-float64(i))*(d.cdf[i+1]-d.cdf[i])
}

// within is P(delay + fixed + drive × factor ≤ limit), all in seconds; drive is the expected driving time, factor the
// trip's random one. Without anything random it is exact: exactly at the limit is in time.
func (d *delay) within(limit, fixed, drive float64, factor *model.Dist, factors []point) float64 {
	x := limit - fixed - d.constant
	switch {
	case factor.Kind == model.Constant:
		return d.random(x - math.Round(drive*factor.A))
	case drive <= 0:
		return d.random(x)
	case d.step == 0:
		return rng.CDF(factor, (x+0.5)/drive) // the simulator rounds the drive to whole seconds
	}
	p := 0.0
	for _, f := range factors {
		p += f.w * d.random(x-drive*f.x)
	}
	return p
}
