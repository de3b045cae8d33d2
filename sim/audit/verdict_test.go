package audit

import (
	"math"
	"testing"

	"slasim/sim/record"
)

// Binomial tables: P(X ≤ 16) = 0.0159 and P(X ≤ 17) = 0.0755 for n = 20, q = 0.95. All of n periods are enough once
// 0.95^n ≤ 0.025: 72.
func TestByTails(t *testing.T) {
	for _, x := range []struct {
		k, n int64
		q    float64
		want string
	}{
		{16, 20, 0.95, "MISSED"}, {17, 20, 0.95, "UNDECIDED"}, {20, 20, 0.95, "UNDECIDED"},
		{71, 71, 0.95, "UNDECIDED"}, {72, 72, 0.95, "MET"}, {71, 72, 0.95, "UNDECIDED"},
		{0, 1, 0.95, "UNDECIDED"}, {0, 1, 0.99, "MISSED"}, // 1 − q ≥ 0.025, and below
		{5, 5, 1, "UNDECIDED"}, {4, 5, 1, "MISSED"},
		{0, 1000, 0.5, "MISSED"}, {1000, 1000, 0.5, "MET"},
	} {
		if got := byTails(x.k, x.n, x.q); got != x.want {
			t.Errorf("%d of %d at %v: %s, want %s", x.k, x.n, x.q, got, x.want)
		}
	}
	// The catalogue: a design whose true level is 95 % keeps 95 % of 100 calls in 62 % of the months, one of 98 % in 98.5 %.
	for q, want := range map[float64]float64{0.95: 0.62, 0.98: 0.985} {
		kept := 0.0
		for late := range int64(101) {
			if Holds(0.95, 20, 100-late, late) {
				kept += below(101-late, 100, q) - below(100-late, 100, q)
			}
		}
		if math.Abs(kept-want) > 0.005 {
			t.Errorf("level %v: %v of the months", q, kept)
		}
	}
	for k, want := range map[int64]float64{17: 0.0159, 18: 0.0755, 0: 0, 21: 1} {
		if got := below(k, 20, 0.95); math.Abs(got-want) > 5e-5 {
			t.Errorf("P(X < %d) = %v, want %v", k, got, want)
		}
	}
}

// 80 years without a late clock but for one that is open in ten of them: MET if it will be met, MISSED if not.
func TestOpenClocksDecideNothing(t *testing.T) {
	for _, x := range []struct {
		met, open, judged, held, hoped int64
		want                           string
	}{
		{80, 10, 80, 70, 80, "UNDECIDED"}, {80, 0, 80, 80, 80, "MET"}, {70, 10, 80, 60, 70, "MISSED"}, {0, 0, 80, 80, 80, "NO DATA"},
		{5, 0, 0, 0, 0, "NO DATA"},
	} {
		s := tally{met: x.met, censored: x.open, judged: x.judged, held: x.held, hoped: x.hoped}
		if got := s.verdict(0.95); got != x.want {
			t.Errorf("%+v: %s", x, got)
		}
	}
}

// At 100 % the worst of the levels and bands is the clause's, but for a level that cannot be declared and for sites.
func TestWholeAndRows(t *testing.T) {
	for _, x := range []struct {
		by, row string
		target  float64
		never   bool
		want    bool
	}{
		{"severity", "a", 1, false, true}, {"severity", "a", 1, true, false}, {"severity", "a", 0.95, false, false},
		{"band", "near", 1, false, true}, {"site", "x", 1, false, false},
	} {
		c := &clause{def: &record.ClauseDef{Target: x.target, Scope: record.ScopeDef{By: "declared"}},
			owner: &record.ContractDef{Severities: []record.SeverityDef{{ID: "a", Never: x.never}}}}
		if got := c.asks(rowKey{x.by, x.row}); got != x.want {
			t.Errorf("%+v: %v", x, got)
		}
	}
	if worse("MET", "NO DATA") != "NO DATA" || worse("MISSED", "UNDECIDED") != "MISSED" || worse("MISSED", "INFEASIBLE") != "INFEASIBLE" {
		t.Error("order of the verdicts")
	}
}
