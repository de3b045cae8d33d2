package scenarios

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"slasim/scenarios/internal/tree"
)

// TestTriangular: mean (a + b + c) / 3 and variance (a² + b² + c² − ab − ac − bc) / 18, and the ends.
func TestTriangular(t *testing.T) {
	for _, p := range [][3]float64{{2, 3, 7}, {0, 0, 1}, {0, 1, 1}, {-1, 0, 4}, {5, 5, 5}, {7, 3, 2}} {
		a, c, b := p[0], p[1], p[2]
		if lo, hi := triangular(a, c, b, 0), triangular(a, c, b, 1); math.Abs(lo-a) > 1e-9 || math.Abs(hi-b) > 1e-9 {
			t.Errorf("%v goes from %v to %v", p, lo, hi)
		}
		const n = 200_000
		var sum, square float64
		for i := range n {
			x := triangular(a, c, b, (float64(i)+0.5)/n)
			sum += x
			square += x * x
		}
		mean, variance := sum/n, square/n-sum/n*sum/n
		if m, v := (a+b+c)/3, (a*a+b*b+c*c-a*b-a*c-b*c)/18; math.Abs(mean-m) > 1e-4 || math.Abs(variance-v) > 1e-4 {
			t.Errorf("%v: mean %v, want %v; variance %v, want %v", p, mean, m, variance, v)
		}
	}
}

// TestDrawn: the median of triangular(0, 2, 8) is 8 − √(8·6/2) = 3.1010; a quarter of (0, 4, 8) is 2√2 = 2.8284.
func TestDrawn(t *testing.T) {
	for _, c := range []struct {
		low, base, high string
		u               float64
		want            string
	}{
		{"0.0", "2.0", "8.0", 0.5, "3.10102"},
		{"0%", "2.0%", "8%", 0.5, "3.10102%"},
		{"0.0/y", "2/y", "8/y", 0.5, "3.10102/y"},
		{"0", "2", "8", 0.5, "3"}, // a count
		{"0wd", "2wd", "8wd", 0.5, "3wd"},
		{"0m", "4m", "8m", 0.25, "2.8333333333333335m"}, // 2.8284 min = 169.7 s, whole seconds
		{"0s", "4m", "8m", 0.25, "170s"},
		{"0h", "4h", "8h", 0.5, "4h"},
		{"0 CNY", "2k CNY", "8k CNY", 0.5, "3101.02 CNY"},
		{"0 CNY", "2 CNY", "8 CNY", 0.5, "3.10102 CNY"},
		{"0M CNY", "2M CNY", "8M CNY", 0.5, "3.10102M CNY"},
		{"0 km/h", "2 km/h", "8 km/h", 0.5, "3.10102 km/h"},
		{"0m", "2km", "8km", 0.5, "3.10102km"},
		{"0/y", "1/w", "2/w", 0.5, "1/w"},
		{"8.0", "2.0", "0.0", 0.5, "3.10102"}, // the lower case is the larger number: u counts from its end
		{"yes", "no", "maybe", 0.1, "yes"},
		{"yes", "no", "maybe", 0.2, "no"},
		{"yes", "no", "maybe", 0.9, "maybe"},
		{"08:00", "09:00", "10:00", 0.3, "09:00"},
		{"2026-01-01", "2026-01-02", "2026-01-03", 0.01, "2026-01-01"},
		{"3h", "5km", "8h", 0.5, "5km"},
		{"x", "x", "x", 0.01, "x"},
	} {
		node := func(text string) *tree.Node { return &tree.Node{Kind: tree.Scalar, Value: text} }
		got := drawn(&tree.Range{Low: node(c.low), Base: node(c.base), High: node(c.high)}, c.u).Value
		if got != c.want {
			t.Errorf("%s … %s … %s at %v is %s, want %s", c.low, c.base, c.high, c.u, got, c.want)
		}
	}
	base := &tree.Node{Kind: tree.Scalar, Value: "3h"}
	if got := drawn(&tree.Range{Base: base, High: &tree.Node{Kind: tree.Scalar, Value: "7h"}}, 1e-9).Value; got != "3h" {
		t.Errorf("without a low end %s", got)
	}
	root, diags := tree.Parse("x", []byte(`low: {dist: lognormal, median: 0m, p95: 10h}
base: {dist: lognormal, median: 4m, p95: 20h}
high: {dist: lognormal, median: 8m, p95: 20h}
`))
	if root == nil {
		t.Fatal(diags)
	}
	n := drawn(&tree.Range{Low: root.Get("low"), Base: root.Get("base"), High: root.Get("high")}, 0.5)
	// p95: triangular(10, 20, 20) at ½ is 10 + 10·√½ = 17.0711 h = 61456 s.
	if got := fmt.Sprint(n.Get("dist").Value, n.Get("median").Value, " ", n.Get("p95").Value); got != "lognormal4m "+fmt.Sprint(61456./3600)+"h" {
		t.Error(got)
	}
}

// TestDrawsCompile: every draw of the embedded scenarios is a scenario, another one than the base, which stays in the
// resolved text as a range only if it is the value.
func TestDrawsCompile(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7))
	for _, info := range Embedded() {
		seen := map[string]bool{}
		n := 0
		for range 12 {
			s, diags := Load(info.Name, Options{Draw: func(string) float64 { n++; return r.Float64() }})
			if s == nil {
				t.Fatalf("%s: %v", info.Name, diags)
			}
			seen[s.Hash] = true
		}
		if n > 0 && len(seen) != 12 {
			t.Errorf("%s: %d of 12 draws are different", info.Name, len(seen))
		}
	}
	// Draws of the same quantiles are the same scenario, and only ranges are drawn.
	half := func(path string) float64 { return 0.3 }
	a, _ := Load("liaoning", Options{Draw: half})
	b, _ := Load("liaoning", Options{Draw: half})
	if a == nil || b == nil || a.Hash != b.Hash {
		t.Fatal("the same draw is another scenario")
	}
	// The price is triangular(4.5, 7, 10) M: at 0.3 it is 4.5 + √(0.3 · 5.5 · 2.5) = 6.53101.
	if !strings.Contains(string(a.Resolved), "price: 6.53101M CNY") {
		t.Error("no drawn price")
	}
}
