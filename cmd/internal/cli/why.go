package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"slasim/cmd/internal/report"
	"slasim/model"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/judge"
	"slasim/sim/record"
	"slasim/sim/why"
)

// explaining are the flags of why.
type explaining struct {
	clause, ticket   string
	format, progress string
	all, fix         bool
	workers          int
}

// whyCommand explains the late events of a record.
func (a *app) whyCommand() *cobra.Command {
	c := a.command("why RECORD", strings.Join([]string{
		"  slasim why record", "  slasim why record --clause S2-40", "  slasim why record --ticket r012-t00345", "  slasim why record --clause S2-84 --fix",
	}, "\n"))
	c.Args = want(1, 1, "RECORD")
	var x explaining
	f := c.Flags()
	f.StringVar(&x.clause, "clause", "", a.say.T("flag.why_clause"))
	f.StringVar(&x.ticket, "ticket", "", a.say.T("flag.why_ticket"))
	f.BoolVar(&x.fix, "fix", false, a.say.T("flag.fix"))
	f.BoolVar(&x.all, "all", false, a.say.T("flag.why_all"))
	f.StringVar(&x.format, "format", "text", a.say.T("flag.format"))
	f.IntVar(&x.workers, "workers", 0, a.say.T("flag.workers"))
	f.StringVar(&x.progress, "progress", "auto", a.say.T("flag.progress"))
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := choice("--format", x.format, "text", "csv", "json", "markdown"); err != nil {
			return err
		}
		if err := choice("--progress", x.progress, "auto", "plain", "none"); err != nil {
			return err
		}
		if c.Flags().Changed("workers") && (x.workers < 1 || x.workers > 1024) {
			return usage("cli.out_of_range", "--workers", fmt.Sprint(x.workers), "1 … 1024")
		}
		switch {
		case x.fix && x.ticket != "":
			return usage("cli.not_together", "--fix", "--ticket")
		case x.fix && x.clause == "":
			return usage("cli.needs_flag", "--fix", "--clause")
		}
		ctx, stop := a.interruptible(c.Context())
		defer stop()
		return a.why(ctx, args[0], &x)
	}
	return c
}

// why explains, and prints.
func (a *app) why(ctx context.Context, dir string, x *explaining) error {
	rec, err := openRecord(dir)
	if err != nil {
		return err
	}
	defer rec.Close()
	asked, err := x.asked(rec)
	if err != nil {
		return err
	}
	sum, err := summary(rec)
	if err != nil {
		return err
	}
	l := new(loading)
	s, _, err := l.again(a, dir, nil, true)
	if err != nil {
		return err
	}
	var r *why.Report
	bar := a.newProgress(ctx, x.progress)
	opt := why.Options{Workers: x.workers, Progress: bar.at}
	if x.ticket != "" {
		r, err = x.tell(ctx, rec, s.World, sum.Run, asked, opt)
	} else {
		var found *why.Explanation
		if found, err = x.explain(ctx, rec, s.World, asked, opt); err == nil {
			r = why.NewReport(s.World, found, sum.Run, x.clause != "")
		}
		if x.fix && err == nil && len(found.Cases) > 0 {
			f := &fixing{x: x, a: a, dir: dir, s: s, found: found, record: l.record}
			for i, on := range asked {
				if on {
					f.clauses = append(f.clauses, int32(i))
				}
			}
			err = f.failed(f.repair(ctx, r, sum, bar))
		}
	}
	bar.close()
	var differs *why.Differs
	switch {
	case errors.As(err, &differs):
		return usage("cli.why_differs", dir, fmt.Sprintf("r%03d", differs.Rep))
	case errors.Is(err, sim.ErrEventLimit):
		return &problem{exit: Failed, msg: model.Msg{Code: "cli.event_limit", Args: []any{dir, s.World.MaxEvents}}, err: err}
	case err != nil:
		return err
	}
	o := a.options()
	o.All = x.all
	if err := report.Why(a.Out, x.format, r, x.clause, o); err != nil {
		return err
	}
	if r.Fix != nil && !r.Fix.Holds {
		return errNo
	}
	return nil
}

// asked are the clauses to explain, by index: those of the id that was given, else all with a target.
func (x *explaining) asked(rec *record.Record) ([]bool, error) {
	list := make([]bool, len(rec.Contract.Clauses))
	var ids []string
	found := false
	for i := range rec.Contract.Clauses {
		c := &rec.Contract.Clauses[i]
		ids = append(ids, c.ID)
		list[i] = x.clause == "" && c.Target > 0 || c.ID == x.clause
		found = found || list[i]
	}
	if x.clause != "" && !found {
		return nil, usage("cli.unknown_clause", x.clause, scenarios.Nearest(x.clause, ids))
	}
	return list, nil
}

// explain runs the replications with late clocks again.
func (x *explaining) explain(ctx context.Context, rec *record.Record, w *world.World, asked []bool, opt why.Options) (*why.Explanation, error) {
	var late []record.Clock
	err := rec.Breached(func(c *record.Clock) error {
		if asked[c.Clause] {
			late = append(late, *c)
		}
		return nil
	})
	if err != nil {
		return nil, badRecord(rec.Dir, err)
	}
	return why.Explain(ctx, w, late, opt)
}

// tell follows one subject. Without a clause all its clocks are shown, those of measures too.
func (x *explaining) tell(ctx context.Context, rec *record.Record, w *world.World, run judge.RunInfo, asked []bool, opt why.Options) (*why.Report, error) {
	s, rep, err := find(rec, x.ticket)
	if err != nil {
		return nil, err
	}
	told, err := why.Tell(ctx, w, rep.Index, s.Kind, s.Ordinal, opt)
	if err != nil {
		return nil, err
	}
	if told == nil {
		return nil, &why.Differs{Rep: rep.Index}
	}
	return why.NewStory(w, told, run, func(clause int32) bool { return x.clause == "" || asked[clause] }), nil
}
