package stats

import (
	"math"
	"math/bits"
)

// A span below 2·subBuckets seconds has a bucket of its own; above, every octave is cut into subBuckets
// equal buckets, so the middle of a bucket is within ½/512 < 0.1 % of every value in it.
const (
	subBits    = 9
	subBuckets = 1 << subBits
	maxBits    = 32 // spans of 2³² s (136 years) and more share the last bucket
	numBuckets = (maxBits - subBits + 1) * subBuckets
)

// Histogram counts spans of whole seconds in buckets that are exact below 1024 s (17 min) and at most
// 0.2 % wide above. The zero value is empty; the first span brings 48 kB. Counts are integers: the order
// of Add and Merge does not matter. A copy is no second histogram.
type Histogram struct {
	counts   *[numBuckets]uint32 // apart, so that what is touched at every Add lies close together; nil: empty
	n, sum   int64
	min, max int64 // of the spans themselves; 0 of none
}

// bucket is the index of the bucket of v ≥ 0: v itself below 1024, else the position of the leading bit
// and the nine bits below it.
func bucket(v int64) int {
	if v < 2*subBuckets {
		return int(v)
	}
	if v >= 1<<maxBits {
		return numBuckets - 1
	}
	shift := bits.Len64(uint64(v)) - subBits - 1
	return shift*subBuckets + int(v>>shift)
}

// middle is the middle of a bucket in whole seconds, rounded down.
func middle(i int) int64 {
	if i < 2*subBuckets {
		return int64(i)
	}
	shift := i/subBuckets - 1
	low := int64(i-shift*subBuckets) << shift
	return low + (int64(1)<<shift-1)/2
}

// Add counts a span of seconds. It panics if the span is negative, or past 2³² − 1 spans in one bucket.
func (h *Histogram) Add(seconds int64) {
	if seconds < 0 {
		panic("stats: Histogram.Add of a negative span")
	}
	if h.counts == nil {
		h.open(seconds)
	}
	c := &h.counts[bucket(seconds)]
	if *c++; *c == 0 {
		panic("stats: a bucket of Histogram is full")
	}
	h.min = min(h.min, seconds)
	h.max = max(h.max, seconds)
	h.n++
	h.sum += seconds
}

// open makes room for the first span.
func (h *Histogram) open(first int64) {
	h.counts, h.min = new([numBuckets]uint32), first
}

// Merge adds the counts of o, which stays as it is.
func (h *Histogram) Merge(o *Histogram) {
	if o.n == 0 {
		return
	}
	if h.counts == nil {
		h.open(o.min)
	}
	for i, c := range o.counts {
		sum, carry := bits.Add32(h.counts[i], c, 0)
		if carry != 0 {
			panic("stats: a bucket of Histogram is full")
		}
		h.counts[i] = sum
	}
	h.min = min(h.min, o.min)
	h.max = max(h.max, o.max)
	h.n += o.n
	h.sum += o.sum
}

// Count is how many spans were added.
func (h *Histogram) Count() int64 { return h.n }

// Sum is the exact sum of the spans, in seconds.
func (h *Histogram) Sum() int64 { return h.sum }

// Max is the longest span, exactly, in seconds; 0 of none.
func (h *Histogram) Max() int64 { return h.max }

// Mean is the exact mean in seconds, NaN of none.
func (h *Histogram) Mean() float64 { return float64(h.sum) / float64(h.n) }

// Quantile is the smallest span that at least the share p of all do not exceed (Percentile's definition),
// in seconds: exact below 1024 s, else the middle of its bucket, at most 0.1 % away, never outside the
// smallest and largest span added. NaN of no spans or unless 0 ≤ p ≤ 1.
func (h *Histogram) Quantile(p float64) float64 {
	if h.n == 0 || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	want := rank(p, h.n)
	if want == h.n {
		return float64(h.max)
	}
	for i, c := range h.counts {
		want -= int64(c)
		if want <= 0 {
			return float64(min(h.max, max(h.min, middle(i))))
		}
	}
	panic("stats: the counts of Histogram do not add up")
}

// Sections is into how many groups replications are dealt for the interval of a quantile.
const Sections = 20

// SectionOf is the section of a replication. It depends on nothing else, so a longer run keeps the
// sections of a shorter one.
func SectionOf(rep int) int { return rep % Sections }

// QuantileEstimate is a quantile with its interval.
type QuantileEstimate struct {
	Value    float64 // of all sections together, in seconds; NaN without spans
	Lo, Hi   float64 // NaN with fewer than two sections that hold spans
	Sections int     // that hold spans
	// Thin: fewer than MinTail spans a section are expected beyond the quantile, so the sections'
	// quantiles are hardly more than extremes and the interval is only indicative.
	Thin bool
}

// MinTail is the fewest expected spans beyond a quantile, a section, for its interval to be trusted. An
// assumption: the rule of five of the chi-square test.
const MinTail = 5

// QuantileInterval is the p quantile of all spans and its interval by sectioning (S. Asmussen and P. W.
// Glynn, "Stochastic simulation", 2007, ch. III): with the quantile qᵢ of each of m sections,
//
//	q ± t·√(Σ (qᵢ − q)² / (m−1) / m),  t of Student with m − 1 degrees of freedom
//
// around the quantile q of all, less biased than the mean of the qᵢ. Each histogram holds the spans of
// one section: of equally many replications, none in two sections. Ten to twenty sections are usual; with
// fewer replications each is its own section.
func QuantileInterval(sections []*Histogram, p, conf float64) QuantileEstimate {
	var all Histogram
	m := 0
	for _, h := range sections {
		all.Merge(h)
		if h.n > 0 {
			m++
		}
	}
	e := QuantileEstimate{Value: all.Quantile(p), Lo: math.NaN(), Hi: math.NaN(), Sections: m, Thin: true}
	if m < 2 || math.IsNaN(e.Value) {
		return e
	}
	ss := 0.0
	for _, h := range sections {
		if h.n > 0 {
			d := h.Quantile(p) - e.Value
			ss += d * d
		}
	}
	half := studentT(m-1, conf) * math.Sqrt(ss/float64(m-1)/float64(m))
	e.Lo, e.Hi = math.Max(0, e.Value-half), e.Value+half
	e.Thin = float64(all.n)*math.Min(p, 1-p) < MinTail*float64(m)
	return e
}
