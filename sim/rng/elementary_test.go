package rng

import (
	"math"
	"testing"
)

// ln and exp against package math, over all the arguments that sampling has: uniforms down to 2⁻⁵³ and their
// complements, normal quantiles times any sigma.
func TestElementary(t *testing.T) {
	const bound = 1e-13
	near := func(what string, x, got, want float64) {
		if math.Abs(got-want) > bound*math.Abs(want) {
			t.Errorf("%s(%v) = %v, not %v", what, x, got, want)
		}
	}
	r := Key{Seed: 1, Stream: 9}.New()
	for range 300_000 {
		u := r.Float64()
		near("ln", u, ln(u), math.Log(u))
		near("ln", 1-u*1e-3, ln(1-u*1e-3), math.Log(1-u*1e-3))
		small := u * math.Pow(2, -60*r.Float64())
		near("ln", small, ln(small), math.Log(small))
		big := 1 / small
		near("ln", big, ln(big), math.Log(big))
		x := 700 * (2*u - 1)
		near("exp", x, exp(x), math.Exp(x))
		near("exp", x/100, exp(x/100), math.Exp(x/100))
	}
	for _, x := range []float64{0x1p-53, 0x1p-52, 0.5, 0.6875, math.Nextafter(0.6875, 0), 1, 1 - 0x1p-53, 1 + 0x1p-52, 1.375, 2} {
		near("ln", x, ln(x), math.Log(x))
	}
	if ln(1) != 0 || exp(0) != 1 || exp(1000) != math.Inf(1) || exp(-1000) != 0 {
		t.Error("ends:", ln(1), exp(0), exp(1000), exp(-1000))
	}
}

func BenchmarkElementary(b *testing.B) {
	var x [1024]float64
	r := Key{Seed: 1}.New()
	for i := range x {
		x[i] = r.Float64()
	}
	for _, f := range []struct {
		name string
		f    func(float64) float64
	}{{"ln", ln}, {"math.Log", math.Log}, {"exp", exp}, {"math.Exp", math.Exp}} {
		b.Run(f.name, func(b *testing.B) {
			s := 0.0
			for i := range b.N {
				s = f.f(x[i%1024] + s*1e-300) // each waits for the last
			}
			_ = s
		})
	}
}
