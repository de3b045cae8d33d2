package rng

import (
	"fmt"
	"math"
	"slices"

	"slasim/model"
)

// z95 is the standard normal quantile of 0.95.
const z95 = 1.6448536269514722

// ConstantOf is always v ≥ 0.
func ConstantOf(v float64) (model.Dist, error) {
	return checked(model.Dist{Kind: model.Constant, A: v})
}

// ExponentialMean is exponential with the given mean ≥ 0.
func ExponentialMean(mean float64) (model.Dist, error) {
	return checked(model.Dist{Kind: model.Exponential, A: mean})
}

// LognormalMeanCV is lognormal with the given mean ≥ 0 and coefficient of variation cv ≥ 0 (standard
// deviation / mean): σ² = ln(1 + cv²), μ = ln mean − σ²/2. A zero mean or cv gives a constant.
func LognormalMeanCV(mean, cv float64) (model.Dist, error) {
	if err := first(amount("mean", mean), amount("cv", cv)); err != nil {
		return model.Dist{}, err
	}
	if mean == 0 || cv == 0 {
		return ConstantOf(mean)
	}
	s2 := math.Log1p(cv * cv)
	return checked(model.Dist{Kind: model.Lognormal, A: math.Log(mean) - s2/2, B: math.Sqrt(s2)})
}

// LognormalMedianP95 is lognormal with the given median > 0 and 95 % quantile ≥ median: μ = ln median,
// σ = ln(p95/median)/z with Φ(z) = 0.95.
func LognormalMedianP95(median, p95 float64) (model.Dist, error) {
	if err := first(positive("median", median), positive("p95", p95)); err != nil {
		return model.Dist{}, err
	}
	if p95 < median {
		return model.Dist{}, fmt.Errorf("the p95 %v is below the median %v", p95, median)
	}
	return checked(model.Dist{Kind: model.Lognormal, A: math.Log(median), B: math.Log(p95/median) / z95})
}

// WeibullMeanShape is Weibull with the given mean ≥ 0 and shape > 0: scale = mean / Γ(1 + 1/shape). A shape
// below 1 is early failure, 1 exponential, above 1 wear-out.
func WeibullMeanShape(mean, shape float64) (model.Dist, error) {
	if err := first(amount("mean", mean), positive("shape", shape)); err != nil {
		return model.Dist{}, err
	}
	return WeibullScaleShape(mean/math.Gamma(1+1/shape), shape)
}

// WeibullScaleShape is Weibull with P(X > x) = exp(−(x/scale)^shape), scale ≥ 0, shape > 0.
func WeibullScaleShape(scale, shape float64) (model.Dist, error) {
	return checked(model.Dist{Kind: model.Weibull, A: scale, B: shape})
}

// UniformOf is uniform on [a, b), 0 ≤ a ≤ b.
func UniformOf(a, b float64) (model.Dist, error) {
	return checked(model.Dist{Kind: model.Uniform, A: a, B: b})
}

// GammaMeanCV is gamma with the given mean ≥ 0 and coefficient of variation cv ≥ 0: shape = 1/cv²,
// scale = mean·cv². A zero mean or cv gives a constant.
func GammaMeanCV(mean, cv float64) (model.Dist, error) {
	if err := first(amount("mean", mean), amount("cv", cv)); err != nil {
		return model.Dist{}, err
	}
	if mean == 0 || cv == 0 {
		return ConstantOf(mean)
	}
	return checked(model.Dist{Kind: model.Gamma, A: 1 / (cv * cv), B: mean * cv * cv})
}

// EmpiricalOf takes n ascending values as the quantiles 0, 1/(n−1), …, 1, interpolated linearly
// (definition 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", 1996). Its mean
// is that of the polygon, which halves the weight of the two extremes. The values are copied.
func EmpiricalOf(sorted []float64) (model.Dist, error) {
	return checked(model.Dist{Kind: model.Empirical, Points: slices.Clone(sorted)})
}

// Scale is the distribution of factor·X. It panics unless factor is a finite number of at least 0; d must
// be valid.
func Scale(d *model.Dist, factor float64) model.Dist {
	if err := amount("factor", factor); err != nil {
		panic("rng: Scale: " + err.Error())
	}
	s := *d
	if factor == 0 {
		return model.Dist{}
	}
	switch d.Kind {
	case model.Constant, model.Exponential, model.Weibull:
		s.A *= factor
	case model.Lognormal:
		s.A += math.Log(factor)
	case model.Uniform:
		s.A *= factor
		s.B *= factor
	case model.Gamma:
		s.B *= factor
	case model.Empirical:
		s.Points = make([]float64, len(d.Points))
		for i, v := range d.Points {
			s.Points[i] = v * factor
		}
	}
	return s
}

// checked returns d if it is valid.
func checked(d model.Dist) (model.Dist, error) {
	if err := Validate(&d); err != nil {
		return model.Dist{}, err
	}
	return d, nil
}
