package rng

import "math/bits"

// Rand is a stream of draws: the generator PCG-DXSM (M. E. O'Neill, "PCG: a family of simple fast
// space-efficient statistically good algorithms for random number generation", 2014), the same as the PCG of
// math/rand/v2, whose state cannot stay in registers. A copy continues from the same place.
type Rand struct{ hi, lo uint64 }

// Next is the next draw, uniform on all 64-bit numbers, and the stream after it.
func (r Rand) Next() (Rand, uint64) {
	const ( // the multiplier and the increment of the 128-bit congruence
		mulHi = 2549297995355413924
		mulLo = 4865540595714422341
		incHi = 6364136223846793005
		incLo = 1442695040888963407
	)
	hi, lo := bits.Mul64(r.lo, mulLo)
	hi += r.hi*mulLo + r.lo*mulHi
	lo, carry := bits.Add64(lo, incLo, 0)
	hi += incHi + carry
	w := (hi ^ hi>>32) * 0xda942042e4dd58b5
	return Rand{hi, lo}, (w ^ w>>48) * (lo | 1)
}

// Uint64 is the next draw, uniform on all 64-bit numbers.
func (r *Rand) Uint64() uint64 {
	s, w := r.Next()
	*r = s
	return w
}

// Float64 is the next draw, uniform on the 2⁵² midpoints (i + ½)/2⁵² and so strictly inside (0, 1): its
// logarithm and that of 1 − it are finite, and both it and 1 − it are exact.
func (r *Rand) Float64() float64 { return unit(r.Uint64()) }

func unit(w uint64) float64 { return (float64(w>>12) + 0.5) * (1.0 / (1 << 52)) }

// Intn is uniform on 0 … n−1, exactly (D. Lemire, "Fast random integer generation in an interval", 2019);
// it may take more than one draw, with probability n/2⁶⁴. It panics unless n > 0.
func (r *Rand) Intn(n int) int {
	if n <= 0 {
		panic("rng: Intn of a number below 1")
	}
	hi, lo := bits.Mul64(r.Uint64(), uint64(n))
	if lo < uint64(n) {
		for floor := -uint64(n) % uint64(n); lo < floor; {
			hi, lo = bits.Mul64(r.Uint64(), uint64(n))
		}
	}
	return int(hi)
}

// Bernoulli is true with probability p, in one draw: never for p ≤ 0, always for p ≥ 1.
func (r *Rand) Bernoulli(p float64) bool { return r.Float64() < p }

// NextExp is an exponential span with the given mean, in the mean's unit, by inversion of one draw.
func NextExp(r *Rand, mean float64) float64 {
	s, w := r.Next()
	*r = s
	return -mean * ln(1-unit(w))
}
