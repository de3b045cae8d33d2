package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"slasim/model/world"
	"slasim/sim/bound"
	"slasim/sim/experiment"
	"slasim/sim/judge"
)

// What an examination of all assumptions spends, in replications of each end (choices; the report says what was
// done). Every end is probed; those that change no event are left there. The others are screened, and the assumptions
// that move most get all replications of the run.
const (
	probed    = 5
	screened  = 30
	finalists = 10
	watched   = 30 // of the assumptions that a scenario watches, in every run, and of the pool without each contract
)

// examination runs assumptions at their ends, everything else as it is and on the same random numbers.
type examination struct {
	a       *app
	r       *running
	name    string
	w       *world.World
	base    *experiment.Result // the run itself
	bounds  *bound.Result
	reports map[int]*judge.Report // of its first replications
	workers int
	bar     *progress

	done, total atomic.Int64 // replications
}

// finding is what the ends of one assumption came to.
type finding struct {
	row   *judge.AssumptionRow
	ends  []*end
	n     int // replications compared
	same  bool
	flips []string // clauses whose verdict changes
	swing float64  // largest change of late events a year, summed over clauses
}

// end is one end of one assumption.
type end struct {
	path, name string
	w          *world.World
	bounds     *bound.Result
	result     *experiment.Result
	report     *judge.Report
	same       bool // no event and no count differs from those of the run
	err        error
}

// examine runs the assumptions of rep, or those of only if it is not empty, at both ends. It writes into the report
// which verdicts change, how far late events move, and the rank: first by the number of verdicts that change, then by
// the movement. The ends are run side by side and read in order.
func (r *running) examine(ctx context.Context, a *app, name string, w *world.World, result *experiment.Result, only []string, rep *judge.Report, bar *progress) error {
	x := &examination{a: a, r: r, name: name, w: w, base: result, bounds: bound.Compute(w), reports: map[int]*judge.Report{len(result.Reps): rep},
		workers: r.workers, bar: bar}
	if x.workers <= 0 {
		x.workers = runtime.GOMAXPROCS(0)
	}
	var all []*finding
	said := &judge.Examination{Replications: len(result.Reps)}
	for i := range rep.Assumptions {
		row := &rep.Assumptions[i]
		f := &finding{row: row}
		for _, e := range []struct{ name, value string }{{"low", row.Low}, {"high", row.High}} {
			if e.value != "" {
				f.ends = append(f.ends, &end{path: row.Path, name: e.name})
			}
		}
		if len(f.ends) == 0 {
			continue
		}
		if said.Ranges++; len(only) == 0 || slices.Contains(only, row.Path) {
			all = append(all, f)
		}
	}
	for _, path := range only {
		if !slices.ContainsFunc(all, func(f *finding) bool { return f.row.Path == path }) {
			return usage("cli.assumption_end", path, "low, high")
		}
	}
	said.Examined = len(all)
	rep.Examination = said

	full := len(result.Reps)
	var err error
	switch {
	case len(only) > 0:
		said.Watched, said.Replications = true, min(full, watched)
		err = x.stage(ctx, all, min(full, watched))
	case full <= screened: // nothing to gain
		err = x.stage(ctx, all, full)
	default:
		err = x.rounds(ctx, all, full)
	}
	if errors.Is(err, context.Canceled) {
		said.Interrupted = true
		return err
	}
	if err != nil {
		return err
	}
	rank(all)
	for i, f := range all {
		f.row.Rank, f.row.Flips, f.row.Swing, f.row.Replications, f.row.Unchanged = i+1, f.flips, f.swing, f.n, f.same
		switch {
		case f.same:
			said.Unchanged++
			said.Probed = max(said.Probed, f.n)
		case f.n < said.Replications:
			said.Screened++
			said.ScreenedOver = f.n
		}
	}
	return nil
}

// rounds probes all assumptions, screens those that change an event, and runs the ones in front to the end until none
// of them has been screened only.
func (x *examination) rounds(ctx context.Context, all []*finding, full int) error {
	if err := x.stage(ctx, all, probed); err != nil {
		return err
	}
	live := slices.DeleteFunc(slices.Clone(all), func(f *finding) bool { return f.same })
	for _, f := range all {
		if f.same {
			f.ends = nil // and with them their worlds
		}
	}
	if err := x.stage(ctx, live, screened); err != nil {
		return err
	}
	for {
		rank(live)
		front := slices.Clone(live[:min(finalists, len(live))])
		front = slices.DeleteFunc(front, func(f *finding) bool { return f.n == full })
		if len(front) == 0 {
			return nil
		}
		if err := x.stage(ctx, front, full); err != nil {
			return err
		}
	}
}

// stage brings the ends of some assumptions to n replications each and compares them with the run's first n.
func (x *examination) stage(ctx context.Context, list []*finding, n int) error {
	var ends []*end
	for _, f := range list {
		ends = append(ends, f.ends...)
	}
	for _, e := range ends {
		x.total.Add(int64(n))
		if e.result != nil {
			x.total.Add(-int64(len(e.result.Reps)))
		}
	}
	base := x.report(n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(x.workers, len(ends)) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(ends) {
					return
				}
				ends[i].err = x.to(ctx, ends[i], n)
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return context.Canceled
	}
	for _, f := range list {
		f.n, f.same, f.flips, f.swing = n, true, nil, 0
		for _, e := range f.ends {
			if e.err != nil {
				return e.err
			}
			f.same = f.same && e.same
			if !e.same {
				f.compare(base, e.report)
			}
		}
	}
	return nil
}

// report is that of the run's first n replications.
func (x *examination) report(n int) *judge.Report {
	if x.reports[n] == nil {
		x.reports[n] = judge.Assemble(x.w, x.base.Reps[:n], x.base.Totals[:n], x.bounds, judge.RunInfo{})
	}
	return x.reports[n]
}

// to brings one end to n replications.
func (x *examination) to(ctx context.Context, e *end, n int) error {
	if e.w == nil {
		quiet := *x.a
		quiet.Err = discard{}
		s, _, err := x.r.scenario(&quiet, &x.r.loading, x.name, map[string]string{e.path: e.name})
		if err != nil {
			return usage("cli.assumption_end", e.path, e.name)
		}
		if x.r.hasSeed {
			s.World.Seed = x.r.seed
		}
		e.w, e.bounds = s.World, bound.Compute(s.World)
	}
	result, err := experiment.Run(ctx, e.w, experiment.Options{Replications: n, Workers: 1, CountsOnly: true, After: e.result,
		Progress: func(int, int) { x.bar.at(int(x.done.Add(1)), int(x.total.Load())) }})
	if err != nil {
		return fmt.Errorf("%s, %s %s: %w", x.name, e.path, e.name, err)
	}
	if result.Interrupted {
		return context.Canceled
	}
	e.result = result
	if e.same = x.same(e); !e.same {
		e.report = judge.Assemble(e.w, result.Reps, result.Totals, e.bounds, judge.RunInfo{})
	}
	return nil
}

// same reports whether an end changes no event of its replications, no count of any clause and nothing that is
// infeasible.
func (x *examination) same(e *end) bool {
	for i, r := range e.result.Reps {
		if e.result.Totals[i].Fingerprint != x.base.Totals[i].Fingerprint || !r.Same(x.base.Reps[i]) {
			return false
		}
	}
	return slices.EqualFunc(e.bounds.Clauses, x.bounds.Clauses, func(a, b bound.Clause) bool {
		return a.Infeasible == b.Infeasible && slices.EqualFunc(a.Rows, b.Rows, func(a, b bound.Row) bool {
			return a.Site == b.Site && a.Ranks == b.Ranks && a.Infeasible == b.Infeasible
		})
	})
}

// compare adds what one end changes: verdicts, and late events a year summed over the clauses.
func (f *finding) compare(base, other *judge.Report) {
	moved := 0.0
	for k := range other.Clauses {
		was, is := &base.Clauses[k], &other.Clauses[k]
		if at, known := slices.BinarySearch(f.flips, was.ID); was.Verdict != is.Verdict && !known {
			f.flips = slices.Insert(f.flips, at, was.ID)
		}
		moved += math.Abs(is.LatePerYear - was.LatePerYear)
	}
	f.swing = max(f.swing, moved)
}

// rank puts those that move the verdicts most in front.
func rank(list []*finding) {
	sort.SliceStable(list, func(i, j int) bool {
		if len(list[i].flips) != len(list[j].flips) {
			return len(list[i].flips) > len(list[j].flips)
		}
		return list[i].swing > list[j].swing
	})
}

// discard swallows what was said once already.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
