package stats

import (
	"math"
	"sort"
)

// Mean accumulates one value a replication: mean and variance by Welford's recurrence (Technometrics 4
// (1962) 419–420). Values must be added in replication order. The zero value is empty.
type Mean struct {
	n        int
	mean, m2 float64
}

// Add adds the value of the next replication.
func (m *Mean) Add(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / float64(m.n)
	m.m2 += d * (x - m.mean)
}

// N is how many values were added.
func (m *Mean) N() int { return m.n }

// Value is the mean, NaN of no values.
func (m *Mean) Value() float64 {
	if m.n == 0 {
		return math.NaN()
	}
	return m.mean
}

// StdDev is the standard deviation between replications (divisor n − 1), NaN of fewer than two.
func (m *Mean) StdDev() float64 {
	if m.n < 2 {
		return math.NaN()
	}
	return math.Sqrt(m.m2 / float64(m.n-1))
}

// HalfWidth is half the two-sided Student-t interval of the mean, t·s/√n with n − 1 degrees of freedom;
// +Inf of fewer than two values.
func (m *Mean) HalfWidth(conf float64) float64 {
	if m.n < 2 {
		return math.Inf(1)
	}
	return studentT(m.n-1, conf) * m.StdDev() / math.Sqrt(float64(m.n))
}

// Difference is the mean of paired differences between two designs on common random numbers.
type Difference struct {
	N      int     // pairs
	Value  float64 // mean of b − a
	Lo, Hi float64 // interval; infinite of fewer than two pairs
	// Noise: the interval contains 0, the difference may be chance. Printed as ~.
	Noise bool
}

// Paired is the difference b − a of two designs, replication by replication, with its Student-t interval.
// It panics if the lengths differ.
func Paired(a, b []float64, conf float64) Difference {
	if len(a) != len(b) {
		panic("stats: Paired of slices of different length")
	}
	var m Mean
	for i := range a {
		m.Add(b[i] - a[i])
	}
	half := m.HalfWidth(conf)
	d := Difference{N: m.n, Value: m.Value(), Lo: m.Value() - half, Hi: m.Value() + half}
	d.Noise = !(d.Lo > 0 || d.Hi < 0)
	return d
}

// Percentile is the smallest of the ascending values that at least the share p of them do not exceed: the
// inverse of the empirical distribution function, definition 1 of R. J. Hyndman and Y. Fan, "Sample
// quantiles in statistical packages", The American Statistician 50 (1996). It is always one of the values,
// so a percentile of counts is a count. NaN of no values or unless 0 ≤ p ≤ 1.
func Percentile(ascending []float64, p float64) float64 {
	if len(ascending) == 0 || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	return ascending[rank(p, int64(len(ascending)))-1]
}

// rank is ⌈p·n⌉, at least 1. The product is shrunk by 10⁻¹⁵ so that a decimal p such as 0.07, which is
// not exact in binary, means 7 of 100 and not 8.
func rank(p float64, n int64) int64 {
	return min(n, max(1, int64(math.Ceil(p*float64(n)*(1-1e-15)))))
}

// Median is Percentile(sorted copy, ½); the argument is not changed.
func Median(values []float64) float64 {
	s := append([]float64(nil), values...)
	sort.Float64s(s)
	return Percentile(s, 0.5)
}

// FirstLook is the fewest replications after which a run to a given precision may stop.
const FirstLook = 50

// NextLook is the number of replications at which a run to a given precision looks next, after n: 50,
// 100, 200, 400, … Looking at fixed numbers only keeps the result independent of the workers.
func NextLook(n int) int {
	look := FirstLook
	for look <= n {
		look *= 2
	}
	return look
}
