package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"slasim/cmd/internal/report"
	"slasim/model"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/experiment"
	"slasim/sim/judge"
	"slasim/sim/record"
)

// comparing are the flags of compare.
type comparing struct {
	loading
	printing
	variants     []string // --with
	stress       []string // --set-file
	replications int
	workers      int
	seed         uint64
	hasSeed      bool
	again        string // record of a comparison
	out          string
	force        bool
	progress     string
}

// design is one of the designs compared: a scenario and what is laid over it.
type design struct {
	name     string // as it is shown
	scenario string // as it is loaded
	loading
	made model.Pos // the flag that made it from the first; no file: it is a scenario of its own
}

// compareCommand sets designs side by side.
func (a *app) compareCommand() *cobra.Command {
	c := a.command("compare SCENARIO…", strings.Join([]string{
		"  slasim compare liaoning liaoning-b liaoning-c",
		"  slasim compare liaoning --with people.field_shenyang.headcount=8 --with 'travel.speed=80 km/h faults.scale=1.2'",
		"  slasim compare liaoning --set-file flood-week --set-file two-sick --out what-if",
		"  slasim compare --again what-if --lang zh",
	}, "\n"))
	var x comparing
	f := c.Flags()
	f.StringArrayVar(&x.variants, "with", nil, a.say.T("flag.with"))
	f.StringArrayVar(&x.stress, "set-file", nil, a.say.T("flag.compare-set-file"))
	f.StringArrayVar(&x.set, "set", nil, a.say.T("flag.compare-set"))
	f.StringVar(&x.reading, "reading", "", a.say.T("flag.reading"))
	f.BoolVar(&x.strict, "strict-calendar", false, a.say.T("flag.strict-calendar"))
	f.IntVar(&x.replications, "replications", 0, a.say.T("flag.compare-replications"))
	f.IntVar(&x.workers, "workers", 0, a.say.T("flag.workers"))
	f.Uint64Var(&x.seed, "seed", 0, a.say.T("flag.compare-seed"))
	x.printing.flags(a, c)
	f.StringVar(&x.out, "out", "", a.say.T("flag.compare-out"))
	f.BoolVar(&x.force, "force", false, a.say.T("flag.force"))
	f.StringVar(&x.again, "again", "", a.say.T("flag.again"))
	f.StringVar(&x.progress, "progress", "auto", a.say.T("flag.progress"))
	c.Args = orAgain(&x.again, want(1, -1, "SCENARIO"))
	c.RunE = func(c *cobra.Command, args []string) error {
		x.hasSeed = c.Flags().Changed("seed")
		if err := x.check(c); err != nil {
			return err
		}
		ctx, stop := a.interruptible(c.Context())
		defer stop()
		return a.compare(ctx, args, &x)
	}
	return c
}

// check refuses flags that make no sense, before any work is done.
func (x *comparing) check(c *cobra.Command) error {
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
	}
	return alone(c, x.again, "with", "set-file", "set", "reading", "strict-calendar")
}

// most is how many designs a comparison holds: they have letters for names.
const most = 26

// compare runs the designs, records and prints.
func (a *app) compare(ctx context.Context, args []string, x *comparing) error {
	designs, past, err := x.designs(a, args)
	if err != nil {
		return err
	}
	list, err := x.read(a, designs, past)
	if err != nil {
		return err
	}
	if x.out != "" {
		if err := record.MayCreate(x.out, x.force); err != nil {
			return outProblem(x.out, err)
		}
	}
	seed, limit := list[0].World.Seed, list[0].World.Replications
	if past != nil {
		seed, limit = past.Seed, past.Limit
	}
	if x.hasSeed {
		seed = x.seed
	}
	if x.replications > 0 {
		limit = x.replications
	}
	c := experiment.Comparison{Limit: limit, Workers: x.workers}
	for i, s := range list {
		s.World.Seed = seed
		c.Designs = append(c.Designs, experiment.Design{
			Name: designs[i].name, Changes: scenarios.Differences(list[0], s), World: s.World, Info: info(s),
		})
	}
	bar := a.newProgress(ctx, x.progress)
	c.Progress = bar.at
	v, err := experiment.Compare(ctx, c)
	bar.close()
	var failed *experiment.DesignError
	switch {
	case errors.As(err, &failed) && errors.Is(err, sim.ErrEventLimit):
		return &problem{exit: Failed, msg: model.Msg{Code: "cli.event_limit",
			Args: []any{designs[failed.Design].name, list[failed.Design].World.MaxEvents}}, err: err}
	case errors.As(err, &failed):
		return fmt.Errorf("%s: %w", designs[failed.Design].name, err)
	case err != nil:
		return err
	case v == nil:
		return context.Canceled
	}
	if x.out != "" {
		if err := keep(x, designs, list, v); err != nil {
			return err
		}
	}
	if err := x.versus(a, v); err != nil {
		return err
	}
	if x.out != "" {
		a.note("cli.recorded", x.out)
	}
	if v.Stopped == judge.StoppedInterrupted {
		a.note("cli.interrupted_at", v.Replications, v.Limit)
		return errInterrupted
	}
	return nil
}

// designs lists what is compared: scenarios, then what --with and --set-file make of the first; or those of a record.
func (x *comparing) designs(a *app, args []string) (list []*design, past *record.Study, err error) {
	if x.again != "" {
		if past, err = openStudy(x.again, record.Comparison); err != nil {
			return nil, nil, err
		}
		for _, d := range past.Designs {
			list = append(list, &design{name: d.Name, scenario: filepath.Join(x.again, d.File), loading: loading{past: keptIn(x.again, &d)}})
		}
		return list, past, nil
	}
	for _, name := range args {
		list = append(list, &design{name: name, scenario: name, loading: x.loading})
	}
	for i, text := range x.variants {
		d := &design{name: strings.Join(strings.Fields(text), " "), scenario: args[0], loading: x.loading,
			made: model.Pos{File: "--with", Line: i + 1, Col: 1}}
		d.with, d.shown = split("--with", i+1, text), map[string][]string{"--with": x.variants}
		list = append(list, d)
	}
	for _, file := range x.stress {
		d := &design{name: file, scenario: args[0], loading: x.loading, made: model.Pos{File: file}}
		d.setFiles = []string{file}
		list = append(list, d)
	}
	switch {
	case len(list) < 2:
		return nil, nil, usage("cli.compare_one", args[0])
	case len(list) > most:
		return nil, nil, usage("cli.compare_many", len(list), most)
	}
	return list, nil, nil
}

// assignment is how a further change begins inside one argument: path=.
var assignment = regexp.MustCompile(`^[\pL_"][^\s=]*=`)

// split cuts an argument into changes: at blanks after which one begins, but not inside quotes and brackets of a value.
func split(flag string, number int, text string) []scenarios.Argument {
	var list []scenarios.Argument
	runes := []rune(text)
	from := 0
	cut := func(to int) {
		if part := strings.TrimSpace(string(runes[from:to])); part != "" {
			blanks := len(runes[from:to]) - len([]rune(strings.TrimLeft(string(runes[from:to]), " \t")))
			list = append(list, scenarios.Argument{Flag: flag, Number: number, Col: from + blanks + 1, Text: part})
		}
		from = to
	}
	for i, r := range scenarios.Bare(runes) {
		if (r == ' ' || r == '\t') && assignment.MatchString(string(runes[i+1:])) {
			cut(i)
		}
	}
	cut(len(runes))
	return list
}

// read loads the designs. All that is wrong with any of them is said, once.
func (x *comparing) read(a *app, designs []*design, past *record.Study) ([]*scenarios.Scenario, error) {
	told := map[string]bool{}
	list := make([]*scenarios.Scenario, len(designs))
	var wrong []string
	errs := 0
	for i, d := range designs {
		d.told = told
		s, err := d.load(a, d.scenario, nil)
		var p *problem
		switch {
		case errors.As(err, &p) && p.msg.Code == "cli.scenario_wrong":
			wrong = append(wrong, d.name)
			errs += p.msg.Args[1].(int)
		case err != nil:
			return nil, err
		case list[0] != nil && d.made.File != "" && len(scenarios.Differences(list[0], s)) == 0:
			a.diagnostics(model.Diagnostics{{Pos: d.made, Msg: model.Msg{Code: "cli.changes_nothing", Args: []any{designs[0].name}}}}, d.arguments())
			wrong = append(wrong, d.name)
			errs++
		}
		list[i] = s
		if past != nil && s != nil {
			if was := past.Designs[i]; s.Hash != was.ScenarioHash {
				return nil, usage("cli.record_differs", x.again, was.ScenarioHash[:8], s.Hash[:8])
			}
			s.Name, s.World.Name = past.Designs[i].Scenario, past.Designs[i].Scenario
		}
	}
	if len(wrong) > 0 {
		return nil, &problem{exit: BadInput, msg: model.Msg{Code: "cli.scenario_wrong", Args: []any{wrong, errs}}}
	}
	return list, nil
}

// keep writes the record of a comparison.
func keep(x *comparing, designs []*design, list []*scenarios.Scenario, v *judge.Versus) error {
	study := record.Study{Kind: record.Comparison, Version: Version, Seed: v.Seed, Replications: v.Replications, Limit: v.Limit}
	var files []record.File
	for i, s := range list {
		d := record.StudyDesign{Name: designs[i].name, Scenario: s.Name, ScenarioHash: s.Hash, File: fmt.Sprintf("design-%d.yaml", i+1)}
		study.Designs = append(study.Designs, d)
		files = append(files, record.File{Name: d.File, Text: s.Resolved})
		past, err := designs[i].past.keep(&study, i)
		if err != nil {
			return err
		}
		files = append(files, past...)
	}
	var summary bytes.Buffer
	if err := report.JSON(&summary, v); err != nil {
		return err
	}
	files = append(files, record.File{Name: record.SummaryFile, Text: summary.Bytes()})
	if err := record.WriteStudy(x.out, study, files, x.force); err != nil {
		return outProblem(x.out, err)
	}
	return nil
}

// versus writes a comparison on stdout.
func (p *printing) versus(a *app, v *judge.Versus) error {
	o := a.options()
	o.All, o.Detail = p.all, p.detail
	return p.write(a, func(w io.Writer) error {
		switch p.format {
		case "csv":
			return report.VersusCSV(w, v, a.language())
		case "json":
			return report.JSON(w, v)
		case "markdown":
			return report.VersusMarkdown(w, v, o)
		}
		return report.VersusText(w, v, o)
	})
}
