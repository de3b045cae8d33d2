package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

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

// running are the flags of run besides loading and printing.
type running struct {
	loading
	printing
	replaying
	replications int
	precision    float64
	workers      int
	seed         uint64
	hasSeed      bool
	assumptions  bool
	readings     bool
	doubt        int // draws
	doubtReps    int // replications of a draw
	gate         bool
	out          string
	force        bool
	events       int
	progress     string
}

// runCommand simulates a scenario.
func (a *app) runCommand() *cobra.Command {
	c := a.command("run SCENARIO", strings.Join([]string{
		"  slasim run liaoning",
		"  slasim run liaoning --set people.shenyang.headcount=8 --replications 500",
		"  slasim run ours.yaml --out record --gate",
	}, "\n"))
	c.Args = want(1, 1, "SCENARIO")
	var r running
	f := c.Flags()
	f.IntVar(&r.replications, "replications", 0, a.say.T("flag.replications"))
	f.Float64Var(&r.precision, "precision", 0, a.say.T("flag.precision"))
	f.IntVar(&r.workers, "workers", 0, a.say.T("flag.workers"))
	f.Uint64Var(&r.seed, "seed", 0, a.say.T("flag.seed"))
	r.loading.flags(a, c)
	f.BoolVar(&r.assumptions, "assumptions", false, a.say.T("flag.assumptions"))
	f.BoolVar(&r.readings, "readings", false, a.say.T("flag.readings"))
	f.IntVar(&r.doubt, "doubt", 0, a.say.T("flag.doubt"))
	f.IntVar(&r.doubtReps, "doubt-replications", 20, a.say.T("flag.doubt-replications"))
	f.BoolVar(&r.gate, "gate", false, a.say.T("flag.gate"))
	r.printing.flags(a, c)
	f.StringVar(&r.out, "out", "", a.say.T("flag.out"))
	f.BoolVar(&r.force, "force", false, a.say.T("flag.force"))
	f.IntVar(&r.events, "events", 1, a.say.T("flag.events"))
	f.StringVar(&r.faults, "faults", "", a.say.T("flag.faults"))
	f.StringVar(&r.mapping, "mapping", "", a.say.T("flag.mapping"))
	f.StringVar(&r.shiftTo, "shift-to", "", a.say.T("flag.shift-to"))
	f.StringVar(&r.progress, "progress", "auto", a.say.T("flag.progress"))
	c.RunE = func(c *cobra.Command, args []string) error {
		r.hasSeed = c.Flags().Changed("seed")
		if err := r.check(c); err != nil {
			return err
		}
		ctx, stop := a.interruptible(c.Context())
		defer stop()
		return a.run(ctx, args[0], &r)
	}
	return c
}

// check refuses flags that make no sense, before any work is done.
func (r *running) check(c *cobra.Command) error {
	if err := r.printing.check(); err != nil {
		return err
	}
	if err := r.replaying.check(); err != nil {
		return err
	}
	if err := choice("--progress", r.progress, "auto", "plain", "none"); err != nil {
		return err
	}
	given := c.Flags().Changed
	switch {
	case given("replications") && (r.replications < 1 || r.replications > 1e6):
		return usage("cli.out_of_range", "--replications", fmt.Sprint(r.replications), "1 … 1000000")
	case given("workers") && (r.workers < 1 || r.workers > 1024):
		return usage("cli.out_of_range", "--workers", fmt.Sprint(r.workers), "1 … 1024")
	case given("precision") && !(r.precision > 0 && r.precision < 0.5):
		return usage("cli.out_of_range", "--precision", fmt.Sprint(r.precision), "0 < … < 0.5")
	case given("doubt") && (r.doubt < 2 || r.doubt > 1e5):
		return usage("cli.out_of_range", "--doubt", fmt.Sprint(r.doubt), "2 … 100000")
	case r.doubtReps < 1 || r.doubtReps > 1e6:
		return usage("cli.out_of_range", "--doubt-replications", fmt.Sprint(r.doubtReps), "1 … 1000000")
	case given("doubt-replications") && !given("doubt"):
		return usage("cli.needs_flag", "--doubt-replications", "--doubt")
	case r.events < 0:
		return usage("cli.out_of_range", "--events", fmt.Sprint(r.events), "0 …")
	}
	return nil
}

// run simulates, records and prints.
func (a *app) run(ctx context.Context, name string, r *running) error {
	s, past, err := r.scenario(a, &r.loading, name, nil)
	if err != nil {
		return err
	}
	if r.doubt > 0 && ranges(s) == 0 {
		return usage("cli.no_ranges", name)
	}
	if r.hasSeed {
		s.World.Seed = r.seed
	}
	if r.replications > 0 {
		s.World.Replications = r.replications
	}
	opt := experiment.Options{Replications: r.replications, Workers: r.workers, Precision: r.precision}
	var others *reader
	if r.readings {
		if others, err = r.readers(a, name, s); err != nil {
			return err
		}
		opt.Judges = others.worlds
	}
	if r.out != "" {
		opt.Record, err = record.Create(r.out, record.Options{
			Info:  record.Info{Version: Version, Scenario: s.Name, ScenarioHash: s.Hash, Seed: s.World.Seed, Start: s.World.Start},
			World: s.World, Calendars: calendars(s), Scenario: s.Resolved, History: kept(past), Events: r.events, Force: r.force,
		})
		if err != nil {
			return outProblem(r.out, err)
		}
		a.recording.Store(opt.Record)
	}
	recorded := false
	defer func() {
		if opt.Record != nil && !recorded {
			opt.Record.Abort()
		}
	}()

	result, err := a.simulate(ctx, name, s.World, opt, r.progress)
	if err != nil {
		return err
	}
	rep := experiment.Report(s.World, result, info(s))
	replayed(rep, past)
	looked := true // at what one contract costs the others, and at the assumptions
	if !result.Interrupted && len(s.World.Contracts) > 1 {
		bar := a.newProgress(ctx, r.progress)
		rep.Pool, err = experiment.Pool(ctx, s.World, result.Reps[:min(len(result.Reps), watched)],
			experiment.Options{Workers: r.workers, Progress: bar.at})
		bar.close()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		looked = rep.Pool != nil // else interrupted
	}
	if watch := s.File.Run.Watch; looked && !result.Interrupted && (r.assumptions || len(watch) > 0) {
		if r.assumptions {
			watch = nil
		}
		bar := a.newProgress(ctx, r.progress)
		err = r.examine(ctx, a, name, s.World, result, watch, rep, bar)
		bar.close()
		if looked = !errors.Is(err, context.Canceled); looked && err != nil {
			return err
		}
	}
	if others != nil && looked && !result.Interrupted {
		bar := a.newProgress(ctx, r.progress)
		err = r.questions(ctx, others, result, rep, bar)
		bar.close()
		if looked = !errors.Is(err, context.Canceled); looked && err != nil {
			return err
		}
	}
	doubted := true
	if r.doubt > 0 && looked && !result.Interrupted {
		bar := a.newProgress(ctx, r.progress)
		rep.Doubt, err = r.draws(ctx, a, name, s, bar)
		bar.close()
		if err != nil {
			return err
		}
		doubted = rep.Doubt != nil && rep.Doubt.Draws == r.doubt
	}
	if opt.Record != nil {
		var summary bytes.Buffer
		if err := report.JSON(&summary, rep); err != nil {
			return err
		}
		recorded = true // Close cleans up after itself
		if err := opt.Record.Close(summary.Bytes(), clauseRows(s, result, rep)); err != nil {
			return outProblem(r.out, err)
		}
	}
	if err := r.print(a, rep); err != nil {
		return err
	}
	if opt.Record != nil {
		a.note("cli.recorded", r.out)
	}
	if result.Interrupted {
		a.note("cli.interrupted_at", len(result.Reps), result.Asked)
		return errInterrupted
	}
	if !looked {
		a.note("cli.interrupted_look", len(result.Reps))
		return errInterrupted
	}
	if !doubted {
		n := 0
		if rep.Doubt != nil {
			n = rep.Doubt.Draws
		}
		a.note("cli.interrupted_doubt", n, r.doubt, len(result.Reps))
		return errInterrupted
	}
	if r.gate {
		return a.gate(rep)
	}
	return nil
}

// outProblem is what keeps a record from being written at dir.
func outProblem(dir string, err error) error {
	info, statErr := os.Stat(dir)
	switch {
	case statErr == nil && !info.IsDir():
		return usage("cli.out_is_file", dir)
	case errors.Is(err, record.ErrNotRecord):
		return usage("cli.out_not_empty", dir)
	case errors.Is(err, record.ErrHere):
		return usage("cli.out_here", dir)
	}
	return unwritable(dir, err)
}

// simulate runs the replications of a world and shows the progress. An interrupted run comes to what had finished; if
// that is nothing, the error is context.Canceled.
func (a *app) simulate(ctx context.Context, name string, w *world.World, opt experiment.Options, mode string) (*experiment.Result, error) {
	bar := a.newProgress(ctx, mode)
	opt.Progress = bar.at
	result, err := experiment.Run(ctx, w, opt)
	bar.close()
	switch {
	case errors.Is(err, sim.ErrEventLimit):
		return nil, &problem{exit: Failed, msg: model.Msg{Code: "cli.event_limit", Args: []any{name, w.MaxEvents}}, err: err}
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case len(result.Reps) == 0:
		return nil, context.Canceled
	}
	return result, nil
}

// info is what a report says of the scenario.
func info(s *scenarios.Scenario) judge.RunInfo {
	reading := s.File.Run.Reading
	if reading == "" {
		reading = "default"
	}
	return judge.RunInfo{Version: Version, Scenario: s.Name, ScenarioHash: s.Hash, Seed: s.World.Seed, Reading: reading}
}

// gate is closed if a clause that can be judged is not met. Clauses that no run can judge (a document, a word without
// a number, a measure without a target) do not close it; an event that never came, or a missing parameter, does: no
// data is not a pass.
func (a *app) gate(r *judge.Report) error {
	var failed []string
	for i := range r.Clauses {
		switch r.Clauses[i].Verdict {
		case "MISSED", "INFEASIBLE", "UNDECIDED", "NO DATA", "NEEDS PARAMETER":
			failed = append(failed, r.Clauses[i].ID)
		}
	}
	if len(failed) == 0 {
		return nil
	}
	a.note("cli.gate", len(failed), failed)
	return errNo
}

// clauseRows are the clauses of the report with their counts, for the record.
func clauseRows(s *scenarios.Scenario, result *experiment.Result, rep *judge.Report) []record.ClauseRow {
	w := s.World
	var rows []record.ClauseRow
	row := func(c *judge.ClauseResult, by, id string, f *judge.Figures) *record.ClauseRow {
		rows = append(rows, record.ClauseRow{
			Clause: c.ID, Contract: c.Contract, By: by, Row: id, Verdict: f.Verdict, Limit: f.Limit, Periods: -1, Held: -1,
			EventsPerYear: f.EventsPerYear, LatePerYear: f.LatePerYear, LateP10: f.LateP10, LateP90: f.LateP90,
			Share: f.Share, ShareLow: f.ShareLow, ShareHigh: f.ShareHigh,
			PHold: f.PHold, PHoldLow: f.PHoldLow, PHoldHigh: f.PHoldHigh, PNoLate: f.PClean, BestPossible: f.BestPossible,
			MeanHours: f.MeanHours, P50Hours: f.P50Hours, P95Hours: f.P95Hours,
			SignableP95Hours: f.SignableP95, SignableP99Hours: f.SignableP99,
		})
		if c.Target != nil {
			rows[len(rows)-1].Target = *c.Target
		}
		return &rows[len(rows)-1]
	}
	for i := range rep.Clauses {
		c := &rep.Clauses[i]
		x := row(c, "", "", &c.Figures)
		for k := range w.Clauses {
			if w.Clauses[k].ID != c.ID || w.Contracts[w.Clauses[k].Contract].ID != c.Contract {
				continue
			}
			x.Periods, x.Held = 0, 0
			periods := periodRows(result.Reps, k, c)
			for i := range periods {
				p := &periods[i]
				x.Met += p.Met
				x.Breached += p.Breached
				x.Cancelled += p.Cancelled
				x.Censored += p.Censored
				x.Periods += p.Periods
				x.Held += p.Held
			}
			rows = append(rows, periods...)
		}
		for j := range c.Rows {
			f := &c.Rows[j].Figures
			y := row(c, c.Rows[j].By, c.Rows[j].ID, f)
			y.Met, y.Breached, y.Cancelled, y.Censored = f.Met, f.Breached, f.Cancelled, f.Censored
		}
	}
	return rows
}

// periodRows are the counts of clause k of the world by contract year or calendar month, as many as the term touches.
func periodRows(reps []*judge.RepResult, k int, c *judge.ClauseResult) []record.ClauseRow {
	rows := make([]record.ClauseRow, reps[0].Periods(k))
	for i := range rows {
		x := &rows[i]
		*x = record.ClauseRow{Clause: c.ID, Contract: c.Contract, By: record.ByPeriod, Row: strconv.Itoa(i)}
		for _, r := range reps {
			n, judged, held := r.Period(k, i)
			x.Met += int64(n.Met)
			x.Breached += int64(n.Breached)
			x.Cancelled += int64(n.Cancelled)
			x.Censored += int64(n.Censored)
			if judged {
				x.Periods++
				if held {
					x.Held++
				}
			}
		}
	}
	return rows
}
