package cli

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"slasim/sim/experiment"
	"slasim/sim/judge"
)

// end is one end of one assumption and the report it leads to.
type end struct {
	assumption int // index in the report
	name       string
	report     *judge.Report
	err        error
}

// examine runs each assumption, or those of only if it is not empty, at both ends, everything else as it is and on the
// same random numbers. It writes into the report which verdicts change against base, how far late events move, and the
// rank: first by the number of verdicts that change, then by the movement. The ends are run side by side and read in
// order.
func (r *running) examine(ctx context.Context, a *app, name string, replications int, only []string, base, rep *judge.Report, bar *progress) error {
	for _, path := range only {
		if !slices.ContainsFunc(rep.Assumptions, func(x judge.AssumptionRow) bool { return x.Path == path && x.Low+x.High != "" }) {
			return usage("cli.assumption_end", path, "low, high")
		}
	}
	var ends []end
	for i := range rep.Assumptions {
		if len(only) > 0 && !slices.Contains(only, rep.Assumptions[i].Path) {
			continue
		}
		if rep.Assumptions[i].Low != "" {
			ends = append(ends, end{assumption: i, name: "low"})
		}
		if rep.Assumptions[i].High != "" {
			ends = append(ends, end{assumption: i, name: "high"})
		}
	}
	workers := r.workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next, done atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, len(ends)) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(ends) || ctx.Err() != nil {
					return
				}
				e := &ends[i]
				e.report, e.err = r.at(ctx, a, name, rep.Assumptions[e.assumption].Path, e.name, replications)
				bar.at(int(done.Add(1)), len(ends))
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return context.Canceled
	}
	for i := range ends {
		if ends[i].err != nil {
			return ends[i].err
		}
		compare(base, &rep.Assumptions[ends[i].assumption], ends[i].report)
	}
	var examined []*judge.AssumptionRow
	for i := range ends {
		if x := &rep.Assumptions[ends[i].assumption]; len(examined) == 0 || examined[len(examined)-1] != x {
			examined = append(examined, x)
		}
	}
	rank(examined)
	return nil
}

// compare adds to x what one of its ends changes: verdicts, and late events a year summed over the clauses.
func compare(rep *judge.Report, x *judge.AssumptionRow, other *judge.Report) {
	moved := 0.0
	for k := range other.Clauses {
		was, is := &rep.Clauses[k], &other.Clauses[k]
		if at := sort.SearchStrings(x.Flips, was.ID); was.Verdict != is.Verdict && (at == len(x.Flips) || x.Flips[at] != was.ID) {
			x.Flips = append(x.Flips, was.ID)
			sort.Strings(x.Flips)
		}
		moved += math.Abs(is.LatePerYear - was.LatePerYear)
	}
	x.Swing = max(x.Swing, moved)
}

// rank numbers the assumptions that were examined, from 1.
func rank(order []*judge.AssumptionRow) {
	sort.SliceStable(order, func(i, j int) bool {
		if len(order[i].Flips) != len(order[j].Flips) {
			return len(order[i].Flips) > len(order[j].Flips)
		}
		return order[i].Swing > order[j].Swing
	})
	for i, x := range order {
		x.Rank = i + 1
	}
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
	result, err := experiment.Run(ctx, s.World, experiment.Options{Replications: replications, Workers: 1, CountsOnly: true})
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
