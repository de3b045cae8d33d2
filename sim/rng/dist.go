package rng

import (
	"fmt"
	"math"
	"sort"
	"time"

	"slasim/model"

	"gonum.org/v1/gonum/mathext"
)

// MaxSpan is the longest span Sample returns, 146 years: a heavy tail is cut there, so that a moment plus
// a span still fits a model.Time. (A design choice: half the range of the type, in whole seconds.)
const MaxSpan = model.Time(math.MaxInt64/2) / time.Second * time.Second

// Sample is a span drawn from d, a distribution of seconds: rounded to the nearest whole second, never
// negative, at most MaxSpan.
func Sample(d *model.Dist, r *Rand) model.Time { return span(SampleFloat(d, r)) }

// Streams are the families of a replication by purpose. Gamma variates take a varying number of draws: those of a purpose
// come from the family GammaApart further on.
type Streams [2 * GammaApart]Family

// GammaApart is above all purposes. Frozen.
const GammaApart Stream = 64

// Sample is Sample by a stream of its own for (purpose, entity, which of the entity's draws). Most streams are asked for one
// draw only, which is taken without making the stream.
func (all *Streams) Sample(d *model.Dist, s Stream, entity Root, which uint64) model.Time {
	switch d.Kind {
	case model.Constant:
		return span(d.A)
	case model.Gamma:
		r := all[s+GammaApart].New(entity.Mix(which))
		return Sample(d, &r)
	}
	_, w := all[s].open(fin(entity.Mix(which) + root3)).Next()
	return span(sampleAt(d, unit(w)))
}

func span(x float64) model.Time {
	if x >= float64(MaxSpan/time.Second) {
		return MaxSpan
	}
	return model.RoundSeconds(x)
}

// SampleFloat is a value drawn from d, in d's unit. A constant takes no draw, a gamma several (give it a
// stream of its own), every other family exactly one: the value is Quantile(d, u) of the uniform u.
func SampleFloat(d *model.Dist, r *Rand) float64 {
	switch d.Kind {
	case model.Constant:
		return d.A
	case model.Gamma:
		return d.B * gammaVariate(d.A, r)
	default:
		return sampleAt(d, r.Float64())
	}
}

// SampleFloat is SampleFloat by the first draw of the stream of an entity; d is no gamma.
func (f Family) SampleFloat(d *model.Dist, entity uint64) float64 {
	_, w := f.open(fin(entity + root3)).Next()
	return sampleAt(d, unit(w))
}

// sampleAt is SampleFloat by the uniform u of one draw; d is no gamma.
func sampleAt(d *model.Dist, u float64) float64 {
	switch d.Kind {
	case model.Lognormal:
		return exp(d.A + d.B*NormalQuantile(u))
	case model.Exponential:
		return -d.A * ln(1-u)
	default:
		return Quantile(d, u)
	}
}

// gammaVariate is a gamma variate of scale 1 by rejection (G. Marsaglia and W. W. Tsang, "A simple method
// for generating gamma variables", ACM TOMS 26 (2000) 363–372; a shape
// below 1 by their remark: a variate of shape + 1 times U^(1/shape)).
func gammaVariate(shape float64, r *Rand) float64 {
	boost := 1.0
	if shape < 1 {
		boost = math.Pow(r.Float64(), 1/shape)
		shape++
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := NormalQuantile(r.Float64())
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if u := r.Float64(); math.Log(u) < 0.5*x*x+d-d*v+d*math.Log(v) {
			return boost * d * v
		}
	}
}

// Quantile is the smallest x with P(X ≤ x) ≥ p, in d's unit; NaN for p outside [0, 1].
func Quantile(d *model.Dist, p float64) float64 {
	if !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	switch d.Kind {
	case model.Constant:
		return d.A
	case model.Exponential:
		if d.A == 0 {
			return 0
		}
		return -d.A * math.Log(1-p)
	case model.Lognormal:
		if d.B == 0 {
			return math.Exp(d.A)
		}
		return math.Exp(d.A + d.B*NormalQuantile(p))
	case model.Weibull:
		if d.A == 0 {
			return 0
		}
		return d.A * math.Pow(-math.Log(1-p), 1/d.B)
	case model.Uniform:
		return d.A + (d.B-d.A)*p
	case model.Gamma:
		if d.B == 0 {
			return 0
		}
		if p == 1 {
			return math.Inf(1)
		}
		return d.B * mathext.GammaIncRegInv(d.A, p)
	case model.Empirical:
		last := len(d.Points) - 1
		at := p * float64(last)
		i := int(at)
		if i >= last {
			return d.Points[last]
		}
		a, b := d.Points[i], d.Points[i+1]
		return a + (b-a)*(at-float64(i))
	}
	panic("rng: Quantile of an unknown distribution kind")
}

// CDF is P(X ≤ x), right-continuous where d has atoms.
func CDF(d *model.Dist, x float64) float64 {
	if math.IsNaN(x) {
		return x
	}
	switch d.Kind {
	case model.Constant:
		return step(x, d.A)
	case model.Exponential:
		switch {
		case x < 0:
			return 0
		case d.A == 0:
			return 1
		}
		return -math.Expm1(-x / d.A)
	case model.Lognormal:
		switch {
		case x <= 0:
			return 0
		case d.B == 0:
			return step(x, math.Exp(d.A))
		}
		return 0.5 * math.Erfc((d.A-math.Log(x))/(d.B*math.Sqrt2))
	case model.Weibull:
		switch {
		case x < 0:
			return 0
		case d.A == 0:
			return 1
		}
		return -math.Expm1(-math.Pow(x/d.A, d.B))
	case model.Uniform:
		switch {
		case x < d.A:
			return 0
		case x >= d.B:
			return 1
		}
		return (x - d.A) / (d.B - d.A)
	case model.Gamma:
		switch {
		case x < 0:
			return 0
		case d.B == 0 || math.IsInf(x, 1):
			return 1
		}
		return mathext.GammaIncReg(d.A, x/d.B)
	case model.Empirical:
		last := len(d.Points) - 1
		above := sort.Search(last+1, func(i int) bool { return d.Points[i] > x }) // first point above x
		switch {
		case above == 0:
			return 0
		case above > last:
			return 1
		}
		a, b := d.Points[above-1], d.Points[above]
		return (float64(above-1) + (x-a)/(b-a)) / float64(last)
	}
	panic("rng: CDF of an unknown distribution kind")
}

// step is the distribution function of the constant at.
func step(x, at float64) float64 {
	if x < at {
		return 0
	}
	return 1
}

// Mean is the expected value of d, in d's unit; it can be +Inf for an extreme shape.
func Mean(d *model.Dist) float64 {
	switch d.Kind {
	case model.Constant, model.Exponential:
		return d.A
	case model.Lognormal:
		return math.Exp(d.A + d.B*d.B/2)
	case model.Weibull:
		if d.A == 0 {
			return 0
		}
		return d.A * math.Gamma(1+1/d.B)
	case model.Uniform:
		return d.A + (d.B-d.A)/2
	case model.Gamma:
		return d.A * d.B
	case model.Empirical: // the area under the polygon of quantiles
		last := len(d.Points) - 1
		if last == 0 {
			return d.Points[0]
		}
		sum := (d.Points[0] + d.Points[last]) / 2
		for _, v := range d.Points[1:last] {
			sum += v
		}
		return sum / float64(last)
	}
	panic("rng: Mean of an unknown distribution kind")
}

// Validate says what is wrong with d: a parameter that is not a number, infinite or negative, a shape
// that is not positive, bounds or points in descending order, no points, a mean that is not finite.
func Validate(d *model.Dist) error {
	if d.Kind > model.Empirical {
		return fmt.Errorf("unknown distribution kind %d", d.Kind)
	}
	var err error
	switch d.Kind {
	case model.Constant:
		err = amount("value", d.A)
	case model.Exponential:
		err = amount("mean", d.A)
	case model.Lognormal:
		if math.IsNaN(d.A) || math.IsInf(d.A, 0) {
			err = fmt.Errorf("mu must be a finite number, not %v", d.A)
		} else {
			err = amount("sigma", d.B)
		}
	case model.Weibull:
		err = first(amount("scale", d.A), positive("shape", d.B))
	case model.Uniform:
		err = first(amount("lower bound", d.A), amount("upper bound", d.B))
		if err == nil && d.B < d.A {
			err = fmt.Errorf("the upper bound %v is below the lower bound %v", d.B, d.A)
		}
	case model.Gamma:
		err = first(positive("shape", d.A), amount("scale", d.B))
	case model.Empirical:
		if len(d.Points) == 0 {
			return fmt.Errorf("an empirical distribution needs at least one value")
		}
		for i, v := range d.Points {
			if err := amount("value", v); err != nil {
				return err
			}
			if i > 0 && v < d.Points[i-1] {
				return fmt.Errorf("value %v follows %v: values must ascend", v, d.Points[i-1])
			}
		}
	}
	if err != nil {
		return err
	}
	if m := Mean(d); math.IsInf(m, 0) || math.IsNaN(m) {
		return fmt.Errorf("the mean is not finite")
	}
	return nil
}

// amount refuses NaN, infinities and negative numbers.
func amount(what string, v float64) error {
	if !(v >= 0) || math.IsInf(v, 1) {
		return fmt.Errorf("%s must be a finite number of at least 0, not %v", what, v)
	}
	return nil
}

// positive refuses 0 as well.
func positive(what string, v float64) error {
	if !(v > 0) || math.IsInf(v, 1) {
		return fmt.Errorf("%s must be a finite number above 0, not %v", what, v)
	}
	return nil
}

// first is the first error that is one.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
