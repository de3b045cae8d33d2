package cli

import (
	"context"
	"fmt"
	"math"
	"sort"

	"slasim/sim/experiment"
	"slasim/sim/judge"
)

// examine runs each assumption at both ends, everything else as it is and on the same random numbers, and writes into
// the report which verdicts change, how far late events move, and the rank: first by the number of verdicts that
// change, then by the movement.
func (r *running) examine(ctx context.Context, a *app, name string, replications int, rep *judge.Report, bar *progress) error {
	ends := 0
	for _, x := range rep.Assumptions {
		if x.Low != "" {
			ends++
		}
		if x.High != "" {
			ends++
		}
	}
	done := 0
	for i := range rep.Assumptions {
		x := &rep.Assumptions[i]
		flips := map[string]bool{}
		for _, end := range []struct{ name, value string }{{"low", x.Low}, {"high", x.High}} {
			if end.value == "" {
				continue
			}
			other, err := r.at(ctx, a, name, x.Path, end.name, replications)
			if err != nil {
				return err
			}
			moved := 0.0
			for k := range other.Clauses {
				was, is := &rep.Clauses[k], &other.Clauses[k]
				if was.Verdict != is.Verdict {
					flips[was.ID] = true
				}
				moved += math.Abs(is.LatePerYear - was.LatePerYear)
			}
			x.Swing = max(x.Swing, moved)
			done++
			bar.at(done, ends)
		}
		for id := range flips {
			x.Flips = append(x.Flips, id)
		}
		sort.Strings(x.Flips)
	}
	var order []*judge.AssumptionRow
	for i := range rep.Assumptions {
		if x := &rep.Assumptions[i]; x.Low != "" || x.High != "" {
			order = append(order, x)
		}
	}
	sort.SliceStable(order, func(i, j int) bool {
		if len(order[i].Flips) != len(order[j].Flips) {
			return len(order[i].Flips) > len(order[j].Flips)
		}
		return order[i].Swing > order[j].Swing
	})
	for i, x := range order {
		x.Rank = i + 1
	}
	return nil
}

// at is the report with one assumption at one end.
func (r *running) at(ctx context.Context, a *app, name, path, end string, replications int) (*judge.Report, error) {
	quiet := *a
	quiet.Err = discard{}
	s, err := r.load(&quiet, name, map[string]string{path: end})
	if err != nil {
		return nil, usage("cli.assumption_end", path, end)
	}
	if r.hasSeed {
		s.World.Seed = r.seed
	}
	result, err := experiment.Run(ctx, s.World, experiment.Options{Replications: replications, Workers: r.workers, CountsOnly: true})
	if err != nil {
		return nil, fmt.Errorf("%s, %s %s: %w", name, path, end, err)
	}
	if result.Interrupted {
		return nil, context.Canceled
	}
	return experiment.Report(s.World, result, info(s)), nil
}

// discard swallows what was said once already.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
