package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"slasim/cmd/internal/bid"
	"slasim/cmd/internal/report"
	"slasim/scenarios"
	"slasim/scenarios/catalogue"
	"slasim/sim/experiment"
	"slasim/sim/judge"
)

// fileOutput are the flags of a command that may print into a file.
type fileOutput struct {
	format string
	output string
	force  bool
}

// flags adds them to a command.
func (o *fileOutput) flags(a *app, c *cobra.Command, what string) {
	f := c.Flags()
	f.StringVar(&o.format, "format", "text", a.say.T(what))
	f.StringVarP(&o.output, "output", "o", "", a.say.T("flag.output_file"))
	f.BoolVar(&o.force, "force", false, a.say.T("flag.force"))
}

// endings of files that say what is written into them unless --format does.
var endings = map[string]string{"text": ".txt", "csv": ".csv", "markdown": ".md", "json": ".json", "xlsx": ".xlsx"}

// check settles the format, one of legal, before any work is done. A workbook is never written to a terminal.
func (o *fileOutput) check(c *cobra.Command, legal ...string) error {
	if !c.Flags().Changed("format") && o.output != "" {
		var patterns []string
		i := slices.IndexFunc(legal, func(format string) bool {
			patterns = append(patterns, "*"+endings[format])
			return strings.EqualFold(filepath.Ext(o.output), endings[format])
		})
		if i < 0 {
			return wrongValue("-o", o.output, patterns)
		}
		o.format = legal[i]
	}
	if err := choice("--format", o.format, legal...); err != nil {
		return err
	}
	if o.format == "xlsx" && o.output == "" {
		return usage("cli.needs_flag", "--format xlsx", "-o FILE.xlsx")
	}
	if _, err := os.Lstat(o.output); o.output != "" && err == nil && !o.force {
		return usage("cli.exists", o.output)
	}
	return nil
}

// options are those of an answer that goes to a file, or to the terminal.
func (o *fileOutput) options(a *app) report.Options {
	x := a.options()
	if o.output != "" {
		x.Width = 0
	}
	return x
}

// write prints to the file, or on stdout.
func (o *fileOutput) write(a *app, print func(io.Writer) error) error {
	if o.output != "" {
		if err := writeFile(o.output, o.force, print); err != nil {
			return err
		}
		a.note("cli.written", o.output)
		return nil
	}
	var b bytes.Buffer
	if err := print(&b); err != nil {
		return err
	}
	_, err := io.Copy(a.Out, &b)
	return err
}

// clausesFlags are the flags of clauses.
type clausesFlags struct {
	loading
	fileOutput
	record       string
	run          bool
	replications int
	workers      int
	seed         uint64
	hasSeed      bool
	progress     string
}

// clausesCommand prints the matrix of compliance.
func (a *app) clausesCommand() *cobra.Command {
	c := a.command("clauses SCENARIO", strings.Join([]string{
		"  slasim clauses liaoning",
		"  slasim clauses liaoning --run -o matrix.xlsx --lang zh",
		"  slasim clauses --record out --format csv",
	}, "\n"))
	var r clausesFlags
	f := c.Flags()
	f.StringVar(&r.record, "record", "", a.say.T("flag.record"))
	f.BoolVar(&r.run, "run", false, a.say.T("flag.run"))
	f.IntVar(&r.replications, "replications", 0, a.say.T("flag.replications"))
	f.IntVar(&r.workers, "workers", 0, a.say.T("flag.workers"))
	f.Uint64Var(&r.seed, "seed", 0, a.say.T("flag.seed"))
	r.loading.flags(a, c)
	r.fileOutput.flags(a, c, "flag.matrix_format")
	f.StringVar(&r.progress, "progress", "auto", a.say.T("flag.progress"))
	c.Args = func(c *cobra.Command, args []string) error {
		if r.record != "" && len(args) == 0 {
			return nil
		}
		return want(1, 1, "SCENARIO")(c, args)
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		r.hasSeed = c.Flags().Changed("seed")
		if err := r.check(c); err != nil {
			return err
		}
		name := ""
		if len(args) > 0 {
			name = args[0]
		}
		ctx, stop := a.interruptible(c.Context())
		defer stop()
		return a.clauses(ctx, name, &r)
	}
	return c
}

// check refuses flags that make no sense, before any work is done.
func (r *clausesFlags) check(c *cobra.Command) error {
	if err := r.fileOutput.check(c, "text", "csv", "markdown", "json", "xlsx"); err != nil {
		return err
	}
	given := c.Flags().Changed
	switch {
	case r.run && r.record != "":
		return usage("cli.not_both", "--run", "--record")
	case given("replications") && (r.replications < 1 || r.replications > 1e6):
		return usage("cli.out_of_range", "--replications", fmt.Sprint(r.replications), "1 … 1000000")
	case given("workers") && (r.workers < 1 || r.workers > 1024):
		return usage("cli.out_of_range", "--workers", fmt.Sprint(r.workers), "1 … 1024")
	}
	for _, flag := range []string{"replications", "workers", "seed", "progress"} {
		if given(flag) && !r.run {
			return usage("cli.needs_flag", "--"+flag, "--run")
		}
	}
	return choice("--progress", r.progress, "auto", "plain", "none")
}

// clauses prints the matrix of a scenario, of a record's scenario, or of a plan that has no scenario yet.
func (a *app) clauses(ctx context.Context, name string, r *clausesFlags) error {
	var past *judge.Report
	if r.record != "" {
		rec, err := openRecord(r.record)
		if err != nil {
			return err
		}
		defer rec.Close()
		if past, err = summary(rec); err != nil {
			return err
		}
		if name == "" {
			name = r.record
		}
	}
	if p := barePlan(name); p != nil {
		if r.run || past != nil {
			return usage("cli.no_scenario_yet", p.ID)
		}
		return r.write(a, func(w io.Writer) error {
			return report.Matrix(w, r.format, bid.Plain(p, Version), r.options(a))
		})
	}
	s, err := r.load(a, scenarioOf(name), nil)
	if err != nil {
		return err
	}
	if past != nil && past.Run.ScenarioHash != s.Hash {
		return usage("cli.other_scenario", r.record, past.Run.Scenario, past.Run.ScenarioHash[:min(8, len(past.Run.ScenarioHash))], name, s.Hash[:8])
	}
	interrupted := false
	if r.run {
		if past, interrupted, err = a.judged(ctx, s, r); err != nil {
			return err
		}
	}
	m := bid.New(s, Version, past)
	err = r.write(a, func(w io.Writer) error { return report.Matrix(w, r.format, m, r.options(a)) })
	if err == nil && interrupted {
		a.note("cli.interrupted_at", past.Run.Replications, past.Run.Asked)
		return errInterrupted
	}
	return err
}

// judged runs a scenario.
func (a *app) judged(ctx context.Context, s *scenarios.Scenario, r *clausesFlags) (*judge.Report, bool, error) {
	if r.hasSeed {
		s.World.Seed = r.seed
	}
	if r.replications > 0 {
		s.World.Replications = r.replications
	}
	result, err := a.simulate(ctx, s.Name, s.World, experiment.Options{Replications: r.replications, Workers: r.workers}, r.progress)
	if err != nil {
		return nil, false, err
	}
	return experiment.Report(s.World, result, info(s)), result.Interrupted, nil
}

// embedded reports whether there is an embedded scenario of that name.
func embedded(name string) bool {
	for _, s := range scenarios.Embedded() {
		if s.Name == name {
			return true
		}
	}
	return false
}

// scenarioOf is the scenario that a name means: the id of a plan means the one that carries it, unless there is another
// of that name.
func scenarioOf(name string) string {
	if p, ok := catalogue.Find(name); ok && !embedded(name) && !exists(name) {
		return p.Scenario
	}
	return name
}

// barePlan is the plan that a name means if no scenario carries it yet.
func barePlan(name string) *catalogue.Plan {
	if p, ok := catalogue.Find(name); ok && !exists(name) && !embedded(p.Scenario) {
		return p
	}
	return nil
}

// exists reports whether there is a file of that name.
func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
