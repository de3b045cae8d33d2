package cli

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"slasim/cmd/internal/report"
	"slasim/model"
	"slasim/scenarios"
	"slasim/sim/record"
)

// loading are the flags of every command that reads a scenario.
type loading struct {
	set      []string
	setFiles []string
	reading  string
	strict   bool

	with   []scenarios.Argument      // changes of one design of several, after the others
	shown  map[string][]string       // what --with and the like say, for the lines of diagnostics
	told   map[string]bool           // findings of other designs that were said already; nil: none
	draw   func(path string) float64 // quantile at which an assumption is taken; nil takes the base
	record *record.Manifest          // of the record that stands for the scenario, once it was opened,
	dir    string                    // and where that is
	past   *keptHistory              // that the record keeps and the scenario replays; nil: none
}

// flags adds them to a command.
func (l *loading) flags(a *app, c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&l.set, "set", nil, a.say.T("flag.set"))
	f.StringArrayVar(&l.setFiles, "set-file", nil, a.say.T("flag.set-file"))
	f.StringVar(&l.reading, "reading", "", a.say.T("flag.reading"))
	f.BoolVar(&l.strict, "strict-calendar", false, a.say.T("flag.strict-calendar"))
}

// load reads a scenario, or that of a record with the history it replayed, and prints what was found; the error has
// been printed.
func (l *loading) load(a *app, name string, assume map[string]string) (*scenarios.Scenario, error) {
	if record.Is(name) {
		s, _, err := l.again(a, name, assume, true)
		return s, err
	}
	s, err := l.read(a, name, assume)
	if err == nil && l.past != nil {
		_, err = l.past.replay(a, s)
	}
	return s, err
}

// read reads a scenario file, or an embedded scenario by its name.
func (l *loading) read(a *app, name string, assume map[string]string) (*scenarios.Scenario, error) {
	if l.reading != "" {
		if err := choice("--reading", l.reading, "default", "strict", "lenient"); err != nil {
			return nil, err
		}
	}
	s, found := scenarios.Load(name, scenarios.Options{Set: l.set, SetFiles: l.setFiles, With: l.with, Reading: l.reading,
		StrictCalendar: l.strict, Assume: assume, Draw: l.draw})
	a.diagnostics(l.news(found), l.arguments())
	if found.HasErrors() {
		return nil, &problem{exit: BadInput, msg: model.Msg{Code: "cli.scenario_wrong", Args: []any{name, errorCount(found)}}}
	}
	return s, nil
}

// arguments are what flags say that diagnostics point at.
func (l *loading) arguments() map[string][]string {
	lines := map[string][]string{"--set": l.set}
	maps.Copy(lines, l.shown)
	return lines
}

// news are the findings that were not told yet.
func (l *loading) news(found model.Diagnostics) model.Diagnostics {
	if l.told == nil {
		return found
	}
	var list model.Diagnostics
	for _, d := range found {
		at := d
		if at.Pos.File == "--vary" { // the same path goes for all its values
			at.Pos.Col = 0
		}
		if key := fmt.Sprint(at); !l.told[key] {
			l.told[key] = true
			list = append(list, d)
		}
	}
	return list
}

// errorCount counts the errors among findings.
func errorCount(list model.Diagnostics) (n int) {
	for _, d := range list {
		if d.Severity == model.Error {
			n++
		}
	}
	return n
}

// checkCommand reads scenarios and says what is wrong with them.
func (a *app) checkCommand() *cobra.Command {
	c := a.command("check SCENARIO…", "  slasim check my.yaml\n  slasim check liaoning --set people.shenyang.headcount=8")
	c.Args = want(1, -1, "SCENARIO")
	var l loading
	l.flags(a, c)
	c.RunE = func(_ *cobra.Command, args []string) error {
		worst := Done
		for _, name := range args {
			s, err := l.load(a, name, nil)
			if err != nil {
				worst = max(worst, a.finish(err))
				continue
			}
			fmt.Fprintln(a.Out, a.say.T("check.good", name, len(s.World.Places), len(s.World.Persons), len(s.World.Clauses),
				len(s.Assumptions), s.Hash[:8]))
		}
		if worst != Done {
			return said(worst)
		}
		return nil
	}
	return c
}

// schemaCommand prints the JSON Schema of scenario files.
func (a *app) schemaCommand() *cobra.Command {
	c := a.command("schema", "  slasim schema > scenario.schema.json")
	c.Args = want(0, 0, "")
	c.RunE = func(*cobra.Command, []string) error {
		text, err := scenarios.Schema()
		if err == nil {
			_, err = a.Out.Write(text)
		}
		return err
	}
	return c
}

// scenariosCommand lists the embedded scenarios.
func (a *app) scenariosCommand() *cobra.Command {
	c := a.command("scenarios", "")
	c.Args = want(0, 0, "")
	c.RunE = func(*cobra.Command, []string) error {
		var rows [][]string
		for _, s := range scenarios.Embedded() {
			rows = append(rows, []string{s.Name, s.Title.In(a.language()), s.Description.In(a.language())})
		}
		if err := report.List(a.Out, a.options(), rows); err != nil {
			return err
		}
		rows = nil
		for _, s := range scenarios.StressSets() {
			rows = append(rows, []string{s.Name, s.Title.In(a.language()), s.Description.In(a.language())})
		}
		fmt.Fprintf(a.Out, "\n%s\n", a.say.T("scenarios.stress"))
		return report.List(a.Out, a.options(), rows)
	}
	return c
}

// initCommand writes a scenario to start from.
func (a *app) initCommand() *cobra.Command {
	c := a.command("init NAME", "  slasim init ours\n  slasim run ours.yaml")
	c.Args = want(1, 1, "NAME")
	force := c.Flags().Bool("force", false, a.say.T("flag.force"))
	c.RunE = func(_ *cobra.Command, args []string) error {
		file := args[0]
		if filepath.Ext(file) != ".yaml" {
			file += ".yaml"
		}
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		if name == "" {
			return usage("cli.empty", c.CommandPath(), "NAME")
		}
		err := writeFile(file, *force, func(w io.Writer) error {
			_, err := w.Write(scenarios.Starter(name))
			return err
		})
		if err == nil {
			fmt.Fprintln(a.Out, a.say.T("init.written", file))
		}
		return err
	}
	return c
}
