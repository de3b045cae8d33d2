package bound_test

import (
	"context"
	"math"
	"testing"

	"slasim/scenarios"
	"slasim/sim/bound"
	"slasim/sim/experiment"
)

// few is the bound of a clause, and the share late of a run.
func few(t *testing.T, name, clause string, set ...string) (least, late float64) {
	t.Helper()
	s, diags := scenarios.Load(name, scenarios.Options{Set: set})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	w := s.World
	run, err := experiment.Run(context.Background(), w, experiment.Options{Replications: 20, CountsOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range w.Clauses {
		if w.Clauses[i].ID == clause {
			met, missed := 0.0, 0.0
			for _, r := range run.Reps {
				n := r.Clause(i)
				met, missed = met+float64(n.Met), missed+float64(n.Breached)
			}
			return bound.Few(w)[i].Late, missed / (met + missed)
		}
	}
	t.Fatal("no clause", clause)
	return 0, 0
}

// Of base stock the bound is exact: Poisson with λL on order (C. Palm). Here λ = 2 a day, lead times of a day on average; within
// a minute nothing comes.
func TestFewParts(t *testing.T) {
	const clause = "contracts.service.clauses.part={text: part at once, start: part_requested, stop: part_on_site, limit: 1m, target: 0.9}"
	for _, c := range []struct {
		stock string
		want  float64 // P(N ≥ S), N Poisson with mean 2
	}{
		{"1", 1 - math.Exp(-2)},
		{"3", 1 - 5*math.Exp(-2)},
		{"5", 1 - 7*math.Exp(-2)},
	} {
		least, late := few(t, "../../testdata/worlds/depot.yaml", "part", clause, "run.term=3y", "parts.depots.store.stock.spare="+c.stock)
		if math.Abs(least-c.want) > 0.002 {
			t.Errorf("S = %s: %.4f, by Palm %.4f", c.stock, least, c.want)
		}
		if math.Abs(late-c.want) > 0.02 {
			t.Errorf("S = %s: simulated %.4f, by Palm %.4f", c.stock, late, c.want)
		}
	}
}

// Of people it is a bound: servers without number. Of exponential work E(S − t)⁺ = e^−t, so that with λ = 2.1 an hour, work of an
// hour on average and a limit of half an hour P(N ≥ c) is that of a Poisson number with mean 2.1 e^−½.
func TestFewOnSite(t *testing.T) {
	mean := 2.1 * math.Exp(-0.5)
	below := math.Exp(-mean)
	for c, n := 1, "1"; c <= 4; c, n = c+1, string(rune('1'+c)) {
		want := 1 - below
		term := math.Exp(-mean)
		for k := 1; k <= c; k++ {
			term *= mean / float64(k)
		}
		below += term
		set := []string{"contracts.service.clauses.wait.limit=30m", "people.crew.headcount=" + n}
		if c < 3 { // below 2.1 heads the queue grows without end: no run
			continue
		}
		least, late := few(t, "../../testdata/worlds/mmc.yaml", "wait", set...)
		if math.Abs(least-want) > 0.003 || least > want+1e-9 {
			t.Errorf("%d heads: %.4f, by theory %.4f", c, least, want)
		}
		if least > late || late == 0 {
			t.Errorf("%d heads: the bound %.4f is above what comes out, %.4f", c, least, late)
		}
	}
}
