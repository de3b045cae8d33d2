package rng

import (
	"math"
	"sort"
	"testing"
	"time"

	"slasim/model"
)

// near reports whether a and b agree to tol relative (absolute below 1).
func near(a, b, tol float64) bool {
	return a == b || math.Abs(a-b) <= tol*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}

// Quantiles to 17 digits from mpmath's erfc at 60 digits, the argument being the float64 nearest p.
func TestNormalQuantileTable(t *testing.T) {
	for _, c := range []struct{ p, z float64 }{
		{1e-300, -37.0470962993611992},
		{1e-20, -9.26234008979840758},
		{1e-10, -6.3613409024040562},
		{0.0001, -3.71901648545568055},
		{0.01, -2.32634787404084109},
		{0.025, -1.95996398454005421},
		{0.074, -1.44663206715897851},
		{0.075, -1.43953147093845593},
		{0.076, -1.43250272082581162},
		{0.3, -0.524400512708040816},
		{0.5, 0},
		{0.6, 0.253347103135799741},
		{0.9, 1.28155156554460059},
		{0.95, 1.64485362695147228},
		{0.975, 1.95996398454005386},
		{0.999, 3.09023230616781328},
	} {
		if got := NormalQuantile(c.p); math.Abs(got-c.z) > 1e-15*math.Abs(c.z) {
			t.Errorf("NormalQuantile(%v) = %.17g, want %.17g", c.p, got, c.z)
		}
	}
	if !math.IsInf(NormalQuantile(0), -1) || !math.IsInf(NormalQuantile(1), 1) {
		t.Error("the quantiles of 0 and 1 are infinite")
	}
	for _, p := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
		if !math.IsNaN(NormalQuantile(p)) {
			t.Errorf("NormalQuantile(%v) is not NaN", p)
		}
	}
}

func TestFloat64IsStrictlyInside(t *testing.T) {
	// The extreme words of the generator, by the formula of Float64.
	for _, u := range []uint64{0, math.MaxUint64} {
		x := (float64(u>>12) + 0.5) * (1.0 / (1 << 52))
		if !(x > 0 && x < 1) || 1-(1-x) != x {
			t.Errorf("word %#x becomes %v", u, x)
		}
	}
	r := Key{Seed: 3}.New()
	for range 100_000 {
		if x := r.Float64(); !(x > 0 && x < 1) {
			t.Fatalf("%v", x)
		}
	}
}

func TestIntnAndBernoulli(t *testing.T) {
	r := Key{Seed: 11}.New()
	const n = 120_000
	var count [6]float64
	heads := 0.0
	for range n {
		count[r.Intn(6)]++
		if r.Bernoulli(0.3) {
			heads++
		}
	}
	for face, c := range count {
		if se := math.Sqrt(n * 1 / 6.0 * 5 / 6); math.Abs(c-n/6) > 4*se {
			t.Errorf("face %d came %v times in %d", face, c, n)
		}
	}
	if se := math.Sqrt(n * 0.3 * 0.7); math.Abs(heads-0.3*n) > 4*se {
		t.Errorf("%v heads in %d at 0.3", heads, n)
	}
	if r.Bernoulli(0) || !r.Bernoulli(1) {
		t.Error("probabilities 0 and 1 are certain")
	}
	if big := r.Intn(math.MaxInt); big < 0 {
		t.Errorf("Intn gave %d", big)
	}
}

func TestLawsOfEveryDistribution(t *testing.T) {
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) {
			if err := Validate(&c.d); err != nil {
				t.Fatal(err)
			}
			if got := Mean(&c.d); !near(got, c.mean, 1e-9) {
				t.Errorf("mean %v, want %v", got, c.mean)
			}
			checkInverse(t, &c.d)
			checkSample(t, c)
			checkRounding(t, &c.d)
		})
	}
}

// checkInverse: quantiles ascend, and the distribution function undoes them where it has no atom.
func checkInverse(t *testing.T, d *model.Dist) {
	last := math.Inf(-1)
	for i := range 2001 {
		p := float64(i) / 2000
		x := Quantile(d, p)
		if x < last || x < 0 || math.IsNaN(x) {
			t.Fatalf("quantile(%v) = %v after %v", p, x, last)
		}
		last = x
		back := CDF(d, x)
		if d.Kind == model.Constant {
			if back != 1 || CDF(d, x-1e-9) != 0 {
				t.Fatalf("a constant's distribution function steps at its value")
			}
		} else if !near(back, p, 1e-9) {
			t.Fatalf("CDF(quantile(%v) = %v) = %v", p, x, back)
		}
	}
	if CDF(d, -1) != 0 || CDF(d, math.Inf(1)) != 1 {
		t.Errorf("the distribution function goes from %v to %v", CDF(d, -1), CDF(d, math.Inf(1)))
	}
	for _, p := range []float64{-0.01, 1.01, math.NaN()} {
		if !math.IsNaN(Quantile(d, p)) {
			t.Errorf("quantile(%v) is not NaN", p)
		}
	}
	if !math.IsNaN(CDF(d, math.NaN())) {
		t.Error("CDF(NaN) is not NaN")
	}
}

// checkSample: mean within four standard errors, variance within 10 %, and the
// Kolmogorov–Smirnov distance below its 10⁻⁴ point 2.23/√n (Kolmogorov 1933: P(√n·D > x) → 2·exp(−2x²)).
func checkSample(t *testing.T, c distCase) {
	const n = 40_000
	r := Key{Seed: 5, Entity: HashName(c.name)}.New()
	x := make([]float64, n)
	sum := 0.0
	for i := range x {
		x[i] = SampleFloat(&c.d, &r)
		sum += x[i]
	}
	mean := sum / n
	if se := math.Sqrt(c.vrc / n); math.Abs(mean-c.mean) > 4*se {
		t.Errorf("sample mean %v, want %v ± %v", mean, c.mean, 4*se)
	}
	ss := 0.0
	for _, v := range x {
		ss += (v - mean) * (v - mean)
	}
	if math.Abs(ss/n-c.vrc) > 0.1*c.vrc {
		t.Errorf("sample variance %v, want %v", ss/n, c.vrc)
	}
	if c.d.Kind == model.Constant {
		return
	}
	sort.Float64s(x)
	worst := 0.0
	for i, v := range x {
		f := CDF(&c.d, v)
		worst = math.Max(worst, math.Max(f-float64(i)/n, float64(i+1)/n-f))
	}
	if worst > 2.23/math.Sqrt(n) {
		t.Errorf("Kolmogorov–Smirnov distance %v of %d draws", worst, n)
	}
}

// checkRounding: Sample is SampleFloat in whole seconds, and all but the gamma are Quantile of one draw.
func checkRounding(t *testing.T, d *model.Dist) {
	a := Key{Seed: 9}.New()
	b, c := a, a
	for range 1000 {
		whole, x := Sample(d, &a), SampleFloat(d, &b)
		if whole%time.Second != 0 || whole < 0 || math.Abs(whole.Seconds()-x) > 0.5 {
			t.Fatalf("%v from %v s", whole, x)
		}
		if d.Kind == model.Constant || d.Kind == model.Gamma {
			continue
		}
		if q := Quantile(d, c.Float64()); math.Abs(q-x) > 1e-13*q { // what ln and exp are good for
			t.Fatalf("%v is not the quantile %v", x, q)
		}
	}
}

func TestSampleCutsAtMaxSpan(t *testing.T) {
	d := must(ConstantOf(1e12)) // 32,000 years
	r := Key{}.New()
	if got := Sample(&d, &r); got != MaxSpan || got%time.Second != 0 || got+got < 0 {
		t.Errorf("%v", got)
	}
}

func TestNextExpIsTheExponential(t *testing.T) {
	d := must(ExponentialMean(250))
	a := Key{Seed: 2}.New()
	b := a
	for range 100 {
		if x, y := NextExp(&a, 250), SampleFloat(&d, &b); x != y {
			t.Fatalf("%v, %v", x, y)
		}
	}
}

// Values from other sources than the code: the named formula by hand.
func TestConstructorsHitTheirParameters(t *testing.T) {
	median := must(LognormalMedianP95(1200, 5400))
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"lognormal median", Quantile(&median, 0.5), 1200},
		{"lognormal p95", Quantile(&median, 0.95), 5400},
		{"lognormal sigma", must(LognormalMeanCV(1, 1)).B, math.Sqrt(math.Ln2)}, // ln(1 + 1)
		{"lognormal median of mean 1, cv 1", math.Exp(must(LognormalMeanCV(1, 1)).A), math.Sqrt(0.5)},
		{"weibull shape 1 is exponential", must(WeibullMeanShape(77, 1)).A, 77},
		{"gamma shape", must(GammaMeanCV(10, 0.5)).A, 4},
		{"gamma scale", must(GammaMeanCV(10, 0.5)).B, 2.5},
	} {
		if !near(c.got, c.want, 1e-12) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestConstructorsRefuse(t *testing.T) {
	bad := map[string]func(v float64) (model.Dist, error){
		"constant":           ConstantOf,
		"exponential":        ExponentialMean,
		"lognormal mean":     func(v float64) (model.Dist, error) { return LognormalMeanCV(v, 1) },
		"lognormal cv":       func(v float64) (model.Dist, error) { return LognormalMeanCV(1, v) },
		"lognormal median":   func(v float64) (model.Dist, error) { return LognormalMedianP95(v, 1) },
		"lognormal p95":      func(v float64) (model.Dist, error) { return LognormalMedianP95(1, v) },
		"weibull mean":       func(v float64) (model.Dist, error) { return WeibullMeanShape(v, 1) },
		"weibull mean shape": func(v float64) (model.Dist, error) { return WeibullMeanShape(1, v) },
		"weibull scale":      func(v float64) (model.Dist, error) { return WeibullScaleShape(v, 1) },
		"weibull shape":      func(v float64) (model.Dist, error) { return WeibullScaleShape(1, v) },
		"uniform lower":      func(v float64) (model.Dist, error) { return UniformOf(v, 2) },
		"uniform upper":      func(v float64) (model.Dist, error) { return UniformOf(0, v) },
		"gamma mean":         func(v float64) (model.Dist, error) { return GammaMeanCV(v, 1) },
		"gamma cv":           func(v float64) (model.Dist, error) { return GammaMeanCV(1, v) },
		"empirical":          func(v float64) (model.Dist, error) { return EmpiricalOf([]float64{v}) },
	}
	for name, build := range bad {
		for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1} {
			if d, err := build(v); err == nil {
				t.Errorf("%s takes %v: %+v", name, v, d)
			}
		}
	}
	for name, build := range map[string]func() (model.Dist, error){
		"descending bounds":     func() (model.Dist, error) { return UniformOf(2, 1) },
		"descending values":     func() (model.Dist, error) { return EmpiricalOf([]float64{1, 3, 2}) },
		"no values":             func() (model.Dist, error) { return EmpiricalOf(nil) },
		"p95 below median":      func() (model.Dist, error) { return LognormalMedianP95(2, 1) },
		"zero median":           func() (model.Dist, error) { return LognormalMedianP95(0, 1) },
		"zero shape":            func() (model.Dist, error) { return WeibullScaleShape(1, 0) },
		"infinite weibull mean": func() (model.Dist, error) { return WeibullScaleShape(1, 1e-3) },
	} {
		if d, err := build(); err == nil {
			t.Errorf("%s taken: %+v", name, d)
		}
	}
	if Validate(&model.Dist{Kind: model.Empirical + 1}) == nil {
		t.Error("an unknown kind is valid")
	}
}

func TestZeroMeansAreConstants(t *testing.T) {
	r := Key{}.New()
	for name, d := range map[string]model.Dist{
		"exponential":   must(ExponentialMean(0)),
		"lognormal":     must(LognormalMeanCV(0, 1)),
		"weibull":       must(WeibullMeanShape(0, 2)),
		"uniform":       must(UniformOf(0, 0)),
		"gamma":         must(GammaMeanCV(0, 1)),
		"empirical":     must(EmpiricalOf([]float64{0})),
		"the zero Dist": {},
	} {
		if Sample(&d, &r) != 0 || Mean(&d) != 0 || CDF(&d, 0) != 1 || Quantile(&d, 1) != 0 {
			t.Errorf("%s with mean 0 is not the constant 0", name)
		}
	}
}

func TestScaleIsTheLawOfAMultiple(t *testing.T) {
	for _, c := range cases() {
		for _, factor := range []float64{0, 0.25, 1, 3} {
			s := Scale(&c.d, factor)
			if err := Validate(&s); err != nil {
				t.Fatalf("%s × %v: %v", c.name, factor, err)
			}
			for _, p := range []float64{0.01, 0.5, 0.99} {
				if got, want := Quantile(&s, p), factor*Quantile(&c.d, p); !near(got, want, 1e-9) {
					t.Errorf("%s × %v: quantile(%v) = %v, want %v", c.name, factor, p, got, want)
				}
			}
		}
	}
	for _, factor := range []float64{-1, math.NaN(), math.Inf(1)} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Scale by %v did not panic", factor)
				}
			}()
			d := must(ConstantOf(1))
			Scale(&d, factor)
		}()
	}
}

// With atoms (repeated values) the distribution function jumps and the quantile is flat.
func TestEmpiricalWithRepeatedValues(t *testing.T) {
	d := must(EmpiricalOf([]float64{1, 2, 2, 2, 4})) // mass ½ at 2: quantiles 0.25 to 0.75
	for _, c := range []struct{ x, want float64 }{{0.5, 0}, {1, 0}, {1.5, 0.125}, {2, 0.75}, {3, 0.875}, {4, 1}} {
		if got := CDF(&d, c.x); got != c.want {
			t.Errorf("CDF(%v) = %v, want %v", c.x, got, c.want)
		}
	}
	for _, c := range []struct{ p, want float64 }{{0, 1}, {0.25, 2}, {0.5, 2}, {0.75, 2}, {0.875, 3}, {1, 4}} {
		if got := Quantile(&d, c.p); got != c.want {
			t.Errorf("quantile(%v) = %v, want %v", c.p, got, c.want)
		}
	}
}
