package cli

import (
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"slasim/cmd/internal/report"
	"slasim/model"
	"slasim/model/clock"
	"slasim/scenarios"
	"slasim/sim/judge"
	"slasim/sim/record"
)

// plotCommand draws pictures of a record.
func (a *app) plotCommand() *cobra.Command {
	c := a.command("plot", "  slasim plot breaches out -o breaches.png\n  slasim plot arrivals out -o arrivals.svg")
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		return usage("cli.unknown_command", "plot "+args[0], scenarios.Nearest(args[0], names(c)), strings.Join(names(c), ", "))
	}
	breaches := a.picture("breaches RECORD", func(rec *record.Record, r *judge.Report, _ string) (*report.Figure, error) {
		return report.Breaches(a.say, r)
	})
	arrivals := a.picture("arrivals RECORD", a.arrivals)
	c.AddCommand(breaches, arrivals, a.sweepPicture(), a.planPicture())
	return c
}

// sweepPicture draws a figure over a sweep.
func (a *app) sweepPicture() *cobra.Command {
	c := a.command("sweep DIR", "  slasim plot sweep grid -o grid.png\n  slasim plot sweep grid -o holds.svg --clause S2-44 --measure holds")
	c.Short, c.Long = a.say.T("cmd.plot.sweep"), ""
	var measure string
	var clauses []string
	c.Flags().StringVar(&measure, "measure", "late", a.say.T("flag.measure"))
	c.Flags().StringArrayVar(&clauses, "clause", nil, a.say.T("flag.plot-sweep-clause"))
	c.PreRunE = func(*cobra.Command, []string) error { return choice("--measure", measure, report.Measures()...) }
	return a.drawn(c, "DIR", func(dir string) (*report.Figure, error) {
		s := new(judge.Sweep)
		if err := openResult(dir, record.Sweep, s); err != nil {
			return nil, err
		}
		if n := len(s.Variables); n > 2 {
			return nil, usage("cli.sweep_axes", dir, n)
		}
		var ids []string
		for i := range s.Points {
			for _, x := range s.Points[i].Clauses {
				if !slices.Contains(ids, x.ID) {
					ids = append(ids, x.ID)
				}
			}
		}
		for _, id := range clauses {
			if !slices.Contains(ids, id) {
				return nil, usage("cli.unknown_clause", id, scenarios.Nearest(id, ids))
			}
		}
		return report.SweepPlot(a.say, s, measure, clauses)
	})
}

// planPicture draws cost against risk over the designs of a plan.
func (a *app) planPicture() *cobra.Command {
	c := a.command("plan DIR", "  slasim plot plan ours -o risk.png")
	c.Short, c.Long = a.say.T("cmd.plot.plan"), ""
	return a.drawn(c, "DIR", func(dir string) (*report.Figure, error) {
		p, err := readPlan(dir)
		if err != nil {
			return nil, err
		}
		if p == nil {
			return nil, usage("cli.plan_no_record", dir, planName)
		}
		return report.PlanPlot(a.say, p)
	})
}

// drawn makes c a command that draws one figure of what stands at its argument into a file.
func (a *app) drawn(c *cobra.Command, argument string, figure func(string) (*report.Figure, error)) *cobra.Command {
	c.Args = want(1, 1, argument)
	var out string
	var force bool
	c.Flags().StringVarP(&out, "output", "o", "", a.say.T("flag.output", strings.Join(report.Formats(), ", ")))
	c.Flags().BoolVar(&force, "force", false, a.say.T("flag.force"))
	c.RunE = func(_ *cobra.Command, args []string) error {
		return a.draw(out, force, func() (*report.Figure, error) { return figure(args[0]) })
	}
	return c
}

// draw writes a picture into a file; its ending is the format.
func (a *app) draw(out string, force bool, figure func() (*report.Figure, error)) error {
	format := strings.ToLower(strings.TrimPrefix(filepath.Ext(out), "."))
	switch {
	case out == "":
		return usage("cli.no_output")
	case !slices.Contains(report.Formats(), format):
		return wrongValue("-o", out, []string{"*.png", "*.svg", "*.pdf"})
	}
	f, err := figure()
	if err != nil {
		return err
	}
	var missing []rune
	err = writeFile(out, force, func(w io.Writer) (err error) {
		missing, err = f.Write(w, format)
		return err
	})
	if len(missing) > 0 {
		a.note("plot.missing_glyphs", report.MissingText(missing))
	}
	return err
}

// picture is a command that draws one figure into a file.
func (a *app) picture(use string, draw func(*record.Record, *judge.Report, string) (*report.Figure, error)) *cobra.Command {
	c := a.command(use, "")
	var clause string
	if strings.HasPrefix(use, "arrivals") {
		c.Flags().StringVar(&clause, "clause", "", a.say.T("flag.clause"))
	}
	return a.drawn(c, "RECORD", func(dir string) (*report.Figure, error) {
		rec, err := openRecord(dir)
		if err != nil {
			return nil, err
		}
		defer rec.Close()
		r, err := summary(rec)
		if err != nil {
			return nil, err
		}
		return draw(rec, r, clause)
	})
}

// arrivals draws the times of one clause's clocks by band. Without a clause it takes the first whose clock stops at the
// arrival, one with limits by band before others.
func (a *app) arrivals(rec *record.Record, r *judge.Report, id string) (*report.Figure, error) {
	index := -1
	var ids []string
	for i, c := range rec.Contract.Clauses {
		ids = append(ids, c.ID)
		stops := slices.Contains(c.Stop.Of, "arrived")
		if c.ID == id || id == "" && stops && (index < 0 || c.NBand > 1 && rec.Contract.Clauses[index].NBand <= 1) {
			index = i
		}
	}
	if index < 0 {
		if id == "" {
			return nil, usage("cli.no_arrival_clause")
		}
		return nil, usage("cli.unknown_clause", id, scenarios.Nearest(id, ids))
	}
	def := &rec.Contract.Clauses[index]
	bands, names := []string{""}, map[string]model.Text{"": {En: a.say.T("plot.all_bands")}}
	for i := range rec.Contract.Contracts {
		if k := &rec.Contract.Contracts[i]; k.ID == def.Contract && len(k.Bands) > 0 {
			bands = bands[:0]
			for _, b := range k.Bands {
				bands = append(bands, b.ID)
				names[b.ID] = model.Text{En: b.ID}
			}
		}
	}
	text := model.Text{En: def.ID}
	for i := range r.Clauses {
		if r.Clauses[i].ID == def.ID && r.Clauses[i].Contract == def.Contract {
			text = r.Clauses[i].Text
			for _, row := range r.Clauses[i].Rows {
				if row.By == "band" && row.Name.In(a.language()) != "" {
					names[row.ID] = row.Name
				}
			}
		}
	}
	hours := make([][]float64, len(bands))
	err := rec.Each(func(rep *record.Replication) error {
		for i := range rep.Clocks {
			k := &rep.Clocks[i]
			if int(k.Clause) != index || k.Stop == model.Unset || k.State == clock.Cancelled {
				continue
			}
			s := rep.Find(k.Kind, k.Ordinal)
			if s == nil {
				continue
			}
			b := max(0, slices.Index(bands, s.Band))
			hours[b] = append(hours[b], model.Hours(k.Elapsed))
		}
		return nil
	})
	if err != nil {
		return nil, badRecord(rec.Dir, err)
	}
	times := make([]report.ArrivalTimes, len(bands))
	for b := range bands {
		times[b] = report.ArrivalTimes{Name: names[bands[b]], Limit: limit(def, b), Hours: hours[b]}
	}
	return report.Arrivals(a.say, r, text, times)
}

// limit is the clause's limit of a band in hours if it is the same for all severities that have one and a plain span, else 0.
func limit(def *record.ClauseDef, band int) float64 {
	columns := max(int(def.NBand), 1)
	if columns == 1 {
		band = 0
	}
	first := -1
	for row := 0; row*columns+band < len(def.Limits); row++ {
		i := row*columns + band
		if def.Limits[i].Mode == "none" { // nothing is promised for this severity
			continue
		}
		if first >= 0 && def.Limits[i] != def.Limits[first] {
			return 0
		}
		first = i
	}
	if first < 0 || def.Limits[first].Mode != "wall" && def.Limits[first].Mode != "business" {
		return 0
	}
	return float64(def.Limits[first].Span) / 3600
}
