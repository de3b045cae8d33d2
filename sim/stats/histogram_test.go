package stats

import (
	"math"
	"slices"
	"testing"

	"slasim/sim/rng"
)

func TestBucketsPartitionTheSpans(t *testing.T) {
	last := -1
	check := func(v int64) {
		i := bucket(v)
		if i < last || i >= numBuckets {
			t.Fatalf("%d s is in bucket %d after bucket %d", v, i, last)
		}
		last = i
		if m := middle(i); math.Abs(float64(m-v)) > 0.001*float64(v) || v < 1024 && m != v {
			t.Fatalf("%d s reads as %d s", v, m)
		}
	}
	for v := range int64(1 << 17) {
		check(v)
	}
	for b := 17; b < maxBits; b++ { // each octave: both ends and around a bucket edge
		for _, v := range []int64{1 << b, 1<<b + 1, 1<<b + 1<<(b-9) - 1, 1<<b + 1<<(b-9), 1<<(b+1) - 1} {
			check(v)
		}
	}
	if bucket(1<<maxBits-1) != numBuckets-1 || bucket(math.MaxInt64) != numBuckets-1 {
		t.Error("the last bucket takes all longer spans")
	}
}

// A histogram's quantile is the sorted values' percentile to 0.1 %, exactly below 1024 s.
func TestHistogramQuantileAgainstSortedValues(t *testing.T) {
	r := rng.Key{Seed: 31, Entity: rng.HashName("histogram")}.New()
	for _, mean := range []float64{200, 9000, 4e6} {
		var h Histogram
		var values []float64
		sum := int64(0)
		for range 5000 {
			v := int64(rng.NextExp(&r, mean))
			h.Add(v)
			sum += v
			values = append(values, float64(v))
		}
		slices.Sort(values)
		for _, p := range []float64{0, 0.001, 0.1, 0.5, 0.9, 0.95, 0.99, 0.9999, 1} {
			got, want := h.Quantile(p), Percentile(values, p)
			if math.Abs(got-want) > 0.001*want || want < 1024 && got != want {
				t.Errorf("mean %v: quantile(%v) = %v, want %v", mean, p, got, want)
			}
		}
		if h.Count() != 5000 || h.Sum() != sum || h.Mean() != float64(sum)/5000 || float64(h.Max()) != values[4999] {
			t.Errorf("count %d, sum %d, mean %v, max %d", h.Count(), h.Sum(), h.Mean(), h.Max())
		}
	}
}

func TestHistogramOfOneValueReadsThatValue(t *testing.T) {
	for _, v := range []int64{0, 1, 1023, 1024, 14_401, 1 << 40} {
		var h Histogram
		h.Add(v)
		for _, p := range []float64{0, 0.5, 1} {
			if got := h.Quantile(p); got != float64(v) {
				t.Errorf("quantile(%v) of %d is %v", p, v, got)
			}
		}
	}
}

func TestHistogramMergeIsAdding(t *testing.T) {
	r := rng.Key{Seed: 32}.New()
	var a, b, both Histogram
	for i := range 1000 {
		v := int64(r.Intn(100_000))
		both.Add(v)
		if i%3 == 0 {
			a.Add(v)
		} else {
			b.Add(v)
		}
	}
	same := func(x, y *Histogram) bool {
		return *x.counts == *y.counts && x.n == y.n && x.sum == y.sum && x.min == y.min && x.max == y.max
	}
	var ab, ba Histogram
	ab.Merge(&a)
	ab.Merge(&b)
	ba.Merge(&b)
	ba.Merge(&a)
	if !same(&ab, &both) || !same(&ba, &both) {
		t.Error("merged halves differ from the whole")
	}
	ab.Merge(&Histogram{})
	var fresh Histogram
	fresh.Merge(&both)
	if !same(&ab, &both) || !same(&fresh, &both) {
		t.Error("merging with nothing changes something")
	}
}

func TestHistogramRefusals(t *testing.T) {
	var h Histogram
	if !math.IsNaN(h.Quantile(0.5)) || !math.IsNaN(h.Mean()) {
		t.Error("a quantile of nothing")
	}
	h.Add(1)
	if !math.IsNaN(h.Quantile(-0.1)) || !math.IsNaN(h.Quantile(math.NaN())) {
		t.Error("a quantile outside [0, 1]")
	}
	full := func() *Histogram {
		c := Histogram{counts: new([numBuckets]uint32), n: math.MaxUint32}
		c.counts[1] = math.MaxUint32
		return &c
	}
	for name, f := range map[string]func(){
		"a negative span":      func() { h.Add(-1) },
		"a full bucket, Add":   func() { full().Add(1) },
		"a full bucket, Merge": func() { full().Merge(&h) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s accepted", name)
				}
			}()
			f()
		}()
	}
}

func TestHistogramAddAllocatesNothing(t *testing.T) {
	h := new(Histogram)
	v := int64(0)
	if n := testing.AllocsPerRun(1000, func() { v += 977; h.Add(v) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkHistogramAdd(b *testing.B) {
	h := new(Histogram)
	for i := range b.N {
		h.Add(int64(i) & 0xffff)
	}
}

// Sectioning of 200 replications whose spans hang together (each has its own mean), exponential within: the
// truth is solved from the mixture's distribution function.
func TestQuantileIntervalCovers(t *testing.T) {
	means := []float64{2000, 4000, 6000}
	truth, lo, hi := 0.0, 0.0, 1e5
	for hi-lo > 1e-6 { // P(X > x) = 0.1
		truth = (lo + hi) / 2
		tail := 0.0
		for _, m := range means {
			tail += math.Exp(-truth/m) / 3
		}
		if tail > 0.1 {
			lo = truth
		} else {
			hi = truth
		}
	}
	r := rng.Key{Seed: 33, Entity: rng.HashName("sectioning")}.New()
	const runs, reps = 500, 200
	covered := 0
	var centre Mean
	for range runs {
		sections := make([]*Histogram, Sections)
		for i := range sections {
			sections[i] = new(Histogram)
		}
		for rep := range reps {
			mean := means[r.Intn(3)]
			for range 20 {
				sections[SectionOf(rep)].Add(int64(rng.NextExp(&r, mean) + 0.5))
			}
		}
		e := QuantileInterval(sections, 0.9, 0.95)
		if e.Sections != Sections || e.Thin {
			t.Fatalf("%+v", e)
		}
		if e.Lo <= truth && truth <= e.Hi {
			covered++
		}
		centre.Add(e.Value)
	}
	if c := float64(covered) / runs; math.Abs(c-0.95) > 4*math.Sqrt(0.95*0.05/runs) {
		t.Errorf("the interval covers %.3f of the runs, want 0.95", c)
	}
	if math.Abs(centre.Value()/truth-1) > 0.01 {
		t.Errorf("the estimates average %v, the truth is %v", centre.Value(), truth)
	}
}

func TestQuantileIntervalOfLittle(t *testing.T) {
	if e := QuantileInterval(nil, 0.5, 0.95); !math.IsNaN(e.Value) || !math.IsNaN(e.Lo) || !e.Thin {
		t.Errorf("of nothing: %+v", e)
	}
	var a, b Histogram
	a.Add(100)
	if e := QuantileInterval([]*Histogram{&a, &b}, 0.5, 0.95); e.Value != 100 || !math.IsNaN(e.Hi) || e.Sections != 1 {
		t.Errorf("of one section: %+v", e)
	}
	// By hand: quantiles 100 and 200, all together 100 (inverse distribution function of two values);
	// deviations 0 and 100, so 100 ± 12.7062·√(10⁴/1/2) = 100 ± 898.46, cut at 0.
	b.Add(200)
	if e := QuantileInterval([]*Histogram{&a, &b}, 0.5, 0.95); e.Value != 100 || e.Lo != 0 || !within(e.Hi, 998.4643, 1e-3) || !e.Thin {
		t.Errorf("of two sections: %+v", e)
	}
}
