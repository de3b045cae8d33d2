package experiment_test

import (
	"context"
	"slices"
	"testing"

	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim/experiment"
	"slasim/sim/judge"
)

// A reading that is judged on the run of another gives what a run of its own gives, count for count and money for money; and
// of those that are not, some do give something else.
func TestRejudged(t *testing.T) {
	base, diags := scenarios.Load("liaoning", scenarios.Options{Set: []string{"run.term=120d", "contracts.s2.penalty.per_late=100 CNY"}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	const n = 3
	var same, other []*world.World
	for _, sw := range base.Switches("s2") {
		for _, value := range sw.Values {
			s, diags := scenarios.Load("liaoning", scenarios.Options{Set: []string{"run.term=120d", "contracts.s2.penalty.per_late=100 CNY",
				"contracts.s2.readings." + sw.Name + "=" + value}})
			if value == sw.Value || diags.HasErrors() {
				continue
			}
			if experiment.Rejudges(base.World, s.World) {
				same = append(same, s.World)
			} else {
				other = append(other, s.World)
			}
		}
	}
	if len(same) < 5 || len(other) < 3 {
		t.Fatalf("%d readings are judged on the same run, %d are not", len(same), len(other))
	}
	res, err := experiment.Run(context.Background(), base.World, experiment.Options{Replications: n, Judges: same})
	if err != nil {
		t.Fatal(err)
	}
	alone := func(w *world.World) *experiment.Result {
		r, err := experiment.Run(context.Background(), w, experiment.Options{Replications: n})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for k, w := range same {
		own := alone(w)
		for i := range n {
			if !slices.Equal(own.Reps[i].Clauses, res.Others[k][i].Clauses) {
				t.Errorf("reading %d, replication %d: other counts than a run of its own", k, i)
			}
			if own.Totals[i].Fingerprint != res.Totals[i].Fingerprint {
				t.Errorf("reading %d, replication %d: another trajectory", k, i)
			}
			if a, b := judge.Cost(w, own.Reps[i], own.Totals[i]), judge.Cost(w, res.Others[k][i], res.Totals[i]); a != b {
				t.Errorf("reading %d, replication %d: cost %v, in a run of its own %v", k, i, b, a)
			}
		}
	}
	differ := 0
	for _, w := range other {
		if own := alone(w); own.Totals[0].Fingerprint != res.Totals[0].Fingerprint || own.Totals[1].Fingerprint != res.Totals[1].Fingerprint {
			differ++
		}
	}
	if differ == 0 {
		t.Error("no reading that was said to change what happens does")
	}
}
