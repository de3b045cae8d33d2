package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"slasim/cmd/internal/report"
	"slasim/model"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/experiment"
	"slasim/sim/judge"
	"slasim/sim/record"
)

// sweeping are the flags of sweep.
type sweeping struct {
	loading
	printing
	vary         []string
	clauses      []string
	replications int
	workers      int
	seed         uint64
	hasSeed      bool
	again        string // record of a sweep
	out          string
	force        bool
	progress     string

	variables []*scenarios.Varied
	hashes    []string // of the scenarios of the points
}

// manyPoints is how many points a sweep may have without --force: beyond it a typing error is likelier than a wish.
const manyPoints = 10_000

// mostPoints is how many it may have at all.
const mostPoints = 10_000_000

// sweepCommand runs a grid.
func (a *app) sweepCommand() *cobra.Command {
	c := a.command("sweep SCENARIO", strings.Join([]string{
		"  slasim sweep liaoning --vary people.field_shenyang.headcount=4..8 --out grid",
		"  slasim sweep liaoning --vary people.field_shenyang.headcount=4..8/2 --vary travel.speed=60,80,100km/h --clause S2-44",
		"  slasim sweep ours.yaml --vary dispatch.policy=nearest_free,severity_age --vary faults.scale=0.5..2/0.25",
		"  slasim plot sweep grid -o grid.png",
	}, "\n"))
	var x sweeping
	f := c.Flags()
	f.StringArrayVar(&x.vary, "vary", nil, a.say.T("flag.vary"))
	f.StringArrayVar(&x.clauses, "clause", nil, a.say.T("flag.sweep-clause"))
	f.IntVar(&x.replications, "replications", 0, a.say.T("flag.sweep-replications"))
	f.IntVar(&x.workers, "workers", 0, a.say.T("flag.sweep-workers"))
	f.Uint64Var(&x.seed, "seed", 0, a.say.T("flag.seed"))
	x.loading.flags(a, c)
	x.printing.flags(a, c)
	f.StringVarP(&x.out, "out", "o", "", a.say.T("flag.sweep-out"))
	f.BoolVar(&x.force, "force", false, a.say.T("flag.sweep-force", manyPoints))
	f.StringVar(&x.again, "again", "", a.say.T("flag.sweep-again"))
	f.StringVar(&x.progress, "progress", "auto", a.say.T("flag.progress"))
	c.Args = orAgain(&x.again, want(1, 1, "SCENARIO"))
	c.RunE = func(c *cobra.Command, args []string) error {
		x.hasSeed = c.Flags().Changed("seed")
		if err := x.check(c); err != nil {
			return err
		}
		ctx, stop := a.interruptible(c.Context())
		defer stop()
		return a.sweep(ctx, args, &x)
	}
	return c
}

// check refuses flags that make no sense, before any work is done.
func (x *sweeping) check(c *cobra.Command) error {
	if err := x.printing.check(); err != nil {
		return err
	}
	if err := choice("--progress", x.progress, "auto", "plain", "none"); err != nil {
		return err
	}
	given := c.Flags().Changed
	switch {
	case given("replications") && (x.replications < 1 || x.replications > 1e6):
		return usage("cli.out_of_range", "--replications", fmt.Sprint(x.replications), "1 … 1000000")
	case given("workers") && (x.workers < 1 || x.workers > 1024):
		return usage("cli.out_of_range", "--workers", fmt.Sprint(x.workers), "1 … 1024")
	case x.again == "" && len(x.vary) == 0:
		return usage("cli.sweep_nothing")
	}
	if err := alone(c, x.again, "vary", "set", "set-file", "reading", "strict-calendar"); err != nil {
		return err
	}
	if x.workers == 0 {
		x.workers = runtime.GOMAXPROCS(0)
	}
	return nil
}

// sweep checks all points, runs those that are not there yet, records and prints.
func (a *app) sweep(ctx context.Context, args []string, x *sweeping) error {
	var name, label string
	var past *record.Study
	if x.again != "" {
		var err error
		if past, err = openStudy(x.again, record.Sweep); err != nil {
			return err
		}
		name, label = filepath.Join(x.again, past.Designs[0].File), past.Designs[0].Scenario
		x.past = keptIn(x.again, &past.Designs[0])
		if len(x.clauses) == 0 {
			x.clauses = past.Clauses
		}
		for _, v := range past.Variables {
			x.variables = append(x.variables, &scenarios.Varied{Path: v.Path, Values: v.Values, Numbers: v.Numbers, Unit: v.Unit})
		}
	} else {
		name = args[0]
	}
	base, err := x.points(ctx, a, name)
	if err != nil {
		return err
	}
	seed, n := base.World.Seed, base.World.Replications
	if past != nil {
		if base.Hash != past.Designs[0].ScenarioHash {
			return usage("cli.record_differs", x.again, past.Designs[0].ScenarioHash[:8], base.Hash[:8])
		}
		base.Name = label
		seed, n = past.Seed, past.Replications
	}
	if x.hasSeed {
		seed = x.seed
	}
	n = cmp.Or(x.replications, n)
	result := &judge.Sweep{
		Version: Version, Scenario: base.Name, Title: base.World.Title, ScenarioHash: base.Hash, Seed: seed, Replications: n,
		Assurance: base.World.Assurance, Currency: base.World.Costs.Currency, Asked: x.clauses,
	}
	result.Variables = x.plain()
	var store *record.SweepStore
	if x.out != "" {
		study := record.Study{Kind: record.Sweep, Version: Version, Seed: seed, Replications: n, Limit: n,
			Designs:   []record.StudyDesign{{Name: base.Name, Scenario: base.Name, ScenarioHash: base.Hash, File: record.ScenarioFile}},
			Variables: result.Variables, Clauses: x.clauses}
		history, err := x.past.keep(&study, 0)
		if err != nil {
			return err
		}
		store, err = record.OpenSweep(x.out, study, append([]record.File{{Name: record.ScenarioFile, Text: base.Resolved}}, history...), x.force)
		switch {
		case errors.Is(err, record.ErrOtherKind):
			return usage("cli.other_kind", x.out, record.KindOf(x.out), record.Sweep)
		case err != nil:
			return outProblem(x.out, err)
		}
	}
	points := make([]*judge.Point, len(x.hashes))
	grid := experiment.Grid{Replications: n, Workers: x.workers}
	for i, hash := range x.hashes {
		if store != nil {
			points[i] = store.Point(hash)
		}
		if points[i] == nil {
			grid.Points = append(grid.Points, i)
		}
	}
	if there := len(points) - len(grid.Points); there > 0 {
		a.note("cli.sweep_there", there, len(points))
	}
	grid.World = func(point int) (*world.World, judge.RunInfo, error) {
		quiet := *a
		quiet.Err = discard{}
		s, err := x.load(&quiet, name, point)
		if err != nil {
			return nil, judge.RunInfo{}, err
		}
		s.World.Seed = seed
		return s.World, info(s), nil
	}
	grid.Done = func(point int, p *judge.Point) error {
		points[point] = p
		if store != nil {
			return store.Put(p)
		}
		return nil
	}
	bar := a.newProgress(ctx, x.progress)
	grid.Progress = bar.at
	err = experiment.Sweep(ctx, grid)
	bar.close()
	var failed *experiment.DesignError
	switch {
	case errors.As(err, &failed) && errors.Is(err, sim.ErrEventLimit):
		return &problem{exit: Failed, msg: model.Msg{Code: "cli.event_limit", Args: []any{x.pointName(failed.Design), base.World.MaxEvents}}, err: err}
	case errors.As(err, &failed):
		return fmt.Errorf("%s: %w", x.pointName(failed.Design), err)
	case err != nil:
		return err
	}
	for i, p := range points {
		if p != nil {
			p.Place = judge.PlaceOf(result.Variables, i)
			result.Points = append(result.Points, *p)
		}
	}
	if len(result.Points) == 0 {
		return context.Canceled
	}
	result.FindIdle()
	if store != nil {
		var summary, table bytes.Buffer
		if err := errors.Join(report.JSON(&summary, result), report.SweepCSV(&table, result)); err != nil {
			return err
		}
		if err := store.Close(result, summary.Bytes(), table.Bytes()); err != nil {
			return outProblem(x.out, err)
		}
	}
	if err := x.grid(a, result); err != nil {
		return err
	}
	if store != nil {
		a.note("cli.recorded", x.out)
	}
	if len(result.Points) < len(points) {
		a.note("cli.sweep_interrupted", len(result.Points), len(points), x.out)
		return errInterrupted
	}
	return nil
}

// load reads the scenario of a point.
func (x *sweeping) load(a *app, name string, point int) (*scenarios.Scenario, error) {
	l := x.loading
	l.with = nil
	for i, k := range judge.PlaceOf(x.plain(), point) {
		l.with = append(l.with, x.variables[i].Argument("--vary", i+1, k))
	}
	return l.load(a, name, nil)
}

// plain are the variables as the grid sees them.
func (x *sweeping) plain() (list []judge.Variable) {
	for _, v := range x.variables {
		list = append(list, judge.Variable{Path: v.Path, Values: v.Values, Numbers: v.Numbers, Unit: v.Unit})
	}
	return list
}

// pointName says where a point lies.
func (x *sweeping) pointName(point int) string {
	var parts []string
	for i, k := range judge.PlaceOf(x.plain(), point) {
		parts = append(parts, x.variables[i].Path+"="+x.variables[i].Values[k])
	}
	return strings.Join(parts, " ")
}

// points reads the variables and the scenario of every point, so that whatever is wrong with any of them is said before the
// first one runs, and returns the scenario that is varied.
func (x *sweeping) points(ctx context.Context, a *app, name string) (*scenarios.Scenario, error) {
	x.told = map[string]bool{}
	x.shown = map[string][]string{"--vary": x.vary}
	var wrong model.Diagnostics
	var seen []string
	for i, text := range x.vary {
		v, found := scenarios.ReadVaried(text, model.Pos{File: "--vary", Line: i + 1, Col: 1})
		wrong = append(wrong, found...)
		if v == nil {
			continue
		}
		if slices.Contains(seen, v.Path) {
			wrong = append(wrong, model.Diagnostic{Pos: model.Pos{File: "--vary", Line: i + 1, Col: 1}, Msg: model.Msg{Code: "vary.path_twice", Args: []any{v.Path}}})
		}
		seen = append(seen, v.Path)
		x.variables = append(x.variables, v)
	}
	a.diagnostics(wrong, x.arguments())
	base, err := x.loading.load(a, name, nil) // a record is checked once
	if err != nil {
		return nil, err
	}
	size := 1
	for _, v := range x.variables {
		size *= max(len(v.Values), 1) // a few million at most, so that this cannot overflow before it is caught
		if size > manyPoints && !x.force || size > mostPoints {
			return nil, usage("cli.sweep_many", size, manyPoints)
		}
	}
	// Each value by itself first: what is wrong with a path or a value is said once, in the order of the command line.
	bad := len(wrong) > 0
	stride := size
	for _, v := range x.variables {
		stride /= max(len(v.Values), 1)
		for k := range v.Values {
			if !slices.ContainsFunc(x.variables, func(v *scenarios.Varied) bool { return len(v.Values) == 0 }) && !x.try(a, name, k*stride) {
				bad = true
			}
		}
	}
	if bad {
		return nil, &problem{exit: BadInput, msg: model.Msg{Code: "cli.sweep_wrong", Args: []any{name}}}
	}
	if err := x.together(ctx, a, name, size); err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, c := range base.World.Clauses {
		known[c.ID] = true
	}
	for _, id := range x.clauses {
		if !known[id] {
			return nil, usage("cli.sweep_clause", name, id, scenarios.Nearest(id, slices.Sorted(maps.Keys(known))))
		}
	}
	return base, nil
}

// try reads the scenario of a point, says what is wrong with it, and reports whether it is sound.
func (x *sweeping) try(a *app, name string, point int) bool {
	_, err := x.load(a, name, point)
	var p *problem
	if err != nil && (!errors.As(err, &p) || p.msg.Code != "cli.scenario_wrong") { // not said yet
		_ = a.finish(err)
	}
	return err == nil
}

// together reads the scenario of every point and keeps its hash: values may be legal one by one but not together.
func (x *sweeping) together(ctx context.Context, a *app, name string, size int) error {
	x.hashes = make([]string, size)
	bad := make([]bool, size)
	bar := a.newProgress(ctx, x.progress)
	bar.text = "progress.points"
	var next, done atomic.Int64
	var wg sync.WaitGroup
	for range x.workers {
		wg.Go(func() {
			quiet := *a
			quiet.Err = discard{}
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= size {
					return
				}
				l := *x
				l.told = nil // shared with the others
				if s, err := l.load(&quiet, name, i); err != nil {
					bad[i] = true
				} else {
					x.hashes[i] = s.Hash
				}
				bar.at(int(done.Add(1)), size)
			}
		})
	}
	wg.Wait()
	bar.close()
	if ctx.Err() != nil {
		return context.Canceled
	}
	if i := slices.Index(bad, true); i >= 0 {
		x.try(a, name, i)
		return usage("cli.sweep_point", x.pointName(i))
	}
	return nil
}

// grid writes a sweep on stdout.
func (p *printing) grid(a *app, s *judge.Sweep) error {
	o := a.options()
	o.All, o.Detail = p.all, p.detail
	return p.write(a, func(w io.Writer) error {
		switch p.format {
		case "csv":
			return report.SweepCSV(w, s)
		case "json":
			return report.JSON(w, s)
		case "markdown":
			return report.SweepMarkdown(w, s, o)
		}
		return report.SweepText(w, s, o)
	})
}
