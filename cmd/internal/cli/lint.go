package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"slasim/cmd/internal/bid"
	"slasim/cmd/internal/report"
	"slasim/scenarios"
)

// lintCommand says what to clear up before signing.
func (a *app) lintCommand() *cobra.Command {
	c := a.command("lint CONTRACT", "  slasim lint liaoning\n  slasim lint s3 --lang zh\n  slasim lint liaoning --format markdown -o questions.md")
	c.Args = want(1, 1, "CONTRACT")
	var l loading
	var out fileOutput
	var only string
	c.Flags().StringVar(&only, "contract", "", a.say.T("flag.only_contract"))
	l.flags(a, c)
	out.flags(a, c, "flag.lint_format")
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := out.check(c, "text", "csv", "markdown", "json"); err != nil {
			return err
		}
		found, err := a.lint(args[0], only, &l)
		if err != nil {
			return err
		}
		return out.write(a, func(w io.Writer) error { return report.Lint(w, out.format, found, out.options(a)) })
	}
	return c
}

// lint looks at a plan that has no scenario yet, or at the contracts of a scenario.
func (a *app) lint(name, only string, l *loading) (*bid.Lint, error) {
	if p := barePlan(name); p != nil {
		if only != "" {
			return nil, usage("cli.no_scenario_yet", p.ID)
		}
		return bid.LintPlain(p, Version), nil
	}
	s, err := l.load(a, scenarioOf(name), nil)
	if err != nil {
		return nil, err
	}
	if _, ok := s.File.Contracts[only]; only != "" && !ok {
		var ids []string
		for i := range s.World.Contracts {
			ids = append(ids, s.World.Contracts[i].ID)
		}
		return nil, usage("cli.no_contract", name, only, scenarios.Nearest(only, ids), strings.Join(ids, ", "))
	}
	return bid.LintScenario(s, Version, only), nil
}
