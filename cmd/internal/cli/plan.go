package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"slasim/cmd/internal/report"
	"slasim/model"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim/judge"
	"slasim/sim/plan"
	"slasim/sim/record"
)

// planning are the flags of plan besides loading and printing.
type planning struct {
	loading
	printing
	vary         []string
	hold         string
	clauses      []string
	search       int
	replications int
	workers      int
	seed         uint64
	hasSeed      bool
	budget       float64
	relax        bool
	named        bool
	letSlip      bool
	save, out    string
	again        string // record of a plan
	force        bool
	progress     string
}

// planCommand sizes staff and stock.
func (a *app) planCommand() *cobra.Command {
	c := a.command("plan [SCENARIO]", strings.Join([]string{
		"  slasim plan liaoning",
		"  slasim plan liaoning --vary 'people.field_*.headcount=2..8' --hold share:0.98 --save design.yaml",
		"  slasim plan ours.yaml --budget 5e6 --relax --out plan",
		"  slasim plan --again plan --lang zh",
	}, "\n"))
	var p planning
	c.Args = orAgain(&p.again, want(1, 1, "SCENARIO"))
	f := c.Flags()
	f.StringArrayVar(&p.vary, "vary", nil, a.say.T("flag.plan-vary"))
	f.StringVar(&p.hold, "hold", "", a.say.T("flag.hold"))
	f.StringArrayVar(&p.clauses, "clause", nil, a.say.T("flag.plan-clause"))
	f.Float64Var(&p.budget, "budget", 0, a.say.T("flag.budget"))
	f.BoolVar(&p.relax, "relax", false, a.say.T("flag.relax"))
	f.BoolVar(&p.letSlip, "let-slip", false, a.say.T("flag.let-slip"))
	f.BoolVar(&p.named, "designs", false, a.say.T("flag.designs"))
	f.StringVar(&p.save, "save", "", a.say.T("flag.save"))
	f.IntVar(&p.replications, "replications", 0, a.say.T("flag.proof"))
	f.IntVar(&p.search, "search", 0, a.say.T("flag.search"))
	f.IntVar(&p.workers, "workers", 0, a.say.T("flag.workers"))
	f.Uint64Var(&p.seed, "seed", 0, a.say.T("flag.seed"))
	p.loading.flags(a, c)
	p.printing.flags(a, c)
	f.StringVar(&p.out, "out", "", a.say.T("flag.plan-out"))
	f.StringVar(&p.again, "again", "", a.say.T("flag.plan-again"))
	f.BoolVar(&p.force, "force", false, a.say.T("flag.force"))
	f.StringVar(&p.progress, "progress", "auto", a.say.T("flag.progress"))
	c.RunE = func(c *cobra.Command, args []string) error {
		p.hasSeed = c.Flags().Changed("seed")
		if err := p.check(c); err != nil {
			return err
		}
		ctx, stop := a.interruptible(c.Context())
		defer stop()
		return a.plan(ctx, strings.Join(args, ""), &p)
	}
	return c
}

// check refuses flags that make no sense, before any work is done.
func (p *planning) check(c *cobra.Command) error {
	if err := p.printing.check(); err != nil {
		return err
	}
	if err := choice("--progress", p.progress, "auto", "plain", "none"); err != nil {
		return err
	}
	given := c.Flags().Changed
	if p.hold != "" {
		if _, ok := scenarios.HoldShare(p.hold); !ok {
			return wrongValue("--hold", p.hold, []string{"contract", "clean", "aim", "share:0.99"})
		}
	}
	switch {
	case given("replications") && (p.replications < 60 || p.replications > 1e6):
		return usage("cli.out_of_range", "--replications", fmt.Sprint(p.replications), "60 … 1000000")
	case given("search") && (p.search < 60 || p.search > 1e5):
		return usage("cli.out_of_range", "--search", fmt.Sprint(p.search), "60 … 100000")
	case given("workers") && (p.workers < 1 || p.workers > 1024):
		return usage("cli.out_of_range", "--workers", fmt.Sprint(p.workers), "1 … 1024")
	case given("budget") && !(p.budget > 0 && p.budget < 1e15):
		return usage("cli.out_of_range", "--budget", fmt.Sprint(p.budget), "> 0")
	case p.save != "" && len(p.setFiles) > 0:
		return usage("cli.not_together", "--save", "--set-file")
	}
	if err := alone(c, p.again, "vary", "hold", "clause", "search", "replications", "seed", "budget", "relax", "let-slip", "designs",
		"set", "set-file", "reading", "strict-calendar"); err != nil {
		return err
	}
	if p.save != "" { // before the search, not after it
		dir := filepath.Dir(p.save)
		if _, err := os.ReadDir(dir); err != nil {
			return unwritable(p.save, err)
		}
	}
	if p.save != "" && !p.force {
		if _, err := os.Lstat(p.save); err == nil {
			return usage("cli.exists", p.save)
		}
	}
	return nil
}

// plan carries out the command.
func (a *app) plan(ctx context.Context, name string, p *planning) error {
	var was *planned
	if p.again != "" {
		var err error
		if was, err = p.recall(); err != nil {
			return err
		}
		name = filepath.Join(p.again, record.ScenarioFile)
	}
	s, err := p.read(a, name, nil)
	if err != nil {
		return err
	}
	if was != nil {
		if s.Hash != was.ScenarioHash {
			return usage("cli.record_differs", p.again, was.ScenarioHash[:min(8, len(was.ScenarioHash))], s.Hash[:8])
		}
		s.Name, s.World.Name = was.Scenario, was.Scenario
	}
	if p.hasSeed {
		s.World.Seed = p.seed
	}
	var vars []plan.Variable
	assumed := false
	if was != nil {
		vars, assumed = was.Variables, was.Assumed
	} else if vars, assumed, err = p.variables(a, s); err != nil {
		return err
	}
	q, err := p.problem(a, s, name, vars)
	if err != nil {
		return err
	}
	var kept *planFile
	if p.out != "" {
		if kept, err = p.open(a, s, q, assumed); err != nil {
			return err
		}
		defer kept.close()
		q.Known, q.Keep = kept.known, kept.keep
	}
	bar := a.newProgress(ctx, p.progress)
	q.Progress = bar.plan
	res, err := plan.Plan(ctx, q)
	if err == nil && p.named {
		if slices.ContainsFunc(vars, func(v plan.Variable) bool { return v.Partner }) {
			err = p.compare(ctx, q, res)
		} else {
			a.note("cli.plan_no_partner")
		}
	}
	bar.close()
	var unknown *plan.Unknown
	switch {
	case errors.As(err, &unknown):
		return usage("cli.plan_clause", unknown.Clause, scenarios.Nearest(unknown.Clause, unknown.Legal), strings.Join(unknown.Legal, ", "))
	case errors.Is(err, plan.ErrNothing):
		return usage("cli.plan_nothing", name)
	case errors.Is(err, plan.ErrBudget):
		return &problem{exit: No, msg: model.Msg{Code: "cli.plan_budget",
			Args: []any{a.say.Money(p.budget, s.World.Costs.Currency), a.say.Money(res.Low, s.World.Costs.Currency)}}}
	case errors.Is(err, context.Canceled):
		if p.out != "" {
			a.note("cli.plan_kept", p.out)
		}
		return context.Canceled
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	}
	i := info(s)
	i.Title = s.World.Title
	out := &report.Plan{Run: i, Currency: s.World.Costs.Currency, Price: price(s.World), AssumedBounds: assumed, Result: res}
	if kept != nil {
		if err := kept.finish(out); err != nil {
			return err
		}
	}
	if p.save != "" {
		if err := p.write(s, name, vars, res); err != nil {
			return err
		}
	}
	if err := p.printPlan(a, out); err != nil {
		return err
	}
	if p.save != "" {
		a.note("cli.plan_saved", p.save)
	}
	if p.out != "" {
		a.note("cli.recorded", p.out)
	}
	if !res.Holds && p.budget == 0 || len(p.clauses) > 0 && len(res.SetAside) > 0 {
		return errNo
	}
	return nil
}

func price(w *world.World) float64 {
	sum := 0.0
	for i := range w.Contracts {
		sum += w.Contracts[i].Price
	}
	return sum
}

// variables are what may be chosen: by the flags, else by the scenario, else bounds that are assumed.
func (p *planning) variables(a *app, s *scenarios.Scenario) (vars []plan.Variable, assumed bool, err error) {
	from, file := p.vary, "--vary"
	if len(from) == 0 {
		from, file = s.File.Plan.Vary, "plan.vary"
	}
	if len(from) == 0 {
		from, file, assumed = s.Bounds(), "plan.vary", true
	}
	var found model.Diagnostics
	for i, v := range from {
		list, diags := s.Vary(v, model.Pos{File: file, Line: i + 1, Col: 1})
		if len(p.vary) == 0 { // only what is not there is left to be said of a file
			for k := range diags {
				diags[k].Severity = model.Warning
			}
		}
		found = append(found, diags...)
		for _, x := range list {
			if k := slices.IndexFunc(vars, func(y plan.Variable) bool { return y.Path == x.Path }); k >= 0 { // a later one goes before
				vars = slices.Delete(vars, k, k+1)
			}
			vars = append(vars, plan.Variable{Path: x.Path, Values: x.Values, Base: x.Base, Partner: isPartner(s, x.Path)})
		}
	}
	a.diagnostics(found, map[string][]string{file: from})
	if found.HasErrors() {
		return nil, false, &problem{exit: BadInput, msg: model.Msg{Code: "cli.scenario_wrong", Args: []any{s.Name, errorCount(found)}}}
	}
	if len(vars) == 0 {
		return nil, false, usage("cli.plan_no_variable", s.Name)
	}
	slices.SortFunc(vars, func(x, y plan.Variable) int { return strings.Compare(x.Path, y.Path) })
	return vars, assumed, nil
}

func isPartner(s *scenarios.Scenario, path string) bool {
	rest, ok := strings.CutPrefix(path, "people.")
	team, _, _ := strings.Cut(rest, ".")
	return ok && s.File.People[team].Partner != nil
}

// sets are the changes of a design as --set takes them.
func sets(vars []plan.Variable, d plan.Design) []string {
	var list []string
	for i, v := range d {
		list = append(list, vars[i].Path+"="+vars[i].Values[v])
	}
	return list
}

// problem is what is to be planned. Worlds are read from the scenario with the design laid over it.
func (p *planning) problem(a *app, s *scenarios.Scenario, name string, vars []plan.Variable) (*plan.Problem, error) {
	hold := p.hold
	if hold == "" {
		hold = s.File.Plan.Hold
	}
	q := &plan.Problem{Variables: vars, Clauses: p.clauses, Search: p.search, Proof: p.replications, Workers: p.workers, Budget: p.budget, Relax: p.relax, LetSlip: p.letSlip}
	if len(q.Clauses) == 0 {
		q.Clauses = s.File.Plan.Clauses
	}
	switch share, _ := scenarios.HoldShare(hold); {
	case hold == "clean":
		q.Hold.Mode = plan.Clean
	case hold == "aim":
		q.Hold.Mode = plan.ByAim
	case share > 0:
		q.Hold = plan.Hold{Mode: plan.ByShare, Share: share}
	}
	q.World = func(d plan.Design) (*world.World, error) {
		set := append(slices.Clone(p.set), sets(vars, d)...)
		x, found := scenarios.Load(name, scenarios.Options{Set: set, SetFiles: p.setFiles, Reading: p.reading, StrictCalendar: p.strict})
		if found.HasErrors() {
			return nil, fmt.Errorf("%w: %v", plan.ErrNoWorld, found)
		}
		x.World.Seed = s.World.Seed
		return x.World, nil
	}
	top := make(plan.Design, len(vars))
	for i, v := range vars {
		top[i] = len(v.Values) - 1
	}
	set := append(slices.Clone(p.set), sets(vars, top)...)
	if _, found := scenarios.Load(name, scenarios.Options{Set: set, SetFiles: p.setFiles, Reading: p.reading, StrictCalendar: p.strict}); found.HasErrors() {
		a.diagnostics(found, map[string][]string{"--set": set})
		return nil, usage("cli.plan_top", name)
	}
	return q, nil
}

// compare plans own staff and partners apart, beside the plan that is free to choose.
func (p *planning) compare(ctx context.Context, q *plan.Problem, res *plan.Result) error {
	one := func(name string, keep func(plan.Variable) []string) error {
		x := *q
		x.Relax = false
		x.Variables = slices.Clone(q.Variables)
		shift := make([]int, len(x.Variables))
		for i, v := range x.Variables {
			values := keep(v)
			shift[i] = slices.Index(v.Values, values[0])
			x.Variables[i].Values = values
			x.Variables[i].Base = slices.Index(values, textAt(v, v.Base))
			if v.Partner { // the scenario's own design, with or without partners, is what the others are held against
				x.Variables[i].Base = 0
			}
		}
		x.World = func(d plan.Design) (*world.World, error) {
			y := slices.Clone(d)
			for i := range y {
				y[i] += shift[i]
			}
			return q.World(y)
		}
		x.Known, x.Keep = nil, nil
		r, err := plan.Plan(ctx, &x)
		if err != nil && !errors.Is(err, plan.ErrNothing) {
			return err
		}
		if r != nil {
			res.Named = append(res.Named, r.As(name))
		}
		return nil
	}
	if err := one("own", func(v plan.Variable) []string {
		if v.Partner {
			return v.Values[:1]
		}
		return v.Values
	}); err != nil {
		return err
	}
	res.Named = append(res.Named, res.As("hybrid"))
	return one("partner", func(v plan.Variable) []string {
		if v.Partner {
			return v.Values[len(v.Values)-1:]
		}
		return v.Values
	})
}

func textAt(v plan.Variable, i int) string {
	if i < 0 {
		return ""
	}
	return v.Values[i]
}

// write saves the design as a scenario that extends the one it was planned for.
func (p *planning) write(s *scenarios.Scenario, name string, vars []plan.Variable, res *plan.Result) error {
	list := slices.Clone(p.set)
	for _, v := range res.Variables {
		if v.Value != v.Scenario {
			list = append(list, v.Path+"="+v.Value)
		}
	}
	base := name
	if info, err := os.Stat(name); err == nil && !info.IsDir() && strings.ContainsAny(name, `./\`) {
		if rel, err := filepath.Rel(filepath.Dir(p.save), name); err == nil {
			base = filepath.ToSlash(rel)
		}
	}
	text, err := scenarios.Extending(base, list)
	if err != nil {
		return err
	}
	return writeFile(p.save, p.force, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// printPlan writes the plan on stdout.
func (p *planning) printPlan(a *app, out *report.Plan) error {
	var b bytes.Buffer
	o := a.options()
	o.All, o.Detail = p.all, p.detail
	if err := report.WritePlan(&b, out, p.format, o); err != nil {
		return err
	}
	_, err := io.Copy(a.Out, &b)
	return err
}

// planFile is the record of a plan: what was found of each design, so that an interrupted search goes on, and at the end the
// plan.
type planFile struct {
	dir   string
	old   map[string]*plan.Finding
	file  *os.File
	w     *bufio.Writer
	wrong error
}

// keptFinding is one line of findings.jsonl.
type keptFinding struct {
	Seed    uint64        `json:"seed"`
	Design  string        `json:"design"`
	Finding *plan.Finding `json:"finding"`
}

const (
	planName     = "plan.json"
	problemName  = "problem.json"
	findingsName = "findings.jsonl"
)

// planned is what a record was planned for: with the scenario beside it all that a plan depends on.
type planned struct {
	Version      string          `json:"version"`
	Scenario     string          `json:"scenario"`
	ScenarioHash string          `json:"scenario_hash"`
	Seed         uint64          `json:"seed"`
	Variables    []plan.Variable `json:"variables"`
	Assumed      bool            `json:"bounds_assumed"`
	Hold         string          `json:"hold"`
	Clauses      []string        `json:"clauses"`
	Search       int             `json:"search"`
	Proof        int             `json:"proof"`
	Budget       float64         `json:"budget"`
	Relax        bool            `json:"relax"`
	LetSlip      bool            `json:"let_slip"`
	Named        bool            `json:"designs"`
}

// recall takes the flags from a record.
func (p *planning) recall() (*planned, error) {
	data, err := os.ReadFile(filepath.Join(p.again, problemName))
	if err != nil {
		return nil, usage("cli.plan_no_record", p.again, reason(err))
	}
	was := &planned{}
	if err := json.Unmarshal(data, was); err != nil {
		return nil, badRecord(p.again, err)
	}
	p.hold, p.clauses, p.search, p.replications, p.budget, p.relax, p.letSlip, p.named = was.Hold, was.Clauses, was.Search, was.Proof, was.Budget, was.Relax, was.LetSlip, was.Named
	p.seed, p.hasSeed = was.Seed, true
	return was, nil
}

// open begins a record or goes on with one of the same problem.
func (p *planning) open(a *app, s *scenarios.Scenario, q *plan.Problem, assumed bool) (*planFile, error) {
	cannot := func(err error) error { return unwritable(p.out, err) }
	about, err := json.MarshalIndent(planned{Version, s.Name, s.Hash, s.World.Seed, q.Variables, assumed, q.Hold.String(), q.Clauses,
		q.Search, q.Proof, q.Budget, q.Relax, q.LetSlip, p.named}, "", "  ")
	if err != nil {
		return nil, err
	}
	f := &planFile{dir: p.out, old: map[string]*plan.Finding{}}
	switch was, err := os.ReadFile(filepath.Join(p.out, problemName)); {
	case err == nil && bytes.Equal(was, about):
		if err := f.load(); err != nil {
			return nil, cannot(err)
		}
		if len(f.old) > 0 {
			a.note("cli.plan_goes_on", len(f.old))
		}
	case err == nil && !p.force:
		return nil, usage("cli.plan_other", p.out)
	case err != nil:
		if list, e := os.ReadDir(p.out); e == nil && len(list) > 0 {
			return nil, usage("cli.out_not_empty", p.out)
		}
		if err := os.MkdirAll(p.out, 0o755); err != nil {
			return nil, cannot(err)
		}
	}
	if len(f.old) == 0 {
		for _, x := range []string{findingsName, planName} {
			if err := os.Remove(filepath.Join(p.out, x)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return nil, cannot(err)
			}
		}
	}
	if err := writeFile(filepath.Join(p.out, problemName), true, func(w io.Writer) error { _, err := w.Write(about); return err }); err != nil {
		return nil, err
	}
	if err := writeFile(filepath.Join(p.out, record.ScenarioFile), true, func(w io.Writer) error { _, err := w.Write(s.Resolved); return err }); err != nil {
		return nil, err
	}
	if f.file, err = os.OpenFile(filepath.Join(p.out, findingsName), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644); err != nil {
		return nil, cannot(err)
	}
	f.w = bufio.NewWriter(f.file)
	return f, nil
}

// load reads what was found; a last line that was cut off is left out.
func (f *planFile) load() error {
	data, err := os.ReadFile(filepath.Join(f.dir, findingsName))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	whole := data[:bytes.LastIndexByte(data, '\n')+1]
	for line := range bytes.Lines(whole) {
		var k keptFinding
		if json.Unmarshal(line, &k) != nil || k.Finding == nil {
			continue
		}
		key := fmt.Sprint(k.Seed, " ", k.Design)
		if old := f.old[key]; old == nil || old.Replications < k.Finding.Replications {
			f.old[key] = k.Finding
		}
	}
	return os.Truncate(filepath.Join(f.dir, findingsName), int64(len(whole)))
}

func (f *planFile) known(seed uint64, design string) *plan.Finding {
	return f.old[fmt.Sprint(seed, " ", design)]
}

func (f *planFile) keep(seed uint64, design string, x *plan.Finding) {
	line, err := json.Marshal(keptFinding{seed, design, x})
	if err == nil {
		_, err = f.w.Write(append(line, '\n'))
	}
	if err == nil {
		err = f.w.Flush()
	}
	if f.wrong == nil {
		f.wrong = err
	}
}

// finish writes the plan.
func (f *planFile) finish(out *report.Plan) error {
	if f.wrong != nil {
		return unwritable(f.dir, f.wrong)
	}
	return writeFile(filepath.Join(f.dir, planName), true, func(w io.Writer) error { return report.JSON(w, out) })
}

func (f *planFile) close() { _ = f.file.Close() }

// readPlan is the plan of a record; nil if dir holds none.
func readPlan(dir string) (*report.Plan, error) {
	data, err := os.ReadFile(filepath.Join(dir, planName))
	if err != nil {
		return nil, nil //nolint:nilerr // no plan there
	}
	out := &report.Plan{Result: &plan.Result{Report: &judge.Report{}}}
	if err := json.Unmarshal(data, out); err != nil {
		return nil, badRecord(dir, err)
	}
	return out, nil
}
