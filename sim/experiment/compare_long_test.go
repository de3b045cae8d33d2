//go:build long

package experiment_test

import (
	"context"
	"slices"
	"testing"

	"slasim/sim/experiment"
	"slasim/sim/judge"
	"slasim/sim/stats"
)

// TestCommonRandomNumbersSaveReplications: how many replications a difference needs goes with its variance. Of two Liaoning
// designs on the same random numbers that of late events and of cost is at most half of what it is with independent seeds.
// Over 400 years the ratio is stated by the log of this test, and in README.md.
func TestCommonRandomNumbersSaveReplications(t *testing.T) {
	const n = 400
	run := func(name string, seed uint64, set ...string) ([]*judge.RepResult, *judge.Side) {
		w := load(t, name, set...)
		w.Seed = seed
		res, err := experiment.Run(context.Background(), w, experiment.Options{Replications: n, CountsOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		return res.Reps, judge.NewSide(w, res.Reps, res.Totals)
	}
	late := func(reps []*judge.RepResult) []float64 {
		var list []float64
		for _, r := range reps {
			list = append(list, float64(r.Late()[0]))
		}
		return list
	}
	variance := func(a, b []float64) float64 {
		var m stats.Mean
		for i := range a {
			m.Add(b[i] - a[i])
		}
		return m.StdDev() * m.StdDev()
	}
	repsA, a := run("liaoning", 1)
	for _, d := range [][]string{{"liaoning-b"}, {"liaoning-c"}, {"liaoning", "people.field_shenyang.headcount=8"}} {
		repsB, b := run(d[0], 1, d[1:]...)
		repsI, i := run(d[0], 2, d[1:]...)
		lateRatio := variance(late(repsA), late(repsB)) / variance(late(repsA), late(repsI))
		costRatio := variance(a.Total(), b.Total()) / variance(a.Total(), i.Total())
		var ratios []float64
		for k := range a.World.Clauses {
			series := func(reps []*judge.RepResult) []float64 {
				var list []float64
				for _, r := range reps {
					list = append(list, float64(r.Clause(k).Breached))
				}
				return list
			}
			if v := variance(series(repsA), series(repsI)); a.World.Clauses[k].Target > 0 && v > 0 {
				ratios = append(ratios, variance(series(repsA), series(repsB))/v)
			}
		}
		slices.Sort(ratios)
		t.Logf("%v: variance of the paired difference over that of independent seeds: late events %.3f, cost %.4f; of %d clauses the median %.3f, the largest %.3f",
			d, lateRatio, costRatio, len(ratios), ratios[len(ratios)/2], ratios[len(ratios)-1])
		if lateRatio > 0.5 || costRatio > 0.5 || ratios[len(ratios)/2] > 0.5 {
			t.Errorf("%v: common random numbers save less than half", d)
		}
	}
}
