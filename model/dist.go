package model

// DistKind names a distribution family.
type DistKind uint8

// Families. A Dist is data; sim/rng samples it.
const (
	Constant    DistKind = iota // A
	Exponential                 // A = mean
	Lognormal                   // A = mu, B = sigma of the logarithm
	Weibull                     // A = scale, B = shape
	Uniform                     // on [A, B)
	Gamma                       // A = shape, B = scale; sampled by rejection in a stream of its own
	Empirical                   // Points: equally spaced quantiles from 0 to 1, interpolated linearly
)

// Dist is a distribution of a non-negative quantity: seconds for spans, a plain number elsewhere. The zero
// value is the constant 0.
type Dist struct {
	Kind   DistKind
	A, B   float64
	Points []float64
}

// IsZero reports whether the distribution is the constant 0.
func (d *Dist) IsZero() bool { return d.Kind == Constant && d.A == 0 }
