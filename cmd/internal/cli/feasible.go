package cli

import (
	"github.com/spf13/cobra"

	"slasim/cmd/internal/report"
	"slasim/sim/bound"
)

// feasibleCommand bounds the clauses by arithmetic.
func (a *app) feasibleCommand() *cobra.Command {
	c := a.command("feasible SCENARIO", "  slasim feasible liaoning\n  slasim feasible liaoning --reading strict --all")
	c.Args = want(1, 1, "SCENARIO")
	var l loading
	l.flags(a, c)
	var p printing
	p.flags(a, c)
	c.RunE = func(_ *cobra.Command, args []string) error {
		if err := p.check(); err != nil {
			return err
		}
		s, err := l.load(a, args[0], nil)
		if err != nil {
			return err
		}
		o := a.options()
		o.All, o.Detail = p.all, p.detail
		return report.Feasible(a.Out, p.format, info(s), s.World, bound.Compute(s.World), o)
	}
	return c
}
