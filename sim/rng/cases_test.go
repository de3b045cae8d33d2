package rng

import "slasim/model"

// distCase is a distribution with its mean and variance from the textbook formula (N. L. Johnson, S. Kotz
// and N. Balakrishnan, "Continuous univariate distributions", 1994), worked out by hand.
type distCase struct {
	name      string
	d         model.Dist
	mean, vrc float64
}

// must is the distribution of a constructor that cannot fail here.
func must(d model.Dist, err error) model.Dist {
	if err != nil {
		panic(err)
	}
	return d
}

func cases() []distCase {
	return []distCase{
		{"constant", must(ConstantOf(90)), 90, 0},
		{"exponential", must(ExponentialMean(3600)), 3600, 3600 * 3600},
		{"lognormal", must(LognormalMeanCV(1800, 0.8)), 1800, 1440 * 1440},
		// median m, p95 = m·e^{1.6448536σ}: with σ = ½ the mean is m·e^{1/8}, the variance mean²·(e^{1/4} − 1)
		{"lognormal median p95", must(LognormalMedianP95(1000, 2276.016608514318)), 1133.148453066827, 364695.854},
		// shape 2: mean = scale·√π/2, variance = scale²·(1 − π/4)
		{"weibull wear-out", must(WeibullScaleShape(1000, 2)), 886.2269254527580, 214601.83660255172},
		// shape ½: mean = scale·Γ(3) = 2·scale, variance = scale²·(Γ(5) − Γ(3)²) = 20·scale²
		{"weibull early", must(WeibullMeanShape(2000, 0.5)), 2000, 20e6},
		{"uniform", must(UniformOf(600, 1800)), 1200, 1200 * 1200 / 12.0},
		{"gamma", must(GammaMeanCV(1200, 0.5)), 1200, 600 * 600},
		{"gamma shape below 1", must(GammaMeanCV(1200, 2)), 1200, 2400 * 2400},
		// points 0, 60, 600: halves uniform on [0, 60] and [60, 600]: mean (30+330)/2,
		// E X² = ½·60²/3 + ½·(60²+60·600+600²)/3 = 600 + 66600
		{"empirical", must(EmpiricalOf([]float64{0, 60, 600})), 180, 67200 - 180*180},
	}
}
