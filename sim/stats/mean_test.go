package stats

import (
	"math"
	"slices"
	"testing"

	"slasim/sim/rng"
)

// By hand: 2, 4, 4, 4, 5, 5, 7, 9 has mean 5 and squared deviations 32, so s = √(32/7); half-width
// t₇·s/√8 with t₇ = 2.36462425159 (mpmath; 2.365 in tables).
func TestMeanByHand(t *testing.T) {
	var m Mean
	for _, x := range []float64{2, 4, 4, 4, 5, 5, 7, 9} {
		m.Add(x)
	}
	if m.N() != 8 || m.Value() != 5 || !within(m.StdDev(), math.Sqrt(32.0/7), 1e-12) {
		t.Errorf("%d values, mean %v, deviation %v", m.N(), m.Value(), m.StdDev())
	}
	if got, want := m.HalfWidth(0.95), 2.36462425159*math.Sqrt(32.0/56); !within(got, want, 1e-9) {
		t.Errorf("half-width %v, want %v", got, want)
	}
}

func TestMeanOfTooFew(t *testing.T) {
	var m Mean
	if !math.IsNaN(m.Value()) || !math.IsNaN(m.StdDev()) || !math.IsInf(m.HalfWidth(0.95), 1) {
		t.Error("the mean of nothing is known")
	}
	m.Add(3)
	if m.Value() != 3 || !math.IsNaN(m.StdDev()) || !math.IsInf(m.HalfWidth(0.95), 1) {
		t.Error("one value has an interval")
	}
}

// A constant added to large values does not change the deviation (the two-pass sum would lose it).
func TestMeanIsStable(t *testing.T) {
	var m Mean
	for _, x := range []float64{4, 7, 13, 16} { // deviations −6, −3, 3, 6: variance 30
		m.Add(1e9 + x)
	}
	if !within(m.StdDev(), math.Sqrt(30), 1e-6) {
		t.Errorf("deviation %v, want √30", m.StdDev())
	}
}

func TestStudentIntervalCovers(t *testing.T) {
	r := rng.Key{Seed: 23, Entity: rng.HashName("student coverage")}.New()
	const runs = 4000
	for _, n := range []int{2, 5, 20} {
		covered := 0
		for range runs {
			var m Mean
			for range n {
				m.Add(100 + 15*rng.NormalQuantile(r.Float64()))
			}
			if math.Abs(m.Value()-100) <= m.HalfWidth(0.9) {
				covered++
			}
		}
		if c := float64(covered) / runs; math.Abs(c-0.9) > 4*math.Sqrt(0.09/runs) {
			t.Errorf("%d values: covers %.3f, want 0.9", n, c)
		}
	}
}

func TestPaired(t *testing.T) {
	base := []float64{10, 20, 30, 40}
	for _, c := range []struct {
		name         string
		other        []float64
		value        float64
		noise, exact bool
	}{
		{"equal", []float64{10, 20, 30, 40}, 0, true, true},
		{"always 2 more", []float64{12, 22, 32, 42}, 2, false, true},
		{"as often less as more", []float64{12, 18, 32, 38}, 0, true, false},
		{"clearly less", []float64{1, 12, 21, 32}, -8.5, false, false},
	} {
		d := Paired(base, c.other, 0.95)
		if d.N != 4 || d.Value != c.value || d.Noise != c.noise || (d.Lo == d.Hi) != c.exact {
			t.Errorf("%s: %+v", c.name, d)
		}
	}
	if d := Paired([]float64{1}, []float64{2}, 0.95); !d.Noise || !math.IsInf(d.Hi, 1) {
		t.Errorf("one pair: %+v", d)
	}
	if d := Paired(nil, nil, 0.95); !d.Noise || !math.IsNaN(d.Value) {
		t.Errorf("no pair: %+v", d)
	}
	defer func() {
		if recover() == nil {
			t.Error("unequal lengths accepted")
		}
	}()
	Paired(base, base[1:], 0.95)
}

func TestPercentileIsAnObservedValue(t *testing.T) {
	for _, c := range []struct {
		values  []float64
		p, want float64
	}{
		{[]float64{5}, 0, 5},
		{[]float64{5}, 1, 5},
		{[]float64{1, 2, 3, 4}, 0.25, 1}, // the first that 25 % do not exceed
		{[]float64{1, 2, 3, 4}, 0.26, 2},
		{[]float64{1, 2, 3, 4}, 0.5, 2},
		{[]float64{1, 2, 3, 4}, 1, 4},
		{[]float64{0, 0, 0, 9}, 0.75, 0},
	} {
		if got := Percentile(c.values, c.p); got != c.want {
			t.Errorf("Percentile(%v, %v) = %v, want %v", c.values, c.p, got, c.want)
		}
	}
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[i] = float64(i + 1)
	}
	for i := 1; i <= 100; i++ { // p = i/100 means i of 100, for every i
		if got := Percentile(hundred, float64(i)/100); got != float64(i) {
			t.Errorf("percentile %d of 1 … 100 is %v", i, got)
		}
	}
	if !math.IsNaN(Percentile(nil, 0.5)) || !math.IsNaN(Percentile(hundred, 1.01)) || !math.IsNaN(Percentile(hundred, math.NaN())) {
		t.Error("a percentile of nothing")
	}
	v := []float64{3, 1, 2}
	if Median(v) != 2 || !slices.Equal(v, []float64{3, 1, 2}) {
		t.Error("median")
	}
}

func TestNextLook(t *testing.T) {
	n := 0
	for _, want := range []int{50, 100, 200, 400, 800} {
		if n = NextLook(n); n != want {
			t.Fatalf("look at %d, want %d", n, want)
		}
	}
	if NextLook(-1) != 50 || NextLook(49) != 50 || NextLook(120) != 200 {
		t.Error("between the looks")
	}
}
