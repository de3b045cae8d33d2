package stats

import (
	"math"
	"testing"
)

// within reports |a − b| ≤ tol.
func within(a, b, tol float64) bool { return a == b || math.Abs(a-b) <= tol }

// The four cases of table I of R. G. Newcombe, "Two-sided confidence intervals for the single proportion:
// comparison of seven methods", Statistics in Medicine 17 (1998) 857–872 (methods 3 and 5), 95 %.
func TestIntervalsAgainstNewcombe(t *testing.T) {
	for _, c := range []struct {
		k, n                               int
		wilsonLo, wilsonHi, exactL, exactU float64
	}{
		{81, 263, 0.2553, 0.3662, 0.2527, 0.3676},
		{15, 148, 0.0624, 0.1605, 0.0578, 0.1617},
		{0, 20, 0.0000, 0.1611, 0.0000, 0.1684},
		{1, 29, 0.0061, 0.1718, 0.0009, 0.1776},
	} {
		lo, hi := Wilson(float64(c.k), float64(c.n), 0.95)
		if !within(lo, c.wilsonLo, 5e-5) || !within(hi, c.wilsonHi, 5e-5) {
			t.Errorf("Wilson(%d of %d) = %.4f, %.4f", c.k, c.n, lo, hi)
		}
		lo, hi = ClopperPearson(c.k, c.n, 0.95)
		if !within(lo, c.exactL, 5e-5) || !within(hi, c.exactU, 5e-5) {
			t.Errorf("ClopperPearson(%d of %d) = %.4f, %.4f", c.k, c.n, lo, hi)
		}
	}
}

// atLeast is P(X ≥ k) of a binomial, summed term by term.
func atLeast(k, n int, p float64) float64 {
	lg := func(x int) float64 { v, _ := math.Lgamma(float64(x + 1)); return v }
	sum := 0.0
	for i := k; i <= n; i++ {
		sum += math.Exp(lg(n) - lg(i) - lg(n-i) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}

// By definition the bound is the p whose binomial tail is the error allowed.
func TestExactBoundsSolveTheBinomial(t *testing.T) {
	for _, n := range []int{1, 2, 7, 50, 200, 3200} {
		for k := 1; k <= n; k += 1 + n/9 {
			for _, conf := range []float64{0.5, 0.9, 0.95, 0.99} {
				lo := ClopperPearsonLower(k, n, conf)
				if got := atLeast(k, n, lo); !within(got, 1-conf, 1e-9) {
					t.Errorf("P(X ≥ %d of %d | %v) = %v, want %v", k, n, lo, got, 1-conf)
				}
				hi := ClopperPearsonUpper(n-k, n, conf)
				if !within(hi, 1-lo, 1e-12) {
					t.Errorf("the upper bound of %d of %d is not the mirror of the lower of %d", n-k, n, k)
				}
				two, _ := ClopperPearson(k, n, 2*conf-1)
				if conf > 0.5 && !within(two, lo, 1e-12) {
					t.Errorf("the two-sided %v bound of %d of %d is not the one-sided %v bound", 2*conf-1, k, n, conf)
				}
			}
		}
	}
	// All of n: (1−conf)^(1/n). 59 clean years of 59 prove 95 % (0.05^(1/59) = 0.95049), 58 do not (0.94966).
	if ClopperPearsonLower(59, 59, 0.95) < 0.95 || ClopperPearsonLower(58, 58, 0.95) > 0.95 {
		t.Error("59 clean years are the fewest that show 0.95 with 95 % confidence")
	}
}

func TestIntervalsAtTheEnds(t *testing.T) {
	for _, n := range []int{1, 20, 200} {
		if lo, hi := ClopperPearson(0, n, 0.95); lo != 0 || !within(hi, 1-math.Pow(0.025, 1/float64(n)), 1e-12) {
			t.Errorf("none of %d: %v, %v", n, lo, hi)
		}
		if lo, hi := ClopperPearson(n, n, 0.95); hi != 1 || !within(lo, math.Pow(0.025, 1/float64(n)), 1e-12) {
			t.Errorf("all of %d: %v, %v", n, lo, hi)
		}
		if lo, _ := Wilson(0, float64(n), 0.95); lo != 0 {
			t.Errorf("Wilson of none of %d begins at %v", n, lo)
		}
		if _, hi := Wilson(float64(n), float64(n), 0.95); hi != 1 {
			t.Errorf("Wilson of all of %d ends at %v", n, hi)
		}
	}
	if lo, hi := Wilson(0, 0, 0.95); lo != 0 || hi != 1 {
		t.Errorf("nothing seen: %v, %v", lo, hi)
	}
	if lo, hi := ClopperPearson(0, 0, 0.95); lo != 0 || hi != 1 {
		t.Errorf("nothing seen: %v, %v", lo, hi)
	}
	for _, c := range [][3]float64{{-1, 5, 0.95}, {6, 5, 0.95}, {1, 5, 0}, {1, 5, 1}, {math.NaN(), 5, 0.9}} {
		if lo, hi := Wilson(c[0], c[1], c[2]); !math.IsNaN(lo) || !math.IsNaN(hi) {
			t.Errorf("Wilson%v = %v, %v", c, lo, hi)
		}
	}
	for _, c := range []struct {
		k, n int
		conf float64
	}{{6, 5, 0.95}, {-1, 5, 0.95}, {2, 5, 0}, {2, 5, 1}, {2, 5, math.NaN()}} {
		if lo, hi := ClopperPearson(c.k, c.n, c.conf); !math.IsNaN(lo) || !math.IsNaN(hi) {
			t.Errorf("%+v: %v, %v", c, lo, hi)
		}
	}
}

// Exact coverage, by summing the binomial: Clopper–Pearson never below its level; Wilson's average over p
// near it (A. Agresti and B. A. Coull, The American Statistician 52 (1998) 119–126).
func TestCoverageOfTheIntervals(t *testing.T) {
	for _, n := range []int{10, 50, 200} {
		wilson, points := 0.0, 0
		for p := 0.005; p < 1; p += 0.01 {
			exact := 0.0
			for k := range n + 1 {
				mass := exactly(k, n, p)
				if lo, hi := ClopperPearson(k, n, 0.95); lo <= p && p <= hi {
					exact += mass
				}
				if lo, hi := Wilson(float64(k), float64(n), 0.95); lo <= p && p <= hi {
					wilson += mass
				}
			}
			points++
			if exact < 0.95-1e-9 {
				t.Errorf("Clopper–Pearson covers %v of %d with %v", p, n, exact)
			}
		}
		if mean := wilson / float64(points); math.Abs(mean-0.95) > 0.01 {
			t.Errorf("Wilson covers %v on average of %d", mean, n)
		}
	}
}

// exactly is the binomial probability of k of n.
func exactly(k, n int, p float64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return math.Exp(a - b - c + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
}

// 97.5 % points of Student's t to 12 digits, from mpmath's incomplete beta function at 30 digits (and as
// in every printed table: 12.706, 2.571, 2.228, 2.042, 1.984).
func TestStudentTable(t *testing.T) {
	for _, c := range []struct {
		df   int
		want float64
	}{
		{1, 12.7062047362}, {2, 4.30265272975}, {5, 2.57058183564}, {10, 2.22813885199},
		{30, 2.0422724563}, {100, 1.98397151852}, {199, 1.97195654425},
	} {
		for range 2 { // the second time from memory
			if got := studentT(c.df, 0.95); !within(got, c.want, 1e-10*c.want) {
				t.Errorf("t(%d) = %v, want %v", c.df, got, c.want)
			}
		}
	}
}
