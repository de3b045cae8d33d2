package stats

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Wilson is the two-sided score interval of a proportion of which k of n were seen (E. B. Wilson, JASA 22
// (1927) 209–212):
//
//	(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n),  p = k/n
//
// k and n may be fractions, as an effective sample size is. n = 0 gives (0, 1): nothing is known. NaN
// unless 0 ≤ k ≤ n and 0 < conf < 1.
func Wilson(k, n, conf float64) (lo, hi float64) {
	if !(k >= 0 && k <= n && conf > 0 && conf < 1) || math.IsInf(n, 1) {
		return math.NaN(), math.NaN()
	}
	if n == 0 {
		return 0, 1
	}
	p, z := k/n, distuv.UnitNormal.Quantile(0.5+conf/2)
	w := z * z / n
	mid := (p + w/2) / (1 + w)
	half := z * math.Sqrt(p*(1-p)/n+w/(4*n)) / (1 + w)
	lo, hi = max(0, mid-half), min(1, mid+half)
	if k == 0 {
		lo = 0
	}
	if k == n {
		hi = 1
	}
	return lo, hi
}

// ClopperPearson is the exact two-sided interval of a proportion of which k of n were seen, with
// (1 − conf)/2 in each tail of the binomial (C. J. Clopper and E. S. Pearson, Biometrika 26 (1934)
// 404–413), as quantiles of the beta distribution. n = 0 gives (0, 1). NaN unless 0 ≤ k ≤ n and
// 0 < conf < 1.
func ClopperPearson(k, n int, conf float64) (lo, hi float64) {
	if !(conf > 0) {
		return math.NaN(), math.NaN()
	}
	return exactLower(k, n, (1-conf)/2), exactUpper(k, n, (1-conf)/2)
}

// ClopperPearsonLower is the exact one-sided lower bound: the proportion is at least this with confidence
// conf.
func ClopperPearsonLower(k, n int, conf float64) float64 { return exactLower(k, n, 1-conf) }

// ClopperPearsonUpper is the exact one-sided upper bound.
func ClopperPearsonUpper(k, n int, conf float64) float64 { return exactUpper(k, n, 1-conf) }

// exactLower is the p at which k or more of n have probability tail.
func exactLower(k, n int, tail float64) float64 {
	switch {
	case k < 0 || k > n || !(tail > 0 && tail < 1):
		return math.NaN()
	case k == 0:
		return 0
	case k == n:
		return math.Pow(tail, 1/float64(n))
	}
	return mathext.InvRegIncBeta(float64(k), float64(n-k+1), tail)
}

// exactUpper is the p at which k or fewer of n have probability tail.
func exactUpper(k, n int, tail float64) float64 {
	switch {
	case k < 0 || k > n || !(tail > 0 && tail < 1):
		return math.NaN()
	case k == n:
		return 1
	}
	return 1 - exactLower(n-k, n, tail)
}

// tQuantiles remembers Student-t quantiles, which cost 20 µs each, by studentKey.
var tQuantiles sync.Map

type studentKey struct {
	df   int
	conf float64
}

// studentT is the t with P(|T| ≤ t) = conf for df ≥ 1 degrees of freedom.
func studentT(df int, conf float64) float64 {
	key := studentKey{df, conf}
	if v, ok := tQuantiles.Load(key); ok {
		return v.(float64)
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(df)}.Quantile(0.5 + conf/2)
	tQuantiles.Store(key, t)
	return t
}
