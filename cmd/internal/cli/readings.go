package cli

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim/experiment"
	"slasim/sim/judge"
)

// reader holds the other readings of a scenario: those that can be judged on the run itself, and those that need their own.
type reader struct {
	rows   []judge.ReadingRow
	others []otherReading
	worlds []*world.World // of the others that are judged on the run, in their order
}

// otherReading is one value of one switch that is not in force.
type otherReading struct {
	row    int
	value  string
	s      *scenarios.Scenario
	judged int // place among worlds; -1: needs a run of its own
	report *judge.Report
	err    error
}

// readers reads the scenario under every value of every switch of every contract.
func (r *running) readers(a *app, name string, s *scenarios.Scenario) (*reader, error) {
	if profile := s.File.Run.Reading; profile != "" && profile != "default" {
		return nil, usage("cli.readings_profile", profile)
	}
	quiet := *a
	quiet.Err = discard{}
	x := &reader{}
	for k := range s.World.Contracts {
		contract := s.World.Contracts[k].ID
		for _, sw := range s.Switches(contract) {
			if len(sw.Values) < 2 {
				continue
			}
			x.rows = append(x.rows, judge.ReadingRow{Contract: contract, Decision: sw.Decision, Switch: sw.Name, Value: sw.Value,
				Clauses: append([]string{}, sw.Clauses...)})
			for _, value := range sw.Values {
				if value == sw.Value {
					continue
				}
				path := "contracts." + contract + ".readings." + sw.Name
				other := r.loading
				other.set = append(slices.Clone(r.set), path+"="+value)
				o, _, err := r.scenario(&quiet, &other, name, nil)
				if err != nil {
					x.rows[len(x.rows)-1].Values = append(x.rows[len(x.rows)-1].Values, judge.ReadingValue{Value: value, Unusable: true, Changes: []string{}})
					continue
				}
				o.World.Seed, o.World.Replications = s.World.Seed, s.World.Replications
				judged := -1
				if experiment.Rejudges(s.World, o.World) {
					judged = len(x.worlds)
					x.worlds = append(x.worlds, o.World)
				}
				x.others = append(x.others, otherReading{row: len(x.rows) - 1, value: value, s: o, judged: judged})
			}
		}
	}
	return x, nil
}

// questions judges the readings on the run, runs those that need it on the same random numbers, and ranks what each ambiguity
// costs.
func (r *running) questions(ctx context.Context, x *reader, result *experiment.Result, base *judge.Report, bar *progress) error {
	n := len(result.Reps)
	workers := r.workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next, done atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, len(x.others)) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(x.others) || ctx.Err() != nil {
					return
				}
				o := &x.others[i]
				res := &experiment.Result{Totals: result.Totals, Asked: n}
				if o.judged >= 0 {
					res.Reps = result.Others[o.judged]
				} else if res, o.err = experiment.Run(ctx, o.s.World, experiment.Options{Replications: n, Workers: 1, CountsOnly: true}); o.err != nil || res.Interrupted {
					continue
				}
				o.report = experiment.Report(o.s.World, res, info(o.s))
				bar.at(int(done.Add(1)), len(x.others))
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return context.Canceled
	}
	for i := range x.rows {
		row := &x.rows[i]
		row.Values = append([]judge.ReadingValue{judge.Reads(base, base, row.Contract, row.Value, false)}, row.Values...)
	}
	for i := range x.others {
		o := &x.others[i]
		row := &x.rows[o.row]
		if o.err != nil {
			return fmt.Errorf("%s %s: %w", row.Switch, o.value, o.err)
		}
		row.Values = append(row.Values, judge.Reads(base, o.report, row.Contract, o.value, o.judged < 0))
	}
	judge.RankReadings(x.rows)
	base.Readings = x.rows
	for _, d := range scenarios.Decisions() {
		if d.Reason != "" {
			base.Unasked = append(base.Unasked, judge.Unasked{Decision: d.ID, Reason: d.Reason, Key: d.Key})
		}
	}
	return nil
}
